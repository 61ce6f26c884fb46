"""SHACL validation: each result with the line of the case file it comes from, as a report.

https://www.w3.org/TR/shacl/#validation-report
"""

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from itertools import chain
from typing import Any, Final

import pyoxigraph as ox

from govgraph.coding.study import Study
from govgraph.coding.terms import load_terms
from govgraph.errors import UsageError
from govgraph.queries.running import unknown_terms
from govgraph.rdf.formats import RDF_FORMATS, format_of
from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.reading import describes
from govgraph.rdf.source_map import Location, SourceMap
from govgraph.rdf.terms import rdf, sh
from govgraph.rdf.writing import serialise
from govgraph.resources import bundled
from govgraph.results import Result, Tabular
from govgraph.shapes.engines import RawResult, Shapes, Statement, check, ontology_shapes, text_of
from govgraph.shapes.given import Says, Written, shapes_of
from govgraph.vocabulary import BASE, DCTERMS, ENGINE_GRAPHS, METADATA_GRAPH

SEVERITIES: Final = ("Info", "Warning", "Violation")
"""From the mildest to the gravest."""
_COLUMNS: Final = ("path", "line", "severity", "focus", "predicate", "value", "shape", "message")
_IRI: Final = re.compile(r"<([^<>\s]+)>")


@dataclass(frozen=True, order=True)
class ValidationResult:
    """One SHACL result as a row.

    `path` and `line` locate the statement in a file ("" and 0 where it was not written in one that
    is read, 0 for a line of RDF), `graph` where it lies else. `message` says what was found and how
    to mend it, by language. Terms are shortened; `shape` is the local name of the shape where it is
    govgraph's. `statements` say the same in RDF.
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
    graph: str = ""
    statements: tuple[Statement, ...] = field(default=(), compare=False, repr=False)

    @property
    def place(self) -> str:
        """File and line, as compilers print them; else the graph."""
        return f"{self.path}:{self.line}" if self.line else self.path or self.graph or self.focus


@dataclass(frozen=True, repr=False)
class Report(Tabular):
    """All results, sorted by place; `names` shortened its terms.

    `targeted` has, of each file asked for (of "" for the whole), how many focus nodes shapes target
    in it, where that was counted.
    """

    results: list[ValidationResult]
    names: Names = NAMES
    targeted: Mapping[str, int] = field(default_factory=dict)

    @property
    def conforms(self) -> bool:
        """Whether there is no result at all (SHACL 3.6.1.1), and something was checked."""
        return not self.results and all(self.targeted.values())

    def at_least(self, severity: str) -> list[ValidationResult]:
        """Return the results that are at least this grave, by an own severity too."""
        if severity not in SEVERITIES:
            raise UsageError(f"severity: found {severity!r}, expected {' or '.join(SEVERITIES)}.")
        milder = SEVERITIES[: SEVERITIES.index(severity)]
        return [result for result in self.results if result.severity not in milder]

    def to_shacl(self, format_name: str = "ttl") -> str:
        """Return the report as SHACL has it, in a format of RDF."""
        if format_name not in RDF_FORMATS:
            raise UsageError(f"format: found {format_name!r}, expected {', '.join(RDF_FORMATS)}.")
        return written(self, format_name)

    @property
    def result(self) -> Result:
        """A row for each result."""
        rows = ([getattr(one, name) for name in _COLUMNS] for one in self.results)
        return Result.of_rows(_COLUMNS, rows, self.names)


def validate(
    store: ox.Store | None,
    sources: SourceMap,
    files: Iterable[str] = (),
    engine: str | None = None,
    names: Names = NAMES,
    studies: Sequence[Study] = (),
    *,
    data: Written | None = None,
    shapes: Shapes = frozenset(),
) -> Report:
    """Validate the union of all graphs in `store` (asserted and inferred) against our shapes.

    Those of `studies` ask for labels in their languages, and what else they have of their own.
    With `files`, only results located in one of these files (as the source map names them).
    `engine` is "native" or "pyshacl"; by default the native one where this machine has it.
    With `data`, what files of RDF state is as they have it; `shapes` are looked at too, and alone
    where there is no store. Of files and shapes that are asked for, focus nodes are counted.
    """
    files = set(files)
    ours = ontology_shapes() | frozenset(shapes_of(studies)) if store is not None else frozenset()
    count = data is not None and bool(files or shapes or store is None or not data.quads)
    raw_results, foci = check((data or Written(store)).write, ours | shapes, engine, count=count)
    if store is not None:
        raw_results += [*_undeclared(store, names), *_misheld(store)]
    says = data.who_says({*foci, *(raw.focus for raw in raw_results)}) if data else {}
    report = located(raw_results, sources, files, names, says, store if data else None)
    if data is None or not count:
        return report

    def is_in(node: str, file: str) -> bool:
        if file in data.quads:
            by_file = says.get(node, {})
            is_elsewhere = store is not None and describes(store, node)
            return bool(by_file.get(file)) or (by_file.keys() == {file} and not is_elsewhere)
        return any(entry.location.path == file for entry in sources.entries(node))

    targeted = {file: sum(is_in(node, file) for node in foci) for file in sorted(files)}
    if not files:
        targeted = {"": len(foci)}
    elif store is None and (nowhere := foci - says.keys()):  # which only a shape names
        targeted[""] = len(nowhere)
    return replace(report, targeted=targeted)


def _undeclared(store: ox.Store, names: Names) -> Iterator[RawResult]:
    rows: Any = store.query(
        "SELECT DISTINCT ?t { { GRAPH ?g { ?s ?t ?o } } UNION { GRAPH ?g { ?s a ?t } } }"
    )
    for iri in sorted(row[0].value for row in rows if isinstance(row[0], ox.NamedNode)):
        for what in unknown_terms([iri], store, names):
            term = ox.NamedNode(iri)
            match = store.quads_for_pattern
            for focus, path, value, graph in chain(
                match(None, term, None), match(None, None, term)
            ):
                if graph != ox.NamedNode(METADATA_GRAPH):
                    yield _warning(focus, path, value, (("en", what),))


def _misheld(store: ox.Store) -> Iterator[RawResult]:
    """Yield where a conflict and its passages differ about what these say."""
    query = (bundled("ontology") / "shapes" / "sides.rq").read_text("utf-8")
    rows: Any = store.query(query, use_default_graph_as_union=True)
    told = set[Any]()  # a wrong side says it all: its conflict is not told of its passage too
    for row in sorted(rows, key=lambda row: (row["focus"] == row["conflict"], str(row["en"]))):
        focus, path, value, en, es, conflict, passage = row
        if focus in told or (focus == conflict and (conflict, passage) in told):
            continue
        if focus != conflict:
            told |= {focus, (conflict, passage)}
        texts = (("en", en.value), ("es", es.value))
        yield _warning(focus, path, value, texts, f"{BASE}shapes#SideAsStated")


def _warning(
    focus: Any, path: Any, value: Any, texts: tuple[tuple[str, str], ...], shape: str = ""
) -> RawResult:
    said = [(rdf.type, sh.ValidationResult), (sh.focusNode, focus), (sh.resultPath, path)]
    said += [(sh.value, value), (sh.resultSeverity, sh.Warning)]
    said += [(sh.resultMessage, ox.Literal(text, language=tag)) for tag, text in texts]
    said += [(sh.sourceShape, ox.NamedNode(shape))] if shape else []
    statements = tuple((ox.BlankNode("result"), *pair) for pair in said)
    parts = (text_of(focus), text_of(path), "", shape, text_of(value), "Warning", texts)
    return RawResult(*parts, statements=statements)


def located(
    raw: Iterable[RawResult],
    sources: SourceMap,
    files: Collection[str] = (),
    names: Names = NAMES,
    says: Says | None = None,
    store: ox.Store | None = None,
) -> Report:
    """Return what an engine found as a report, with file and line where `sources` know them.

    `says` are the files of RDF that speak of a focus node; the graph in `store` is that of others.
    """
    raw = list(raw)
    bare = {result.focus for result in raw if result.shape == f"{BASE}shapes#ConflictHasSides"}
    rows = [
        _locate(result, sources, names, says or {}, files, store)
        for result in raw  # what has no sides at all is told once
        if result.focus not in bare or result.shape != f"{BASE}shapes#ConflictPassagesHold"
    ]
    wanted = {*files, ""}  # what no file and no graph speaks of is shown all the same
    kept = [row for row in rows if not files or (row.path in wanted and not row.graph)]
    ours = {row for row in kept if row.shape and ":" not in row.shape}  # of several classes, once
    return Report(sorted([*ours, *(row for row in kept if row not in ours)]), names)


def _locate(
    raw: RawResult,
    sources: SourceMap,
    names: Names,
    says: Says,
    wanted: Collection[str],
    store: ox.Store | None,
) -> ValidationResult:
    def short(text: str) -> str:
        if "<" not in text:
            return names.abbreviate(text)
        return _IRI.sub(lambda iri: names.abbreviate(iri[1]).replace(iri[1], iri[0]), text)

    path = "" if "<" in raw.path else raw.path  # of several properties is said what the node is
    location = sources.locate(raw.focus, path, raw.value) or Location("", 0)
    said = says.get(raw.focus, {})
    # best a file asked for, then one that states the very triple, then one that says anything
    ranks = {f: (f in wanted, (raw.path, raw.value) in said[f], bool(said[f])) for f in said}
    best = max(sorted(ranks), key=ranks.__getitem__, default="")
    if best and ranks[best] > (location.path in wanted, False, bool(location.path)):
        location = Location(best, 0)
    others = [
        str(entry.location)
        for entry in sources.entries(raw.focus)
        if raw.shape.endswith("Contested") and entry.predicate == raw.path != ""
        if entry.location != location
    ][:1]
    # files that say as much of the node as that which is named
    others += [f for f in sorted(said) if f != location.path and ranks[f][1:] >= ranks[best][1:]]
    cf = f" Cf. {', '.join(others)}." if others else ""
    words = _in_keys if location.path and not format_of(location.path) else str
    messages = {tag: f"{words(text)}{cf}" for tag, text in raw.messages}
    about = " ".join(filter(None, (short(raw.path), short(raw.value))))
    default = f"{about}{': ' if about else ''}breaks sh:{short(raw.broken)}.{cf}"
    english = messages.get("en") or next(iter(messages.values()), default)
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
        graph="" if location.path else short(_graph_of(raw.focus, store)),
        statements=raw.statements,
    )


def _graph_of(node: str, store: ox.Store | None) -> str:
    """Return the graph that says something of a node, one of the engine's only if no other does."""
    if store is None or not describes(store, node):
        return ""
    quads = store.quads_for_pattern(ox.NamedNode(node), None, None, None)
    graphs = {str(getattr(quad.graph_name, "value", "")) for quad in quads}
    return min(graphs, key=lambda graph: (graph in ENGINE_GRAPHS, graph))


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


COLUMNS: Final = tuple(field.name for field in fields(ValidationResult) if field.compare)
FORMATS: Final = ("text", "json", "csv", *RDF_FORMATS)


def as_text(rows: Iterable[ValidationResult]) -> str:
    """Return one line a result: place, severity, message, shape."""
    line = "{0.place}: {0.severity}: {0.focus}: {0.message} [{1}]\n"
    return "".join(line.format(row, row.shape or row.component) for row in rows)


def as_csv(rows: Iterable[ValidationResult]) -> str:
    """Return a CSV table with a header line."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(_cells, rows))
    return text.getvalue()


def _cells(row: ValidationResult) -> dict[str, Any]:
    return {name: getattr(row, name) for name in COLUMNS}


def as_rdf(rows: list[ValidationResult], names: Names, rdf_format: ox.RdfFormat) -> str:
    """Return a SHACL validation report whose nodes have IRIs derived from what they say."""
    report = ox.NamedNode(f"{names.base}report/validation")
    triples = {
        ox.Triple(report, rdf.type, sh.ValidationReport),
        ox.Triple(report, sh.conforms, ox.Literal(not rows)),
    }
    alike = Counter[ValidationResult]()
    for row in rows:
        alike[row] += 1
        said = f"{row!r}{alike[row] if alike[row] > 1 else ''}"
        digest = hashlib.sha256(said.encode()).hexdigest()[:16]
        node = ox.NamedNode(f"{report.value}/{digest}")
        triples.add(ox.Triple(report, sh.result, node))
        first = row.statements[0][0]
        for subject, predicate, value in row.statements:
            triples.add(ox.Triple(node if subject == first else subject, predicate, value))
        if row.path:
            line = ox.Literal(f"{row.path}:{row.line}" if row.line else row.path)
            triples.add(ox.Triple(node, ox.NamedNode(f"{DCTERMS}source"), line))
    return serialise(sorted(triples, key=str), rdf_format).decode()


def written(
    report: Report,
    format_name: str,
    severity: str = "Info",
    coverage: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return what is at least so grave in one of FORMATS; JSON has also the coverage of studies."""
    rows = report.at_least(severity)
    if format_name in RDF_FORMATS:
        return as_rdf(rows, report.names, RDF_FORMATS[format_name].engine)
    if format_name == "json":
        content = {"conforms": not rows and report.conforms, "results": [*map(_cells, rows)]}
        more = {"focus_nodes": report.targeted, "coverage": coverage}
        content |= {name: value for name, value in more.items() if value}
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    return as_csv(rows) if format_name == "csv" else as_text(rows)
