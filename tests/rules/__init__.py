"""A kit of small ontologies: one TriG file for each row of the OWL 2 RL/RDF rules tables.

Graphs of a file: `:axioms`; `:fires`, data to which the rule applies; `:entailed`, triples that
must follow; `:absent`, triples that must not; `:schema`, axioms that must follow; `:clash`, the
row that must report a contradiction; `:near-miss`, data to which the rule must not apply.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

FOLDER = Path(__file__).parent
KIT = FOLDER / "kit"
EX = "https://example.org/"


@dataclass(frozen=True)
class Example:
    """One file of the kit."""

    name: str
    graphs: dict[str, list[ox.Triple]]

    def triples(self, *names: str) -> list[ox.Triple]:
        return [triple for name in names for triple in self.graphs.get(name, [])]

    def store(self, data: str) -> ox.Store:
        """Return the axioms with the data of one graph."""
        store = ox.Store()
        for name in ("axioms", data):
            graph = ox.NamedNode(f"{EX}{name}")
            store.extend(
                ox.Quad(t.subject, t.predicate, t.object, graph) for t in self.triples(name)
            )
        return store

    @property
    def rows(self) -> set[str]:
        """The rows that must report a contradiction."""
        return {triple.object.value for triple in self.triples("clash")}


def example(name: str) -> Example:
    graphs: dict[str, list[ox.Triple]] = {}
    for quad in ox.parse(path=str(KIT / f"{name}.trig"), format=ox.RdfFormat.TRIG):
        triples = graphs.setdefault(quad.graph_name.value.removeprefix(EX), [])
        triples.append(ox.Triple(quad.subject, quad.predicate, quad.object))
    return Example(name, graphs)


def names() -> list[str]:
    return sorted(path.stem for path in KIT.glob("*.trig"))
