"""A release: one version everywhere, and distributions that work where nothing else is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib

from govgraph import __version__
from govgraph.coding.study_file import read_study
from govgraph.resources import default_study

ROOT = Path(__file__).parents[1]
UV = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")


def test_the_version_is_the_same_wherever_it_is_said() -> None:
    changes = re.search(r"^## \[([\d.]+)\]( - (\S+))?$", text("CHANGELOG.md"), re.MULTILINE)
    citation = re.search(r'^version: (\S+)\ndate-released: "(\S+)"$', text("CITATION.cff"), re.M)
    assert changes
    assert citation
    versions = {
        "CHANGELOG.md": changes[1],
        "CITATION.cff": citation[1],
        ".zenodo.json": json.loads(text(".zenodo.json"))["version"],
        "study": read_study(default_study()).version,
    }
    for path in sorted((ROOT / "ontology").rglob("*.ttl")):
        graph = rdflib.Graph().parse(path)
        for ontology, version in graph.subject_objects(rdflib.OWL.versionInfo):
            versions[path.name] = str(version)
            assert str(graph.value(ontology, rdflib.OWL.versionIRI)).endswith(f"/{version}"), path
    assert {name: version for name, version in versions.items() if version != __version__} == {}
    assert changes[3] == citation[2], "the dates of the release"


@pytest.mark.whole
def test_both_distributions_install_and_answer_in_an_empty_environment(tmp_path: Path) -> None:
    """The wheel is the one that pip makes of the source distribution, with nothing else at hand."""
    assert UV, "uv is missing: pip install uv"
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=ROOT)
    (source,) = tmp_path.glob("*.tar.gz")
    run(UV, "venv", "--quiet", "--python", sys.executable, tmp_path / "empty", cwd=tmp_path)
    constraints = ["--constraint", ROOT / "constraints.txt"]
    python = tmp_path / "empty/bin/python"
    run(UV, "pip", "install", "--quiet", "--python", python, *constraints, source, cwd=tmp_path)

    govgraph = tmp_path / "empty/bin/govgraph"
    assert run(govgraph, "--version", cwd=tmp_path).split()[-1] == __version__
    assert "El Tiempo" in run(govgraph, "query", "founders-of", cwd=tmp_path)
    base = ["--base", "https://example.org/mine/", "--language", "pt"]
    run(govgraph, "new", "study", "mine", *base, cwd=tmp_path)
    assert "nothing to report" in run(govgraph, "validate", cwd=tmp_path / "mine")
    run(govgraph, "network", "actors", "-o", "actors.gexf", cwd=tmp_path)
    assert (tmp_path / "actors.gexf").read_text("utf-8").endswith("</gexf>")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr
