"""A query as the engine is given it: the same question, where Oxigraph 0.5 would misread it.

- Known prefixes (govgraph's, the study's) that a query uses and does not declare are declared.
- The dots of a name are escaped, `i:16\\.1\\.1`: the engine reads `i:16.1.1` as `i:16.1` and `.1`.
- ORDER BY, MIN and MAX tell numbers from other literals first. The engine compares 9 and 10 as
  numbers, and either with "10" by its letters: no order, which ends the process or misplaces rows.

The order of ORDER BY is total (SPARQL 1.1, section 15.1, leaves it open beyond the first two):
unbound, blank nodes, IRIs, numbers by value, dates and times by datatype and value (without a time
zone: as in UTC), all other literals by their letters, datatype and language; years (xsd:gYear …)
and durations come last.

The engine decides what is valid; what is not is told in one line with its place and a remedy. Its
messages list all it could have read at the furthest place it looked at, so place and words come
from the outline and, on the way to an error only, from rdflib's parser, which names the clause that
cannot be read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Final, TypeAlias

from pyoxigraph import Store

from govgraph.errors import GovgraphError, SourceError, did_you_mean, shortened
from govgraph.queries.apart import apart, guarded
from govgraph.queries.sparql import line_of, outline, scan
from govgraph.vocabulary import BASE, NAME_PREFIXES, XSD

Tokens: TypeAlias = list[re.Match[str]]
Edit: TypeAlias = tuple[int, int, str]  # begin and end in the query, and what stands there instead

_PLACE: Final = re.compile(r"(?<=error at )(\d+):(\d+)")
_CONDITION: Final = re.compile(r"(?i)(?:(ASC|DESC)\s*+\(\s*+)?[?$](\w++)")
_PLAIN_ORDER: Final = re.compile(
    r"(?i)ORDER\s++BY((?:\s*+(?:[?$]\w++|(?:ASC|DESC)\s*+\(\s*+[?$]\w++\s*+\)))++)\s*+"
)
_BODY: Final = frozenset({"WHERE", "FROM", "{"})
_DISTINCT: Final = re.compile(r"(?i)\A(\s*+)DISTINCT\b")
_DEEPEST: Final = 2
_TIME: Final = (
    'CONTAINS(" dateTime date time ",CONCAT(" ",STRAFTER(STR(DATATYPE({0})),"XMLSchema#")," "))'
    f'&&isLiteral({{0}}+"PT0S"^^<{XSD}dayTimeDuration>)'
)
"""Whether it is a valid time; what is none gives an error, or no."""
_ZONED: Final = (
    'STRENDS(STR({0}),"Z")||SUBSTR(STR({0}),STRLEN(STR({0}))-5,1) IN("+","-")'
    '&&SUBSTR(STR({0}),STRLEN(STR({0}))-2,1)=":"'
)
_KEYS: Final = (
    # What can be compared with each other; nothing for what is no literal.
    f'IF(isNumeric({{0}}),"1",IF(isLiteral({{0}}),IF(COALESCE({_TIME},0>1),'
    'CONCAT("2",STR(DATATYPE({0}))),"3"),1/0))',
    # Numbers as the engine compares them with doubles, times in UTC; then what is alike in that.
    f"IF(isNumeric({{0}}),<{XSD}double>({{0}}),IF({_TIME},IF({_ZONED},{{0}},"
    'STRDT(CONCAT(STR({0}),"Z"),DATATYPE({0}))),1/0))',
    f"IF(isNumeric({{0}}),DATATYPE({{0}}) IN(<{XSD}double>,<{XSD}float>),"
    f'IF({_TIME}||REGEX(STR(DATATYPE({{0}})),"uration$|#g"),STR({{0}}),1/0))',
    "{0}",
)
_EXTREMES: Final = {
    "MAX": "IF(MAX(isLiteral({0})&&!isNumeric({0})),"
    "MAX(IF(isLiteral({0})&&!isNumeric({0}),{0},<x:>)),MAX({0}))",
    "MIN": "IF(isLiteral(MIN({0}))&&MAX(isNumeric({0})),"
    f'MIN(IF(isNumeric({{0}}),{{0}},"INF"^^<{XSD}double>)),MIN({{0}}))',
}
_OF_ONE_KIND: Final = frozenset({"STR", "LCASE", "UCASE", "COUNT", "SUM", "AVG", "STRLEN", "YEAR"})
"""Functions whose values are always comparable."""


@dataclass(frozen=True)
class EngineText:
    """A query as the engine is given it, and where it differs from what was written."""

    text: str
    written: str
    edits: tuple[Edit, ...]
    order: tuple[tuple[str, bool], ...] = ()
    """Columns to sort the answer by, and whether downwards: the engine was not told to."""

    def located(self, message: str) -> str:
        """Return a message of the engine with its place in the query as it was written."""
        return _PLACE.sub(self._place, message, count=1)

    def _place(self, position: re.Match[str]) -> str:
        lines = self.text.split("\n")
        offset = sum(len(line) + 1 for line in lines[: int(position[1]) - 1]) + int(position[2]) - 1
        for start, end, instead in self.edits:
            if offset <= start:
                break
            offset = max(start, offset - len(instead) + end - start)
        before = self.written[:offset]
        return f"{before.count(chr(10)) + 1}:{offset - before.rfind(chr(10))}"


def for_engine(
    text: str, prefixes: Mapping[str, str] = NAME_PREFIXES, *, sorts: bool = False
) -> EngineText:
    """Return a query as the engine is to be given it.

    Where the caller `sorts`, which is quicker, a plain ORDER BY is left to it: see `order`.
    """
    declared = declarations(text, prefixes)
    edits = _edits(text)
    at, order = _plain_order(text) if sorts else (0, ())
    if order:
        edits = (*(edit for edit in edits if edit[0] < at), (at, len(text), ""))
    if declared:
        edits = ((0, 0, declared), *edits)
    return EngineText(_applied(text, edits), text, edits, order)


@lru_cache(maxsize=512)
def _plain_order(text: str) -> tuple[int, tuple[tuple[str, bool], ...]]:
    """Return where a last ORDER BY of selected columns begins, and these; () if it is not so."""
    parts, tokens = outline(text), list(scan(text))
    at = next((t.start() for t in reversed(tokens) if t[0].upper() in {"ORDER", "}"}), 0)
    match = _PLAIN_ORDER.fullmatch(text, at)
    if match is None or not parts.has_order or parts.form != "select":
        return 0, ()
    selected, depth, before = set(), 0, ""
    for token in takewhile(lambda token: token[0].upper() not in _BODY, scan(text[parts.start :])):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if token.lastgroup == "variable" and (not depth or before == "AS"):
            selected.add(token[0][1:])
        before = token[0].upper()
    order = tuple((name, down.upper() == "DESC") for down, name in _CONDITION.findall(match[1]))
    is_plain = parts.selects_all or all(name in selected for name, _ in order)
    return (at, order) if is_plain else (0, ())


def declarations(text: str, prefixes: Mapping[str, str]) -> str:
    """Return declarations, on one line, of the known prefixes that a query only uses."""
    parts = outline(text)
    missing = [name for name in parts.names if name not in parts.prefixes and name in prefixes]
    return "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in missing)


def _applied(text: str, edits: Iterable[Edit]) -> str:
    pieces, last = [], 0
    for start, end, instead in edits:
        pieces += [text[last:start], instead]
        last = end
    return "".join([*pieces, text[last:]])


@lru_cache(maxsize=512)
def _edits(text: str, depth: int = 0) -> tuple[Edit, ...]:
    """Return what the engine must be given instead, but for declarations.

    What is nested deeper stays: each level makes the text four times as long.
    """
    tokens = list(scan(text))
    closings = _closings(tokens)
    edits: list[Edit] = []
    done = 0
    for index, token in enumerate(tokens):
        if token.start() < done:
            continue
        if token.lastgroup == "name":
            edits += _name(token)
        elif token.lastgroup == "word" and depth < _DEEPEST:
            word, following = token[0].upper(), tokens[index + 1 : index + 2]
            if word == "BY" and index and tokens[index - 1][0].upper() == "ORDER":
                edits += _conditions(text, tokens, closings, index + 1, depth)
            elif word in _EXTREMES and (end := closings.get(index + 1)):
                inner = _DISTINCT.sub(r"\1", text[following[0].end() : tokens[end].start()])
                instead = _EXTREMES[word].replace("{0}", _nested(inner, depth))
                edits.append((token.start(), tokens[end].end(), instead))
        done = edits[-1][1] if edits else 0
    return tuple(edits)


def _nested(text: str, depth: int) -> str:
    return _applied(text, _edits(text, depth + 1))


def _name(token: re.Match[str]) -> Iterator[Edit]:
    """Yield a prefixed name with its dots escaped; a dot at its end is none of its own."""
    name = token[0].rstrip(".")
    name += "." if name.endswith("\\") else ""
    prefix, _, local = name.partition(":")
    if local.count(".") > 1:
        escaped = re.sub(r"\\?\.", r"\\.", local)
        yield token.start(), token.start() + len(name), f"{prefix}:{escaped}"


def _conditions(
    text: str, tokens: Tokens, closings: Mapping[int, int], index: int, depth: int
) -> Iterator[Edit]:
    """Yield the conditions of an ORDER BY that begin at a token, each made four."""
    while index < len(tokens):
        start, direction = tokens[index].start(), ""
        if tokens[index][0].upper() in {"ASC", "DESC"}:
            direction, index = tokens[index][0], index + 1
        first = tokens[index : index + 2]
        if first and first[0].lastgroup == "variable":
            end, key = index, first[0][0]
        elif end := closings.get(index, 0):
            key = text[first[0].end() : tokens[end].start()]
        elif end := closings.get(index + 1, 0):
            key = text[first[0].start() : tokens[end].end()]
        else:
            return
        inner = next((token[0].upper() for token in scan(key)), "")
        if inner not in _OF_ONE_KIND:
            key = _nested(key, depth)
            keys = (f"{direction}({template.replace('{0}', key)})" for template in _KEYS)
            yield start, tokens[end].end(), " ".join(keys)
        index = end + 1


def _closings(tokens: Tokens) -> dict[int, int]:
    """Return of each parenthesis that is closed the index, and that of the one that closes it."""
    opened: list[int] = []
    pairs = {}
    for index, token in enumerate(tokens):
        if token[0] == "(":
            opened.append(index)
        elif token[0] == ")" and opened:
            pairs[opened.pop()] = index
    return pairs


# -- what is wrong with a query --------------------------------------------------------------------

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


def check_syntax(text: str, source: Path | str | None = None) -> None:
    """Raise SourceError, with file and line, where a query is not valid SPARQL 1.1.

    A query with SERVICE is not checked: asking for it could already ask the other endpoint.
    """
    if outline(text).has_service:
        return
    given = for_engine(text)
    try:
        guarded(given.text, lambda: bool(empty_store().query(given.text, base_iri=BASE)))
    except SyntaxError as error:
        raise syntax_error(given.located(str(error)), text, source) from None
    except (ValueError, RuntimeError, OSError, GovgraphError) as error:
        raise SourceError(f"This query cannot be run: {error}.", source) from None


def syntax_error(message: str, text: str, source: Path | str | None) -> SourceError:
    """Return the error for a text that Oxigraph refused with `message`, with line and column."""
    parts = outline(text)

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
    line, column, expected = position.groups() if position else (1, 1, message)
    at = sum(len(row) + 1 for row in text.split("\n")[: int(line) - 1]) + int(column) - 1
    meaning = next((text for phrase, text in _MEANINGS.items() if phrase in expected), None)
    if meaning is not None:
        return error(f"SPARQL error: {meaning}.", at)
    with suppress(GovgraphError):
        if (offset := apart(lambda: _unreadable(text), _PATIENCE)) is not None:
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
    word = re.split(r"[^A-Za-z]", rest, maxsplit=1)[0].upper()
    hint = "" if word in _KEYWORDS else did_you_mean(word[:_SHOWN], _KEYWORDS)
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
