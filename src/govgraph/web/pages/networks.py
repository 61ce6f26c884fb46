"""Networks: the list of them with pictures, and one with its figures, tables and files."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from govgraph.errors import UsageError
from govgraph.web.pages.network_data import (
    FOLDER,
    extensions,
    has_explorer,
    is_drawn,
    look_of,
    measured,
    names,
    network_of,
)
from govgraph.web.pages.network_picture import picture
from govgraph.web.pages.pictures import bar
from govgraph.web.pages.rendering import View

if TYPE_CHECKING:
    import networkx as nx

    from govgraph.network.pictures.style import Style

MOST_NODES: Final = 25
MOST_TIES: Final = 20
_MOST_PASSAGES: Final = 6

_FIGURES: Final = (
    ("nodes", "nodes", "nodos"),
    ("edges", "ties", "vínculos"),
    ("density", "density", "densidad"),
    ("mean_degree", "mean degree", "grado medio"),
    ("components", "components", "componentes"),
    ("mean_distance", "mean distance", "distancia media"),
    ("mean_clustering", "mean clustering", "agrupamiento medio"),
    ("communities", "communities (Louvain)", "comunidades (Louvain)"),
)
_FILES: Final = {
    "gexf": ("Gephi: years, sectors, measures, colours", "Gephi: años, sectores, medidas, colores"),
    "nodes.csv": ("table of the nodes", "tabla de los nodos"),
    "edges.csv": ("table of the ties", "tabla de los vínculos"),
    "graphml": ("yEd, Cytoscape, igraph, R", "yEd, Cytoscape, igraph, R"),
    "net": ("Pajek", "Pajek"),
    "cyjs": ("Cytoscape", "Cytoscape"),
    "json": ("node-link JSON: D3, networkx", "JSON de nodos y vínculos: D3, networkx"),
}


@dataclass(frozen=True)
class Card:
    """A network in the list; `picture` is empty where it is too large for one."""

    name: str
    title: str
    question: str
    nodes: int
    ties: int
    picture: Markup


def render(view: View) -> str:
    """Return the list of networks as HTML."""
    title = view.say("Networks", "Redes")
    cards = [_card(view, name) for name in names(view.graph)]
    return view.render(
        "networks.html", "networks", title, cards=cards, explorer=has_explorer(), files=_FILES
    )


def _card(view: View, name: str) -> Card:
    network = network_of(view.graph, name, view.language)
    return Card(
        name,
        str(network.graph.get("title") or name),
        str(network.graph.get("description") or ""),
        len(network),
        network.number_of_edges(),
        small_picture(view, name),
    )


def small_picture(view: View, name: str) -> Markup:
    """Return a network as a small picture; nothing for one too large, empty or missing."""
    if name not in names(view.graph):
        return Markup("")
    network = network_of(view.graph, name, view.language)
    if not is_drawn(network):
        return Markup("")
    return picture(network, look_of(view.graph, name, view.language), _told(view, network))


def _told(view: View, network: nx.Graph) -> str:
    nodes, ties = len(network), network.number_of_edges()
    return view.say(
        f"{network.graph.get('title')}: {nodes} nodes, {ties} ties",
        f"{network.graph.get('title')}: {nodes} nodos, {ties} vínculos",
    )


def network_page(view: View, name: str) -> str:
    """Return the page of a network as HTML; raises UsageError for one there is none of."""
    if name not in names(view.graph):
        raise UsageError(f"There is no network {name!r}: the list is on the page of networks.")
    network = measured(view.graph, name, view.language)
    drawn, legend = Markup(""), []
    if is_drawn(network):
        look = look_of(view.graph, name, view.language)
        drawn = picture(
            network, look, _told(view, network), lambda node: _href(view, network, node)
        )
        legend = _legend(network, look)
    query = view.graph.queries[f"{FOLDER}{name}"]
    described = (view.language == "es" and query.description_es) or query.description
    nodes = sorted(network.nodes(data=True), key=lambda each: (-each[1]["degree"], str(each[0])))
    return view.render(
        "network.html",
        f"network/{name}",
        str(network.graph.get("title") or name),
        section="networks",
        name=name,
        question=str(network.graph.get("description") or ""),
        description=described,
        slug=query.slug,
        drawn=drawn,
        legend=legend,
        figures=_figures(view, network),
        nodes=[_node_row(view, network, node, data) for node, data in nodes[:MOST_NODES]],
        more_nodes=max(0, len(nodes) - MOST_NODES),
        most=nodes[0][1]["degree"] if nodes else 0,
        ties=_ties(view, network),
        more_ties=max(0, network.number_of_edges() - MOST_TIES),
        directed=network.is_directed(),
        explorer=has_explorer() and len(network) > 0,
        files=[(each, view.say(*_FILES[each])) for each in extensions(network)],
        bar=bar,
    )


def _href(view: View, network: nx.Graph, node: Hashable) -> str:
    return view.href(str(network.nodes[node].get("iri", "")))


def _legend(network: nx.Graph, look: Style) -> list[tuple[str, Markup]]:
    """Return what each colour stands for, with a swatch of it."""
    from govgraph.network.pictures.legend import colour_entries

    swatch = Markup(
        '<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true" focusable="false">'
        '<circle cx="5" cy="5" r="5" fill="#{:02x}{:02x}{:02x}"/></svg>'
    )
    return [(name, swatch.format(*colour)) for name, colour in colour_entries(network, look)]


def _figures(view: View, network: nx.Graph) -> list[tuple[str, str]]:
    from govgraph.network.measures.summary import summarise

    values = summarise(network)
    found = []
    for name, english, spanish in _FIGURES:
        value = values[name]
        if value is not None:
            text = f"{value:,}" if isinstance(value, int) else f"{value:.3g}"
            found.append((view.say(english, spanish), text))
    return found


def _node_row(
    view: View, network: nx.Graph, node: Hashable, data: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "link": _link(view, network, node),
        "kind": _word(network, data.get("sector") or data.get("kind")),
        "degree": data["degree"],
        "betweenness": f"{data['betweenness']:.3f}",
        "pagerank": f"{data['pagerank']:.3f}",
    }


def _link(view: View, network: nx.Graph, node: Hashable) -> Markup:
    data = network.nodes[node]
    return view.link(str(data.get("iri", "")), str(data.get("label", node)))


def _word(network: nx.Graph, value: Any) -> str:
    from govgraph.network.pictures.legend import word

    values = value if isinstance(value, list | tuple | set) else [value]
    return ", ".join(word(network, str(each)) for each in values if each)


def _ties(view: View, network: nx.Graph) -> list[dict[str, Any]]:
    """Return the ties of most weight, each with its ends, kind, years and passages."""
    ties = sorted(
        network.edges(data=True),
        key=lambda tie: (-float(tie[2].get("weight", 1)), str(tie[0]), str(tie[1])),
    )
    return [
        {
            "ends": (_link(view, network, one), _link(view, network, other)),
            "kind": _word(network, data.get("kind")),
            "weight": data.get("weight", 1),
            "years": _years(data),
            "passages": _passages(view, data),
        }
        for one, other, data in ties[:MOST_TIES]
    ]


def _years(data: Mapping[str, Any]) -> str:
    from govgraph.network.reading.spells import ALWAYS, spells_of

    spells = spells_of(data)
    if spells == [ALWAYS]:
        return ""
    return ", ".join(
        str(start) if start == end else f"{start or ''}–{end or ''}" for start, end in spells
    )


def _passages(view: View, data: Mapping[str, Any]) -> Markup:
    from govgraph.vocabulary import BASE

    found = data.get("passages") or data.get("stated_in") or []
    found = [found] if isinstance(found, str) else sorted(found)
    shown_links = Markup(", ").join(view.place(f"{BASE}{each}") for each in found[:_MOST_PASSAGES])
    return shown_links + (Markup(" …") if len(found) > _MOST_PASSAGES else Markup(""))
