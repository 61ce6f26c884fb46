"""What the codes of a network are called: "local-government" is "Gobierno local" in Spanish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from govgraph.queries.labels import labels_of
from govgraph.vocabulary import GG

if TYPE_CHECKING:
    import networkx as nx

    from govgraph.queries.asking import QueryableGraph

_NODES: Final = {
    "sector": "sector/", "kind": GG, "case": "case/", "level": "level/", "roles": "role/",
    "problems": "problem/", "places": "place/",
}  # fmt: skip
_EDGES: Final = {"kind": "role/", "shared": ""}
"""Attribute -> what makes a name of its codes."""


def words_of(graph: QueryableGraph, network: nx.Graph, lang: str) -> dict[str, str]:
    """Return code -> label for the codes in a network's attributes, those that have a label."""
    labels = labels_of(graph, lang)
    codes = {
        (code, namespaces[name] + code)
        for elements, namespaces in (
            ((data for _, data in network.nodes(data=True)), _NODES),
            ((data for *_, data in network.edges(data=True)), _EDGES),
        )
        for data in elements
        for name in namespaces
        for code in _codes(data.get(name))
    }
    by_id = graph.names.by_id
    iris = ((code, name if name.startswith(GG) else by_id(name)) for code, name in sorted(codes))
    return {code: labels[iri] for code, iri in iris if iri in labels}


def _codes(value: Any) -> Iterator[str]:
    if isinstance(value, list | tuple | set):
        for item in value:
            yield from _codes(item)
    elif value is not None:
        yield from str(value).split(" + ")
