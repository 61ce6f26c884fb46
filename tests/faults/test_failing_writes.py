"""The n-th write fails and all after it: what stands is the old or the new, a line says why, 3."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from faults.driver import standing
from govgraph.resources import bundled
from second_study import NAME as SECOND
from small_case import small_case

HERE = Path(__file__).parent
GOVGRAPH = [sys.executable, "-m", "govgraph"]


@dataclass
class Run:
    """One run of a command: the number of the first write that failed, and what came of it."""

    point: int
    status: int
    standing: dict[str, str]
    out: str
    err: str
    writes: int
    again: dict[str, str] | None = None


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the library that lets writes fail, compiled."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("failing writes need Linux and a C compiler: apt-get install gcc libc6-dev")
    made = tmp_path_factory.mktemp("library") / "failing.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", made, HERE / "failing.c", "-ldl"], check=True
    )
    return made


def environment(library: Path, folder: Path, **more: str) -> dict[str, str]:
    (folder / "tmp").mkdir(exist_ok=True)
    return {
        **os.environ,
        "LD_PRELOAD": str(library),
        "PYTHONDONTWRITEBYTECODE": "1",
        "GOVGRAPH_CACHE": str(folder / "cache"),
        "TMPDIR": str(folder / "tmp"),
        **more,
    }


def run(folder: Path, *arguments: str) -> None:
    """Run a command as it should be, in the folder that is then the old one."""
    cache = {**os.environ, "GOVGRAPH_CACHE": str(folder.parent / "cache")}
    done = subprocess.run(
        [*GOVGRAPH, *arguments], cwd=folder, env=cache, capture_output=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr.decode()


def runs(
    library: Path, old: Path, *arguments: str, some: int = 0, error: int = errno.ENOSPC
) -> list[Run]:
    """Run a command in `old` with each write failing, or with `some` of them."""
    asked = {
        "library": str(library), "old": str(old), "arguments": arguments, "some": some,
        "error": error,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, HERE / "driver.py"],
        input=json.dumps(asked), env=environment(library, old.parent),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [Run(*json.loads(line)) for line in done.stdout.splitlines() if line.startswith("[")]


def check(found: list[Run], old: dict[str, str]) -> None:
    """Check that each run left the old or the new, and that those that failed said so."""
    whole, *failed = found
    assert whole.status == 0, whole.err
    assert whole.standing != old, "there is something new"
    faults = [
        f"{each.point}: {each.status} {each.err}"
        for each in failed
        if each.standing not in (old, whole.standing)
        or (
            (each.status, each.standing) != (whole.status, whole.standing)
            and (
                each.status != 3
                or len(re.findall(r"^govgraph: (?!warning: )", each.err, re.MULTILINE)) != 1
            )
        )
        or "Traceback" in each.err
        or "not foreseen" in each.err
    ]
    assert faults == []
    assert any(each.standing == old for each in failed)


def study(folder: Path, name: str) -> None:
    """Write a study of ten things."""
    (folder / "cases").mkdir(parents=True, exist_ok=True)
    (folder / "study.yaml").write_text(
        "title: Water\nbase: https://water.example/\nlanguages: [en, es]\n", encoding="utf-8"
    )
    (folder / "cases" / "x.yaml").write_text(small_case(name), encoding="utf-8")


@pytest.fixture
def old() -> Iterator[Path]:
    """Return a folder with a study in it, in memory where there is a disk in memory."""
    memory = Path("/dev/shm")
    place = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    study(place / "old", "Before")
    yield place / "old"
    shutil.rmtree(place)


some = pytest.mark.parametrize(
    "some", [pytest.param(0, marks=pytest.mark.whole, id="every write"), 10]
)


@pytest.mark.parametrize(
    ("error", "some"),
    [
        (errno.ENOSPC, 10),
        pytest.param(errno.ENOSPC, 0, marks=pytest.mark.whole),
        pytest.param(errno.EIO, 0, marks=pytest.mark.whole),
    ],
)
def test_build(library: Path, old: Path, error: int, some: int) -> None:
    run(old, "build", "-o", "out")
    (old / "out" / "mine").mkdir()
    (old / "out" / "mine" / "note.txt").write_text("mine", encoding="utf-8")
    study(old, "After")
    check(runs(library, old, "build", "-o", "out", error=error, some=some), standing(old))


@pytest.mark.whole
def test_publish(library: Path, old: Path) -> None:
    run(old, "publish", "-o", "site")
    (old / "site" / "CNAME").write_text("water.example", encoding="utf-8")
    (old / "site" / "mine").mkdir()
    (old / "site" / "mine" / "note.txt").write_text("mine", encoding="utf-8")
    study(old, "After")
    check(runs(library, old, "publish", "-o", "site"), standing(old))


@some
@pytest.mark.parametrize("kind", ["study", "case"])
def test_new(library: Path, old: Path, kind: str, some: int) -> None:
    if kind == "study":
        (old / "study.yaml").unlink()  # else it would lie in another
    options = ["--base", "https://a.example/", "--language", "pt"] if kind == "study" else []
    check(runs(library, old, "new", kind, "mine", *options, some=some), standing(old))


@pytest.mark.whole
@some
def test_an_answer(library: Path, old: Path, some: int) -> None:
    (old / "q.rq").write_text("SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o", encoding="utf-8")
    (old / "answer.txt").write_text("before", encoding="utf-8")
    (old / "link.txt").symlink_to("answer.txt")
    check(
        runs(library, old, "query", "q.rq", "-f", "csv", "-o", "link.txt", some=some), standing(old)
    )


@some
def test_the_cache_is_done_without(library: Path, old: Path, some: int) -> None:
    (old / "q.rq").write_text("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", encoding="utf-8")
    whole, *failed = runs(library, old, "query", "q.rq", "-f", "csv", some=min(some, 4))
    assert failed
    assert [(each.status, each.out) for each in failed] == [(0, whole.out)] * len(failed)


@pytest.mark.whole
@pytest.mark.parametrize("command", ["build -o out", "publish -o site"])
def test_the_real_study(library: Path, old: Path, command: str) -> None:
    shutil.rmtree(old)
    shutil.copytree(bundled("data") / SECOND, old)
    run(old, *command.split())
    case = old / "cases" / "gacaca.yaml"
    case.write_text(case.read_text("utf-8").replace("Ruanda", "Rwanda"), encoding="utf-8")
    check(runs(library, old, *command.split(), some=200), standing(old))


KILLED = -9


@pytest.mark.parametrize(
    ("command", "some"),
    [
        ("build -o out", 5),
        pytest.param("build -o out", 0, marks=pytest.mark.whole),
        pytest.param("publish -o site", 200, marks=pytest.mark.whole),
        ("new case mine", 0),
    ],
)
def test_killed_at_a_write(library: Path, old: Path, command: str, some: int) -> None:
    """What stands is the old or the new whole, and the next run takes away what was left."""
    if not command.startswith("new"):
        run(old, *command.split())
        mine = old / command.rsplit(maxsplit=1)[-1] / "mine" / "CNAME"
        mine.parent.mkdir()
        mine.write_text("mine", encoding="utf-8")
        study(old, "After")
    before = standing(old)
    whole, *killed = runs(library, old, *command.split(), some=some, error=KILLED)
    assert whole.status == 0, whole.err
    found = []
    for each in killed:
        stood = {path: what for path, what in each.standing.items() if ".writing." not in path}
        assert (each.status, stood in (before, whole.standing)) == (-9, True), each
        assert each.again == whole.standing, each
        found.append(stood)
    assert before in found


@pytest.mark.whole
@pytest.mark.parametrize("command", ["build -o out", "publish -o site"])
def test_killed_at_twenty_moments(old: Path, command: str) -> None:
    """Real processes, at moments that nobody chose."""
    output = old / command.rsplit(maxsplit=1)[-1]
    run(old, *command.split())
    before = standing(output)
    study(old, "After")
    other = old.with_name("other") / old.name  # whose name is in what is built
    shutil.copytree(old, other, symlinks=True)
    began = time.monotonic()
    run(other, *command.split())
    lasted, after = time.monotonic() - began, standing(other / output.name)
    assert before != after
    cache = {**os.environ, "GOVGRAPH_CACHE": str(old.parent / "cache")}
    for moment in range(20):
        process = subprocess.Popen(
            [*GOVGRAPH, *command.split()], cwd=old, env=cache,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(lasted * (0.4 + moment * 0.03))
        process.kill()
        process.wait()
        assert standing(output) in (before, after), moment
    run(old, *command.split())
    assert standing(output) == after
    assert [path.name for path in old.iterdir() if path.name.startswith(".")] == []
