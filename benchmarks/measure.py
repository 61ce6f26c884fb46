"""Measurements, each in a process of its own, repeated; the median counts."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.workload import STUDY, Workload, read
from govgraph import resources

ROOT: Final = Path(__file__).resolve().parents[1]
LONG: Final = 30.0
"""Seconds of CPU; what takes longer is not repeated."""
ON_DISK: Final = 3_000_000
"""Statements from which a build is made in a store on disk."""


@dataclass(frozen=True)
class Measurement:
    """The median run of one stage by one engine: seconds, megabytes, and what came out.

    `memory` is the peak of the process, preparation included.
    """

    stage: str
    engine: str
    size: str
    statements: int
    cpu: float
    wall: float
    memory: float
    answer: int
    runs: int
    errors: int | None = None


class MeasurementError(Exception):
    """A measured process failed; the message is the end of what it said."""


def peak_memory() -> float:
    """Return the largest resident memory this process has had, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would count what the parent had when it forked
        (line,) = (each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return _megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _megabytes(peak: int) -> float:
    """Return megabytes of what getrusage says: kilobytes, but bytes on macOS."""
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def made(folder: Path, name: str, seed: int) -> Workload:
    """Make a workload in another process, so that this one, which forks, stays small."""
    _checked([sys.executable, "-m", "benchmarks.workload", str(folder), name, str(seed)])
    return read(folder)


def _checked(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MeasurementError(f"{' '.join(command[2:4])}: {done.stderr.strip()[-500:]}")
    return done.stdout


def measure(stage: str, engine: str, workload: Workload, runs: int) -> Measurement:
    """Measure a stage `runs` times, once if it takes long; returns the median by CPU."""
    once: Callable[[], dict[str, Any]]
    if stage == "build":
        once = lambda: _build(engine, workload)  # noqa: E731
    else:
        once = lambda: _task(stage, engine, workload)  # noqa: E731
    found: list[dict[str, Any]] = []
    while len(found) < runs and (not found or found[0]["cpu"] < LONG):
        found.append(once())
    found.sort(key=lambda each: each["cpu"])
    middle = found[(len(found) - 1) // 2]
    return Measurement(
        stage=stage,
        engine=engine,
        size=workload.name,
        statements=workload.statements,
        cpu=statistics.median(each["cpu"] for each in found),
        wall=statistics.median(each["wall"] for each in found),
        memory=max(each["memory"] for each in found),
        answer=middle["answer"],
        runs=len(found),
        errors=workload.errors,
    )


def _task(stage: str, engine: str, workload: Workload) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.worker", stage, engine, str(workload.folder)]
    said = _checked(command)
    for left in workload.folder.glob("tmp*"):
        shutil.rmtree(left)
    result: dict[str, Any] = json.loads(said.splitlines()[-1])
    return result


def _build(engine: str, workload: Workload) -> dict[str, Any]:
    """Time a whole build as a user runs it, from a cold process to the last file written."""
    output = workload.output if engine == "govgraph" else workload.folder / "by-hand"
    database = workload.folder / "database"
    for left in (output, database):
        shutil.rmtree(left, ignore_errors=True)
    if engine == "govgraph":
        command = [sys.executable, "-c", "from govgraph.cli import main; main()", "build"]
        command += ["--output", str(output)]
        if workload.name != STUDY:
            command += ["--alone", "--data", str(workload.quads)]
        if workload.statements >= ON_DISK:
            command += ["--store", str(database)]
    else:
        shapes = resources.bundled("ontology") / "shapes"
        command = [sys.executable, str(Path(__file__).with_name("by_hand.py"))]
        command += [str(workload.trig), str(shapes), str(output)]
    measured = _run(command)
    measured["answer"] = sum(path.stat().st_size for path in output.iterdir())
    shutil.rmtree(database, ignore_errors=True)
    return measured


def _run(command: list[str]) -> dict[str, Any]:
    """Run a command; a build that finds errors in the data leaves with 1, which is no failure."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise MeasurementError(f"{command[-1]}: {said.decode()[-500:]}")
    return {
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": time.perf_counter() - start,
        "memory": _megabytes(usage.ru_maxrss),
    }
