"""The mix of stored queries that is asked, with parameters that fit the data."""

from __future__ import annotations

from typing import Any

from benchmarks.workload import STUDY, Workload

Asked = list[tuple[str, dict[str, Any]]]


def mix(workload: Workload) -> Asked:
    """Return ten queries: lookups, joins, aggregates, classes that are inferred, a network."""
    study = workload.name == STUDY
    case = "case/bogota" if study else "case/c0"
    arrangement = "partnership/alliance-for-security" if study else "partnership/c0-1"
    actor = "actor-kind/universities" if study else "group/a2"
    place = "place/bogota" if study else "place/country-0"
    return [
        ("who-takes-part", {"arrangement": arrangement}),
        ("takes-part-in", {"actor": actor}),
        ("arrangements-in-place", {"place": place}),
        ("timeline", {"case": case}),
        ("actors-of-case", {"case": case}),
        ("most-involved-actors", {"least": 3}),
        ("sectors-at-a-glance", {}),
        ("problems-addressed", {}),
        ("triple-helix-arrangements", {}),
        ("networks/actors", {}),
    ]
