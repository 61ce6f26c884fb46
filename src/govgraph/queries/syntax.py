"""What is wrong with a SPARQL text, in one line with its place and a remedy.

Oxigraph decides what is valid. Its messages list all it could have read at the furthest place it
looked at, so the place and the words come from the outline and, on the way to an error only, from
rdflib's parser, which names the clause that cannot be read.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import Store

from govgraph.errors import GovgraphError, SourceError, did_you_mean, shortened
from govgraph.queries.apart import apart, guarded
from govgraph.queries.engine_text import for_engine
from govgraph.queries.sparql import Outline, line_of, outline, scan
from govgraph.vocabulary import BASE, NAME_PREFIXES

_POSITION: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_MEANINGS: Final = {
    "The SELECT contains a variable that is unbound": (
        "with GROUP BY or an aggregate, SELECT may name only grouped variables and aggregates"
    ),
    "SELECT * is not authorized": (
        "SELECT * does not go with GROUP BY or an aggregate: name the columns"
    ),
    "overrides an existing variable": (
        "SELECT (… AS ?x) names a variable that the pattern has: give the column a new name"
    ),
    "Duplicated variable name": "two columns have one name: give each AS a name of its own",
    "IRI parsing failed": "an IRI is not valid",
}
_RULES: Final = (
    "this cannot be read. Look for a bracket that is not closed, a row of VALUES with too few or"
    " too many terms, a blank node in two groups"
)
_KEYWORDS: Final = (
    "SELECT", "CONSTRUCT", "DESCRIBE", "ASK", "PREFIX", "BASE", "DISTINCT", "REDUCED", "FROM",
    "NAMED", "WHERE", "OPTIONAL", "UNION", "MINUS", "GRAPH", "SERVICE", "SILENT", "FILTER",
    "EXISTS", "BIND", "VALUES", "UNDEF", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET",
)  # fmt: skip


_SHOWN: Final = 30
_PATIENCE: Final = 2.0
"""Seconds in which rdflib may find the place of an error; nested brackets keep it for ever."""


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
    given = for_engine(text)
    try:
        guarded(given.text, lambda: bool(empty_store().query(given.text, base_iri=BASE)))
    except SyntaxError as error:
        raise syntax_error(given.located(str(error)), text, parts, source) from None
    except (ValueError, RuntimeError, OSError, GovgraphError) as error:
        raise SourceError(f"This query cannot be run: {error}.", source) from None


def syntax_error(message: str, text: str, parts: Outline, source: Path | str | None) -> SourceError:
    """Return the error for a text that Oxigraph refused with `message`, with line and column."""

    def error(what: str, offset: int) -> SourceError:
        column = offset - text.rfind("\n", 0, offset)
        return SourceError(what, source, line_of(text, offset), column)

    if parts.form == "unknown":
        return error("Found no query: expected SELECT, ASK, CONSTRUCT or DESCRIBE.", 0)
    prefixes = {**NAME_PREFIXES, **parts.prefixes}
    undeclared = next((name for name in parts.names if name not in prefixes), None)
    if undeclared is not None:
        shown, hint = shortened(undeclared), did_you_mean(undeclared[:_SHOWN], prefixes)
        what = f"The prefix '{shown}:' is not declared: add the line PREFIX {shown}: <…>{hint}"
        return error(what, parts.names[undeclared])
    if parts.unmatched is not None:
        brace = text[parts.unmatched]
        what = "is not closed by '}'" if brace == "{" else "closes nothing"
        return error(f"This '{brace}' {what}.", parts.unmatched)
    position = _POSITION.match(message)
    line, column, expected = (
        (int(position[1]), int(position[2]), position[3]) if position else (1, 1, message)
    )
    at = sum(len(line_text) + 1 for line_text in text.split("\n")[: line - 1]) + column - 1
    meaning = next((text for phrase, text in _MEANINGS.items() if phrase in expected), None)
    if meaning is not None:
        return error(f"SPARQL error: {meaning}.", at)
    try:
        offset = apart(lambda: _unreadable(text), _PATIENCE)
    except GovgraphError:
        offset = None
    if offset is not None:
        return error(_unread(text, offset), offset)
    return error(*(_taken(text) or (f"SPARQL error: {_RULES}.", at)))


def _taken(text: str) -> tuple[str, int] | None:
    """Return what is wrong, and where, with a BIND or AS whose variable is in use before it."""
    seen: set[str] = set()
    before = ""
    for token in scan(text):
        if token.lastgroup == "variable":
            if before == "AS" and token[0] in seen:
                what = "is in use before this: give the result of BIND or AS a new name"
                return f"SPARQL error: {shortened(token[0])} {what}.", token.start()
            seen.add(token[0])
        before = token[0].upper()
    return None


def _unread(text: str, offset: int) -> str:
    rest = text[offset:].split("\n", 1)[0].strip()
    if not rest:
        return "SPARQL syntax error: the query ends too early."
    word = re.match(r"[A-Za-z]+", rest)
    hint = ""
    if word is not None and word[0].upper() not in _KEYWORDS:
        hint = did_you_mean(word[0].upper()[:_SHOWN], _KEYWORDS)
    return f"SPARQL syntax error: cannot read {shortened(rest, 50)!r}.{hint}"


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
