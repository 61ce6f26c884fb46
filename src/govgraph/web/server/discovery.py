"""What leads to the graph: VoID, the description of the endpoint, sitemap, robots, and dumps.

The endpoint says of itself what https://www.w3.org/TR/sparql11-service-description/ asks for.
"""

from functools import partial
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from govgraph.vocabulary import DCTERMS, PREFIXES
from govgraph.web.negotiation import EXTENSIONS, RDF_EXTENSIONS
from govgraph.web.pages.catalogue import CHECKSUMS, checksums, description, dumps
from govgraph.web.pages.links import link
from govgraph.web.server import linked_data
from govgraph.web.server.limits import HttpError
from govgraph.web.server.linked_data import graph_document, preferred_rdf
from govgraph.web.server.responses import REVALIDATE, document, unchanged
from govgraph.web.server.state import AppState
from govgraph.web.sitemap import robots, site_maps

_NOT_FOR_CRAWLERS: Final = ("sparql", "query", "store", "resource")


_FRAGMENT: Final = "/?:@!$&'()*+,;=~-._"
"""What a fragment holds as it is (RFC 3986, section 3.5), beside letters and digits."""
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
<#dataset> a sd:Dataset ;
  sd:defaultGraph <#default> ;
  <{DCTERMS}isVersionOf> {{dataset}} .
<#default> a sd:Graph .
{{dataset}} <{PREFIXES["void"]}sparqlEndpoint> <> .
"""
_NAMED_GRAPH: Final = (
    "<#dataset> sd:namedGraph <#graph={0}> . <#graph={0}> a sd:NamedGraph ; sd:name {1} .\n"
)


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
    body = robots(state.public_url, _NOT_FOR_CRAWLERS)
    etag = state.etag("robots", state.public_url)
    return document(request, body, "text/plain", etag=etag)


async def service_description(request: Request, state: AppState) -> Response:
    """Return the service description in the RDF format asked for; Turtle for a browser."""
    describe = partial(_service, state)
    return await graph_document(request, state, describe, preferred_rdf(request), "service")


def _service(state: AppState) -> list[ox.Triple]:
    """Return the description, without blank nodes."""
    graphs = [node for node in state.graph.store.named_graphs() if isinstance(node, ox.NamedNode)]
    lines = [_NAMED_GRAPH.format(quote(node.value, safe=_FRAGMENT), node) for node in graphs]
    endpoint = f"{state.public_url}sparql"
    study = state.graph.study
    if study.licence:
        lines.append(f"<#dataset> <{DCTERMS}license> <{study.licence}> .\n")
    text = _DESCRIPTION.format(dataset=f"<{study.dataset}>") + "".join(lines)
    quads = ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=endpoint)
    return sorted({quad.triple for quad in quads}, key=str)


async def sitemap(request: Request, state: AppState) -> Response:
    """Answer /sitemap.xml as on a static site, or /sitemap-N.xml where one file cannot hold all."""
    files = await state.made("sitemap", partial(site_maps, state.graph, state.public_url))
    name = request.scope["path"].rpartition("/")[2]
    if name not in files:
        raise HttpError(404, f"There is no such sitemap: there is {', '.join(files)}.")
    etag = state.etag("sitemap", name, state.public_url)
    return document(request, files[name], "application/xml", etag=etag)


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
        return await linked_data.resource(request, state)
    if name not in made:
        listed = ", ".join(made)
        raise HttpError(404, f"There is no such dump: choose {listed} or {CHECKSUMS}.")
    headers["ETag"] = f'"{made[name].sha256}"'
    if not_modified := unchanged(request, headers["ETag"], headers):
        return not_modified
    return FileResponse(made[name].path, 200, headers, made[name].media_type)
