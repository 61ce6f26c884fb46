"""The graph on a store in which inference works, from the first copy to the exchange at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pyoxigraph as ox

from govgraph.rdf.terms import Term
from govgraph.reasoning.instances import (
    BUILT_IN,
    CLASS_EXPRESSIONS,
    RELATING,
    SCHEMA_TYPES,
    SKOLEM,
    InstanceFilter,
)
from govgraph.reasoning.names import owl, rdf
from govgraph.reasoning.rule import TYPE, Rule
from govgraph.reasoning.schema import AXIOM_PREDICATES, AXIOM_TYPES
from govgraph.store.batches import batches
from govgraph.store.client import SparqlStore
from govgraph.store.reserved import NOT_ASSERTED, WORKING_GRAPH
from govgraph.vocabulary import INFERRED_GRAPH, RDF

PER_QUERY: Final = 400
"""Terms in one VALUES."""
PER_REQUEST: Final = 50
"""Updates in one request: Virtuoso compiles a request as a whole, and refuses long ones."""
IN: Final = f"GRAPH <{WORKING_GRAPH}>"
EVERY: Final = f"{IN} {{ ?s ?p ?o }}"
MARK: Final = f"<{WORKING_GRAPH}> <{RDF}type> <{WORKING_GRAPH}>"
"""A statement in the working graph that tells what the default graph is."""
SCHEMA_PREDICATES: Final = (*AXIOM_PREDICATES, *RELATING, *CLASS_EXPRESSIONS)
LIST_PREDICATES: Final = (rdf.first, rdf.rest)
SCHEMA_KINDS: Final = (*AXIOM_TYPES, *SCHEMA_TYPES)


class WorkingGraph:
    """The working graph of one store; every method is one step or one question.

    SPARQL leaves open what the default graph of a store is (SPARQL 1.1 Query, section 13): on
    Virtuoso, GraphDB or Neptune it is the `union` of all graphs, on Oxigraph or Fuseki a graph of
    its own, which is asserted too.
    """

    def __init__(self, store: SparqlStore, union: bool):
        self.store, self.union = store, union

    @classmethod
    def begin(cls, store: SparqlStore) -> WorkingGraph:
        """Clear what an earlier run may have left, and copy every asserted statement."""
        mark = f"{IN} {{ {MARK} }}"
        store.update(
            f"DROP SILENT GRAPH <{WORKING_GRAPH}> ;\nINSERT DATA {{ {mark} }}", repeatable=True
        )
        working = cls(store, store.ask(f"ASK {{ {MARK} }}"))
        every = "?s ?p ?o"
        working.run(
            [
                f"DELETE DATA {{ {mark} }}",
                f"INSERT {{ {IN} {{ {every} }} }}\nWHERE {{ {working.asserted(every)} }}",
            ]
        )
        return working

    def asserted(self, pattern: str) -> str:
        """Return the SPARQL pattern for a triple pattern that an asserted statement matches."""
        excluded = ", ".join(f"<{iri}>" for iri in NOT_ASSERTED)
        named = f"GRAPH ?g {{ {pattern} }} FILTER(?g NOT IN ({excluded}))"
        hidden = f" FILTER NOT EXISTS {{ GRAPH ?gn {{ {pattern} }} }}" if self.union else ""
        return f"{{ {named} }} UNION {{ {pattern}{hidden} }}"

    def schema(self) -> ox.Store:
        """Return the axioms in the working graph, asserted and inferred; lists as asserted."""
        kinds, predicates = _values("?o", SCHEMA_KINDS), _values("?p", SCHEMA_PREDICATES)
        nameless = f'FILTER(isBlank(?o) || CONTAINS(STR(?o), "{SKOLEM}"))'
        types = f"{IN} {{ ?s a ?o }} BIND(<{TYPE.value}> AS ?p)"
        inverse = f"{IN} {{ ?p <{owl.inverseOf.value}> ?z . ?s ?p ?o }}"
        # a list in which one member is the same as another would have two first members
        lists = f"{_values('?p', LIST_PREDICATES)} {self.asserted('?s ?p ?o')}"
        rows = self.store.rows(
            f"SELECT ?s ?p ?o WHERE {{ {{ {lists} }} UNION "
            f"{{ {predicates} {EVERY} }} UNION {{ {kinds} {types} }} UNION "
            f"{{ {types} {nameless} }} UNION {{ {inverse} }} }}"
        )
        result = ox.Store()
        result.bulk_extend(ox.Quad(*row) for row in rows)
        return result

    def run(self, updates: Sequence[str]) -> None:
        """Run updates in order, as many in one request as every server takes."""
        for batch in batches(updates, PER_REQUEST):
            self.store.update(" ;\n".join(batch), repeatable=True)

    def size(self) -> int:
        """Return how many statements there are."""
        return self._count(EVERY)

    def has_equals(self) -> bool:
        """Whether anything is the same as something else."""
        return self.store.ask(f"ASK {{ {IN} {{ ?s <{owl.sameAs.value}> ?o }} }}")

    def says_schema(self, rules: Iterable[Rule]) -> bool:
        """Whether rules can give axioms, or copy them to what is the same."""
        axioms = {*AXIOM_PREDICATES, *(("type", kind) for kind in AXIOM_TYPES)}
        return any(
            rule.head is not None
            and (rule.head.key in axioms or isinstance(rule.head.predicate, ox.Variable))
            for rule in rules
        )

    def remove_asserted(self) -> None:
        """Take out what is asserted."""
        self.run([f"DELETE {{ {EVERY} }}\nWHERE {{ {EVERY} {self.asserted('?s ?p ?o')} }}"])

    def nameless(self) -> int:
        """Return how many inferred statements are about individuals without a name.

        What is about classes without a name is taken out first.
        """
        parts = _values("?e", (*CLASS_EXPRESSIONS, *RELATING))
        about_classes = f"{parts} {self.asserted('?s ?e ?z')} {EVERY} FILTER(isBlank(?s))"
        self.run([f"DELETE {{ {EVERY} }}\nWHERE {{ {about_classes} }}"])
        return self._count(f"{EVERY} FILTER((isBlank(?s) || isBlank(?o)) && !({_IDLE}))")

    def keep_output(self, is_output: InstanceFilter) -> None:
        """Take out what is not about individuals, or trivially true (see `instances`)."""
        delete = f"DELETE {{ {EVERY} }}\nWHERE {{ {EVERY}"
        built_in = " || ".join(f'STRSTARTS(STR(?s), "{iri}")' for iri in BUILT_IN)
        idle = f"isBlank(?s) || isBlank(?o) || {built_in} || {_IDLE}"
        itself = f"{IN} {{ ?s {owl.sameAs} ?s }}"  # Virtuoso does not delete it by sameTerm(?s, ?o)
        named = sorted(
            (node for node in is_output.schema if isinstance(node, ox.NamedNode)), key=str
        )
        classes = [node for node in named if SKOLEM in node.value]
        self.run(
            [
                f"DELETE {{ {itself} }} WHERE {{ {itself} }}",
                f"{delete} FILTER({idle}) }}",
                *(f"{delete} {_values('?s', batch)} }}" for batch in batches(named, PER_QUERY)),
                *(
                    f"{delete} FILTER(?p = {TYPE}) {_values('?o', batch)} }}"
                    for batch in batches(classes, PER_QUERY)
                ),
            ]
        )

    def drop(self) -> None:
        """Take all of it away."""
        self.run([f"DROP SILENT GRAPH <{WORKING_GRAPH}>"])

    def publish(self) -> int:
        """Make it the inferred graph of the store; return how many statements it has."""
        count = self.size()
        if count:
            move = f"MOVE GRAPH <{WORKING_GRAPH}> TO GRAPH <{INFERRED_GRAPH}>"
            self.store.update(move, repeatable=False)  # the second would move nothing
        else:  # what is moved must exist (SPARQL 1.1 Update, 3.2.4)
            self.run([f"DROP SILENT GRAPH <{iri}>" for iri in (INFERRED_GRAPH, WORKING_GRAPH)])
        return count

    def _count(self, where: str) -> int:
        [row] = self.store.rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ {where} }}")
        return int(row[0].value)


def _idle() -> str:
    """Return the test for a predicate of axioms, or of what has no name, and for owl:Thing."""
    axioms = ", ".join(map(str, AXIOM_PREDICATES))
    thing = f"(?p = {TYPE} && (?o = {owl.Thing} || isBlank(?o)))"
    return f'?p IN ({axioms}) || CONTAINS(STR(?p), "{SKOLEM}") || {thing}'


_IDLE: Final = _idle()


def _values(variable: str, terms: Iterable[Term]) -> str:
    return f"VALUES {variable} {{ {' '.join(sorted(set(map(str, terms))))} }}"
