"""Two sources compared: graph by graph, statement by statement, literals by their value.

Stores rewrite literals: Virtuoso makes "007" 7, 1.50 1.5, "EN" "en", and keeps fifteen digits of a
decimal. Statements whose literals have the same value are the same statement here; how many are
written otherwise is counted. Values are compared as answers of queries are (`results.values`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from govgraph.results.values import canonical_term
from govgraph.store.graph_sources import GraphSource
from govgraph.store.statements import (
    BLANK,
    Lines,
    blank_nodes,
    components,
    digest,
    in_order,
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


DEFAULT_GRAPH: Final = "the default graph"


def summary(found: Sequence[Difference]) -> str:
    """Return in a line how much differs: graphs, statements, those written otherwise."""
    rewritten = sum(difference.rewritten for difference in found)
    of_value = f"; {rewritten:,} statements written otherwise, of the same value"
    otherwise = of_value if rewritten else ""
    different = [difference for difference in found if not difference.equal]
    if not different:
        return f"equal: {len(found):,} graphs{otherwise}"
    graphs = f"{len(different):,} of {len(found):,} graphs"
    in_a = sum(len(difference.only_a) for difference in different)
    in_b = sum(len(difference.only_b) for difference in different)
    return f"different: {graphs}, {in_a:,} statements only in A, {in_b:,} only in B{otherwise}"


def differences(a: GraphSource, b: GraphSource) -> Iterator[Difference]:
    """Yield what differs in each graph that A or B has, equal ones included, in order."""
    in_a, in_b = a.counts(), b.counts()
    both = in_order(dict.fromkeys((*in_a, *in_b), 0))
    # Each source is read once, in the same order, so that only a few graphs are held at a time.
    of_a = a.read({graph: in_a[graph] for graph in both if graph in in_a})
    of_b = b.read({graph: in_b[graph] for graph in both if graph in in_b})
    for graph in both:
        lines_a = next(of_a)[1] if graph in in_a else []
        lines_b = next(of_b)[1] if graph in in_b else []
        yield compare(graph, lines_a, lines_b)


def as_text(differences: Iterable[Difference]) -> Iterator[str]:
    """Yield lines to read: each graph, then what only A has (-) and what only B has (+)."""
    for difference in differences:
        if not difference.equal:
            yield f"{difference.graph or DEFAULT_GRAPH}\n"
            yield from (f"- {line.decode()}" for line in difference.only_a)
            yield from (f"+ {line.decode()}" for line in difference.only_b)
