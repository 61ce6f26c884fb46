"""From the words of a question to the statements it is about."""

import re
from typing import Any

import pyoxigraph as ox

from govgraph.coding.terms import load_terms
from govgraph.errors import UsageError, did_you_mean, shortened
from govgraph.queries import StoreResolver
from govgraph.rdf.names import Names
from govgraph.rdf.terms import owl, rdf
from govgraph.vocabulary import METADATA_GRAPH


def find_statements(
    store: ox.Store, resolve: StoreResolver, subject: str, predicate: str = "", value: str = ""
) -> list[ox.Triple]:
    """Return the statements that fit, sorted; the one asked for even where it is not stored.

    `resolve` turns names into IRIs. Raises UsageError for a name that means nothing, with the
    nearest names.
    """
    node = _named(resolve, subject)
    relation = _predicate(store, node, predicate, resolve.names) if predicate else None
    target = _value(resolve, store, (node, relation), value) if value else None
    if relation is not None and target is not None:
        return [ox.Triple(node, relation, target)]
    metadata = ox.NamedNode(METADATA_GRAPH)
    quads = store.quads_for_pattern(node, relation, target, None)
    return sorted({quad.triple for quad in quads if quad.graph_name != metadata}, key=str)


def _predicate(store: ox.Store, node: ox.NamedNode, text: str, names: Names) -> ox.NamedNode:
    terms = load_terms()
    if text in ("a", "type"):
        return rdf.type
    if text in terms.keys:
        return ox.NamedNode(terms.keys[text].iri)
    if ":" in text and names.is_name(text):
        return ox.NamedNode(names.expand(text))
    if own := _declared(store, text):
        return own
    used = {q.predicate.value for q in store.quads_for_pattern(node, None, None, None)}
    near = [names.shorten(iri).removeprefix("gg:") for iri in used]
    words = [re.split(r"[/#]", iri)[-1] for iri in used]
    hint = did_you_mean(text, [*terms.keys, *near, *words])
    hint = hint or f" Used here: {', '.join(sorted(near))}."
    raise UsageError(f"{text!r} is no property.{hint}")


def _declared(store: ox.Store, text: str) -> ox.NamedNode | None:
    """Return the property of a study's own that ends in a word, None where there is none."""
    for kind in (owl.ObjectProperty, owl.DatatypeProperty):
        for quad in store.quads_for_pattern(None, rdf.type, kind, None):
            subject = quad.subject
            if isinstance(subject, ox.NamedNode) and re.split(r"[/#]", subject.value)[-1] == text:
                return subject
    return None


def _value(
    resolve: StoreResolver, store: ox.Store, question: tuple[Any, Any], text: str
) -> ox.NamedNode | ox.Literal:
    """Return the value meant: one that is there as a literal, a class, or a thing by its name."""
    for quad in store.quads_for_pattern(*question, None, None):
        if isinstance(quad.object, ox.Literal) and quad.object.value == text:
            return quad.object
    classes = load_terms().classes
    if text in classes:
        return ox.NamedNode(classes[text])
    used = next(store.quads_for_pattern(None, question[1], None, None), None)
    if question[1] and used and isinstance(used.object, ox.Literal):
        return ox.Literal(text)  # which nothing has: it is a text or number, and no name
    return _named(resolve, text)


def _named(resolve: StoreResolver, text: str) -> ox.NamedNode:
    try:
        return resolve(text, None)
    except UsageError as error:
        raise UsageError(f"{shortened(text)}: {error}") from None
