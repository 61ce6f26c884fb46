"""Where YAML cannot be read: the line of the fault, the lines to compare with it, the remedy."""

import re
from typing import Any, Final

import yaml

_KEY: Final = re.compile(r"""\s*(- +)*("[^"]*"|'[^']*'|[^\s"'\[{#][^#]*?):(\s|$)""")
_HINT: Final = "Check colons, quotes and brackets here and on the line above."


def fault_of(  # noqa: PLR0911  (each fault has its line)
    error: yaml.MarkedYAMLError, text: str
) -> tuple[str, int | None]:
    """Return what an author did, and the line it stands on."""
    mark, problem = error.problem_mark or error.context_mark, error.problem or ""
    if mark is None:
        return problem, None
    number = _line_of(text, mark)
    lines = [_without_comment(line) for line in text.split("\n")]
    opened = _line_of(text, error.context_mark) if error.context_mark else number
    if "quoted scalar" in (error.context or ""):
        return "the text in quotes that begins here has no end. Close it with a quote.", opened
    if "flow" in (error.context or ""):
        end = "}" if "mapping" in (error.context or "") else "]"
        seen = f" (seen on line {number})" if number > opened else ""
        message = f"a comma or a {end} is missing in what opens here{seen}. Text in which there"
        return f"{message} is a comma, a colon or a bracket needs quotes.", opened
    if "expected ':'" in problem:
        return "no colon and blank stand between key and value here. Add them.", opened
    if "cannot start any token" in problem:
        return f"no text begins with {text[mark.index]!r}. Put it in quotes.", number
    here, before = lines[number - 1], number - 1
    while before and not lines[before - 1].strip():
        before -= 1
    if before and here.strip() and (said := _misplaced(lines, before, number)):
        return said, number
    if before and not _KEY.match(lines[before - 1]) and "mapping values" in problem:
        return "no colon and blank stand between key and value here. Add them.", before
    if "mapping values" in problem:
        return "a colon and a blank stand within a text. Put the text in quotes.", number
    if len(here[: mark.column].strip()) > 1:
        rest = (
            "a text in quotes, or a bracket, ends and more follows: put all of it in double quotes,"
        )
        return f"{rest} without any within. Or one above has no end.", number
    return f"{problem}. {_HINT}", number


def _line_of(text: str, mark: Any) -> int:
    return text.count("\n", 0, mark.index) + 1


def _without_comment(line: str) -> str:
    return re.sub(r"(^|\s)#.*", "", line).rstrip()


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
