"""The first page, and all pages by name, on a server as in files."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from govgraph.errors import UsageError, did_you_mean
from govgraph.web.addresses import ONTOLOGY
from govgraph.web.describe import PublishedGraph
from govgraph.web.pages import answers, catalogue, networks, ontology, queries, search
from govgraph.web.pages.links import Links
from govgraph.web.pages.networks import explorer_page, has_explorer, network_page
from govgraph.web.pages.reading import Reading, languages_of, natural, reading_of
from govgraph.web.pages.rendering import View, text_of, view_of
from govgraph.web.pages.resource import resource_page


def start(view: View) -> str:
    """Return the first page as HTML: what is in the graph, at a glance."""
    documents = [view.graph.names.expand(id_) for id_ in view.study.documents]

    def number(kind: str) -> int:
        return len(set(view.reading.instances(kind)).difference(documents))

    listed = {text_of(row, "actor") for row in view.rows("actors")}
    idle = len(set(view.reading.instances("Actor")) - listed)
    ngettext = view.ngettext
    counts = [
        (n := number("Case"), ngettext("case", "cases", n), "cases"),
        (n := number("Actor") - idle, ngettext("actor or group", "actors and groups", n), "actors"),
        (
            n := number("Arrangement"),
            ngettext("partnership or instrument", "partnerships and instruments", n),
            "instruments",
        ),
        (n := number("Participation"), ngettext("participation", "participations", n), "actors"),
        (n := number("Finding"), ngettext("finding", "findings", n), "cases"),
        (n := number("Passage"), ngettext("passage", "passages", n), "query/passages"),
        (n := number("Work"), ngettext("work cited", "works cited", n), "query/works-of-cases"),
        (n := number("Conflict"), ngettext("conflict", "conflicts", n), "conflicts"),
    ]
    known = {*view.sections, *(f"query/{slug}" for slug in view.reading.queries)}
    rows = view.rows("sectors-at-a-glance")
    sectors = {text_of(row, "sector"): int(text_of(row, "actors")) for row in rows}
    return view.render(
        "index",
        view.told_by_study(view.study.title).striptags() or view.brand,
        counts=[
            (n, title, view.links.page(page) if page in known else "")
            for n, title, page in counts
            if n
        ],
        citation=view.citation(),
        about=catalogue.schema_org(view),
        documents=documents,
        sectors=answers.most_first(view.link, sectors),
        targets=answers.most_first(
            lambda iri: view.link(iri, view.called(iri)),
            {iri: len(things) for iri, things in answers.alignments(view).items()},
        ),
        picture=answers.timeline_of(view, answers.dated_things(view)),
        network=networks.small_picture(view, "actors"),
    )


PAGES: Final[dict[str, Callable[[View], str]]] = {
    "index": start,
    "cases": answers.cases,
    "comparison": answers.comparison,
    "actors": answers.actors,
    "instruments": answers.instruments,
    "goals": answers.goals,
    "networks": networks.render,
    "conflicts": answers.conflicts,
    "claims": answers.claims,
    "queries": queries.render,
    "data": catalogue.data_page,
    "search": search.render,
    "sparql": queries.sparql_page,
    "ontology": ontology.render,
    "validation": answers.validation,
}
"""Name of each page, as in its address, and what makes it."""


def render_page(
    name: str, graph: PublishedGraph, language: str = "en", links: Links | None = None
) -> str:
    """Return a page of the navigation as HTML.

    Raises UsageError for a page there is none of.
    """
    view = view_of(graph, language, links)
    if name not in view.sections:
        raise UsageError(f"There is no page {name!r}.{did_you_mean(name, view.sections)}")
    return PAGES[name](view)


def missing_page(view: View, path: str = "index", asked: str = "", message: str = "") -> str:
    """Return the page for an address at which there is nothing, with the way back.

    `path` is that of the page in other languages that it links to, `asked` the address that was
    asked for, `message` what is wrong with it.
    """
    title = view.gettext("There is no such page")
    near = search.near(view, asked)
    return view.render("missing", title, path, section="", near=near, message=message)


class PageName(NamedTuple):
    """A page, the same in every language: of the navigation, of a network, or of a resource.

    name   its address without language and ending, such as "cases" or "case/springfield"
    iri    the resource it is about, "" where it is about none
    """

    name: str
    iri: str = ""


def page_names(graph: PublishedGraph, site: str = "") -> Iterator[PageName]:
    """Yield every page of a graph at the address of a site, on a server as in files."""
    reading = reading_of(graph, site)
    for name in view_of(graph, "en", Links(public=site)).sections:
        yield PageName(name)
    for network in reading.networks:
        yield PageName(f"network/{network}")
        if has_explorer():
            yield PageName(f"network/{network}/explorer")
    for iri in resources_with_pages(reading):
        yield PageName(reading.described[iri], iri)


def page_html(graph: PublishedGraph, page: PageName, language: str, links: Links) -> str:
    """Return a page as HTML; raises UsageError for one that there is not."""
    if page.iri:
        return resource_page(graph, page.iri, language, links)
    folder, _, network = page.name.partition("/")
    if folder != "network":
        return render_page(page.name, graph, language, links)
    render = explorer_page if network.endswith("/explorer") else network_page
    return render(view_of(graph, language, links), network.removesuffix("/explorer"))


def resources_with_pages(reading: Reading) -> list[str]:
    """Return what has a page of its own, in order; terms and parts share that of another."""
    own = (i for i, path in reading.described.items() if path != ONTOLOGY and "#" not in i)
    return sorted((iri for iri in own if iri not in reading.homes), key=natural)


def site_maps(graph: PublishedGraph, base: str) -> dict[str, bytes]:
    """Return name and content of the sitemap, or of its index and parts, of a graph's pages."""
    names, languages = page_names(graph, base), languages_of(graph)
    return dict(catalogue.sitemaps(base, (f"{page.name}.html" for page in names), languages))
