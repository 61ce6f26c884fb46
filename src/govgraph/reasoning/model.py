"""What inference gives back: triples, clashes and warnings."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from govgraph.reasoning.schema import Fact, to_triple
from govgraph.reasoning.triples import PackedTriples


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


@dataclass(frozen=True)
class Inferred:
    """The triples that follow and are not asserted: sorted, distinct; those of the schema apart.

    `rounds` counts the passes until nothing new came; `complete` is False where a bound stopped
    inference before that.
    """

    triples: list[ox.Triple] | PackedTriples
    clashes: list[Clash] = field(default_factory=list)
    cautions: list[Caution] = field(default_factory=list)
    rounds: int = 0
    complete: bool = True
    following: Callable[[], Iterable[Fact]] = tuple

    @cached_property
    def axioms(self) -> list[ox.Triple]:
        """The schema triples that follow and are not asserted, sorted."""
        return sorted(map(to_triple, self.following()), key=str)

    @property
    def is_consistent(self) -> bool:
        """Whether no clash was found."""
        return not self.clashes

    def quads(self, graph: str) -> Iterator[ox.Quad]:
        """Yield the triples as quads of the named `graph`."""
        name = ox.NamedNode(graph)
        for triple in self.triples:
            yield ox.Quad(triple.subject, triple.predicate, triple.object, name)
