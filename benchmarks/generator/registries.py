"""What several cases refer to: places within places, actors, works, and the table of rates."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, Final

from benchmarks.generator.words import text

Node = dict[str, Any]

STUDY: Final = "work/generated"
TABLE: Final = "passage/generated-table"
DATASET: Final = "dataset/generated-rates"

SECTORS: Final = ("government", "society", "private")
"""The sectors of which there is a kind of actor."""
KINDS: Final = (
    ("group", "ActorGroup", "actor-kind/government"),
    ("actor", "PublicBody", "sector/government"),
    ("group", "ActorGroup", "actor-kind/society"),
    ("actor", "PoliceForce", "sector/police"),
    ("actor", "Company", "sector/private"),
    ("group", "ActorGroup", "actor-kind/private"),
    ("actor", "AcademicInstitution", "sector/academia"),
    ("actor", "CivilSocietyOrganisation", "sector/society"),
    ("actor", "LocalAuthority", "sector/local-government"),
)
"""Folder, class and sector of actors, in turn by their rank; a group has a kind, and its sector."""


def actor_id(rank: int) -> str:
    """Return the id of the actor of this rank; the first take part in most."""
    return f"{KINDS[rank % len(KINDS)][0]}/a{rank}"


def work_id(rank: int) -> str:
    """Return the id of a cited work."""
    return f"work/w{rank}"


def city_id(case: int) -> str:
    """Return the id of the city of a case."""
    return f"place/city-{case}"


def records(cases: int, actors: int, works: int) -> Iterator[tuple[str, Node]]:
    """Yield the registries, as (file, node)."""
    yield "the-study", {
        "id": STUDY, "type": "Work", "label": {"en": "Generated study", "es": "Estudio generado"},
        "citedAs": "Generated", "workKind": "work-kind/study",
        "passages": [{"id": TABLE, "type": "Table"}],
    }  # fmt: skip
    yield "study-data", {
        "id": DATASET, "type": "StatisticalDataset",
        "label": {"en": "Generated rates", "es": "Tasas generadas"},
    }  # fmt: skip
    yield from (("places", node) for node in _places(cases))
    yield from (("actors", _kind(sector)) for sector in SECTORS)
    yield from (("actors", _actor(rank)) for rank in range(actors))
    yield from (("works", _work(rank)) for rank in range(works))


def _places(cases: int) -> Iterator[Node]:
    yield _place("place/continent", "Area", None)
    for index in range(0, cases, 25):
        yield _place(f"place/country-{index // 25}", "Country", "place/continent")
    for index in range(0, cases, 5):
        yield _place(f"place/state-{index // 5}", "State", f"place/country-{index // 25}")
    for index in range(cases):
        yield _place(city_id(index), "City", f"place/state-{index // 5}")


def _place(name: str, kind: str, within: str | None) -> Node:
    label = name.rpartition("/")[2]
    node: Node = {"id": name, "type": kind, "label": {"en": label, "es": label}}
    return {**node, "within": within} if within else node


def _kind(sector: str) -> Node:
    return {
        "id": f"actor-kind/{sector}", "type": "ActorKind",
        "label": {"en": f"Kind {sector}", "es": f"Tipo {sector}"}, "sector": f"sector/{sector}",
    }  # fmt: skip


def _actor(rank: int) -> Node:
    folder, kind, within = KINDS[rank % len(KINDS)]
    label = text(Random(rank), 3)
    key = "kind" if folder == "group" else "sector"
    return {"id": actor_id(rank), "type": kind, "label": label, key: within}


def _work(rank: int) -> Node:
    year = 1980 + rank % 40
    label = f"Author {rank} ({year})"
    return {
        "id": work_id(rank), "type": "Work", "label": {"en": label, "es": label},
        "citedAs": f"Author {rank}, {year}", "authorName": f"Author {rank}",
        "year": year, "workKind": "work-kind/book-or-article",
    }  # fmt: skip
