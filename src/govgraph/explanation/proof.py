"""What a proof is: a triple, the rule that gives it, and what that rule rests on.

At its end are assertions: the graphs they stand in, what these cite, the line they were coded on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from govgraph.rdf.source_map import Location, SourceMap
from govgraph.rdf.terms import GraphName, Term, gg, rdf


@dataclass(frozen=True, slots=True)
class Source:
    """A graph that asserts a triple: as a rule a passage, with what it cites and where it is coded.

    `graph` is "" for the default graph; `documents` are the works that the passage stands in,
    `citations` the (work, as printed) pairs of what it cites, the source of the triple in a
    sentence; `reads` the passage that the coder reads it into, `according_to` its named sources,
    `certainty` how sure the coder is.
    """

    graph: str
    citations: tuple[tuple[str, str], ...] = ()
    location: Location | None = None
    documents: tuple[str, ...] = ()
    reads: str = ""
    according_to: tuple[str, ...] = ()
    is_sentence: bool = False
    certainty: str = ""


@dataclass(frozen=True, repr=False)
class Proof:
    """Why a triple holds.

    An asserted triple has `sources` and no `rule`. An inferred one has the row of the OWL 2 RL/RDF
    rules tables (`folded`: the rows it sees through), the `axioms` it was compiled from and the
    `premises` it was applied to, each with a proof of its own. Printed, it is the whole tree, which
    `teller`, a Renderer, writes.
    """

    triple: ox.Triple
    rule: str = ""
    folded: tuple[str, ...] = ()
    axioms: tuple[Proof, ...] = ()
    premises: tuple[Proof, ...] = ()
    sources: tuple[Source, ...] = ()
    teller: Any = field(default=None, compare=False)

    def __repr__(self) -> str:
        return self.teller.text([self]).rstrip() if self.teller else f"<Proof of {self.triple}>"

    def _repr_html_(self) -> str | None:
        return self.teller.html([self]) if self.teller else None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, which any writer of JSON takes."""
        return self.teller.data(self) if self.teller else {"statement": str(self.triple)}

    @property
    def is_asserted(self) -> bool:
        """Whether the triple stands in a graph as it is."""
        return not self.rule

    @cached_property
    def height(self) -> int:
        """Steps from the triple down to the farthest assertion; 0 for an assertion."""
        below = max((premise.height for premise in self.premises), default=0)
        return 0 if self.is_asserted else 1 + below

    @cached_property
    def size(self) -> int:
        """Steps in all, those among axioms too."""
        parts = (*self.axioms, *self.premises)
        return 0 if self.is_asserted else 1 + sum(part.size for part in parts)

    def steps(self) -> Iterator[Proof]:
        """Yield this proof and all within it, premises before axioms."""
        yield self
        for part in (*self.premises, *self.axioms):
            yield from part.steps()

    def leaves(self) -> Iterator[Proof]:
        """Yield the assertions the proof rests on, with repetitions."""
        return (step for step in self.steps() if step.is_asserted)

    def sort_key(self) -> tuple[int, int, int, str]:
        """Return what puts shorter proofs first and leaves nothing to chance."""
        premises = " ".join(str(premise.triple) for premise in self.premises)
        return (self.height, self.size, len(self.premises), f"{self.rule} {premises}")


@dataclass(frozen=True, repr=False)
class ClashProof:
    """Why the statements of a store cannot all be true: a rule, axioms and premises with proofs."""

    rule: str
    message: str
    axioms: tuple[Proof, ...]
    premises: tuple[Proof, ...]
    teller: Any = field(compare=False)

    def __repr__(self) -> str:
        return str(self.teller.clash_text(self)).rstrip()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, which any writer of JSON takes."""
        axioms, premises = ([p.to_dict() for p in part] for part in (self.axioms, self.premises))
        return {"rule": self.rule, "message": self.message, "axioms": axioms, "premises": premises}


class Proofs(list[Proof]):
    """Proofs, one for each statement or one for each way to it; printed, they are trees."""

    def __repr__(self) -> str:
        more = [f"and {len(self) - 20:,} more proofs"] if len(self) > 20 else []
        return "\n\n".join([*map(str, self[:20]), *more]) or "no proof"

    def _repr_html_(self) -> str:
        return "".join(proof._repr_html_() or "" for proof in self[:20])


def sources_of(
    store: ox.Store,
    triple: ox.Triple,
    graphs: Iterable[GraphName],
    sources: SourceMap | None = None,
    known: dict[str, Source] | None = None,
) -> tuple[Source, ...]:
    """Return the graphs that assert a triple, sorted, with citations and lines.

    What holds of whatever a graph says is put into `known`, to be looked up there.
    """
    names = {graph.value if isinstance(graph, ox.NamedNode) else "" for graph in graphs}
    found, known = [], {} if known is None else known
    for name in sorted(names):
        if (of := known.get(name)) is None:
            of = known[name] = _source(store, name)
        graph = ox.NamedNode(name) if name else ox.DefaultGraph()
        by = tuple(sorted(_values(store, triple.subject, gg.attributedTo, graph)))
        sure = next(iter(_values(store, triple.subject, gg.certainty, graph)), "")
        place = _location(sources, triple, name)
        found.append(replace(of, location=place, according_to=by, certainty=sure))
    return tuple(found)


def _source(store: ox.Store, name: str) -> Source:
    """Return what holds of everything that a graph says."""
    if not name:
        return Source("")
    graph = ox.NamedNode(name)
    reads = "".join(_values(store, graph, gg.restsOn, graph))
    is_sentence = gg.Sentence.value in _values(store, graph, rdf.type)
    works = documents(store, reads or name)
    return Source(name, citations(store, name), None, works, reads, (), is_sentence)


def citations(store: ox.Store, passage: str) -> tuple[tuple[str, str], ...]:
    """Return (work, pointer as printed) for each citation of a passage, sorted."""
    pairs = {
        (work, pointer)
        for quad in store.quads_for_pattern(ox.NamedNode(passage), gg.citation, None, None)
        for pointer in _values(store, quad.object, gg.asPrinted) or [""]
        for work in _values(store, quad.object, gg.citedWork)
    }
    return tuple(sorted(pairs))


def documents(store: ox.Store, passage: str) -> tuple[str, ...]:
    """Return the works that a passage stands in, itself or by what it is part of, sorted."""
    works, wholes = set[str](), [passage]
    for whole in wholes:  # which become more on the way
        node = ox.NamedNode(whole)
        for quad in store.quads_for_pattern(None, gg.passages, node, None):
            work = quad.subject
            if isinstance(work, ox.NamedNode) and gg.Work.value in _values(store, work, rdf.type):
                works.add(work.value)
        wholes += set(_values(store, node, gg.partOf)).difference(wholes)
    return tuple(sorted(works))


def _values(
    store: ox.Store, node: Term, predicate: ox.NamedNode, graph: GraphName | None = None
) -> list[str]:
    if isinstance(node, ox.Literal):
        return []
    quads = store.quads_for_pattern(node, predicate, None, graph)
    return [str(getattr(quad.object, "value", "")) for quad in quads]


def _location(sources: SourceMap | None, triple: ox.Triple, graph: str) -> Location | None:
    """Return the file and line a triple was coded on, as exactly as it is known."""
    if sources is None:
        return None
    subject, predicate, value = (getattr(node, "value", "") for node in triple)
    exact = sources.locate(subject, predicate, value, graph)
    return exact or sources.locate(subject, graph=graph)
