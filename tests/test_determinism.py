"""The same input gives the same bytes: another locale, time zone, hash seed, folder and Python."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pythons import OTHERS, other_pythons

BUILD = (
    "import sys; from govgraph.cli import main;"
    "sys.argv = ['govgraph', 'build', '--output', 'out']; main()"
)
SETTINGS = {
    "plain": {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    "far away": {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
}


def build(folder: Path, python: str, settings: dict[str, str]) -> dict[str, str]:
    folder.mkdir(parents=True)
    environment = {**os.environ, **settings}
    done = subprocess.run(
        [python, "-c", BUILD], cwd=folder, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "out").rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return build(tmp_path_factory.mktemp("plain") / "a", sys.executable, SETTINGS["plain"])


def test_another_locale_zone_and_hash_seed(reference: dict[str, str], tmp_path: Path) -> None:
    assert len(reference) >= 7
    assert build(tmp_path / "elsewhere", sys.executable, SETTINGS["far away"]) == reference


@pytest.mark.whole
@pytest.mark.optional
@pytest.mark.pythons
@pytest.mark.parametrize("version", OTHERS)
def test_another_python(version: str, reference: dict[str, str], tmp_path: Path) -> None:
    python = other_pythons()[version]
    assert build(tmp_path / version, python, SETTINGS["far away"]) == reference
