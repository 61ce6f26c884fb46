"""A build in a database on disk: the same files, nothing overwritten, nothing half made."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from govgraph.assembly.building import common_files, fill_store
from govgraph.cli import group
from govgraph.errors import GovgraphError, SourceError, UsageError
from small_case import small_case

QUAD = "<http://example.org/s> <http://example.org/p> {} .\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "x.yaml").write_text(small_case("X"), encoding="utf-8")
    (folder / "plain.nq").write_text(QUAD.format('"\\u00e1 _ b"@es'), encoding="utf-8")
    (folder / "blank.nt").write_text(QUAD.format("_:b"), encoding="utf-8")
    return folder


def build(data: Path, output: Path, *options: str) -> dict[str, bytes]:
    arguments = ["build", "--alone", "--data", str(data), "--output", str(output), *options]
    CliRunner().invoke(group, arguments, standalone_mode=False, catch_exceptions=False)
    return {path.name: path.read_bytes() for path in output.rglob("*") if path.is_file()}


def test_the_files_are_the_same_as_from_memory(data: Path, tmp_path: Path) -> None:
    database = tmp_path / "made" / "database"
    on_disk = build(data, tmp_path / "a", "--store", str(database))
    assert on_disk == build(data, tmp_path / "b")
    assert len(on_disk) == 8 + len(common_files()), "seven files, and the manifest of all"
    quads = on_disk["govgraph.nq"].decode()
    graph = "<https://study.example/graph/editorial/plain>"
    assert f'<http://example.org/p> "á _ b"@es {graph}' in quads
    digest = hashlib.sha256(QUAD.format("_:b").encode()).hexdigest()[:12]
    assert f"<https://study.example/.well-known/genid/blank/{digest}/c14n0>" in quads


def test_the_database_is_left_for_other_tools(data: Path, tmp_path: Path) -> None:
    database = tmp_path / "database"
    build(data, tmp_path / "out", "--store", str(database))
    assert len(ox.Store.read_only(str(database))) > 2
    ox.Store(str(database))  # nobody has it open
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "database", "out"]


def test_a_folder_that_holds_something_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is not an empty folder"):
        fill_store(tmp_path, len)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
    fill_store(tmp_path / "db", len)
    with pytest.raises(UsageError, match="is not an empty folder"):
        fill_store(tmp_path / "db", len)


def test_a_build_that_fails_leaves_no_database(data: Path, tmp_path: Path) -> None:
    (data / "wrong.nq").write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(GovgraphError, match="not valid RDF"):
        build(data, tmp_path / "out", "--store", str(tmp_path / "database"))
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(GovgraphError, match="file: cannot be written"):
        fill_store(tmp_path / "file" / "database", len)


def test_compressed_rdf_is_read_as_any_other(data: Path, tmp_path: Path) -> None:
    plain = build(data, tmp_path / "plain")
    for path in (data / "plain.nq", data / "blank.nt"):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert build(data, tmp_path / "compressed") == plain
    (data / "short.nt.gz").write_bytes(gzip.compress(QUAD.format('"x"').encode())[:-4])
    with pytest.raises(SourceError, match=r"data/short\.nt\.gz: the compressed data are cut short"):
        build(data, tmp_path / "out")
