"""The graph as a static site: pages, data in every format, dumps, what leads to them, redirects.

Files depend on the graph and the base alone, so that publishing again writes only what changed.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pyoxigraph as ox

from govgraph.errors import GovgraphError, UsageError
from govgraph.files import make_folder, written_whole
from govgraph.rdf.writing import export
from govgraph.vocabulary import BASE, METADATA_GRAPH
from govgraph.web.pages import (
    DATA_EXTENSIONS,
    LANGUAGES,
    PAGES,
    Links,
    missing_page,
    page_count,
    render_page,
    resource_page,
)
from govgraph.web.pages.files import editor_files, static_files
from govgraph.web.pages.links import encoded, page_path, relative_root
from govgraph.web.pages.network_data import (
    explorer_page,
    extensions,
    file_of,
    has_explorer,
    network_of,
)
from govgraph.web.pages.network_data import names as network_names
from govgraph.web.pages.networks import network_page
from govgraph.web.pages.reading import Reading, natural, reading_of
from govgraph.web.pages.rendering import view_of
from govgraph.web.server.describe import about_document, describe, describe_document
from govgraph.web.site.links import broken_links
from govgraph.web.site.redirects import apache, apache_spanish, nginx, w3id
from govgraph.web.site.sitemap import robots, sitemaps

if TYPE_CHECKING:
    from govgraph.web.graph import PublishedGraph

MANIFEST: Final = ".govgraph-files"
"""Lists every file a publication wrote, with its SHA-256; what is no longer made is deleted."""


@dataclass
class Publication:
    """What one publication did: paths relative to the folder, each list sorted."""

    written: list[str] = field(default_factory=list)
    unchanged: int = 0
    deleted: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def publish(
    graph: PublishedGraph, folder: Path, base: str = BASE, endpoint: str = ""
) -> Publication:
    """Write the site to `folder`, for the address `base`; returns what changed and broken links.

    `endpoint` is the address of a SPARQL endpoint that pages offer to ask. Only files whose
    content changed are written; files of an earlier publication that are no longer made are
    deleted, others in the folder are left alone. Raises UsageError for a base or an endpoint that
    is no address and for a folder that holds something else, GovgraphError where it cannot be
    written.
    """
    base, endpoint = checked_base(base), checked_endpoint(endpoint)
    before = _manifest(folder)
    if not before and folder.is_dir() and any(folder.iterdir()):
        raise UsageError(
            f"{folder} holds other files: name an empty folder, or a site of govgraph."
        )
    found = Publication()
    now: dict[str, str] = {}
    pages: dict[str, str] = {}
    for path, content in site_files(graph, base, endpoint):
        digest = hashlib.sha256(content).hexdigest()
        now[path] = digest
        if path.endswith(".html"):
            pages[path] = content.decode()
        target = folder / path
        if before.get(path) == digest and target.is_file():
            found.unchanged += 1
            continue
        make_folder(target.parent)
        with written_whole(target) as stream:
            stream.write(content)
        found.written.append(path)
    for path in sorted(set(before) - set(now)):
        (folder / path).unlink(missing_ok=True)
        found.deleted.append(path)
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(now.items()))
    with written_whole(folder / MANIFEST) as stream:
        stream.write(lines.encode())
    found.written.sort()
    found.broken = broken_links(pages, frozenset(now))
    return found


def checked_base(base: str) -> str:
    """Return the address of a site, ending in a slash; raises UsageError for what is none."""
    if not _is_address(base) or "?" in base:
        raise UsageError(
            f"{base!r} is no address: expected one such as https://example.org/graph/."
        )
    return base if base.endswith("/") else f"{base}/"


def checked_endpoint(endpoint: str) -> str:
    """Return the address of a SPARQL endpoint, "" for none; raises UsageError for what is none."""
    if endpoint and not _is_address(endpoint):
        raise UsageError(
            f"{endpoint!r} is no address of an endpoint: expected one such as"
            " https://example.org/sparql."
        )
    return endpoint


def _is_address(text: str) -> bool:
    """Whether a text is a URL of http(s) that pages and the rules of hosts can hold as it is."""
    try:
        parts = urlsplit(text)
        host = parts.hostname if parts.port != 0 else None  # ValueError for a port like "x"
    except ValueError:
        return False
    # Pages are for everyone: an address with a user and a password is none to publish.
    known = parts.scheme in {"http", "https"} and host and "@" not in parts.netloc
    return bool(known) and not any(each in text for each in " \"'<>\\\n\r\t{}$;#")


def _manifest(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise GovgraphError(f"{folder / MANIFEST}: cannot be read ({error}). Delete it.") from None
    found = {}
    for line in lines:
        digest, _, path = line.partition("  ")
        # A manifest that was meddled with must not lead out of the folder.
        if path and not path.startswith("/") and ".." not in path.split("/"):
            found[path] = digest
    return found


def site_files(
    graph: PublishedGraph, base: str = BASE, endpoint: str = ""
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every file of the site."""
    addresses = []
    for path, html in _html_files(graph, urlsplit(base).path, endpoint):
        if path.startswith(LANGUAGES) and not path.endswith("/404.html"):
            addresses.append(path)
        yield path, html.encode()
    fixed = static_files() | (editor_files() if endpoint else {})
    yield from ((f"static/{name}", content) for name, content in sorted(fixed.items()))
    for name in network_names(graph):
        yield from _network_files(graph, name)
    yield from _data_files(graph)
    yield from _dumps(graph)
    yield from sitemaps(base, addresses)
    yield "robots.txt", robots(base)
    yield ".nojekyll", b""
    yield ".htaccess", apache(base, endpoint)
    yield "es/.htaccess", apache_spanish(base)
    yield "redirects/nginx.conf", nginx(base, endpoint)
    yield "redirects/w3id.htaccess", w3id(base)


def _html_files(graph: PublishedGraph, root: str, endpoint: str) -> Iterator[tuple[str, str]]:
    def links(path: str, language: str) -> Links:
        return Links(relative_root(path), language, live=False, endpoint=endpoint)

    reading = reading_of(graph)
    yield "index.html", render_page("index", graph, "en", links("index.html", "en"))
    yield "404.html", _missing(graph, root, "en", both=True)
    for language in LANGUAGES:
        yield f"{language}/404.html", _missing(graph, root, language)
        for name in PAGES:
            path = f"{language}/{name}.html"
            yield path, render_page(name, graph, language, links(path, language))
    for name in network_names(graph):
        for language in LANGUAGES:
            path = f"{language}/network/{name}.html"
            yield path, network_page(view_of(graph, language, links(path, language)), name)
            if has_explorer():
                path = f"{language}/network/{name}/explorer.html"
                yield path, explorer_page(view_of(graph, language, links(path, language)), name)
    for iri in _resources(reading):
        stem = page_path(iri)
        for number in range(1, page_count(reading, iri) + 1):
            for language in LANGUAGES:
                path = f"{language}/{stem}{f'~{number}' if number > 1 else ''}.html"
                yield path, resource_page(graph, iri, language, number, links(path, language))


def _network_files(graph: PublishedGraph, name: str) -> Iterator[tuple[str, bytes]]:
    for language in LANGUAGES:
        for extension in extensions(network_of(graph, name, language)):
            content = file_of(graph, name, language, extension)
            if content is not None:
                yield f"{language}/network/{name}.{extension}", content


def _missing(graph: PublishedGraph, root: str, language: str, *, both: bool = False) -> str:
    """Return the page for what is not there; it is shown at any depth, so its root is absolute.

    `both` has it say so in every language, for hosts that know one such page only.
    """
    view = view_of(graph, language, Links(root, live=False))
    return missing_page(view, "index" if both else "404", every_language=both)


def _resources(reading: Reading) -> list[str]:
    """Return what has a page of its own, in order; terms of the ontology share one."""
    return sorted((iri for iri in reading.described if page_path(iri) != "ontology"), key=natural)


def _data_files(graph: PublishedGraph) -> Iterator[tuple[str, bytes]]:
    from govgraph.web.server.documents import serialise

    own = f"{BASE}ontology"
    for iri in (*_resources(reading_of(graph)), own):
        path = page_path(iri)
        look = describe_document if iri == own else describe
        quads = look(graph.store, iri)
        if path is None or not (quads or iri == own):
            continue
        quads += about_document(iri, encoded(path))
        for extension in DATA_EXTENSIONS:
            yield f"{path}.{extension}", serialise(quads, extension)
    metadata = list(graph.store.quads_for_pattern(None, None, None, ox.NamedNode(METADATA_GRAPH)))
    for extension in DATA_EXTENSIONS:
        content = serialise(metadata, extension)
        yield f"void.{extension}", content
        if extension == "ttl":
            yield ".well-known/void", content


def _dumps(graph: PublishedGraph) -> Iterator[tuple[str, bytes]]:
    sums = []
    with tempfile.TemporaryDirectory(prefix="govgraph-") as folder:
        for path in sorted(export(graph.store, Path(folder))):
            content = path.read_bytes()
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {path.name}\n")
            yield f"dump/{path.name}", content
    yield "dump/SHA256SUMS", "".join(sums).encode()
