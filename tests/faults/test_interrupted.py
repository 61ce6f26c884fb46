"""Real processes that are interrupted, run out of memory or of disk: what was there stays whole."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from small_case import small_case

GOVGRAPH = [sys.executable, "-m", "govgraph"]


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


class Limit:
    """Set a limit of the operating system in a process that is about to start."""

    def __init__(self, kind: int, size: int):
        self.kind, self.size = kind, size

    def __call__(self) -> None:
        resource.setrlimit(self.kind, (self.size, self.size))


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Return a folder with data, a build of it, and then a change in the data."""
    (tmp_path / "data").mkdir()
    case = tmp_path / "data" / "x.yaml"
    case.write_text(small_case("Quondam"), encoding="utf-8")
    done = run(tmp_path)
    assert "Traceback" not in done.stderr
    assert b"Quondam" in content(tmp_path / "out")["govgraph.nq"]
    case.write_text(small_case("Novissime"), encoding="utf-8")
    return tmp_path


def command(folder: Path) -> list[str]:
    data, out = folder / "data", folder / "out"
    return [*GOVGRAPH, "build", "--alone", "--data", str(data), "--output", str(out)]


def run(folder: Path, limit: Limit | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(folder), capture_output=True, text=True, check=False, preexec_fn=limit
    )


@pytest.mark.parametrize("moment", [0.15, 0.3, 0.4, 0.5, 0.6])
def test_ctrl_c_leaves_the_build_before_it_or_a_whole_new_one(built: Path, moment: float) -> None:
    before = content(built / "out")
    process = subprocess.Popen(
        command(built), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(moment)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    after = content(built / "out")
    assert set(after) == set(before), "nothing is left beside"
    old, new = b"Quondam" in after["govgraph.nq"], b"Novissime" in after["govgraph.nq"]
    assert old != new
    assert (b"Novissime" in after["govgraph.ttl"]) == new
    assert old == (after == before), "all files are old, or all are new"
    if process.returncode == 130:  # be it after the last file
        assert "interrupted. What was not written yet is as it was" in said.splitlines()[-1]


def test_a_full_disk_is_named_and_leaves_the_build_before_it(built: Path) -> None:
    before = content(built / "out")
    done = run(built, Limit(resource.RLIMIT_FSIZE, 50_000))
    assert done.returncode == 3
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("govgraph: "))
    assert line.startswith("govgraph: ")
    assert "(File too large). Free some space" in line
    assert content(built / "out") == before


def test_too_little_memory_leaves_the_build_before_it(built: Path) -> None:
    line = "<http://example.org/s{0}> <http://example.org/p> <http://example.org/o{0}> .\n"
    big = built / "data" / "big.nq"
    big.write_text("".join(line.format(n) for n in range(600_000)), encoding="utf-8")
    before = content(built / "out")
    done = run(built, Limit(resource.RLIMIT_AS, 400_000_000))
    assert done.returncode
    assert content(built / "out") == before
