"""What the endpoint says of itself: https://www.w3.org/TR/sparql11-service-description/."""

from __future__ import annotations

from functools import partial
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from govgraph.rdf.metadata import DATASET, LICENCE
from govgraph.results import FORMATS
from govgraph.vocabulary import DCTERMS, PREFIXES, RDF
from govgraph.web.http_error import HttpError
from govgraph.web.negotiation import EXTENSIONS, RDF_EXTENSIONS, choose
from govgraph.web.server.rdf_documents import graph_document
from govgraph.web.server.state import AppState

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMAT: Final = "http://www.w3.org/ns/formats/"
_FRAGMENT: Final = "/?:@!$&'()*+,;=~-._"
"""What a fragment holds as it is (RFC 3986, section 3.5), beside letters and digits."""
_FORMATS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads",
)  # fmt: skip


def service_triples(state: AppState) -> list[ox.Triple]:
    """Return the description, without blank nodes."""
    endpoint = ox.NamedNode(f"{state.settings.public_url}sparql")
    dataset = ox.NamedNode(f"{endpoint.value}#dataset")
    default = ox.NamedNode(f"{endpoint.value}#default")
    triples: set[ox.Triple] = set()

    def say(subject: ox.NamedNode, predicate: str, value: str) -> None:
        triples.add(ox.Triple(subject, ox.NamedNode(predicate), ox.NamedNode(value)))

    say(endpoint, f"{RDF}type", f"{SD}Service")
    say(endpoint, f"{SD}endpoint", endpoint.value)
    say(endpoint, f"{SD}supportedLanguage", f"{SD}SPARQL11Query")
    say(endpoint, f"{SD}feature", f"{SD}UnionDefaultGraph")
    for name in _FORMATS:
        say(endpoint, f"{SD}resultFormat", _FORMAT + name)
    say(endpoint, f"{SD}defaultDataset", dataset.value)
    say(endpoint, f"{SD}availableGraphs", dataset.value)
    say(dataset, f"{RDF}type", f"{SD}Dataset")
    say(dataset, f"{SD}defaultGraph", default.value)
    say(default, f"{RDF}type", f"{SD}Graph")
    say(dataset, f"{DCTERMS}isVersionOf", DATASET.value)
    say(dataset, f"{DCTERMS}license", LICENCE.value)
    say(DATASET, f"{PREFIXES['void']}sparqlEndpoint", endpoint.value)
    for graph in state.graph.store.named_graphs():
        if isinstance(graph, ox.NamedNode):
            name = f"{endpoint.value}#graph={quote(graph.value, safe=_FRAGMENT)}"
            say(dataset, f"{SD}namedGraph", name)
            say(ox.NamedNode(name), f"{RDF}type", f"{SD}NamedGraph")
            say(ox.NamedNode(name), f"{SD}name", graph.value)
    return sorted(triples, key=str)


async def service_description(request: Request, state: AppState) -> Response:
    """Return the service description in the RDF format asked for; Turtle for a browser."""
    offered = [EXTENSIONS[ending] for ending in RDF_EXTENSIONS]
    accept = request.headers.get("accept")
    media_type = choose(accept, offered)
    if media_type is None and choose(accept, ["text/html"]) is not None:
        media_type = FORMATS["ttl"].media_type
    if media_type is None:
        raise HttpError(406, f"The service description comes as {', '.join(offered)}.")
    describe = partial(service_triples, state)
    return await graph_document(request, state, describe, media_type, "service")
