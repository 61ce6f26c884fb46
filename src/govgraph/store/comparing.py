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
    Lines,
    components,
    digest,
    parsed,
    settled,
    split,
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
    left, right = set(a), set(b)
    only_a, blank_a = split(left - right)
    only_b, blank_b = split(right - left)
    if blank_a or blank_b:
        # Labels depend on the literals too: all blank nodes of the graph must be looked at anew.
        blank_a, blank_b = split(left)[1], split(right)[1]
    blank = _compare_groups(graph, blank_a, blank_b)
    plain = _compare_lines(graph, only_a, only_b, left & right)
    return Difference(
        graph,
        sorted(plain.only_a + blank.only_a),
        sorted(plain.only_b + blank.only_b),
        plain.rewritten + blank.rewritten,
    )


def _compare_lines(graph: str, a: Lines, b: Lines, both: set[bytes]) -> Difference:
    """Compare lines without blank nodes of which each is in one graph only; the rest is in both."""
    if not a and not b:
        return Difference(graph, a, b)
    # A store that takes 7 and 7.0 for one keeps one of them, which is in both graphs then.
    about = {_subject_and_predicate(line) for line in (*a, *b)}
    near = _by_value([line for line in both if _subject_and_predicate(line) in about]).keys()
    left, right = _by_value(a), _by_value(b)
    in_a, in_b = near | left.keys(), near | right.keys()
    return Difference(
        graph,
        [line for value in left if value not in in_b for line in left[value]],
        [line for value in right if value not in in_a for line in right[value]],
        sum(len(left[value]) for value in left if value in in_b),
    )


def _subject_and_predicate(line: bytes) -> bytes:
    return line[: line.index(b" ", line.index(b" ") + 1)]


def _by_value(lines: Lines) -> dict[ox.Triple, Lines]:
    lines_of: dict[ox.Triple, Lines] = defaultdict(list)
    for line, triple in zip(lines, parsed(lines), strict=True):
        lines_of[_valued(triple)].append(line)
    return lines_of


def _compare_groups(graph: str, a: Lines, b: Lines) -> Difference:
    """Compare statements that share blank nodes, each set of them as one."""
    if not a or not b:
        return Difference(graph, a, b)
    left, right = _groups(a), _groups(b)
    many_a = Counter({value: len(groups) for value, groups in left.items()})
    many_b = Counter({value: len(groups) for value, groups in right.items()})
    forms = {line for groups in right.values() for group in groups for line in group}
    common = [group for value, groups in left.items() for group in groups[: many_b[value]]]
    return Difference(
        graph,
        [line for value in left for group in left[value][many_b[value] :] for line in group],
        [line for value in right for group in right[value][many_a[value] :] for line in group],
        sum(not forms.issuperset(group) for group in common),
    )


def _groups(lines: Lines) -> dict[str, list[Lines]]:
    """Return the connected sets of statements by the digest of their values."""
    groups: dict[str, list[Lines]] = defaultdict(list)
    for group in components(parsed(lines)):
        value = digest([_valued(triple) for triple in group])
        groups[value].append(settled(written(group)))
    return groups


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
