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
from govgraph.rdf.terms import Subject, Term
from govgraph.reasoning.names import rdf, rdfs, sh

TAKE_A_SHAPE: Final = ("not", "node", "qualifiedValueShape")
"""Constraints whose value is a shape, of which only is asked whether a value conforms to it."""
TAKE_A_LIST: Final = ("or", "and", "xone")
TARGETS: Final = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")


def rewritten(shapes: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return shapes that give the same report, without sh:class where values are asked singly."""
    store = ox.Store()
    store.bulk_extend(ox.Quad(shape.subject, shape.predicate, shape.object) for shape in shapes)
    for shape in _without_reports(store):
        for kind in _objects(store, shape, sh["class"]):
            store.remove(ox.Quad(shape, sh["class"], kind))
            store.extend(ox.Quad(*terms) for terms in _by_path(shape, kind))
    return [quad.triple for quad in store]


def _without_reports(store: ox.Store) -> set[Subject]:
    """Return the shapes that only answer yes or no, and never report by themselves."""
    shapes = {node for name in TAKE_A_SHAPE for node in _objects(store, None, sh[name])}
    for name in TAKE_A_LIST:
        for head in _objects(store, None, sh[name]):
            shapes.update(members(store, head))
    targeted: set[Term] = {
        quad.subject for name in TARGETS for quad in store.quads_for_pattern(None, sh[name], None)
    }
    silent = _with_properties(store, shapes) - _with_properties(store, targeted)
    return {shape for shape in silent if not isinstance(shape, ox.Literal)}


def _with_properties(store: ox.Store, shapes: set[Term]) -> set[Term]:
    """Return the shapes, and those they hold by sh:property: these report as they do."""
    result, waiting = set(shapes), list(shapes)
    while waiting:
        fresh = set(_objects(store, waiting.pop(), sh.property)) - result
        result |= fresh
        waiting += fresh
    return result


def _by_path(shape: Subject, kind: Term) -> list[tuple[Any, Any, Any]]:
    """Return the property shape "among the types of a value and the classes above is `kind`"."""
    part, path, tail, step = (ox.BlankNode() for _ in range(4))
    return [
        (shape, sh.property, part),
        (part, sh.hasValue, kind),
        (part, sh.path, path),
        (path, rdf.first, rdf.type),
        (path, rdf.rest, tail),
        (tail, rdf.first, step),
        (tail, rdf.rest, rdf.nil),
        (step, sh.zeroOrMorePath, rdfs.subClassOf),
    ]


def _objects(store: ox.Store, subject: Term | None, predicate: ox.NamedNode) -> list[Term]:
    """Return the values of a property of one node, or of all."""
    if isinstance(subject, ox.Literal):
        return []
    return [quad.object for quad in store.quads_for_pattern(subject, predicate, None)]
