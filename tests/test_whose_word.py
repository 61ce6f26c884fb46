"""Whose word the first study's statements are: a passage's, a pointer's, a coder's."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

import govgraph
from govgraph import KnowledgeGraph
from govgraph.explanation import Renderer
from govgraph.vocabulary import GG

SEVERAL = """PREFIX gg: <https://w3id.org/govgraph/ontology#>
SELECT ?passage (COUNT(DISTINCT ?pointer) AS ?pointers) {
  ?passage a gg:Paragraph ; gg:citation ?pointer
} GROUP BY ?passage HAVING (COUNT(DISTINCT ?pointer) > 1)"""


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    return govgraph.open()


def why(kg: KnowledgeGraph, *statement: str) -> str:
    return Renderer(kg.explainer.schema, kg.names).text(kg.explain(*statement))


def test_a_paragraph_with_several_pointers_is_divided(kg: KnowledgeGraph) -> None:
    assert list(kg.query(SEVERAL)) == []
    [row] = govgraph.open(study="rwanda-gacaca").query(SEVERAL)  # one sentence, one bracket of two
    assert str(row["passage"]).endswith("passage/3/9")


@pytest.mark.parametrize(
    ("statement", "place", "source"),
    [
        (
            ("instrument/morgan-report", "startYear"),
            "2.1/netherlands/4/s4",
            ", which cites nothing",
        ),
        (
            ("partnership/fr-communal-councils-for-crime-prevention", "startYear"),
            "2.1/france/1/s7",
            ", according to work/buffat-2004 (Buffat, Lunecke, Marcus, Vanderschueren, 2004)",
        ),
        (
            ("observation/latin-america-homicide-deaths", "minimum"),
            "3/3/s2",
            ", according to work/concha-2001",
        ),
        (
            ("instrument/uk-safer-cities", "startYear"),
            "2.1/netherlands/3",
            "; the passage cites work/buffat-2004 (Buffat, Lunecke, Marcus, Vanderschueren, 2004)",
        ),
        (
            ("finding/nl-aims-of-the-1980s", "about"),
            "2.1/netherlands/2",
            ", according to work/study",
        ),
    ],
)
def test_a_statement_has_its_pointer_or_none(
    kg: KnowledgeGraph, statement: tuple[str, str], place: str, source: str
) -> None:
    lines = [line for line in why(kg, *statement).splitlines() if f"passage/{place} " in line]
    assert lines
    assert all(line.endswith(source) for line in lines)


@pytest.mark.parametrize(
    ("arrangement", "sector"),
    [
        ("instrument/fr-confronting-crime-report", "sector/police"),
        ("instrument/be-municipal-project-grants", "sector/police"),
        ("partnership/tijuana-security-roundtables", "sector/military"),
        ("instrument/security-sector-reform-colombia", "sector/military"),
    ],
)
def test_what_a_row_lists_is_not_read_into_each_of_its_instruments(
    kg: KnowledgeGraph, arrangement: str, sector: str
) -> None:
    node, value = (ox.NamedNode(kg.names.expand(name)) for name in (arrangement, sector))
    assert not any(kg.store.quads_for_pattern(node, ox.NamedNode(f"{GG}involvesSector"), value))


def test_local_police_have_no_part_in_the_national_reorganisation(kg: KnowledgeGraph) -> None:
    node = ox.NamedNode(kg.names.expand("instrument/fr-national-police-reorganisation"))
    involved = kg.store.quads_for_pattern(node, ox.NamedNode(f"{GG}involves"), None)
    assert {kg.names.shorten(str(quad.object)[1:-1]) for quad in involved} == {
        "actor/fr-national-police"
    }


@pytest.mark.parametrize(
    "statement",
    [
        ("instrument/uk-local-prevention-funding", "involvesSector", "sector/private"),
        ("instrument/creation-of-fuerza-civil", "involvesSector", "sector/government"),
        ("instrument/creation-of-fuerza-civil", "a", "gg:TripleHelixArrangement"),
    ],
)
def test_what_follows_from_a_reading_shows_it(
    kg: KnowledgeGraph, statement: tuple[str, str, str]
) -> None:
    assert "coder's reading of passage/" in why(kg, *statement)


def test_whose_participation_rests_on_the_table_alone(kg: KnowledgeGraph) -> None:
    rows = kg.query(
        f"SELECT ?graph (COUNT(DISTINCT ?o) AS ?n) {{ GRAPH ?graph {{ ?s <{GG}participation> ?o }}"
        " FILTER(CONTAINS(STR(?graph), '/graph/reading/table-8.3/')) } GROUP BY ?graph"
    )
    counts = {str(row["graph"]).rpartition("/")[2]: int(str(row["n"])) for row in rows}
    assert counts == {
        "netherlands": 3, "united-kingdom": 3, "spain": 2, "italy": 2, "germany": 2,
        "denmark": 7, "bogota": 3, "monterrey": 4,
    }  # fmt: skip


def test_prov_derives_from_works_and_attributes_to_agents(kg: KnowledgeGraph) -> None:
    triples = kg.query("evidence-as-prov").triples
    prov = "http://www.w3.org/ns/prov#"

    def values(name: str) -> set[str]:
        found = (t for t in triples if t.predicate.value == prov + name)
        return {kg.names.shorten(triple.object.value) for triple in found}

    assert all(name.startswith("work/") for name in values("hadPrimarySource"))
    assert values("wasAttributedTo") == {
        "actor/united-nations-foundation", "person/adam-crawford", "person/david-garland",
    }  # fmt: skip
