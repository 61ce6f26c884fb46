"""Runs the examples of a written page and puts in what they really print.

    ```sh       run by bash, in a folder of its own that lasts for the page
    ```python   run in one namespace that lasts for the page; a last expression is shown
    ```text     right after one of these: what it printed, written by `make docs`

Comments on a line of their own steer it:

    <!-- not run -->      the next block only is to be read
    <!-- exits 1 -->      the next sh block ends with this status (else 0 is expected)
    <!-- run: COMMAND --> run by bash, shown to nobody
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pages.markdown import FENCE

DOCS: Final = Path(__file__).resolve().parents[1]
STEER: Final = re.compile(r"^<!-- (not run|exits (\d+)|run: (.+)) -->$")


class ExampleError(Exception):
    """An example does not do what its page says; the message names page and line."""


@dataclass
class Session:
    """One page being run: its working folder and Python namespace."""

    page: str
    folder: Path
    names: dict[str, Any] = field(default_factory=dict)

    def shell(self, command: str, line: int, status: int = 0) -> str:
        """Run a command line and return what it prints to either stream."""
        environment = {
            **os.environ,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "NO_COLOR": "1",
            "PYTHONUTF8": "1",
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "80",
            "DOCS": str(DOCS),
        }
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command], cwd=self.folder, env=environment,
            check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        if done.returncode != status:
            raise ExampleError(
                f"{self.page}:{line}: ends with {done.returncode}, expected {status}:\n"
                f"{command}\n{done.stdout}"
            )
        return done.stdout

    def python(self, code: str, line: int) -> str:
        """Run statements, and show the value of a last expression as an interpreter does."""
        tree = ast.parse(code)
        last = tree.body[-1]
        shown = last.value if isinstance(last, ast.Expr) else None
        tree.body = tree.body[:-1] if shown else tree.body
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.chdir(self.folder):
                exec(compile(tree, self.page, "exec"), self.names)
                if shown:
                    value = eval(compile(ast.Expression(shown), self.page, "eval"), self.names)
                    if value is not None:
                        print(repr(value))
        except Exception as error:
            raise ExampleError(f"{self.page}:{line}: {type(error).__name__}: {error}") from error
        return printed.getvalue()


def rerun(text: str, page: str) -> str:
    """Return a page with the output of its examples made anew.

    Raises ExampleError where one does not run as the page says.
    """
    lines = text.split("\n")
    result: list[str] = []
    with tempfile.TemporaryDirectory(prefix="govgraph-docs-") as folder:
        session = Session(page, Path(folder))
        index, skip, status = 0, False, 0
        while index < len(lines):
            line = lines[index]
            steer, fence = STEER.match(line), FENCE.match(line)
            if steer:
                skip, status = steer[1] == "not run", int(steer[2] or 0)
                if steer[3]:
                    session.shell(steer[3], index + 1)
            if not fence:
                result.append(line)
                index += 1
                continue
            end = _end(lines, index)
            result += lines[index:end]
            if fence[1] in ("sh", "python") and not skip:
                code = "\n".join(lines[index + 1 : end - 1])
                if fence[1] == "sh":
                    printed = session.shell(code, index + 1, status)
                else:
                    printed = session.python(code, index + 1)
                output = _output(lines, end)
                if output is not None:
                    result += [*lines[end : output[0] + 1], *_tidy(printed), "```"]
                    end = output[1]
            index, skip, status = end, False, 0
    return "\n".join(result)


def _end(lines: list[str], start: int) -> int:
    """Return the index after the line that closes the block opened at `start`."""
    return next(i for i in range(start + 1, len(lines)) if lines[i] == "```") + 1


def _output(lines: list[str], after: int) -> tuple[int, int] | None:
    """Return first line and end of the text block that follows right away, or None."""
    for index in range(after, len(lines)):
        if lines[index] == "```text":
            return index, _end(lines, index)
        if lines[index].strip():
            return None
    return None


def _tidy(printed: str) -> list[str]:
    """Return lines without trailing blanks, which editors strip from Markdown."""
    return [line.rstrip() for line in printed.rstrip("\n").split("\n")]
