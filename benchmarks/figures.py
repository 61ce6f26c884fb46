"""The figures to reach, and whether a run reached them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from benchmarks.measure import Measurement
from benchmarks.results import Results
from benchmarks.workload import STUDY


@dataclass(frozen=True)
class Figure:
    """A figure to reach: `value` takes it from results, None where it was not measured."""

    work: str
    bound: float
    unit: str
    value: Callable[[Results], float | None]
    at_least: bool = False

    def reached(self, results: Results) -> bool | None:
        """Whether it was reached; None where it was not measured."""
        found = self.value(results)
        if found is None:
            return None
        return found >= self.bound if self.at_least else found <= self.bound

    @property
    def wanted(self) -> str:
        """The bound in words."""
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}{self.unit}"

    def shown(self, results: Results) -> str:
        """What was measured, in the same unit."""
        found = self.value(results)
        return "not measured" if found is None else f"{found:.3g}{self.unit}"


Value = Callable[[Results], float | None]


def _of(stage: str, size: str, value: Callable[[Measurement], float]) -> Value:
    def read(results: Results) -> float | None:
        found = results.find(stage, "govgraph", size)
        return value(found) if found else None

    return read


def _cpu(measurement: Measurement) -> float:
    return measurement.cpu


def _cpu_of_one(measurement: Measurement) -> float:
    return measurement.cpu / measurement.answer


def _gigabytes(measurement: Measurement) -> float:
    return measurement.memory / 1024


def _times(stage: str, size: str) -> Value:
    return lambda results: results.ratio(stage, "by hand", size)


def _growth(results: Results) -> float | None:
    return results.growth("reason", "govgraph")


FIGURES: Final = (
    Figure("whole build of the study", 1.0, " s", _of("build", STUDY, _cpu)),
    Figure("the same, times by hand", 15, "×", _times("build", STUDY), True),
    Figure("inference at 10⁴, times owlrl", 40, "×", _times("reason", "10000"), True),
    Figure("inference at 10⁵, times owlrl", 40, "×", _times("reason", "100000"), True),
    Figure("inference at 10⁶", 20, " s", _of("reason", "1000000", _cpu)),
    Figure("inference, growth exponent from 10⁴", 1.1, "", _growth),
    Figure("validation at 10⁵, times pySHACL", 25, "×", _times("validate", "100000"), True),
    Figure("validation at 10⁶", 10, " s", _of("validate", "1000000", _cpu)),
    Figure("explaining a statement at 10⁶", 0.5, " s", _of("explain", "1000000", _cpu_of_one)),
    Figure("whole build at 10⁶", 60, " s", _of("build", "1000000", _cpu)),
    Figure("the same, memory", 2.5, " GB", _of("build", "1000000", _gigabytes)),
    Figure("whole build at 10⁷, memory", 16, " GB", _of("build", "10000000", _gigabytes)),
)
"""Seconds are of CPU."""
