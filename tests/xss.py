"""Texts that break out of a page which does not escape them; what gets out sets a flag."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from first_study import NAMED, STUDY
from govgraph import KnowledgeGraph
from govgraph.assembly.assemble import LocalGraph
from govgraph.rdf.source_map import SourceMap
from govgraph.vocabulary import BASE, GG, RDF, RDFS

_CODE: Final = "window.caught=1"

CORPUS: Final = (
    f"<script>{_CODE}</script>",
    f'"><img src=x onerror={_CODE}>',
    f"'><svg onload={_CODE}>",
    f"</title><script>{_CODE}</script>",
    f"</textarea><script>{_CODE}</script>",
    f"</script><script>{_CODE}</script>",
    f"</style><script>{_CODE}</script>",
    "{{ 7 * 7 }}{% include 'x' %}",
    f"javascript:{_CODE}",
    f"&lt;script&gt;{_CODE}&lt;/script&gt;",
    f"<!--<img src=--><img src=x onerror={_CODE}//>",
    "\u202eRTL & 'single' \"double\" `back`",
    f'<a href="javascript:{_CODE}">x</a>',
    f"]]><script>{_CODE}</script>",
    f"<iframe srcdoc='<script>parent.{_CODE[7:]}</script>'>",
    f"<details open ontoggle={_CODE}>",
    f'<math><mtext><table><mglyph><style><img src=x onerror="{_CODE}">',
)
"""Literals and labels; the first is the plainest."""

IRIS: Final = (
    f"javascript:{_CODE}",
    f"data:text/html,<script>{_CODE}</script>".replace("<", "%3C").replace(">", "%3E"),
    f"vbscript:{_CODE}",
)
"""IRIs that are programs where they are followed."""


def hostile_graph() -> KnowledgeGraph:
    """Return a graph whose labels, notes, datatypes and IRIs try to break out."""
    store = ox.Store()
    graph = ox.NamedNode(f"{STUDY}passage/9/1")
    odd = ox.NamedNode(f"{STUDY}actor/'onmouseover='{_CODE}")
    up = ox.NamedNode(f"{STUDY}case/../../../../etc/passwd")
    for number, text in enumerate(CORPUS):
        node = ox.NamedNode(f"{STUDY}case/hostile-{number}")
        values = (
            (f"{RDF}type", ox.NamedNode(f"{GG}Case")),
            (f"{RDFS}label", ox.Literal(text, language="en")),
            (f"{RDFS}comment", ox.Literal(text, language="es")),
            (f"{GG}nameAsPrinted", ox.Literal(text)),
            (f"{GG}value", ox.Literal(text, datatype=ox.NamedNode(f"{BASE}type'onload='x"))),
            *((f"{GG}about", ox.NamedNode(iri)) for iri in IRIS),
            (f"{GG}about", odd),
            (f"{GG}place", up),
        )
        for name, value in values:
            store.add(ox.Quad(node, ox.NamedNode(name), value, graph))
    for node, label in ((odd, "odd"), (up, "up")):
        store.add(ox.Quad(node, ox.NamedNode(f"{RDFS}label"), ox.Literal(label), graph))
    return KnowledgeGraph(LocalGraph(store, SourceMap(), (NAMED,)))
