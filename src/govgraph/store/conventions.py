"""Addresses that follow from a query URL on the servers people have.

From the documentation of each server; where a server is set up otherwise, update-url and
graph-store-url say so.

server      query                      update                graph store
Oxigraph    /query                     /update               /store
Fuseki      /DATASET/query, …/sparql   /DATASET/update       /DATASET/data
RDF4J       …/repositories/NAME        …/NAME/statements     …/NAME/rdf-graphs/service
(GraphDB)
Neptune     :8182/sparql               :8182/sparql          :8182/sparql/gsp/
Virtuoso    /sparql, /sparql-auth      /sparql-auth          /sparql-graph-crud-auth
            without credentials        /sparql               /sparql-graph-crud
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

NEPTUNE_PORT: Final = 8182
_FORMS: Final[tuple[tuple[str, str, str], ...]] = (
    (r"/query", "/update", "/store"),
    (r"/sparql", "/sparql", "/sparql-graph-crud"),
    (r"(.*/repositories/[^/]+)", r"\1/statements", r"\1/rdf-graphs/service"),
    (r"(/.+)/(?:query|sparql)", r"\1/update", r"\1/data"),
)
"""Path of the query URL -> those of update and graph store."""


@dataclass(frozen=True)
class Addresses:
    """Update and graph store of a query URL ("" where unknown); how the server has one sign in."""

    update_url: str = ""
    graph_store_url: str = ""
    auth: str = ""


def conventional_addresses(query_url: str, *, signed_in: bool) -> Addresses:
    """Return what follows from the form of a query URL; nothing where no form is known."""
    parts = urlsplit(query_url)
    path = parts.path.rstrip("/")
    auth, forms = "", _FORMS
    if path == "/sparql" and parts.port == NEPTUNE_PORT:
        forms = ((r"/sparql", "/sparql", "/sparql/gsp/"),)
    elif path == "/sparql-auth" or (path == "/sparql" and signed_in):
        forms, auth = ((r"/.*", "/sparql-auth", "/sparql-graph-crud-auth"),), "digest"
    for form, update, graph_store in forms:
        if found := re.fullmatch(form, path):
            update_path, graph_store_path = found.expand(update), found.expand(graph_store)
            return Addresses(
                urlunsplit((parts.scheme, parts.netloc, update_path, "", "")),
                urlunsplit((parts.scheme, parts.netloc, graph_store_path, "", "")),
                auth,
            )
    return Addresses()
