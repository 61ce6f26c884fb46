"""What leads to the graph: VoID, sitemap, robots, and the dumps with their checksums."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from govgraph.rdf.metadata import DATASET, LICENCE
from govgraph.rdf.writing import FORMATS, export
from govgraph.vocabulary import BASE, METADATA_GRAPH, PREFIXES
from govgraph.web.server.documents import graph_document
from govgraph.web.server.limits import Refusal
from govgraph.web.server.negotiation import EXTENSIONS, RDF_EXTENSIONS, choose, url_path
from govgraph.web.server.responses import REVALIDATE, document, matches, not_modified
from govgraph.web.server.state import AppState

_MOST_URLS: Final = 50_000  # https://www.sitemaps.org/protocol.html
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
CHECKSUMS: Final = "SHA256SUMS"


async def void(request: Request, state: AppState) -> Response:
    """Answer /void, with or without extension: VoID, DCAT and PROV of the dataset."""
    extension = request.path_params.get("extension")
    offered = [EXTENSIONS[ending] for ending in RDF_EXTENSIONS]
    if extension is not None:
        media_type: str | None = EXTENSIONS.get(extension)
        if media_type not in offered:
            raise Refusal(404, f"The description comes as .{', .'.join(RDF_EXTENSIONS)}.")
    else:
        media_type = choose(request.headers.get("accept"), [*offered, "text/html"])
        media_type = offered[0] if media_type == "text/html" else media_type
    if media_type is None:
        raise Refusal(406, f"The description comes as {', '.join(offered)}.")
    link = f'<{DATASET.value}>; rel="describes", <{LICENCE.value}>; rel="license"'
    look = partial(_metadata, state)
    return await graph_document(request, state, look, media_type, "void", {"Link": link})


def _metadata(state: AppState) -> list[ox.Quad]:
    """Return the metadata graph, and where this server answers queries."""
    graph = ox.NamedNode(METADATA_GRAPH)
    endpoint = ox.NamedNode(f"{state.settings.public_url}sparql")
    name = ox.NamedNode(f"{PREFIXES['void']}sparqlEndpoint")
    said = state.graph.store.quads_for_pattern(None, None, None, graph)
    return [*said, ox.Quad(DATASET, name, endpoint, graph)]


async def well_known_void(request: Request, state: AppState) -> Response:
    """Answer /.well-known/void: https://www.w3.org/TR/void/#well-known."""
    return RedirectResponse(f"{state.settings.root}void", 303)


async def robots(request: Request, state: AppState) -> Response:
    """Answer /robots.txt: everything may be read; queries are not for crawlers."""
    text = (
        "User-agent: *\nDisallow: /sparql\nDisallow: /query/\nDisallow: /resource\nAllow: /\n"
        f"Sitemap: {state.settings.public_url}sitemap.xml\n"
    )
    return document(request, text.encode(), "text/plain", etag=state.etag("robots"))


async def sitemap(request: Request, state: AppState) -> Response:
    """Answer /sitemap.xml, or /sitemap-N.xml where one file cannot hold all."""
    number = request.path_params.get("number")
    paths = await asyncio.to_thread(_listed, state)
    parts = [paths[i : i + _MOST_URLS] for i in range(0, len(paths), _MOST_URLS)]
    root = escape(state.settings.public_url)
    if number is None and len(parts) > 1:
        inner = "".join(
            f"<sitemap><loc>{root}sitemap-{i}.xml</loc></sitemap>\n"
            for i in range(1, len(parts) + 1)
        )
        text = f'<sitemapindex xmlns="{_SITEMAP}">\n{inner}</sitemapindex>\n'
    else:
        index = int(number or 1) - 1
        if not 0 <= index < len(parts):
            raise Refusal(404, f"There is no sitemap {number}: there are {len(parts)}.")
        inner = "".join(f"<url><loc>{root}{escape(path)}</loc></url>\n" for path in parts[index])
        text = f'<urlset xmlns="{_SITEMAP}">\n{inner}</urlset>\n'
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()
    etag = state.etag("sitemap", str(number), root)
    return document(request, body, "application/xml", etag=etag)


def _listed(state: AppState) -> list[str]:
    """Return the paths a search engine should know: what the graph describes, without its parts."""
    described = {
        quad.subject.value
        for quad in state.graph.store
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(BASE)
    }
    hidden = (f"{BASE}partition/", f"{BASE}dump/", f"{BASE}query/")
    paths = {
        url_path(iri.partition("#")[0][len(BASE) :])
        for iri in described
        if not iri.startswith(hidden)
    }
    return ["", *sorted(paths - {""})]


@dataclass(frozen=True)
class Dump:
    """One file of the whole graph, and its SHA-256."""

    path: Path
    media_type: str
    digest: str


class Dumps:
    """The dumps, written once, when first asked for."""

    def __init__(self, state: AppState):
        self._state = state
        self._lock = asyncio.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._files: dict[str, Dump] = {}

    async def files(self) -> dict[str, Dump]:
        """Return the dumps by file name."""
        async with self._lock:
            if not self._files:
                self._files = await asyncio.to_thread(self._write)
        return self._files

    def close(self) -> None:
        """Delete the files."""
        if self._folder is not None:
            self._folder.cleanup()

    def _write(self) -> dict[str, Dump]:
        self._folder = tempfile.TemporaryDirectory(prefix="govgraph-dumps-")
        paths = export(self._state.graph.store, Path(self._folder.name))
        found = {}
        for rdf_format, path in zip(FORMATS, paths, strict=True):
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            found[path.name] = Dump(path, rdf_format.media_type, digest)
        return found

    async def respond(self, request: Request, state: AppState) -> Response:
        """Answer /dump/NAME: a file, its checksum (.sha256), or all checksums (SHA256SUMS)."""
        name = request.path_params["name"]
        files = await self.files()
        headers = {"Cache-Control": REVALIDATE, "Link": f'<{LICENCE.value}>; rel="license"'}
        if name == CHECKSUMS:
            text = "".join(f"{dump.digest}  {each}\n" for each, dump in sorted(files.items()))
            return PlainTextResponse(text, headers=headers)
        dump = files.get(name.removesuffix(".sha256"))
        if dump is None:
            known = ", ".join(f"govgraph.{entry.ending}" for entry in FORMATS)
            raise Refusal(404, f"There is no such dump: choose {known}, or {CHECKSUMS}.")
        if name.endswith(".sha256"):
            text = f"{dump.digest}  {name.removesuffix('.sha256')}\n"
            return PlainTextResponse(text, headers=headers)
        digest = base64.b64encode(bytes.fromhex(dump.digest)).decode()
        headers |= {"ETag": f'"{dump.digest}"', "Repr-Digest": f"sha-256=:{digest}:"}
        if matches(request, headers["ETag"]):
            return not_modified(headers.pop("ETag"), headers)
        return FileResponse(dump.path, media_type=dump.media_type, headers=headers)
