"""The goals of the United Nations: complete, under the UN's IRIs and codes, only where named."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef

from govgraph import KnowledgeGraph
from govgraph.coding.terms import common_goals, missing
from govgraph.errors import UsageError
from govgraph.resources import bundled
from govgraph.vocabulary import COMMONS_GRAPH, DCTERMS, GG, SDG

SDGO = Namespace("http://metadata.un.org/sdg/ontology#")
SCHEME = URIRef("http://metadata.un.org/sdg")
HEADER = URIRef("https://w3id.org/govgraph/ontology/sdg")
PARTS = {
    SDGO.Target: SDGO.isTargetOf,
    SDGO.Indicator: SDGO.isIndicatorOf,
    SDGO.Series: SDGO.isSeriesOf,
}
# fmt: off
TARGETS_PER_GOAL = (7, 8, 13, 10, 9, 8, 5, 12, 8, 10, 10, 11, 5, 10, 12, 12, 19)
INDICATORS_PER_TARGET = {
    "16.1": 4, "16.2": 3, "16.3": 2, "16.4": 2, "16.5": 2, "16.6": 2, "16.7": 2, "16.8": 1,
    "16.9": 1, "16.10": 2, "16.a": 1, "16.b": 1,
    "17.1": 2, "17.2": 1, "17.3": 2, "17.4": 1, "17.5": 1, "17.6": 2, "17.7": 1, "17.8": 1,
    "17.9": 1, "17.10": 1, "17.11": 1, "17.12": 1, "17.13": 1, "17.14": 1, "17.15": 1, "17.16": 1,
    "17.17": 1, "17.18": 3, "17.19": 2,
}
WIKIDATA = (
    "Q50214636", "Q50215926", "Q50216838", "Q53581209", "Q53581210", "Q48741129", "Q53581213",
    "Q53581217", "Q53581219", "Q53581222", "Q53581228", "Q53581232", "Q53581236", "Q53581239",
    "Q53581245", "Q53581248", "Q53581254",
)
"""The entries that the UN's own file gives, goal by goal."""
# fmt: on
SHARED_INDICATORS = {"16.8.1": "C200205", "16.b.1": "C200204"}
"""Indicators that the UN counts under several goals: their code tells nothing of the goal."""


def commons_of(*named: str, languages: tuple[str, ...] = ("en", "es")) -> Graph:
    """Return what the commons say where a store names some goals, targets or indicators."""
    store = ox.Store()
    for name in named:
        store.add(
            ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode(f"{GG}target"), ox.NamedNode(SDG + name))
        )
    triples = [quad.triple for quad in missing(store, languages)]
    assert all(quad.graph_name.value == COMMONS_GRAPH for quad in missing(store, languages))
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return Graph().parse(data=text.decode(), format="nt")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return commons_of(*map(str, range(1, 18)), languages=("en", "es", "de"))


def codes(graph: Graph, node: object, datatype: URIRef | None = None) -> list[str]:
    return sorted(
        str(code)
        for code in graph.objects(URIRef(str(node)), SKOS.notation)
        if isinstance(code, Literal) and code.datatype == datatype
    )


def number(graph: Graph, node: object) -> str:
    (code,) = codes(graph, node)
    return code


def full(code: str) -> str:
    """Return a number as the UN writes it in full: 16.1 -> 16.01, 16.a -> 16.0a."""
    return ".".join(part.zfill(2) for part in code.split("."))


def test_all_goals_and_targets_and_the_indicators_of_two(graph: Graph) -> None:
    counts = Counter(kind for kind in graph.objects(None, RDF.type) if kind != SKOS.Concept)
    assert counts == {SDGO.Goal: 17, SDGO.Target: 169, SDGO.Indicator: 48, SDGO.Series: 2}
    per_goal = Counter(str(goal) for goal in graph.objects(None, SDGO.isTargetOf))
    assert per_goal == {f"{SDG}{n}": many for n, many in enumerate(TARGETS_PER_GOAL, start=1)}
    per_target = Counter(
        number(graph, target) for target in graph.objects(None, SDGO.isIndicatorOf)
    )
    assert per_target == INDICATORS_PER_TARGET
    assert len(common_goals()) == 236


def test_each_is_a_concept_of_the_scheme_below_the_one_that_it_belongs_to(graph: Graph) -> None:
    for node in set(graph.subjects(RDF.type, SKOS.Concept)):
        assert list(graph.objects(node, SKOS.inScheme)) == [SCHEME]
        (kind,) = set(graph.objects(node, RDF.type)) - {SKOS.Concept}
        above = list(graph.objects(node, SKOS.broader))
        if kind == SDGO.Goal:
            assert above == []
            continue
        assert above == list(graph.objects(node, PARTS[kind]))  # type: ignore[index]
        if kind in (SDGO.Target, SDGO.Indicator):
            assert number(graph, node).rpartition(".")[0] == number(graph, above[0])
    assert set(graph.subjects(RDF.type)) == set(graph.subjects(RDF.type, SKOS.Concept))


def test_codes_are_those_of_the_united_nations_with_their_datatypes(graph: Graph) -> None:
    for kind in (SDGO.Goal, SDGO.Target, SDGO.Indicator):
        for node in graph.subjects(RDF.type, kind):
            code = number(graph, node)
            assert codes(graph, node, SDGO.SDGCodeCompact) == [code]
            assert codes(graph, node, SDGO.SDGCode) == [full(code)]
            if kind == SDGO.Indicator:
                permanent = SHARED_INDICATORS.get(code, "C" + full(code).replace(".", ""))
                assert codes(graph, node, SDGO.SDGCodePerm) == [permanent]
                assert str(node) == SDG + permanent
            else:
                assert str(node) == SDG + code
    assert codes(graph, f"{SDG}16.a", SDGO.SDGCode) == ["16.0a"]


def test_homicide_series(graph: Graph) -> None:
    series = {number(graph, node): node for node in graph.subjects(RDF.type, SDGO.Series)}
    assert series == {code: URIRef(SDG + code) for code in ("VC_IHR_PSRC", "VC_IHR_PSRCN")}
    for node in series.values():
        assert graph.value(node, SDGO.isSeriesOf) == URIRef(f"{SDG}C160101")


def test_goals_have_their_entries_in_wikidata(graph: Graph) -> None:
    assert set(graph.subject_objects(SKOS.exactMatch)) == {
        (URIRef(f"{SDG}{n}"), URIRef(f"http://www.wikidata.org/entity/{entry}"))
        for n, entry in enumerate(WIKIDATA, start=1)
    }


def test_labels_are_short_our_own_and_never_the_preferred_ones(graph: Graph) -> None:
    assert not list(graph.triples((None, SKOS.prefLabel, None)))
    every: Counter[Literal] = Counter()
    for node in graph.subjects(RDF.type, SKOS.Concept):
        labels = {label.language: label for label in graph.objects(node, RDFS.label)}  # type: ignore[attr-defined]
        measures = {SDGO.Indicator, SDGO.Series} & set(graph.objects(node, RDF.type))
        assert set(labels) == ({"en", "es"} if measures else {"en", "es", "de"}), node
        assert len(set(map(str, labels.values()))) == len(labels), node
        for text in map(str, labels.values()):
            assert text == " ".join(text.split())
            # A label is a name for a menu or a node, never the UN's whole sentence.
            assert 5 < len(text) <= 90, text
            assert not text.endswith("."), text
        every.update(labels.values())
    assert [label for label, uses in every.items() if uses > 1] == []
    assert str(next(graph.objects(URIRef(f"{SDG}4.6"), RDFS.label))) in {
        "Everyone able to read, write and count",
        "Cada persona sabe leer, escribir y contar",
        "Alle können lesen, schreiben und rechnen",
    }


def test_a_study_has_the_whole_of_each_goal_that_it_names_and_nothing_of_others() -> None:
    assert len(commons_of()) == 0
    for named in ("4", "4.a"):
        nodes = {str(node).removeprefix(SDG) for node in commons_of(named).subjects()}
        assert nodes == {"4", *(f"4.{n}" for n in (*range(1, 8), "a", "b", "c"))}
    nodes = {str(node).removeprefix(SDG) for node in commons_of("VC_IHR_PSRC").subjects()}
    assert {"16", "16.1", "16.b", "C160101", "VC_IHR_PSRCN"} <= nodes
    assert not {name for name in nodes if name.startswith("17")}


def test_labels_come_in_the_languages_of_the_study() -> None:
    def languages(*asked: str) -> set[str | None]:
        labels = commons_of("4", languages=asked).objects(URIRef(f"{SDG}4"), RDFS.label)
        return {label.language for label in labels if isinstance(label, Literal)}

    assert languages("de-AT", "en") == {"de", "en"}
    assert languages("pt") == {"en"}
    assert languages("id", "es") == {"es"}  # "id" is Indonesian and a column of the table


def test_goals_and_targets_are_asked_for_by_name(kg: KnowledgeGraph) -> None:
    by_code = kg.query("sdg-alignments", target="sdg:16.7")
    by_name = kg.query("sdg-alignments", target="Decisions taken with everyone's voice")
    assert by_name.rows == by_code.rows
    assert len(by_code.rows) > 30
    in_spanish = kg.query("serves-goal", thing="instrument/bogota-como-vamos",
                          goal="Medios compartidos y alianzas para cumplir la agenda")  # fmt: skip
    assert in_spanish.boolean
    with pytest.raises(UsageError, match=re.escape("sdg:4.1: nothing of skos:Concept")):
        kg.query("sdg-alignments", target="sdg:4.1")
    shown = [row[1].value.removeprefix(SDG) for row in kg.query("sdg-targets").rows]
    assert len(shown) == 31
    assert {name.partition(".")[0] for name in shown} == {"16", "17"}


# The terms --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def path() -> Path:
    return bundled("ontology") / "sdg.ttl"


@pytest.fixture(scope="module")
def terms(path: Path) -> Graph:
    return Graph().parse(path)


def test_header(terms: Graph) -> None:
    dcterms = Namespace(DCTERMS)
    assert list(terms.subjects(RDF.type, OWL.Ontology)) == [HEADER]
    assert terms.value(HEADER, OWL.versionIRI) == URIRef(f"{HEADER}/0.3.0")
    assert terms.value(HEADER, dcterms.source) == SCHEME
    citation = str(terms.value(HEADER, dcterms.bibliographicCitation))
    assert citation.startswith("Amit Joshi, Luis Gonzalez Morales, Szymon Klarman, and Aaron")
    assert citation.endswith("http://metadata.un.org/sdg")


def test_every_term_is_declared_once_and_nothing_is_imported(terms: Graph) -> None:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.AnnotationProperty, RDFS.Datatype)
    declared = {kind: set(terms.subjects(RDF.type, kind)) for kind in kinds}
    assert sum(map(len, declared.values())) == len(set().union(*declared.values()))
    inverses = {SDGO.hasTarget, SDGO.hasIndicator, SDGO.hasSeries}
    assert declared[OWL.ObjectProperty] == {*PARTS.values(), *inverses}
    assert declared[RDFS.Datatype] == {SDGO.SDGCode, SDGO.SDGCodeCompact, SDGO.SDGCodePerm}
    assert not any(isinstance(node, BNode) for triple in terms for node in triple)
    assert not list(terms.triples((None, OWL.imports, None)))


def test_only_the_part_to_whole_direction_is_stated_and_the_other_is_inferred(
    graph: Graph, terms: Graph
) -> None:
    from owlrl import DeductiveClosure, OWLRL_Semantics

    has = {
        SDGO.isTargetOf: SDGO.hasTarget,
        SDGO.isIndicatorOf: SDGO.hasIndicator,
        SDGO.isSeriesOf: SDGO.hasSeries,
    }
    assert not any(list(graph.triples((None, inverse, None))) for inverse in has.values())
    closed = Graph()
    for triple in (*terms.triples((None, OWL.inverseOf, None)), *graph):
        if triple[1] in has or triple[1] == OWL.inverseOf:
            closed.add(triple)
    DeductiveClosure(OWLRL_Semantics).expand(closed)
    for stated, inverse in has.items():
        assert set(closed.subject_objects(inverse)) == {
            (whole, part) for part, whole in graph.subject_objects(stated)
        }
    assert len(set(closed.objects(URIRef(f"{SDG}16"), SDGO.hasTarget))) == 12


def test_the_table_is_in_natural_order() -> None:
    """1, 1.1 … 16, 16.1, 16.1.1 … 16.10, 16.a, 16.b, 17 …, then the series."""
    printed = [row["SDGCodeCompact"] for row in common_goals().values() if row["SDGCodeCompact"]]

    def key(code: str) -> list[tuple[bool, int, str]]:
        parts = code.split(".")
        return [(not p.isdigit(), int(p) if p.isdigit() else 0, p) for p in parts]

    assert printed == sorted(printed, key=key)
    assert len(set(printed)) == 234
