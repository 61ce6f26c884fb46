"""Templates to HTML: everything escaped, nothing inline, texts from the message catalogues.

Beside them the fixed files of the site, and the policies that say what its pages may load.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode

import jinja2
import pyoxigraph as ox
from markupsafe import Markup, escape

from govgraph.coding.study import Texts
from govgraph.network.files import explorer
from govgraph.queries.parameters import Described
from govgraph.rdf.source_map import Location
from govgraph.rdf.terms import Term
from govgraph.resources import __version__, built_file
from govgraph.texts import N_, language_name, number, translations
from govgraph.vocabulary import RDF, SDG, XSD
from govgraph.web.describe import PublishedGraph
from govgraph.web.pages.links import Links, encoded
from govgraph.web.pages.names import Names
from govgraph.web.pages.reading import Reading, languages_of, reading_of

Row = dict[str, Term]
"""A row of an answer: column -> term, without what is unbound."""

SECTIONS: Final = {
    "index": (N_("Start"), "", 0),
    "cases": (N_("Cases"), "Case", 1),
    "comparison": (N_("Comparison"), "Case", 2),
    "actors": (N_("Actors"), "Actor", 1),
    "instruments": (N_("Instruments"), "Arrangement", 1),
    "goals": (N_("Goals"), "SdgAlignment", 1),
    "networks": (N_("Networks"), "", 0),
    "conflicts": (N_("Conflicts"), "Conflict", 1),
    "claims": (N_("Claims"), "DerivedClaim", 1),
    "queries": (N_("Queries"), "", 0),
    "data": (N_("Data"), "", 0),
    "search": (N_("Search"), "", 0),
    "sparql": ("SPARQL", "", 0),
    "ontology": (N_("Ontology"), "", 0),
    "validation": (N_("Validation"), "", 0),
}
"""The pages of the navigation: name -> its title, and how many members of a class it needs."""
_BELOW: Final = ("search", "sparql", "ontology", "validation")
"""Those that the head of a page does not lead to: its foot does."""
_PLAIN: Final = {f"{XSD}string", f"{RDF}langString"}
_DESCRIBED: Final = 300  # letters of a description that a search engine shows
_SENTENCE: Final = 5
"""Spaces in the shortest label that is a sentence: "Acme and Sons Inc." is none."""
_CREATIVE_COMMONS: Final = re.compile(
    r"https?://creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/([0-9.]+)/?"
)
_WEB: Final = ("http://", "https://")
_LINE_END: Final = re.compile(r"(?<![ \t])[ \t]*\n(?:[ \t]*\n)*")


def bar(value: float, most: float) -> Markup:
    """Return one bar of a table of bars, as long as its share of the greatest."""
    width = round(100 * value / most, 2) if most else 0
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><rect width="{}" height="10"/></svg>'
    ).format(width)


@cache
def environment(language: str) -> jinja2.Environment:
    """Return the templates with their texts in a language; a name that is missing is an error."""
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("govgraph.web", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    templates.policies["ext.i18n.trimmed"] = True
    catalogue = translations(language)
    templates.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    templates.globals["bar"] = bar
    templates.globals["m"] = templates.get_template("macros.html").module
    return templates


class View(Names):
    """One page in one language: what it reads, what things are called, where its links lead."""

    def __init__(self, reading: Reading, links: Links):
        super().__init__(reading, links.language)
        self.graph, self.study = reading.graph, reading.graph.study  # that of several the first
        self.links, self.below, self.about, self.path = links, _BELOW, "", ""

    @cached_property
    def sections(self) -> dict[str, str]:
        """The pages of the navigation that have something to show: name -> title."""
        return {
            name: self.gettext(title)
            for name, (title, kind, least) in SECTIONS.items()
            if not kind or len(self.reading.instances(kind)) >= least
            if name != "networks" or self.reading.networks
            if name != "comparison" or any(s.startswith("compare/") for s in self.reading.queries)
        }

    def told_by_study(self, texts: Texts) -> Markup:
        """Return a text of the study in the language of the page, else in its first one."""
        tags = [self.language, *self.study.languages, *texts]
        found = (t for tag in tags for t in texts if f"{t}-".startswith(f"{tag}-"))
        tag = next(found, "")
        other = "" if tag.partition("-")[0] == self.language else tag
        return self.said(other, texts.get(tag, ""))

    @cached_property
    def brand(self) -> str:
        """What the site is called: the short title of the study, else its title."""
        texts = self.study.short_title or self.study.title
        return self.told_by_study(texts).striptags() or self.gettext("Untitled study")

    @property
    def licence(self) -> str:
        """The name of the licence: that of Creative Commons, else its IRI."""
        match = _CREATIVE_COMMONS.match(self.study.licence)
        if match is None:
            return self.study.licence
        kind, version = match.groups()
        return f"CC0 {version}" if kind == "zero" else f"CC {kind.upper()} {version}"

    def citation(self) -> str:
        """Return how to cite the study: by whom, when, what, and where."""
        study = self.study
        by = "; ".join(agent.name for agent in study.creators)
        year = f"({study.issued[:4]})" if study.issued else ""
        version = self.gettext("Version %(number)s") % {"number": study.version}
        publisher = study.publisher.name if study.publisher else ""
        title = self.told_by_study(study.title).striptags()
        parts = (f"{by} {year}".strip(), title, version if study.version else "", publisher)
        return " ".join([*(f"{part}." for part in parts if part), study.base]) if title else ""

    def number(self, value: float, decimals: int | None = None) -> str:
        """Return a number as it is written in the language of the page."""
        return number(value, self.language, decimals)

    def said(self, language: str | None, text: str) -> Markup:
        """Return a text; one in another language than the page's says which it is."""
        if not language or language == self.language:
            return escape(text)
        return Markup('<span lang="{}">{}</span>').format(language, text)

    def text(self, iri: str, name: str) -> Markup:
        """Return a text that the graph says of a thing, in the language of names if it can."""
        text = self.reading.text(iri, name, self.label_language)
        return self.said(text.language, text.value)

    def told(self, described: Described, name: str) -> Markup:
        """Return what the header of a stored query says, in the language of the page if it can."""
        return self.said(*described.told(name, self.language))

    def named(self, iri: str) -> Markup:
        """Return the label of a thing without a link."""
        return self.said(self.language_of(iri), self.label(iri))

    def called(self, iri: str) -> str:
        """Return the label of a thing; a goal, target or indicator has its number before it."""
        number = f"{self.reading.notation(iri)} " if iri.startswith(SDG) else ""
        return f"{number}{self.label(iri)}"

    def rows(self, slug: str, **arguments: Any) -> list[Row]:
        """Return the answer to a stored query in the language of the page; [] without the query."""
        query = self.graph.queries.get(slug)
        if query is None:
            return []
        if "lang" in query.parameters:
            arguments["lang"] = self.label_language
        result = self.graph.query(slug, **arguments)
        return [
            {name: term for name, term in zip(result.columns, row, strict=True) if term is not None}
            for row in result.rows
        ]

    def inline(self, iri: str) -> Markup:
        """Return a link to a thing inside a line: a sentence as its label has no full stop."""
        label = self.label(iri)
        sentence = label.endswith(".") and label.count(" ") >= _SENTENCE
        if not sentence:
            return self.link(iri)
        return self.link(iri, label.removesuffix("."), self.language_of(iri))

    def href(self, iri: str) -> str:
        """Return the address of the page of an IRI, of the thing itself abroad, or ""."""
        if (path := self.reading.described.get(iri)) is not None:
            fragment = iri.partition("#")[2] or self.reading.fragments.get(iri, "")
            page = "" if fragment and path == self.path else self.links.page(path)
            return page + (f"#{encoded(fragment)}" if fragment else "")
        if self.links.live and iri in self.reading.unplaced:
            return f"{self.links.page('resource')}?{urlencode({'iri': iri})}"
        return iri if iri.startswith(_WEB) and not self.reading.paths.is_own(iri) else ""

    def link(self, iri: str, text: str = "", language: str = "") -> Markup:
        """Return a link to a thing, named by its label or by a text, which may be in a language."""
        shown, href = escape(text or self.label(iri)), self.href(iri)
        language = language if text else self.language_of(iri)
        said = f' lang="{escape(language)}"' if language and language != self.language else ""
        if not href or iri == self.about:  # a link to the page itself leads nowhere
            return Markup(f'<span class="iri"{said}>{shown}</span>')
        kind = ' class="abroad"' if href.startswith(_WEB) else ""
        return Markup(f'<a href="{escape(href)}"{kind}{said}>{shown}</a>')

    def many(self, iris: list[str], between: str = ", ") -> Markup:
        """Return links to things, with commas."""
        return Markup(between).join(self.inline(iri) for iri in iris)

    def place(self, graph: str) -> Markup:
        """Return a link to the passage or file that states something."""
        return self.link(graph, self.graph_name(graph))

    def places(self, graphs: list[str], between: str = ", ") -> Markup:
        """Return links to passages, with commas."""
        return Markup(between).join(map(self.place, graphs))

    def line(self, location: Location) -> str:
        """Return the address of the line of a file in the repository of its study, "" for none."""
        path, studies = location.path, self.graph.studies
        study = next((s for s in studies if path.startswith(f"{s.name}/")), self.study)
        words = {"{path}": encoded(path.removeprefix(f"{study.name}/")), "{line}": location.line}
        return re.sub(r"\{path\}|\{line\}", lambda at: str(words[at[0]]), study.repository)

    def value(self, node: Term) -> Markup:
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
            return text
        return Markup(f'<span class="number" title="{escape(self.short(kind))}">{text}</span>')

    def table_rows(self, rows: Iterable[Iterable[Term | None]]) -> Markup:
        """Return the rows of a table, one line each."""
        lines = (("" if term is None else self.value(term) for term in row) for row in rows)
        return Markup("\n".join(f"<tr><td>{'<td>'.join(cells)}" for cells in lines))

    def render(self, template: str, title: str, path: str = "", **values: Any) -> str:
        """Return a whole page; `path` is its name where that is not the name of the template."""
        path = path or template
        # What an address needs beside its path: which thing of another namespace it is about.
        suffix = f"?{urlencode(asked)}" if (asked := values.pop("asked", None)) else ""
        others = [
            (tag, language_name(tag), self.links.page(path, tag) + suffix)
            for tag in languages_of(self.graph)
        ]
        told = Markup(values.pop("description", "") or self.told_by_study(self.study.lede))
        description = told.striptags()
        if len(description) > _DESCRIBED:
            description = f"{description[: _DESCRIBED - 1].rpartition(' ')[0]}…"
        text = environment(self.language).get_template(f"{template}.html").render(
            view=self, links=self.links, reading=self.reading, path=path, title=title,
            suffix=suffix, alternates=others, description=description,
            others=[other for other in others if other[0] != self.language], sections=self.sections,
            section=values.pop("section", path), version=__version__, study=self.study, **values,
        )  # fmt: skip
        return _LINE_END.sub("\n", text)


def grouped_by(rows: list[Row], *columns: str) -> Mapping[tuple[str, ...], list[Row]]:
    """Return rows by the text of some of their columns, in the order of the rows."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(text_of(row, name) for name in columns), []).append(row)
    return groups


def text_of(row: Row, column: str) -> str:
    """Return the IRI or text of a cell; "" where it is unbound."""
    return str(getattr(row.get(column), "value", ""))


def distinct(rows: list[Row], column: str) -> list[str]:
    """Return the different values of a column as text, in the order of the rows."""
    return list(dict.fromkeys(text_of(row, column) for row in rows if column in row))


def view_of(graph: PublishedGraph, language: str, links: Links | None = None) -> View:
    """Return the view of a graph in a language; `links` are those of a server by default."""
    links = replace(links or Links(), language=language)
    return View(reading_of(graph, links.public), links)


@cache
def static_files() -> dict[str, bytes]:
    """Return the files of the package's folder `static` by name."""
    folder = files("govgraph.web") / "static"
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@cache
def editor_files() -> dict[str, bytes]:
    """Return the files of the SPARQL editor by name; none where npm has not built them."""
    built = {name: built_file("editor", name) for name in ("editor.css", "editor.js")}
    return {name: content for name, content in built.items() if content is not None}


def page_policy(name: str, endpoint: str = "'self'") -> str:
    """Return the Content-Security-Policy of a page, such as "sparql" or "network/actors/explorer".

    A page runs scripts of the site: of its search field, of filters. `endpoint` is the source that
    forms and the SPARQL editor may ask, "'none'" where there is none.
    """
    asked = "" if endpoint in ("'self'", "'none'") else f" {endpoint}"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        f" form-action 'self'{asked}; base-uri 'none'; frame-ancestors 'none'"
    )
    if name == "sparql" and endpoint != "'none'":
        return f"connect-src {endpoint}; {policy}"
    if name.endswith("/explorer") and built_file("explorer", "explorer.js"):
        return f"{explorer.policy()}; frame-ancestors 'none'"
    return policy
