"""A remote store read pattern by pattern: what is asked for is pulled once and kept.

Explaining asks many small questions about few things. Each is answered from what was pulled
before; a question about a thing pulls all that is said of it, so that the next need not be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from govgraph.queries.sparql import write_term
from govgraph.rdf.terms import Term
from govgraph.reasoning.names import rdf
from govgraph.reasoning.schema import AXIOM_PREDICATES
from govgraph.store.reserved import LEFT_OUT
from govgraph.store.store_graphs import StoreGraphs

if TYPE_CHECKING:
    from govgraph.store.answering import RemoteView

Pattern = tuple[Any, Any, Any]
"""Subject, predicate and object; None stands for any term."""

_NAMES: Final = ("s", "p", "o")


class PulledStore:
    """The quads of one remote store; answers patterns as `pyoxigraph.Store` does.

    Blank nodes are known where they were pulled with the schema, which is read in one piece: a
    server may call them otherwise the next time.
    """

    def __init__(self, view: RemoteView):
        self._view = view
        self._here = ox.Store()
        self._pulled: set[Pattern] = set()

    def quads_for_pattern(
        self, subject: Any, predicate: Any, object: Any, graph_name: Any = None, /
    ) -> Iterator[ox.Quad]:
        """Yield the quads that fit; raises RemoteError where the store does not answer."""
        self._pull(subject, predicate, object)
        return self._here.quads_for_pattern(subject, predicate, object, graph_name)

    def _pull(self, subject: Term | None, predicate: Term | None, value: Term | None) -> None:
        if isinstance(subject, ox.BlankNode) or isinstance(value, ox.BlankNode):
            return
        pattern: Pattern = (None, predicate, value) if subject is None else (subject, None, None)
        wider = {pattern, (None, pattern[1], None), (None, None, pattern[2])} - {(None, None, None)}
        if pattern == (None, None, None) or subject is not None:
            wider = {pattern}
        if wider & self._pulled:
            return
        self._here.extend(quads(self._view, pattern))
        self._pulled.add(pattern)


def quads(view: RemoteView, pattern: Pattern = (None, None, None)) -> Iterator[ox.Quad]:
    """Yield the quads of a store that fit, from every graph but those it keeps for itself."""
    fixed = {name: term for name, term in zip(_NAMES, pattern, strict=True) if term is not None}
    free = [name for name in _NAMES if name not in fixed]
    triple = " ".join(write_term(fixed[name]) if name in fixed else f"?{name}" for name in _NAMES)
    left_out = ", ".join(f"<{graph}>" for graph in LEFT_OUT)
    selected = " ".join(f"?{name}" for name in (*free, "g"))
    query = f"SELECT {selected} {{ GRAPH ?g {{ {triple} }} FILTER(?g NOT IN ({left_out})) }}"
    for row in view.answer(query).rows:
        terms = {**fixed, **dict(zip((*free, "g"), row, strict=True))}
        yield ox.Quad(terms["s"], terms["p"], terms["o"], terms["g"])


def schema_of(view: RemoteView) -> ox.Store:
    """Return the axioms of a store, from every graph: one query, so that blank nodes hang together.

    Axioms are found by their predicates and by the types of OWL.
    """
    predicates = " ".join(
        f"({predicate})" for predicate in (*AXIOM_PREDICATES, rdf.first, rdf.rest)
    )
    query = (
        "SELECT ?s ?p ?o ?g {"
        f" {{ VALUES (?p) {{ {predicates} }} GRAPH ?g {{ ?s ?p ?o }} }}"
        f" UNION {{ GRAPH ?g {{ ?s a ?o }} BIND({rdf.type} AS ?p)"
        " FILTER(STRSTARTS(STR(?o), STR(<http://www.w3.org/2002/07/owl#>))"
        " || STRSTARTS(STR(?o), STR(<http://www.w3.org/2000/01/rdf-schema#>))"
        " || ?o = <http://www.w3.org/1999/02/22-rdf-syntax-ns#Property>) } }"
    )
    rows: Iterable[Any] = view.answer(query).rows
    store = ox.Store()
    store.extend(ox.Quad(*row) for row in rows if row[3].value not in LEFT_OUT)
    return store


def everything(view: RemoteView) -> ox.Store:
    """Return every named graph of a store; those that it and a push keep for themselves left out.

    Raises RemoteError where it is empty, or half-done work would be part of the answer.
    """
    view.check()
    graphs = StoreGraphs(view.client.endpoint, relabel=False)
    try:
        return graphs.fetch(graphs.counts())
    finally:
        graphs.close()
