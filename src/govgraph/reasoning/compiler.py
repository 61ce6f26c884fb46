"""An ontology compiled: every axiom of the schema becomes one rule over named terms."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import pyoxigraph as ox

from govgraph.rdf.namespaces import owl, rdf, rdfs
from govgraph.reasoning import classes, equality, properties, rows
from govgraph.reasoning.closure import close
from govgraph.reasoning.facts import Source, StoredFacts
from govgraph.reasoning.instances import CLASS_EXPRESSIONS, is_nameless
from govgraph.reasoning.model import Caution
from govgraph.reasoning.profile import cautions
from govgraph.reasoning.rows import X
from govgraph.reasoning.rule import Atom, Rule, by_value
from govgraph.reasoning.schema import Axioms, Fact, Schema, axioms_of
from govgraph.reasoning.unfolding import unfold

THING = ("type", owl.Thing)


@dataclass(frozen=True)
class RuleSet:
    """The rules of one store, the closed schema they come from, and what was not followed.

    `hidden` are the keys that rules still speak of although they are not output: anonymous terms,
    and owl:Thing.
    """

    rules: list[Rule]
    schema: Schema
    cautions: list[Caution]
    hidden: frozenset[Any]

    def of_following_axioms(self, key: Any) -> Iterator[Rule]:
        """Yield the rules that give facts of `key` by axioms that follow: one step for many.

        They add nothing to what the others give, but make proofs short.
        """
        is_type = isinstance(key, tuple)
        below, upper = (rdfs.subClassOf, key[1]) if is_type else (rdfs.subPropertyOf, key)
        schema = self.schema
        found = [(lower, below, upper) for lower in schema.hierarchies[below].below(upper)]
        found = [fact for fact in found if fact not in schema.facts]
        for end in (rdfs.domain, rdfs.range) if is_type else ():
            ends = [(prop, end, upper) for prop in schema.subjects(end, upper)]
            found += [fact for fact in ends if fact in schema.derivations]
        for fact in found:
            spoken_of = ("type", fact[0]) if fact[1] == rdfs.subClassOf else fact[0]
            if not is_nameless(fact[0]) or spoken_of in self.hidden:
                yield from (rule for rule in rows.of_axiom(fact) if rule.head)


def compile_rules(source: Source | ox.Store, extra: Iterable[Fact] = ()) -> RuleSet:
    """Compile the axioms in the union of all graphs, and the `extra` schema triples.

    Those of the last few ontologies are kept: data change oftener.
    """
    source = StoredFacts(source) if isinstance(source, ox.Store) else source
    axioms = axioms_of(source, extra)
    hidden = _hidden(axioms)
    return _compiled(axioms, hidden, frozenset(key for key in hidden if _is_used(source, key)))


@lru_cache(maxsize=4)
def _compiled(axioms: Axioms, hidden: frozenset[Any], used: frozenset[Any]) -> RuleSet:
    schema = Schema(axioms)
    warnings = cautions(schema)  # of what is asserted, before more is inferred
    close(schema)
    compiled = chain.from_iterable(
        table.rules(schema) for table in (rows, properties, classes, equality)
    )
    # an axiom as written is better known than one that had to be inferred
    derived = schema.derivations
    ordered = sorted(
        map(by_value, compiled), key=lambda rule: sum(tuple(a) in derived for a in rule.axioms)
    )
    rules, met = unfold(ordered, hidden, used)
    if any(atom.key == THING for rule in rules for atom in rule.body):
        rules += _things(schema)
    else:
        rules = [rule for rule in rules if not rule.head or rule.head.key != THING]
    still = {atom.key for rule in rules for atom in rule.atoms} & (hidden | {THING})
    return RuleSet(rules, schema, [*warnings, *met], frozenset(still))


def _hidden(axioms: Axioms) -> frozenset[Any]:
    """Return the keys of anonymous classes and properties."""
    result: set[Any] = set()
    for subject, predicate, value in axioms.facts:
        if predicate in CLASS_EXPRESSIONS and is_nameless(subject):
            result.add(("type", subject))
        elif predicate == owl.inverseOf:
            result.update(node for node in (subject, value) if is_nameless(node))
    return frozenset(result)


def _is_used(source: Source, key: Any) -> bool:
    """Whether the data use an anonymous class as a type, or an anonymous property."""
    if isinstance(key, tuple):
        return any(True for _ in source.instances(key[1]))
    return isinstance(key, ox.NamedNode) and any(True for _ in source.pairs(key))


def _things(schema: Schema) -> list[Rule]:
    """Return scm-cls with cax-sco for every class: needed only where a rule asks for a Thing."""
    return [
        Rule(
            "cax-sco",
            rows.axiom((kind, rdf.type, owl.Class)),
            (Atom(X, rdf.type, kind),),
            Atom(X, rdf.type, owl.Thing),
            (),
            ("scm-cls",),
        )
        for kind in schema.instances(owl.Class)
        if kind != owl.Thing and not is_nameless(kind)
    ]
