"""The process that tries a write: it has a copy of the graph, changes it, infers, validates.

A fork of the template, so that it begins with the graph of the moment at no cost, can be killed
when it takes too long, and harms nothing when it fails. Only what it finds good is committed.
"""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from govgraph.errors import UsageError
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH, graph_iri
from govgraph.web.server.change import Change
from govgraph.web.server.limits import Limits, Refusal, check_complexity
from govgraph.web.server.worker import (
    DATA,
    END,
    ERROR,
    POSITION,
    START,
    address_space,
    open_statm,
    send,
)

if TYPE_CHECKING:
    from govgraph.shapes.validation import ValidationResult

DERIVED: Final = frozenset({INFERRED_GRAPH, METADATA_GRAPH})
"""Graphs made anew with every write: what a request says of them is not kept."""

FORMATS: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}
"""Media type of what may be written -> its format."""

_DEFAULT: Final = ox.DefaultGraph()
_PUSHED: Final = f"<{graph_iri('pushed')}"
_PIECE: Final = 1 << 20
_MOST_SHOWN: Final = 100


@dataclass(frozen=True)
class Difference:
    """What a write does to the named graphs, and whether it makes the graph it is about."""

    removed: frozenset[ox.Quad]
    added: frozenset[ox.Quad]
    created: bool


def serve(store: ox.Store, connection: socket.socket, limits: Limits) -> None:
    """Try one change of `store` (named graphs, their union as its default graph); report."""
    change = Change.receive(connection)
    open_statm()
    try:
        found = consider(store, change, limits)
    except Refusal as refusal:
        content = {"status": refusal.status, "message": refusal.message}
        send(connection, ERROR, json.dumps(content).encode())
        return
    removed, added = (_lines(quads) for quads in (found.removed, found.added))
    start = {"created": found.created, "removed": len(removed)}
    send(connection, START, json.dumps(start).encode())
    content_bytes = removed + added
    for begin in range(0, len(content_bytes), _PIECE):
        send(connection, DATA, content_bytes[begin : begin + _PIECE])
    send(connection, END)


def consider(store: ox.Store, change: Change, limits: Limits) -> Difference:
    """Return what a change comes to; raises Refusal where it is wrong or violates the shapes."""
    before = frozenset(_named(store))
    with _confined(limits):
        created = _apply(store, change, limits)
    kept = [q for q in _named(store) if getattr(q.graph_name, "value", "") not in DERIVED]
    after = _completed(kept)
    return Difference(before - after, after - before, created)


def _named(store: ox.Store) -> Iterator[ox.Quad]:
    return (quad for quad in store if quad.graph_name != _DEFAULT)


@contextlib.contextmanager
def _confined(limits: Limits) -> Iterator[None]:
    """Allow no further file or connection, and so much memory, while the block runs.

    Whatever an update talks the engine into, it then reaches no file and no other host.
    """
    import resource  # not on Windows, where the server does not run but is imported

    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    memory = resource.getrlimit(resource.RLIMIT_AS)
    if used := address_space():
        resource.setrlimit(resource.RLIMIT_AS, (used + limits.memory_limit, memory[1]))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, files[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, files)
        resource.setrlimit(resource.RLIMIT_AS, memory)


def _apply(store: ox.Store, change: Change, limits: Limits) -> bool:
    if change.action == "update":
        _update(store, change, limits)
        return False
    if change.action == "delete":
        return _delete(store, ox.NamedNode(change.graph))
    quads = _parsed(change)
    if not change.graph:
        if change.action == "put":
            store.clear()
        store.extend(quads)
        return False
    graph = ox.NamedNode(change.graph)
    new = not _holds(store, graph)
    if change.action == "put":
        store.remove_graph(graph)
    store.extend(quads)
    return new


def _delete(store: ox.Store, graph: ox.NamedNode) -> bool:
    if not _holds(store, graph):
        raise Refusal(404, f"There is no graph <{graph.value}> to delete.")
    store.remove_graph(graph)
    return False


def _holds(store: ox.Store, graph: ox.NamedNode) -> bool:
    return next(store.quads_for_pattern(None, None, None, graph), None) is not None


def _update(store: ox.Store, change: Change, limits: Limits) -> None:
    from govgraph.queries.using import check_update, with_using

    try:
        text = change.content.decode()
        check_complexity(text, limits)
        check_update(text)
        text = with_using(text, change.default_graphs, change.named_graphs)
    except UnicodeDecodeError:
        raise Refusal(400, "The update is not UTF-8 text.") from None
    except UsageError as error:
        raise Refusal(400, str(error)) from None
    union = _union(store)
    try:
        store.update(text)
    except SyntaxError as error:
        raise Refusal(400, f"The update cannot be read: {_unread(text, str(error))}") from None
    except (ValueError, RuntimeError, OSError) as error:
        raise Refusal(400, _one_line(f"The update could not be run: {error}")) from None
    default = {q.triple for q in store.quads_for_pattern(None, None, None, _DEFAULT)}
    if default not in (union, {quad.triple for quad in _named(store)}):
        raise Refusal(
            400,
            "The update writes to the default graph, which is the union of all others: name the"
            " graph, with GRAPH or WITH.",
        )


def _unread(text: str, message: str) -> str:
    """Return where Oxigraph stopped reading; it would list all that it could have read there."""
    found = POSITION.match(message)
    if found is None:
        return _one_line(message)
    line, column = int(found[1]), int(found[2])
    rest = (text.split("\n")[line - 1 : line] or [""])[0][column - 1 :].strip()
    what = f"cannot read {rest[:50]!r}." if rest else "it ends too early."
    return f"line {line}, column {column}: {what}"


def _union(store: ox.Store) -> set[ox.Triple]:
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, _DEFAULT)}


def _parsed(change: Change) -> list[ox.Quad]:
    """Return the statements sent, blank nodes with new labels, in the graph they are meant for."""
    _no_doctype(change)
    try:
        quads = list(
            ox.parse(
                change.content,
                format=FORMATS[change.media_type],
                base_iri=change.graph or None,
                rename_blank_nodes=True,
            )
        )
    except (SyntaxError, ValueError) as error:
        raise Refusal(400, _one_line(f"This is not {change.media_type}: {error}")) from None
    if not change.graph:
        if any(quad.graph_name == _DEFAULT for quad in quads):
            message = "A statement lies in no graph: expected each in a named one, or ?graph=IRI."
            raise Refusal(400, message)
        return quads
    graph = ox.NamedNode(change.graph)
    if any(quad.graph_name not in (_DEFAULT, graph) for quad in quads):
        message = f"A statement lies in another graph than <{graph.value}>: leave ?graph= out."
        raise Refusal(400, message)
    return [ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads]


def _no_doctype(change: Change) -> None:
    # Entities are declared there: https://owasp.org/www-community/vulnerabilities/XML_External_Entity_(XXE)_Processing
    if change.media_type == "application/rdf+xml" and b"<!DOCTYPE" in change.content:
        raise Refusal(400, "The document has a DOCTYPE: expected RDF/XML without entities.")


def _completed(quads: list[ox.Quad]) -> frozenset[ox.Quad]:
    """Return quads with what follows from them and their description; raises Refusal 422."""
    from govgraph.rdf.metadata import describe
    from govgraph.rdf.source_map import SourceMap
    from govgraph.reasoning import infer
    from govgraph.shapes.validation import validate

    store = ox.Store()
    # What `govgraph push` notes down of itself is no part of what is described.
    notes = [quad for quad in quads if str(quad.graph_name).startswith(_PUSHED)]
    store.bulk_extend(quad for quad in quads if not str(quad.graph_name).startswith(_PUSHED))
    if not _holds(store, ox.NamedNode(ONTOLOGY_GRAPH)):
        raise Refusal(422, f"Nothing would be left of <{ONTOLOGY_GRAPH}>: it cannot be deleted.")
    inferred = infer(store)
    inferred.load_into(store, INFERRED_GRAPH)
    metadata = ox.NamedNode(METADATA_GRAPH)
    store.bulk_extend(
        ox.Quad(each.subject, each.predicate, each.object, metadata) for each in describe(store)
    )
    found = validate(store, SourceMap()).at_least("Violation")
    lines = [_shown(each) for each in found] + [f"contradiction: {c}" for c in inferred.clashes]
    if lines:
        first = f"Not accepted: {len(lines)} violation{'s' if len(lines) > 1 else ''}."
        more = [f"… and {len(lines) - _MOST_SHOWN} more"] if len(lines) > _MOST_SHOWN else []
        raise Refusal(422, "\n".join([first, *map(_one_line, lines[:_MOST_SHOWN]), *more]))
    return frozenset(store).union(notes)


def _shown(result: ValidationResult) -> str:
    value = f" {result.value}" if result.value else ""
    return f"{result.focus} {result.predicate or '-'}{value}: {result.message}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lines(quads: frozenset[ox.Quad]) -> bytes:
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
