"""SHACL validation, and back from each result to the line of the case file it comes from.

https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from govgraph.errors import GovgraphError
from govgraph.source_map import Location, SourceMap
from govgraph.terms import load_terms, shape_files
from govgraph.vocabulary import METADATA_GRAPH, SH

if TYPE_CHECKING:
    import rdflib

SEVERITIES: Final = ("Info", "Warning", "Violation")
"""From the mildest to the gravest."""


@dataclass(frozen=True, order=True)
class ValidationResult:
    """One SHACL result as a row.

    `path` and `line` locate the statement in the case file ("" and 0 where it was not written in
    one, such as an inferred statement of a node from an RDF file). `message` says what was found
    and how to mend it, by language. Terms are shortened; `shape` is the local name of the shape.
    """

    path: str
    line: int
    severity: str
    focus: str
    predicate: str
    value: str
    shape: str
    component: str
    message: str
    message_es: str

    @property
    def place(self) -> str:
        """File and line, as compilers print them."""
        return f"{self.path}:{self.line}" if self.path else self.focus

    def as_dict(self) -> dict[str, Any]:
        """Return the row as a plain dictionary."""
        return asdict(self)


@dataclass(frozen=True)
class Report:
    """All results, sorted by place; `conforms` as SHACL defines it."""

    results: list[ValidationResult]

    @property
    def conforms(self) -> bool:
        """Whether there is no result at all (SHACL 3.6.1.1)."""
        return not self.results

    def at_least(self, severity: str) -> list[ValidationResult]:
        """Return the results that are at least this grave."""
        floor = SEVERITIES.index(severity)
        return [each for each in self.results if SEVERITIES.index(each.severity) >= floor]


@dataclass(frozen=True)
class RawResult:
    """One result as an engine reports it: full IRIs and lexical forms."""

    focus: str
    path: str
    component: str
    shape: str
    value: str
    severity: str
    messages: tuple[tuple[str, str], ...]


def validate(store: ox.Store, sources: SourceMap, files: Iterable[str] = ()) -> Report:
    """Validate the union of all graphs in `store` (asserted and inferred) against our shapes.

    With `files`, only results located in one of these files (as the source map names them).
    """
    wanted = set(files)
    rows = {_locate(raw, sources) for raw in run_pyshacl(store)}
    return Report(sorted(row for row in rows if not wanted or row.path in wanted))


def run_pyshacl(store: ox.Store) -> list[RawResult]:
    """Return the results of pySHACL, the reference engine."""
    import pyshacl
    import rdflib

    data = rdflib.Graph()
    for quad in store:
        if getattr(quad.graph_name, "value", "") != METADATA_GRAPH:
            data.add((_node(quad.subject), _node(quad.predicate), _node(quad.object)))
    _, report, text = pyshacl.validate(data, shacl_graph=shapes_graph(), inplace=True)
    if not isinstance(report, rdflib.Graph):
        raise GovgraphError(f"the shapes could not be applied: {text}")
    return [_read_result(report, node) for node in report.objects(None, _sh("result"))]


@cache
def shapes_graph() -> rdflib.Graph:
    """Return the shapes as an rdflib graph."""
    import rdflib

    graph = rdflib.Graph()
    for path in shape_files():
        graph.parse(path, format="turtle")
    return graph


def _read_result(report: rdflib.Graph, node: Any) -> RawResult:
    def text(name: str) -> str:
        return str(report.value(node, _sh(name)) or "")

    messages = sorted(
        (str(getattr(each, "language", None) or ""), str(each))
        for each in report.objects(node, _sh("resultMessage"))
    )
    return RawResult(
        focus=text("focusNode"),
        path=text("resultPath"),
        component=text("sourceConstraintComponent"),
        shape=text("sourceShape"),
        value=text("value"),
        severity=text("resultSeverity").rpartition("#")[2],
        messages=tuple(messages),
    )


def _locate(raw: RawResult, sources: SourceMap) -> ValidationResult:
    terms = load_terms()
    place = sources.locate(raw.focus, raw.path, raw.value) or Location("", 0)
    messages = dict(raw.messages)
    english = messages.get("en") or next(iter(messages.values()), "")
    return ValidationResult(
        path=place.path,
        line=place.line,
        severity=raw.severity,
        focus=terms.shorten(raw.focus),
        predicate=terms.shorten(raw.path),
        value=terms.shorten(raw.value),
        shape=raw.shape.rpartition("#")[2],
        component=raw.component.rpartition("#")[2],
        message=english,
        message_es=messages.get("es", english),
    )


def _sh(name: str) -> Any:
    import rdflib

    return rdflib.URIRef(SH + name)


def _node(term: Any) -> Any:
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))


def columns() -> Sequence[str]:
    """Return the column names of a report's rows."""
    return list(ValidationResult.__dataclass_fields__)
