"""Shapes said another way for the native engine, so that its time grows with the data only.

Where a shape is asked value by value (under sh:or, sh:and, sh:xone, sh:not, sh:node and
sh:qualifiedValueShape), the engine lists all members of an sh:class anew for each value: twelve
seconds for one shape at a million triples. There the class is asked for by its path instead
(https://www.w3.org/TR/shacl/#ClassConstraintComponent). Such a shape only says yes or no, so the
report is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pyoxigraph as ox

from govgraph.rdf.lists import members
from govgraph.vocabulary import RDF, RDFS, SH

Node = Any  # the terms of pyoxigraph share no base class

ASKED_ONE: Final = ("not", "node", "qualifiedValueShape")
ASKED_LIST: Final = ("or", "and", "xone")
TARGETS: Final = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)


def rewritten(shapes: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return shapes that give the same report, without sh:class where values are asked singly."""
    store = ox.Store()
    store.bulk_extend(ox.Quad(*_terms(each)) for each in shapes)
    for shape in _asked(store):
        for quad in list(store.quads_for_pattern(shape, _sh("class"), None, None)):
            store.remove(quad)
            store.extend(ox.Quad(*terms) for terms in _by_path(shape, quad.object))
    return [quad.triple for quad in store]


def _terms(triple: ox.Triple) -> tuple[Any, Any, Any]:
    return triple.subject, triple.predicate, triple.object


def _asked(store: ox.Store) -> set[Node]:
    """Return the shapes that only answer yes or no, and never report by themselves."""
    asked = {node for name in ASKED_ONE for node in _objects(store, None, _sh(name))}
    for name in ASKED_LIST:
        for head in _objects(store, None, _sh(name)):
            asked.update(members(store, head))
    targeted = {q.subject for t in TARGETS for q in store.quads_for_pattern(None, _sh(t), None)}
    return _with_properties(store, asked) - _with_properties(store, targeted)


def _with_properties(store: ox.Store, shapes: set[Node]) -> set[Node]:
    """Return the shapes, and those they hold by sh:property: these report as they do."""
    result, waiting = set(shapes), list(shapes)
    while waiting:
        fresh = set(_objects(store, waiting.pop(), _sh("property"))) - result
        result |= fresh
        waiting += fresh
    return result


def _by_path(shape: Node, kind: Node) -> list[tuple[Any, Any, Any]]:
    """Say: among the types of a value and the classes above them is `kind`."""
    rdf_type, first, rest, nil = (
        ox.NamedNode(RDF + name) for name in ("type", "first", "rest", "nil")
    )
    asked, path, tail, step = (ox.BlankNode() for _ in range(4))
    return [
        (shape, _sh("property"), asked),
        (asked, _sh("hasValue"), kind),
        (asked, _sh("path"), path),
        (path, first, rdf_type),
        (path, rest, tail),
        (tail, first, step),
        (tail, rest, nil),
        (step, _sh("zeroOrMorePath"), ox.NamedNode(f"{RDFS}subClassOf")),
    ]


def _objects(store: ox.Store, subject: Node, predicate: ox.NamedNode) -> list[Node]:
    return [quad.object for quad in store.quads_for_pattern(subject, predicate, None)]
