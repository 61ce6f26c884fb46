"""The statements of a resource, grouped, each as the proof of it: passages, or a rule.

HTML is written here rather than in templates: a site holds a hundred thousand statements.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from typing import Final

import pyoxigraph as ox
from markupsafe import Markup, escape

from govgraph.explanation.proof import Proof, Source, sources_of
from govgraph.rdf.terms import GraphName
from govgraph.results.values import sort_key
from govgraph.texts import N_
from govgraph.vocabulary import GG, INFERRED_GRAPH, RDFS, SKOS
from govgraph.web.pages.reading import LABEL, TYPE, Reading, natural, remembered
from govgraph.web.pages.rendering import View

MOST: Final = 1_000
"""Statements of one kind (said, inferred, pointing here) that a page shows; the data have all."""

_FIRST: Final = (
    TYPE, LABEL, f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{GG}nameAsPrinted",
    f"{SKOS}definition", f"{RDFS}comment",
)  # fmt: skip
_PARTITION: Final = "/dataset#"
"""What the IRIs of the parts of a data set hold, which VoID counts."""


@remembered
def statements_of(reading: Reading, iri: str) -> tuple[list[Proof], list[Proof]]:
    """Return what is said of a resource, and what follows; each by predicate, then by value.

    What a passage says and what is inferred as well counts as said.
    """
    return _split(reading, reading.store.quads_for_pattern(ox.NamedNode(iri), None, None, None))


@remembered
def pointing_to(reading: Reading, iri: str) -> list[Proof]:
    """Return the asserted statements whose value is a resource, by predicate and subject."""
    quads = reading.store.quads_for_pattern(None, None, ox.NamedNode(iri), None)
    real = (q for q in quads if _PARTITION not in str(getattr(q.subject, "value", "")))
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


def about(reading: Reading, iris: Iterable[str]) -> dict[str, list[Proof]]:
    """Return what is said of each of some things, such as the terms of a vocabulary."""
    return {iri: statements_of(reading, iri)[0] for iri in iris}


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
            sources = sources_of(reading.store, triple, names, reading.graph.sources)
            ordered = sorted(sources, key=lambda source: natural(source.graph))
            said.append(Proof(triple, sources=tuple(ordered)))
        elif proofs:
            inferred.append(reading.proof(triple) or Proof(triple))
    return said, inferred


def _order(triple: ox.Triple) -> tuple[object, ...]:
    name = triple.predicate.value
    rank = _FIRST.index(name) if name in _FIRST else len(_FIRST)
    foreign = not name.startswith(GG)
    value = triple.object
    by_value = natural(value.value) if isinstance(value, ox.NamedNode) else ()
    subject = natural(getattr(triple.subject, "value", ""))
    return (rank, foreign, name, subject, by_value, sort_key(value))


def statements_html(view: View, statements: list[Proof], incoming: bool = False) -> Markup:
    """Return statements as a description list by predicate; `incoming` shows their subjects."""
    arrow = '<span class="arrow" aria-hidden="true">←</span> ' if incoming else ""
    parts = ['<dl class="statements">']
    for predicate, group in groupby(statements, key=lambda s: s.triple.predicate.value):
        parts.append(f"<div><dt>{arrow}{view.link(predicate)}</dt>")
        parts.append('<dd><ul class="values">')
        for statement in group:
            triple = statement.triple
            shown = view.value(triple.subject if incoming else triple.object)
            parts.append(f'<li><div class="value">{shown}</div>')
            parts.append(_evidence(view, statement))
            parts.append("</li>")
        parts.append("</ul></dd></div>")
    parts.append("</dl>")
    return Markup("\n".join(parts))


def _evidence(view: View, statement: Proof) -> Markup:
    """Return where a statement is said, or why it follows."""
    if statement.rule:
        why = view.gettext("Why")
        rule = f"<code>{escape(statement.rule)}</code>"
        head = f'<details class="proof"><summary>{why}: {rule}</summary>'
        return Markup(f"{head}\n{_tree(view, statement)}\n</details>")
    if not statement.sources:
        return Markup("")
    label = view.gettext("Stated in")
    items = (f"<li>{_source(view, source)}</li>" for source in statement.sources)
    return Markup("\n".join([f'<ul class="evidence" aria-label="{label}">', *items, "</ul>"]))


def _source(view: View, source: Source, cited: bool = True) -> str:
    parts = [view.place(source.graph)] if source.graph else []
    if len(view.reading.documents) > 1:
        parts += [view.link(work) for work in source.documents]
    word = source.according_to
    if works := word or tuple(work for work, _ in source.citations if cited):
        said, cites = N_("according to %(works)s"), N_("the passage cites %(works)s")
        text = view.gettext(said if word or source.is_sentence else cites)
        words = Markup(text) % {"works": Markup("; ").join(map(view.link, works))}
        parts.append(Markup('<span class="cites">({})</span>').format(words))
    if source.location:
        parts.append(Markup('<code class="where">{}</code>').format(source.location))
    return " ".join(parts)


def _tree(view: View, proof: Proof) -> str:
    subject, value = view.value(proof.triple.subject), view.value(proof.triple.object)
    predicate = f'<span class="predicate">{view.link(proof.triple.predicate.value)}</span>'
    parts = [f'<ul class="tree"><li>{subject} {predicate} {value}']
    if proof.rule:
        by = view.gettext("by")
        parts.append(f'<span class="rule">{by} <code>{escape(proof.rule)}</code></span>')
        axioms = view.graph.explainer.teller.axioms(proof.axioms)
        if axioms:
            name = view.gettext("axiom")
            parts.append(f'<div class="axiom">{name}: <code>{escape(axioms)}</code></div>')
        parts += [_tree(view, premise) for premise in proof.premises]
    else:
        leaves = "; ".join(_source(view, source, cited=False) for source in proof.sources)
        parts.append(f'<span class="leaf">{leaves}</span>')
    parts.append("</li></ul>")
    return "\n".join(parts)
