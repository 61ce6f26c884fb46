"""The default engine: load what rules speak of, run them to a fixpoint, give back the triples."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import pyoxigraph as ox

from govgraph.errors import check_kind
from govgraph.rdf import collector
from govgraph.rdf.terms import Term, owl, rdf
from govgraph.reasoning.compiler import Caution, RuleSet, compile_rules
from govgraph.reasoning.datatypes import is_well_typed
from govgraph.reasoning.fixpoint import MOST_FACTS, BoundReachedError, Fixpoint, groups_of, saturate
from govgraph.reasoning.rule import TYPE, Key
from govgraph.reasoning.schema import (
    CLASS_EXPRESSIONS,
    RELATING,
    SCHEMA_KEYS,
    Fact,
    Schema,
    axioms_of,
    is_nameless,
    to_triple,
)
from govgraph.reasoning.tables import MASK, SHIFT, Facts


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


class PackedTriples:
    """Millions of sorted triples in a few bytes each, made into terms only when they are read.

    Each is one number, of the places that its three terms have in `terms`.
    """

    def __init__(self, codes: Sequence[int], terms: Sequence[Any]):
        self._codes, self._terms = codes, terms

    def __len__(self) -> int:
        return len(self._codes)

    def __iter__(self) -> Iterator[ox.Triple]:
        return (ox.Triple(*row) for row in self.rows())

    def rows(self) -> Iterator[tuple[Any, Any, Any]]:
        """Yield subject, predicate and value of each."""
        terms = self._terms
        for code in self._codes:
            yield terms[code >> 2 * SHIFT], terms[code >> SHIFT & MASK], terms[code & MASK]


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
        name, triples = ox.NamedNode(graph), self.triples
        rows: Any = triples.rows() if isinstance(triples, PackedTriples) else triples
        return (ox.Quad(subject, predicate, value, name) for subject, predicate, value in rows)


class OutputFilter:
    """Decides which triples are output for one schema: what says something and can be said in RDF.

    Left out are literal subjects, what is true of everything (`x owl:sameAs x`, `x a owl:Thing`),
    and what is said of, or by, nameless parts of an ontology: restrictions and the like. Schema
    triples are output apart.
    """

    def __init__(self, schema: Schema):
        ends = {term for p in RELATING for pair in schema.pairs(p) for term in pair}
        nodes = {subject for subject, _, _ in schema.facts} | ends
        self._parts = {node for node in nodes if is_nameless(node)}

    def is_part(self, node: Term) -> bool:
        """Whether a node is a part of an ontology without a name."""
        return node in self._parts

    def takes(self, key: Term | tuple[str, Term]) -> bool:
        """Whether facts of a class, ("type", class), or of a property are output."""
        if isinstance(key, tuple):
            return key[1] != owl.Thing and key not in SCHEMA_KEYS and not self.is_part(key[1])
        return not is_nameless(key) and key not in SCHEMA_KEYS

    def __call__(self, subject: Term, predicate: Term, value: Term) -> bool:
        """Whether a triple is output."""
        key = ("type", value) if predicate == rdf.type else predicate
        is_trivial = predicate == owl.sameAs and subject == value
        return self.takes(key) and not (self.is_part(subject) or self.is_part(value) or is_trivial)


@collector.paused()
def infer(
    quads: Iterable[ox.Quad],
    most: int = MOST_FACTS,
    progress: Callable[[str], None] = lambda stage: None,
) -> Inferred:
    """Return what follows from the union of all graphs of a store, or from quads just read.

    These have their literals as they are written; a store makes all integers xsd:integer. The store
    is left as it is. Contradictions and axioms that are not followed are reported in the result.
    The rules stop at the `most` facts; `progress` is told each stage as it begins.
    """
    check_kind("quads", quads, Iterable, "statements of pyoxigraph: a store, or quads")
    facts = Facts(quads)
    stated, wrong = frozenset(axioms_of(facts).facts), list(ill_typed(facts))
    ruleset, engine, reached = _settle(facts, most, progress)
    return Inferred(
        triples=output(engine, ruleset.schema),
        clashes=_once([*clashes(engine), *wrong], engine),
        cautions=[*ruleset.cautions, *([Caution("bound", "", str(reached))] if reached else [])],
        complete=reached is None,
        following=partial(_axioms, ruleset.schema, stated),
    )


def _axioms(schema: Schema, stated: frozenset[Fact]) -> Iterator[Fact]:
    """Yield the schema triples that follow and are not stated, between what has a name."""
    is_output = OutputFilter(schema)
    named = schema.all_following(lambda node: not is_output.is_part(node))
    for fact in {*named} - stated:
        if fact[0] != owl.Nothing and fact[2] != owl.Thing:
            yield fact


def _settle(
    facts: Facts, most: int, progress: Callable[[str], None] = lambda stage: None
) -> tuple[RuleSet, Fixpoint, BoundReachedError | None]:
    """Run to the fixpoint; start again where the data say something about the schema."""
    extra: set[Fact] = set()
    while True:
        progress("compile")
        ruleset = compile_rules(facts, sorted(extra, key=str))
        progress("infer")
        engine = Fixpoint(ruleset.rules, most, facts)
        try:
            engine.run()
            if engine.table(owl.sameAs).facts:
                saturate(engine)
        except BoundReachedError as reached:
            return ruleset, engine, reached
        # schema triples that were inferred from data, and that no rule knows yet
        new = {fact for fact in _derived(engine, SCHEMA_KEYS) if fact not in ruleset.schema}
        if new <= extra:
            return ruleset, engine, None
        extra |= new
        for table in engine.tables.values():  # the facts as they were stated
            table.facts -= table.derived


def rules_for_explaining(store: ox.Store) -> tuple[RuleSet, ox.Store]:
    """Return the rules of a store, and the facts that proofs may need but that are not output.

    Those facts are computed only where there can be any that matter: where the data use classes
    without a name, say something about the schema, or make parts of it the same.
    """
    ruleset = compile_rules(store)
    unseen = ox.Store()
    if not (ruleset.hidden or _speaks_of_schema(store, ruleset)):
        return ruleset, unseen
    with collector.paused():
        ruleset, engine, _ = _settle(Facts(store), MOST_FACTS)
    is_output = OutputFilter(ruleset.schema)
    for subject, predicate, value in _derived(engine):
        if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode):
            continue
        if not is_output(subject, predicate, value):
            unseen.add(ox.Quad(subject, predicate, value))
    return ruleset, unseen


def _derived(engine: Fixpoint, among: Container[Key] | None = None) -> Iterator[Fact]:
    term = engine.ids.term
    for key, table in engine.tables.items():
        for fact in table.derived if among is None or key in among else ():
            if isinstance(key, tuple):
                yield term(fact), rdf.type, key[1]
            else:
                yield term(fact >> SHIFT), key, term(fact & MASK)


def _speaks_of_schema(store: ox.Store, ruleset: RuleSet) -> bool:
    """Whether rules can give axioms, or terms of the schema are the same as others."""
    if any(rule.head.key in SCHEMA_KEYS for rule in ruleset.rules if rule.head is not None):
        return True
    predicates = (*RELATING, *CLASS_EXPRESSIONS)
    parts = {term for p in predicates for pair in ruleset.schema.pairs(p) for term in pair}
    same = store.quads_for_pattern(None, owl.sameAs, None, None)
    return any(quad.subject in parts or quad.object in parts for quad in same)


def output(engine: Fixpoint, schema: Schema) -> PackedTriples:
    """Return the derived triples, but for those of the schema, in the order of their text."""
    is_output, ids = OutputFilter(schema), engine.ids
    tables: list[tuple[int, Collection[int]]] = []  # a property, and the pairs derived
    for key, table in engine.tables.items():
        if not table.derived or key == TYPE or not is_output.takes(key):
            continue
        if isinstance(key, tuple):
            kind = ids[key[1]]
            tables.append((ids[TYPE], [member << SHIFT | kind for member in table.derived]))
        elif key == owl.sameAs:
            tables.append((ids[key], [n for n in table.derived if n >> SHIFT != n & MASK]))
        else:
            tables.append((ids[key], table.derived))
    used = {prop for prop, _ in tables}
    for _, pairs in tables:
        used |= {pair >> SHIFT for pair in pairs} | {pair & MASK for pair in pairs}
    nodes = [(str(ids.term(n)), n) for n in used if not is_output.is_part(ids.term(n))]
    index_of = {number: i for i, (_, number) in enumerate(sorted(nodes))}
    codes = [
        index_of[pair >> SHIFT] << 2 * SHIFT | index_of[prop] << SHIFT | index_of[pair & MASK]
        for prop, pairs in tables
        for pair in pairs
        if pair >> SHIFT in index_of and pair & MASK in index_of
    ]
    codes.sort()
    return PackedTriples(codes, [ids.term(number) for number in index_of])


def ill_typed(facts: Facts) -> Iterator[Clash]:
    """Yield a clash for every triple whose literal is none of its datatype (dt-not-type).

    "abc"^^xsd:integer is a contradiction wherever it stands, as "300"^^xsd:byte is.
    """
    term, numbers = facts.ids.term, facts.ids
    wrong = {numbers[literal] for literal in numbers.literals if not is_well_typed(literal)}
    for key, pairs in facts.tables.items() if wrong else ():
        for pair in () if isinstance(key, tuple) else (p for p in pairs if p & MASK in wrong):
            value = term(pair & MASK)
            triple = ox.Triple(term(pair >> SHIFT), key, value)  # type: ignore[arg-type]
            message = f"{value} is no literal of its datatype, in {triple}"
            yield Clash("dt-not-type", (), (triple,), message)


def _once(found: Iterable[Clash], engine: Fixpoint) -> list[Clash]:
    """Return each contradiction once, in a stable order: by what is stated, if it can be.

    It is the same whatever axioms say so, and whichever of the names of what is the same it bears.
    """
    ids, result = engine.ids, dict[Any, Clash]()
    same = groups_of(engine.table(owl.sameAs).facts).items()
    first = {ids.term(number): ids.term(group[0]) for number, group in same}

    def rank(clash: Clash) -> tuple[int, int, str, str]:
        derived = 0
        for s, p, o in clash.premises:
            is_type = p == TYPE
            fact = ids[s] if is_type else ids[s] << SHIFT | ids[o]
            derived += fact in engine.table(("type", o) if is_type else p).derived
        return (derived, -len(clash.premises), clash.rule, clash.message)

    for clash in sorted(found, key=rank):
        said = {tuple(first.get(term, term) for term in triple) for triple in clash.premises}
        key = frozenset(s for s in said if s[0] != s[2] or s[1] != owl.sameAs)
        result.setdefault((clash.rule, key or clash.axioms), clash)
    return sorted(result.values(), key=lambda clash: (clash.rule, clash.message))


def clashes(engine: Fixpoint) -> Iterator[Clash]:
    """Yield every contradiction the rules find."""
    for compiled in (rule for rule in engine.rules if rule.head is None):
        rule = compiled.rule
        for bindings in engine.bindings(compiled):
            variables = [compiled.variables[-1 - slot] for slot in bindings.columns]
            for row in bindings.rows:
                values = dict(zip(variables, map(engine.ids.term, row), strict=True))
                premises = tuple(to_triple(atom.bind(values)) for atom in rule.body)
                message = f"{' and '.join(map(str, premises)) or 'nothing'} cannot hold"
                message += f" with {rule.axioms[0]}" if rule.axioms else ""
                yield Clash(rule.name, rule.axioms, premises, message)
