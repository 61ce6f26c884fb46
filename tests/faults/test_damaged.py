"""Damaged files: the cache heals itself, an input is read as it is or named. Never a traceback."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import govgraph
from govgraph.assembly import cache
from govgraph.errors import GovgraphError
from small_case import small_case

COUNT = "SELECT (COUNT(*) AS ?n) (SUM(STRLEN(STR(?o))) AS ?length) { GRAPH ?g { ?s ?p ?o } }"
KINDS = ("a byte", "zeros", "noise", "cut", "empty", "longer", "gone", "a folder", "a loop", "swap")


def damage(path: Path, kind: str, chance: random.Random) -> None:
    """Damage a file in one of KINDS."""
    content = bytearray(path.read_bytes()) or bytearray(b"x")
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.randrange(1, 5000))
    if kind == "a byte":
        content[start] ^= 1 << chance.randrange(8)
    elif kind == "zeros":
        content[start:end] = bytes(end - start)
    elif kind == "noise":
        content[start:end] = chance.randbytes(end - start)
    elif kind in ("cut", "empty"):
        del content[start if kind == "cut" else 0 :]
    elif kind == "longer":
        content += content[start:end]
    elif kind == "swap":
        content[start:end] = bytes(reversed(content[start:end]))
    path.unlink()
    if kind == "a folder":
        path.mkdir()
    elif kind == "a loop":
        path.symlink_to(path.name)
    elif kind != "gone":
        path.write_bytes(content)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[str]]]:
    """Return a function that opens a small graph from the cache, and what it says of all of it."""
    monkeypatch.setenv("GOVGRAPH_CACHE", str(tmp_path / "cache"))
    (tmp_path / "x.yaml").write_text(small_case("Alfa"), encoding="utf-8")
    built = govgraph.open(tmp_path / "x.yaml", bundled=False).backend
    # What is built anew is the same; it would take half a second each time.
    monkeypatch.setattr("govgraph.api.knowledge_graph.assemble", lambda *_, **__: built)

    def ask() -> list[str]:
        kg = govgraph.open(tmp_path / "x.yaml", bundled=False)
        found = kg.query(COUNT).to_csv().split()[1]
        return [found, str(len(kg.store)), str(len(kg.backend.sources.dump()))]

    return ask


@pytest.mark.parametrize("number", [8, pytest.param(200, marks=pytest.mark.whole)])
def test_the_cache_heals_itself(
    number: int, asked: Callable[[], list[str]], tmp_path: Path
) -> None:
    usual = asked()
    (kept,) = (tmp_path / "cache").iterdir()
    files = sorted(path.name for path in kept.iterdir())
    assert len(files) == 4
    whole = {name: (kept / name).read_bytes() for name in files}
    chance = random.Random(13)
    for turn in range(number):
        name, kind = files[turn % 4], KINDS[(turn // 4) % len(KINDS)]
        damage(kept / name, kind, chance)
        is_same = (kept / name).is_file() and (kept / name).read_bytes() == whole[name]
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            assert asked() == usual, (name, kind)
        if not is_same and name != ".govgraph-files":
            assert [str(each.message) for each in said] == [
                f"the graph kept in {kept} is damaged: built anew."
            ], (name, kind)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert asked() == usual
        assert sorted(path.name for path in kept.iterdir()) == files
        assert [path.name for path in (tmp_path / "cache").iterdir()] == [kept.name]


@pytest.mark.parametrize("what", ["a file", "a loop", "an empty folder", "a folder of others"])
def test_what_stands_in_place_of_the_cache(
    what: str, asked: Callable[[], list[str]], tmp_path: Path
) -> None:
    usual = asked()
    (kept,) = (tmp_path / "cache").iterdir()
    shutil.rmtree(kept)
    if what == "a file":
        kept.write_bytes(b"x")
    elif what == "a loop":
        kept.symlink_to(kept.name)
    else:
        kept.mkdir()
        (kept / "note").write_bytes(b"" if what == "a folder of others" else b"x")
    with pytest.warns(UserWarning, match="is damaged: built anew"):
        assert asked() == usual
    assert asked() == usual


def test_a_cache_that_cannot_be_written_still_answers(
    asked: Callable[[], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = asked()
    shutil.rmtree(tmp_path / "cache")
    (tmp_path / "cache").write_bytes(b"")
    assert asked() == usual
    for place in ("/dev/null", "/proc/nowhere"):
        monkeypatch.setenv("GOVGRAPH_CACHE", place)
        assert asked() == usual


@pytest.mark.whole
def test_two_at_once_heal_it(tmp_path: Path) -> None:
    """Processes of their own: one line each, one answer, one cache."""
    (tmp_path / "x.yaml").write_text(small_case("Alfa"), encoding="utf-8")
    command = [sys.executable, "-m", "govgraph", "query", "-", "-f", "csv"]
    options = ["--alone", "--data", "x.yaml"]
    env = {**os.environ, "GOVGRAPH_CACHE": str(tmp_path / "cache")}

    def ask() -> list[tuple[bytes, bytes, int]]:
        started = [
            subprocess.Popen(
                [*command, *options], cwd=tmp_path, env=env, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )
            for _ in range(3)
        ]  # fmt: skip
        return [(*each.communicate(COUNT.encode()), each.returncode) for each in started]

    usual = {out for out, _, _ in ask()}
    assert len(usual) == 1
    (kept,) = (tmp_path / "cache").iterdir()
    damage(kept / cache.GRAPHS, "noise", random.Random(1))
    answers = ask()
    assert {out for out, _, _ in answers} == usual
    assert {status for _, _, status in answers} == {0}
    assert all(b"Traceback" not in said for _, said, _ in answers)
    assert any(b"is damaged: built anew" in said for _, said, _ in answers)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [kept.name]


INPUTS = {
    "x.yaml": small_case("Alfa"),
    "t.csv": "id,type,label.en,label.es\nplace/y,Country,Y,Y\n",
    "d.nq": '<https://e/s> <https://e/p> "o" <https://e/g> .\n',
    "d.ttl": "@prefix e: <https://e/> .\ne:s e:p 1, [ e:q e:o ] .\n",
    "d.jsonld": '{"@id": "https://e/s", "https://e/p": [{"@value": "o"}]}\n',
}


@pytest.mark.parametrize("number", [60, pytest.param(400, marks=pytest.mark.whole)])
def test_a_damaged_input_is_read_or_named(number: int, tmp_path: Path) -> None:
    from govgraph.coding.cases import load
    from govgraph.coding.study import Sources

    chance = random.Random(7)
    for turn in range(number):
        name = list(INPUTS)[turn % len(INPUTS)]
        kind = KINDS[(turn // len(INPUTS)) % len(KINDS)]
        path = tmp_path / name
        path.write_text(INPUTS[name], encoding="utf-8")
        damage(path, kind, chance)
        said = name
        try:
            load(Sources(data=(path,)))
        except GovgraphError as error:
            said = str(error)
        assert name in said, (name, kind)
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
