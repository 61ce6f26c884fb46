"""The reading half of the SPARQL 1.1 Graph Store HTTP Protocol: one graph, or all of them.

https://www.w3.org/TR/sparql11-http-rdf-update/. /store?graph=IRI and /store?default name a graph;
without one, the whole dataset is meant: it is a dump.
"""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from govgraph.vocabulary import PREFIXES
from govgraph.web.http_error import HttpError
from govgraph.web.negotiation import choose
from govgraph.web.server.answering import QueryAnswer
from govgraph.web.server.sparql_protocol import GRAPHS, parse_parameters
from govgraph.web.server.state import AppState
from govgraph.web.server.worker import Job

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
