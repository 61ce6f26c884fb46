"""SPARQL 1.1: queries by the Protocol, the reading half of the Graph Store Protocol, what is here.

https://www.w3.org/TR/sparql11-protocol/#query-operation,
https://www.w3.org/TR/sparql11-service-description/,
https://www.w3.org/TR/sparql11-http-rdf-update/: /store?graph=IRI and /store?default name a graph;
without one, the whole dataset is meant: it is a dump.
"""

import asyncio
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

import pyoxigraph as ox
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from govgraph.errors import shortened
from govgraph.rdf.dumps import MEGABYTE
from govgraph.rdf.formats import GRAPH_TYPE_ALIASES, RDF_FORMATS
from govgraph.results import FORMATS
from govgraph.vocabulary import DCTERMS, PREFIXES
from govgraph.web.negotiation import choose
from govgraph.web.server.limits import HttpError, Limits
from govgraph.web.server.linked_data import graph_document, preferred_rdf, redirect_if_preferred
from govgraph.web.server.responses import QueryAnswer
from govgraph.web.server.state import AppState
from govgraph.web.server.worker import Job

ROWS: Final = {FORMATS[name].media_type: name for name in ("json", "xml", "csv", "tsv")}
"""Media type -> format of rows and of a yes or no."""

GRAPHS: Final = {entry.media_type: entry.name for entry in RDF_FORMATS.values()}
"""Media type -> format of a graph."""

_ROW_ALIASES: Final = {
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
}
_QUERY: Final = "application/sparql-query"
_FORM: Final = "application/x-www-form-urlencoded"
_DATASETS: Final = {"application/n-quads": "nq", "application/trig": "trig"}
_SHOWN: Final = ("dcterms", "gg", "owl", "prov", "rdf", "rdfs", "skos", "xsd")
_PREFIXES: Final = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in _SHOWN)
_DRAINED: Final = 16 * MEGABYTE
_MOST_FIELDS: Final = 200
_CLOSE: Final = {"Connection": "close"}
_READ_ONLY: Final = (
    "This endpoint is read-only: it takes queries, not updates. Push the graph to a store that"
    " takes them."
)


_DESCRIPTION: Final = f"""\
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX formats: <http://www.w3.org/ns/formats/>
<> a sd:Service ;
  sd:endpoint <> ;
  sd:supportedLanguage sd:SPARQL11Query ;
  sd:feature sd:UnionDefaultGraph ;
  sd:resultFormat formats:SPARQL_Results_JSON, formats:SPARQL_Results_XML,
    formats:SPARQL_Results_CSV, formats:SPARQL_Results_TSV, formats:Turtle, formats:N-Triples,
    formats:RDF_XML, formats:JSON-LD, formats:TriG, formats:N-Quads ;
  sd:defaultDataset <#dataset> ;
  sd:availableGraphs <#dataset> .
<#dataset> a sd:Dataset ; {{licence}}
  sd:defaultGraph <#default> ;
  <{DCTERMS}isVersionOf> {{dataset}} .
<#default> a sd:Graph .
{{dataset}} <{PREFIXES["void"]}sparqlEndpoint> <> .
"""


def formats(accept: str | None) -> tuple[str | None, str | None]:
    """Return the formats for rows and for a graph; None for a kind the client cannot take.

    Raises HttpError 406 where it can take neither.
    """
    rows = choose(accept, tuple(ROWS), _ROW_ALIASES)
    graph = choose(accept, tuple(GRAPHS), GRAPH_TYPE_ALIASES)
    if rows is None and graph is None:
        raise HttpError(406, f"Found nothing to answer in: ask for {', '.join([*ROWS, *GRAPHS])}.")
    return ROWS.get(rows or ""), GRAPHS.get(graph or "")


async def sparql(request: Request, state: AppState) -> QueryAnswer | Response:
    """Answer a request to the endpoint; without a query, describe the service."""
    fields = parse_parameters(request.scope["query_string"])
    accept = request.headers.get("accept")
    if request.method == "POST":
        fields = await _posted(request, state, fields)
    elif not fields:
        page = redirect_if_preferred(request, state, "sparql", tuple(GRAPHS))
        return page or await service_description(request, state)
    if any(name == "update" for name, _ in fields):
        raise HttpError(403, _READ_ONLY)
    texts = [value for name, value in fields if name == "query"]
    if len(texts) != 1:
        raise HttpError(400, f"Found {len(texts)} of the parameter 'query': expected exactly one.")
    text = texts[0]
    try:
        rows, graph = formats(accept)
    except HttpError:
        if page := redirect_if_preferred(request, state, "sparql", ()):
            await state.evaluate(text)  # which says what is wrong with it
        if page is None or request.method == "POST":
            raise
        page.headers["location"] += "&run=1"
        return page
    # RFC 3986, section 5.1.3: the address that was asked, as the world sees it
    here = f"{state.public_url}sparql"
    job = state.job(text, rows, graph, *_dataset(fields), address=here)
    return QueryAnswer(state, request, job)


async def _posted(
    request: Request, state: AppState, fields: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return the fields of a form, or a query and the fields that go with it (section 2.1)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/sparql-update":
        raise HttpError(403, _READ_ONLY)
    if kind not in {_FORM, _QUERY}:
        shown = kind[:60] if kind and kind.isprintable() else "none"
        message = f"Found the content type {shown}: expected {_QUERY} or {_FORM}."
        raise HttpError(415, message, {"Accept-Post": f"{_QUERY}, {_FORM}"})
    if (coding := request.headers.get("content-encoding", "identity").lower()) != "identity":
        shown = shortened(coding, 30) if coding.isprintable() else "one"
        message = f"Found the content encoding {shown}: send the body as it is."
        raise HttpError(415, message, {"Accept-Encoding": "identity"})
    body = await read_body(request, state.limits)
    if kind == _FORM:
        return parse_parameters(body)
    try:
        return [*fields, ("query", body.decode("utf-8-sig"))]
    except UnicodeDecodeError:
        raise HttpError(400, "The query is not UTF-8 text.") from None


def _dataset(
    fields: Sequence[tuple[str, str]],
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Return default and named graphs, both None where the request names none (section 2.1.4)."""
    graphs: dict[str, list[str]] = {"default-graph-uri": [], "named-graph-uri": []}
    for name, value in fields:
        if name in graphs:
            try:
                graphs[name].append(ox.NamedNode(value).value)
            except ValueError as error:
                raise HttpError(400, f"{name}: not an IRI ({error}).") from None
    default, named = map(tuple, graphs.values())
    return (default, named) if default or named else (None, None)


async def read_body(request: Request, limits: Limits) -> bytes:
    """Return the body of a request.

    Raises HttpError: 413 where it is larger than the limit of a query, 408 where it is not there
    within the stall limit, 400 where it is not complete.
    """
    most = limits.query_limit
    too_large = HttpError(413, f"The body is larger than {most:,} bytes: send less.", _CLOSE)
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most and "expect" in request.headers:
        raise too_large  # it asked first
    body, size = b"", 0
    try:
        async with asyncio.timeout(limits.stall_limit):
            async for piece in request.stream():
                size += len(piece)
                body = body + piece if size <= most else b""
                if size > most + _DRAINED:
                    break
    except TimeoutError:
        raise HttpError(408, "The body came too slowly.", _CLOSE) from None
    except ClientDisconnect:
        raise HttpError(400, "The body is not complete.", _CLOSE) from None
    # A body somewhat too large is read to its end all the same: a client that is still writing
    # would else see a broken connection in the place of the answer.
    if size > most:
        raise too_large
    return body


def parse_parameters(content: bytes) -> list[tuple[str, str]]:
    """Return the fields of a query string or a form; raises HttpError 400 where it is none."""
    try:
        return parse_qsl(
            content.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except UnicodeDecodeError:
        raise HttpError(400, "The parameters are not percent-encoded UTF-8.") from None
    except ValueError as error:
        raise HttpError(400, f"The parameters cannot be read: {error}.") from None


async def graph_store(request: Request, state: AppState) -> QueryAnswer | Response:
    """Answer with one graph, or with 303 to the dump of all; raises HttpError 400, 404, 406."""
    graph = _graph(request)
    accept = request.headers.get("accept")
    if graph is None:
        media_type = choose(accept, tuple(_DATASETS))
        if media_type is None:
            raise HttpError(406, f"All graphs together come as {' or '.join(_DATASETS)}.")
        target = f"{state.root}dump/{state.graph.study.file_name}.{_DATASETS[media_type]}"
        return RedirectResponse(target, 303, {"Vary": "Accept"})
    media_type = choose(accept, tuple(GRAPHS))
    if media_type is None:
        raise HttpError(406, f"A graph comes as {', '.join(GRAPHS)}.")
    if isinstance(graph, ox.NamedNode) and not state.graph.store.contains_named_graph(graph):
        raise HttpError(404, f"There is no graph {graph}.")
    pattern = f"GRAPH {graph} {{ ?s ?p ?o }}" if isinstance(graph, ox.NamedNode) else "?s ?p ?o"
    text = f"{_PREFIXES}CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"
    return QueryAnswer(state, request, Job(text, None, GRAPHS[media_type]))


def _graph(request: Request) -> ox.NamedNode | ox.DefaultGraph | None:
    """Return the graph that a request names, None where it names none; raises HttpError 400."""
    fields = parse_parameters(request.scope["query_string"])
    if not fields:
        return None
    [name, value] = fields[0]
    if len(fields) > 1 or name not in {"graph", "default"}:
        raise HttpError(400, "Expected one parameter: ?graph=IRI or ?default.")
    try:
        return ox.NamedNode(value) if name == "graph" else ox.DefaultGraph()
    except ValueError as error:
        raise HttpError(400, f"The graph has no IRI ({error}): expected an absolute one.") from None


async def service_description(request: Request, state: AppState) -> Response:
    """Return the service description in the RDF format asked for; Turtle for a browser."""
    study = state.graph.study
    licence = f"<{DCTERMS}license> <{study.licence}> ;" if study.licence else ""
    text = _DESCRIPTION.format(dataset=f"<{study.dataset}>", licence=licence)
    quads = list(ox.parse(text, ox.RdfFormat.TURTLE, base_iri=f"{state.public_url}sparql"))
    return await graph_document(request, state, lambda: quads, preferred_rdf(request), "service")
