"""Two SHACL engines behind one function: a native one by default, pySHACL as the reference.

Both hand back the report graph that the specification defines, read here in one way
(https://www.w3.org/TR/shacl/#results-validation-result).
"""

import importlib.util
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyoxigraph as ox

from govgraph.coding.study import Study
from govgraph.coding.terms import ontology_files
from govgraph.errors import GovgraphError, UsageError
from govgraph.rdf.namespaces import sh
from govgraph.shapes.studies import shapes_of
from govgraph.vocabulary import BASE, METADATA_GRAPH, SH

ENGINES: Final = ("native", "pyshacl")


@dataclass(frozen=True, order=True)
class RawResult:
    """One result as an engine reports it: full IRIs, values as text, messages by language."""

    focus: str
    path: str
    component: str
    shape: str
    value: str
    severity: str
    messages: tuple[tuple[str, str], ...]


def available_engine() -> str:
    """Return "native", or "pyshacl" where the native engine has no wheel for this machine."""
    return "native" if importlib.util.find_spec("shacl") else "pyshacl"


def run(
    store: ox.Store, engine: str | None = None, studies: Sequence[Study] = ()
) -> list[RawResult]:
    """Validate the union of all graphs but the metadata, also against the shapes of `studies`.

    Returns sorted results.
    Raises UsageError for an unknown engine, GovgraphError where the shapes cannot be applied.
    """
    chosen = engine or available_engine()
    if chosen not in ENGINES:
        raise UsageError(f"unknown engine {chosen!r}: use {' or '.join(ENGINES)}.")
    shapes = ontology_shapes() | frozenset(shapes_of(studies))
    try:
        with TemporaryDirectory(prefix="govgraph-") as folder:
            data = Path(folder) / "data.nt"
            _write(store, data)
            engine_report = _native_report if chosen == "native" else _pyshacl_report
            report = engine_report(data, shapes)
    except OSError as error:
        reason = error.strerror or error
        raise GovgraphError(
            f"the graph could not be laid down for validation ({reason}). Free some space in the "
            "folder for temporary files, or name another in TMPDIR."
        ) from None
    results = ox.Store()
    results.bulk_load(report, format=ox.RdfFormat.N_TRIPLES)
    nodes = results.quads_for_pattern(None, sh.result, None)
    return sorted(_result(results, quad.object, shapes) for quad in nodes)


def _write(store: ox.Store, path: Path) -> None:
    """Write all graphs but the metadata as N-Triples; what two graphs state stands twice.

    The native engine reads a file in a tenth of the memory that a text would take.
    """
    with path.open("wb") as stream:
        for graph in (ox.DefaultGraph(), *store.named_graphs()):
            if getattr(graph, "value", "") != METADATA_GRAPH:
                store.dump(stream, format=ox.RdfFormat.N_TRIPLES, from_graph=graph)


@cache
def ontology_shapes() -> frozenset[ox.Triple]:
    """Return the shapes of the ontology."""
    parsed = (
        ox.parse(path=str(p), format=ox.RdfFormat.TURTLE) for p in ontology_files(shapes=True)
    )
    return frozenset(quad.triple for quads in parsed for quad in quads)


def _text(triples: Iterable[ox.Triple]) -> str:
    return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def _native_report(data: Path, shapes: frozenset[ox.Triple]) -> str:
    try:
        report = _compiled_shapes(shapes).validate_file(str(data))
    except ValueError as error:
        found = f"the shapes could not be applied: {' '.join(str(error).split())}."
        raise GovgraphError(f"{found} A study's own lie in ontology/shapes.") from None
    return str(report.serialize("ntriples"))


@lru_cache(maxsize=2)
def _compiled_shapes(shapes: frozenset[ox.Triple]) -> Any:
    import shacl

    return shacl.Shapes.from_text(_text(shapes), "nt")


def _pyshacl_report(data: Path, triples: frozenset[ox.Triple]) -> str:
    import pyshacl
    import rdflib

    graph = rdflib.Graph().parse(data, format="nt")
    shapes = rdflib.Graph().parse(data=_text(triples), format="nt")
    _, report, text = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
    if not isinstance(report, rdflib.Graph):
        raise GovgraphError(f"the shapes could not be applied: {text}")
    return report.serialize(format="nt")


def _result(store: ox.Store, node: Any, shapes: frozenset[ox.Triple]) -> RawResult:
    values: dict[str, str] = {}
    messages = []
    for quad in store.quads_for_pattern(node, None, None):
        name = quad.predicate.value.removeprefix(SH)
        if name == "resultMessage" and isinstance(quad.object, ox.Literal):
            text = quad.object.value
            messages.append((quad.object.language or _language_of(text, shapes), text))
        else:
            has_name = not isinstance(quad.object, ox.BlankNode)  # a complex path has no name
            values[name] = getattr(quad.object, "value", "") if has_name else ""
    return RawResult(
        focus=values.get("focusNode", ""),
        path=values.get("resultPath", "") or _about(shapes).get(values.get("sourceShape", ""), ""),
        component=values.get("sourceConstraintComponent", ""),
        shape=values.get("sourceShape", ""),
        value=values.get("value", ""),
        severity=values.get("resultSeverity", "").removeprefix(SH),
        messages=tuple(sorted(messages)),
    )


@lru_cache(maxsize=2)
def _about(shapes: frozenset[ox.Triple]) -> dict[str, str]:
    """Return the property that a shape without a path says it is about."""
    about = ox.NamedNode(f"{BASE}shapes#about")
    return {row.subject.value: row.object.value for row in shapes if row.predicate == about}  # type: ignore[union-attr]


def _language_of(message: str, shapes: frozenset[ox.Triple]) -> str:
    """Return the language of a message that pySHACL filled in, where it drops the tag."""
    return next((tag for start, tag in _message_starts(shapes) if message.startswith(start)), "")


@lru_cache(maxsize=2)
def _message_starts(shapes: frozenset[ox.Triple]) -> list[tuple[str, str]]:
    """Return (text before the first placeholder, language) of each message, longest first."""
    messages = (triple.object for triple in shapes if triple.predicate == sh.message)
    starts = {
        (message.value.partition("{")[0], message.language or "")
        for message in messages
        if isinstance(message, ox.Literal)
    }
    return sorted(starts, key=lambda pair: (-len(pair[0]), pair))
