"""The errors of govgraph, each of which becomes one line on the terminal.

GovgraphError            anything govgraph could not do (exit 3)
├── UsageError           wrong name, parameter or option (exit 2)
├── SourceError          something wrong in a file, with its line (exit 3)
│   └── SourceErrors     several such things
└── RemoteError          something wrong with a server, with its address (exit 3)
"""

from __future__ import annotations

import difflib
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class GovgraphError(Exception):
    """Something could not be done; the message says what to do about it."""

    exit_code = 3

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, vars(self))  # what it is made of differs


def _restored(kind: type[GovgraphError], args: tuple[Any, ...], state: dict[str, Any]) -> Any:
    error = kind.__new__(kind, *args)
    vars(error).update(state)
    return error


class UsageError(GovgraphError):
    """A name, parameter or option that does not exist or does not fit."""

    exit_code = 2


class SourceError(GovgraphError):
    """Something wrong in a source file: where it is, what was found, what to do.

    `path`, `line` and `column` (from 1; None where there are none) locate it.
    """

    def __init__(
        self,
        message: str,
        path: Path | str | None = None,
        line: int | None = None,
        column: int | None = None,
    ):
        self.message, self.path, self.line, self.column = message, path, line, column
        where = ":".join(str(part) for part in (path, line, column) if part is not None)
        super().__init__(f"{where}: {message}" if where else message)


class SourceErrors(SourceError):  # noqa: N818  (there are several)
    """Several things wrong in source files: `errors`, sorted by file and line.

    As one SourceError it has the place of the first; its text has a line for each.
    """

    def __init__(self, errors: Iterable[SourceError]):
        distinct = {str(error): error for error in errors}.values()
        self.errors = sorted(distinct, key=lambda error: (str(error.path), error.line or 0))
        first = self.errors[0]
        super().__init__(first.message, first.path, first.line)

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))


@contextmanager
def noting(mistakes: list[SourceError]) -> Iterator[None]:
    """Note what is wrong in a part of a source, and go on with the next."""
    try:
        yield
    except SourceError as error:
        mistakes += error.errors if isinstance(error, SourceErrors) else [error]


class RemoteError(GovgraphError):
    """A server did not do what it was asked: which address, what was found, what to do.

    `status` is the HTTP status of its answer, None where there was none.
    """

    def __init__(self, message: str, url: str, status: int | None = None):
        self.message, self.url, self.status = printable(message), url, status
        super().__init__(f"{url}: {self.message}")


def printable(text: str) -> str:
    """Return a text in which nothing can steer a terminal: control characters become blanks."""
    return "".join(character if character.isprintable() else " " for character in text)


class GovgraphWarning(UserWarning):
    """What an answer was given in spite of, and whoever asked should look at."""


def warn(message: str) -> None:
    """Tell what a user should look at: a warning in Python, a line on stderr of a command."""
    warnings.warn(printable(message), GovgraphWarning, stacklevel=3)


def check_kind(name: str, value: object, kinds: type | tuple[type, ...], expected: str) -> None:
    """Raise UsageError for an argument that is not of some kinds: what came, what was expected."""
    if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
        found = f"{shortened(repr(value), 60)} ({type(value).__name__})"
        raise UsageError(f"{name}: found {found}, expected {expected}.")


def counted(number: int, what: str) -> str:
    """Return a number of things: 1 node, 2 nodes."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def shortened(text: object, most: int = 150) -> str:
    """Return a text for a message, which never repeats more than a part of a long one."""
    text = str(text)
    return text if len(text) <= most else f"{text[:most]}…"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return " Did you mean …?" for the known names nearest to `name`, or ""."""
    close = difflib.get_close_matches(name, sorted(set(known)), n=3, cutoff=0.6)
    end = re.split("[/:]", name)[-1]  # of one kind is not yet alike
    ends = ((match, re.split("[/:]", match)[-1]) for match in close)
    ratios = {match: difflib.SequenceMatcher(None, a, end).ratio() for match, a in ends}
    least = max([0.7, *ratios.values()]) - 0.1
    near = [repr(match) for match in close if ratios[match] >= least]
    return f" Did you mean {' or '.join(near)}?" if near else ""
