"""Every IRI of the graph, at its path; VoID, sitemap, robots and dumps, which lead there.

Things lead to documents, documents come in every format: https://www.w3.org/TR/cooluris/ (303 URIs
for things, hash URIs for terms), Linked Data Platform's Link headers, RFC 8288. Redirects are
relative: the graph dereferences under any base it is served.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from govgraph.assembly.building import common_files
from govgraph.errors import GovgraphError
from govgraph.vocabulary import BASE
from govgraph.web.addresses import document_path, iri_paths, is_document, split_extension, url_path
from govgraph.web.describe import describe, resource_document, serialise
from govgraph.web.negotiation import EXTENSIONS, RDF_EXTENSIONS, RDF_TYPES, choose, choose_language
from govgraph.web.pages import Links, search
from govgraph.web.pages.catalogue import CHECKSUMS, checksums, description, dumps, robots
from govgraph.web.pages.links import link
from govgraph.web.pages.overview import site_maps
from govgraph.web.pages.reading import languages_of
from govgraph.web.pages.rendering import View
from govgraph.web.server.limits import HttpError
from govgraph.web.server.responses import REVALIDATE, document, unchanged
from govgraph.web.server.state import AppState

_IRI: Final = "/%:@!$&'()*+,;=~-._?#[]"
"""What of an IRI is not percent-encoded in a header."""
_ENDINGS: Final = {media_type: ending for ending, media_type in EXTENSIONS.items()}
_VARY: Final = {"Vary": "Accept, Accept-Language, Accept-Encoding"}
_NOT_FOR_CRAWLERS: Final = ("sparql", "query", "store", "resource")


async def start(request: Request, state: AppState) -> Response:
    """Answer / with 303 to the start page; where RDF is preferred, with the document at the base.

    That document is about the data set as a whole.
    """
    if choose(request.headers.get("accept"), ("text/html", *RDF_TYPES)) in RDF_TYPES:
        return await resource(request, state)
    return _to_page(request, state, "index")


async def resource(request: Request, state: AppState) -> Response:
    """Answer for the IRI, document or page at the path of a request; 404 with what is near."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    paths = iri_paths(raw.removeprefix(request.scope.get("root_path", "").encode()))
    for path in paths:
        for name in (path, f"{path}.ttl", f"{path}.jsonld"):
            content = common_files().get(name)
            if content and state.graph.study.base.startswith(BASE):
                return document(request, content, EXTENSIONS[name.rpartition(".")[2]])
        for at, extension in (split_extension(path), (path, None)):
            iri = _iri(at, state)
            if iri in state.reading.homes:  # told of on the page and in the data of another thing
                page = url_path(state.reading.described[iri]) + (f".{extension}" * bool(extension))
                fragment = url_path(state.reading.fragments[iri])
                return RedirectResponse(f"{state.root}{page}#{fragment}", 303)
            if iri is not None and extension is not None:
                return await _document(request, state, at, iri, extension)
            if iri is not None:
                return await _negotiated(request, state, at, iri)
    for path in paths:
        if path.endswith("/") and _iri(path.rstrip("/"), state) is not None:
            return RedirectResponse(f"{state.root}{url_path(path.rstrip('/'))}", 308)
    raise await _not_found(state, paths)


async def by_iri(request: Request, state: AppState) -> Response:
    """Answer /resource?iri=… or /resource.ttl?iri=…: what is said of an IRI, here or elsewhere."""
    iri = request.query_params.get("iri", "")
    if not state.knows(iri):
        raise HttpError(404, "The graph says nothing of this IRI: expected ?iri= with one it uses.")
    extension = request.path_params.get("extension")
    if extension is None and iri in state.reading.unplaced:
        page = redirect_if_preferred(request, state, "resource", RDF_TYPES)
        if page is not None:
            return page
    media_type = EXTENSIONS.get(extension or "") or preferred_rdf(request)
    statements = partial(describe, state.graph, iri)
    headers = state.licence_header
    return await graph_document(request, state, statements, media_type, iri, headers)


def redirect_if_preferred(
    request: Request, state: AppState, name: str, offered: Sequence[str]
) -> Response | None:
    """Return 303 to a page such as "sparql" where a client prefers it to all types offered."""
    if choose(request.headers.get("accept"), [*offered, "text/html"]) != "text/html":
        return None
    return _to_page(request, state, name)


def _to_page(request: Request, state: AppState, name: str) -> Response:
    """Return 303 to a page in the language of the reader, with the parameters of the request."""
    query = request.scope["query_string"].decode("ascii", "replace")
    target = _page_address(request, state, name)
    return RedirectResponse(f"{target}?{query}" if query else target, 303, _VARY)


def _page_address(request: Request, state: AppState, path: str) -> str:
    """Return the address of a page, or of that about a thing, in the language of the reader."""
    languages = languages_of(state.graph)
    language = choose_language(request.headers.get("accept-language"), languages)
    return f"{state.root}{language}/{document_path(path, 'html')}"


def _iri(path: str, state: AppState) -> str | None:
    iris = state.reading.paths.iris(path) if path else [state.graph.study.dataset]
    return next((iri for iri in iris if iri in state.iris or not path), None)


async def _negotiated(request: Request, state: AppState, path: str, iri: str) -> Response:
    extensions = {
        media_type: ending
        for ending, media_type in EXTENSIONS.items()
        if ending != "html" or iri in state.reading.described
    }
    media_type = choose(request.headers.get("accept"), tuple(extensions))
    stem = document_path(path, "").removesuffix(".")
    alternates = ", ".join(state.headers.data_alternates(stem))
    if media_type is None:
        message = f"This comes as {', '.join(extensions)}."
        raise HttpError(406, message, {**_VARY, "Link": alternates})
    extension = extensions[media_type]
    if (is_document(path) or iri in state.reading.terms) and extension != "html":
        return await _document(request, state, path, iri, extension)
    target = _page_address(request, state, path)
    if extension != "html":
        target = f"{state.root}{document_path(path, extension)}"
    headers = {**_VARY, "Location": target, "Link": alternates, "Cache-Control": REVALIDATE}
    return PlainTextResponse(f"See {target}\n", 303, headers)


async def _document(
    request: Request, state: AppState, path: str, iri: str, extension: str
) -> Response:
    if extension == "html":
        if iri not in state.reading.described:
            raise HttpError(404, "There is no page about this: ask for .ttl.")
        address = _page_address(request, state, path)
        return RedirectResponse(address, 302, {"Vary": "Accept-Language"})
    stem = document_path(path, "").removesuffix(".")
    thing = quote(iri, safe=_IRI)
    headers = {
        **_VARY,
        "Content-Location": f"{state.root}{stem}.{extension}",
        "Link": state.headers.data(stem, extension, thing),
    }
    statements = partial(resource_document, state.graph, iri, stem, state.reading.terms_of(iri))
    media_type, name = EXTENSIONS[extension], f"{iri} {path}"
    return await graph_document(request, state, statements, media_type, name, headers)


async def _not_found(state: AppState, paths: Sequence[str]) -> HttpError:
    path = split_extension(paths[0])[0] if paths else ""
    links = Links(state.root, languages_of(state.graph)[0], public=state.public_url)
    near = await asyncio.to_thread(search.near, View(state.reading, links), path)
    meant = ", ".join(f"/{entry.address}" for entry in near)
    hint = f" Did you mean {meant}?" if near else ""
    shown = path[:200] if path.isprintable() else ""
    text = (
        f"There is nothing at /{shown}.{hint}\n"
        "What is in the graph: /void, /sitemap.xml. Ask it: /sparql, /openapi.json."
    )
    return HttpError(404, text, _VARY)


def preferred_rdf(request: Request) -> str:
    """Return the media type of RDF that a client likes best, the first one for a browser.

    Raises HttpError 406.
    """
    media_type = choose(request.headers.get("accept"), [*RDF_TYPES, "text/html"])
    if media_type is None:
        raise HttpError(406, f"This comes as {', '.join(RDF_TYPES)}.", {"Vary": "Accept"})
    return RDF_TYPES[0] if media_type == "text/html" else media_type


async def graph_document(
    request: Request,
    state: AppState,
    describe: Callable[[], Sequence[ox.Quad]],
    media_type: str,
    name: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return statements as a response; `name` tells this document from others of the graph.

    `describe` returns them; it is called in a thread, and only where the client has not this
    document already. Raises HttpError 406 for what the format cannot hold.
    """
    etag = state.etag("document", name, media_type)
    headers = {"Vary": "Accept, Accept-Encoding", "Cache-Control": REVALIDATE, **(headers or {})}
    if not_modified := unchanged(request, etag, headers):
        return not_modified
    try:
        ending, base = _ENDINGS[media_type], state.graph.study.base
        body = await asyncio.to_thread(lambda: serialise(describe(), ending, base))
    except GovgraphError as error:
        raise HttpError(406, str(error)) from None
    return document(request, body, media_type, etag=etag, headers=headers)


async def void(request: Request, state: AppState) -> Response:
    """Answer /void, with or without extension: VoID, DCAT and PROV of the dataset."""
    extension = request.path_params.get("extension")
    if extension is not None and extension not in RDF_EXTENSIONS:
        raise HttpError(404, f"The description comes as .{', .'.join(RDF_EXTENSIONS)}.")
    media_type = EXTENSIONS[extension] if extension else preferred_rdf(request)
    about = link(state.graph.study.dataset, "describes")
    headers = {"Link": ", ".join(filter(None, (about, state.headers.of_licence)))}
    describe = partial(description, state.graph, state.public_url, f"{state.public_url}sparql")
    return await graph_document(request, state, describe, media_type, "void", headers)


async def robots_txt(request: Request, state: AppState) -> Response:
    """Answer /robots.txt: everything may be read; queries are not for crawlers."""
    return document(request, robots(state.public_url, _NOT_FOR_CRAWLERS), "text/plain")


async def sitemap(request: Request, state: AppState) -> Response:
    """Answer /sitemap.xml as on a static site, or /sitemap-N.xml where one file cannot hold all."""
    files = await state.made("sitemap", partial(site_maps, state.graph, state.public_url))
    name = request.scope["path"].rpartition("/")[2]
    if name not in files:
        raise HttpError(404, f"There is no such sitemap: there is {', '.join(files)}.")
    return document(request, files[name], "application/xml")


async def dump(request: Request, state: AppState) -> Response:
    """Answer /dump/NAME: a file, the checksums of all (SHA256SUMS), or what is said of a file.

    That is at /dump/govgraph.nq.ttl, for one.
    """
    made = await state.made("dumps", partial(dumps, state.graph))
    name: str = request.path_params["name"]
    headers = {"Cache-Control": REVALIDATE, **state.licence_header}
    if name == CHECKSUMS:
        return PlainTextResponse(checksums(state.graph), headers=headers)
    if name not in made and name.rpartition(".")[0] in made:
        return await resource(request, state)
    if name not in made:
        listed = ", ".join(made)
        raise HttpError(404, f"There is no such dump: choose {listed} or {CHECKSUMS}.")
    headers["ETag"] = f'"{made[name].sha256}"'
    if not_modified := unchanged(request, headers["ETag"], headers):
        return not_modified
    return FileResponse(made[name].path, 200, headers, made[name].media_type)
