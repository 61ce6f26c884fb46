"""The graph as a static site: pages, data in every format, dumps, what leads to them, redirects.

Files depend on the graph and the base alone, so that publishing again writes only what changed.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox

from govgraph.assembly.assemble import check_named
from govgraph.assembly.building import common_files
from govgraph.errors import UsageError
from govgraph.files import manifest, manifest_text, written_together
from govgraph.vocabulary import BASE, GG, METADATA_GRAPH
from govgraph.web.addresses import ONTOLOGY, checked_address
from govgraph.web.describe import CHECKSUMS, resource_document, serialise, write_dumps
from govgraph.web.graph import PublishedGraph
from govgraph.web.links import headers_of
from govgraph.web.pages import Links, missing_page, render_page
from govgraph.web.pages.files import editor_files, static_files
from govgraph.web.pages.links import STATIC_EXTENSIONS, encoded, relative_root
from govgraph.web.pages.network_data import file_of, files, network_of
from govgraph.web.pages.reading import languages_of, reading_of
from govgraph.web.pages.rendering import view_of
from govgraph.web.site.host_rules import host_rules
from govgraph.web.sitemap import (
    page_html,
    page_names,
    resources_with_pages,
    robots,
    site_maps,
)


@dataclass
class Publication:
    """What one publication did: paths relative to the folder, each list sorted.

    `without_page` are IRIs that the studies' data describe and that lie elsewhere.
    """

    written: list[str] = field(default_factory=list)
    unchanged: int = 0
    deleted: list[str] = field(default_factory=list)
    without_page: list[str] = field(default_factory=list)


def publish(graph: PublishedGraph, folder: Path, base: str = "", endpoint: str = "") -> Publication:
    """Write the site to `folder`; returns what changed.

    Its address is `base`, by default the base of the study; `endpoint` is the address of a SPARQL
    endpoint that pages offer to ask. Files whose content did not change keep their time; files of
    an earlier publication that are no longer made are deleted, others in the folder left alone.
    Raises UsageError for a base or an endpoint that is no address and for a folder that holds
    something else, GovgraphError where it cannot be written, and for what lies in no study.
    """
    base = checked_base(base or graph.study.base, endpoint)
    check_named(graph.study)
    before = manifest(folder)
    if not before and folder.is_dir() and any(folder.iterdir()):
        raise UsageError(
            f"{folder} holds other files: name an empty folder, or a site of govgraph."
        )
    with written_together(folder, "index.html") as new:
        for path, content in site_files(graph, base, endpoint):
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    now = manifest(folder)
    written = sorted(path for path in now if before.get(path) != now[path])
    deleted = sorted(path for path in before.keys() - now if not (folder / path).exists())
    publication = Publication(written, len(now) - len(written), deleted)
    publication.without_page = reading_of(graph, base).unplaced
    return publication


def checked_base(base: str, endpoint: str = "") -> str:
    """Return the address of a site, ending in a slash; raises UsageError for what is no address.

    `endpoint` is that of a SPARQL endpoint, "" for none.
    """
    checked_address(base, "--base", "https://example.org/graph/")
    if endpoint:
        checked_address(endpoint, "--endpoint", "https://example.org/sparql", query=True)
    return base if base.endswith("/") else f"{base}/"


def site_files(graph: PublishedGraph, base: str, endpoint: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every file of the site."""
    for path, html in _html_files(graph, base, endpoint):
        yield path, html.encode()
    fixed = static_files() | (editor_files() if endpoint else {})
    yield from ((f"static/{name}", content) for name, content in sorted(fixed.items()))
    for name in reading_of(graph, base).networks:
        for language in languages_of(graph):
            for extension in files(network_of(graph, name, language)):
                content = file_of(graph, name, language, extension)
                yield f"{language}/network/{name}.{extension}", content
    yield from _data_files(graph, base)
    if graph.study.base.startswith(BASE):  # at another's address they have no place
        yield from common_files().items()
    yield from _dumps(graph)
    yield from site_maps(graph, base).items()
    yield "robots.txt", robots(base)
    yield ".nojekyll", b""
    headers = headers_of(graph, base, tuple(STATIC_EXTENSIONS))
    yield from host_rules(headers, graph.studies, endpoint)


def _html_files(graph: PublishedGraph, base: str, endpoint: str) -> Iterator[tuple[str, str]]:
    def links(path: str, language: str) -> Links:
        return Links(relative_root(path), language, live=False, endpoint=endpoint, public=base)

    languages = languages_of(graph)
    first = languages[0]
    yield "index.html", render_page("index", graph, first, links("index.html", first))
    yield "404.html", _missing(graph, base, first, every=True)
    for language in languages:
        yield f"{language}/404.html", _missing(graph, base, language)
    for page in page_names(graph, base):
        for language in languages:
            path = f"{language}/{page.path}"
            yield path, page_html(graph, page, language, links(path, language))


def _missing(graph: PublishedGraph, base: str, language: str, *, every: bool = False) -> str:
    """Return the page for what is not there; it is shown at any depth, so its root is absolute.

    `every` has it say so in every language, for hosts that know one such page only.
    """
    view = view_of(graph, language, Links(urlsplit(base).path, live=False, public=base))
    return missing_page(view, "index" if every else "404", every_language=every)


def _data_files(graph: PublishedGraph, base: str) -> Iterator[tuple[str, bytes]]:
    reading = reading_of(graph, base)
    ontology = next((i for i in reading.paths.iris(ONTOLOGY) if i in reading.terms), GG[:-1])
    for iri in (*resources_with_pages(reading), ontology):
        path = reading.described.get(iri, ONTOLOGY)
        quads = resource_document(graph, iri, encoded(path), reading.terms_of(iri))
        for extension in STATIC_EXTENSIONS if quads else ():
            yield f"{path}.{extension}", serialise(quads, extension)
    metadata = list(graph.store.quads_for_pattern(None, None, None, ox.NamedNode(METADATA_GRAPH)))
    for extension in STATIC_EXTENSIONS:
        content = serialise(metadata, extension)
        yield f"void.{extension}", content
        if extension == "ttl":
            yield ".well-known/void", content


def _dumps(graph: PublishedGraph) -> Iterator[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory(prefix="govgraph-") as folder:
        digests = write_dumps(graph, Path(folder))
        for name in sorted(digests):
            yield f"dump/{name}", (Path(folder) / name).read_bytes()
    yield f"dump/{CHECKSUMS}", manifest_text(digests).encode()
