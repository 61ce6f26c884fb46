"""Graphs of a store that are no part of what was stored: govgraph's own notes, the server's own."""

import re
from typing import Final

from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH, graph_iri

MANIFEST: Final = graph_iri("pushed")
"""What a push notes of what it pushed."""
LOCK_GRAPH: Final = graph_iri("pushed/lock")
"""Notes of who is at work on the store."""
OWN_GRAPHS: Final = (MANIFEST, LOCK_GRAPH)
SYSTEM_GRAPHS: Final = (
    "http://www.openlinksw.com/schemas/virtrdf#",
    "http://localuriqaserver/sparql",
    "http://www.w3.org/ns/ldp#",
    "urn:activitystreams-owl:map",
    "urn:core:services:sparql",
)
"""Graphs that Virtuoso fills for itself when it is first started."""
LEFT_OUT: Final = (*OWN_GRAPHS, *SYSTEM_GRAPHS)
NOT_ASSERTED: Final = (INFERRED_GRAPH, METADATA_GRAPH, *LEFT_OUT)
"""What no inference starts from."""
_OF_VIRTUOSO: Final = re.compile(
    r"http://www\.openlinksw\.com/schemas/.*|http://www\.w3\.org/ns/ldp#"
    r"|http://www\.w3\.org/2002/07/owl#|https?://[^/]+/(sparql|DAV/)"
)


def is_reserved(graph: str, server: str) -> bool:
    """Tell whether a graph is left out; `server` is what the store calls itself in HTTP."""
    return (
        graph in LEFT_OUT
        or graph.startswith(f"{MANIFEST}/")
        or (server.startswith("Virtuoso") and _OF_VIRTUOSO.fullmatch(graph) is not None)
    )
