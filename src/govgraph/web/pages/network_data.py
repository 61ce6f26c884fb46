"""Networks as the site shows them: measured, laid out, and as files for other programs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from govgraph.errors import UsageError
from govgraph.resources import built_file
from govgraph.vocabulary import BASE
from govgraph.web.languages import Language

if TYPE_CHECKING:
    import networkx as nx

    from govgraph.network.pictures.appearance import Appearance
    from govgraph.web.graph import PublishedGraph
    from govgraph.web.pages.rendering import View

FOLDER: Final = "networks/"
"""Where the stored queries of networks are."""
DRAWN: Final = 500
"""Up to so many nodes a network has a picture, and files in every format."""
MOST_STATEMENTS: Final = 300_000
"""Of a graph with more statements no network is made for a page: it would take too long."""

_FILES_LARGE: Final = ("gexf", "nodes.csv", "edges.csv")
_FILES: Final = (*_FILES_LARGE, "graphml", "net", "cyjs", "json")
MEDIA_TYPES: Final = {
    "gexf": "application/gexf+xml",
    "csv": "text/csv",
    "graphml": "application/graphml+xml",
    "net": "text/plain",
    "cyjs": "application/json",
    "json": "application/json",
}


_kept: WeakKeyDictionary[PublishedGraph, dict[tuple[str, str], Any]] = WeakKeyDictionary()


def names(graph: PublishedGraph) -> list[str]:
    """Return the names of the networks there are pages of, sorted."""
    if len(graph) > MOST_STATEMENTS:
        return []
    found = (slug.removeprefix(FOLDER) for slug in graph.queries if slug.startswith(FOLDER))
    return sorted(name for name in found if "/" not in name)


def network_of(graph: PublishedGraph, name: str, language: Language) -> nx.Graph:
    """Return a network, made once; it must stay as it is."""
    kept = _kept.setdefault(graph, {})
    if (name, language) not in kept:
        kept[name, language] = graph.network(name, lang=language)
    network: nx.Graph = kept[name, language]
    return network


def measured(graph: PublishedGraph, name: str, language: Language) -> nx.Graph:
    """Return a network with the measures of its nodes."""
    from govgraph.network.measures.centrality import annotate, measure, parse_measures

    network, kept = network_of(graph, name, language), _kept[graph]
    if (name, "measures") not in kept:
        wanted = parse_measures("basic", directed=network.is_directed())
        kept[name, "measures"] = measure(network, wanted)
    annotate(network, kept[name, "measures"])
    return network


def look_of(graph: PublishedGraph, name: str, language: Language) -> Appearance:
    """Return how a network looks, which is the same in both languages."""
    from govgraph.network.pictures.looks import complete

    network, kept = network_of(graph, name, language), _kept[graph]
    if (name, "look") not in kept:
        kept[name, "look"] = complete(network, None)
    look: Appearance = kept[name, "look"]
    return look


def is_drawn(network: nx.Graph) -> bool:
    """Whether a network is small enough for a picture, and there is something to draw."""
    return 0 < len(network) <= DRAWN


def extensions(network: nx.Graph) -> tuple[str, ...]:
    """Return what the files of a network end in."""
    return _FILES if len(network) <= DRAWN else _FILES_LARGE


def file_of(graph: PublishedGraph, name: str, language: Language, extension: str) -> bytes | None:
    """Return a network as a file; None for a network or format there is no such file of."""
    from govgraph.network.files.formats import format_of, write
    from govgraph.network.files.tables import edge_table, node_table, write_csv

    if name not in names(graph):
        return None
    network = measured(graph, name, language)
    if extension not in extensions(network):
        return None
    stream = io.BytesIO()
    if extension == "edges.csv":
        write_csv(edge_table(network), stream)
    elif extension == "nodes.csv":
        write_csv(node_table(network, look_of(graph, name, language)), stream)
    else:
        write(network, stream, format_of(extension, None), look_of(graph, name, language))
    return stream.getvalue()


def has_explorer() -> bool:
    """Whether the code of the explorer is built."""
    return built_file("explorer", "explorer.js") is not None


def explorer_page(view: View, name: str) -> str:
    """Return the page to explore a network in, linked with the pages of the site.

    Raises UsageError for a network there is none of, and where the page's code is not built.
    """
    from govgraph.network.files.explorer import Site, write_html

    if name not in names(view.graph):
        raise UsageError(f"There is no network {name!r}: the list is on the page of networks.")
    network = measured(view.graph, name, view.language)
    addresses = {each: address for each in _ids(network) if (address := _address(view, each))}
    title = view.say("Picture, tables and files", "Imagen, tablas y archivos")
    site = Site(view.links.page(f"network/{name}"), title, addresses)
    stream = io.BytesIO()
    write_html(network, stream, look_of(view.graph, name, view.language), site)
    return stream.getvalue().decode()


def _ids(network: nx.Graph) -> list[str]:
    """Return every id that the explorer shows: of nodes, passages, and what ties share."""
    found = {str(node) for node in network}
    elements = [data for _, data in network.nodes(data=True)]
    elements += [data for *_, data in network.edges(data=True)]
    for data in elements:
        for name in ("passages", "stated_in", "shared"):
            found.update(_listed(data.get(name)))
    return sorted(found)


def _listed(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif value is not None:
        yield from map(str, value)


def _address(view: View, short: str) -> str:
    """Return the address of the page of an id such as "actor/el-tiempo" or "sdg:16.7"."""
    from govgraph.web.pages.reading import expand

    prefixed = ":" in short.partition("/")[0]
    iri = expand(short) if prefixed else f"{BASE}{short}"
    return view.links.term(iri) if iri in view.reading.described else ""
