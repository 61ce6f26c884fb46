"""What leads to the graph: VoID, sitemap, robots, and the dumps with their checksums."""

from __future__ import annotations

import asyncio
import base64
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from govgraph.rdf.metadata import DATASET
from govgraph.vocabulary import METADATA_GRAPH, PREFIXES
from govgraph.web.dumps import CHECKSUMS, NAMES, Dump, checksum_lines, write_dumps
from govgraph.web.http_error import HttpError
from govgraph.web.links import LICENCE_LINK, link
from govgraph.web.negotiation import EXTENSIONS, RDF_EXTENSIONS, choose
from govgraph.web.responses import REVALIDATE, document, matches, not_modified
from govgraph.web.server.rdf_documents import graph_document
from govgraph.web.server.state import AppState
from govgraph.web.sitemap import robots, site_maps

_NOT_FOR_CRAWLERS: Final = ("sparql", "query", "store", "resource")


async def void(request: Request, state: AppState) -> Response:
    """Answer /void, with or without extension: VoID, DCAT and PROV of the dataset."""
    extension = request.path_params.get("extension")
    offered = [EXTENSIONS[ending] for ending in RDF_EXTENSIONS]
    if extension is not None:
        media_type: str | None = EXTENSIONS.get(extension)
        if media_type not in offered:
            raise HttpError(404, f"The description comes as .{', .'.join(RDF_EXTENSIONS)}.")
    else:
        media_type = choose(request.headers.get("accept"), [*offered, "text/html"])
        media_type = offered[0] if media_type == "text/html" else media_type
    if media_type is None:
        raise HttpError(406, f"The description comes as {', '.join(offered)}.")
    headers = {"Link": f"{link(DATASET.value, 'describes')}, {LICENCE_LINK}"}
    describe = partial(_metadata, state)
    return await graph_document(request, state, describe, media_type, "void", headers)


def _metadata(state: AppState) -> list[ox.Quad]:
    """Return the metadata graph, and where this server answers queries."""
    graph = ox.NamedNode(METADATA_GRAPH)
    endpoint = ox.NamedNode(f"{state.settings.public_url}sparql")
    name = ox.NamedNode(f"{PREFIXES['void']}sparqlEndpoint")
    metadata = state.graph.store.quads_for_pattern(None, None, None, graph)
    return [*metadata, ox.Quad(DATASET, name, endpoint, graph)]


async def well_known_void(request: Request, state: AppState) -> Response:
    """Answer /.well-known/void: https://www.w3.org/TR/void/#well-known."""
    return RedirectResponse(f"{state.settings.root}void", 303)


async def robots_txt(request: Request, state: AppState) -> Response:
    """Answer /robots.txt: everything may be read; queries are not for crawlers."""
    body = robots(state.settings.public_url, _NOT_FOR_CRAWLERS)
    etag = state.etag("robots", state.settings.public_url)
    return document(request, body, "text/plain", etag=etag)


class Sitemaps:
    """The sitemap of all pages, the same as of a static site; made when first asked for."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._files: dict[str, bytes] = {}

    async def respond(self, request: Request, state: AppState) -> Response:
        """Answer /sitemap.xml, or /sitemap-N.xml where one file cannot hold all."""
        base = state.settings.public_url
        async with self._lock:
            if not self._files:
                self._files = await asyncio.to_thread(site_maps, state.graph, base)
        number = request.path_params.get("number")
        name = "sitemap.xml" if number is None else f"sitemap-{number}.xml"
        if name not in self._files:
            raise HttpError(404, f"There is no {name}: there is {', '.join(self._files)}.")
        etag = state.etag("sitemap", name, base)
        return document(request, self._files[name], "application/xml", etag=etag)


class Dumps:
    """The dumps, written once, when first asked for."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._files: dict[str, Dump] = {}

    def close(self) -> None:
        """Delete the files."""
        if self._folder is not None:
            self._folder.cleanup()

    async def respond(self, request: Request, state: AppState) -> Response:
        """Answer /dump/NAME: a file, its checksum (.sha256), or all checksums (SHA256SUMS)."""
        async with self._lock:
            if not self._files:
                self._folder = tempfile.TemporaryDirectory(prefix="govgraph-dumps-")
                folder = Path(self._folder.name)
                self._files = await asyncio.to_thread(write_dumps, state.graph.store, folder)
        name: str = request.path_params["name"]
        headers = {"Cache-Control": REVALIDATE, "Link": LICENCE_LINK}
        digests = {file: dump.sha256 for file, dump in self._files.items()}
        if name == CHECKSUMS:
            return PlainTextResponse(checksum_lines(digests), headers=headers)
        file = name.removesuffix(".sha256")
        if file not in self._files:
            listed = f"{', '.join(NAMES)}, or {CHECKSUMS}"
            raise HttpError(404, f"There is no such dump: choose {listed}.")
        if name != file:
            return PlainTextResponse(checksum_lines({file: digests[file]}), headers=headers)
        digest = base64.b64encode(bytes.fromhex(digests[file])).decode()
        headers |= {"ETag": f'"{digests[file]}"', "Repr-Digest": f"sha-256=:{digest}:"}
        if matches(request, headers["ETag"]):
            return not_modified(headers.pop("ETag"), headers)
        dump = self._files[file]
        return FileResponse(dump.path, media_type=dump.media_type, headers=headers)
