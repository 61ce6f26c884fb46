"""What inference gives back: triples, clashes and warnings."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from govgraph.reasoning.schema import Fact, to_triple
from govgraph.reasoning.tables import MASK, SHIFT


@dataclass(frozen=True, slots=True)
class Clash:
    """A contradiction: the inconsistency rule (its name in the OWL 2 RL/RDF tables) that fired.

    `axioms` are the schema triples and `premises` the statements that cannot all be true;
    `message` says so in one line.
    """

    rule: str
    axioms: tuple[ox.Triple, ...]
    premises: tuple[ox.Triple, ...]
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"


@dataclass(frozen=True, slots=True)
class Caution:
    """An axiom that is not followed, or followed with care, or a bound that was met.

    `subject` is the named term it is about; `node` and `predicate` are subject and predicate of
    the axiom's triple, by which its graph or file can be found ("" where there is none).
    """

    rule: str
    subject: str
    message: str
    node: str = ""
    predicate: str = ""

    @property
    def name(self) -> str:
        """The term it is about as its message writes it."""
        return str(self.message.partition(": ")[0]) if self.subject else ""

    @property
    def kind(self) -> str:
        """What it says, whatever term it is about."""
        return self.message.removeprefix(f"{self.name}: ")

    def __str__(self) -> str:
        return self.message


class PackedTriples:
    """Millions of sorted triples in a few bytes each, made into terms only when they are read.

    Each is one number, of the places that its three terms have in `terms`.
    """

    def __init__(self, codes: Sequence[int], terms: Sequence[Any]):
        self._codes, self._terms = codes, terms

    def __len__(self) -> int:
        return len(self._codes)

    def __iter__(self) -> Iterator[ox.Triple]:
        terms = self._terms
        for code in self._codes:
            subject, predicate = terms[code >> 2 * SHIFT], terms[code >> SHIFT & MASK]
            yield ox.Triple(subject, predicate, terms[code & MASK])


@dataclass(frozen=True)
class Inferred:
    """The triples that follow and are not asserted: sorted, distinct; those of the schema apart.

    `complete` is False where inference was stopped before nothing new came.
    """

    triples: list[ox.Triple] | PackedTriples
    clashes: list[Clash] = field(default_factory=list)
    cautions: list[Caution] = field(default_factory=list)
    complete: bool = True
    following: Callable[[], Iterable[Fact]] = tuple

    @cached_property
    def axioms(self) -> list[ox.Triple]:
        """The schema triples that follow and are not asserted, sorted."""
        return sorted(map(to_triple, self.following()), key=str)

    def quads(self, graph: str) -> Iterator[ox.Quad]:
        """Yield the triples as quads of the named `graph`."""
        name = ox.NamedNode(graph)
        for triple in self.triples:
            yield ox.Quad(triple.subject, triple.predicate, triple.object, name)
