"""The cases, and their comparison."""

from __future__ import annotations

from dataclasses import dataclass

from govgraph.vocabulary import BASE
from govgraph.web.pages.rendering import View


@dataclass(frozen=True)
class CaseCard:
    """What the list of cases shows of one."""

    iri: str
    place: list[str]
    arrangements: list[str]
    actors: list[str]
    findings: list[str]
    conflicts: list[str]
    passages: int


def render(view: View) -> str:
    """Return the list of cases as HTML."""
    title = view.say("Cases", "Casos")
    cases = view.reading.by_label(view.reading.instances("Case"), view.language)
    return view.render("cases.html", "cases", title, cards=[_card(view, each) for each in cases])


def _card(view: View, case: str) -> CaseCard:
    reading = view.reading
    belonging = reading.subjects("case", case)
    arrangements = [each for each in belonging if each in _all(view, "Arrangement")]
    actors = {actor for each in arrangements for actor in reading.iris(each, "involves")}
    passages = reading.iris(case, "passages")
    graphs = set(passages)
    findings = [
        each
        for each in reading.instances("Finding")
        if graphs & set(reading.graphs(each, "rdf:type", _finding()))
    ]
    conflicts = {c for passage in passages for c in reading.subjects("between", passage)}
    return CaseCard(
        case,
        reading.iris(case, "place"),
        reading.by_label(arrangements, view.language),
        reading.by_label(actors, view.language),
        reading.by_label(findings, view.language),
        sorted(conflicts),
        len(passages),
    )


def _all(view: View, name: str) -> set[str]:
    return set(view.reading.instances(name))


def _finding() -> object:
    import pyoxigraph as ox

    from govgraph.vocabulary import GG

    return ox.NamedNode(f"{GG}Finding")


def comparison(view: View) -> str:
    """Return the comparison of the cases as HTML: features down, cases across."""
    found = view.graph.compare(lang=view.language)
    features: dict[str, list[tuple[str, list[tuple[str, tuple[str, ...]]]]]] = {}
    for column in found.columns:
        cells = []
        for case in found.cases:
            cell = found.cells[case.id, column.name]
            cells.append((cell.state.value, tuple(f"{BASE}{each}" for each in cell.passages)))
        features.setdefault(column.feature_label, []).append((column.label, cells))
    return view.render(
        "comparison.html",
        "comparison",
        view.say("Comparison of the cases", "Comparación de los casos"),
        cases=[f"{BASE}{case.id}" for case in found.cases],
        features=features,
    )
