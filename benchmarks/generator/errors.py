"""Errors a coder makes, each of which breaks exactly one shape once."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from benchmarks.generator.case import Case


def _no_label(case: Case) -> None:
    del case.findings[0]["label"]


def _no_kind(case: Case) -> None:
    del case.findings[1]["findingKind"]


def _no_topic(case: Case) -> None:
    del case.findings[2]["about"]


def _no_pointer(case: Case) -> None:
    del case.citation["asPrinted"]


def _no_unit(case: Case) -> None:
    del case.observation["unit"]


def _year_of_the_future(case: Case) -> None:
    case.arrangements[0]["startYear"] += 1000


def _years_swapped(case: Case) -> None:
    case.arrangements[0]["endYear"] = case.arrangements[0]["startYear"] - 1


def _silent_disagreement(case: Case) -> None:
    first = case.arrangements[0]
    case.last["says"].append({"id": first["id"], "startYear": first["startYear"] + 1})


KINDS: Final[dict[str, Callable[[Case], None]]] = {
    "HasLabel": _no_label,
    "FindingHasKind": _no_kind,
    "FindingHasTopic": _no_topic,
    "CitationHasPointer": _no_pointer,
    "ObservationHasUnit": _no_unit,
    "StartYearRange": _year_of_the_future,
    "StartBeforeEnd": _years_swapped,
    "StartYearContested": _silent_disagreement,
}
"""The shape that is broken -> what breaks it."""


def seed(case: Case, random: Random) -> str:
    """Put an error into a case; return the shape it breaks."""
    shape = random.choice(sorted(KINDS))
    KINDS[shape](case)
    return shape
