"""Results as bytes. The W3C formats are written by pyoxigraph, from the JSON form of the rows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from govgraph.errors import GovgraphError
from govgraph.results.frames import to_parquet
from govgraph.results.tables import html_page, markdown_table, plain_table
from govgraph.vocabulary import PREFIXES, RDF, XSD

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


def _graph(format: ox.RdfFormat) -> Callable[[Result], bytes]:
    def write(result: Result) -> bytes:
        if format == ox.RdfFormat.RDF_XML:
            _check_xml(result)
        data = ox.serialize(result.triples, format=format, prefixes=_used_prefixes(result))
        assert data is not None
        if format in {ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG}:
            data = _sort_prefixes(data)
        return _ended(data)

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


def _used_prefixes(result: Result) -> dict[str, str]:
    """Return the known prefixes that shorten some IRI of the graph."""
    terms = [term for row in result.rows for term in row]
    iris = {term.value for term in terms if isinstance(term, ox.NamedNode)}
    iris |= {term.datatype.value for term in terms if isinstance(term, ox.Literal)}
    iris -= {_STRING, f"{RDF}langString"}  # never written out
    return {
        prefix: namespace
        for prefix, namespace in PREFIXES.items()
        if any(iri.startswith(namespace) for iri in iris)
    }


def _sort_prefixes(data: bytes) -> bytes:
    """Sort the leading @prefix lines, which pyoxigraph leaves in the order of a hash table."""
    lines = data.splitlines(keepends=True)
    count = next(
        (i for i, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines)
    )
    return b"".join([*sorted(lines[:count]), *lines[count:]])


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
    "ttl": _graph(ox.RdfFormat.TURTLE),
    "nt": _graph(ox.RdfFormat.N_TRIPLES),
    "jsonld": _graph(ox.RdfFormat.JSON_LD),
    "trig": _graph(ox.RdfFormat.TRIG),
    "nq": _graph(ox.RdfFormat.N_QUADS),
    "rdfxml": _graph(ox.RdfFormat.RDF_XML),
}
"""What writes each format of FORMATS."""
