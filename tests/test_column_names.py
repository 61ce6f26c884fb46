"""Columns called as people call things: every format of a table keeps their names."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from pyoxigraph import Literal

from govgraph.cli import group
from govgraph.results import Result

SPARQL: Final = "http://www.w3.org/2005/sparql-results#"
FORMATS: Final[dict[str, Callable[[str], Any]]] = {
    "csv": lambda text: next(csv.reader(io.StringIO(text))),
    "tsv": lambda text: [name[1:] for name in text.splitlines()[0].split("\t")],
    "json": lambda text: json.loads(text)["head"]["vars"],
    "xml": lambda text: [e.get("name") for e in ET.fromstring(text).iter(f"{{{SPARQL}}}variable")],
    "md": lambda text: [cell.strip() for cell in text.splitlines()[0].strip("|").split("|")],
    "parquet": lambda text: None,
}
SHOWN: Final = (
    "matrix",
    *(
        pytest.param(show, marks=pytest.mark.whole)
        for show in ("convergences", "evidence", "similarity", "pairs")
    ),
)


@pytest.mark.parametrize("show", SHOWN)
def test_every_table_in_every_format_keeps_the_names_of_its_columns(
    show: str, tmp_path: Path
) -> None:
    columns = {}
    for form, read in FORMATS.items():
        path = tmp_path / f"table.{form}"
        done = CliRunner().invoke(group, ["compare", "--show", show, "-o", str(path)])
        assert done.exit_code == 0, (form, done.output)
        if form == "parquet":
            columns[form] = pq.read_schema(path).names
        else:
            columns[form] = read(path.read_bytes().decode())
    if show in {"matrix", "similarity"}:
        assert "czech-republic" in columns["csv"]
    assert {tuple(names) for names in columns.values()} == {tuple(columns["json"])}


ODD = ("a b", "a-b", 'q"u,ote', "<&>", "1", "", "ñ", "line\nbreak", "v0", "?x")


@pytest.mark.parametrize("form", ["csv", "tsv", "xml", "json"])
def test_columns_may_have_any_name(form: str) -> None:
    row = tuple(Literal(f'<binding name="v{n}"/>') for n in range(len(ODD)))
    text = Result("select", ODD, (row,)).serialize(form).decode()
    found = [*FORMATS[form](text)]
    spaced = ["line break" if form == "tsv" and "\n" in name else name for name in ODD]
    assert found == spaced
    assert text.count("binding name=") == len(ODD) * (2 if form == "xml" else 1)
