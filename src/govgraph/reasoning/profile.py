"""What in an ontology the rules do not follow, or follow with care: named, never passed over."""

from collections.abc import Iterator
from typing import Any, Final

import pyoxigraph as ox

from govgraph.rdf.namespaces import owl, rdf, rdfs
from govgraph.rdf.terms import Term
from govgraph.reasoning.instances import is_nameless
from govgraph.reasoning.model import Caution
from govgraph.reasoning.schema import Schema

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
NOT_ABOVE: Final = {
    owl.someValuesFrom: "owl:someValuesFrom",
    owl.unionOf: "owl:unionOf",
    owl.oneOf: "owl:oneOf",
}
"""Class expressions from which nothing is inferred where they stand as a superclass."""
NOT_BELOW: Final = {
    owl.allValuesFrom: "owl:allValuesFrom",
    owl.complementOf: "owl:complementOf",
    owl.maxCardinality: "owl:maxCardinality",
    owl.maxQualifiedCardinality: "owl:maxQualifiedCardinality",
}
"""Class expressions that are never found to hold where they stand as a subclass."""


def cautions(schema: Schema) -> list[Caution]:
    """Return what is outside OWL 2 RL in the asserted `schema`, in a stable order."""
    kinds = (_not_followed, _positions, _chains)
    return list(dict.fromkeys(caution for kind in kinds for caution in kind(schema)))


def text_of(term: Term) -> str:
    """Return an IRI, the label of a blank node, or the text of a literal."""
    return str(term if isinstance(term, ox.Triple) else term.value)


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


def _not_followed(schema: Schema) -> Iterator[Caution]:
    for predicate, what in NOT_FOLLOWED.items():
        for node, _ in schema.pairs(predicate):
            yield _ignored(schema, node, what, predicate)
    for predicate in (owl.maxCardinality, owl.maxQualifiedCardinality):
        for node, most in schema.pairs(predicate):
            if not (isinstance(most, ox.Literal) and most.value in ("0", "1")):
                yield _ignored(schema, node, f"a maximum cardinality of {text_of(most)}", predicate)
    for prop in schema.instances(owl.ReflexiveProperty):
        yield _ignored(schema, prop, "owl:ReflexiveProperty", rdf.type)


def _ignored(schema: Schema, node: Term, what: str, predicate: ox.NamedNode) -> Caution:
    message = f"{what} is outside OWL 2 RL and is not followed; check it in SHACL."
    return _caution(_named(schema, node), message, node, predicate)


def _caution(
    name: Term, message: str, node: Term, predicate: ox.NamedNode, rule: str = "profile"
) -> Caution:
    return Caution(rule, text_of(name), f"{name}: {message}", text_of(node), predicate.value)


def _positions(schema: Schema) -> Iterator[Caution]:
    above = [(lower, upper) for lower, upper in schema.pairs(rdfs.subClassOf)]
    below = list(above)
    for one, other in schema.pairs(owl.equivalentClass):
        above += [(one, other), (other, one)]
        below += [(one, other), (other, one)]
    for end in (rdfs.domain, rdfs.range):
        above += list(schema.pairs(end))
    for subject, kind in above:
        yield from _misplaced(schema, subject, kind, NOT_ABOVE, "as a superclass")
    for kind, upper in below:
        yield from _misplaced(schema, upper, kind, NOT_BELOW, "as a subclass")


def _misplaced(
    schema: Schema, owner: Term, kind: Term, rows: dict[Any, str], where: str
) -> Iterator[Caution]:
    for part in _parts(schema, kind):
        for predicate, what in rows.items():
            if schema.objects(part, predicate):
                message = (
                    f"nothing is inferred from {what} {where} (outside OWL 2 RL); "
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
        places = [i for i, step in enumerate(chain) if step == prop]
        regular = not places or places in ([0], [len(chain) - 1]) or chain == (prop, prop)
        if not regular or len(chain) < 2:
            name = _named(schema, prop)
            steps = " o ".join(str(step) for step in chain) or "an empty list"
            what = "refers to itself in its midst" if places else "has fewer than two properties"
            message = (
                f"the property chain {steps} {what}, which OWL 2 forbids; "
                "the rules follow it, other reasoners refuse it."
            )
            yield _caution(name, message, name, owl.propertyChainAxiom, "prp-spo2")
