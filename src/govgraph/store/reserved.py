"""Graphs of a store that are no part of what was stored: govgraph's own notes, the server's own."""

import re
from typing import Final

from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH, graph_iri

MANIFEST: Final = graph_iri("pushed")
"""What a push notes of what it pushed."""
LOCK_GRAPH: Final = graph_iri("pushed/lock")
"""Notes of who is at work on the store."""
NOT_ASSERTED: Final = (INFERRED_GRAPH, METADATA_GRAPH)
"""What no inference starts from."""
_OF_VIRTUOSO: Final = re.compile(
    r"http://www\.openlinksw\.com/schemas/.*|http://www\.w3\.org/(ns/ldp|2002/07/owl)#"
    r"|https?://[^/]+/(sparql|DAV/)|urn:activitystreams-owl:map|urn:core:services:sparql"
)
"""Graphs that Virtuoso fills for itself when it is first started."""


def is_reserved(graph: str, server: str) -> bool:
    """Tell whether a graph is left out; `server` is what the store calls itself in HTTP."""
    of_the_server = server.startswith("Virtuoso") and _OF_VIRTUOSO.fullmatch(graph)
    return graph == MANIFEST or graph.startswith(f"{MANIFEST}/") or bool(of_the_server)
