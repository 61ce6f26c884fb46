"""Networks as the site shows them: measured, laid out, and as files for other programs."""

import io
from typing import Final

import networkx as nx

from govgraph.errors import UsageError
from govgraph.network.files.columns import Sheet
from govgraph.network.files.explorer import Site, write_html
from govgraph.network.files.formats import format_of, write
from govgraph.network.files.tables import edge_table, node_table, write_csv
from govgraph.network.measures.registry import annotate, measure, parse_measures
from govgraph.network.pictures.style import Style, complete
from govgraph.network.reading.values import listed
from govgraph.resources import built_file
from govgraph.texts import N_
from govgraph.web.describe import PublishedGraph
from govgraph.web.pages.reading import reading_of
from govgraph.web.pages.rendering import View

FOLDER: Final = "networks/"
"""Where the stored queries of networks are."""
DRAWN: Final = 500
"""Up to so many nodes a network has a picture, and files in every format."""
_FILES_LARGE: Final = ("gexf", "nodes.csv", "edges.csv")
_FILES: Final = {
    "gexf": N_("Gephi: years, sectors, measures, colours"),
    "nodes.csv": N_("table of the nodes"),
    "edges.csv": N_("table of the ties"),
    "graphml": "yEd, Cytoscape, igraph, R",
    "json": N_("node-link JSON: D3, networkx"),
}
MEDIA_TYPES: Final = {
    ending: format_of(ending, None).media_type
    for ending in (name.rpartition(".")[2] for name in _FILES)
}
"""Ending -> media type of each of them."""


def network_of(graph: PublishedGraph, name: str, language: str) -> nx.Graph:
    """Return a network, made once; it must stay as it is.

    Raises UsageError for a name there is no network of.
    """
    if name not in reading_of(graph).networks:
        raise UsageError(f"There is no network {name!r}: the list is on the page of networks.")
    key = ("network", name, language)
    return reading_of(graph).once(key, lambda: graph.network(name, lang=language))


def measured(graph: PublishedGraph, name: str, language: str) -> nx.Graph:
    """Return a network with the measures of its nodes; raises UsageError as `network_of` does."""
    network = network_of(graph, name, language)
    basic = parse_measures("basic", directed=network.is_directed())
    annotate(network, reading_of(graph).once(("measures", name), lambda: measure(network, basic)))
    return network


def style_of(graph: PublishedGraph, name: str, language: str) -> Style:
    """Return how a network looks, which is the same in every language."""
    network = network_of(graph, name, language)
    return reading_of(graph).once(("style", name), lambda: complete(network, None))


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
    title = view.gettext("Picture, tables and files")
    site = Site(view.links.page(f"network/{name}"), title, addresses)
    stream = io.BytesIO()
    write_html(network, stream, style_of(view.graph, name, view.language), site)
    return stream.getvalue().decode()


def _ids(network: nx.Graph) -> list[str]:
    """Return every id that the explorer shows: of nodes, passages, and what ties share."""
    ids = {str(node) for node in network}
    elements = [data for _, data in network.nodes(data=True)]
    elements += [data for *_, data in network.edges(data=True)]
    for data in elements:
        for name in ("passages", "stated_in", "shared"):
            ids.update(listed(data.get(name)))
    return sorted(ids)


def _address(view: View, short: str) -> str:
    """Return the address of the page of an id such as "actor/water-office" or "sdg:16.7"."""
    names = view.graph.names
    iri = names.expand(short) if names.is_name(short) else ""
    return view.href(iri) if iri in view.reading.described else ""
