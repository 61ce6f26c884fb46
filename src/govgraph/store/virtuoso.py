"""Queries as Virtuoso 7 understands them.

Virtuoso leaves unbound what an OPTIONAL binds where its FILTER compares with a variable of VALUES
that is not selected. A table of one term is therefore written out: the term stands in the place of
its variable. The variable of a table of several is selected beside what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import QuerySolutions

from govgraph.queries.sparql import Outline, ValuesBlock, outline, scan, write_term
from govgraph.queries.syntax import empty_store


@dataclass(eq=False)
class _Group:
    """A group `{ … }` of a query, the one around it, and the terms of the tables directly in it."""

    around: _Group | None = None
    is_query: bool = True
    is_minus: bool = False
    terms: dict[str, str] = field(default_factory=dict)

    @property
    def is_outermost(self) -> bool:
        """Whether it is the group that the whole query is about."""
        return self.around is not None and self.around.around is None

    def term(self, variable: str) -> str | None:
        """Return the term that a variable stands for in this group; None where it is free."""
        group: _Group | None = self
        while group is not None and not group.is_minus:
            if variable in group.terms:
                return group.terms[variable]
            group = None if group.is_query else group.around
        return None


@dataclass(frozen=True)
class _Occurrence:
    """A variable, or the whole of its table or of its BOUND(…), in a text; the group it is in."""

    variable: str
    start: int
    end: int
    group: _Group
    is_table: bool = False
    is_test: bool = False


@dataclass(frozen=True)
class Rewritten:
    """A query as Virtuoso understands it, and the columns of its answer that nobody asked for."""

    text: str
    added: tuple[str, ...] = ()


def for_virtuoso(text: str) -> Rewritten:
    """Return a query whose VALUES tables of one variable and one term are written out.

    A variable stays where it is selected or grouped by, part of a MINUS, in a table of several
    terms, or out of reach of its table.
    """
    parts = outline(text)
    if parts.selects_all or parts.form == "describe":
        return Rewritten(text)  # every variable is part of the answer
    terms = {block.start: term for block in parts.values if (term := _term(text, parts, block))}
    uses = list(_occurrences(text, parts, terms))
    stays = {use.variable for use in uses if use.group.term(use.variable) is None}
    pieces, last = [], 0
    for use in uses:
        if use.variable not in stays:
            term = "true" if use.is_test else use.group.term(use.variable) or ""
            pieces += [text[last : use.start], "" if use.is_table else term]
            last = use.end
    written = "".join([*pieces, text[last:]])
    tables = [use.variable for use in uses if use.is_table and use.group.is_outermost]
    added = tuple(dict.fromkeys(name for name in tables if name in stays))
    return _selecting(written, parts, added)


def _selecting(text: str, parts: Outline, variables: tuple[str, ...]) -> Rewritten:
    """Return a SELECT with more columns, where that changes nothing else of its answer."""
    depth, after_select, words = 0, 0, set[str]()
    for token in scan(text):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if token.start() < parts.start or depth > 1:
            continue
        words.add(token[0].upper())
        if not after_select and token[0].upper() in {"WHERE", "FROM", "{"}:
            after_select = token.start()
    selected = {token[0][1:] for token in scan(text[parts.start : after_select])}
    added = tuple(name for name in variables if name not in selected)
    grouped = words & {"GROUP", "LIMIT", "OFFSET", "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE"}
    if parts.form != "select" or grouped or not added:
        return Rewritten(text)
    columns = "".join(f"?{name} " for name in added)
    return Rewritten(f"{text[:after_select]} {columns}{text[after_select:]}", added)


def _term(text: str, parts: Outline, block: ValuesBlock) -> str:
    """Return the only term of a table, in full; "" where it has several or none."""
    table = f"SELECT ?x {{ VALUES ?x {{ {text[block.start : block.end]}\n}} }}"
    try:
        rows = empty_store().query(text[: parts.start] + table)
    except SyntaxError:  # the server will say so
        return ""
    assert isinstance(rows, QuerySolutions)
    values = [row["x"] for row in rows]
    return write_term(values[0]) if len(values) == 1 and values[0] is not None else ""


def _occurrences(text: str, parts: Outline, terms: dict[int, str]) -> Iterator[_Occurrence]:
    """Yield the variables of a query and the tables of one variable, in order."""
    tables = {block.start: block for block in parts.values}
    tokens = list(scan(text))
    group = _Group()
    table_end = 0
    for index, token in enumerate(tokens):
        if token.start() < table_end:
            continue
        following = tokens[index + 2].end() if index + 2 < len(tokens) else 0
        if token[0].upper() == "VALUES" and following in tables:
            block = tables[following]
            table_end = block.end + 1
            if following in terms:
                group.terms[block.variable] = terms[following]
            yield _Occurrence(block.variable, token.start(), table_end, group, is_table=True)
        elif token.lastgroup == "variable":
            around = tokens[max(index - 2, 0) : index + 2]
            is_test = [each[0].upper() for each in around] == ["BOUND", "(", token[0].upper(), ")"]
            first, last = (around[0], around[-1]) if is_test else (token, token)
            yield _Occurrence(token[0][1:], first.start(), last.end(), group, is_test=is_test)
        elif token[0] == "{":
            before = tokens[index - 1][0].upper() if index else ""
            after = tokens[index + 1][0].upper() if index + 1 < len(tokens) else ""
            group = _Group(group, after == "SELECT", before == "MINUS")
        elif token[0] == "}" and group.around is not None:
            group = group.around
