"""The default engine: load what rules speak of, run them to a fixpoint, give back the triples."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from govgraph.reasoning import collector
from govgraph.reasoning.compiler import RuleSet, compile_rules
from govgraph.reasoning.datatypes import ill_typed
from govgraph.reasoning.fixpoint import BoundReachedError, Bounds, Compiled, Fixpoint
from govgraph.reasoning.instances import CLASS_EXPRESSIONS, RELATING, InstanceFilter
from govgraph.reasoning.model import Caution, Clash, Inferred
from govgraph.reasoning.names import owl, rdf
from govgraph.reasoning.rule import TYPE
from govgraph.reasoning.sameness import saturate
from govgraph.reasoning.schema import AXIOM_PREDICATES, AXIOM_TYPES, Fact
from govgraph.reasoning.strata import Key
from govgraph.reasoning.tables import MASK, SHIFT, Numbers, Table
from govgraph.reasoning.triples import PackedTriples


@collector.paused()
def infer(store: ox.Store, bounds: Bounds | None = None) -> Inferred:
    """Return the instance triples that follow from the union of all graphs of `store`.

    The store is left as it is. Contradictions and axioms that are not followed are reported in
    the result. `bounds` say where the rules stop.
    """
    ruleset, engine, reached = _settle(store, bounds or Bounds())
    triples, left_out = output(engine, store)
    cautions = [
        *ruleset.cautions,
        *([nameless_caution(left_out)] if left_out else []),
        *([bound_caution(reached)] if reached else []),
    ]
    return Inferred(
        triples=triples,
        clashes=[*clashes(engine), *ill_typed(store)],
        cautions=cautions,
        rounds=engine.rounds,
        complete=reached is None,
    )


def _settle(store: ox.Store, bounds: Bounds) -> tuple[RuleSet, Fixpoint, BoundReachedError | None]:
    """Run to the fixpoint; start again where the data say something about the schema."""
    extra: set[Fact] = set()
    while True:
        ruleset = compile_rules(store, sorted(extra, key=str))
        engine = Fixpoint(ruleset.rules, bounds, Numbers())
        load(store, engine)
        try:
            engine.run()
            if engine.table(owl.sameAs).facts:
                load_all(store, engine)
                saturate(engine)
        except BoundReachedError as reached:
            return ruleset, engine, reached
        facts = _schema_facts(engine, ruleset)
        if facts <= extra:
            return ruleset, engine, None
        extra |= facts


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
        ruleset, engine, _ = _settle(store, Bounds())
    is_output = InstanceFilter(store)
    for subject, predicate, value in _derived(engine):
        if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode):
            continue
        if not is_output(subject, predicate, value):
            unseen.add(ox.Quad(subject, predicate, value))
    return ruleset, unseen


def _derived(engine: Fixpoint) -> Iterator[Fact]:
    term = engine.ids.term
    for key, table in engine.tables.items():
        for fact in table.derived:
            if isinstance(key, tuple):
                yield term(fact), rdf.type, key[1]
            else:
                yield term(fact >> SHIFT), key, term(fact & MASK)


def _speaks_of_schema(store: ox.Store, ruleset: RuleSet) -> bool:
    """Whether rules can give axioms, or terms of the schema are the same as others."""
    schema_keys = {*AXIOM_PREDICATES, *(("type", kind) for kind in AXIOM_TYPES)}
    if any(rule.head.key in schema_keys for rule in ruleset.rules if rule.head is not None):
        return True
    predicates = (*RELATING, *CLASS_EXPRESSIONS)
    parts = {term for p in predicates for pair in ruleset.schema.pairs(p) for term in pair}
    same = store.quads_for_pattern(None, owl.sameAs, None, None)
    return any(quad.subject in parts or quad.object in parts for quad in same)


def bound_caution(reached: BoundReachedError) -> Caution:
    """Say that a bound was met before the fixpoint."""
    message = (
        f"inference stopped at the bound of {reached.message}: what was inferred is sound but "
        "not complete. Look for a chain or a transitive property over a dense graph."
    )
    return Caution("bound", "", message)


def nameless_caution(count: int) -> Caution:
    """Say how many inferred statements are about nodes without a name."""
    message = (
        f"{count} inferred statements about nodes without a name (blank nodes) are left out. "
        "Give the nodes IRIs to have them."
    )
    return Caution("blank-node", "", message)


def load(store: ox.Store, engine: Fixpoint) -> None:
    """Fill the tables that rules speak of with what is asserted."""
    keys = dict.fromkeys(engine.keys())
    keys[owl.sameAs] = None
    if TYPE in keys:
        for quad in store.quads_for_pattern(None, TYPE, None, None):
            keys[("type", quad.object)] = None
    for key in keys:
        _load_table(store, engine, key)


def load_all(store: ox.Store, engine: Fixpoint) -> None:
    """Fill the tables of every class and property of the store."""
    keys: dict[Key, None] = {}
    for quad in store:
        keys[("type", quad.object) if quad.predicate == TYPE else quad.predicate] = None
    for key in keys:
        if key not in engine.tables:
            _load_table(store, engine, key)


def _load_table(store: ox.Store, engine: Fixpoint, key: Key) -> None:
    number = engine.ids  # looked up millions of times, so without a call
    if isinstance(key, tuple):
        members = store.quads_for_pattern(None, TYPE, key[1], None)
        engine.tables[key] = Table(1, {number[quad.subject] for quad in members})
    elif isinstance(key, ox.NamedNode):
        quads = store.quads_for_pattern(None, key, None, None)
        pairs = {number[quad.subject] << SHIFT | number[quad.object] for quad in quads}
        engine.tables[key] = Table(2, pairs)


def _schema_facts(engine: Fixpoint, ruleset: RuleSet) -> set[Fact]:
    """Return the schema triples that were inferred from data, which no rule knows yet."""
    result: set[Fact] = set()
    term = engine.ids.term
    for predicate in AXIOM_PREDICATES:
        if predicate in engine.tables:
            for pair in engine.tables[predicate].derived:
                result.add((term(pair >> SHIFT), predicate, term(pair & MASK)))
    for kind in AXIOM_TYPES:
        if ("type", kind) in engine.tables:
            for member in engine.tables["type", kind].derived:
                result.add((term(member), rdf.type, kind))
    return {fact for fact in result if fact not in ruleset.schema}


def output(engine: Fixpoint, store: ox.Store) -> tuple[PackedTriples, int]:
    """Return the derived instance triples in the order of their N-Triples text.

    The second value counts those left out because an individual has no name.
    """
    is_output = InstanceFilter(store)
    term = engine.ids.term
    tables = [
        (key, table)
        for key, table in engine.tables.items()
        if table.derived and key != TYPE and is_output.is_about_individuals(key)
    ]
    values = {pair & MASK for _, table in tables if table.arity == 2 for pair in table.derived}
    values.update(engine.ids[key[1]] for key, _ in tables if isinstance(key, tuple))
    texts = [(str(term(number)), number) for number in values]
    order = [number for text, number in sorted(texts) if not text.startswith("_:")]  # no blank node
    rank = {number: i for i, number in enumerate(order)}
    predicates = sorted({TYPE if isinstance(k, tuple) else k for k, _ in tables}, key=str)

    left_out = 0
    codes: dict[int, list[int]] = defaultdict(list)  # subject -> predicate and value, by rank
    for key, table in tables:
        if isinstance(key, tuple):
            code = predicates.index(TYPE) << SHIFT | rank[engine.ids[key[1]]]
            for subject in table.derived:
                codes[subject].append(code)
            continue
        code = predicates.index(key) << SHIFT
        pairs = table.derived
        if key == owl.sameAs:
            pairs = {pair for pair in pairs if pair >> SHIFT != pair & MASK}
        for pair in pairs:
            value = pair & MASK
            if value in rank:
                codes[pair >> SHIFT].append(code | rank[value])
            else:
                left_out += 1

    subjects: list[tuple[ox.NamedNode, int]] = []
    for number, statements in codes.items():
        node = term(number)
        if is_output.is_individual(node):
            subjects.append((node, number))
        elif isinstance(node, ox.BlankNode) and node not in is_output.schema:
            left_out += len(statements)
    subjects.sort(key=lambda subject: str(subject[0]))
    ends, packed = array("Q"), array("Q")
    for _, number in subjects:
        packed.extend(sorted(codes[number]))
        ends.append(len(packed))
    objects = [term(number) for number in order]
    nodes = [node for node, _ in subjects]
    return PackedTriples(nodes, ends, packed, predicates, objects), left_out


def clashes(engine: Fixpoint) -> list[Clash]:
    """Return every contradiction the rules find, in a stable order."""
    result: list[Clash] = []
    for compiled in engine.rules:
        if compiled.rule.head is None:
            result += _clashes_of(engine, compiled)
    return sorted(dict.fromkeys(result), key=lambda clash: (clash.rule, clash.message))


def _clashes_of(engine: Fixpoint, compiled: Compiled) -> Iterable[Clash]:
    rule = compiled.rule
    for bindings in engine.bindings(compiled):
        variables = [compiled.variables[-1 - slot] for slot in bindings.columns]
        for row in bindings.rows:
            values = dict(zip(variables, map(engine.ids.term, row), strict=True))
            premises = tuple(atom.bind(values).triple() for atom in rule.body)
            yield Clash(rule.name, rule.axioms, premises, _message(rule.axioms, premises))


def _message(axioms: tuple[ox.Triple, ...], premises: tuple[ox.Triple, ...]) -> str:
    statements = " and ".join(str(premise) for premise in premises) or "nothing"
    return f"{statements} cannot hold" + (f" with {axioms[0]}" if axioms else "")
