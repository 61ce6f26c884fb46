"""A new study for the tests of hostile inputs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.new_study import BASE, govgraph_says


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new study, as `govgraph new study` writes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("forty"))
        new = ("new", "study", "agua", "--base", BASE, "--language", "pt", "--title", "Agua")
        assert govgraph_says(*new).status == 0
        yield Path.cwd() / "agua"


@pytest.fixture
def study(fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which is the working directory."""
    monkeypatch.delenv("GOVGRAPH_ENDPOINT", raising=False)
    monkeypatch.chdir(shutil.copytree(fresh, tmp_path / "agua"))
    return Path.cwd()
