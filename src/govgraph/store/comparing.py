"""Two graphs of one name compared, statement by statement, and where written otherwise by value.

Stores rewrite literals: Virtuoso makes "007" 7, 1.50 1.5, "EN" "en", and keeps fifteen digits of a
decimal. Statements whose literals have the same value are the same statement here; how many are
written otherwise is counted. Values are compared as answers of queries are (`results.values`).
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from govgraph.results.values import canonical_term
from govgraph.store.statements import (
    BLANK,
    Lines,
    blank_nodes,
    components,
    digest,
    names_blank,
    parsed,
    settled,
    written,
)

VALUE: Final = "urn:govgraph:value:"


@dataclass(frozen=True)
class Difference:
    """What differs between two graphs of one name.

    `only_a` and `only_b` are sorted lines of N-Triples; `rewritten` is how many statements of A
    stand in B with the same value, written otherwise.
    """

    graph: str
    only_a: Lines
    only_b: Lines
    rewritten: int = 0

    @property
    def equal(self) -> bool:
        """Whether both hold the same statements by value."""
        return not self.only_a and not self.only_b


def compare(graph: str, a: Lines, b: Lines) -> Difference:
    """Compare two graphs, each settled lines."""
    if a == b:
        return Difference(graph, [], [])
    both = set(a) & set(b)
    changed = [line for line in (*a, *b) if line not in both]
    # A store that takes 7 and 7.0 for one keeps one of them, which is in both graphs then; and
    # labels depend on the literals too, so that all blank nodes must be looked at anew.
    about, blank = {_subject_and_predicate(line) for line in changed}, names_blank(changed)
    same = {x for x in both if not (blank if BLANK in x else _subject_and_predicate(x) in about)}
    left, right = (_by_value([line for line in lines if line not in same]) for lines in (a, b))
    return Difference(
        graph,
        sorted(line for value in left.keys() - right.keys() for line in left[value]),
        sorted(line for value in right.keys() - left.keys() for line in right[value]),
        sum(not set(right[value]).issuperset(left[value]) for value in left.keys() & right.keys()),
    )


def _subject_and_predicate(line: bytes) -> bytes:
    return line[: line.index(b" ", line.index(b" ") + 1)]


def _by_value(lines: Lines) -> dict[object, Lines]:
    """Return lines by the value of their statement; those that share blank nodes by that of all.

    Of several sets of equal value each has a number.
    """
    lines_of: dict[object, Lines] = defaultdict(list)
    triples = parsed(lines)
    for line, triple in zip(lines, triples, strict=True):
        if not blank_nodes(triple):
            lines_of[_valued(triple)].append(line)
    seen: Counter[str] = Counter()
    for group in components(triples):
        value = digest([_valued(triple) for triple in group])
        lines_of[value, seen[value]] = settled(written(group))
        seen[value] += 1
    return lines_of


def _valued(term: Any) -> Any:
    """Return a term or triple whose literals are written in the one form of their value."""
    match term:
        case ox.Literal():
            kind, text, *rest = canonical_term(term)
            if kind != "literal":
                return ox.Literal(text, datatype=ox.NamedNode(f"{VALUE}{kind}"))
            language, datatype = rest
            if language:
                return ox.Literal(text, language=language)
            return ox.Literal(text, datatype=ox.NamedNode(datatype))
        case ox.Triple():
            return ox.Triple(_valued(term.subject), term.predicate, _valued(term.object))
        case _:
            return term
