"""Queries as Virtuoso 7 understands them.

Virtuoso leaves unbound what an OPTIONAL binds where its FILTER compares with a variable of VALUES
that is not selected. A table of one term is therefore written as BIND, unless its variable stands
before it. The variable of another table is selected beside what was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import QuerySolutions

from govgraph.queries.sparql import Outline, ValuesBlock, outline, scan, write_term
from govgraph.queries.syntax import empty_store

_GROUPING: Final = frozenset(
    {"GROUP", "LIMIT", "OFFSET", "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE"}
)
"""With one of these a further column would change the answer."""


@dataclass(frozen=True)
class Rewritten:
    """A query as Virtuoso understands it, and the columns of its answer that nobody asked for."""

    text: str
    added: tuple[str, ...] = ()


def for_virtuoso(text: str) -> Rewritten:
    """Return a query whose VALUES tables of one variable and one term are BINDs."""
    parts = outline(text)
    blocks = {block.start: block for block in parts.values}
    tokens = [token for token in scan(text) if token.start() >= parts.start]
    seen, tables, pieces = set[str](), list[str](), list[str]()
    last = depth = 0
    for token, brace in zip(tokens, [*tokens[2:], None, None], strict=False):
        if token.start() < last:
            continue
        block = blocks.get(brace.end()) if brace and token[0].upper() == "VALUES" else None
        if block and block.variable not in seen and (term := _term(text, parts, block)):
            pieces += [text[last : token.start()], f"BIND({term} AS ?{block.variable})"]
            last = block.end + 1
        elif block and depth == 1:
            tables.append(block.variable)
        elif token.lastgroup == "variable" and depth:
            seen.add(token[0][1:])
        depth += {"{": 1, "}": -1}.get(token[0], 0)
    return _selecting("".join([*pieces, text[last:]]), parts, tables)


def _selecting(text: str, parts: Outline, variables: Sequence[str]) -> Rewritten:
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
    added = tuple(name for name in dict.fromkeys(variables) if name not in selected)
    if parts.form != "select" or parts.selects_all or words & _GROUPING or not added:
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
