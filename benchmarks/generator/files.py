"""Records as files: a folder of case files as a coder writes them, or one file of N-Quads."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
import yaml

from benchmarks.generator.statements import Writer
from govgraph.coding.study import TEMPORARY_BASE

Node = dict[str, Any]

PERIODS: Final = "".join(
    f"""
<{TEMPORARY_BASE}period/{code}> a skos:Concept ;
    skos:inScheme <https://w3id.org/govgraph/scheme/period> ;
    skos:topConceptOf <https://w3id.org/govgraph/scheme/period> ;
    skos:notation "{code}" ;
    skos:prefLabel "Period {code}"@en , "Periodo {code}"@es ;
    skos:definition "It is a period."@en , "Es un periodo."@es .
"""
    for code in ("p1", "p2")
)
"""The periods that numbers are of, in Turtle."""
PREFIX: Final = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"


def write_case_files(records: Iterable[tuple[str, Node]], folder: Path) -> None:
    """Write YAML as in `data/`: a case to its own file, other nodes to registries."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "periods.ttl").write_text(PREFIX + PERIODS, encoding="utf-8")
    by_file = sorted(records, key=lambda record: record[0])
    for name, group in groupby(by_file, key=lambda record: record[0]):
        nodes = [node for _, node in group]
        content = nodes[0] if "passages" in nodes[0] else {"nodes": nodes}
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as stream:
            yaml.dump(
                content, stream, Dumper=yaml.CSafeDumper,
                allow_unicode=True, sort_keys=False, width=10_000,
            )  # fmt: skip


def write_nquads(records: Iterable[tuple[str, Node]], path: Path) -> int:
    """Write one file of N-Quads, record by record; return the number of statements."""
    writer, count = Writer(), 0
    periods = ox.parse(PREFIX + PERIODS, format=ox.RdfFormat.TURTLE)
    in_graph = ox.NamedNode(f"{TEMPORARY_BASE}graph/editorial/periods")
    with path.open("w", encoding="utf-8") as stream:
        for name, node in records:
            graph = f"{TEMPORARY_BASE}graph/editorial/{name.removeprefix('editorial/')}"
            lines = writer.lines(node, graph)
            count += len(lines)
            stream.writelines(lines)
        for triple in periods:
            stream.write(
                f"{ox.Quad(triple.subject, triple.predicate, triple.object, in_graph)} .\n"
            )
            count += 1
    return count
