"""Every IRI of the graph, at its path: things lead to documents, documents come in every format.

https://www.w3.org/TR/cooluris/ (303 URIs for things, hash URIs for terms), Linked Data Platform's
Link headers, RFC 8288. Redirects are relative: the graph dereferences under any base it is served.
"""

from __future__ import annotations

import asyncio
import difflib
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from govgraph.vocabulary import BASE, SDG
from govgraph.web.addresses import (
    document_path,
    iri_paths,
    is_document,
    split_extension,
    url_path,
)
from govgraph.web.describe import about_document, describe_document, describe_page
from govgraph.web.http_error import HttpError
from govgraph.web.languages import choose_language
from govgraph.web.links import LICENCE_LINK, data_alternates, data_links
from govgraph.web.negotiation import EXTENSIONS, RDF_EXTENSIONS, choose
from govgraph.web.pages import has_page
from govgraph.web.responses import REVALIDATE
from govgraph.web.server.rdf_documents import Part, graph_document
from govgraph.web.server.state import AppState

_LONGEST_GUESSED: Final = 100  # characters; longer paths get no suggestion
_VARY: Final = {"Vary": "Accept, Accept-Language, Accept-Encoding"}


async def resource(request: Request, state: AppState) -> Response:
    """Answer for the IRI, document or page at the path of a request; 404 with what is near."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    paths = iri_paths(raw.removeprefix(request.scope.get("root_path", "").encode()))
    for path in paths:
        if (iri := _iri(path, state)) is not None:
            return await _negotiated(request, state, path, iri)
    for path in paths:
        stem, extension = split_extension(path)
        if extension is not None and (iri := _iri(stem, state)) is not None:
            return await _document(request, state, stem, iri, extension)
        if path.endswith("/") and _iri(path.rstrip("/"), state) is not None:
            return RedirectResponse(f"{state.settings.root}{url_path(path.rstrip('/'))}", 308)
    return await _not_found(state, paths)


async def by_iri(request: Request, state: AppState) -> Response:
    """Answer /resource?iri=…: what the graph says of any IRI, also one of another site."""
    iri = request.query_params.get("iri", "")
    if not state.knows(iri):
        raise HttpError(404, "The graph says nothing of this IRI: expected ?iri= with one it uses.")
    offered = [EXTENSIONS[ending] for ending in RDF_EXTENSIONS]
    media_type = choose(request.headers.get("accept"), [*offered, "text/html"])
    if media_type is None:
        raise HttpError(406, f"A description comes as {', '.join(offered)}.")
    media_type = offered[0] if media_type == "text/html" else media_type
    number = _page_number(request)
    describe = partial(_page, state, iri, number, f"?iri={quote(iri, safe='')}&page=")
    name, headers = f"{iri} {number}", {"Link": LICENCE_LINK}
    return await graph_document(request, state, describe, media_type, name, headers)


def _iri(path: str, state: AppState) -> str | None:
    """Return the IRI at a path of the site; None where the graph knows none there."""
    if path.startswith("sdg/") and len(path) > 4 and state.knows(SDG + path[4:]):
        return SDG + path[4:]
    iri = BASE + path
    return iri if iri in state.iris else None


async def _negotiated(request: Request, state: AppState, path: str, iri: str) -> Response:
    extensions = [ending for ending in EXTENSIONS if ending != "html" or has_page(state.graph, iri)]
    media_type = choose(
        request.headers.get("accept"), [EXTENSIONS[ending] for ending in extensions]
    )
    root = state.settings.root
    alternates = ", ".join(data_alternates(root, document_path(path, "").removesuffix(".")))
    if media_type is None:
        listed = ", ".join(EXTENSIONS[ending] for ending in extensions)
        raise HttpError(406, f"This comes as {listed}.", {**_VARY, "Link": alternates})
    extension = next(ending for ending in extensions if EXTENSIONS[ending] == media_type)
    if is_document(path) and extension != "html":
        return await _document(request, state, path, iri, extension)
    target = _page_address(request, state, path)
    if extension != "html":
        target = f"{root}{document_path(path, extension)}"
    headers = {**_VARY, "Location": target, "Link": alternates, "Cache-Control": REVALIDATE}
    return PlainTextResponse(f"See {target}\n", 303, headers)


def _page_address(request: Request, state: AppState, path: str) -> str:
    """Return the address of the page about a thing in the language of the reader."""
    language = choose_language(request.headers.get("accept-language"))
    return f"{state.settings.root}{language}/{document_path(path, 'html')}"


async def _document(
    request: Request, state: AppState, path: str, iri: str, extension: str
) -> Response:
    if extension == "html":
        if not has_page(state.graph, iri):
            raise HttpError(404, "There is no page about this: ask for .ttl.")
        return RedirectResponse(
            _page_address(request, state, path), 302, {"Vary": "Accept-Language"}
        )
    stem = document_path(path, "").removesuffix(".")
    headers = {
        **_VARY,
        "Content-Location": f"{state.settings.root}{stem}.{extension}",
        "Link": data_links(state.settings.public_url, _as_uri(iri), stem, extension),
    }
    number = _page_number(request)
    describe = partial(_statements, state, iri, stem, number)
    name = f"{iri} {path} {number}"
    return await graph_document(request, state, describe, EXTENSIONS[extension], name, headers)


def _page_number(request: Request) -> int:
    """Return the page asked for with ?page=N, the first where none is."""
    text = request.query_params.get("page", "1")
    if not (text.isascii() and text.isdecimal() and int(text[:9]) > 0 and len(text) < 9):
        raise HttpError(404, f"?page={text[:20]!r}: expected a number from 1.")
    return int(text)


def _statements(state: AppState, iri: str, document: str, number: int) -> Part:
    """Return a page of the description of a resource, and what its document is.

    The ontology comes whole: half of it would be another ontology.
    """
    path = iri[len(BASE) :] if iri.startswith(BASE) else "sdg"
    if is_document(path) and not path.startswith("graph/"):
        if number > 1:
            raise _no_page(number, 1)
        part = Part(describe_document(state.graph.store, iri))
    else:
        part = _page(state, iri, number)
    return replace(part, statements=[*part.statements, *about_document(iri, document)])


def _page(state: AppState, iri: str, number: int, address: str = "?page=") -> Part:
    quads, pages = describe_page(state.graph.store, iri, number)
    if number > pages:
        raise _no_page(number, pages)
    return Part(quads, number, pages, address)


def _no_page(number: int, pages: int) -> HttpError:
    return HttpError(404, f"There is no page {number}: expected 1 to {pages}.")


def _as_uri(iri: str) -> str:
    """Return an IRI as a URI that a header can hold."""
    return f"{BASE}{url_path(iri[len(BASE) :])}" if iri.startswith(BASE) else iri


async def _not_found(state: AppState, paths: list[str]) -> Response:
    path = split_extension(paths[0])[0] if paths else ""
    near: list[str] = []
    if 0 < len(path) <= _LONGEST_GUESSED and not state.searching.locked():
        async with state.searching:  # one search at a time: it is not worth more
            near = await asyncio.to_thread(_near, path, state)
    shown = path if path.isprintable() else ""
    lines = [f"There is nothing at /{shown[:200]}."]
    if near:
        lines.append(f"Did you mean {' or '.join(f'/{url_path(name)}' for name in near)}?")
    lines.append("What is in the graph: /void, /sitemap.xml. Ask it: /sparql, /openapi.json.")
    return PlainTextResponse("\n".join(lines) + "\n", 404, {"Cache-Control": "no-store", **_VARY})


def _near(path: str, state: AppState) -> list[str]:
    """Return the paths most like one that leads nowhere: the same name elsewhere, else alike."""
    paths = sorted(iri[len(BASE) :] for iri in state.iris if "/partition/" not in iri)
    name = path.rstrip("/").rpartition("/")[2].lower()
    same = [candidate for candidate in paths if candidate.rpartition("/")[2] == name]
    if same:
        return same[:3]
    return difflib.get_close_matches(path.lower(), paths, n=3, cutoff=0.7)
