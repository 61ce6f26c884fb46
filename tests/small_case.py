"""A case file as small as can be."""

from __future__ import annotations


def small_case(name: str) -> str:
    """Return a case of one passage, which names its place: all labels are `name`."""
    label = f"label: {{en: {name}, es: {name}}}"
    place = f"{{id: place/x, type: Country, {label}}}"
    passage = f"{{id: passage/x/1, type: Section, position: 1, {label}, says: [{place}]}}"
    return f"{{id: case/x, type: Case, {label}, place: place/x, passages: [{passage}]}}\n"
