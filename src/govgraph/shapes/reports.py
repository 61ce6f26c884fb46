"""A validation report as text, JSON, CSV, JUnit XML, SHACL in Turtle, or Markdown."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from typing import Final
from xml.etree import ElementTree as ET

import pyoxigraph as ox

from govgraph.coding.terms import load_terms
from govgraph.shapes.validation import ValidationResult, columns
from govgraph.vocabulary import BASE, PREFIXES, RDF, SH, XSD

Rows = Sequence[ValidationResult]


def as_text(rows: Rows) -> str:
    """Return one line a result: place, severity, message, shape."""
    lines = [
        f"{row.place}: {row.severity}: {row.focus}: {row.message} [{row.shape}]\n" for row in rows
    ]
    return "".join(lines)


def as_json(rows: Rows) -> str:
    """Return a JSON object with `conforms` and `results`."""
    content = {"conforms": not rows, "results": [row.as_dict() for row in rows]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_csv(rows: Rows) -> str:
    """Return a CSV table with a header line."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.as_dict() for row in rows)
    return text.getvalue()


def as_markdown(rows: Rows) -> str:
    """Return a Markdown table."""
    lines = ["| place | severity | node | what to do | shape |", "|---|---|---|---|---|"]
    for row in rows:
        cells = (row.place, row.severity, row.focus, row.message, row.shape)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def as_junit(rows: Rows) -> str:
    """Return JUnit XML, one failed test case a result, for continuous integration."""
    suite = ET.Element(
        "testsuite", name="govgraph validate", tests=str(max(len(rows), 1)), failures=str(len(rows))
    )
    for row in rows:
        case = ET.SubElement(
            suite,
            "testcase",
            classname=row.shape,
            name=row.focus,
            file=row.path,
            line=str(row.line),
        )
        failure = ET.SubElement(case, "failure", type=row.severity, message=row.message)
        failure.text = f"{row.place}: {row.message}"
    if not rows:
        ET.SubElement(suite, "testcase", classname="govgraph", name="conforms")
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def as_turtle(rows: Rows) -> str:
    """Return a SHACL validation report whose nodes have IRIs derived from what they say."""
    terms = load_terms()
    report = ox.NamedNode(f"{BASE}report/validation")
    triples = {
        _triple(report, f"{RDF}type", ox.NamedNode(f"{SH}ValidationReport")),
        _triple(report, f"{SH}conforms", ox.Literal(not rows)),
    }

    def iri(text: str) -> ox.NamedNode:
        return ox.NamedNode(terms.expand(text) or text)

    for row in rows:
        digest = hashlib.sha256(repr(row).encode()).hexdigest()[:16]
        node = ox.NamedNode(f"{BASE}report/validation/{digest}")
        triples |= {
            _triple(report, f"{SH}result", node),
            _triple(node, f"{RDF}type", ox.NamedNode(f"{SH}ValidationResult")),
            _triple(node, f"{SH}focusNode", iri(row.focus)),
            _triple(node, f"{SH}resultSeverity", ox.NamedNode(SH + row.severity)),
            _triple(node, f"{SH}sourceConstraintComponent", ox.NamedNode(SH + row.component)),
            _triple(node, f"{SH}sourceShape", ox.NamedNode(f"{BASE}shapes#{row.shape}")),
            _triple(node, f"{SH}resultMessage", ox.Literal(row.message, language="en")),
            _triple(node, f"{SH}resultMessage", ox.Literal(row.message_es, language="es")),
        }
        if row.predicate:
            triples.add(_triple(node, f"{SH}resultPath", iri(row.predicate)))
        if row.value:
            triples.add(_triple(node, f"{SH}value", ox.Literal(row.value)))
        if row.path:
            line = ox.Literal(f"{row.path}:{row.line}", datatype=ox.NamedNode(f"{XSD}string"))
            triples.add(_triple(node, f"{PREFIXES['dcterms']}source", line))
    data = ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    return (data or b"").decode()


def _triple(subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), value)


FORMATS: Final[dict[str, Callable[[Rows], str]]] = {
    "text": as_text,
    "json": as_json,
    "csv": as_csv,
    "junit": as_junit,
    "ttl": as_turtle,
    "md": as_markdown,
}
