"""Files of hostile names and contents, and the commands that read them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from govgraph.cli import group
from govgraph.coding.cases import load
from govgraph.coding.study import Sources
from govgraph.errors import GovgraphError, SourceError
from small_case import small_case

EX: Final = "http://example.org/"
CASE: Final = small_case("X")
NAMES: Final = (
    "my case", "caso (1)", 'a"b', "a'b", "50%", "%41", "a#b", "a?b", "ñandú", "日本", "a&b",
    "a+b", "a;b", "a[1]", "{x}", "a\\b", "two\nlines", "tab\there", "\x1b[31mred", "x" * 200,
    "a|b", "<x>", "-x", "~x", "x.y.z", "a`b", "$HOME", "\u202egpj", "a\u0301",
)  # fmt: skip
"""Names without an ending that files may have."""


def made(folder: Path, name: str, text: str = CASE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        pytest.skip(f"no file has this name here: {error}")
    return path


def run(*arguments: object, status: int | None = 0) -> Result:
    """Run a command; anything unforeseen is raised."""
    runner = CliRunner()
    done = runner.invoke(group, [str(each) for each in arguments], catch_exceptions=True)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        assert isinstance(done.exception, GovgraphError), repr(done.exception)
        assert status == done.exception.exit_code, done.exception
    else:
        assert status is None or done.exit_code == status, done.output
    return done


def refused(path: Path) -> str:
    """Return the one line that says what is wrong with a file or folder of data."""
    try:
        load(Sources(data=(path,)))
    except SourceError as error:
        text = str(error)
        assert "\n" not in text, text
        assert len(text) < 1000
        return text
    raise AssertionError(f"{path} was taken")


def stated(path: Path) -> set[ox.Triple]:
    """Return what a file or folder states, whatever its graphs are called."""
    return {quad.triple for quad in load(Sources(data=(path,))).store}
