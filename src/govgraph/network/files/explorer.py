"""A network as one page for a browser: everything is in the file, and nothing is fetched.

The page's own code is built from `web/explorer` (sigma.js and graphology, by way of npm) into
`web/explorer/dist`; a wheel carries it as `govgraph/bundled/explorer`. A content security policy
lets the page run only that code, and open no connection at all.
"""

import base64
import hashlib
import html
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from string import Template
from typing import IO, Any, Final

import networkx as nx

from govgraph.errors import UsageError
from govgraph.network.files.columns import Column, Sheet, values_of
from govgraph.network.pictures.legend import edge_widths, line_styles
from govgraph.network.pictures.style import UNKNOWN, Style, complete, palette_of, weights_of
from govgraph.network.reading.spells import ALWAYS, spells_of
from govgraph.network.reading.values import about, listed
from govgraph.network.reading.words import NAMES, said, word
from govgraph.resources import built_file
from govgraph.texts import N_, interface_language, texts_of_page, translations

_NOSCRIPT: Final = N_("This page draws a network and needs JavaScript, which is switched off.")
_COLOURED: Final = ("sector", "kind", "case", "community")
_SPECIAL: Final = frozenset(
    {"label", "sector", "kind", "case", "start", "end", "periods", "passages", "stated_in",
     "shared", "iri", "louvain"}
)  # fmt: skip
_SMALLEST: Final = 4.0
_LARGEST: Final = 16.0
"""Radii of nodes on the screen, in pixels."""


@dataclass(frozen=True)
class Site:
    """The site around a network's page: where that leads back to, and the pages of ids it shows."""

    back: str
    back_text: str
    home: str
    name: str
    pages: Mapping[str, str]


def write_html(
    graph: nx.Graph, stream: IO[bytes], style: Style | None = None, site: Site | None = None
) -> None:
    """Write a network as a page that needs no network and no other file.

    As part of a site its ids lead to their pages. Raises UsageError with the command that builds
    it where the page's code is missing.
    """
    page, script, css = (_part(name) for name in ("page.html", "explorer.js", "explorer.css"))
    title = str(graph.graph.get("title") or graph.graph.get("name") or said(graph, N_("Network")))
    data = page_data(graph, style)
    told = html.escape(translations(data["lang"]).gettext(_NOSCRIPT))
    if site is not None:
        told += f' <a href="{html.escape(site.back)}">{html.escape(site.back_text)}</a>'
        pages = dict(sorted(site.pages.items()))
        data["site"] = vars(site) | {"backText": site.back_text, "pages": pages}
    text = Template(page).substitute(
        lang=html.escape(data["lang"]), title=html.escape(title), policy=policy(), style=css,
        script=script, data=_embedded(data), noscript=told,
    )  # fmt: skip
    stream.write(text.encode())


@cache
def _part(name: str) -> str:
    content = built_file("explorer", name)
    if content is not None:
        return content.decode()
    raise UsageError(
        "The page's code is not built: run `make explorer` in the checkout, which needs Node.js"
        " and npm (on Debian and Ubuntu: apt-get install nodejs npm)."
    )


@cache
def policy() -> str:
    """Return a content security policy (W3C, level 3) that allows this code and nothing else."""
    script, style = _part("explorer.js"), _part("explorer.css")
    sources = [
        f"{kind}-src 'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for kind, text in (("script", script), ("style", style))
    ]
    closed = ("default-src 'none'", "base-uri 'none'", "form-action 'none'")
    return "; ".join((*closed, *sources))


def _embedded(data: Mapping[str, Any]) -> str:
    """Return JSON that no text in it can break out of its element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def page_data(graph: nx.Graph, style: Style | None = None) -> dict[str, Any]:
    """Return what the page shows: nodes, edges (by the numbers of their nodes), colours, years.

    `lang` is the language of its texts; a label in another one says which it is.
    """
    style = complete(graph, style)
    lang = interface_language(str(graph.graph.get("lang") or "en"))
    languages = about(graph, "languages")
    sheet = Sheet(graph, style)
    number = {name: index for index, name in enumerate(sheet.ids.values())}
    measures = [column for column in sheet.node_columns if _varies(graph, column)]
    facts = [c for c in sheet.node_columns if c.name not in _SPECIAL and c not in measures]
    edge_facts = [column for column in sheet.edge_columns if column.name not in _SPECIAL]
    scale = _LARGEST / max(style.sizes.values(), default=1.0)
    nodes = [
        _present(
            {
                "id": row.id,
                "label": row.label,
                "lang": languages.get(node) if languages.get(node) != lang else None,
                "x": float(style.positions[node][0]),
                "y": float(style.positions[node][1]),
                "size": round(max(style.sizes[node] * scale, _SMALLEST), 2),
                "sector": " + ".join(listed(row.attributes.get("sector"))) or None,
                "case": " + ".join(listed(row.attributes.get("case"))) or None,
                "community": row.attributes.get("louvain"),
                "measures": _present(values_of(measures, row.attributes)),
                **_described(row.attributes, facts),
            }
        )
        for node, row in zip(graph, sheet.nodes(), strict=True)
    ]
    edges = [
        _present(
            {
                "source": number[row.source],
                "target": number[row.target],
                "weight": row.weight,
                "width": width,
                "shared": listed(row.attributes.get("shared")),
                **_described(row.attributes, edge_facts),
            }
        )
        for row, width in zip(sheet.edges(), edge_widths(weights_of(graph)), strict=True)
    ]
    colours = _colours(nodes)
    ties = {" + ".join(listed(k)): colour for k, (colour, _) in line_styles(graph).items()}
    spells = [spell for element in (*nodes, *edges) for spell in element.get("spells", ())]
    years = [year for spell in spells for year in spell if year is not None]
    return {
        "title": str(graph.graph.get("title") or graph.graph.get("name") or ""),
        "description": str(graph.graph.get("description") or ""),
        "lang": lang,
        "texts": texts_of_page("explorer", lang),
        "directed": graph.is_directed(),
        "nodes": nodes,
        "edges": edges,
        "measures": [column.title for column in measures],
        "sizeBy": style.size_by or "strength",
        "colours": colours | ({"tie": ties} if ties else {}),
        "colourBy": style.colour_by if style.colour_by in colours else next(iter(colours), ""),
        "years": [min(years), max(years)] if years else None,
        "words": {name: word(graph, name) for name in NAMES} | about(graph, "words"),
    }


def _varies(graph: nx.Graph, column: Column) -> bool:
    """Tell whether a column holds numbers that a size could tell apart."""
    is_part = column.name in ("louvain", "start", "end", "component", "code")
    if is_part or column.type not in ("double", "integer", "long"):
        return False
    return len({column.value(data) for _, data in graph.nodes(data=True)} - {None}) > 1


def _described(attributes: Mapping[str, Any], facts: Iterable[Column]) -> dict[str, Any]:
    """Return what nodes and edges have alike: kind, spells, passages, and other columns."""
    spells, passages = spells_of(attributes), attributes.get("passages")
    return {
        "kind": " + ".join(listed(attributes.get("kind"))) or None,
        "spells": None if spells == [ALWAYS] else [list(spell) for spell in spells],
        "passages": listed(attributes.get("stated_in") if passages is None else passages),
        "facts": [[title, _shown(value)] for title, value in values_of(facts, attributes).items()],
    }


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values there are, and that JSON can hold; floats with six digits."""
    present = {}
    for name, value in values.items():
        if isinstance(value, float):
            if math.isfinite(value):
                present[name] = float(f"{value:.6g}")
        elif value is not None and value != []:
            present[name] = value
    return present


def _colours(nodes: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    nodes = list(nodes)
    colours = {}
    for name in _COLOURED:
        values = [node.get(name) for node in nodes]
        # A node of several sectors has the colour of the first; each alone has its own.
        parts = [part for v in values if v is not None for part in {v, *str(v).split(" + ")}]
        if parts:
            palette = palette_of(parts if name != "community" else [v for v in values if v])
            colours[name] = {
                str(value): "#{:02x}{:02x}{:02x}".format(*(colour or UNKNOWN))
                for value, colour in sorted(palette.items(), key=lambda item: str(item[0]))
            }
    return colours
