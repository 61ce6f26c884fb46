"""Networks: the list of them, one with its figures and tables, its files and its explorer."""

import io
import os
import pickle
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any, Final

import networkx as nx
import numpy as np
from markupsafe import Markup

from govgraph.errors import GovgraphError, UsageError
from govgraph.files import written_whole
from govgraph.network.files.columns import Sheet
from govgraph.network.files.explorer import Site, write_html
from govgraph.network.files.formats import edge_table, format_of, node_table, write, write_csv
from govgraph.network.measures.chance import Chance, chance
from govgraph.network.measures.figures import summarise
from govgraph.network.measures.registry import annotate, measure
from govgraph.network.pictures.legend import colour_entries, tie_entries
from govgraph.network.pictures.style import UNKNOWN, Style, complete
from govgraph.network.reading.projection import FOLDER
from govgraph.network.reading.spells import ALWAYS, spells_of, text
from govgraph.network.reading.values import about, listed
from govgraph.network.reading.words import word
from govgraph.resources import built_file
from govgraph.texts import N_
from govgraph.web.describe import PublishedGraph
from govgraph.web.pages.network_picture import line_look, picture
from govgraph.web.pages.reading import Answer, reading_of
from govgraph.web.pages.rendering import View

DRAWN: Final = 500
"""Up to so many nodes a network has a picture, and files in every format."""
_FILES_LARGE: Final = ("gexf", "nodes.csv", "edges.csv")
_FILES: Final = {
    "gexf": N_("Gephi: years, sectors, measures, colours"),
    "nodes.csv": N_("table of the nodes"),
    "edges.csv": N_("table of the ties"),
    "graphml": "yEd, Cytoscape, igraph, R",
}
MEDIA_TYPES: Final = {end: format_of(end, None).media_type for end in ("gexf", "csv", "graphml")}
"""Ending -> media type of each of them."""

MOST_NODES: Final = 25
MOST_TIES: Final = 20
_MOST_PASSAGES: Final = 6
_RANDOM: Final = 100  # networks beside which figures stand
_FIGURES: Final = {
    "nodes": N_("nodes"),
    "edges": N_("ties"),
    "density": N_("density"),
    "mean_degree": N_("mean degree"),
    "components": N_("components"),
    "mean_distance": N_("mean distance"),
    "transitivity": N_("transitivity"),
    "mean_clustering": N_("mean clustering"),
    "robins_alexander": N_("clustering of two modes"),
    "assortativity": N_("assortativity by sector"),
    "communities": N_("communities"),
}


def render(view: View) -> str:
    """Return the list of networks as HTML."""
    cards = [
        {
            "name": name,
            "title": str(network.graph.get("title") or name),
            "question": str(network.graph.get("question") or ""),
            "nodes": len(network),
            "ties": network.number_of_edges(),
            "picture": small_picture(view, name),  # empty where it is too large for one
        }
        for name in view.reading.networks
        for network in (network_of(view.graph, name, view.language),)
    ]
    return view.render("networks", view.gettext("Networks"), cards=cards, explorer=has_explorer())


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
        question=str(network.graph.get("question") or ""),
        description=str(network.graph.get("description") or ""),
        slug=query.slug,
        drawn=drawn,
        legend=legend,
        figures=_figures(view, network, name),
        nodes=[
            {
                "link": _link(view, network, node),
                "kind": _words(network, data.get("sector") or data.get("kind")),
                "degree": data["degree"],
                "betweenness": view.number(data["betweenness"], 3),
                "pagerank": view.number(data["pagerank"], 3),
            }
            for node, data in nodes[:MOST_NODES]
        ],
        more_nodes=max(0, len(nodes) - MOST_NODES),
        most=nodes[0][1]["degree"] if nodes else 0,
        ties=_ties(view, network),
        more_ties=max(0, network.number_of_edges() - MOST_TIES),
        directed=network.is_directed(),
        explorer=has_explorer() and len(network) > 0,
        files=[(ending, view.gettext(purpose)) for ending, purpose in files(network).items()],
    )


def _legend(network: nx.Graph, style: Style) -> list[tuple[str, Markup]]:
    swatch = Markup(
        '<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true" focusable="false">'
        '<rect width="10" height="10" rx="{}" fill="#{:02x}{:02x}{:02x}"/></svg>'
    )
    modes = zip(listed(network.graph.get("modes")), (5, 0), strict=False)
    shapes = [(word(network, mode), swatch.format(rim, *UNKNOWN)) for mode, rim in modes]
    line = Markup(
        '<svg class="swatch line" viewBox="0 0 24 10" aria-hidden="true" focusable="false">'
        '<path class="tie"{} d="M0 5H24"/></svg>'
    )
    shapes += [(text, swatch.format(5, *rgb)) for text, rgb in colour_entries(network, style)]
    return shapes + [(text, line.format(line_look(look))) for text, look in tie_entries(network)]


def _figures(view: View, network: nx.Graph, name: str) -> list[tuple[str, str, str]]:
    """Return what each figure is called, its value, and what chance gives, if it can be drawn."""
    values = _kept(view.graph, lambda: summarise(network), "figures", name)
    beside = _kept(view.graph, lambda: _by_chance(network), "chance", name)

    def number(value: float) -> str:
        return view.number(value if isinstance(value, int) else float(f"{value:.3g}"))

    def by_chance(figure: str) -> str:
        _, mean, sd, z, _ = beside.get(figure, Chance(None))
        if mean is None or sd is None or z is None:
            return ""
        told = {"mean": number(mean), "sd": number(sd), "z": number(round(z, 1))}
        return view.gettext("by chance %(mean)s ± %(sd)s (z %(z)s)") % told

    return [
        (view.gettext(title), number(value), by_chance(figure))
        for figure, title in _FIGURES.items()
        if (value := values[figure]) is not None
    ]


def _by_chance(network: nx.Graph) -> dict[str, Chance]:
    """Return what random networks have of each figure, where there are any to draw."""
    with suppress(UsageError):
        return chance(network, _RANDOM, communities=False)[0] if is_drawn(network) else {}
    return {}


def _link(view: View, network: nx.Graph, node: Hashable) -> Markup:
    data, languages = network.nodes[node], about(network, "languages")
    label = str(data.get("label", node))
    return view.link(str(data.get("iri", "")), label, languages.get(node, ""))


def _words(network: nx.Graph, codes: Any) -> str:
    return ", ".join(word(network, code) for code in listed(codes))


def _ties(view: View, network: nx.Graph) -> list[dict[str, Any]]:
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


def _kept(graph: PublishedGraph, make: Callable[[], Answer], *key: str) -> Answer:
    """Return what is made under a key once, and kept in the cache of the graph if it is sound."""

    def made() -> Answer:
        if graph.cache_folder is None:
            return make()
        path = graph.cache_folder / "-".join((*key, nx.__version__, np.__version__))
        with suppress(OSError):
            told = path.read_bytes()
            if path.stat().st_uid == os.geteuid() and told[:32] == sha256(told[32:]).digest():
                return pickle.loads(told[32:])  # type: ignore[no-any-return]
        answer = make()
        with suppress(OSError, GovgraphError), written_whole(path) as stream:
            told = pickle.dumps(answer)
            stream.write(sha256(told).digest() + told)
        return answer

    return reading_of(graph).once(key, made)


def network_of(graph: PublishedGraph, name: str, language: str) -> nx.Graph:
    """Return a network, which must stay as it is; raises UsageError where there is none."""
    if name not in reading_of(graph).networks:
        raise UsageError(f"There is no network {name!r}: the list is on the page of networks.")
    return _kept(graph, lambda: graph.network(name, lang=language), "network", name, language)


def measured(graph: PublishedGraph, name: str, language: str) -> nx.Graph:
    """Return a network with the measures of its nodes; raises UsageError as `network_of` does."""
    network = network_of(graph, name, language)
    annotate(network, _kept(graph, lambda: measure(network), "measures", name))
    return network


def style_of(graph: PublishedGraph, name: str, language: str) -> Style:
    """Return how a network looks, which is the same in every language."""
    network = network_of(graph, name, language)
    return _kept(graph, lambda: complete(network, None), "style", name)


def is_drawn(network: nx.Graph) -> bool:
    """Whether a network is small enough for a picture, and there is something to draw."""
    return 0 < len(network) <= DRAWN


def files(network: nx.Graph) -> dict[str, str]:
    """Return what the files of a network end in, with what each is for, untranslated."""
    large = len(network) > DRAWN
    return {end: text for end, text in _FILES.items() if not large or end in _FILES_LARGE}


def file_of(graph: PublishedGraph, name: str, language: str, extension: str) -> bytes:
    """Return a network as a file; raises UsageError where there is no such network or file."""
    network, stream = measured(graph, name, language), io.BytesIO()
    if extension not in files(network):
        raise UsageError(f"There is no network file {name}.{extension}: see the network's page.")
    if extension == "edges.csv":
        write_csv(edge_table(Sheet(network)), stream)
    elif extension == "nodes.csv":
        write_csv(node_table(Sheet(network, style_of(graph, name, language))), stream)
    else:
        write(network, stream, format_of(extension, None), style_of(graph, name, language))
    return stream.getvalue()


def has_explorer() -> bool:
    """Whether the code of the explorer is built."""
    return built_file("explorer", "explorer.js") is not None


def explorer_page(view: View, name: str) -> str:
    """Return the page to explore a network in, linked with the pages of the site.

    Raises UsageError for a network there is none of, and where the page's code is not built.
    """
    network = measured(view.graph, name, view.language)
    addresses = {id_: address for id_ in _ids(network) if (address := _address(view, id_))}
    title, page = view.gettext("Picture, tables and files"), view.links.page
    site = Site(page(f"network/{name}"), title, page("index"), view.brand, addresses)
    stream = io.BytesIO()
    write_html(network, stream, style_of(view.graph, name, view.language), site)
    return stream.getvalue().decode()


def _ids(network: nx.Graph) -> list[str]:
    elements = [data for *_, data in (*network.nodes(data=True), *network.edges(data=True))]
    named = (data.get(key) for data in elements for key in ("passages", "stated_in", "shared"))
    return sorted({*map(str, network), *(id_ for value in named for id_ in listed(value))})


def _address(view: View, short: str) -> str:
    """Return the address of the page of an id such as "actor/water-office" or "sdg:16.7".

    Groups of a kind in a case ("actor-kind/police@denmark") have the page of their kind.
    """
    names, short = view.graph.names, short.partition("@")[0]
    iri = names.expand(short) if names.is_name(short) else ""
    return view.href(iri) if iri in view.reading.described else ""
