"""The graph on a store in which inference works, from the first copy to the exchange at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import pyoxigraph as ox

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
from govgraph.store.scope import MARK, WORKING_GRAPH, Scope, SparqlStore
from govgraph.vocabulary import INFERRED_GRAPH

Node = Any

PER_QUERY: Final = 400
"""Terms in one VALUES."""
PER_REQUEST: Final = 50
"""Updates in one request: Virtuoso compiles a request as a whole, and refuses long ones."""
PER_INSERT: Final = 500
"""Statements in one INSERT DATA: Virtuoso refuses much longer ones."""
IN: Final = f"GRAPH <{WORKING_GRAPH}>"
SCHEMA_PREDICATES: Final = tuple(dict.fromkeys((*AXIOM_PREDICATES, *RELATING, *CLASS_EXPRESSIONS)))
LIST_PREDICATES: Final = (rdf.first, rdf.rest)
SCHEMA_KINDS: Final = tuple(dict.fromkeys((*AXIOM_TYPES, *SCHEMA_TYPES)))


class WorkingGraph:
    """The working graph of one store; every method is one step or one question."""

    def __init__(self, store: SparqlStore, scope: Scope):
        self.store, self.scope = store, scope

    @classmethod
    def begin(cls, store: SparqlStore) -> WorkingGraph:
        """Clear what an earlier run may have left, and find out where statements are."""
        mark = f"{IN} {{ {MARK} }}"
        store.update(
            f"DROP SILENT GRAPH <{WORKING_GRAPH}> ;\nINSERT DATA {{ {mark} }}", repeatable=True
        )
        scope = Scope.of(store)
        store.update(f"DELETE DATA {{ {mark} }}", repeatable=True)
        return cls(store, scope)

    def copy_schema(self) -> None:
        """Copy axioms, and what the data say of classes and properties without a name."""
        kinds = f"?s {TYPE} ?o"
        parts = _values("?e", CLASS_EXPRESSIONS)
        nameless = f'FILTER(isBlank(?o) || CONTAINS(STR(?o), "{SKOLEM}"))'
        inverse = f'{IN} {{ ?p {owl.inverseOf} ?z }} FILTER(CONTAINS(STR(?p), "{SKOLEM}"))'
        self._send(
            [
                *self._copies("?s ?p ?o", "?p", SCHEMA_PREDICATES),
                *self._copies(kinds, "?o", SCHEMA_KINDS),
                self._copy(kinds, f"{parts} {IN} {{ ?o ?e ?z }} {nameless}"),
                self._copy("?s ?p ?o", inverse),
            ]
        )

    def schema(self) -> ox.Store:
        """Return the axioms in the working graph, asserted and inferred; lists as asserted."""
        kinds, predicates = _values("?o", SCHEMA_KINDS), _values("?p", SCHEMA_PREDICATES)
        nameless = f'FILTER(isBlank(?o) || CONTAINS(STR(?o), "{SKOLEM}"))'
        types = f"{IN} {{ ?s a ?o }} BIND(<{TYPE.value}> AS ?p)"
        inverse = f"{IN} {{ ?p <{owl.inverseOf.value}> ?z . ?s ?p ?o }}"
        # a list in which one member is the same as another would have two first members
        lists = f"{_values('?p', LIST_PREDICATES)} {self.scope.asserted('?s ?p ?o')}"
        found = self.store.rows(
            f"SELECT ?s ?p ?o WHERE {{ {{ {lists} }} UNION "
            f"{{ {predicates} {IN} {{ ?s ?p ?o }} }} UNION {{ {kinds} {types} }} UNION "
            f"{{ {types} {nameless} }} UNION {{ {inverse} }} }}"
        )
        result = ox.Store()
        result.bulk_extend(ox.Quad(*row) for row in found)
        return result

    def copy_facts(self, rules: Iterable[Rule]) -> None:
        """Copy the asserted statements that rules speak of."""
        keys = {atom.key for rule in rules for atom in rule.atoms}
        classes = [key[1] for key in keys if isinstance(key, tuple)]
        properties = [key for key in keys if isinstance(key, ox.NamedNode) and key != TYPE]
        kinds = f"?s {TYPE} ?o"
        every = any(isinstance(each, ox.Variable) for each in classes)
        types = [self._copy(kinds)] if every else self._copies(kinds, "?o", classes)
        self._send([*self._copies("?s ?p ?o", "?p", [owl.sameAs, *properties]), *types])

    def copy_all(self) -> None:
        """Copy every asserted statement: what is the same shares all that is said."""
        self._send([self._copy("?s ?p ?o")])

    def run(self, updates: Sequence[str]) -> None:
        """Run updates in order, as many at a time as every server takes."""
        for first in range(0, len(updates), PER_REQUEST):
            self._send(updates[first : first + PER_REQUEST])

    def _copies(self, pattern: str, variable: str, terms: Iterable[Node]) -> list[str]:
        return [self._copy(pattern, _values(variable, some)) for some in _batches(terms)]

    def _copy(self, pattern: str, where: str = "") -> str:
        return (
            f"INSERT {{ {IN} {{ {pattern} }} }}\nWHERE {{ {where} {self.scope.asserted(pattern)} }}"
        )

    def _send(self, updates: Iterable[str]) -> None:
        """Send updates as one request, which most servers do whole or not at all."""
        self.store.update(" ;\n".join(updates), repeatable=True)

    def size(self) -> int:
        """Return how many statements there are."""
        return self._count(f"{IN} {{ ?s ?p ?o }}")

    def asserted_size(self) -> int:
        """Return how many statements are asserted, those of several graphs several times."""
        return self._count(self.scope.asserted("?s ?p ?o"))

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

    def literal_subjects(self, predicates: Iterable[Node]) -> Node | None:
        """Return the first of the `predicates` that has a literal value, None if none has."""
        found: list[Node] = []
        for some in _batches(predicates):
            where = f"{_values('?p', some)} {IN} {{ ?s ?p ?o }} FILTER(isLiteral(?o))"
            found += [row[0] for row in self.store.rows(f"SELECT DISTINCT ?p WHERE {{ {where} }}")]
        return min(found, key=str, default=None)

    def remove_asserted(self) -> None:
        """Take out what is asserted."""
        every = f"{IN} {{ ?s ?p ?o }}"
        self._send([f"DELETE {{ {every} }}\nWHERE {{ {every} {self.scope.asserted('?s ?p ?o')} }}"])

    def nameless(self) -> int:
        """Return how many inferred statements are about individuals without a name.

        What is about classes without a name is taken out first.
        """
        parts = _values("?e", {*CLASS_EXPRESSIONS, *RELATING})
        every = f"{IN} {{ ?s ?p ?o }}"
        about_classes = f"{parts} {self.scope.asserted('?s ?e ?z')} {every} FILTER(isBlank(?s))"
        self._send([f"DELETE {{ {every} }}\nWHERE {{ {about_classes} }}"])
        return self._count(f"{every} FILTER((isBlank(?s) || isBlank(?o)) && !({_IDLE}))")

    def keep_output(self, is_output: InstanceFilter) -> None:
        """Take out what is not about individuals, or trivially true (see `instances`)."""
        delete = f"DELETE {{ {IN} {{ ?s ?p ?o }} }}\nWHERE {{ {IN} {{ ?s ?p ?o }}"
        built_in = " || ".join(f'STRSTARTS(STR(?s), "{iri}")' for iri in BUILT_IN)
        idle = f"isBlank(?s) || isBlank(?o) || {built_in} || {_IDLE}"
        itself = f"{IN} {{ ?s {owl.sameAs} ?s }}"  # Virtuoso does not delete it by sameTerm(?s, ?o)
        named = [each for each in is_output.schema if isinstance(each, ox.NamedNode)]
        classes = [each for each in named if SKOLEM in each.value]
        self._send(
            [
                f"DELETE {{ {itself} }} WHERE {{ {itself} }}",
                f"{delete} FILTER({idle}) }}",
                *(f"{delete} {_values('?s', some)} }}" for some in _batches(named)),
                *(
                    f"{delete} FILTER(?p = {TYPE}) {_values('?o', some)} }}"
                    for some in _batches(classes)
                ),
            ]
        )

    def replace(self, lines: Iterable[str]) -> None:
        """Put statements, given as N-Triples, in the place of all that is there."""
        self.drop()
        waiting = (line for text in lines for line in text.split("\n") if line)
        while some := list(islice(waiting, PER_INSERT)):
            self._send([f"INSERT DATA {{ {IN} {{\n{chr(10).join(some)}\n}} }}"])

    def drop(self) -> None:
        """Take all of it away."""
        self._send([f"DROP SILENT GRAPH <{WORKING_GRAPH}>"])

    def publish(self) -> int:
        """Make it the inferred graph of the store; return how many statements it has."""
        count = self.size()
        if count:
            move = f"MOVE GRAPH <{WORKING_GRAPH}> TO GRAPH <{INFERRED_GRAPH}>"
            self.store.update(move, repeatable=False)  # the second would move nothing
        else:  # what is moved must exist (SPARQL 1.1 Update, 3.2.4)
            self._send([f"DROP SILENT GRAPH <{iri}>" for iri in (INFERRED_GRAPH, WORKING_GRAPH)])
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


def _values(variable: str, terms: Iterable[Node]) -> str:
    return f"VALUES {variable} {{ {' '.join(sorted(map(str, terms)))} }}"


def _batches(terms: Iterable[Node]) -> Iterator[Sequence[Node]]:
    waiting = iter(sorted(set(terms), key=str))
    while some := list(islice(waiting, PER_QUERY)):
        yield some
