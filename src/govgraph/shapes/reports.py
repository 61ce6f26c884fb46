"""A validation report as text, JSON, CSV, or SHACL in Turtle."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

import pyoxigraph as ox

from govgraph.rdf.names import Names
from govgraph.rdf.namespaces import rdf, sh
from govgraph.shapes.validation import Report, ValidationResult
from govgraph.vocabulary import BASE, DCTERMS, PREFIXES

Rows = Sequence[ValidationResult]


def as_text(rows: Rows) -> str:
    """Return one line a result: place, severity, message, shape."""
    line = "{0.place}: {0.severity}: {0.focus}: {0.message} [{0.shape}]\n"
    return "".join(map(line.format, rows))


def as_json(rows: Rows, coverage: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return a JSON object with `conforms`, `results`, and `coverage` for each study."""
    content: dict[str, Any] = {"conforms": not rows, "results": [asdict(row) for row in rows]}
    if coverage:
        content["coverage"] = coverage
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_csv(rows: Rows) -> str:
    """Return a CSV table with a header line."""
    text = io.StringIO()
    columns = [field.name for field in fields(ValidationResult)]
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return text.getvalue()


def as_turtle(rows: Rows, names: Names) -> str:
    """Return a SHACL validation report whose nodes have IRIs derived from what they say."""
    report = ox.NamedNode(f"{names.base}report/validation")
    triples = {
        ox.Triple(report, rdf.type, sh.ValidationReport),
        ox.Triple(report, sh.conforms, ox.Literal(not rows)),
    }

    def iri(text: str) -> ox.NamedNode:
        # a blank node has no name
        return ox.NamedNode(names.expand(text) if names.is_name(text) else f"{names.base}{text}")

    def shape_of(name: str) -> ox.NamedNode:
        is_ours = ":" not in name and "#" not in name
        return ox.NamedNode(f"{BASE}shapes#{name}") if is_ours else iri(name)

    for row in rows:
        digest = hashlib.sha256(repr(row).encode()).hexdigest()[:16]
        node = ox.NamedNode(f"{names.base}report/validation/{digest}")
        triples |= {
            ox.Triple(report, sh.result, node),
            ox.Triple(node, rdf.type, sh.ValidationResult),
            ox.Triple(node, sh.focusNode, iri(row.focus)),
            ox.Triple(node, sh.resultSeverity, sh[row.severity]),
            ox.Triple(node, sh.sourceConstraintComponent, sh[row.component]),
            ox.Triple(node, sh.sourceShape, shape_of(row.shape)),
        }
        messages = {"en": row.message, "es": row.message_es}
        if row.message == row.message_es:  # in whatever language a shape of a study's own has it
            triples.add(ox.Triple(node, sh.resultMessage, ox.Literal(row.message)))
        else:
            triples |= {
                ox.Triple(node, sh.resultMessage, ox.Literal(text, language=tag))
                for tag, text in messages.items()
            }
        if row.predicate:
            triples.add(ox.Triple(node, sh.resultPath, iri(row.predicate)))
        if row.value:
            triples.add(ox.Triple(node, sh.value, ox.Literal(row.value)))
        if row.path:
            line = ox.Literal(f"{row.path}:{row.line}")
            triples.add(ox.Triple(node, ox.NamedNode(f"{DCTERMS}source"), line))
    data = ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    return (data or b"").decode()


FORMATS: Final[dict[str, Callable[[Rows], str]]] = {
    "text": as_text,
    "json": as_json,
    "csv": as_csv,
}


def written(
    report: Report,
    format_name: str,
    severity: str = "Info",
    coverage: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return what is at least so grave in a format: one of FORMATS, or "ttl".

    JSON also has the coverage of studies.
    """
    rows = report.at_least(severity)
    if format_name == "json":
        return as_json(rows, coverage)
    return as_turtle(rows, report.names) if format_name == "ttl" else FORMATS[format_name](rows)
