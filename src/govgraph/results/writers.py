"""Results as bytes. The W3C formats are written by pyoxigraph, from the JSON form of the rows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from govgraph.errors import GovgraphError
from govgraph.rdf.formats import RDF_FORMATS, RdfFormat
from govgraph.rdf.writing import serialise
from govgraph.results.frames import to_parquet
from govgraph.results.tables import html_page, markdown_table, plain_table
from govgraph.vocabulary import XSD

if TYPE_CHECKING:
    from govgraph.rdf.terms import Term
    from govgraph.results.result import Result

_STRING: Final = f"{XSD}string"
_NOT_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _json_term(term: Term) -> dict[str, Any]:
    """Return a term as SPARQL 1.2 Query Results JSON, section 4.2 writes it."""
    match term:
        case ox.NamedNode():
            return {"type": "uri", "value": term.value}
        case ox.BlankNode():
            return {"type": "bnode", "value": term.value}
        case ox.Literal():
            encoded = {"type": "literal", "value": term.value}
            if term.language:
                encoded["xml:lang"] = term.language
                if term.direction:
                    encoded["its:dir"] = term.direction.value
            elif term.datatype.value != _STRING:
                encoded["datatype"] = term.datatype.value
            return encoded
        case _:
            names = ("subject", "predicate", "object")
            return {
                "type": "triple",
                "value": {name: _json_term(getattr(term, name)) for name in names},
            }


def _json(result: Result) -> bytes:
    if result.kind == "ask":
        return json.dumps({"head": {}, "boolean": result.boolean}).encode()
    bindings = [
        {
            name: _json_term(term)
            for name, term in zip(result.columns, row, strict=True)
            if term is not None
        }
        for row in result.rows
    ]
    document = {"head": {"vars": result.columns}, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _results(format: ox.QueryResultsFormat) -> Callable[[Result], bytes]:
    def write(result: Result) -> bytes:
        if format == ox.QueryResultsFormat.XML:
            _check_xml(result)
        answer = ox.parse_query_results(_json(result), format=ox.QueryResultsFormat.JSON)
        return _ended(answer.serialize(format=format))

    return write


def _graph(format: RdfFormat) -> Callable[[Result], bytes]:
    def write(result: Result) -> bytes:
        if format.engine == ox.RdfFormat.RDF_XML:
            _check_xml(result)
        return _ended(serialise(result.triples, format.engine))

    return write


def _check_xml(result: Result) -> None:
    """Raise GovgraphError for a literal with a character that XML 1.0 (2.2) cannot hold."""
    for row in result.rows:
        for term in row:
            if isinstance(term, ox.Literal) and (found := _NOT_XML.search(term.value)):
                raise GovgraphError(
                    f"XML cannot hold the character U+{ord(found[0]):04X} in {term.value!r}:"
                    " choose another format."
                )


def _ended(data: bytes | None) -> bytes:
    """Return text data with a newline at its end."""
    assert data is not None
    return data if not data or data.endswith(b"\n") else data + b"\n"


WRITERS: Final[dict[str, Callable[[Result], bytes]]] = {
    "table": lambda result: plain_table(result).encode(),
    "csv": _results(ox.QueryResultsFormat.CSV),
    "tsv": _results(ox.QueryResultsFormat.TSV),
    "json": lambda result: _ended(_json(result)),
    "xml": _results(ox.QueryResultsFormat.XML),
    "md": lambda result: markdown_table(result).encode(),
    "html": lambda result: html_page(result).encode(),
    "parquet": to_parquet,
    **{name: _graph(entry) for name, entry in RDF_FORMATS.items()},
}
"""What writes each format of FORMATS."""
