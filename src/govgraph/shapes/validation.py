"""SHACL validation, and back from each result to the line of the case file it comes from.

https://www.w3.org/TR/shacl/#validation-report
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Final

import pyoxigraph as ox

from govgraph.coding.study import Study
from govgraph.coding.terms import load_terms
from govgraph.queries.cautions import unknown_terms
from govgraph.rdf.formats import format_of
from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.source_map import Location, SourceMap
from govgraph.resources import bundled
from govgraph.shapes.engines import RawResult, run
from govgraph.vocabulary import BASE, METADATA_GRAPH

SEVERITIES: Final = ("Info", "Warning", "Violation")
"""From the mildest to the gravest."""


@dataclass(frozen=True, order=True)
class ValidationResult:
    """One SHACL result as a row.

    `path` and `line` locate the statement in the case file ("" and 0 where it was not written in
    one, such as an inferred statement of a node from an RDF file). `message` says what was found
    and how to mend it, by language. Terms are shortened; `shape` is the
    local name of the shape where it is govgraph's.
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


@dataclass(frozen=True)
class Report:
    """All results, sorted by place; `conforms` as SHACL defines it; `names` shortened its terms."""

    results: list[ValidationResult]
    names: Names = NAMES

    @property
    def conforms(self) -> bool:
        """Whether there is no result at all (SHACL 3.6.1.1)."""
        return not self.results

    def at_least(self, severity: str) -> list[ValidationResult]:
        """Return the results that are at least this grave."""
        floor = SEVERITIES.index(severity)
        return [result for result in self.results if SEVERITIES.index(result.severity) >= floor]


def validate(
    store: ox.Store,
    sources: SourceMap,
    files: Iterable[str] = (),
    engine: str | None = None,
    names: Names = NAMES,
    studies: Sequence[Study] = (),
) -> Report:
    """Validate the union of all graphs in `store` (asserted and inferred) against our shapes.

    Those of `studies` ask for labels in their languages, and what else they have of their own.
    With `files`, only results located in one of these files (as the source map names them).
    `engine` is "native" or "pyshacl"; by default the native one where this machine has it.
    """
    found = [*run(store, engine, studies), *_undeclared(store, names), *_misheld(store)]
    return located(found, sources, files, names)


def _undeclared(store: ox.Store, names: Names) -> Iterator[RawResult]:
    """Yield each use of a property or class in the ontology's namespace that does not exist."""
    rows: Any = store.query(
        "SELECT DISTINCT ?t { { GRAPH ?g { ?s ?t ?o } } UNION { GRAPH ?g { ?s a ?t } } }"
    )
    for iri in sorted(row[0].value for row in rows if isinstance(row[0], ox.NamedNode)):
        for what in unknown_terms([iri], store, names):
            term = ox.NamedNode(iri)
            match = store.quads_for_pattern
            triple: list[Any]
            for *triple, graph in chain(match(None, term, None), match(None, None, term)):
                if graph != ox.NamedNode(METADATA_GRAPH):
                    focus, path, text = (each.value for each in triple)
                    yield RawResult(focus, path, "", "", text, "Warning", (("en", what),))


def _misheld(store: ox.Store) -> Iterator[RawResult]:
    """Yield where a conflict and its passages differ about what these say."""
    query = (bundled("ontology") / "shapes" / "sides.rq").read_text("utf-8")
    rows: Any = store.query(query, use_default_graph_as_union=True)
    for row in rows:
        focus, path, value, *messages = (term.value for term in row)
        texts = tuple(zip(("en", "es"), messages, strict=True))
        yield RawResult(focus, path, "", f"{BASE}shapes#SideAsStated", value, "Warning", texts)


def located(
    raw: Iterable[RawResult],
    sources: SourceMap,
    files: Iterable[str] = (),
    names: Names = NAMES,
) -> Report:
    """Return what an engine found as a report, with file and line where `sources` know them."""
    paths = set(files)
    rows = {_locate(result, sources, names) for result in raw}
    return Report(sorted(row for row in rows if not paths or row.path in paths), names)


def _locate(raw: RawResult, sources: SourceMap, names: Names) -> ValidationResult:
    short = names.abbreviate
    location = sources.locate(raw.focus, raw.path, raw.value) or Location("", 0)
    others = [
        f" Cf. {entry.location}."
        for entry in sources.entries(raw.focus)
        if raw.shape.endswith("Contested") and entry.predicate == raw.path != ""
        if entry.location != location
    ]
    words = _in_keys if location.path and not format_of(location.path) else str
    messages = {tag: f"{words(text)}{''.join(others[:1])}" for tag, text in raw.messages}
    english = messages.get("en") or next(iter(messages.values()), "")
    return ValidationResult(
        path=location.path,
        line=location.line,
        severity=raw.severity,
        focus=short(raw.focus),
        predicate=short(raw.path),
        value=short(raw.value),
        shape=short(raw.shape.removeprefix(f"{BASE}shapes#")),
        component=raw.component.rpartition("#")[2],
        message=english,
        message_es=messages.get("es", english),
    )


def _in_keys(message: str) -> str:
    """Return a message of a shape as a case file says it: `gg:year 1999` is `year: 1999` there."""

    def key(found: re.Match[str]) -> str:
        name, value = _keys().get(found[1]), found[2]
        if name and value:
            value = re.sub(r'"…"@([\w-]+)', r"{\1: …}", value.removeprefix("gg:"))
            return f"`{name}: {value}`"
        return f"`{name}`" if name else found[0]

    return re.sub(r"`(\w+:\w+)(?: ([^`]*))?`", key, message)


@cache
def _keys() -> dict[str, str]:
    """Return the key of case files for each property, as the context has it."""
    words = load_terms().context["@context"].items()
    terms = {value["@id"]: key for key, value in words if isinstance(value, dict)}
    return {"rdf:type": "type", **terms}
