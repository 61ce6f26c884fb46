"""Inference for a store: its statements are fetched, inferred from here, and the result sent back.

What is asserted are all graphs but the inferred one, the metadata, and those that the server and
govgraph keep for themselves; and the default graph, where it is not the union of the others. Other
data sets on the same store are asserted too, and reasoned over.
"""

from dataclasses import replace

import pyoxigraph as ox

from govgraph.errors import RemoteError
from govgraph.reasoning import Caution, Inferred, infer
from govgraph.store.endpoint import Endpoint
from govgraph.store.lock import Lock
from govgraph.store.statements import compare, settled, written
from govgraph.store.store_graphs import StoreGraphs
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH


def infer_for(endpoint: Endpoint) -> Inferred:
    """Replace the inferred graph of a store by what follows from its asserted statements.

    Raises RemoteError where the store cannot be read or changed, or holds the result otherwise
    than it was sent, and where another run is at work on it; nothing else of it is changed.
    """
    graphs = StoreGraphs(endpoint, relabel=False)
    with Lock(graphs.client, "infer").held():
        inferred = named(infer(asserted(graphs)))
        _replace(graphs, settled(written(inferred.triples)))
    return inferred


def named(inferred: Inferred) -> Inferred:
    """Return what is not about blank nodes, which a store would make others of; count the rest."""
    blank = ox.BlankNode
    triples = [t for t in inferred.triples if blank not in (type(t.subject), type(t.object))]
    left_out = len(inferred.triples) - len(triples)
    cautions = list(inferred.cautions)
    if left_out:
        message = f"{left_out} inferred statements about blank nodes are left out: they need IRIs."
        cautions.append(Caution("blank-node", "", message))
    return replace(inferred, triples=triples, cautions=cautions)


def asserted(graphs: StoreGraphs) -> ox.Store:
    """Return what is asserted on a store."""
    not_asserted = (INFERRED_GRAPH, METADATA_GRAPH)
    counts = graphs.counts().items()
    store = graphs.fetch({graph: count for graph, count in counts if graph not in not_asserted})
    if not graphs.client.has_union():
        rows = graphs.client.rows("SELECT ?s ?p ?o { ?s ?p ?o }")
        store.extend(ox.Quad(*row) for row in rows)  # type: ignore[arg-type]
    return store


def _replace(graphs: StoreGraphs, lines: list[bytes]) -> None:
    """Put lines in the place of the inferred graph, and hold what then stands against them."""
    if not lines:
        graphs.remove(INFERRED_GRAPH)
        return
    graphs.replace(INFERRED_GRAPH, lines)
    stands = dict(graphs.read(graphs.counts_of([INFERRED_GRAPH])))[INFERRED_GRAPH]
    difference = compare(INFERRED_GRAPH, lines, stands)
    if not difference.equal:
        lost = b"".join((difference.only_a or difference.only_b)[:1]).decode().strip()
        raise RemoteError(
            f"the store holds {len(difference.only_a) + len(difference.only_b):,} inferred"
            f" statements otherwise than they were sent, such as {lost}",
            graphs.name,
        )
