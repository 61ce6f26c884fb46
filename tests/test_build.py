"""What a build leaves behind: every format holds the same graph, and it describes itself."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from first_study import STUDY
from govgraph import KnowledgeGraph
from govgraph.assembly import cache
from govgraph.assembly.assemble import choose_sources
from govgraph.coding.study import Sources
from govgraph.rdf.formats import RDF_FORMATS
from govgraph.rdf.writing import FORMATS, write_formats
from govgraph.vocabulary import BASE, INFERRED_GRAPH, METADATA_GRAPH, PREFIXES, XSD


@pytest.fixture(scope="module")
def written(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graph")
    assert len(kg.write(folder)) == len(FORMATS)
    return folder


def canonical(path: Path, rdf_format: ox.RdfFormat) -> set[str]:
    dataset = ox.Dataset(ox.parse(path=str(path), format=rdf_format))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def test_every_format_of_a_dataset_holds_the_same_quads(written: Path) -> None:
    quads, trig, jsonld = (
        canonical(written / f"govgraph.{name}", RDF_FORMATS[name].engine)
        for name in ("nq", "trig", "jsonld")
    )
    assert len(quads) > 20_000
    assert quads == trig == jsonld


def test_turtle_holds_the_union(written: Path) -> None:
    turtle = ox.Dataset(ox.parse(path=str(written / "govgraph.ttl"), format=ox.RdfFormat.TURTLE))
    quads = ox.parse(path=str(written / "govgraph.nq"), format=ox.RdfFormat.N_QUADS)
    assert len(turtle) == len({quad.triple for quad in quads})


def test_rdflib_reads_the_same_number_of_quads(kg: KnowledgeGraph) -> None:
    assert isinstance(kg.dataset, rdflib.Dataset)
    assert sum(1 for _ in kg.dataset.quads()) == len(kg.store)


def test_no_blank_nodes_outside_the_ontology(kg: KnowledgeGraph) -> None:
    ontology = ox.NamedNode(f"{BASE}graph/ontology")
    for quad in kg.store:
        if quad.graph_name != ontology:
            assert not isinstance(quad.subject, ox.BlankNode), quad
            assert not isinstance(quad.object, ox.BlankNode), quad


def test_what_is_inferred_is_not_asserted(kg: KnowledgeGraph) -> None:
    inferred = ox.NamedNode(INFERRED_GRAPH)
    for quad in kg.store.quads_for_pattern(None, None, None, inferred):
        graphs = kg.store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        assert [each.graph_name for each in graphs] == [inferred]


def test_a_triple_that_several_graphs_hold_counts_once(kg: KnowledgeGraph) -> None:
    distinct = len({quad.triple for quad in kg.store})
    assert distinct < len(kg.store)
    (row,) = kg.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert row["n"] == distinct


def test_the_graph_describes_itself(kg: KnowledgeGraph) -> None:
    dataset = ox.NamedNode(f"{STUDY}dataset")
    triples = ox.NamedNode(f"{PREFIXES['void']}triples")
    metadata = ox.NamedNode(METADATA_GRAPH)
    (stated,) = kg.store.quads_for_pattern(dataset, triples, None, metadata)
    counted = {quad.triple for quad in kg.store if quad.graph_name != metadata}
    assert int(stated.object.value) == len(counted)


def test_the_cache_gives_back_what_was_built(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVGRAPH_CACHE", str(tmp_path))
    key = cache.content_key(choose_sources())
    assert cache.read(key) is None
    cache.write(key, kg.store, kg.sources)
    kept = cache.read(key)
    assert kept is not None
    assert len(kept.store) == len(kg.store)
    assert len(kept.view.store) == len(kg.view.store)
    assert json.dumps(kept.sources.dump()) == json.dumps(kg.sources.dump())


def test_what_is_read_from_the_cache_is_written_as_it_was_built(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVGRAPH_CACHE", str(tmp_path / "cache"))
    cache.write("key", kg.store, kg.sources)
    kept = cache.read("key")
    assert kept is not None
    for built, read in zip(
        kg.write(tmp_path / "built"),
        KnowledgeGraph(kept).write(tmp_path / "read"),
        strict=True,
    ):
        assert built.read_bytes() == read.read_bytes()  # blank nodes have kept their labels
    assert {str(quad) for quad in kept.view.store} == {str(quad) for quad in kg.view.store}


def test_what_is_in_the_cache_is_not_replaced(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may be about to read its parts."""
    monkeypatch.setenv("GOVGRAPH_CACHE", str(tmp_path))
    cache.write("key", kg.store, kg.sources)
    before = {path: path.stat() for path in (tmp_path / "key", *(tmp_path / "key").iterdir())}
    monkeypatch.setattr("os.path.lexists", lambda path: False)  # it comes while ours is written
    cache.write("key", kg.store, kg.sources)
    monkeypatch.undo()
    assert {path: path.stat() for path in before}.keys() == before.keys()
    assert [path.stat().st_ino for path in before] == [s.st_ino for s in before.values()]
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_cache_that_cannot_be_written_is_done_without(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("GOVGRAPH_CACHE", str(tmp_path / "file"))
    cache.write("key", kg.store, kg.sources)
    assert cache.read("key") is None


def test_one_changed_byte_is_another_key(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("id: case/a\n", encoding="utf-8")
    first = cache.content_key(Sources(data=(tmp_path,)))
    (tmp_path / "a.yaml").write_text("id: case/b\n", encoding="utf-8")
    assert cache.content_key(Sources(data=(tmp_path,))) != first


@pytest.mark.parametrize("name", ["graph.nq", "graph.ttl", "graph.trig", "graph.jsonld"])
def test_a_cardinality_has_the_type_that_owl_asks_for(name: str, tmp_path: Path) -> None:
    """The engine's store takes it away; OWL 2 Mapping to RDF Graphs, section 2.1."""
    most = ox.NamedNode("http://www.w3.org/2002/07/owl#maxQualifiedCardinality")
    whole = ox.NamedNode("http://www.w3.org/2001/XMLSchema#nonNegativeInteger")
    class_, age = ox.NamedNode("https://example.org/C"), ox.NamedNode("https://example.org/age")
    store, one = ox.Store(), ox.Literal("1", datatype=whole)
    store.extend(ox.Quad(class_, each, one) for each in (most, age))
    write_formats(store, tmp_path, "graph")
    format = ox.RdfFormat.from_extension(Path(name).suffix[1:])
    found = {
        quad.predicate: quad.object for quad in ox.parse(path=str(tmp_path / name), format=format)
    }
    assert found == {most: one, age: ox.Literal("1", datatype=ox.NamedNode(f"{XSD}integer"))}
