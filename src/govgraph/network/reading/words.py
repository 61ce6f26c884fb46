"""What codes, attributes and measures of a network are called, in the language of its labels."""

import re
from collections.abc import Iterator
from typing import Any, Final

import networkx as nx

from govgraph.network.reading.values import about, listed
from govgraph.queries.asking import QueryableGraph, labels_of
from govgraph.texts import N_, translations
from govgraph.vocabulary import GG

_NODES: Final = {
    "sector": "sector/", "kind": GG, "case": "case/", "level": "level/", "roles": "role/",
    "problems": "problem/", "places": "place/",
}  # fmt: skip
_EDGES: Final = {"kind": "role/", "shared": ""}
"""Attribute -> what makes a name of its codes."""
NAMES: Final = {
    "degree": N_("Degree"), "in_degree": N_("In-degree"), "out_degree": N_("Out-degree"),
    "strength": N_("Strength"), "in_strength": N_("In-strength"), "kind": N_("Class"),
    "out_strength": N_("Out-strength"), "degree_centrality": N_("Degree centrality"),
    "betweenness": N_("Betweenness"), "closeness": N_("Closeness"), "core": N_("k-core"),
    "harmonic": N_("Harmonic centrality"), "eigenvector": N_("Eigenvector centrality"),
    "pagerank": N_("PageRank"), "clustering": N_("Clustering"), "brokerage": N_("Brokerage"),
    "constraint": N_("Constraint (Burt)"), "effective_size": N_("Effective size (Burt)"),
    "coordinator": N_("Coordinator"), "gatekeeper": N_("Gatekeeper"), "liaison": N_("Liaison"),
    "representative": N_("Representative"), "itinerant": N_("Itinerant broker"),
    "component": N_("Component"), "louvain": N_("Community (Louvain)"), "case": N_("Case"),
    "code": N_("Code"), "contested": N_("Contested"), "count": N_("Number"),
    "level": N_("Level"), "places": N_("Places"), "roles": N_("Roles"),
    "problems": N_("Problems"), "sector": N_("Sector"), "several": N_("several"),
}  # fmt: skip
"""Attributes of nodes and edges, measures above all -> what legends and pages call them."""
_WEIGHTED: Final = "weighted_"


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


def said(graph: nx.Graph, message: str) -> str:
    """Return a text of the interface in the language of a network's labels."""
    return translations(str(graph.graph.get("lang") or "en")).gettext(message)


def word(graph: nx.Graph, name: str) -> str:
    """Return a code, attribute or measure for a reader: its label, its name, or its words."""
    labels = about(graph, "words")
    if name in labels:
        return str(labels[name])
    if name in NAMES:
        return said(graph, NAMES[name])
    if name.startswith(_WEIGHTED):
        unweighted = word(graph, name.removeprefix(_WEIGHTED))
        return said(graph, N_("%(measure)s, weighted")) % {"measure": unweighted}
    spaced = name.replace("-", " ").replace("_", " ")
    text = re.sub(r"(?<=[a-z])[A-Z]", lambda letter: f" {letter[0].lower()}", spaced)
    return text[:1].upper() + text[1:]


def _codes(value: Any) -> Iterator[str]:
    for item in listed(value):
        yield from item.split(" + ")
