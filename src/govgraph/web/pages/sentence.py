"""What a thing is, in one sentence: its kind, where and when it was, by whom, what it is part of.

The words are those of the message catalogues. A clause without a value is left out, and none agrees
with the gender or number of what it names: the sentence fits whatever a study says.
"""

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox
from markupsafe import Markup

from govgraph.rdf.terms import Term
from govgraph.texts import N_, listed
from govgraph.vocabulary import BASE, SKOS
from govgraph.web.pages.reading import natural
from govgraph.web.pages.rendering import View

_MOST: Final = 4
"""Things that a clause names; of more it says how many."""
_FOLLOWING: Final = ("involves", "involvedIn", "establishedBy")
"""What is told though it only follows."""
_CLAUSES: Final = (
    (N_("(%(things)s)"), "appliesIn place jurisdiction basedIn within conflictKind findingKind"),
    (N_("from the sector %(things)s"), "sector"),
    (N_("by %(things)s"), "authorName"),
    (N_("under %(things)s"), "sdgo:isTargetOf sdgo:isIndicatorOf"),
    (N_("in the case of %(things)s"), "case"),
    (N_(", begun in %(things)s"), "startYear"),
    (N_(", in %(things)s"), "year"),
    (N_(", at work in %(things)s already"), "activeBy"),
    (N_(", in %(things)s at the earliest"), "earliestYear"),
    (N_(", in %(things)s at the latest"), "latestYear"),
    (N_(", ended in %(things)s"), "endYear"),
    (N_(", established by %(things)s"), "establishedBy"),
    (N_(", founded by %(things)s"), "founder"),
    (N_(", with %(things)s"), "involves"),
    (N_(", taking part in %(things)s"), "involvedIn"),
    (N_(", part of %(things)s"), "componentOf unitOf memberOf"),
    (N_(", about %(things)s"), "conflictSubject"),
)
"""Clauses in their order, and the properties whose values each names."""


def sentence(view: View, iri: str) -> Markup:
    """Return what a thing is in a sentence; "" where nothing but its kind is known."""
    reading, role = view.reading, f"{BASE}role/founder"
    founded = [p for p in reading.iris(iri, "participation") if role in reading.iris(p, "role")]
    founders = [actor for part in founded for actor in reading.objects(part, "participant")]
    kinds = reading.iris(iri, "rdf:type", inferred=False)
    kinds = [kind for kind in kinds if kind != f"{SKOS}Concept"] or kinds
    parts, told = [_words(view, map(ox.NamedNode, kinds))], set[Term](founders)
    for text, names in _CLAUSES:
        values = [
            value
            for name in names.split()
            for value in reading.objects(iri, name, inferred=name in _FOLLOWING)
            if value not in told
        ]
        if things := founders if names == "founder" else values:
            parts.append(Markup(view.gettext(text)) % {"things": _words(view, things)})
    return Markup(" ".join(parts).replace(" , ", ", ") + ".") if len(parts) > 1 else Markup("")


def _words(view: View, values: Iterable[Term]) -> Markup:
    """Return values as a language lists them: "Acme, Beta and 3 more"; of numbers one is right."""
    named = (view.inline(v.value) if isinstance(v, ox.NamedNode) else view.value(v) for v in values)
    shown = sorted(set(named), key=lambda word: natural(word.striptags()))
    either = all(word.striptags().isdigit() for word in shown)
    if (more := len(shown) - _MOST) > 0:
        told = view.ngettext("%(num)s more", "%(num)s more", more) % {"num": more}
        shown = [*shown[:_MOST], Markup(told)]
    return Markup(listed(shown, view.language, either=either))
