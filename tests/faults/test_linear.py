# ruff: noqa: E501
"""Regular expressions over text from outside take time that grows as the text does, not faster.

Every pattern of the package is found in its source, with the methods it is used by, and meets text
that makes a careless one go back and forth: four times the text may take four times as long.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import govgraph
from govgraph.queries.sparql import outline, scan

ROOT = Path(govgraph.__file__).parent
METHODS = {"match", "fullmatch", "search", "findall", "finditer", "sub", "split"}
SHORT = 6_000
SLACK = 0.02
"""Seconds that a busy machine may take for nothing."""

PIECES = [
    "a", "a-", "a.", "a:", "a/", "-", "--", ".", ":", "::", "/", "//", "<", "<a", "<a>", "<?b#>", "<<",
    ">", '"', '"""', '\\"""\n', "'''", "\\", '\\"', "#", "#a\n", "#\n", "@a-b-c", "@", "0", "0.", "0,",
    "1e", "+", "%", "%4", "%41", "\n", " ", " \n", "\t", "_", "_:", "?", "?a", "$a ", "*", "(", ")", "()",
    "{", "}", "[", "]", "=", "&", ";", "; ", ",", ", ", "|", "^", "é", "́", "\u2028", "\x00",
    "A", "aA", "SELECT ", "VALUES ?x {", "ORDER BY ", "MAX(", "href=\"", ' id="', "<title>", "<script>",
    "http://", "https://orcid.org/", "q=0.", "en-", "Caused by: a.", "/../", "~", "~1", "a@", "a@a.",
    "nodeID://", '"value" : "', "(?", "ASC(?a) ",
]  # fmt: skip


def uses() -> Iterator[tuple[str, str, str]]:
    """Yield module, pattern or name of one, and method."""
    for path in sorted(ROOT.rglob("*.py")):
        module = ".".join(("govgraph", *path.relative_to(ROOT).with_suffix("").parts))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr not in METHODS or not isinstance(node.func.value, ast.Name):
                continue
            name = node.func.value.id
            if name != "re":
                yield module, name, node.func.attr
            elif node.args and isinstance(node.args[0], ast.Constant):
                yield module, f"re:{node.args[0].value!r}", node.func.attr


def patterns() -> dict[str, Callable[[str], object]]:
    """Return what each use does with a text, by its name."""
    found: dict[str, Callable[[str], object]] = {}
    for module, name, method in uses():
        if name.startswith("re:"):
            pattern: object = re.compile(ast.literal_eval(name[3:]))
        else:
            try:
                pattern = getattr(importlib.import_module(module), name, None)
            except ImportError:  # an optional package
                continue
        if isinstance(pattern, re.Pattern):
            found[f"{module} {name} {method}"] = caller(pattern, method)
    return found


def caller(pattern: re.Pattern, method: str) -> Callable[[str], object]:
    def call(text: str) -> object:
        subject = text.encode() if isinstance(pattern.pattern, bytes) else text
        if method == "sub":
            return pattern.sub(subject[:0], subject)
        if method == "finditer":
            return sum(1 for _ in pattern.finditer(subject))
        return getattr(pattern, method)(subject)

    return call


def seconds(call: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    call(text)
    return time.process_time() - began


def slow(call: Callable[[str], object], pieces: list[str]) -> list[str]:
    found = []
    for piece in pieces:
        for before, after in (("", ""), ("a", "!")):
            longer = before + piece * (4 * SHORT // len(piece)) + after
            if seconds(call, longer) > SLACK:
                text = before + piece * (SHORT // len(piece)) + after
                short, long = (
                    min(seconds(call, each) for _ in range(2)) for each in (text, longer)
                )
                if long > SLACK + 8 * short:
                    found.append(repr((before, piece, after)))
                    break
    return found


@pytest.mark.parametrize("pieces", [
    pytest.param(PIECES[::9], id="some"),
    pytest.param(PIECES, id="all", marks=pytest.mark.whole),
])  # fmt: skip
def test_every_regular_expression_is_linear(pieces: list[str]) -> None:
    found = patterns()
    assert len(found) > 60, "the patterns are not found where they are used"
    faults = {name: bad for name, call in found.items() if (bad := slow(call, pieces))}
    assert faults == {}


@pytest.mark.parametrize("read", [outline.__wrapped__, lambda text: list(scan(text))])
def test_a_query_is_scanned_in_linear_time(read: Callable[[str], object]) -> None:
    assert slow(read, [piece for piece in PIECES if piece.strip()][::2]) == []
