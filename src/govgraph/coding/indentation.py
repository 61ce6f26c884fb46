"""Where YAML cannot be read: the line of the fault, the lines to compare with it, the remedy."""

import re
from typing import Any, Final

import yaml

_KEY: Final = re.compile(r"""\s*(- +)*("[^"]*"|'[^']*'|[^\s"'\[{#][^#]*?):(\s|$)""")
_HINT: Final = "Check colons, quotes and brackets here and on the line above."
_NO_COLON: Final = "no colon and blank stand between key and value here. Add them."
_QUOTES: Final = "A text with a comma, a colon or a bracket in it needs quotes."
_ENDS: Final = "Put all of it in double quotes, without any within. Or one above has no end."


def fault_of(error: yaml.MarkedYAMLError, text: str) -> tuple[str, int | None]:
    """Return what an author did, and the line it stands on."""
    mark, problem, context = error.problem_mark, error.problem or "", error.context or ""
    if mark is None:
        return f"{problem}. {_HINT}", None
    number = _line_of(text, mark)
    opened = _line_of(text, error.context_mark) if error.context_mark else number
    lines = [re.sub(r"(^|\s)#.*", "", line).rstrip() for line in text.split("\n")]
    here, before = lines[number - 1], number - 1
    while before and not lines[before - 1].strip():
        before -= 1
    end, seen = "}" if "mapping" in context else "]", ""
    if number > opened:
        seen = f" (seen on line {number})"
    message, line = f"{problem}. {_HINT}", number
    if "quoted scalar" in context:
        message, line = "the text in quotes that begins here has no end. Close it.", opened
    elif "flow" in context:
        message, line = f"a comma or a {end} is missing in what opens here{seen}. {_QUOTES}", opened
    elif "expected ':'" in problem:
        message, line = _NO_COLON, opened
    elif "cannot start any token" in problem:
        message = f"no text begins with {text[mark.index]!r}. Put it in quotes."
    elif before and here.strip() and (said := _misplaced(lines, before, number)):
        message = said
    elif here.lstrip().startswith("- "):
        message = "a hyphen stands in the column of keys. Begin it further right, under its key."
    elif before and not _KEY.match(lines[before - 1]) and "mapping values" in problem:
        message, line = _NO_COLON, before
    elif "mapping values" in problem:
        message = "a colon and a blank stand within a text. Put the text in quotes."
    elif len(here[: mark.column].strip()) > 1:
        message = f"a text in quotes, or a bracket, ends and more follows. {_ENDS}"
    return message, line


def _line_of(text: str, mark: Any) -> int:
    return text.count("\n", 0, mark.index) + 1


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _misplaced(lines: list[str], before: int, number: int) -> str:
    """Say how a line begins further right or left than it could, after the line `before`."""
    column, above = _indent(lines[number - 1]), lines[before - 1]
    if column > len(above) - len(above.lstrip("- ")):
        if above.endswith((":", "-", ",", "{", "[")) or not _KEY.match(above):
            return ""
        message = f"this line begins further right than line {before}, which has its value already."
        return f"{message} Compare the two: keys of one thing begin in one column."
    starts: dict[int, int] = {}
    for at in range(before, 0, -1):
        line = lines[at - 1]
        if line.strip() and _indent(line) < min(starts, default=_indent(line) + 1):
            starts |= {len(line) - len(line.lstrip("- ")): at, _indent(line): at}
    if column in starts:
        return ""
    left = max((start for start in starts if start < column), default=None)
    right = min((start for start in starts if start > column), default=None)
    near = [
        f"line {starts[start]} in column {start + 1}"
        for start in (left, right)
        if start is not None
    ]
    message = (
        f"this line begins in column {column + 1}, {' and '.join(near)}. Compare them: keys of"
    )
    return f"{message} one thing begin in one column, what belongs to a key further right than it."
