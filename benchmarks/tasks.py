"""What is measured: (stage, engine) -> a function that prepares, and returns what is timed.

What is timed returns a number that says what came out, so that engines can be compared. Heavy
imports are part of the preparation, but for whole builds, which are timed as cold processes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import pyoxigraph as ox
from tests import owlrl_engine

from benchmarks.queries import mix
from benchmarks.workload import Workload
from govgraph.api.knowledge_graph import KnowledgeGraph
from govgraph.assembly.assemble import LocalGraph, read_ontology
from govgraph.coding.cases import load
from govgraph.coding.study import Sources
from govgraph.queries.sparql import with_values
from govgraph.rdf.source_map import SourceMap
from govgraph.rdf.writing import export
from govgraph.reasoning import Inferred, infer
from govgraph.shapes.engines import ontology_shapes
from govgraph.shapes.validation import validate
from govgraph.vocabulary import INFERRED_GRAPH

Run = Callable[[], int]
EXPLAINED: Final = 100
NQUADS: Final = ox.RdfFormat.N_QUADS


def _closure(workload: Workload) -> ox.Store:
    store = ox.Store()
    store.bulk_load(path=str(workload.closure), format=NQUADS)
    return store


def _rdflib_graph(path: Path) -> Any:
    """Return the union of a file's graphs as people have it: one rdflib.Graph."""
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(path, format="nquads" if path.suffix == ".nq" else "trig")
    graph = rdflib.Graph()
    for triple in dataset.triples((None, None, None)):
        graph.add(triple)
    return graph


# -- parse: case files into statements; load: RDF into a store -----------------------------------


def parse_govgraph(workload: Workload) -> Run:
    return lambda: len(load(workload.case_files).store)


def load_govgraph(workload: Workload) -> Run:
    return lambda: len(load(Sources(data=(workload.quads,))).store)


def load_by_hand(workload: Workload) -> Run:
    import rdflib

    return lambda: len(rdflib.Dataset(default_union=True).parse(workload.quads, format="nquads"))


def load_floor(workload: Workload) -> Run:
    def run() -> int:
        store = ox.Store()
        store.bulk_load(path=str(workload.quads), format=NQUADS)
        return len(store)

    return run


# -- reason: what follows, added to what is asserted ----------------------------------------------


def _reason(workload: Workload, reasoner: Callable[[ox.Store], Inferred]) -> Run:
    store = load(Sources(data=(workload.quads,))).store
    store.bulk_extend(read_ontology())

    def run() -> int:
        inferred = reasoner(store)
        store.bulk_extend(inferred.quads(INFERRED_GRAPH))
        return len(inferred.triples)

    return run


def reason_govgraph(workload: Workload) -> Run:
    return _reason(workload, infer)


def reason_reference(workload: Workload) -> Run:
    return _reason(workload, owlrl_engine.infer)


def reason_by_hand(workload: Workload) -> Run:
    import owlrl

    graph = _rdflib_graph(workload.trig)

    def run() -> int:
        before = len(graph)
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
        return len(graph) - before

    return run


# -- validate: the closure against the shapes -----------------------------------------------------


def validate_govgraph(workload: Workload) -> Run:
    store = _closure(workload)
    return lambda: len(validate(store, SourceMap()).results)


def validate_reference(workload: Workload) -> Run:
    store = _closure(workload)
    return lambda: len(validate(store, SourceMap(), engine="pyshacl").results)


def validate_by_hand(workload: Workload) -> Run:
    import pyshacl
    import rdflib

    graph = _rdflib_graph(workload.closure)
    text = ox.serialize(ontology_shapes(), format=ox.RdfFormat.N_TRIPLES) or b""
    shapes = rdflib.Graph().parse(data=text, format="nt")

    def run() -> int:
        _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
        return len(list(report.subject_objects(rdflib.SH.result)))

    return run


# -- queries: the mix, once ----------------------------------------------------------------------


def queries_govgraph(workload: Workload) -> Run:
    graph = KnowledgeGraph(LocalGraph(_closure(workload), SourceMap()))
    wanted = mix(workload)
    assert graph.view  # made before anyone asks
    assert graph.queries
    return lambda: sum(len(graph.query(name, **values)) for name, values in wanted)


def queries_by_hand(workload: Workload) -> Run:
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(workload.closure, format="nquads")
    graph = KnowledgeGraph(LocalGraph(_closure(workload), SourceMap()))
    asked = [(graph.find_query(name), values) for name, values in mix(workload)]
    texts = [with_values(query.text, query.terms(values)) for query, values in asked]
    return lambda: sum(len(list(dataset.query(text))) for text in texts)


# -- write: N-Quads, TriG, JSON-LD, and Turtle of the union --------------------------------------


def write_govgraph(workload: Workload) -> Run:
    store, folder = _closure(workload), Path(mkdtemp(dir=workload.folder))
    return lambda: sum(path.stat().st_size for path in export(store, folder))


def write_by_hand(workload: Workload) -> Run:
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(workload.closure, format="nquads")
    union, folder = _rdflib_graph(workload.closure), Path(mkdtemp(dir=workload.folder))

    def run() -> int:
        for extension, name in (("nq", "nquads"), ("trig", "trig"), ("jsonld", "json-ld")):
            dataset.serialize(folder / f"graph.{extension}", format=name)
        union.serialize(folder / "graph.ttl", format="turtle")
        return sum(path.stat().st_size for path in folder.iterdir())

    return run


# -- explain: why a hundred inferred statements are there -----------------------------------------


def explain_govgraph(workload: Workload) -> Run:
    graph = KnowledgeGraph(LocalGraph(_closure(workload), SourceMap()))
    inferred = graph.store.quads_for_pattern(None, None, None, ox.NamedNode(INFERRED_GRAPH))
    statements = sorted((quad.triple for quad in inferred), key=str)
    wanted = statements[:: max(1, len(statements) // EXPLAINED)][:EXPLAINED]

    def run() -> int:
        return sum(bool(graph.explainer.explain(each)) for each in wanted)

    return run


TASKS: Final[dict[tuple[str, str], Callable[[Workload], Run]]] = {
    ("parse", "govgraph"): parse_govgraph,
    ("load", "govgraph"): load_govgraph,
    ("load", "by hand"): load_by_hand,
    ("load", "floor"): load_floor,
    ("reason", "govgraph"): reason_govgraph,
    ("reason", "by hand"): reason_by_hand,
    ("reason", "reference"): reason_reference,
    ("validate", "govgraph"): validate_govgraph,
    ("validate", "by hand"): validate_by_hand,
    ("validate", "reference"): validate_reference,
    ("queries", "govgraph"): queries_govgraph,
    ("queries", "by hand"): queries_by_hand,
    ("explain", "govgraph"): explain_govgraph,
    ("write", "govgraph"): write_govgraph,
    ("write", "by hand"): write_by_hand,
}
"""Whole builds, the stage "build", are commands: see measure.py."""
