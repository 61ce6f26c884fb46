"""What is wrong with a SPARQL text, in one line with its place and a remedy.

Oxigraph decides what is valid. Its messages list all it could have read at the furthest place it
looked at, so the place and the words come from the outline and, on the way to an error only, from
rdflib's parser, which names the clause that cannot be read.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import Store

from govgraph.errors import SourceError, did_you_mean
from govgraph.queries.sparql import Outline, line_of, outline
from govgraph.vocabulary import PREFIXES

_POSITION: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_MEANINGS: Final = {
    "The SELECT contains a variable that is unbound": (
        "with GROUP BY or an aggregate, SELECT may name only grouped variables and aggregates"
    ),
    "IRI parsing failed": "an IRI is not valid, or relative without a BASE to complete it",
}
_RULES: Final = (
    "a rule beyond the grammar is broken: BIND and AS need a variable not used before, and groups"
    " may not share a blank node"
)
_KEYWORDS: Final = (
    "SELECT", "CONSTRUCT", "DESCRIBE", "ASK", "PREFIX", "BASE", "DISTINCT", "REDUCED", "FROM",
    "NAMED", "WHERE", "OPTIONAL", "UNION", "MINUS", "GRAPH", "SERVICE", "SILENT", "FILTER",
    "EXISTS", "BIND", "VALUES", "UNDEF", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET",
)  # fmt: skip


@cache
def empty_store() -> Store:
    """Return a store that holds nothing and is never written to, for reading SPARQL."""
    return Store()


def check_syntax(
    text: str, *, source: Path | str | None = None, parts: Outline | None = None
) -> None:
    """Raise SourceError, with file and line, where a query is not valid SPARQL 1.1.

    `parts` spares reading the outline again. A query with SERVICE is not checked: asking for it
    could already ask the other endpoint.
    """
    parts = parts or outline(text)
    if parts.has_service:
        return
    try:
        empty_store().query(text)
    except SyntaxError as error:
        raise syntax_error(str(error), text, parts, source) from None
    except (ValueError, RuntimeError, OSError) as error:
        raise SourceError(f"This query cannot be run: {error}.", source) from None


def syntax_error(message: str, text: str, parts: Outline, source: Path | str | None) -> SourceError:
    """Return the error for a text that Oxigraph refused with `message`."""
    if parts.form == "unknown":
        what = "Found no query: expected SELECT, ASK, CONSTRUCT or DESCRIBE."
        return SourceError(what, source, 1)
    undeclared = next((name for name in parts.names if name not in parts.prefixes), None)
    if "Prefix not found" in message and undeclared is not None:
        return SourceError(
            f"The prefix '{undeclared}:' is not declared: add the line"
            f" PREFIX {undeclared}: <{PREFIXES.get(undeclared, '…')}>",
            source,
            line_of(text, parts.names[undeclared]),
        )
    if parts.unmatched is not None:
        brace = text[parts.unmatched]
        what = "is not closed by '}'" if brace == "{" else "closes nothing"
        return SourceError(f"This '{brace}' {what}.", source, line_of(text, parts.unmatched))
    position = _POSITION.match(message)
    line, expected = (int(position[1]), position[3]) if position else (1, message)
    meaning = next((text for phrase, text in _MEANINGS.items() if phrase in expected), None)
    if meaning is not None:
        return SourceError(f"SPARQL error: {meaning}.", source, line)
    offset = _unreadable(text)
    if offset is None:
        return SourceError(f"SPARQL error: {_RULES}.", source, line)
    return SourceError(_unread(text, offset), source, line_of(text, offset))


def _unread(text: str, offset: int) -> str:
    rest = text[offset:].split("\n", 1)[0].strip()
    if not rest:
        return "SPARQL syntax error: the query ends too early."
    word = re.match(r"[A-Za-z]+", rest)
    hint = ""
    if word is not None and word[0].upper() not in _KEYWORDS:
        hint = did_you_mean(word[0].upper(), _KEYWORDS)
    shown = rest if len(rest) <= 50 else f"{rest[:50]}…"
    return f"SPARQL syntax error: cannot read {shown!r}.{hint}"


def _unreadable(text: str) -> int | None:
    """Return the offset of what rdflib cannot read, or None where it reads everything."""
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        parseQuery(text)
    except ParseBaseException as error:
        # rdflib blanks out comments and expands escapes first: lines stay, offsets may not
        lines = text.split("\n")
        line = min(error.lineno, len(lines)) - 1
        start = sum(len(text) + 1 for text in lines[:line])
        return min(start + error.column - 1, len(text))
    except Exception:  # rdflib gives up in ways of its own
        return None
    return None
