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
        view.graph.claims(), key=lambda each: (natural(each.passage), each.claim, each.computed)
    )
    checked = {f"{BASE}{each.claim}" for each in checks}
    counts = Counter(each.verdict for each in checks)
    rest = set(view.reading.instances("DerivedClaim")) - checked
    return view.render(
        "claims.html",
        "claims",
        view.say("Claims with verdicts", "Afirmaciones con veredicto"),
        checks=checks,
        counts=[(each, counts[each]) for each in VERDICTS],
        unchecked=view.reading.by_label(rest, view.language),
    )
