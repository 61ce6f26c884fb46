"""SPARQL 1.1 Graph Store HTTP Protocol: https://www.w3.org/TR/sparql11-http-rdf-update/.

/store?graph=IRI and /store?default name a graph indirectly; /store/PATH names the graph at PATH
below the base of the graph's own IRIs. Without a graph, PUT and POST take the whole dataset, in a
format that names graphs, as one write.
"""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from typing import Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from govgraph.vocabulary import BASE, PREFIXES
from govgraph.web.server.answering import QueryAnswer, answer
from govgraph.web.server.bodies import media_type, parse_parameters, read_body
from govgraph.web.server.candidate import FORMATS
from govgraph.web.server.change import Change
from govgraph.web.server.limits import Refusal
from govgraph.web.server.live import Precondition
from govgraph.web.server.negotiation import choose, iri_paths, url_path
from govgraph.web.server.protocol import GRAPHS
from govgraph.web.server.responses import encoding_for
from govgraph.web.server.state import AppState
from govgraph.web.server.update import writable

METHODS: Final = ("GET", "PUT", "POST", "DELETE")
_DEFAULT: Final = "default"
_DATASETS: Final = ("application/n-quads", "application/trig")
_SHOWN: Final = ("dcterms", "gg", "owl", "prov", "rdf", "rdfs", "skos", "xsd")
_PREFIXES: Final = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in _SHOWN)


async def graph_store(request: Request, state: AppState) -> QueryAnswer | Response:
    """Answer a request about one graph, or about all."""
    graph = _graph(request)
    if request.method in {"GET", "HEAD"}:
        return await _read(request, state, graph)
    live = writable(request, state)
    if graph == _DEFAULT:
        message = "The default graph is the union of all others: write to one of these, ?graph=IRI."
        raise Refusal(400, message)
    change = Change("delete", graph or "")
    if request.method != "DELETE":
        kind = _media_type(request)
        if request.method == "POST" and graph is None and kind not in _DATASETS:
            graph = f"{BASE}graph/{uuid.uuid4()}"  # section 5.5: the server names a new graph
        elif graph is None and kind not in _DATASETS:
            raise Refusal(400, "Found no graph: expected ?graph=IRI, or N-Quads or TriG.")
        content = await read_body(request, state.limits, state.limits.write_limit)
        change = Change(request.method.lower(), graph or "", kind, content=content)
    elif graph is None:
        raise Refusal(400, "Found no graph to delete: expected ?graph=IRI.")
    if await live.write(request, change, _precondition(request, change.graph)):
        return Response(status_code=201, headers={"Location": _location(state, change.graph)})
    return Response(status_code=204)


def _graph(request: Request) -> str | None:
    """Return the IRI of the graph of a request, "default", or None where it names none."""
    fields = parse_parameters(request.scope["query_string"])
    if "path" in request.path_params:
        raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
        found = [BASE + path.removeprefix("store/") for path in iri_paths(raw)[:1]]
        if fields or not found or found == [BASE]:
            raise Refusal(400, "Expected /store/PATH of a graph without parameters, or ?graph=IRI.")
    else:
        found = [value for name, value in fields if name == "graph"]
        default = [name for name, _ in fields if name == "default"]
        if len(fields) > 1 or len(found) + len(default) < len(fields):
            raise Refusal(400, "Expected one parameter: ?graph=IRI or ?default.")
        if default:
            return _DEFAULT
    try:
        return ox.NamedNode(found[0]).value if found else None
    except ValueError as error:
        raise Refusal(400, f"The graph has no IRI ({error}): expected an absolute one.") from None


async def _read(request: Request, state: AppState, graph: str | None) -> QueryAnswer | Response:
    if graph is None:
        kind = choose(request.headers.get("accept"), _DATASETS)
        if kind is None:
            raise Refusal(406, f"All graphs together come as {' or '.join(_DATASETS)}.")
        ending = "nq" if kind == _DATASETS[0] else "trig"
        target = f"{state.settings.root}dump/govgraph.{ending}"
        return RedirectResponse(target, 303, {"Vary": "Accept"})
    kind = choose(request.headers.get("accept"), tuple(GRAPHS))
    if kind is None:
        raise Refusal(406, f"A graph comes as {', '.join(GRAPHS)}.")
    pattern = "?s ?p ?o" if graph == _DEFAULT else f"GRAPH <{graph}> {{ ?s ?p ?o }}"
    digest = (
        state.digest
        if graph == _DEFAULT
        else await asyncio.to_thread(graph_digest, state.graph.store, graph)
    )
    if not digest:
        raise Refusal(404, f"There is no graph <{graph}>.")
    text = f"{_PREFIXES}CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"
    # Strong, so that If-Match may compare it; the part before the dot is the graph's own.
    etag = f'"{digest[:32]}.{GRAPHS[kind]}.{encoding_for(request)}"'
    return answer(state, request, text, (None, GRAPHS[kind]), etag=etag)


def graph_digest(store: ox.Store, graph: str) -> str:
    """Return the SHA-256 of what a named graph holds, in any order; "" where it holds nothing."""
    quads = store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    lines = sorted(str(quad) for quad in quads)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""


def _media_type(request: Request) -> str:
    kind = media_type(request)
    if kind not in FORMATS:
        known = ", ".join(FORMATS)
        message = f"Found the content type {kind or 'none'}: expected one of {known}."
        raise Refusal(415, message, {"Accept-Post": known})
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal(415, "The body is compressed: send it as it is.")
    return kind


def _precondition(request: Request, graph: str) -> Precondition:
    """Return what checks If-Match and If-None-Match (RFC 9110, section 13.1) before a write."""
    wanted, unwanted = (_tags(request, name) for name in ("if-match", "if-none-match"))

    def check(store: ox.Store) -> None:
        if wanted is None and unwanted is None:
            return
        held = graph_digest(store, graph)[:32] if graph else ""
        exists = bool(held) or not graph
        if wanted is not None and not (held in wanted or ("*" in wanted and exists)):
            raise Refusal(412, "The graph is not as If-Match says: read it again.")
        if unwanted is not None and exists and (held in unwanted or "*" in unwanted):
            raise Refusal(412, "The graph is there, or as If-None-Match says.")

    return check


def _tags(request: Request, header: str) -> set[str] | None:
    """Return the digests in a header of strong entity tags, or None where there is no such."""
    value = request.headers.get(header)
    if value is None:
        return None
    tags = (tag.strip() for tag in value.split(","))
    return {tag if tag == "*" else tag.strip('"').partition(".")[0] for tag in tags if tag}


def _location(state: AppState, graph: str) -> str:
    from urllib.parse import quote

    root = state.settings.root
    if graph.startswith(BASE):
        return f"{root}store/{url_path(graph[len(BASE) :])}"
    return f"{root}store?graph={quote(graph, safe='')}"
