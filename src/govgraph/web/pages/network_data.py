"""Networks as the site shows them: measured, laid out, and as files for other programs."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from govgraph.errors import UsageError
from govgraph.network.files.explorer import Site, write_html
from govgraph.network.files.formats import format_of, write
from govgraph.network.files.tables import edge_table, node_table, write_csv
from govgraph.network.measures.centrality import annotate, measure
from govgraph.network.measures.registry import parse_measures
from govgraph.network.pictures.style import Style, complete
from govgraph.resources import built_file
from govgraph.vocabulary import BASE
from govgraph.web.pages.reading import expand

if TYPE_CHECKING:
    import networkx as nx

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


_cached: WeakKeyDictionary[PublishedGraph, dict[tuple[str, str], Any]] = WeakKeyDictionary()


def names(graph: PublishedGraph) -> list[str]:
    """Return the names of the networks there are pages of, sorted."""
    if len(graph) > MOST_STATEMENTS:
        return []
    slugs = (slug.removeprefix(FOLDER) for slug in graph.queries if slug.startswith(FOLDER))
    return sorted(name for name in slugs if "/" not in name)


def _once(graph: PublishedGraph, key: tuple[str, str], make: Callable[[], Any]) -> Any:
    """Return what is made for a graph, the first time it is needed."""
    cached = _cached.setdefault(graph, {})
    if key not in cached:
        cached[key] = make()
    return cached[key]


def network_of(graph: PublishedGraph, name: str, language: str) -> nx.Graph:
    """Return a network, made once; it must stay as it is."""
    network: nx.Graph = _once(graph, (name, language), lambda: graph.network(name, lang=language))
    return network


def measured(graph: PublishedGraph, name: str, language: str) -> nx.Graph:
    """Return a network with the measures of its nodes."""

    network = network_of(graph, name, language)
    basic = parse_measures("basic", directed=network.is_directed())
    annotate(network, _once(graph, (name, "measures"), lambda: measure(network, basic)))
    return network


def look_of(graph: PublishedGraph, name: str, language: str) -> Style:
    """Return how a network looks, which is the same in every language."""

    network = network_of(graph, name, language)
    look: Style = _once(graph, (name, "look"), lambda: complete(network, None))
    return look


def is_drawn(network: nx.Graph) -> bool:
    """Whether a network is small enough for a picture, and there is something to draw."""
    return 0 < len(network) <= DRAWN


def extensions(network: nx.Graph) -> tuple[str, ...]:
    """Return what the files of a network end in."""
    return _FILES if len(network) <= DRAWN else _FILES_LARGE


def file_of(graph: PublishedGraph, name: str, language: str, extension: str) -> bytes | None:
    """Return a network as a file; None for a network or format there is no such file of."""

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

    if name not in names(view.graph):
        raise UsageError(f"There is no network {name!r}: the list is on the page of networks.")
    network = measured(view.graph, name, view.language)
    addresses = {id_: address for id_ in _ids(network) if (address := _address(view, id_))}
    title = view.gettext("Picture, tables and files")
    site = Site(view.links.page(f"network/{name}"), title, addresses)
    stream = io.BytesIO()
    write_html(network, stream, look_of(view.graph, name, view.language), site)
    return stream.getvalue().decode()


def _ids(network: nx.Graph) -> list[str]:
    """Return every id that the explorer shows: of nodes, passages, and what ties share."""
    ids = {str(node) for node in network}
    elements = [data for _, data in network.nodes(data=True)]
    elements += [data for *_, data in network.edges(data=True)]
    for data in elements:
        for name in ("passages", "stated_in", "shared"):
            ids.update(_listed(data.get(name)))
    return sorted(ids)


def _listed(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif value is not None:
        yield from map(str, value)


def _address(view: View, short: str) -> str:
    """Return the address of the page of an id such as "actor/el-tiempo" or "sdg:16.7"."""
    prefixed = ":" in short.partition("/")[0]
    iri = expand(short) if prefixed else f"{BASE}{short}"
    return view.links.term(iri) if iri in view.reading.described else ""
