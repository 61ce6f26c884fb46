"""A validation report as text, JSON, CSV, or as SHACL has it in RDF."""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

import pyoxigraph as ox

from govgraph.rdf.formats import RDF_FORMATS
from govgraph.rdf.names import Names
from govgraph.rdf.terms import rdf, sh
from govgraph.rdf.writing import serialise
from govgraph.shapes.validation import Report, ValidationResult
from govgraph.vocabulary import DCTERMS

Rows = Sequence[ValidationResult]
COLUMNS: Final = tuple(field.name for field in fields(ValidationResult) if field.compare)


def as_text(rows: Rows) -> str:
    """Return one line a result: place, severity, message, shape."""
    line = "{0.place}: {0.severity}: {0.focus}: {0.message} [{1}]\n"
    return "".join(line.format(row, row.shape or row.component) for row in rows)


def as_json(rows: Rows, report: Report, coverage: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return a JSON object with `conforms`, `results`, and `coverage` for each study."""
    content = {"conforms": not rows and report.conforms, "results": [*map(_cells, rows)]}
    more = {"focus_nodes": report.targeted, "coverage": coverage}
    content |= {name: value for name, value in more.items() if value}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_csv(rows: Rows) -> str:
    """Return a CSV table with a header line."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(_cells, rows))
    return text.getvalue()


def _cells(row: ValidationResult) -> dict[str, Any]:
    return {name: getattr(row, name) for name in COLUMNS}


def as_rdf(rows: Rows, names: Names, rdf_format: ox.RdfFormat) -> str:
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


FORMATS: Final = ("text", "json", "csv", *RDF_FORMATS)


def written(
    report: Report,
    format_name: str,
    severity: str = "Info",
    coverage: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return what is at least so grave in one of FORMATS; JSON also has the coverage of studies."""
    rows = report.at_least(severity)
    if format_name in RDF_FORMATS:
        return as_rdf(rows, report.names, RDF_FORMATS[format_name].engine)
    if format_name == "json":
        return as_json(rows, report, coverage)
    return as_csv(rows) if format_name == "csv" else as_text(rows)
