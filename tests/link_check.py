"""The link check of a static site: every internal link leads to a file, every fragment to an id."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from posixpath import dirname, normpath
from typing import Final
from urllib.parse import unquote, urlsplit

# Attributes of our own pages are always in double quotes, and quotes in text are escaped.
_LINK: Final = re.compile(r'\s(?:href|src|action|formaction)="([^"]*)"')
_ID: Final = re.compile(r'\sid="([^"]*)"')


def broken_links_of(folder: Path) -> list[str]:
    """Return the links of a site in a folder that lead nowhere."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    files = frozenset(path.relative_to(folder).as_posix() for path in paths)
    pages = {name: (folder / name).read_text("utf-8") for name in files if name.endswith(".html")}
    return broken_links(pages, files)


def broken_links(pages: Mapping[str, str], files: frozenset[str]) -> list[str]:
    """Return one line for each internal link that leads nowhere, sorted.

    `pages` are the HTML files by path, `files` the paths of all files. Links that start at the
    root of the host (those of the page for what is not there) are not followed.
    """

    @cache
    def ids(path: str) -> frozenset[str]:
        return frozenset(html.unescape(name) for name in _ID.findall(pages[path]))

    broken = set()
    for path, text in pages.items():
        for raw in set(_LINK.findall(text)):
            parts = urlsplit(html.unescape(raw))
            if parts.scheme or parts.netloc or parts.path.startswith("/"):
                continue
            target = path
            if parts.path:
                target = normpath(f"{dirname(path)}/{unquote(parts.path)}").lstrip("/")
            if target not in files:
                broken.add(f"{path}: {html.unescape(raw)} leads to no file")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in ids(target):
                broken.add(f"{path}: {html.unescape(raw)} leads to no part of its page")
    return sorted(broken)
