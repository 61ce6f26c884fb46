"""What lies below what: all that follows from the steps of one hierarchy, kept in few bits.

Terms are numbered so that what is above has the greater number; all that is above a term is one
integer, with a bit for each. So ten thousand classes below each other are closed in a moment, and
a way from one to another is sought only when somebody asks for it.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

from govgraph.rdf.terms import Term

Node = TypeVar("Node", bound=Hashable)


class Hierarchy:
    """Terms and steps between them; `close` has to follow when steps were added."""

    def __init__(self) -> None:
        self._steps: dict[Term, dict[Term, int]] = defaultdict(dict)
        self._rounds = 0
        self._terms: list[Term] = []
        self._number: dict[Term, int] = {}
        self._alike: dict[Term, int] = {}
        self._above: dict[Term, int] = {}

    def add(self, lower: Term, upper: Term) -> None:
        """Add a step."""
        self._steps[lower].setdefault(upper, self._rounds)

    def close(self) -> None:
        """Find out what is above what, by the steps added so far."""
        groups = components(self._steps)
        self._rounds += 1
        self._terms = [term for group in groups for term in group]
        self._number = {term: number for number, term in enumerate(self._terms)}
        self._alike, self._above = {}, {}
        for group in reversed(groups):  # what a group leads to came before it
            bits = alike = sum(1 << self._number[term] for term in group)
            for term in group:
                for upper in self._steps.get(term, ()):
                    bits |= self._above.get(upper, 0)
            self._alike.update(dict.fromkeys(group, alike))
            self._above.update(dict.fromkeys(group, bits))

    def is_below(self, lower: Term, upper: Term) -> bool:
        """Whether one term lies below another."""
        number = self._number.get(upper)
        if number is None or lower == upper:
            return False
        return self._above.get(lower, 0) >> number & 1 == 1

    def above(self, term: Term) -> Iterator[Term]:
        """Yield all that is above a term, the nearest first."""
        return (other for other in self._named(self._above.get(term, 0)) if other != term)

    def below(self, term: Term) -> Iterator[Term]:
        """Yield all that is below a term."""
        return (lower for lower in self._terms if self.is_below(lower, term))

    def _named(self, bits: int) -> Iterator[Term]:
        text = bin(bits)[:1:-1]
        at = text.find("1")
        while at >= 0:
            yield self._terms[at]
            at = text.find("1", at + 1)

    def pairs(self, of: Callable[[Term], bool]) -> Iterator[tuple[Term, Term]]:
        """Yield every two terms `of` some kind of which the first is below the second."""
        chosen = [term for term in self._terms if of(term)]
        among = sum(1 << self._number[term] for term in chosen)
        for lower in chosen:
            uppers = self._named(self._above[lower] & among)
            yield from ((lower, upper) for upper in uppers if upper != lower)

    def nearest(self, terms: Iterable[Term]) -> Iterator[tuple[Term, Term]]:
        """Yield steps between some of the terms, by which all that is above is reached."""
        numbers = sorted(self._number[term] for term in terms if term in self._number)
        among = sum(1 << number for number in numbers)
        for number in numbers:
            term = self._terms[number]
            alike = self._alike[term] & among
            if alike & (alike - 1):  # round in a circle
                later = alike >> number + 1 << number + 1 or alike
                yield term, self._terms[(later & -later).bit_length() - 1]
            higher = self._above[term] & among & ~alike
            while higher:
                upper = self._terms[(higher & -higher).bit_length() - 1]
                yield term, upper
                higher &= ~self._above[upper]

    def middle(self, lower: Term, upper: Term) -> Term:
        """Return what stands in the middle of a shortest way, of steps that were there first."""
        for limit in range(self._rounds + 1):
            origin, waiting = {lower: lower}, deque([lower])
            while waiting and upper not in origin:
                term = waiting.popleft()
                for following, since in self._steps.get(term, {}).items():
                    if since <= limit and following not in origin:
                        origin[following] = term
                        waiting.append(following)
            if upper in origin:
                way = [upper]
                while way[-1] != lower:
                    way.append(origin[way[-1]])
                return way[len(way) // 2]
        raise KeyError(upper)


def components(successors: Mapping[Node, Iterable[Node]]) -> list[list[Node]]:
    """Return the strongly connected components of a graph, each before those it leads to.

    Kosaraju's algorithm without recursion, for hierarchies of any depth.
    """
    predecessors: dict[Node, list[Node]] = defaultdict(list)
    for node, following in successors.items():
        for successor in following:
            predecessors[successor].append(node)
    finished: list[Node] = []
    seen: set[Node] = set()
    for node in successors:
        finished += _reached(node, successors, seen)
    seen.clear()
    components = (_reached(node, predecessors, seen) for node in reversed(finished))
    return [component for component in components if component]


def _reached(start: Node, successors: Mapping[Node, Iterable[Node]], seen: set[Node]) -> list[Node]:
    """Return the nodes that are reached from one and not yet seen, each after its successors."""
    result: list[Node] = []
    waiting = [(start, iter(successors.get(start, ())))] if start not in seen else []
    seen.add(start)
    while waiting:
        node, following = waiting[-1]
        unseen = next((successor for successor in following if successor not in seen), None)
        if unseen is None:
            result.append(node)
            waiting.pop()
        else:
            seen.add(unseen)
            waiting.append((unseen, iter(successors.get(unseen, ()))))
    return result
