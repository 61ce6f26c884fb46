"""Tables for readers: terminal, Markdown and HTML."""

import html
import re
import unicodedata
from dataclasses import replace
from typing import IO

from pyoxigraph import Literal, NamedNode

from govgraph.errors import counted
from govgraph.rdf.names import Names
from govgraph.rdf.terms import Term
from govgraph.results.answer import Answer
from govgraph.results.values import display, is_number, to_python

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


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


def html_table(answer: Answer, limit: int | None = None, longest: int | None = None) -> str:
    """Return an HTML table; IRIs of the web are links, text is escaped.

    Of at most `limit` rows, whose cells are cut where they are longer than `longest`.
    """
    if answer.kind == "ask":
        return f'<p class="govgraph-result">{display(answer.rows[0][0])}</p>'
    shown = answer.rows[:limit]
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in answer.columns)
    cells = ("".join(_html_cell(term, answer.names, longest) for term in row) for row in shown)
    body = "".join(f"<tr>{row}</tr>\n" for row in cells)
    hidden = len(answer.rows) - len(shown)
    number = counted(len(answer.rows), "row") + (
        f", {hidden:,} of them not shown" if hidden else ""
    )
    more = f"\n<p>{number}</p>" if limit else ""
    return (
        f'<table class="govgraph-result">\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}</tbody>\n</table>{more}"
    )


def _html_cell(term: Term | None, names: Names, longest: int | None) -> str:
    text = html.escape(_cut(display(term, names), longest))
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


def html_page(answer: Answer) -> str:
    """Return a page of its own that holds the whole table."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>govgraph</title>\n</head>\n<body>\n{html_table(answer)}\n</body>\n</html>\n"
    )
