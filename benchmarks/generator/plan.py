"""How many things of each kind, and the stream of records that describes them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from benchmarks.generator import errors, registries
from benchmarks.generator.case import Case, build_case

PER_CASE: Final = 264
"""Statements of one case with its share of the registries, about a fortieth of the study."""
FIXED: Final = 27

Node = dict[str, Any]
Record = tuple[str, Node]
"""The file a node belongs to (without extension), and the node as a case file would hold it."""


@dataclass(frozen=True)
class Plan:
    """What is generated; the same plan gives the same data.

    `error_share` is the share of the cases with one seeded error.
    """

    cases: int
    seed: int = 1
    error_share: float = 0.5

    @property
    def actors(self) -> int:
        """Actors of the registry, which all cases draw from."""
        return 2 + 3 * self.cases

    @property
    def works(self) -> int:
        """Works that passages cite."""
        return 2 + self.cases


def plan_for(statements: int, seed: int = 1, error_share: float = 0.5) -> Plan:
    """Return the plan whose data come nearest to so many statements."""
    return Plan(max(1, round((statements - FIXED) / PER_CASE)), seed, error_share)


@dataclass
class Records:
    """The records of a plan, and, once they have been read, the errors seeded in them."""

    plan: Plan
    seeded: Counter[str] = field(default_factory=Counter)
    """Name of the shape that an error breaks -> how often."""

    def __iter__(self) -> Iterator[Record]:
        """Yield registries, then case after case: nothing is kept."""
        self.seeded.clear()
        yield from registries.records(self.plan.cases, self.plan.actors, self.plan.works)
        for index in range(self.plan.cases):
            random = Random(f"{self.plan.seed}/{index}")
            case = build_case(index, random, self.plan.actors, self.plan.works)
            if random.random() < self.plan.error_share:
                self.seeded[errors.seed(case, random)] += 1
            yield from _records_of(index, case)


def _records_of(index: int, case: Case) -> Iterator[Record]:
    yield f"cases/{index:06d}", case.node
    for name, nodes in case.editorial.items():
        for node in nodes:
            yield f"editorial/{name}", node


def records(plan: Plan) -> Records:
    """Return the records of a plan."""
    return Records(plan)
