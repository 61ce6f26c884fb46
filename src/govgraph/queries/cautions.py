"""What whoever asked a query should look at: its answer may not be what was meant."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

import pyoxigraph as ox

from govgraph.errors import did_you_mean
from govgraph.queries.sparql import outline, scan
from govgraph.rdf.names import Names
from govgraph.rdf.reading import describes
from govgraph.rdf.terms import owl, rdf
from govgraph.results import Result
from govgraph.vocabulary import GG

_OF_TEXT: Final = frozenset(
    {"GROUP_CONCAT", "CONCAT", "STRLEN", "UCASE", "LCASE", "REPLACE", "REGEX", "CONTAINS", "SUBSTR",
    "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "ENCODE_FOR_URI"}
)  # fmt: skip
"""Functions that make nothing of an IRI or a blank node."""
_LONGEST_PATH: Final = 100  # terms, beyond which no ends are looked for: each step looks anew
_DECLARED: Final = (owl.Class, owl.ObjectProperty, owl.DatatypeProperty)


@dataclass(frozen=True)
class _Reading:
    """IRIs as they are written, those where a path may take no step, columns made by functions."""

    written: tuple[str, ...]
    ends: tuple[str, ...]
    made: tuple[tuple[str, str, str], ...]


@lru_cache(maxsize=512)
def _read(text: str) -> _Reading:
    tokens = list(scan(text))
    written, ends, made, before, earlier = [], [], [], "", ""
    calls: list[tuple[str, str]] = []
    for index, token in enumerate(tokens):
        following = tokens[index + 1 : index + 4]
        is_term = token.lastgroup in {"iri", "name"}
        declares = before in {"PREFIX", "BASE"} or earlier == "PREFIX"
        if is_term and not declares:
            written.append(token[0])
        is_step = is_term or token[0] in {")", "a"}
        joins = following and following[0].start() == token.end()  # a variable: `:p?x`
        if is_step and text[token.end() : token.end() + 1] in {"*", "?"} and not joins:
            ends += _ends_of_path(text, tokens, index)
        if token[0].upper() in _OF_TEXT and following and following[0][0] == "(":
            inner = [each for each in following[1:] if each[0].upper() != "DISTINCT"]
            if inner and inner[0].lastgroup == "variable":
                calls.append((token[0].upper(), inner[0][0]))
        if token[0] in {"{", "}"}:
            calls = []
        if before == "AS" and token.lastgroup == "variable":
            made += [(token[0][1:], *call) for call in calls]
            calls = []
        before, earlier = token[0].upper(), before
    return _Reading(tuple(written), tuple(ends), tuple(made))


def _ends_of_path(text: str, tokens: Sequence[re.Match[str]], index: int) -> list[str]:
    """Return the IRIs at the ends of the path with a step at `index`, if it may take no step."""
    ends = []
    for way, opens, closes in ((-1, ")", "("), (1, "(", ")")):
        at, depth = index, 0
        while 0 <= (beyond := at + way) < len(tokens) and abs(at - index) < _LONGEST_PATH:
            depth += (tokens[at][0] == opens) - (tokens[at][0] == closes)
            first, last = sorted((at, beyond))
            between, token = text[tokens[first].end() : tokens[last].start()], tokens[beyond]
            is_term = token.lastgroup in {"iri", "name"} or token[0] == "a"
            if depth <= 0 and token[0] != closes and not re.search(r"[/|]", between):
                ends += [token[0]] if is_term else []
                break
            is_optional = text[token.end() : token.end() + 1] in {"*", "?"}
            if depth <= 0 and "/" in between and is_term and not is_optional:
                return []
            at = beyond
    return ends


def cautions(
    text: str, result: Result, store: ox.Store, names: Names, *, is_whole: bool
) -> Iterator[str]:
    """Yield what to look at in an answer, and in the query it answers.

    `is_whole` says that what a path of no step leads to is in the answer.
    """
    reading = _read(text)
    yield from unknown_terms(text, store, names)
    for iri in () if is_whole else unmet_ends(text, store, names):
        yield (
            f"{names.shorten(iri)} is in no statement: a path with * or ? that begins or"
            " ends there has itself as an answer in SPARQL 1.1, and none here."
        )
    for column, function, variable in reading.made:
        index = result.columns.index(column) if column in result.columns else None
        if index is not None and (empty := sum(row[index] is None for row in result.rows)):
            yield (
                f"?{column} is empty in {empty:,} of {len(result):,} rows: {function}({variable})"
                f" is nothing where {variable} is unbound, an IRI or a blank node. The text of an"
                f" IRI is STR({variable})."
            )


def unmet_ends(text: str, store: ox.Store, names: Names) -> list[str]:
    """Return the IRIs in no statement where a path that may take no step begins or ends.

    Such a path has the IRI itself as an answer (SPARQL 1.1, 18.4, ZeroOrMorePath); Oxigraph finds
    none (oxigraph/oxigraph#1815).
    """
    match = store.quads_for_pattern
    nodes = map(ox.NamedNode, _in_full(_read(text).ends, text, names))
    return [
        node.value
        for node in nodes
        if next(chain(match(node, None, None), match(None, None, node)), None) is None
    ]


def _in_full(written: Iterable[str], text: str, names: Names) -> Iterator[str]:
    """Yield IRIs `written` in a query, in full, each once; not those it cannot name."""
    prefixes = {**names.prefixes, **outline(text).prefixes}
    for term in dict.fromkeys(written):
        prefix, _, local = term.rstrip(".").partition(":")
        iri = term[1:-1] if term[0] == "<" else None
        if iri is None and prefix in prefixes:
            iri = prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)
        if iri is not None and ":" in iri:
            yield iri


def unknown_terms(asked: str | Iterable[str], store: ox.Store, names: Names) -> Iterator[str]:
    """Yield what is wrong with terms of govgraph's or the study's ontology that do not exist.

    `asked` is a query, or IRIs. A store without an ontology tells nothing.
    """
    for iri in _in_full(_read(asked).written, asked, names) if isinstance(asked, str) else asked:
        space = next((s for s in (GG, f"{names.base}ontology#") if iri.startswith(s)), iri)
        if iri == space or describes(store, iri):
            continue
        of_type = (store.quads_for_pattern(None, rdf.type, kind, None) for kind in _DECLARED)
        known = {str(quad.subject)[1:-1] for quad in chain.from_iterable(of_type)}
        near = [names.shorten(term) for term in known if term.startswith(space)]
        if near:
            short = names.shorten(iri)
            yield f"{short} is no term of the ontology.{did_you_mean(short, near)}"
