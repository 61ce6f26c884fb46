"""The page of one resource: what is said of it, on whose word, what follows and why.

Its statements are written as HTML here, not in templates: a site holds a hundred thousand.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Final, NamedTuple
from urllib.parse import urlencode

import pyoxigraph as ox
from markupsafe import Markup, escape

from govgraph.errors import UsageError
from govgraph.explanation.proof import Proof, Source, citations, sources_of
from govgraph.rdf.terms import GraphName, Term
from govgraph.results.values import sort_key
from govgraph.texts import N_
from govgraph.vocabulary import GG, INFERRED_GRAPH, RDFS, SDG, SKOS
from govgraph.web.addresses import ONTOLOGY
from govgraph.web.describe import PublishedGraph
from govgraph.web.negotiation import EXTENSIONS
from govgraph.web.pages.answers import alignments, by_statement, case_cards
from govgraph.web.pages.links import DATA_EXTENSIONS, Links
from govgraph.web.pages.ontology import render as ontology_page
from govgraph.web.pages.queries import query_page
from govgraph.web.pages.reading import LABEL, TYPE, Reading, natural, remembered
from govgraph.web.pages.rendering import View, view_of

_NAMING: Final = (
    TYPE, LABEL, f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{GG}nameAsPrinted",
    f"{SKOS}definition", f"{RDFS}comment", f"{SKOS}notation", f"{GG}passages",
)  # fmt: skip
"""What the head of a page tells in words: its statements stand below."""
_FOLLOWING: Final = ("involves", "involvedIn", "establishedBy")
"""What a sentence tells though it only follows."""
_CLAUSES: Final = (
    (N_("(%(things)s)"), ("place", "appliesIn", "jurisdiction", "basedIn", "within")),
    (N_("from the sector %(things)s"), ("sector",)),
    (N_("by %(things)s"), ("authorName",)),
    (N_("under %(things)s"), ("sdgo:isTargetOf", "sdgo:isIndicatorOf")),
    (N_("in the case of %(things)s"), ("case",)),
    (N_(", begun in %(things)s"), ("startYear",)),
    (N_(", in %(things)s"), ("year",)),
    (N_(", at work in %(things)s already"), ("activeBy",)),
    (N_(", ended in %(things)s"), ("endYear",)),
    (N_(", established by %(things)s"), ("establishedBy",)),
    (N_(", with %(things)s"), ("involves",)),
    (N_(", taking part in %(things)s"), ("involvedIn",)),
    (N_(", part of %(things)s"), ("componentOf", "unitOf", "memberOf")),
)
"""Clauses of the sentence that says what a thing is, and the properties whose values each names."""
_ORDER: Final = (
    *_NAMING,
    *(f"{GG}{name}" for name in (
        "startYear", "year", "month", "onDate", "activeBy", "earliestYear", "latestYear", "endYear",
        "dateAsPrinted", "place", "appliesIn", "basedIn", "jurisdiction", "within", "level",
        "participation", "participant", "authors", "authorName", "author", "tenure", "memberOf",
        "unitOf", "componentOf", "partOf", "sector", "kind", "memberKind", "case", "",
        "alignment", "identityLink",
    )),
)  # fmt: skip
"""How a page tells of a thing: when, where, by whom, part of what; then all else; then goals."""
_HELD: Final = {
    "participation": ("participant", ("role", "mode", "startYear", "endYear")),
    "participant": ("^participation", ("role", "mode", "startYear", "endYear")),
    "alignment": ("target", ("basis",)),
    "tenure": ("office", ("jurisdiction", "startYear", "endYear")),
    "identityLink": ("matches", ("basis",)),
}
"""Property -> what is shown of a value of it that only ties two things: the other one, and how."""
_MOST_OPEN: Final = 60
"""Statements that point to a thing and stand open on its page."""
MOST: Final = 1_000
"""Statements of one kind (said, inferred, pointing here) that a page shows; the data have all."""
_PARTITION: Final = "/dataset#"
"""What the IRIs of the parts of a data set hold, which VoID counts."""


def resource_page(
    graph: PublishedGraph, iri: str, language: str = "en", links: Links | None = None
) -> str:
    """Return the page of a resource as HTML.

    A term of the ontology and a stored query have pages of their own kind. Raises UsageError
    where the graph says nothing of the IRI.
    """
    view = view_of(graph, language, links)
    path = view.reading.described.get(iri, "")
    if not path and not (view.links.live and iri in view.reading.unplaced):
        raise UsageError(f"Nothing is said of {iri}: expected the IRI of a node of the graph.")
    iri = view.reading.homes.get(iri, iri)
    slug = view.reading.slugs.get(iri, "")
    if path == ONTOLOGY:
        return ontology_page(view)
    return query_page(view, slug) if slug else _page(view, iri, path)


def _page(view: View, iri: str, path: str) -> str:
    reading = view.reading
    said, inferred = statements_of(reading, iri)
    title, view.about, view.path = view.called(iri), iri, path
    incoming, is_passage = pointing_to(reading, iri), reading.graph.names.of_kind(iri, "passage")
    card = case_cards(view).get(iri) if iri in reading.instances("Case") else None
    aligned = reading.once(("aligned", view.language), lambda: alignments(view))
    prose = Markup("") if is_passage else sentence(view, iri)
    note, definition = view.text(iri, "rdfs:comment"), view.text(iri, "skos:definition")
    parts, suffix = parts_of(reading, iri), "" if path else f"?{urlencode({'iri': iri})}"
    says = said_in(reading, iri) if is_passage else {}
    read = said_in(reading, reading.graph.names.reading(iri)) if is_passage else {}
    return view.render(
        "resource",
        title,
        path=path,
        section="goals" if iri.startswith(SDG) else "resource",
        iri=iri,
        asked={} if path else {"iri": iri},
        types=reading.iris(iri, "rdf:type", inferred=False),
        sentence=prose,
        passages=view.by_label(reading.iris(iri, "passages")),
        description=definition or prose or note,
        definition=definition,
        note=note,
        conflicts=reading.subjects("conflictSubject", iri),
        said=[statement for statement in said if statement.triple.predicate.value not in _NAMING],
        naming=[statement for statement in said if statement.triple.predicate.value in _NAMING],
        card=card,
        aligned=by_statement(view, aligned.get(iri, [])),
        around=_around(view, iri) if is_passage else {},
        inferred=inferred,
        incoming=incoming,
        most=MOST,
        most_open=_MOST_OPEN,
        passage_says=says,
        passage_reads=read,
        parts=[part for part in parts if part.iri not in says],
        part_of={part.iri: part for part in parts},
        statements_html=statements_html,
        citations=citations(reading.store, iri) if is_passage else (),
        formats={
            ending: (DATA_EXTENSIONS[ending], view.links.data(path or "resource", ending) + suffix)
            for ending in view.links.endings
        },
        media_types=EXTENSIONS,
        query=f"DESCRIBE <{iri}>",
    )


def sentence(view: View, iri: str) -> Markup:
    """Return what a thing is in a sentence of clauses with values; "" where its kind is all."""
    kinds = view.by_label(view.reading.iris(iri, "rdf:type", inferred=False))
    parts = [view.many([kind for kind in kinds if kind != f"{SKOS}Concept" or len(kinds) < 2])]
    for text, names in _CLAUSES:
        told = (view.reading.objects(iri, name, inferred=name in _FOLLOWING) for name in names)
        if things := [thing for things in told for thing in things]:
            shown = [view.value(thing) for thing in things[:5]] + [Markup("…")] * (len(things) > 5)
            either = " / " if isinstance(things[0], ox.Literal) else ", "
            parts.append(Markup(view.gettext(text)) % {"things": Markup(either).join(shown)})
    whole = f"{' '.join(parts)}.".replace(" , ", ", ").replace("….", "…")
    return Markup(whole if len(parts) > 1 else "")


def _around(view: View, iri: str) -> dict[str, str]:
    """Return what a passage is part of, and those before and after it there."""
    above = view.reading.iris(iri, "partOf", inferred=False)
    beside = view.reading.subjects("partOf", above[0]) if above else []
    at = beside.index(iri) if iri in beside else 0
    around = {"up": above[0] if above else "", "prev": beside[at - 1] if at else ""}
    return {**around, "next": "".join(beside[at + 1 : at + 2])}


@remembered
def statements_of(reading: Reading, iri: str) -> tuple[list[Proof], list[Proof]]:
    """Return what is said of a resource, and what follows; each by predicate, then by value.

    What a passage says and what is inferred as well counts as said.
    """
    return _split(reading, reading.store.quads_for_pattern(ox.NamedNode(iri), None, None, None))


@remembered
def pointing_to(reading: Reading, iri: str) -> list[Proof]:
    """Return the asserted statements whose value is a resource, by predicate and subject.

    Without parts of data sets that VoID counts, and what has no name (an axiom's restriction).
    """
    quads = reading.store.quads_for_pattern(None, None, ox.NamedNode(iri), None)
    real = (
        quad
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode) and _PARTITION not in quad.subject.value
    )
    return _split(reading, real, proofs=False)[0]


def said_in(reading: Reading, graph: str) -> dict[str, list[Proof]]:
    """Return what a named graph says, by subject; without what describes the graph itself
    and its citations.
    """
    by_subject: dict[str, list[Proof]] = defaultdict(list)
    quads = reading.store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    for quad in sorted(quads, key=lambda q: _order(q.triple)):
        subject = getattr(quad.subject, "value", "")
        if subject and subject != graph and not reading.graph.names.of_kind(subject, "citation"):
            by_subject[subject].append(Proof(quad.triple))
    return dict(sorted(by_subject.items(), key=lambda item: natural(item[0])))


class Part(NamedTuple):
    """What a page tells of beside its thing: a term of a document, or what has no page of its own.

    `beyond` is what follows, `incoming` what points here, the thing itself apart.
    """

    iri: str
    fragment: str
    said: list[Proof]
    beyond: list[Proof]
    incoming: list[Proof]


def parts_of(reading: Reading, iri: str) -> list[Part]:
    """Return the parts of the page of a thing, in order."""
    parts = []
    for part in (*reading.terms.get(iri, ()), *reading.parts.get(iri, ())):
        said, beyond = statements_of(reading, part)
        pointing = pointing_to(reading, part)
        incoming = [each for each in pointing if getattr(each.triple.subject, "value", "") != iri]
        fragment = part.partition("#")[2] or reading.fragments[part]
        parts.append(Part(part, fragment, said, beyond, incoming))
    return parts


def _split(
    reading: Reading, quads: Iterable[ox.Quad], *, proofs: bool = True
) -> tuple[list[Proof], list[Proof]]:
    graphs: dict[ox.Triple, list[GraphName]] = defaultdict(list)
    for quad in quads:
        graphs[quad.triple].append(quad.graph_name)
    said, inferred = [], []
    for triple in sorted(graphs, key=_order):
        names = [g for g in graphs[triple] if getattr(g, "value", "") != INFERRED_GRAPH]
        if names:
            known = reading.graph.explainer.places
            sources = sources_of(reading.store, triple, names, reading.graph.sources, known)
            ordered = sorted(sources, key=lambda source: natural(source.graph))
            said.append(Proof(triple, sources=tuple(ordered)))
        elif proofs:
            inferred.append(reading.proof(triple) or Proof(triple))
    return said, inferred


def _order(triple: ox.Triple) -> tuple[object, ...]:
    name = triple.predicate.value
    rank = _ORDER.index(name if name in _ORDER else GG)
    foreign = not name.startswith(GG)
    value = triple.object
    by_value = natural(value.value) if isinstance(value, ox.NamedNode) else ()
    subject = natural(getattr(triple.subject, "value", ""))
    return (rank, foreign, name, subject, by_value, sort_key(value))


def statements_html(view: View, statements: list[Proof], incoming: bool = False) -> Markup:
    """Return statements as a description list by predicate; `incoming` shows their subjects."""
    arrow = '<span class="arrow" aria-hidden="true">←</span> ' if incoming else ""
    lines, line_of = ['<dl class="statements">'], partial(_source, view)
    places = {replace(source, location=None) for each in statements for source in each.sources}
    if len(places) == 1 < len(statements):  # said once: beside each statement is its line
        line_of = partial(_line, view)
        if said := _source(view, places.pop()):
            lines.insert(0, f'<p class="evidence">{said}</p>')
    for predicate, group in groupby(statements, key=lambda s: s.triple.predicate.value):
        name = predicate.removeprefix(GG)
        takes_part = name == "participant" and incoming
        head = view.link(f"{GG}involvedIn") if takes_part else f"{arrow}{view.link(predicate)}"
        lines.append(f'<div><dt>{head}<dd><ul class="values">')
        for _, proofs in groupby(group, key=lambda s: (s.rule, s.axioms)):
            for proof in (alike := list(proofs)):
                triple = proof.triple
                shown = _shown(view, name, triple.subject if incoming else triple.object, incoming)
                told = filter(None, map(line_of, proof.sources))
                lines.append(f"<li>{shown}{''.join(f'<small>{each}</small>' for each in told)}")
            lines.append(_why(view, alike))
        lines.append("</ul></div>")
    lines.append("</dl>")
    return Markup("\n".join(filter(None, lines)))


def _shown(view: View, name: str, node: Term, incoming: bool) -> Markup:
    path, ways = _HELD.get(name, ("", ()))
    if not path or path.startswith("^") != incoming or not isinstance(node, ox.NamedNode):
        return view.value(node)
    objects = view.reading.objects
    if incoming:
        others = view.reading.subjects(path[1:], node.value)
    else:
        others = view.reading.iris(node.value, path)
    how = [view.value(term) for way in ways for term in objects(node.value, way)]
    shown = Markup(", ").join(view.link(other, view.called(other)) for other in others)
    if not shown:
        return view.value(node)
    return shown + Markup(", <i>{}</i>").format(Markup(", ").join(how)) if how else shown


def _why(view: View, proofs: list[Proof]) -> str:
    """Return why what is said of a thing follows by one rule and its axioms."""
    if not (first := proofs[0]).rule:
        return ""
    why = view.gettext("Why")
    head = f"<summary>{why}: <code>{escape(first.rule)}</code></summary>"
    told = f"{head}{_axioms(view, first.axioms)}{_premises(view, proofs, first.triple.subject)}"
    return f'<details class="proof">{told}</details>'


def _source(view: View, source: Source, cited: bool = True) -> str:
    is_here = source.graph == view.about  # where its citations stand below
    shown = [view.place(source.graph)] if source.graph and not is_here else []
    if len(view.reading.documents) > 1:
        shown += [view.link(work) for work in source.documents]
    word = source.according_to if source.according_to != source.documents else ()
    if works := word or tuple(work for work, _ in source.citations if cited and not is_here):
        said, cites = N_("according to %(works)s"), N_("the passage cites %(works)s")
        text = escape(view.gettext(said if word or source.is_sentence else cites))
        words = text % {"works": Markup("; ").join(map(view.link, works))}
        shown.append(Markup(f"({words})"))
    return " ".join(filter(None, [*shown, _line(view, source)]))


def _line(view: View, source: Source) -> str:
    if not source.location:
        return ""
    shown, href = f"<code>{escape(source.location)}</code>", view.line(source.location)
    return f'<a href="{escape(href)}">{shown}</a>' if href else shown


def _tree(view: View, proof: Proof, about: Term) -> str:
    """Return a premise of what is said about a thing.

    The thing is not named again, nor is told anew why something else said of it follows.
    """
    subject, predicate, value = proof.triple
    named = "" if subject == about else f"{view.value(subject)} "
    if proof.rule:
        by = view.gettext("by")
        why = f" {by} <code>{escape(proof.rule)}</code>"
        if subject != about:
            why += _axioms(view, proof.axioms) + _premises(view, [proof], about)
    else:
        leaves = "; ".join(_source(view, source, cited=False) for source in proof.sources)
        why = f' <span class="leaf">{leaves}</span>' if leaves else ""
    return f"<li>{named}<i>{escape(view.label(predicate.value))}</i> {view.value(value)}{why}"


def _axioms(view: View, axioms: tuple[Proof, ...]) -> str:
    told, name = escape(view.graph.explainer.teller.axioms(axioms)), view.gettext("axiom")
    return f'<div class="axiom">{name}: <code>{told}</code></div>' if told else ""


def _premises(view: View, proofs: list[Proof], about: Term) -> str:
    premises = dict.fromkeys(
        _tree(view, premise, about) for proof in proofs for premise in proof.premises
    )
    return f'<ul class="tree">{"".join(premises)}</ul>' if premises else ""
