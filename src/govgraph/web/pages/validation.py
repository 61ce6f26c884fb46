"""The validation report: whether the graph keeps the shapes, and where it does not."""

from __future__ import annotations

from govgraph.coding.terms import load_terms
from govgraph.web.pages.rendering import View


def render(view: View) -> str:
    """Return the validation report as HTML."""
    report = view.graph.validate()
    names = load_terms().names
    rows = [
        (
            row,
            names.expand(row.focus) if names.is_name(row.focus) else "",
            getattr(row, f"message_{view.language}", row.message),
        )
        for row in report.results
    ]
    return view.render(
        "validation.html",
        "validation",
        view.gettext("Validation report"),
        conforms=report.conforms,
        rows=rows,
        statements=len(view.graph),
    )
