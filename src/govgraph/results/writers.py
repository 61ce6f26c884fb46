"""Answers written: tables for readers (terminal, Markdown, notebooks), the W3C formats as bytes.

The W3C formats are written by pyoxigraph, from the JSON form of the rows.
"""

import csv
import html
import io
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import IO, Any, Final

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from govgraph.errors import GovgraphError, counted
from govgraph.rdf.names import Names
from govgraph.rdf.terms import Term
from govgraph.rdf.writing import serialise
from govgraph.results.answer import Answer, to_parquet
from govgraph.results.formats import Format
from govgraph.results.values import display, is_number, to_python
from govgraph.vocabulary import XSD

_MOST_ROWS: Final = 100  # of an answer in a notebook
_LONGEST: Final = 300  # letters of a cell there
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_STRING: Final = f"{XSD}string"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What begins a cell that spreadsheets run (OWASP, CSV injection)."""
_NAME: Final = re.compile(rb'(<(?:variable|binding) name=)"v([0-9]+)"')
_BREAKS: Final = re.compile(r"[\t\r\n]")
_NOT_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _cell(term: Term | None, names: Names, longest: int | None = None) -> str:
    """Return the text of a cell on one line; control characters cannot steer a terminal."""
    return _cut(_CONTROL.sub(" ", display(term, names)), longest)


def _cut(text: str, longest: int | None) -> str:
    return text if longest is None or len(text) <= longest else f"{text[: longest - 1]}…"


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def _numeric_columns(answer: Answer) -> list[bool]:
    """Tell for each column whether it holds numbers only (these are set flush right)."""
    numeric = []
    for index in range(len(answer.columns)):
        values = [to_python(row[index]) for row in answer.rows if row[index] is not None]
        numeric.append(bool(values) and all(map(is_number, values)))
    return numeric


def plain_table(answer: Answer, longest: int | None = None) -> str:
    """Return columns padded with spaces under a ruled head; "true" or "false" for an ASK.

    Cells are cut where they are longer than `longest`.
    """
    if answer.kind == "ask":
        return f"{display(answer.rows[0][0])}\n"
    cells = [[_cell(term, answer.names, longest) for term in row] for row in answer.rows]
    widths = [
        max(_width(name), *(_width(row[index]) for row in cells), 1)
        for index, name in enumerate(answer.columns)
    ]
    numeric = _numeric_columns(answer)

    def line(row: list[str]) -> str:
        padded = []
        for text, width, right in zip(row, widths, numeric, strict=True):
            space = " " * (width - _width(text))
            padded.append(space + text if right else text + space)
        return "  ".join(padded).rstrip()

    lines = [list(answer.columns), ["-" * width for width in widths], *cells]
    return "".join(f"{line(row)}\n" for row in lines)


def first_rows(answer: Answer, most: int = 20) -> str:
    """Return what a session shows of an answer: its first rows, how many there are, what next."""
    if answer.kind == "ask":
        return display(answer.rows[0][0])
    shown = plain_table(replace(answer, rows=answer.rows[:most]), longest=60)
    number = counted(len(answer.rows), "row")
    first = f"the first {most} of " if len(answer.rows) > most else ""
    return f"{shown}({first}{number}; .to_pandas() and .save('file.csv') have them all)"


def print_table(answer: Answer, stream: IO[str]) -> None:
    """Print a table on a terminal, its columns folded to the width there is."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name, right in zip(answer.columns, _numeric_columns(answer), strict=True):
        table.add_column(Text(name), justify="right" if right else "left", overflow="fold")
    for row in answer.rows:
        table.add_row(*(Text(_cell(term, answer.names)) for term in row))
    Console(file=stream).print(table)


def markdown_table(answer: Answer) -> str:
    """Return a Markdown table; what would be markup in a cell is escaped."""
    if answer.kind == "ask":
        return f"{display(answer.rows[0][0])}\n"
    rules = ["---:" if right else "---" for right in _numeric_columns(answer)]
    rows = [[_markdown(_cell(term, answer.names)) for term in row] for row in answer.rows]
    lines = [[_markdown(name) for name in answer.columns], rules, *rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)


def _markdown(text: str) -> str:
    return re.sub(r"([\\|*_`\[\]<>])", r"\\\1", text)


def html_table(answer: Answer) -> str:
    """Return an HTML table for a notebook; IRIs of the web are links, text is escaped.

    It has the first rows only, and of a long text the beginning.
    """
    if answer.kind == "ask":
        return f'<p class="govgraph-result">{display(answer.rows[0][0])}</p>'
    shown = answer.rows[:_MOST_ROWS]
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in answer.columns)
    cells = ("".join(_html_cell(term, answer.names) for term in row) for row in shown)
    body = "".join(f"<tr>{row}</tr>\n" for row in cells)
    hidden = len(answer.rows) - len(shown)
    more = f", {hidden:,} of them not shown" if hidden else ""
    return (
        f'<table class="govgraph-result">\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}</tbody>\n</table>\n<p>{counted(len(answer.rows), 'row')}{more}</p>"
    )


def _html_cell(term: Term | None, names: Names) -> str:
    text = html.escape(_cut(display(term, names), _LONGEST))
    match term:
        # Only web addresses become links: an IRI may also be javascript:…
        case NamedNode() if re.match(r"https?://", term.value):
            return f'<td><a href="{html.escape(term.value)}">{text}</a></td>'
        case Literal() if term.language:
            return f'<td lang="{html.escape(term.language)}">{text}</td>'
        case Literal() if "/" in term.value and (iri := names.known(term.value)):
            return f'<td><a href="{html.escape(iri)}">{text}</a></td>'
        case Literal() if is_number(to_python(term)):
            return f'<td style="text-align: right">{text}</td>'
        case _:
            return f"<td>{text}</td>"


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
        data = serialise(answer.triples, format.engine)
    elif format.engine is None or format.engine == ox.QueryResultsFormat.JSON:
        data = _json(answer)
    else:
        data = _with_names(answer, format.engine)
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
                found = f"the character U+{ord(control[0]):04X} in {term.value!r}"
                raise GovgraphError(f"XML cannot hold {found}: choose another format.")


_OWN: Final[dict[str, Callable[[Answer], bytes]]] = {
    "table": lambda answer: plain_table(answer).encode(),
    "md": lambda answer: markdown_table(answer).encode(),
    "parquet": to_parquet,
}
"""What writes the formats that are none of pyoxigraph's."""
