"""Results as bytes. The W3C formats are written by pyoxigraph, from the JSON form of the rows."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pyoxigraph as ox

from govgraph.errors import GovgraphError
from govgraph.rdf.terms import Term
from govgraph.rdf.writing import serialise
from govgraph.results.answer import Answer
from govgraph.results.formats import Format
from govgraph.results.frames import to_parquet
from govgraph.results.tables import html_page, markdown_table, plain_table
from govgraph.vocabulary import XSD

_STRING: Final = f"{XSD}string"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What begins a cell that spreadsheets run (OWASP, CSV injection)."""
_NAME: Final = re.compile(rb'(<(?:variable|binding) name=)"v([0-9]+)"')
_BREAKS: Final = re.compile(r"[\t\r\n]")
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


def _json(answer: Answer) -> bytes:
    if answer.kind == "ask":
        return json.dumps({"head": {}, "boolean": answer.boolean}).encode()
    bindings = [
        {
            name: _json_term(term)
            for name, term in zip(answer.columns, row, strict=True)
            if term is not None
        }
        for row in answer.rows
    ]
    document = {"head": {"vars": answer.columns}, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def write_answer(answer: Answer, format: Format) -> bytes:
    """Return an answer in a format that suits it, text in UTF-8.

    Raises UsageError where a library is missing, GovgraphError for what XML cannot hold.
    """
    if format.name in _OWN:
        return _OWN[format.name](answer)
    if format.name == "safe-csv":
        rows = tuple(tuple(map(_not_run, row)) for row in answer.rows)
        answer = replace(answer, rows=rows)
    if format.name in ("xml", "rdfxml"):
        _check_xml(answer)
    if isinstance(format.engine, ox.RdfFormat):
        data: bytes | None = serialise(answer.triples, format.engine)
    elif format.engine is None or format.engine == ox.QueryResultsFormat.JSON:
        data = _json(answer)
    else:
        data = _with_names(answer, format.engine)
    assert data is not None
    return data if not data or data.endswith(b"\n") else data + b"\n"


def _not_run(term: Term | None) -> Term | None:
    """Return a text that a spreadsheet would run, such as "=cmd", behind an apostrophe."""
    is_text = isinstance(term, ox.Literal) and (term.language or term.datatype.value == _STRING)
    if isinstance(term, ox.Literal) and is_text and term.value.startswith(_FORMULA):
        return ox.Literal(f"'{term.value}")
    return term


def _with_names(answer: Answer, engine: ox.QueryResultsFormat) -> bytes:
    """Return an answer in CSV, TSV or XML, which pyoxigraph writes; its columns have any names.

    A column of a comparison is called as the case is, which need not be the name of a variable.
    """
    numbered = tuple(f"v{number}" for number in range(len(answer.columns)))
    named = answer if answer.kind == "ask" else replace(answer, columns=numbered)
    read = ox.parse_query_results(_json(named), format=ox.QueryResultsFormat.JSON)
    data = read.serialize(format=engine) or b""
    if answer.kind == "ask":
        return data
    if engine == ox.QueryResultsFormat.XML:
        from xml.sax.saxutils import quoteattr  # which reads in all of HTTP and TLS

        return _NAME.sub(
            lambda match: match[1] + quoteattr(answer.columns[int(match[2])]).encode(), data
        )
    if engine == ox.QueryResultsFormat.TSV:
        header = "\t".join(f"?{_BREAKS.sub(' ', name)}" for name in answer.columns) + "\n"
    else:
        csv.writer(line := io.StringIO(), lineterminator="\r\n").writerow(answer.columns)
        header = line.getvalue()
    return header.encode() + data[data.index(b"\n") + 1 :]


def _check_xml(answer: Answer) -> None:
    """Raise GovgraphError for a literal with a character that XML 1.0 (2.2) cannot hold."""
    for row in answer.rows:
        for term in row:
            if isinstance(term, ox.Literal) and (control := _NOT_XML.search(term.value)):
                raise GovgraphError(
                    f"XML cannot hold the character U+{ord(control[0]):04X} in {term.value!r}:"
                    " choose another format."
                )


_OWN: Final[dict[str, Callable[[Answer], bytes]]] = {
    "table": lambda answer: plain_table(answer).encode(),
    "md": lambda answer: markdown_table(answer).encode(),
    "html": lambda answer: html_page(answer).encode(),
    "parquet": to_parquet,
}
"""What writes the formats that are none of pyoxigraph's."""
