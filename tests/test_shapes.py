"""The SHACL shapes: each rejects its own fixture and nothing else does; each can be understood.

A fixture is read together with `background`, a town that breaks no rule. For the speed of it both
engines validate all these towns as one graph, in which what a town describes has the name of the
fixture in its IRIs; that this gives what each town gives alone is tested on some of them, and on
all of them by `make test-all`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SH, SKOS, Literal, Namespace, URIRef
from rdflib.term import Node

from govgraph.assembly.assemble import read_ontology
from govgraph.coding.cases import CodedData, load
from govgraph.coding.study import TEMPORARY_BASE, Sources, Study
from govgraph.coding.terms import load_terms, ontology_files
from govgraph.rdf.source_map import SourceMap
from govgraph.reasoning import infer
from govgraph.resources import bundled
from govgraph.shapes.engines import RawResult, available_engine, check, ontology_shapes
from govgraph.shapes.given import Written, shapes_of
from govgraph.shapes.validation import ValidationResult, located, validate
from govgraph.vocabulary import BASE, GG, INFERRED_GRAPH
from prepared_queries import prepared_queries

FIXTURES = Path(__file__).parent / "fixtures" / "shapes"
REJECTED = sorted(path for path in FIXTURES.iterdir() if path.is_file())
BACKGROUND = FIXTURES / "background"
CONFORMING = FIXTURES / "conforming"

SHAPES = Namespace("https://w3id.org/govgraph/shapes#")
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
LANGUAGES = {"en", "es"}
WHOLE = pytest.mark.whole
TYPE = ox.NamedNode(str(RDF.type))
MARK = "--of--"
"""Stands between an IRI and the name of the town that it is of."""
SAMPLE = sorted(
    {*REJECTED[::60], FIXTURES / "start-year-contested.yaml", FIXTURES / "value-is-number.ttl"}
)
"""Fixtures that are validated alone too: they have to give what they give in one store with all."""
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


def shapes_text() -> str:
    """Return the shapes of the ontology as N-Triples."""
    return (ox.serialize(ontology_shapes(), format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def read(*folders: Path) -> Town:
    data = load(Sources(data=(*folders,)))
    return Town(store_of(data.store), data.sources)


def store_of(quads: Iterable[ox.Quad]) -> ox.Store:
    """Return a store of the ontology, some statements, and what follows from both."""
    store = ox.Store()
    store.extend([*_terms(), *quads])
    store.bulk_extend(infer(store).quads(INFERRED_GRAPH))
    return store


def run(store: ox.Store, engine: str, studies: Sequence[Study] = ()) -> list[RawResult]:
    """Return what an engine finds in a store, by the shapes of `studies` too."""
    return check(Written(store).write, ontology_shapes() | frozenset(shapes_of(studies)), engine)[0]


@dataclass(frozen=True)
class AllTowns:
    """The towns of all fixtures in one store, and what each engine reports of each of them."""

    towns: dict[str, CodedData]
    store: ox.Store

    @cached_property
    def native(self) -> dict[str, list[RawResult]]:
        return by_town(run(self.store, available_engine()))

    @cached_property
    def reference(self) -> dict[str, list[RawResult]]:
        with prepared_queries():
            return by_town(run(self.store, "pyshacl"))


@pytest.fixture(scope="module")
def all_towns() -> AllTowns:
    towns = {path.stem: load(Sources(data=(BACKGROUND, path))) for path in REJECTED}
    towns["conforming"] = load(Sources(data=(BACKGROUND, CONFORMING)))
    quads = (quad for name, data in towns.items() for quad in renamed(data.store, name))
    return AllTowns(towns, store_of(quads))


def renamed(quads: Iterable[ox.Quad], town: str) -> Iterator[ox.Quad]:
    """Yield statements whose IRIs end in the name of their town, but for those of the ontology."""

    def rename(term: Any) -> Any:
        is_name = isinstance(term, ox.NamedNode) and not term.value.startswith(GG)
        if not is_name or term in _described():
            return term
        return ox.NamedNode(f"{term.value}{MARK}{town}")

    for quad in quads:
        value = quad.object if quad.predicate == TYPE else rename(quad.object)
        yield ox.Quad(rename(quad.subject), quad.predicate, value, rename(quad.graph_name))


def by_town(results: Iterable[RawResult]) -> dict[str, list[RawResult]]:
    """Return the results of each town, sorted, with the IRIs that its files have."""
    towns: dict[str, list[RawResult]] = defaultdict(list)
    for result in results:
        _, mark, town = result.focus.rpartition(MARK)
        assert mark, f"a result about what no town describes: {result}"
        messages = tuple(
            (language, text.replace(MARK + town, "")) for language, text in result.messages
        )
        focus, value = (text.removesuffix(MARK + town) for text in (result.focus, result.value))
        towns[town].append(replace(result, focus=focus, value=value, messages=messages))
    return {town: sorted(found) for town, found in towns.items()}


@cache
def _terms() -> list[ox.Quad]:
    """Return the ontology without its labels and definitions, at which no shape looks."""
    return [quad for quad in read_ontology() if not isinstance(quad.object, ox.Literal)]


@cache
def _described() -> set[Any]:
    """Return what the ontology describes: classes, properties, codes."""
    return {quad.subject for quad in _terms()}


@cache
def shapes_graph() -> rdflib.Graph:
    return rdflib.Graph().parse(data=shapes_text(), format="nt")


def header(path: Path, key: str) -> str:
    """Return what the leading comments of a fixture say: `# shape: …`, `# line: …`."""
    found = re.search(rf"^# {key}: (\S+)$", path.read_text("utf-8"), re.MULTILINE)
    assert found, f"{path.name} does not begin with '# {key}: …'"
    return found[1]


def shapes() -> Iterator[Node]:
    """Yield every shape that has a name."""
    for kind in (SH.NodeShape, SH.PropertyShape):
        yield from shapes_graph().subjects(RDF.type, kind)


def is_targeted(shape: Node) -> bool:
    return any(shapes_graph().value(shape, target) for target in TARGETS)


@cache
def of_classes() -> set[Node]:
    """Return the node shapes of classes: they have nothing but a target and properties."""
    return {shape for shape in shapes_graph().subjects(SH.property) if is_targeted(shape)}


@cache
def rules() -> set[Node]:
    """Return the shapes that results name: properties of classes, and what has its own target."""
    graph = shapes_graph()
    properties = {rule for shape in of_classes() for rule in graph.objects(shape, SH.property)}
    return properties | (set(filter(is_targeted, shapes())) - of_classes())


def local(shape: Node) -> str:
    return str(shape).removeprefix(str(SHAPES))


def languages(node: Node, predicate: Node) -> list[str]:
    """Return the language of each text, sorted; "" for what is no text or an empty one."""
    return sorted(
        (text.language or "") if isinstance(text, Literal) and text.strip() else ""
        for text in shapes_graph().objects(node, predicate)
    )


def test_a_fixture_is_rejected_by_its_shape_alone_at_its_line(all_towns: AllTowns) -> None:
    faults = []
    for path in REJECTED:
        shape = header(path, "shape")
        found = all_towns.native.get(path.stem, [])
        severity = shapes_graph().value(SHAPES[shape], SH.severity)
        reports = {(result.shape, SH[result.severity]) for result in found}
        if reports != {(str(SHAPES[shape]), severity)}:
            faults.append(f"{path.name}: rejected by {reports} instead of {shape} as {severity}")
        for result in found:
            texts = dict(result.messages)
            if set(texts) != LANGUAGES or any("{?" in text for text in texts.values()):
                faults.append(f"{path.name}: messages {texts}")
        if path.suffix == ".yaml":  # an RDF file has no lines to point to
            rows = located(found, all_towns.towns[path.stem].sources)
            lines = {row.line for row in rows.results}
            if lines != {int(header(path, "line"))}:
                faults.append(f"{path.name}: results at lines {lines}")
    assert faults == []


@pytest.mark.whole
def test_both_engines_report_the_same_of_every_fixture(all_towns: AllTowns) -> None:
    assert all_towns.native == all_towns.reference


@pytest.mark.parametrize(
    "paths", [pytest.param(SAMPLE, id="some"), pytest.param(REJECTED, marks=WHOLE, id="all")]
)
def test_a_fixture_alone_is_reported_as_in_one_store_with_all(
    paths: list[Path], all_towns: AllTowns
) -> None:
    for path in paths:
        store = read(BACKGROUND, path).store
        with prepared_queries():
            assert run(store, "pyshacl") == all_towns.native[path.stem]
        if available_engine() == "native":
            assert run(store, "native") == all_towns.native[path.stem]


def test_a_case_that_breaks_no_rule_conforms(all_towns: AllTowns) -> None:
    assert read(BACKGROUND, CONFORMING).results() == []
    assert "conforming" not in all_towns.native


def test_every_conflict_that_covers_a_disagreement_is_needed() -> None:
    town = read(BACKGROUND, CONFORMING)
    subject_of = ox.NamedNode(f"{GG}conflictSubject")
    for conflict in ("night-bus-start", "night-bus-name", "night-council-traders"):
        about = ox.NamedNode(f"{TEMPORARY_BASE}conflict/{conflict}")
        for quad in list(town.store.quads_for_pattern(about, subject_of, None)):
            town.store.remove(quad)
    found = {result.shape for result in town.results()}
    assert {"StartYearContested", "NameContested", "PresentAndAbsent"} <= found


def test_the_message_names_the_property_and_both_values() -> None:
    [result] = read(BACKGROUND, FIXTURES / "start-year-contested.yaml").results()
    for message in (result.message, result.message_es):
        assert {"1998", "1999", "startYear"} <= set(re.findall(r"\w+", message))


def test_a_message_speaks_as_the_file_does_that_it_is_about() -> None:
    [of_yaml] = read(BACKGROUND, FIXTURES / "participation-in-arrangement.yaml").results()
    assert "under `participation` of the partnership" in of_yaml.message
    [of_rdf] = read(BACKGROUND, FIXTURES / "value-is-number.ttl").results()
    assert "belong in `gg:asPrinted`" in of_rdf.message


def test_messages_name_properties_as_rdf_does() -> None:
    keys = {"type", *(key for key, term in load_terms().keys.items() if not term.is_keyword)}
    quoted = {
        word
        for message in shapes_graph().objects(None, SH.message)
        for word in re.findall(r"`(\w+):?`", str(message))
    }
    assert quoted & keys == set()


def test_every_rule_has_one_fixture_named_after_it() -> None:
    named = {path.stem: header(path, "shape") for path in REJECTED}
    assert sorted(named.values()) == sorted(local(shape) for shape in rules())
    kebab = {re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower() for name in named.values()}
    assert set(named) == kebab


def test_every_other_shape_is_part_of_a_rule() -> None:
    graph = shapes_graph()
    reached = rules() | of_classes()
    frontier: list[Node] = list(reached)
    while frontier:
        node = frontier.pop()
        new = {each for each in graph.objects(node) if not isinstance(each, Literal)} - reached
        reached |= new
        frontier += new
    assert set(shapes()) <= reached


def test_every_shape_says_in_both_languages_what_it_is_and_every_rule_what_to_do() -> None:
    graph = shapes_graph()
    faults = []
    for shape in sorted(shapes(), key=str):
        is_property_shape = (shape, RDF.type, SH.PropertyShape) in graph
        # A SPARQL constraint carries the message, for only there do engines fill in the values.
        speaker = graph.value(shape, SH.sparql) or shape
        asked = [(shape, SH.name if is_property_shape else RDFS.label)]
        asked += [(speaker, SH.message)] if shape in rules() else []
        asked += [(shape, RDFS.comment)] if shape in of_classes() else []
        for node, predicate in asked:
            if languages(node, predicate) != ["en", "es"]:
                faults.append(f"{local(shape)}: {predicate} in {languages(node, predicate)}")
        severities = list(graph.objects(shape, SH.severity))
        if severities not in ([SH.Violation], [SH.Warning], [SH.Info]) and shape in rules():
            faults.append(f"{local(shape)}: severities {severities}")
        if not isinstance(shape, URIRef):
            faults.append(f"{shape}: without an IRI")
    assert faults == []


def test_a_class_has_one_node_shape_and_a_property_stands_in_the_order_of_the_ontology() -> None:
    graph = shapes_graph()
    for shape in of_classes():
        for class_ in graph.objects(shape, SH.targetClass):
            assert local(shape) == str(class_).removeprefix(GG)
        for rule in graph.objects(shape, SH.property):
            assert isinstance(graph.value(rule, SH.order), Literal), rule
    assert len(of_classes()) == len({local(shape) for shape in of_classes()}) > 40


def test_a_property_is_described_as_the_ontology_defines_it() -> None:
    ontology = rdflib.Graph()
    for name in ("govgraph", "cube"):
        ontology.parse(bundled("ontology") / f"{name}.ttl")
    graph = shapes_graph()
    for shape in graph.subjects(RDF.type, SH.PropertyShape):
        defined = set(ontology.objects(graph.value(shape, SH.path), SKOS.definition))
        has_query = (shape, SH.sparql, None) in graph
        assert set(graph.objects(shape, SH.description)) == (set() if has_query else defined), shape


def test_classes_are_described_as_the_ontology_defines_them() -> None:
    ontology = rdflib.Graph().parse(bundled("ontology") / "govgraph.ttl")
    graph = shapes_graph()
    for shape in of_classes() - {SHAPES.Anything}:
        class_ = graph.value(shape, SH.targetClass)
        assert set(graph.objects(shape, RDFS.label)) == set(ontology.objects(class_, RDFS.label))
        definitions = set(ontology.objects(class_, SKOS.definition))
        assert set(graph.objects(shape, RDFS.comment)) == definitions


def test_only_rules_ask_for_a_class() -> None:
    """Asked value by value, some engines list all members of a class anew for each."""
    assert set(shapes_graph().subjects(SH["class"])) <= rules()


def test_sparql_stands_in_one_file_and_lists_of_one_shape_in_none() -> None:
    for path in ontology_files(shapes=True):
        graph = rdflib.Graph().parse(path)
        assert ((None, SH.sparql, None) in graph) == (path.name == "sparql.ttl"), path
        assert (None, SH["and"], None) not in graph, path


def test_names_of_rules_are_unique() -> None:
    graph = shapes_graph()
    by_name: dict[str, list[str]] = {}
    for shape in rules():
        for text in [*graph.objects(shape, SH.name), *graph.objects(shape, RDFS.label)]:
            by_name.setdefault(f"{text.n3()}", []).append(local(shape))  # type: ignore[attr-defined]
    assert {name: both for name, both in by_name.items() if len(both) > 1} == {}


def test_shapes_are_well_formed() -> None:
    """By the shapes of shapes that are part of the specification (SHACL, appendix C)."""
    shacl = pytest.importorskip("shacl")
    import pyshacl

    published = Path(pyshacl.__file__).with_name("assets") / "shacl-shacl.ttl"
    shapes_of_shapes = shacl.Shapes.from_text(published.read_text("utf-8"), "turtle")
    assert shapes_of_shapes.validate_text(shapes_text(), "nt").conforms
    malformed = f'{shapes_text()}<{SHAPES}HasLabel> <{SH.minCount}> "one" .\n'
    assert not shapes_of_shapes.validate_text(malformed, "nt").conforms


@WHOLE
def test_shapes_are_well_formed_for_the_reference_too() -> None:
    import pyshacl

    conforms, _, text = pyshacl.validate(
        rdflib.Graph(), shacl_graph=shapes_graph(), meta_shacl=True
    )
    assert conforms, text


def test_blank_nodes_are_only_paths_and_lists() -> None:
    graph = shapes_graph()
    allowed = {SH.path, SH["in"], SH["or"], SH.property, SH.languageIn}
    allowed |= {SH.alternativePath, RDF.first, RDF.rest}
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
    for path in ontology_files(shapes=True):
        assert len(path.read_text("utf-8").splitlines()) < 400, path
