"""Networks: the list of them with pictures, and one with its figures, tables and files."""

from collections.abc import Hashable, Mapping
from typing import Any, Final

import networkx as nx
from markupsafe import Markup

from govgraph.network.measures.summary import summarise
from govgraph.network.pictures.legend import colour_entries
from govgraph.network.pictures.style import Style
from govgraph.network.reading.spells import ALWAYS, spells_of, text
from govgraph.network.reading.values import listed
from govgraph.network.reading.words import word
from govgraph.texts import N_
from govgraph.web.pages.network_data import (
    FOLDER,
    files,
    has_explorer,
    is_drawn,
    measured,
    network_of,
    style_of,
)
from govgraph.web.pages.network_picture import picture
from govgraph.web.pages.rendering import View, bar

MOST_NODES: Final = 25
MOST_TIES: Final = 20
_MOST_PASSAGES: Final = 6

_FIGURES: Final = {
    "nodes": N_("nodes"),
    "edges": N_("ties"),
    "density": N_("density"),
    "mean_degree": N_("mean degree"),
    "components": N_("components"),
    "mean_distance": N_("mean distance"),
    "mean_clustering": N_("mean clustering"),
    "communities": N_("communities (Louvain)"),
}


def render(view: View) -> str:
    """Return the list of networks as HTML."""
    title = view.gettext("Networks")
    cards = [_card(view, name) for name in view.reading.networks]
    return view.render("networks", title, cards=cards, explorer=has_explorer())


def _card(view: View, name: str) -> dict[str, Any]:
    """Return what the list shows of a network; `picture` is empty where it is too large for one."""
    network = network_of(view.graph, name, view.language)
    return {
        "name": name,
        "title": str(network.graph.get("title") or name),
        "question": str(network.graph.get("description") or ""),
        "nodes": len(network),
        "ties": network.number_of_edges(),
        "picture": small_picture(view, name),
    }


def small_picture(view: View, name: str) -> Markup:
    """Return a network as a small picture; nothing for one too large, empty or missing."""
    if name not in view.reading.networks:
        return Markup("")
    network = network_of(view.graph, name, view.language)
    if not is_drawn(network):
        return Markup("")
    return picture(network, style_of(view.graph, name, view.language), _alternative(view, network))


def _alternative(view: View, network: nx.Graph) -> str:
    """Return what a picture of a network is called for those who do not see it."""
    nodes, ties = len(network), network.number_of_edges()
    counted = (
        view.ngettext("%(num)s node", "%(num)s nodes", nodes) % {"num": nodes},
        view.ngettext("%(num)s tie", "%(num)s ties", ties) % {"num": ties},
    )
    return f"{network.graph.get('title')}: {', '.join(counted)}"


def network_page(view: View, name: str) -> str:
    """Return the page of a network as HTML; raises UsageError for one there is none of."""
    network = measured(view.graph, name, view.language)
    drawn, legend = Markup(""), []
    if is_drawn(network):
        style, title = style_of(view.graph, name, view.language), _alternative(view, network)
        iris = dict(network.nodes(data="iri", default=""))
        drawn = picture(network, style, title, lambda node: view.href(iris[node]))
        legend = _legend(network, style)
    query = view.graph.queries[f"{FOLDER}{name}"]
    nodes = sorted(network.nodes(data=True), key=lambda item: (-item[1]["degree"], str(item[0])))
    return view.render(
        "network",
        str(network.graph.get("title") or name),
        path=f"network/{name}",
        section="networks",
        name=name,
        question=str(network.graph.get("description") or ""),
        description=view.told(query, "description"),
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
        files=[(ending, view.gettext(purpose)) for ending, purpose in files(network).items()],
        bar=bar,
    )


def _legend(network: nx.Graph, style: Style) -> list[tuple[str, Markup]]:
    """Return what each colour stands for, with a swatch of it."""
    swatch = Markup(
        '<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true" focusable="false">'
        '<circle cx="5" cy="5" r="5" fill="#{:02x}{:02x}{:02x}"/></svg>'
    )
    return [(name, swatch.format(*colour)) for name, colour in colour_entries(network, style)]


def _figures(view: View, network: nx.Graph) -> list[tuple[str, str]]:
    values = summarise(network)
    return [
        (
            view.gettext(title),
            view.number(value if isinstance(value, int) else float(f"{value:.3g}")),
        )
        for name, title in _FIGURES.items()
        if (value := values[name]) is not None
    ]


def _node_row(
    view: View, network: nx.Graph, node: Hashable, data: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "link": _link(view, network, node),
        "kind": _words(network, data.get("sector") or data.get("kind")),
        "degree": data["degree"],
        "betweenness": view.number(data["betweenness"], 3),
        "pagerank": view.number(data["pagerank"], 3),
    }


def _link(view: View, network: nx.Graph, node: Hashable) -> Markup:
    data, languages = network.nodes[node], network.graph.get("label_languages", {})
    label = str(data.get("label", node))
    return view.link(str(data.get("iri", "")), label, languages.get(node, ""))


def _words(network: nx.Graph, codes: Any) -> str:
    return ", ".join(word(network, code) for code in listed(codes))


def _ties(view: View, network: nx.Graph) -> list[dict[str, Any]]:
    """Return the ties of most weight, each with its ends, kind, years and passages."""
    ties = sorted(
        network.edges(data=True),
        key=lambda tie: (-float(tie[2].get("weight", 1)), str(tie[0]), str(tie[1])),
    )
    return [
        {
            "ends": (_link(view, network, one), _link(view, network, other)),
            "kind": _words(network, data.get("kind")),
            "weight": data.get("weight", 1),
            "years": "" if (years := spells_of(data)) == [ALWAYS] else text(years, dash="–"),
            "passages": _passages(view, data),
        }
        for one, other, data in ties[:MOST_TIES]
    ]


def _passages(view: View, data: Mapping[str, Any]) -> Markup:
    ids = sorted(listed(data.get("passages") or data.get("stated_in")))
    links = view.places([view.graph.names.expand(id_) for id_ in ids[:_MOST_PASSAGES]])
    return links + (Markup(" …") if len(ids) > _MOST_PASSAGES else Markup(""))
