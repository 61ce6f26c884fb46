"""The wheel works anywhere: ontology, data and queries travel inside."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_everything_travels_inside(unpacked: Path) -> None:
    for folder in ("ontology", "data", "queries"):
        shipped = {
            path.relative_to(unpacked / "govgraph" / "bundled" / folder)
            for path in (unpacked / "govgraph" / "bundled" / folder).rglob("*.*")
        }
        here = {path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*.*")}
        assert shipped == here
    assert (unpacked / "govgraph" / "py.typed").exists()
    assert (unpacked / "govgraph/web/static/govgraph.css").exists()
    for part in ("editor", "explorer"):  # what npm has built, where it has
        built = {path.name for path in (ROOT / "web" / part / "dist").glob("*")}
        inside = {path.name for path in (unpacked / "govgraph/bundled" / part).glob("*")}
        assert inside == built
    assert list(unpacked.glob("*.dist-info/licenses/**/LICENSE"))


def test_it_answers_from_any_folder(unpacked: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(unpacked),
        "GOVGRAPH_CACHE": str(tmp_path / "cache"),
    }
    code = (
        "import sys, govgraph; assert '/site/' in govgraph.__file__.replace('\\\\', '/');"
        "from govgraph.cli import main;"
        "sys.argv = ['govgraph', 'query', 'founders-of', '--format', 'csv']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "actor/el-tiempo" in done.stdout


def test_a_missing_extra_is_answered_with_packages_that_pip_takes(
    unpacked: Path, tmp_path: Path
) -> None:
    """Nothing is fetched: what the command names is installed here already."""
    names = ["pandas", "parquet", "pictures", "scale", "web"]
    code = (
        "import sys; sys.executable = 'python'; from govgraph.resources import install_command\n"
        f"for extra in {names}: print(install_command(extra, 'nothing'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    commands = [shlex.split(line) for line in done.stdout.splitlines()]
    assert [command[:4] for command in commands] == [["python", "-m", "pip", "install"]] * 5
    packages = {re.split(r"\W", word)[0] for command in commands for word in command[4:]}
    assert packages >= {"pandas", "pyarrow", "matplotlib", "igraph", "uvicorn"}
    assert "govgraph" not in packages
    requirements = [word for command in commands for word in command[4:]]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", *requirements],
        cwd=tmp_path, capture_output=True, check=True,
    )  # fmt: skip
