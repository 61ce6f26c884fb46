"""Nothing of the bundled studies stands in what serves any study: code, ontology, queries."""

from __future__ import annotations

import re
from pathlib import Path

from first_study import STUDY
from govgraph import KnowledgeGraph
from second_study import SECOND

ROOT = Path(__file__).parents[1]
FOLDERS = ("src", "ontology", "queries", "web/editor/src", "web/explorer/src")
ENDINGS = {".py", ".ttl", ".rq", ".jsonld", ".yaml", ".html", ".po", ".js", ".ts", ".css", ".csv"}
LITERALS = (
    "Bogot", "Tijuana", "Nuevo Le", "Monterrey", "Fuerza Civil", "Acero", "Table 8.", "Tabla 8.",
    "table-8", "homicide-americas", "security-alliances",
    "Gacaca", "gacaca", "Rwanda’s", "Inyangamugayo", "abunzi", "Participedia",
)  # fmt: skip
COMMON = ("gg:Country", "gg:Area", "gg:ActorKind", "gg:Place")
"""Kinds of thing that any study may name by the same ids: places of the world, kinds of actor."""
NAMED = ("gg:City", "gg:State", "gg:Person", "gg:Work", "gg:Table")
"""Kinds of thing whose names belong to nobody else."""


_ID = re.compile(r"[\w-]+(?:/[\w-]+(?:\.[\w-]+)*)+")


def words_of_the_study(kg: KnowledgeGraph, base: str) -> tuple[set[str], set[str]]:
    """Return the ids of a study's things, and the names of those called like nothing else."""
    rows = kg.query(
        """PREFIX gg: <https://w3id.org/govgraph/ontology#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT DISTINCT ?thing ?kind ?name {
          GRAPH ?graph { ?thing a ?kind }
          FILTER(?graph != <https://w3id.org/govgraph/graph/inferred>)
          OPTIONAL { ?thing rdfs:label|skos:prefLabel|gg:citedAs ?name }
        }"""
    )
    ids, names = set(), set(LITERALS)
    for row in rows:
        id_, kind = str(row["thing"]).removeprefix(base), kg.names.shorten(str(row["kind"]))
        if id_ == str(row["thing"]) or kind in COMMON or "/" not in id_:
            continue
        ids.add(id_)
        if kind in NAMED and row["name"] is not None:
            names.add(str(row["name"]))
    return ids, names


def test_no_word_of_the_studies_stands_in_what_serves_any_study(
    kg: KnowledgeGraph, second: KnowledgeGraph
) -> None:
    ids, names = words_of_the_study(kg, STUDY)
    assert {"case/bogota", "period/p1", "passage/table-8.2", "work/acero-2008"} <= ids
    assert "Tijuana" in names
    their_ids, their_names = words_of_the_study(second, SECOND)
    assert {"case/gacaca", "role/judge", "passage/3/5", "work/clark"} <= their_ids
    ids, names = ids | their_ids, names | their_names
    faults = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in ENDINGS or "node_modules" in path.parts:
                continue
            for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
                found = [name for name in names if name in line]
                found += ids.intersection(_ID.findall(line))
                faults += [f"{path.relative_to(ROOT)}:{number}: {word}" for word in found]
    assert faults == []
