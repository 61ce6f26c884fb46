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

from govgraph.rdf.metadata import LICENCE
from govgraph.vocabulary import BASE, SDG
from govgraph.web.server import html_pages
from govgraph.web.server.describe import about_document, describe_document, describe_page
from govgraph.web.server.documents import Part, graph_document
from govgraph.web.server.limits import Refusal
from govgraph.web.server.negotiation import (
    EXTENSIONS,
    RDF_EXTENSIONS,
    choose,
    choose_language,
    document_path,
    iri_paths,
    is_document,
    split_extension,
    url_path,
)
from govgraph.web.server.responses import REVALIDATE
from govgraph.web.server.state import AppState

_GUESSED: Final = 100  # characters; longer paths get no suggestion
_VARY: Final = {"Vary": "Accept, Accept-Language, Accept-Encoding"}


async def resource(request: Request, state: AppState) -> Response:
    """Answer for the IRI, document or page at the path of a request; 404 with what is near."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    paths = iri_paths(raw.removeprefix(request.scope.get("root_path", "").encode()))
    for path in paths:
        if _iri(path, state) is not None:
            return await _negotiated(request, state, path)
    for path in paths:
        stem, extension = split_extension(path)
        if extension is not None and _iri(stem, state) is not None:
            return await _document(request, state, stem, extension)
        if path.endswith("/") and _iri(path.rstrip("/"), state) is not None:
            return RedirectResponse(f"{state.settings.root}{url_path(path.rstrip('/'))}", 308)
    return await _not_found(request, state, paths)


async def by_iri(request: Request, state: AppState) -> Response:
    """Answer /resource?iri=…: what the graph says of any IRI, also one of another site."""
    iri = request.query_params.get("iri", "")
    if not state.knows(iri):
        raise Refusal(404, "The graph says nothing of this IRI: expected ?iri= with one it uses.")
    offered = [EXTENSIONS[ending] for ending in RDF_EXTENSIONS]
    media_type = choose(request.headers.get("accept"), [*offered, "text/html"])
    if media_type is None:
        raise Refusal(406, f"A description comes as {', '.join(offered)}.")
    media_type = offered[0] if media_type == "text/html" else media_type
    number = _page_number(request)
    look = partial(_page, state, iri, number, f"?iri={quote(iri, safe='')}&page=")
    links = {"Link": f'<{LICENCE.value}>; rel="license"'}
    return await graph_document(request, state, look, media_type, f"{iri} {number}", links)


def _iri(path: str, state: AppState) -> str | None:
    """Return the IRI at a path of the site; None where the graph knows none there."""
    if path.startswith("sdg/") and len(path) > 4 and state.knows(SDG + path[4:]):
        return SDG + path[4:]
    iri = BASE + path
    return iri if iri in state.iris else None


async def _negotiated(request: Request, state: AppState, path: str) -> Response:
    accept = request.headers.get("accept")
    iri = _iri(path, state) or ""
    extensions = [each for each in EXTENSIONS if each != "html" or html_pages.has_page(state, iri)]
    media_type = choose(accept, [EXTENSIONS[each] for each in extensions])
    if media_type is None:
        listed = ", ".join(EXTENSIONS[each] for each in extensions)
        raise Refusal(
            406,
            f"This comes as {listed}.",
            {**_VARY, "Link": _alternates(path, state.settings.root)},
        )
    extension = next(each for each in extensions if EXTENSIONS[each] == media_type)
    root = state.settings.root
    if is_document(path) and extension != "html":
        return await _document(request, state, path, extension)
    if extension == "html":
        language = choose_language(request.headers.get("accept-language"))
        target = f"{root}{language}/{document_path(path, 'html')}"
    else:
        target = f"{root}{document_path(path, extension)}"
    headers = {
        **_VARY,
        "Location": target,
        "Link": _alternates(path, state.settings.root),
        "Cache-Control": REVALIDATE,
    }
    return PlainTextResponse(f"See {target}\n", 303, headers)


async def _document(request: Request, state: AppState, path: str, extension: str) -> Response:
    iri = _iri(path, state)
    assert iri is not None
    if extension == "html":
        if not html_pages.has_page(state, iri):
            raise Refusal(404, "There is no page about this: ask for .ttl.")
        language = choose_language(request.headers.get("accept-language"))
        target = f"{state.settings.root}{language}/{document_path(path, 'html')}"
        return RedirectResponse(target, 302, {"Vary": "Accept-Language"})
    location = document_path(path, extension)
    headers = {
        **_VARY,
        "Content-Location": f"{state.settings.root}{location}",
        "Link": ", ".join(
            (
                _alternates(path, state.settings.root),
                f'<{BASE}{location}>; rel="canonical"',
                f'<{_written(iri)}>; rel="describes"',
                f'<{LICENCE.value}>; rel="license"',
            )
        ),
    }
    number = _page_number(request)
    look = partial(_statements, state, iri, location.rpartition(".")[0], number)
    name = f"{iri} {path} {number}"
    return await graph_document(request, state, look, EXTENSIONS[extension], name, headers)


def _page_number(request: Request) -> int:
    """Return the page asked for with ?page=N, the first where none is."""
    given = request.query_params.get("page", "1")
    if not (given.isascii() and given.isdecimal() and int(given[:9]) > 0 and len(given) < 9):
        raise Refusal(404, f"?page={given[:20]!r}: expected a number from 1.")
    return int(given)


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


def _no_page(number: int, pages: int) -> Refusal:
    return Refusal(404, f"There is no page {number}: expected 1 to {pages}.")


def _alternates(path: str, root: str) -> str:
    """Return the links to all documents about the thing at `path`, as seen from this server."""
    here = root + document_path(path, "")
    links = [
        f'<{here}{ending}>; rel="alternate"; type="{EXTENSIONS[ending]}"'
        for ending in RDF_EXTENSIONS
    ]
    return ", ".join([*links, f'<{here}ttl>; rel="describedby"; type="text/turtle"'])


def _written(iri: str) -> str:
    """Return an IRI as a URI that a header can hold."""
    return f"{BASE}{url_path(iri[len(BASE) :])}" if iri.startswith(BASE) else iri


async def _not_found(request: Request, state: AppState, paths: list[str]) -> Response:
    path = split_extension(paths[0])[0] if paths else ""
    near: list[str] = []
    if 0 < len(path) <= _GUESSED and not state.searching.locked():
        async with state.searching:  # one search at a time: it is not worth more
            near = await asyncio.to_thread(_near, path, state)
    shown = path if path.isprintable() else ""
    lines = [f"There is nothing at /{shown[:200]}."]
    if near:
        lines.append(f"Did you mean {' or '.join(f'/{url_path(each)}' for each in near)}?")
    lines.append("What is in the graph: /void, /sitemap.xml. Ask it: /sparql, /openapi.json.")
    return PlainTextResponse("\n".join(lines) + "\n", 404, {"Cache-Control": "no-store", **_VARY})


def _near(path: str, state: AppState) -> list[str]:
    """Return the paths most like one that leads nowhere: the same name elsewhere, else alike."""
    known = [iri[len(BASE) :] for iri in state.iris if "/partition/" not in iri]
    name = path.rstrip("/").rpartition("/")[2].lower()
    same = sorted(each for each in known if each.rpartition("/")[2] == name)
    if same:
        return same[:3]
    return difflib.get_close_matches(path.lower(), sorted(known), n=3, cutoff=0.7)
