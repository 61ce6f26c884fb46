"""An ontology compiled: every axiom of the schema becomes one rule over named terms.

What the rules do not follow, or follow with care, is named, never passed over.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Final

import pyoxigraph as ox

from govgraph.rdf.terms import Term, owl, rdf, rdfs
from govgraph.reasoning import rows
from govgraph.reasoning.rule import Atom, Key, Rule, by_value
from govgraph.reasoning.schema import Axioms, Fact, Schema, axioms_of, close, is_nameless
from govgraph.reasoning.tables import Source, StoredFacts
from govgraph.reasoning.unfolding import LARGEST_EFFORT, unfold

THING: Final = ("type", owl.Thing)
NOT_FOLLOWED: Final = {
    owl.minCardinality: "a minimum cardinality",
    owl.minQualifiedCardinality: "a minimum cardinality",
    owl.cardinality: "an exact cardinality",
    owl.qualifiedCardinality: "an exact cardinality",
    owl.hasSelf: "owl:hasSelf",
    owl.disjointUnionOf: "owl:disjointUnionOf",
    owl.withRestrictions: "a datatype restriction",
    owl.datatypeComplementOf: "a datatype complement",
    owl.onDataRange: "a cardinality over a data range",
}
NOT_ABOVE: Final = (owl.someValuesFrom, owl.unionOf, owl.oneOf)
"""Class expressions from which nothing is inferred where they stand as a superclass."""
NOT_BELOW: Final = (
    *(owl.allValuesFrom, owl.complementOf, owl.maxCardinality, owl.maxQualifiedCardinality),
)
"""Class expressions that are never found to hold where they stand as a subclass."""


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
        facts = [(lower, below, upper) for lower in schema.hierarchies[below].below(upper)]
        facts = [fact for fact in facts if fact not in schema.facts]
        for end in (rdfs.domain, rdfs.range) if is_type else ():
            ends = [(prop, end, upper) for prop in schema.subjects(end, upper)]
            facts += [fact for fact in ends if fact in schema.derivations]
        for fact in facts:
            spoken_of = ("type", fact[0]) if fact[1] == rdfs.subClassOf else fact[0]
            if not is_nameless(fact[0]) or spoken_of in self.hidden:
                yield from (rule for rule in rows.of_axiom(fact) if rule.head)


def compile_rules(source: Source | ox.Store, extra: Iterable[Fact] = ()) -> RuleSet:
    """Compile the axioms in the union of all graphs, and the `extra` schema triples.

    Those of the last few ontologies are kept: data change oftener.
    """
    source = StoredFacts(source) if isinstance(source, ox.Store) else source
    axioms = axioms_of(source, extra)
    return _compiled(axioms, frozenset(key for key in axioms.hidden() if _is_used(source, key)))


@lru_cache(maxsize=4)
def _compiled(axioms: Axioms, used: frozenset[Key]) -> RuleSet:
    schema, hidden = Schema(axioms), axioms.hidden()
    warnings = cautions(schema)  # of what is asserted, before more is inferred
    close(schema)
    # an axiom as written is better known than one that had to be inferred
    derived = schema.derivations
    ordered = sorted(
        map(by_value, rows.rules(schema)),
        key=lambda rule: sum(tuple(a) in derived for a in rule.axioms),
    )
    rules, left = unfold(ordered, hidden, used)
    if left:
        message = (
            f"{left:,} classes without a name were not seen through: resolving the others took "
            f"{LARGEST_EFFORT:,} steps. What follows is the same, and takes longer."
        )
        warnings.append(Caution("bound", "", message))
    if any(atom.key == THING for rule in rules for atom in rule.body):
        # scm-cls with cax-sco for every class: needed only where a rule asks for a Thing
        for kind in schema.instances(owl.Class):
            if kind != owl.Thing and not is_nameless(kind):
                declared = rows.axiom((kind, rdf.type, owl.Class))
                body, head = (Atom(rows.X, rdf.type, kind),), Atom(rows.X, rdf.type, owl.Thing)
                rules.append(Rule("cax-sco", declared, body, head, (), ("scm-cls",)))
    else:
        rules = [rule for rule in rules if not rule.head or rule.head.key != THING]
    still = {atom.key for rule in rules for atom in rule.atoms} & (hidden | {THING})
    return RuleSet(rules, schema, warnings, frozenset(still))


def _is_used(source: Source, key: Any) -> bool:
    """Whether the data use an anonymous class as a type, or an anonymous property."""
    if isinstance(key, tuple):
        return any(True for _ in source.instances(key[1]))
    return isinstance(key, ox.NamedNode) and any(True for _ in source.pairs(key))


def cautions(schema: Schema) -> list[Caution]:
    """Return what is outside OWL 2 RL in the asserted `schema`, in a stable order."""
    kinds = (_not_followed, _positions, _chains)
    return list(dict.fromkeys(caution for kind in kinds for caution in kind(schema)))


def _named(schema: Schema, node: Term) -> Term:
    """Return a term, or of the named class that an anonymous one describes."""
    seen: set[Term] = set()
    while is_nameless(node) and node not in seen:
        seen.add(node)
        users = [
            user
            for predicate in (rdfs.subClassOf, owl.equivalentClass, rdfs.range, rdfs.domain)
            for user in schema.subjects(predicate, node)
        ]
        users += schema.objects(node, rdfs.subClassOf)
        node = min(users, key=str) if users else node
    return node


def _caution(
    name: Term, message: str, node: Term, predicate: ox.NamedNode, rule: str = "profile"
) -> Caution:
    subject, at = (str(getattr(term, "value", term)) for term in (name, node))
    return Caution(rule, subject, f"{name}: {message}", at, predicate.value)


def _not_followed(schema: Schema) -> Iterator[Caution]:
    cautioned = [(node, what, p) for p, what in NOT_FOLLOWED.items() for node, _ in schema.pairs(p)]
    for predicate in (owl.maxCardinality, owl.maxQualifiedCardinality):
        for node, most in schema.pairs(predicate):
            number = str(getattr(most, "value", most))
            if number not in ("0", "1"):
                cautioned.append((node, f"a maximum cardinality of {number}", predicate))
    reflexive = schema.instances(owl.ReflexiveProperty)
    cautioned += [(prop, "owl:ReflexiveProperty", rdf.type) for prop in reflexive]
    for node, what, predicate in cautioned:
        message = f"{what} is outside OWL 2 RL and is not followed; check it in SHACL."
        yield _caution(_named(schema, node), message, node, predicate)


def _positions(schema: Schema) -> Iterator[Caution]:
    below = list(schema.pairs(rdfs.subClassOf))
    below += [way for pair in schema.pairs(owl.equivalentClass) for way in (pair, pair[::-1])]
    above = [*below, *schema.pairs(rdfs.domain), *schema.pairs(rdfs.range)]
    places = [(owner, kind, "superclass") for owner, kind in above]
    places += [(owner, kind, "subclass") for kind, owner in below]
    for owner, kind, where in places:
        words = NOT_ABOVE if where == "superclass" else NOT_BELOW
        for part, predicate in product(_parts(schema, kind), words):
            if schema.objects(part, predicate):
                message = (
                    f"nothing is inferred from owl:{predicate.value.rpartition('#')[2]} as a "
                    f"{where} (outside OWL 2 RL); "
                    "the other direction, if there is one, is followed."
                )
                yield _caution(_named(schema, owner), message, part, predicate)


def _parts(schema: Schema, kind: Term) -> list[Term]:
    """Return an anonymous class and the anonymous members of its intersections."""
    result, waiting = [], [kind]
    while waiting:
        node = waiting.pop()
        if node in result or not is_nameless(node):
            continue
        result.append(node)
        for head in schema.objects(node, owl.intersectionOf):
            waiting += schema.members(head)
    return result


def _chains(schema: Schema) -> Iterator[Caution]:
    for prop, head in schema.pairs(owl.propertyChainAxiom):
        chain = schema.members(head)
        in_midst = chain != (prop, prop) and (prop in chain[1:-1] or chain.count(prop) > 1)
        if not in_midst and len(chain) > 1:
            continue
        name = _named(schema, prop)
        steps = " o ".join(map(str, chain)) or "an empty list"
        what = "refers to itself in its midst" if prop in chain else "has fewer than two properties"
        message = (
            f"the property chain {steps} {what}, which OWL 2 forbids; "
            "the rules follow it, other reasoners refuse it."
        )
        yield _caution(name, message, name, owl.propertyChainAxiom, "prp-spo2")
