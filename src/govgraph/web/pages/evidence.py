"""Statements as HTML with what they rest on: passages, or a proof as a tree.

Written in Python rather than as template macros: a site holds a hundred thousand of them.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
from markupsafe import Markup, escape

from govgraph.explanation import Proof, Source
from govgraph.web.pages.rendering import View
from govgraph.web.pages.statements import Statement


def groups_html(
    view: View, groups: Iterable[tuple[str, list[Statement]]], incoming: bool = False
) -> Markup:
    """Return statements by predicate as a description list; `incoming` shows their subjects."""
    arrow = '<span class="arrow" aria-hidden="true">←</span> ' if incoming else ""
    parts = ['<dl class="statements">']
    for predicate, statements in groups:
        parts.append(f"<div><dt>{arrow}{view.link(predicate)}</dt>")
        parts.append('<dd><ul class="values">')
        for statement in statements:
            triple = statement.triple
            shown = view.value(triple.subject if incoming else triple.object)
            parts.append(f'<li><div class="value">{shown}</div>')
            parts.append(evidence_html(view, statement))
            parts.append("</li>")
        parts.append("</ul></dd></div>")
    parts.append("</dl>")
    return Markup("\n".join(parts))


def evidence_html(view: View, statement: Statement) -> Markup:
    """Return where a statement is said, or why it follows."""
    if statement.proof is not None:
        return _proof(view, statement.proof)
    if not statement.sources:
        return Markup("")
    label = view.gettext("Stated in")
    items = (f"<li>{_source(view, source)}</li>" for source in statement.sources)
    return Markup("\n".join([f'<ul class="evidence" aria-label="{label}">', *items, "</ul>"]))


def _source(view: View, source: Source, cited: bool = True) -> str:
    text = str(view.place(source.graph)) if source.graph else ""
    if cited and source.citations:
        works = "; ".join(view.link(work) for work, _ in source.citations)
        text += f' <span class="cites">({works})</span>'
    return text + _where(source)


def _where(source: Source) -> str:
    return f' <code class="where">{escape(source.location)}</code>' if source.location else ""


def _proof(view: View, proof: Proof) -> Markup:
    rule = escape(proof.rule or view.gettext("asserted"))
    why = view.gettext("Why")
    head = f"<summary>{why}: <code>{rule}</code></summary>"
    return Markup(f'<details class="proof">{head}\n{_tree(view, proof)}\n</details>')


def _triple(view: View, triple: ox.Triple) -> str:
    predicate = view.link(triple.predicate.value)
    return (
        f'{view.value(triple.subject)} <span class="predicate">{predicate}</span>'
        f" {view.value(triple.object)}"
    )


def _tree(view: View, proof: Proof) -> str:
    parts = [f'<ul class="tree"><li>{_triple(view, proof.triple)}']
    if proof.rule:
        by = view.gettext("by")
        parts.append(f'<span class="rule">{by} <code>{escape(proof.rule)}</code></span>')
        axioms = view.reading.axioms.line(proof.axioms)
        if axioms:
            name = view.gettext("axiom")
            parts.append(f'<div class="axiom">{name}: <code>{escape(axioms)}</code></div>')
        parts += [_tree(view, premise) for premise in proof.premises]
    else:
        leaves = "; ".join(_source(view, source, cited=False) for source in proof.sources)
        parts.append(f'<span class="leaf">{leaves}</span>')
    parts.append("</li></ul>")
    return "\n".join(parts)
