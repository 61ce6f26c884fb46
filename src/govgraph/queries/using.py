"""The dataset of a request put into a SPARQL update, and what an update must not do.

https://www.w3.org/TR/sparql11-protocol/#update-operation: using-graph-uri and
using-named-graph-uri stand for USING and USING NAMED in every operation that has a WHERE.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from govgraph.errors import UsageError
from govgraph.queries.sparql import scan


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int


def check_update(text: str) -> None:
    """Raise UsageError where an update would fetch something: LOAD, or SERVICE in a WHERE."""
    if any(word.text == "LOAD" for word in _outer_words(text)):
        raise UsageError("LOAD is switched off: send the statements themselves.")
    if any(token.lastgroup == "word" and token[0].upper() == "SERVICE" for token in scan(text)):
        raise UsageError("SERVICE is switched off: this server asks no other.")


def with_using(text: str, default: Iterable[str], named: Iterable[str]) -> str:
    """Return an update whose operations read the graphs given; IRIs must be valid.

    Raises UsageError where the update names graphs to read itself (USING, WITH).
    """
    clauses = [f"USING <{iri}>" for iri in default] + [f"USING NAMED <{iri}>" for iri in named]
    if not clauses:
        return text
    words = list(_outer_words(text))
    if any(word.text in {"USING", "WITH"} for word in words):
        message = "The update has USING or WITH: it cannot have using-graph-uri as well."
        raise UsageError(message)
    using = f" {' '.join(clauses)} "
    result, done = [], 0
    for before, word in zip([None, *words], words, strict=False):
        if word.text != "WHERE":
            continue
        if (
            before is not None
            and before.text == "DELETE"
            and not text[before.end : word.start].strip()
        ):
            # DELETE WHERE { pattern } has no place for USING: the template is written out.
            pattern = _block(text, word.end)
            result += [text[done : word.start], pattern, using]
        else:
            result += [text[done : word.start], using]
        done = word.start
    return "".join([*result, text[done:]])


def _outer_words(text: str) -> Iterator[_Word]:
    """Yield the keywords outside all braces."""
    depth = 0
    for token in scan(text):
        if token.lastgroup == "mark":
            depth += 1 if token[0] == "{" else -1
        elif token.lastgroup == "word" and depth <= 0:
            yield _Word(token[0].upper(), token.start(), token.end())


def _block(text: str, start: int) -> str:
    """Return the block in braces that begins after `start`."""
    depth, first = 0, None
    for token in scan(text):
        if token.lastgroup != "mark" or token.start() < start:
            continue
        depth += 1 if token[0] == "{" else -1
        first = token.start() if first is None else first
        if depth <= 0:
            return text[first : token.end()]
    return ""
