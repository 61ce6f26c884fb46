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
from govgraph.web.pages.reading import natural
from govgraph.web.pages.rendering import View

_MOST: Final = 4
"""Things that a clause names; of more it says how many."""
_FOLLOWING: Final = ("involves", "involvedIn", "establishedBy")
"""What is told though it only follows."""
_FOUNDER: Final = f"{BASE}role/founder"
_IN_BRACKETS: Final = (
    "appliesIn", "place", "jurisdiction", "basedIn", "within", "conflictKind", "findingKind",
)  # fmt: skip
_CLAUSES: Final = (
    (" ", N_("from the sector %(things)s"), "sector"),
    (" ", N_("by %(things)s"), "authorName"),
    (" ", N_("under %(things)s"), "sdgo:isTargetOf"),
    (" ", N_("under %(things)s"), "sdgo:isIndicatorOf"),
    (" ", N_("in the case of %(things)s"), "case"),
    (", ", N_("in office as %(things)s"), "office"),
    (", ", N_("begun in %(things)s"), "startYear"),
    (", ", N_("in %(things)s"), "year"),
    (", ", N_("at work in %(things)s already"), "activeBy"),
    (", ", N_("in %(things)s at the earliest"), "earliestYear"),
    (", ", N_("in %(things)s at the latest"), "latestYear"),
    (", ", N_("ended in %(things)s"), "endYear"),
    (", ", N_("established by %(things)s"), "establishedBy"),
    (", ", N_("founded by %(things)s"), "founder"),
    (", ", N_("with %(things)s"), "involves"),
    (", ", N_("taking part in %(things)s"), "involvedIn"),
    (", ", N_("part of %(things)s"), "componentOf"),
    (", ", N_("part of %(things)s"), "unitOf"),
    (", ", N_("member of %(things)s"), "memberOf"),
    (", ", N_("about %(things)s"), "conflictSubject"),
)
"""What stands before a clause, the clause, and the property it tells."""


def sentence(view: View, iri: str, statements: Iterable[Proof]) -> Markup:
    """Return what a thing is in a sentence; "" where nothing but its kind is known.

    `statements` are those that the graph makes of it, inferred ones too.
    """
    said = _said(view, statements)
    kinds = view.reading.iris(iri, "rdf:type", inferred=False)
    kinds = [kind for kind in kinds if kind != f"{SKOS}Concept"] or kinds
    whole: list[str] = [_words(view, map(ox.NamedNode, kinds))]
    told = " ".join(view.label(iri) for iri in _iris(said.get("case", [])))
    beside = _iris(term for name in _IN_BRACKETS for term in said.get(name, []))
    if beside := [iri for iri in beside if view.label(iri) not in told]:
        whole.append(Markup(" ({})").format(_words(view, map(ox.NamedNode, beside))))
    for before, text, name in _CLAUSES:
        if values := said.get(name):
            words = Markup(view.gettext(text)) % {"things": _words(view, values)}
            whole += [before, words]
    return Markup("").join([*whole, "."]) if len(whole) > 1 else Markup("")


def _said(view: View, statements: Iterable[Proof]) -> dict[str, list[Term]]:
    """Return the values of each property by its name, with founders and offices."""
    said: dict[str, list[Term]] = {}
    for each in statements:
        name = view.short(each.triple.predicate.value).removeprefix("gg:")
        if each.sources or name in _FOLLOWING:
            said.setdefault(name, []).append(each.triple.object)

    def beyond(name: str, path: str, role: str = "") -> list[Term]:
        held = (
            i for i in _iris(said.get(name, [])) if not role or role in view.reading.iris(i, "role")
        )
        return [term for iri in held for term in view.reading.objects(iri, path)]

    said["founder"] = beyond("participation", "participant", _FOUNDER)
    said["office"] = beyond("tenure", "office")
    said["involves"] = [term for term in said.get("involves", []) if term not in said["founder"]]
    return said


def _iris(values: Iterable[Term]) -> list[str]:
    return [term.value for term in values if isinstance(term, ox.NamedNode)]


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
