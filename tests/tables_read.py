"""Tables read by other programs than those that wrote them: a header and rows, all as text."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import pandas as pd

Rows = list[list[str]]


def _separated(path: Path, delimiter: str) -> Rows:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, delimiter=delimiter))


def _tsv(path: Path) -> Rows:
    """SPARQL's TSV writes terms as Turtle does: texts in quotes, numbers as they are."""
    lines = path.read_text("utf-8").splitlines()
    rows = [[re.sub(r'^"|"(\^\^.*)?$', "", cell) for cell in line.split("\t")] for line in lines]
    return [[name.removeprefix("?") for name in rows[0]], *rows[1:]]


def _json(path: Path) -> Rows:
    document: Any = json.loads(path.read_text("utf-8"))
    columns, found = document["head"]["vars"], document["results"]["bindings"]
    return [columns, *([row.get(name, {}).get("value", "") for name in columns] for row in found)]


def _xml(path: Path) -> Rows:
    root = ElementTree.parse(path).getroot()
    columns = [each.attrib["name"] for each in root[0]]
    found = [{each.attrib["name"]: "".join(each.itertext()) for each in row} for row in root[1]]
    return [columns, *([row.get(name, "") for name in columns] for row in found)]


def _parquet(path: Path) -> Rows:
    frame = pd.read_parquet(path).astype(object)
    rows = frame.where(frame.notna(), "").to_numpy().tolist()
    return [list(frame.columns), *([str(cell) for cell in row] for row in rows)]


def _markdown(path: Path) -> Rows:
    header, _, *rows = path.read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in (header, *rows)]


def _text(path: Path) -> Rows:
    header, rule, *rows = path.read_text("utf-8").splitlines()
    spans = [match.span() for match in re.finditer("-+", rule)]
    return [[line[start:end].strip() for start, end in spans] for line in (header, *rows)]


READERS: Final[dict[str, Callable[[Path], Rows]]] = {
    "table": _text,
    "csv": partial(_separated, delimiter=","),
    "safe-csv": partial(_separated, delimiter=","),
    "tsv": _tsv,
    "json": _json,
    "xml": _xml,
    "md": _markdown,
    "parquet": _parquet,
}
"""A reader for each format that holds rows."""
