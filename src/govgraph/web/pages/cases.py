"""The cases, and their comparison."""

from __future__ import annotations

from govgraph.compare.features import LANGUAGES
from govgraph.vocabulary import BASE, GG
from govgraph.web.pages.rendering import View, distinct, grouped_by, text_of


def render(view: View) -> str:
    """Return the list of cases as HTML, from the stored queries `cases` and `parts-of-cases`."""
    passages = {text_of(row, "case"): text_of(row, "passages") for row in view.rows("cases")}
    parts = grouped_by(view.rows("parts-of-cases"), "case", "kind")
    kinds = ("Arrangement", "Actor", "Finding", "Conflict")
    cards = [
        {
            "iri": case,
            "passages": passages[case],
            **{
                kind: view.names.by_label(distinct(parts.get((case, f"{GG}{kind}"), []), "part"))
                for kind in kinds
            },
        }
        for case in view.names.by_label(passages)
    ]
    return view.render("cases.html", "cases", view.gettext("Cases"), cards=cards)


def comparison(view: View) -> str:
    """Return the comparison of the cases as HTML: features down, cases across."""
    language = view.language if view.language in LANGUAGES else LANGUAGES[0]
    compared = view.graph.compare(lang=language)
    features: dict[str, list[tuple[str, list[tuple[str, list[str]]]]]] = {}
    for column in compared.columns:
        cells = [compared.cells[case.id, column.name] for case in compared.cases]
        states = [
            (cell.state.value, [f"{BASE}{passage}" for passage in cell.passages]) for cell in cells
        ]
        features.setdefault(column.feature_label, []).append((column.label, states))
    return view.render(
        "comparison.html",
        "comparison",
        view.gettext("Comparison of the cases"),
        cases=[f"{BASE}{case.id}" for case in compared.cases],
        features=features,
    )
