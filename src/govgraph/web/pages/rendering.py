"""Templates to HTML: one environment, everything escaped, nothing inline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import jinja2
import pyoxigraph as ox
from markupsafe import Markup, escape

from govgraph.resources import __version__
from govgraph.vocabulary import BASE, RDF, XSD
from govgraph.web.languages import LANGUAGES, Language
from govgraph.web.pages.links import Links
from govgraph.web.pages.names import graph_name, short_iri
from govgraph.web.pages.reading import Reading

if TYPE_CHECKING:
    from govgraph.web.graph import PublishedGraph

SECTIONS: Final = {
    "index": ("Start", "Inicio"),
    "cases": ("Cases", "Casos"),
    "comparison": ("Comparison", "Comparación"),
    "actors": ("Actors", "Actores"),
    "instruments": ("Instruments", "Instrumentos"),
    "goals": ("Goals", "Objetivos"),
    "networks": ("Networks", "Redes"),
    "tables": ("Tables", "Tablas"),
    "conflicts": ("Conflicts", "Conflictos"),
    "claims": ("Claims", "Afirmaciones"),
    "queries": ("Queries", "Consultas"),
    "sparql": ("SPARQL", "SPARQL"),
    "ontology": ("Ontology", "Ontología"),
    "validation": ("Validation", "Validación"),
}
"""The pages of the navigation: name -> its title in English and Spanish."""

_PLAIN: Final = {f"{XSD}string", f"{RDF}langString"}
_SENTENCE: Final = 5
"""Spaces in the shortest label that is a sentence: "Acme and Sons Inc." is none."""
_WEB: Final = ("http://", "https://")


@cache
def environment() -> jinja2.Environment:
    """Return the environment of the templates; a name that is missing is an error."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("govgraph.web", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@dataclass(frozen=True)
class View:
    """One page in one language: what it reads and where its links lead."""

    reading: Reading
    links: Links
    _links: dict[tuple[str, str], Markup] = field(default_factory=dict, repr=False, compare=False)

    @property
    def language(self) -> Language:
        """The language of the page."""
        return self.links.language

    @property
    def graph(self) -> PublishedGraph:
        """The graph the page shows."""
        return self.reading.graph

    def say(self, english: str, spanish: str) -> str:
        """Return the text in the language of the page."""
        return spanish if self.language == "es" else english

    def label(self, iri: str) -> str:
        """Return the label of a thing in the language of the page."""
        return self.reading.label(iri, self.language)

    def inline(self, iri: str) -> Markup:
        """Return a link to a thing inside a line: a sentence as its label has no full stop."""
        label = self.label(iri)
        sentence = label.endswith(".") and label.count(" ") >= _SENTENCE
        return self.link(iri, label.removesuffix(".") if sentence else "")

    def href(self, iri: str) -> str:
        """Return the address of the page of an IRI, of the thing itself abroad, or ""."""
        if iri in self.reading.described:
            return self.links.term(iri)
        return iri if iri.startswith(_WEB) and not iri.startswith(BASE) else ""

    def link(self, iri: str, text: str = "") -> Markup:
        """Return a link to a thing, named by its label."""
        if (iri, text) not in self._links:
            self._links[iri, text] = self._link(iri, text)
        return self._links[iri, text]

    def _link(self, iri: str, text: str) -> Markup:
        shown, href = escape(text or self.label(iri)), self.href(iri)
        if not href:
            return Markup(f'<span class="iri">{shown}</span>')
        kind = ' class="abroad" rel="noopener"' if href.startswith(_WEB) else ""
        return Markup(f'<a href="{escape(href)}"{kind}>{shown}</a>')

    def many(self, iris: list[str], empty: str = "") -> Markup:
        """Return links to things, with commas."""
        return Markup(", ").join(self.inline(each) for each in iris) or escape(empty)

    def place(self, graph: str) -> Markup:
        """Return a link to the passage or file that states something."""
        return self.link(graph, graph_name(self.reading, graph, self.language))

    def value(self, node: Any) -> Markup:
        """Return a term: a link for an IRI; a literal with its language or datatype."""
        if isinstance(node, ox.NamedNode):
            return self.link(node.value)
        if not isinstance(node, ox.Literal):
            return Markup(f'<span class="iri">{escape(str(node))}</span>')
        text = escape(node.value)
        if node.language:
            name = escape(node.language)
            tag = "" if name == self.language else f' <span class="tag">{name}</span>'
            return Markup(f'<span lang="{name}">{text}</span>{tag}')
        kind = node.datatype.value
        if kind in _PLAIN:
            return Markup(f'<span class="text">{text}</span>')
        return Markup(f'<span class="number" title="{escape(short_iri(kind))}">{text}</span>')

    def render(self, template: str, path: str, title: str, **values: Any) -> str:
        """Return a whole page; `path` is its name, the same in both languages."""
        number: int = values.get("number", 1)
        other: Language = "en" if self.language == "es" else "es"
        text = environment().get_template(template).render(
            view=self, say=self.say, links=self.links, reading=self.reading,
            path=path, title=title, other=other,
            other_href=self.links.page(path, other, number), number_of_page=number,
            sections=SECTIONS, section=values.pop("section", path), version=__version__,
            base=BASE, languages=LANGUAGES, **values,
        )  # fmt: skip
        return "\n".join(line.rstrip() for line in text.split("\n") if line.strip()) + "\n"


Renderer = Callable[[View], str]


def view_of(graph: PublishedGraph, language: Language, links: Links | None = None) -> View:
    """Return the view of a graph in a language; `links` are those of a server by default."""
    from govgraph.web.pages.reading import reading_of

    return View(reading_of(graph), (links or Links()).within(language))
