"""The extract of the UN Sustainable Development Goals: complete, linked, labelled, OWL 2 DL."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from govgraph.resources import bundled
from govgraph.vocabulary import DCTERMS, SDG

SDGO = Namespace("http://metadata.un.org/sdg/ontology#")
SCHEME = URIRef("http://metadata.un.org/sdg")
HEADER = URIRef("https://w3id.org/govgraph/ontology/sdg")
IDENTIFIER = URIRef(f"{DCTERMS}identifier")

PARENT_OF = {
    SDGO.Target: SDGO.isTargetOf,
    SDGO.Indicator: SDGO.isIndicatorOf,
    SDGO.Series: SDGO.isSeriesOf,
}
# fmt: off
INDICATORS_PER_TARGET = {
    "16.1": 4, "16.2": 3, "16.3": 2, "16.4": 2, "16.5": 2, "16.6": 2, "16.7": 2, "16.8": 1,
    "16.9": 1, "16.10": 2, "16.a": 1, "16.b": 1,
    "17.1": 2, "17.2": 1, "17.3": 2, "17.4": 1, "17.5": 1, "17.6": 2, "17.7": 1, "17.8": 1,
    "17.9": 1, "17.10": 1, "17.11": 1, "17.12": 1, "17.13": 1, "17.14": 1, "17.15": 1, "17.16": 1,
    "17.17": 1, "17.18": 3, "17.19": 2,
}
# fmt: on
# Indicators that the UN counts under several goals have a code that tells nothing of the goal.
SHARED_INDICATORS = {"16.8.1": "C200205", "16.b.1": "C200204"}


@pytest.fixture(scope="module")
def path() -> Path:
    return bundled("ontology") / "sdg.ttl"


@pytest.fixture(scope="module")
def graph(path: Path) -> Graph:
    return Graph().parse(path)


def members(graph: Graph, kind: URIRef) -> list[Node]:
    return sorted(graph.subjects(RDF.type, kind), key=str)


def entities(graph: Graph) -> list[Node]:
    """Goals, targets, indicators and series, without the scheme."""
    return [node for kind in (SDGO.Goal, *PARENT_OF) for node in members(graph, kind)]


def notation(graph: Graph, node: Node) -> str:
    """Return the only code of `node`."""
    codes = list(graph.objects(node, SKOS.notation))
    assert len(codes) == 1, (node, codes)
    return str(codes[0])


def permanent_code(number: str) -> str:
    """Return the UN's permanent code of an indicator that belongs to one goal."""
    goal, target, indicator = number.split(".")
    return f"C{goal}{target.zfill(2)}{indicator.zfill(2)}"


def test_counts(graph: Graph) -> None:
    counts = {kind: len(members(graph, kind)) for kind in (SDGO.Goal, *PARENT_OF)}
    assert counts == {SDGO.Goal: 2, SDGO.Target: 31, SDGO.Indicator: 48, SDGO.Series: 2}
    per_goal = Counter(str(goal) for _, goal in graph.subject_objects(SDGO.isTargetOf))
    assert per_goal == {f"{SDG}16": 12, f"{SDG}17": 19}


def test_indicators_of_each_target(graph: Graph) -> None:
    per_target = Counter(
        notation(graph, target) for _, target in graph.subject_objects(SDGO.isIndicatorOf)
    )
    assert per_target == INDICATORS_PER_TARGET


@pytest.mark.parametrize(
    ("kind", "parent_kind"),
    [
        (SDGO.Target, SDGO.Goal),
        (SDGO.Indicator, SDGO.Target),
        (SDGO.Series, SDGO.Indicator),
    ],
)
def test_each_has_one_parent_of_the_right_kind(
    graph: Graph, kind: URIRef, parent_kind: URIRef
) -> None:
    for node in members(graph, kind):
        parents = list(graph.objects(node, PARENT_OF[kind]))
        assert len(parents) == 1, (node, parents)
        assert (parents[0], RDF.type, parent_kind) in graph
        if kind != SDGO.Series:
            assert notation(graph, node).rpartition(".")[0] == notation(graph, parents[0])


def test_goals_and_targets_are_named_by_their_code(graph: Graph) -> None:
    for node in [*members(graph, SDGO.Goal), *members(graph, SDGO.Target)]:
        assert str(node) == SDG + notation(graph, node)


def test_indicators_are_named_by_their_permanent_code(graph: Graph) -> None:
    for node in members(graph, SDGO.Indicator):
        number = notation(graph, node)
        code = SHARED_INDICATORS.get(number, permanent_code(number))
        assert str(node) == SDG + code
        assert list(graph.objects(node, IDENTIFIER)) == [Literal(code)]


def test_homicide_series(graph: Graph) -> None:
    series = {notation(graph, node): node for node in members(graph, SDGO.Series)}
    assert series == {code: URIRef(SDG + code) for code in ("VC_IHR_PSRC", "VC_IHR_PSRCN")}
    for node in series.values():
        assert graph.value(node, SDGO.isSeriesOf) == URIRef(f"{SDG}C160101")


def test_codes_are_unique_and_in_the_scheme(graph: Graph) -> None:
    nodes = entities(graph)
    assert len({notation(graph, node) for node in nodes}) == len(nodes) == 83
    assert set(graph.subjects(SKOS.inScheme, SCHEME)) == set(nodes)


def test_one_label_in_each_language(graph: Graph) -> None:
    for node in [SCHEME, *entities(graph)]:
        labels = sorted(
            (str(label.language), str(label))
            for label in graph.objects(node, SKOS.prefLabel)
            if isinstance(label, Literal)
        )
        assert [language for language, _ in labels] == ["en", "es"], node
        (_, english), (_, spanish) = labels
        assert english != spanish, node
        for text in (english, spanish):
            assert text == " ".join(text.split())
            # A label is a name for a menu or a node, never the UN's whole sentence.
            assert 5 < len(text) <= 90, text
            assert not text.endswith("."), text


def test_no_label_occurs_twice(graph: Graph) -> None:
    """Stricter than siblings: a label names one entity of the whole extract."""
    labels = Counter(graph.objects(None, SKOS.prefLabel))
    assert [label for label, uses in labels.items() if uses > 1] == []


def test_wikidata_matches(graph: Graph) -> None:
    wikidata = "http://www.wikidata.org/entity/"
    assert set(graph.subject_objects(SKOS.exactMatch)) == {
        (URIRef(f"{SDG}16"), URIRef(f"{wikidata}Q53581248")),
        (URIRef(f"{SDG}17"), URIRef(f"{wikidata}Q53581254")),
    }


def test_header(graph: Graph) -> None:
    dcterms = Namespace(DCTERMS)
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [HEADER]
    assert graph.value(HEADER, OWL.versionIRI) == URIRef(f"{HEADER}/0.2.0")
    assert graph.value(HEADER, dcterms.source) == SCHEME
    for term, iri in (
        (dcterms.license, "https://creativecommons.org/licenses/by/4.0/"),
        (dcterms.creator, "https://w3id.org/govgraph/"),
        (dcterms.publisher, "https://w3id.org/govgraph/"),
    ):
        assert list(graph.objects(HEADER, term)) == [URIRef(iri)]
    citation = str(graph.value(HEADER, dcterms.bibliographicCitation))
    assert citation.startswith("Amit Joshi, Luis Gonzalez Morales, Szymon Klarman, and Aaron")
    assert citation.endswith("http://metadata.un.org/sdg")


def test_rdflib_and_oxigraph_read_the_same(path: Path, graph: Graph) -> None:
    store = ox.Store()
    store.load(path=path, format=ox.RdfFormat.TURTLE)
    dump = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    assert len(store) == len(graph)
    assert isomorphic(graph, Graph().parse(data=dump, format="nt"))


def test_every_term_is_declared_once_and_nothing_is_imported(graph: Graph) -> None:
    """OWL 2 DL by itself: declared terms of one kind each, plain literals, no blank nodes."""
    built_in = (str(RDF), "http://www.w3.org/2000/01/rdf-schema#", str(OWL))
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.AnnotationProperty, OWL.DatatypeProperty)
    declared = {kind: set(graph.subjects(RDF.type, kind)) for kind in kinds}
    assert sum(map(len, declared.values())) == len(set().union(*declared.values()))

    used_classes = {c for c in graph.objects(None, RDF.type) if not str(c).startswith(built_in)}
    assert used_classes == declared[OWL.Class]
    used = {p for p in graph.predicates() if not str(p).startswith(built_in)}
    inverses = {SDGO.hasTarget, SDGO.hasIndicator, SDGO.hasSeries}
    # The kinds are a contract: another ontology file that declares one of these differently
    # (say skos:notation as a datatype property) would take the merged graph out of OWL 2 DL.
    links = {*PARENT_OF.values(), *inverses, SKOS.inScheme, SKOS.exactMatch}
    assert declared[OWL.ObjectProperty] == links
    assert declared[OWL.AnnotationProperty] == used - links

    for subject, predicate, value in graph:
        assert not isinstance(subject, BNode)
        assert not isinstance(value, BNode)
        if isinstance(value, Literal):
            assert value.datatype is None, value
            assert predicate not in declared[OWL.ObjectProperty]
    assert not list(graph.triples((None, OWL.imports, None)))


def test_only_the_part_to_whole_direction_is_stated_and_the_other_is_inferred(graph: Graph) -> None:
    from owlrl import DeductiveClosure, OWLRL_Semantics

    has = {
        SDGO.isTargetOf: SDGO.hasTarget,
        SDGO.isIndicatorOf: SDGO.hasIndicator,
        SDGO.isSeriesOf: SDGO.hasSeries,
    }
    assert not any(list(graph.triples((None, inverse, None))) for inverse in has.values())
    closed = Graph()
    for triple in graph:
        if triple[1] in has or triple[1] == OWL.inverseOf or triple[2] == OWL.ObjectProperty:
            closed.add(triple)
    DeductiveClosure(OWLRL_Semantics).expand(closed)
    for stated, inverse in has.items():
        assert set(closed.subject_objects(inverse)) == {
            (whole, part) for part, whole in graph.subject_objects(stated)
        }
    assert len(set(closed.objects(URIRef(f"{SDG}16"), SDGO.hasTarget))) == 12


def test_the_file_is_in_natural_order(path: Path, graph: Graph) -> None:
    """16, 16.1, 16.1.1 … 16.10, 16.a, 16.b, 17 …, then the series."""
    printed = re.findall(r'skos:notation "([^"]+)"', path.read_text(encoding="utf-8"))
    assert len(printed) == 83

    def key(code: str) -> list[tuple[bool, int, str]]:
        parts = code.split(".")
        return [(not p.isdigit(), int(p) if p.isdigit() else 0, p) for p in parts]

    assert printed == sorted(printed, key=key)
