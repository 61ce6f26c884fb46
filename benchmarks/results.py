"""All measurements of a run, kept as JSON, and looked up by stage, engine and size."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final

from benchmarks.growth import exponent
from benchmarks.measure import Measurement
from benchmarks.workload import STUDY

PACKAGES: Final = ("pyoxigraph", "shacl", "rdflib", "owlrl", "pyshacl")
LINEAR_FROM: Final = 10_000
"""Below so many statements the ontology, always the same, takes most of the time."""


def machine() -> str:
    """Return one line on what was measured on."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    python = platform.python_version()
    return f"{os.cpu_count()} cores, {platform.system()}, Python {python}, {packages}"


@dataclass
class Results:
    """What was measured, and on what."""

    machine: str = field(default_factory=machine)
    measurements: list[Measurement] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> Results:
        """Read what `write` wrote."""
        content = json.loads(path.read_text(encoding="utf-8"))
        found = [Measurement(**each) for each in content["measurements"]]
        return cls(content["machine"], found)

    def write(self, path: Path) -> None:
        """Write JSON."""
        content = {
            "machine": self.machine,
            "measurements": [asdict(each) for each in self.measurements],
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    def find(self, stage: str, engine: str, size: str) -> Measurement | None:
        """Return a measurement, or None where it was not made."""
        for each in self.measurements:
            if (each.stage, each.engine, each.size) == (stage, engine, size):
                return each
        return None

    def ratio(self, stage: str, engine: str, size: str) -> float | None:
        """Return how many times as much CPU an engine takes as govgraph."""
        mine, other = self.find(stage, "govgraph", size), self.find(stage, engine, size)
        return other.cpu / mine.cpu if mine and other else None

    def sizes(self) -> list[str]:
        """Return the sizes, the study first, then from small to large."""
        found = {each.size: each.statements for each in self.measurements}
        return sorted(found, key=lambda size: (size != STUDY, found[size]))

    def series(self, stage: str, engine: str) -> list[tuple[float, float]]:
        """Return (statements, CPU seconds) of the generated sizes."""
        return sorted(
            (each.statements, each.cpu)
            for each in self.measurements
            if (each.stage, each.engine) == (stage, engine) and each.size != STUDY
        )

    def growth(self, stage: str, engine: str) -> float | None:
        """Return the growth exponent over the sizes that are large enough."""
        large = [point for point in self.series(stage, engine) if point[0] >= LINEAR_FROM * 0.9]
        return exponent(large)
