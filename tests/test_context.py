"""The context and the ontology name the same terms; both JSON-LD parsers read them the same way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SKOS, XSD

from govgraph.rdf.names import NAMES
from govgraph.vocabulary import BASE, GG, NAME_PREFIXES

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

NQUADS = ox.RdfFormat.N_QUADS
ONTOLOGY = Path(__file__).parents[1] / "ontology"
CONTEXT: dict[str, Any] = json.loads((ONTOLOGY / "context.jsonld").read_text("utf-8"))["@context"]

ALIASES = {"id": "@id", "type": "@type", "says": "@graph", "nodes": "@graph"}
BORROWED = {
    "label": RDFS.label,
    "altLabel": SKOS.altLabel,
    "note": RDFS.comment,
    "definition": SKOS.definition,
    "exactMatch": SKOS.exactMatch,
    "broader": SKOS.broader,
}
TYPED_BY_SHAPES = {
    "onDate": {"@type": "xsd:date"},
    "accessDate": {"@type": "xsd:date"},
    "codedOn": {"@type": "xsd:date"},
    "codingNote": {"@container": "@language"},
}
"""Properties whose datatype OWL 2 RL does not know: they have no range in the ontology."""

OBJECT, DATATYPE = str(OWL.ObjectProperty), str(OWL.DatatypeProperty)


def is_prefix(name: str) -> bool:
    definition = CONTEXT[name]
    return isinstance(definition, str) and definition[-1] in "/#"


CLASSES = {k for k, v in CONTEXT.items() if isinstance(v, str) and v.startswith("gg:")}
PROPERTIES = {k for k, v in CONTEXT.items() if isinstance(v, dict) and k not in BORROWED}
TERMS = sorted(CLASSES | PROPERTIES | BORROWED.keys() | ALIASES.keys())


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "govgraph.ttl")


def declared(ontology: rdflib.Graph, *kinds: str) -> set[str]:
    """Return the local names of our terms of these OWL kinds."""
    found = {str(s) for kind in kinds for s in ontology.subjects(RDF.type, rdflib.URIRef(kind))}
    return {iri.removeprefix(GG) for iri in found if iri.startswith(GG)}


def test_every_entry_is_a_keyword_a_prefix_an_alias_or_a_term() -> None:
    prefixes = {name for name in CONTEXT if not name.startswith("@") and is_prefix(name)}
    keywords = {name for name in CONTEXT if name.startswith("@")}
    assert keywords == {"@version", "@base"}
    assert set(CONTEXT) == keywords | prefixes | set(TERMS)
    assert CONTEXT["@version"] == 1.1
    assert CONTEXT["@base"] == BASE


def test_prefixes_are_those_that_the_program_prints() -> None:
    prefixes = {name: CONTEXT[name] for name in CONTEXT if not name.startswith("@")}
    assert {name: iri for name, iri in prefixes.items() if is_prefix(name)} == NAME_PREFIXES


@pytest.mark.parametrize("read", ["oxigraph", "rdflib"])
def test_other_readers_expand_names_as_govgraph_does(read: str) -> None:
    names = [*(f"{prefix}:x" for prefix in NAME_PREFIXES), "place/x", "urn:x:y", "mailto:a@b.c"]
    document = json.dumps({"@context": CONTEXT, "id": "case/x", "exactMatch": names})
    if read == "oxigraph":
        values = {quad.object.value for quad in ox.parse(document, format=ox.RdfFormat.JSON_LD)}
    else:
        graph = rdflib.Graph().parse(data=document, format="json-ld")
        values = {str(value) for value in graph.objects()}
    assert values == set(map(NAMES.expand, names))


def test_aliases() -> None:
    assert {name: CONTEXT[name] for name in ALIASES} == ALIASES


@pytest.mark.parametrize("name", sorted(BORROWED))
def test_borrowed_terms_are_declared(name: str, ontology: rdflib.Graph) -> None:
    prefix, _, local = CONTEXT[name]["@id"].partition(":")
    iri = BORROWED[name]
    assert CONTEXT[prefix] + local == str(iri)
    kinds = set(ontology.objects(iri, RDF.type))
    if name in ("exactMatch", "broader"):
        assert CONTEXT[name]["@type"] == "@id"
        assert OWL.ObjectProperty in kinds
    else:
        assert CONTEXT[name]["@container"] == "@language"
        # RDFS terms are built into OWL 2 and must not be declared.
        assert kinds == (set() if iri in RDFS else {OWL.AnnotationProperty})


def test_classes_are_those_of_the_ontology(ontology: rdflib.Graph) -> None:
    assert declared(ontology, str(OWL.Class)) == CLASSES
    assert all(CONTEXT[name] == f"gg:{name}" for name in CLASSES)


def test_properties_are_those_of_the_ontology(ontology: rdflib.Graph) -> None:
    assert declared(ontology, OBJECT, DATATYPE) == PROPERTIES
    assert all(CONTEXT[name]["@id"] == f"gg:{name}" for name in PROPERTIES)


def test_values_of_object_properties_are_iris(ontology: rdflib.Graph) -> None:
    coerced = {name: CONTEXT[name].get("@type") for name in declared(ontology, OBJECT)}
    for name in ("conflictProperty", "noteProperty"):
        assert coerced.pop(name) == "@vocab", "its values are keys of this context"
    assert coerced.pop("reads") is None, "its values are graphs"
    assert set(coerced.values()) == {"@id"}


def test_values_of_datatype_properties_have_their_range(ontology: rdflib.Graph) -> None:
    without_range = set()
    for name in declared(ontology, DATATYPE):
        entry = {key: value for key, value in CONTEXT[name].items() if key != "@id"}
        datatype = ontology.value(rdflib.URIRef(GG + name), RDFS.range)
        if datatype is None:
            without_range.add(name)
            assert entry == TYPED_BY_SHAPES[name]
        else:
            assert entry == {"@type": f"xsd:{str(datatype).removeprefix(str(XSD))}"}
    assert without_range == TYPED_BY_SHAPES.keys()


def value_for(name: str) -> Any:
    """Return a value as a case file would give it, with an awkward one where there is a choice."""
    entry = CONTEXT[name]
    if entry.get("@container") == "@language":
        return {"en": f"A {name}", "es": f"Un {name} con eñe y «comillas»"}
    samples = {
        "@id": [f"thing/{name}/3.3", "sdg:16.a", "http://www.wikidata.org/entity/Q739"],
        "@vocab": ["startYear", "nameAsPrinted"],
        "xsd:integer": 1998,
        "xsd:decimal": ["89.5", 150],
        "xsd:anyURI": "https://example.org/a?b=c",
        "xsd:date": "2017-02-20",
        "xsd:string": ['"Bogotá Cómo Vamos"', 2002],
    }
    return samples[entry["@type"]]


def everything() -> dict[str, Any]:
    """Return a document that uses every term, in a passage graph and outside of one."""
    node = {name: value_for(name) for name in (*PROPERTIES - {"reads"}, *BORROWED)}
    said = {"id": "thing/said", "type": sorted(CLASSES), **node}
    nested = {"id": "participation/p", "type": "Participation", "participant": "actor/el-tiempo"}
    registered = {"id": "thing/registered", "type": "Case", "participation": nested}
    passage = {"id": "passage/3.3/3", "says": [said]}
    return {"@context": CONTEXT, "nodes": [passage, registered]}


def by_oxigraph(document: dict[str, Any]) -> set[str]:
    text = json.dumps(document, ensure_ascii=False)
    return {str(quad) for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD)}


def by_rdflib(document: dict[str, Any]) -> set[str]:
    dataset = rdflib.Dataset()
    dataset.parse(data=json.dumps(document), format="json-ld")
    text = dataset.serialize(format="nquads")
    return {str(quad) for quad in ox.parse(text, format=ox.RdfFormat.N_QUADS)}


def test_both_parsers_give_the_same_quads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    document = everything()
    assert by_oxigraph(document) == by_rdflib(document)


@pytest.mark.parametrize("reader", [by_oxigraph, by_rdflib])
def test_what_is_read_into_a_passage_is_another_graph_to_any_reader(
    reader: Callable[[dict[str, Any]], set[str]],
) -> None:
    passage = {
        "id": "passage/1/1",
        "says": [{"id": "actor/a", "startYear": 1998}],
        "reads": [{"id": "actor/a", "sector": "sector/private"}],
    }
    lines = (f"{quad} ." for quad in reader({"@context": CONTEXT, **passage}))
    quads = list(ox.parse("\n".join(lines), format=NQUADS))
    graphs = {quad.predicate.value.removeprefix(GG): quad.graph_name for quad in quads}
    assert graphs["startYear"] == ox.NamedNode(f"{BASE}passage/1/1")
    [link] = [quad for quad in quads if quad.predicate.value == f"{GG}reads"]
    assert graphs["sector"] != graphs["startYear"]
    if reader is by_oxigraph:  # rdflib makes no graph of it
        assert link.object == graphs["sector"]


def test_every_term_reaches_the_graph_it_was_written_in() -> None:
    quads = list(ox.parse(json.dumps(everything()), format=ox.RdfFormat.JSON_LD))
    passage = ox.NamedNode(f"{BASE}passage/3.3/3")
    inside = [quad for quad in quads if quad.graph_name == passage]
    used = {quad.predicate.value for quad in inside}
    types = {quad.object.value for quad in inside if quad.predicate.value == str(RDF.type)}
    named = {GG + name for name in PROPERTIES - {"reads"}}
    assert used == {str(RDF.type), *map(str, BORROWED.values()), *named}
    assert types == {GG + name for name in CLASSES}
    outside = {quad.subject.value for quad in quads if quad.graph_name != passage}
    assert outside == {f"{BASE}thing/registered", f"{BASE}participation/p"}


@pytest.mark.parametrize(
    ("key", "written", "expected"),
    [
        ("startYear", 1998, ox.Literal(1998)),
        ("conflictValue", 2002, ox.Literal("2002")),
        ("homicideRate", "89.5", ox.Literal("89.5", datatype=ox.NamedNode(str(XSD.decimal)))),
        ("homicideRate", 150, ox.Literal("150", datatype=ox.NamedNode(str(XSD.decimal)))),
        ("onDate", "1992-06-09", ox.Literal("1992-06-09", datatype=ox.NamedNode(str(XSD.date)))),
        ("codingNote", {"es": "Nada"}, ox.Literal("Nada", language="es")),
        ("target", "sdg:16.7", ox.NamedNode("http://metadata.un.org/sdg/16.7")),
        ("role", "role/founder", ox.NamedNode(f"{BASE}role/founder")),
        ("conflictProperty", "startYear", ox.NamedNode(f"{GG}startYear")),
    ],
)
def test_value(key: str, written: Any, expected: ox.NamedNode | ox.Literal) -> None:
    document = {"@context": CONTEXT, "id": "thing/a", key: written}
    quads = list(ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD))
    assert [quad.object for quad in quads] == [expected]


def test_an_unknown_key_says_nothing() -> None:
    document = {"@context": CONTEXT, "id": "thing/a", "type": "Case", "startyear": 1998}
    predicates = {quad.split(" ")[1] for quad in by_oxigraph(document)}
    assert predicates == {f"<{RDF.type}>"}
    assert by_rdflib(document) == by_oxigraph(document)
