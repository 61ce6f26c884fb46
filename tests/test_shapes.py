"""The SHACL shapes: each rejects its own fixture and nothing else does; each can be understood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SH, Literal, Namespace, URIRef
from rdflib.term import Node

from govgraph.assembly.assemble import read_ontology
from govgraph.coding.cases import load
from govgraph.coding.terms import shape_files
from govgraph.rdf.source_map import SourceMap
from govgraph.reasoning import infer
from govgraph.shapes.engines import available_engine, run, shapes_text
from govgraph.shapes.validation import ValidationResult, validate
from govgraph.vocabulary import BASE, GG, INFERRED_GRAPH

FIXTURES = Path(__file__).parent / "fixtures" / "shapes"
REJECTED = sorted(path for path in FIXTURES.iterdir() if path.is_file())
BACKGROUND = FIXTURES / "background"
CONFORMING = FIXTURES / "conforming"

SHAPES = Namespace("https://w3id.org/govgraph/shapes#")
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
LANGUAGES = {"en", "es"}
SINGLE_VALUED = {
    "startYear", "endYear", "year", "onDate", "count", "nameAsPrinted", "value", "minimum",
    "maximum", "homicideRate",
}  # fmt: skip
"""Properties of which a thing has one value unless a Conflict says that passages disagree."""


@dataclass(frozen=True)
class Town:
    """The ontology, what some files state, and what follows from both."""

    store: ox.Store
    sources: SourceMap

    def results(self) -> list[ValidationResult]:
        return validate(self.store, self.sources).results


def read(*folders: Path) -> Town:
    data = load(folders)
    store = ox.Store()
    store.extend([*_terms(), *data.quads])
    graph = ox.NamedNode(INFERRED_GRAPH)
    inferred = infer(store).triples
    store.extend(ox.Quad(each.subject, each.predicate, each.object, graph) for each in inferred)
    return Town(store, data.sources)


@cache
def _terms() -> list[ox.Quad]:
    """Return the ontology without its labels and definitions, at which no shape looks."""
    return [quad for quad in read_ontology() if not isinstance(quad.object, ox.Literal)]


@cache
def shapes_graph() -> rdflib.Graph:
    return rdflib.Graph().parse(data=shapes_text(), format="nt")


def header(path: Path, key: str) -> str:
    """Return what the leading comments of a fixture say: `# shape: …`, `# line: …`."""
    found = re.search(rf"^# {key}: (\S+)$", path.read_text("utf-8"), re.MULTILINE)
    assert found, f"{path.name} does not begin with '# {key}: …'"
    return found[1]


def shapes(*, with_target: bool | None = None) -> Iterator[Node]:
    """Yield every shape; only those with (without) a target of their own where asked."""
    graph = shapes_graph()
    for kind in (SH.NodeShape, SH.PropertyShape):
        for shape in graph.subjects(RDF.type, kind):
            has_target = any(graph.value(shape, target) for target in TARGETS)
            if with_target in (None, has_target):
                yield shape


def local(shape: Node) -> str:
    return str(shape).removeprefix(str(SHAPES))


def languages(shape: Node, predicate: Node) -> set[str | None]:
    found = list(shapes_graph().objects(shape, predicate))
    assert all(isinstance(each, Literal) and each.strip() for each in found)
    assert len(found) == len({each.language for each in found if isinstance(each, Literal)})
    return {each.language for each in found if isinstance(each, Literal)}


@pytest.mark.parametrize("path", REJECTED, ids=lambda path: path.stem)
def test_a_fixture_is_rejected_by_its_shape_alone_at_its_line(path: Path) -> None:
    shape = header(path, "shape")
    town = read(BACKGROUND, path)
    reference = run(town.store, "pyshacl")
    assert {result.shape for result in reference} == {str(SHAPES[shape])}
    severity = shapes_graph().value(SHAPES[shape], SH.severity)
    assert {SH[result.severity] for result in reference} == {severity}
    for result in reference:
        texts = dict(result.messages)
        assert set(texts) == LANGUAGES
        assert not any("{?" in text for text in texts.values())
    if path.suffix == ".yaml":  # an RDF file has no lines to point to
        assert {each.line for each in town.results()} == {int(header(path, "line"))}
    if available_engine() == "native":
        native = run(town.store, "native")
        assert native == reference


def test_a_case_that_breaks_no_rule_conforms() -> None:
    assert read(BACKGROUND, CONFORMING).results() == []


def test_every_conflict_that_covers_a_disagreement_is_needed() -> None:
    town = read(BACKGROUND, CONFORMING)
    subject_of = ox.NamedNode(f"{GG}conflictSubject")
    for conflict in ("night-bus-start", "night-bus-name"):
        about = ox.NamedNode(f"{BASE}conflict/{conflict}")
        for quad in list(town.store.quads_for_pattern(about, subject_of, None)):
            town.store.remove(quad)
    found = {result.shape for result in town.results()}
    assert {"StartYearContested", "NameContested"} <= found


def test_the_message_names_the_property_and_both_values() -> None:
    [result] = read(BACKGROUND, FIXTURES / "start-year-contested.yaml").results()
    for message in (result.message, result.message_es):
        assert {"1998", "1999", "startYear"} <= set(re.findall(r"\w+", message))


def test_every_shape_with_a_target_has_one_fixture_named_after_it() -> None:
    named = {path.stem: header(path, "shape") for path in REJECTED}
    assert sorted(named.values()) == sorted(local(shape) for shape in shapes(with_target=True))
    kebab = {re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower() for name in named.values()}
    assert set(named) == kebab


def test_every_shape_without_a_target_is_part_of_one_that_has_one() -> None:
    graph = shapes_graph()
    reached = set(shapes(with_target=True))
    frontier: list[Node] = list(reached)
    while frontier:
        node = frontier.pop()
        new = {each for each in graph.objects(node) if not isinstance(each, Literal)} - reached
        reached |= new
        frontier += new
    assert set(shapes()) <= reached


@pytest.mark.parametrize("shape", sorted(shapes(), key=str), ids=local)
def test_every_shape_says_in_both_languages_what_it_is_and_what_to_do(shape: Node) -> None:
    graph = shapes_graph()
    assert isinstance(shape, URIRef)
    is_property_shape = (shape, RDF.type, SH.PropertyShape) in graph
    assert languages(shape, SH.name if is_property_shape else RDFS.label) == LANGUAGES
    # A SPARQL constraint carries the message, for only there do engines fill in the values.
    speaks = graph.value(shape, SH.sparql) or shape
    assert languages(speaks, SH.message) == LANGUAGES
    severities = list(graph.objects(shape, SH.severity))
    assert len(severities) == 1
    assert severities[0] in (SH.Violation, SH.Warning, SH.Info)


def test_names_of_rules_are_unique() -> None:
    graph = shapes_graph()
    by_name: dict[str, list[str]] = {}
    for shape in shapes(with_target=True):
        for text in [*graph.objects(shape, SH.name), *graph.objects(shape, RDFS.label)]:
            by_name.setdefault(f"{text.n3()}", []).append(local(shape))  # type: ignore[attr-defined]
    assert {name: both for name, both in by_name.items() if len(both) > 1} == {}


def test_shapes_are_well_formed() -> None:
    import pyshacl

    conforms, _, text = pyshacl.validate(
        rdflib.Graph(), shacl_graph=shapes_graph(), meta_shacl=True
    )
    assert conforms, text


def test_blank_nodes_are_only_paths_and_lists() -> None:
    graph = shapes_graph()
    allowed = {SH.path, SH["in"], SH["or"], SH["and"], SH.languageIn, SH.alternativePath}
    allowed |= {RDF.first, RDF.rest}
    used = {p for p, o in graph.predicate_objects() if isinstance(o, rdflib.BNode)}
    assert used <= allowed


def test_every_term_and_code_the_shapes_name_exists() -> None:
    described = {quad.subject.value for quad in read_ontology() if hasattr(quad.subject, "value")}
    graph = shapes_graph()
    named = {str(each) for triple in graph for each in triple if isinstance(each, URIRef)}
    ours = {iri for iri in named if iri.startswith(BASE)}
    own = {iri for iri in ours if iri.startswith(f"{BASE}shapes")}
    queries = " ".join(str(text) for text in graph.objects(None, SH.select))
    asked = {f"{GG}{name}" for name in re.findall(r"\bgg:(\w+)", queries)}
    assert (ours | asked) - own - described - {f"{BASE}"} == set()


def test_every_class_has_a_shape() -> None:
    graph, ontology = shapes_graph(), rdflib.Graph()
    for quad in read_ontology():
        if isinstance(quad.object, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode):
            triple = (quad.subject.value, quad.predicate.value, quad.object.value)
            ontology.add(tuple(URIRef(each) for each in triple))  # type: ignore[arg-type]
    targeted = set(graph.objects(None, SH.targetClass))
    for property_ in graph.objects(None, SH.targetSubjectsOf):
        targeted |= set(ontology.objects(property_, RDFS.domain))
    own = [each for each in ontology.subjects(RDF.type, OWL.Class) if str(each).startswith(GG)]
    without = [
        str(each).removeprefix(GG)
        for each in own
        if not targeted & set(ontology.transitive_objects(each, RDFS.subClassOf))
    ]
    # ContestedEntity is inferred from a Conflict, whose own shapes say all there is to say.
    assert without == ["ContestedEntity"]


def test_every_single_valued_property_is_watched() -> None:
    graph = shapes_graph()
    watched = set(graph.subjects(SH.sparql, SHAPES.UncoveredValues))
    assert {str(graph.value(each, SH.path)).removeprefix(GG) for each in watched} == SINGLE_VALUED


def test_files_stay_small() -> None:
    for path in shape_files():
        assert len(path.read_text("utf-8").splitlines()) < 400, path
