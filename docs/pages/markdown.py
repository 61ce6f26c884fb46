"""Markdown as GitHub reads it: fenced blocks, headings, anchors, links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

FENCE: Final = re.compile(r"^```(\w*)\s*$")
HEADING: Final = re.compile(r"^#{1,6} +(.+?)\s*$")
ANCHOR: Final = re.compile(r'<a id="([^"]+)">')
LINK: Final = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")
CODE: Final = re.compile(r"`[^`]*`")


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines outside fenced blocks, each with its number from 1."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, line


def slug(heading: str) -> str:
    """Return the anchor GitHub gives a heading: lower case, words joined by hyphens."""
    plain = re.sub(r"<[^>]+>", "", heading)
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", plain).replace("`", "").strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchors(text: str) -> set[str]:
    """Return every fragment that a link into this page may name."""
    seen: Counter[str] = Counter()
    found = set()
    for _, line in prose(text):
        found.update(ANCHOR.findall(line))
        heading = HEADING.match(line)
        if heading:
            name = slug(heading[1])
            found.add(f"{name}-{seen[name]}" if seen[name] else name)
            seen[name] += 1
    return found


def links(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and target of each link, images included, outside code."""
    for number, line in prose(text):
        for target in LINK.findall(CODE.sub("", line)):
            yield number, target


def cell(text: str) -> str:
    """Return text that cannot end a table cell."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; the cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
