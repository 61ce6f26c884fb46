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
            each,
            names.expand(each.focus) if names.is_name(each.focus) else "",
            view.say(each.message, each.message_es),
        )
        for each in report.results
    ]
    return view.render(
        "validation.html",
        "validation",
        view.say("Validation report", "Informe de validación"),
        conforms=report.conforms,
        rows=rows,
        statements=len(view.graph),
    )
