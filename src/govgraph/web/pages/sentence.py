"""What a thing is, in one sentence: its kind, where and when it was, by whom, what it is part of.

The words are those of the message catalogues. A clause without a value is left out, and none agrees
with the gender or number of what it names: the sentence fits whatever a study says.
"""

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox
from markupsafe import Markup

from govgraph.explanation.proof import Proof
from govgraph.rdf.terms import Term
from govgraph.texts import N_, listed
from govgraph.vocabulary import BASE, SKOS
from govgraph.web.pages.reading import expand, natural
from govgraph.web.pages.rendering import View

_MOST: Final = 4
"""Things that a clause names; of more it says how many."""
_FOLLOWING: Final = tuple(map(expand, ("involves", "involvedIn", "establishedBy")))
"""What is told though it only follows."""
_FOUNDER: Final = f"{BASE}role/founder"
_PLACES: Final = ("appliesIn", "place", "jurisdiction", "basedIn", "within")
_CLAUSES: Final = (
    (N_("(%(things)s)"), " ".join((*_PLACES, "conflictKind", "findingKind"))),
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
    (N_(", in office as %(things)s"), "office"),
    (N_(", taking part in %(things)s"), "involvedIn"),
    (N_(", part of %(things)s"), "componentOf unitOf memberOf"),
    (N_(", about %(things)s"), "conflictSubject"),
)
"""Clauses in their order, and the properties whose values each names."""


def sentence(view: View, iri: str, statements: Iterable[Proof]) -> Markup:
    """Return what a thing is in a sentence; "" where nothing but its kind is known.

    `statements` are those that the graph makes of it, inferred ones too.
    """
    reading, said = view.reading, dict[str, list[Term]]()
    for statement in statements:
        if statement.sources or statement.triple.predicate.value in _FOLLOWING:
            said.setdefault(statement.triple.predicate.value, []).append(statement.triple.object)

    def iris(*names: str) -> list[str]:
        values = (term for name in names for term in said.get(expand(name), []))
        return [term.value for term in values if isinstance(term, ox.NamedNode)]

    founded = [part for part in iris("participation") if _FOUNDER in reading.iris(part, "role")]
    founders = [iri for part in founded for iri in reading.iris(part, "participant")]
    offices = [iri for part in iris("tenure") for iri in reading.iris(part, "office")]
    said[expand("founder")] = list(map(ox.NamedNode, founders))
    said[expand("office")] = list(map(ox.NamedNode, offices))
    cases = " ".join(map(view.label, iris("case")))
    told = {*founders, *(place for place in iris(*_PLACES) if view.label(place) in cases)}
    kinds = reading.iris(iri, "rdf:type", inferred=False)
    kinds = [kind for kind in kinds if kind != f"{SKOS}Concept"] or kinds
    parts = [_words(view, map(ox.NamedNode, kinds))]
    for text, names in _CLAUSES:
        values = [term for name in names.split() for term in said.get(expand(name), [])]
        left = values if names == "founder" else [v for v in values if str(v)[1:-1] not in told]
        if left:
            parts.append(Markup(view.gettext(text)) % {"things": _words(view, left)})
    return Markup(" ".join(parts).replace(" , ", ", ") + ".") if len(parts) > 1 else Markup("")


def _words(view: View, values: Iterable[Term]) -> Markup:
    """Return values as a language lists them: "Acme, Beta and 3 more"; of numbers one is right."""
    words = {
        view.inline(term.value)
        if isinstance(term, ox.NamedNode)
        else view.said(getattr(term, "language", None), str(getattr(term, "value", "")))
        for term in values
    }
    shown = sorted(words, key=lambda word: natural(word.striptags()))
    either = all(map(str.isdigit, shown))
    if (more := len(shown) - _MOST) > 0:
        told = view.ngettext("%(num)s more", "%(num)s more", more) % {"num": more}
        shown = [*shown[:_MOST], Markup(told)]
    return Markup(listed(shown, view.language, either=either))
