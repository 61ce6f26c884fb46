"""The reading half of the SPARQL 1.1 Graph Store HTTP Protocol: one graph, or all of them.

https://www.w3.org/TR/sparql11-http-rdf-update/. /store?graph=IRI and /store?default name a graph
indirectly; /store/PATH names the graph at PATH below the base of the graph's own IRIs. Without a
graph, the whole dataset is meant: it is a dump.
"""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from govgraph.vocabulary import BASE, PREFIXES
from govgraph.web.addresses import iri_paths
from govgraph.web.http_error import HttpError
from govgraph.web.negotiation import choose
from govgraph.web.server.answering import QueryAnswer, answer
from govgraph.web.server.bodies import parse_parameters
from govgraph.web.server.sparql_protocol import GRAPHS
from govgraph.web.server.state import AppState

_DEFAULT: Final = "default"
_DATASETS: Final = {"application/n-quads": "nq", "application/trig": "trig"}
_SHOWN: Final = ("dcterms", "gg", "owl", "prov", "rdf", "rdfs", "skos", "xsd")
_PREFIXES: Final = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in _SHOWN)


async def graph_store(request: Request, state: AppState) -> QueryAnswer | Response:
    """Answer with one graph, or with 303 to the dump of all; raises HttpError 400, 404, 406."""
    graph = _graph(request)
    accept = request.headers.get("accept")
    if graph is None:
        media_type = choose(accept, tuple(_DATASETS))
        if media_type is None:
            raise HttpError(406, f"All graphs together come as {' or '.join(_DATASETS)}.")
        target = f"{state.settings.root}dump/govgraph.{_DATASETS[media_type]}"
        return RedirectResponse(target, 303, {"Vary": "Accept"})
    media_type = choose(accept, tuple(GRAPHS))
    if media_type is None:
        raise HttpError(406, f"A graph comes as {', '.join(GRAPHS)}.")
    pattern = "?s ?p ?o" if graph == _DEFAULT else f"GRAPH <{graph}> {{ ?s ?p ?o }}"
    if graph != _DEFAULT and not state.graph.store.contains_named_graph(ox.NamedNode(graph)):
        raise HttpError(404, f"There is no graph <{graph}>.")
    text = f"{_PREFIXES}CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"
    return answer(state, request, text, (None, GRAPHS[media_type]))


def _graph(request: Request) -> str | None:
    """Return the IRI of the graph of a request, "default", or None where it names none."""
    fields = parse_parameters(request.scope["query_string"])
    if "path" in request.path_params:
        raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
        names = [BASE + path.removeprefix("store/") for path in iri_paths(raw)[:1]]
        if fields or not names or names == [BASE]:
            raise HttpError(400, "Expected /store/PATH without parameters, or ?graph=IRI.")
    else:
        names = [value for name, value in fields if name == "graph"]
        default = [name for name, _ in fields if name == "default"]
        if len(fields) > 1 or len(names) + len(default) < len(fields):
            raise HttpError(400, "Expected one parameter: ?graph=IRI or ?default.")
        if default:
            return _DEFAULT
    try:
        return ox.NamedNode(names[0]).value if names else None
    except ValueError as error:
        raise HttpError(400, f"The graph has no IRI ({error}): expected an absolute one.") from None
