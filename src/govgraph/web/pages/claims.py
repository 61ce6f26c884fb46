"""The study's derived claims, recomputed from its facts, with verdicts."""

from __future__ import annotations

from collections import Counter

from govgraph.queries.claims import VERDICTS
from govgraph.vocabulary import BASE
from govgraph.web.pages.reading import natural
from govgraph.web.pages.rendering import View


def render(view: View) -> str:
    """Return the page of claims as HTML."""
    checks = sorted(
        view.graph.claims(), key=lambda check: (natural(check.passage), check.claim, check.computed)
    )
    counts = Counter(check.verdict for check in checks)
    checked = {f"{BASE}{check.claim}" for check in checks}
    return view.render(
        "claims.html",
        "claims",
        view.gettext("Claims with verdicts"),
        checks=checks,
        counts=[(verdict, counts[verdict]) for verdict in VERDICTS],
        unchecked=view.names.by_label(set(view.reading.instances("DerivedClaim")) - checked),
    )
