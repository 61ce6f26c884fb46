"""Commands in a new study, for the tests of hostile inputs: exit status and lines of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from click.testing import CliRunner

from govgraph.cli import group
from govgraph.errors import GovgraphError

BASE: Final = "https://agua.example/estudo/"


@dataclass
class Said:
    """What a command answers: its exit status, stdout, and the lines that are not data."""

    status: int
    out: str
    lines: list[str]


def govgraph_says(*arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> Said:
    """Run a command in the folder that one is in; nothing unforeseen may come out of it."""
    done = CliRunner().invoke(group, arguments, input=stdin, env=env)
    if isinstance(done.exception, GovgraphError):
        return Said(done.exception.exit_code, done.stdout, str(done.exception).splitlines())
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    return Said(done.exit_code, done.stdout, done.stderr.splitlines())


def refusal(*arguments: str, status: int, stdin: bytes = b"") -> str:
    """Return the one line of a command that is refused."""
    said = govgraph_says(*arguments, stdin=stdin)
    assert said.status == status, said
    assert len(said.lines) == 1, said.lines
    assert not said.out
    return said.lines[0]


def changed(path: Path, old: str, new: str) -> int:
    """Put `new` for what stands once in a file; returns its line."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1
