"""Documents of RDF: statements in one of the formats, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from govgraph.errors import GovgraphError
from govgraph.rdf import writing
from govgraph.rdf.formats import RDF_FORMATS
from govgraph.results import Result

_FORMATS: Final = {entry.ending: entry for entry in RDF_FORMATS.values()}


def serialise(statements: Iterable[ox.Quad | ox.Triple], extension: str) -> bytes:
    """Return statements in the format of an extension, such as "ttl".

    Formats of one graph hold the union. Raises GovgraphError for what the format cannot hold.
    """
    quads, rdf_format = list(statements), _FORMATS[extension]
    try:
        if not rdf_format.graphs:
            triples = {quad if isinstance(quad, ox.Triple) else quad.triple for quad in quads}
            return Result.of_triples(triples).serialize(rdf_format.name)
        whole = [quad if isinstance(quad, ox.Quad) else ox.Quad(*quad) for quad in quads]
        return writing.serialise(writing.sorted_quads(whole), rdf_format.engine)
    except (GovgraphError, ValueError) as error:
        raise GovgraphError(f"This cannot be written as .{extension}: {error}") from None
