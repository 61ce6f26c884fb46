"""The graph as a static site: pages, data, dumps, what leads to them, and the rules for its host.

Files depend on the graph and the base alone, so that publishing again writes only what changed. The
rules, from templates, are for Apache, nginx and w3id.org. By them a thing is answered 303 See Other
(https://www.w3.org/TR/cooluris/): by Accept to the data in one format, else by Accept-Language to
the page in one language; to Turtle where there is no such file. What is a file is sent as it is,
unless its name begins with a dot. Pages and data carry Link headers (RFC 8288) and pages a
Content-Security-Policy.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from govgraph.assembly.assemble import check_named
from govgraph.assembly.building import common_files
from govgraph.coding.study import Study
from govgraph.errors import UsageError, did_you_mean
from govgraph.files import manifest, written_together
from govgraph.vocabulary import BASE, GG
from govgraph.web.addresses import ONTOLOGY, checked_address
from govgraph.web.describe import PublishedGraph, resource_document, serialise
from govgraph.web.negotiation import EXTENSIONS, RDF_EXTENSIONS
from govgraph.web.pages import PAGES, Links, missing_page, render_page, search
from govgraph.web.pages.catalogue import CHECKSUMS, checksums, description, dumps, robots
from govgraph.web.pages.links import (
    DATA_EXTENSIONS,
    STATIC_EXTENSIONS,
    LinkHeaders,
    encoded,
    headers_of,
)
from govgraph.web.pages.networks import MEDIA_TYPES, file_of, files, network_of
from govgraph.web.pages.overview import page_html, page_names, resources_with_pages, site_maps
from govgraph.web.pages.reading import languages_of, reading_of
from govgraph.web.pages.rendering import (
    editor_files,
    environment,
    page_policy,
    static_files,
    view_of,
)

_DUMP_TYPES: Final = {ending: EXTENSIONS[ending] for ending in RDF_EXTENSIONS}
_TYPES: Final = _DUMP_TYPES | {"js": "text/javascript"} | MEDIA_TYPES
_COMPRESSED: Final = sorted({"text/css", "image/svg+xml", "application/xml", *_TYPES.values()})
"""Media types worth compressing, beside text/html."""

# Pages that describe nothing, and so have no data beside them.
_NO_DATA: Final = "|".join(sorted({*PAGES, "404"} - {"ontology"}))
_COMMON: Final = "|".join(map(re.escape, common_files()))
_W3ID: Final = "https://w3id.org/"


@dataclass
class Publication:
    """What one publication did: paths relative to the folder, each list sorted.

    `without_page` are IRIs that the studies' data describe and that lie elsewhere.
    """

    written: list[str]
    unchanged: int
    deleted: list[str]
    without_page: list[str]


def publish(
    graph: PublishedGraph,
    folder: Path,
    base: str = "",
    endpoint: str = "",
    formats: Sequence[str] = STATIC_EXTENSIONS,
) -> Publication:
    """Write the site to `folder`; returns what changed.

    Its address is `base`, by default the base of the study; `endpoint` is the address of a SPARQL
    endpoint that pages offer to ask, `formats` what there is of each thing beside pages and Turtle,
    such as "nt". Files whose content did not change keep their time; files of
    an earlier publication that are no longer made are deleted, others in the folder left alone.
    Raises UsageError for a base or an endpoint that is no address and for a folder that holds
    something else, GovgraphError where it cannot be written, and for what lies in no study.
    """
    base = checked_base(base or graph.study.base, endpoint)
    check_named(graph.study)
    before = manifest(folder)
    if not before and folder.is_dir() and any(folder.iterdir()):
        raise UsageError(
            f"{folder} holds other files: name an empty folder, or a site of govgraph."
        )
    endings = tuple(dict.fromkeys(("ttl", *formats)))
    if unknown := next((ending for ending in endings if ending not in DATA_EXTENSIONS), ""):
        message = f"There is no format {unknown!r}: choose of {', '.join(DATA_EXTENSIONS)}."
        raise UsageError(f"{message}{did_you_mean(unknown, DATA_EXTENSIONS)}")
    links = Links(live=False, endpoint=endpoint, public=base, endings=endings)
    with written_together(folder, "index.html") as new:
        for path, content in site_files(graph, links):
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    now = manifest(folder)
    written = sorted(path for path in now if before.get(path) != now[path])
    deleted = sorted(path for path in before.keys() - now if not (folder / path).exists())
    return Publication(written, len(now) - len(written), deleted, reading_of(graph, base).unplaced)


def checked_base(base: str, endpoint: str = "") -> str:
    """Return the address of a site, ending in a slash; raises UsageError for what is no address.

    `endpoint` is that of a SPARQL endpoint, "" for none.
    """
    checked_address(base, "--base", "https://example.org/graph/")
    if endpoint:
        checked_address(endpoint, "--endpoint", "https://example.org/sparql", query=True)
    return base if base.endswith("/") else f"{base}/"


def site_files(graph: PublishedGraph, links: Links) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every file of the site; `links` are those of its pages."""
    base = links.public
    for path, html in _html_files(graph, links):
        yield path, html.encode()
    fixed = static_files() | (editor_files() if links.endpoint else {})
    yield from ((f"static/{name}", content) for name, content in sorted(fixed.items()))
    for language in languages_of(graph):
        index = search.index_file(view_of(graph, language, Links(public=base)))
        yield f"{language}/search.js", index
        for name in reading_of(graph, base).networks:
            for extension in files(network_of(graph, name, language)):
                content = file_of(graph, name, language, extension)
                yield f"{language}/network/{name}.{extension}", content
    yield from _data_files(graph, links)
    if graph.study.base.startswith(BASE):  # at another's address they have no place
        yield from common_files().items()
    yield from ((f"dump/{name}", dump.path.read_bytes()) for name, dump in dumps(graph).items())
    yield f"dump/{CHECKSUMS}", checksums(graph).encode()
    yield from site_maps(graph, base).items()
    yield "robots.txt", robots(base)
    yield ".nojekyll", b""
    headers = headers_of(graph, base, links.endings)
    reading = reading_of(graph, base)
    moved = {
        fragment: f"{encoded(reading.described[iri])}#{encoded(fragment)}"
        for iri, fragment in reading.fragments.items()
    }
    yield from host_rules(headers, graph.studies, links.endpoint, moved)


def _html_files(graph: PublishedGraph, links: Links) -> Iterator[tuple[str, str]]:
    languages = languages_of(graph)
    first = languages[0]
    yield "index.html", render_page("index", graph, first, replace(links, root=""))
    for folder, language in {"": first, **{f"{tag}/": tag for tag in languages}}.items():
        # shown at any depth, so its root is absolute
        view = view_of(graph, language, replace(links, root=urlsplit(links.public).path))
        yield f"{folder}404.html", missing_page(view, "404" if folder else "index")
    for page in page_names(graph, links.public):
        for language in languages:
            path = f"{language}/{page.name}.html"
            below = replace(links, root="../" * path.count("/"), language=language)
            yield path, page_html(graph, page, language, below)


def _data_files(graph: PublishedGraph, links: Links) -> Iterator[tuple[str, bytes]]:
    reading = reading_of(graph, links.public)
    ontology = next((i for i in reading.paths.iris(ONTOLOGY) if i in reading.terms), GG[:-1])
    for iri in (*resources_with_pages(reading), ontology):
        path = reading.described.get(iri, ONTOLOGY)
        quads = resource_document(graph, iri, encoded(path), reading.terms_of(iri))
        for extension in links.endings if quads else ():
            yield f"{path}.{extension}", serialise(quads, extension, graph.study.base)
    metadata = description(graph, links.public, links.endpoint)
    for extension in links.endings:
        content = serialise(metadata, extension, graph.study.base)
        yield f"void.{extension}", content
        if extension == "ttl":
            yield ".well-known/void", content


def _patterns(headers: LinkHeaders) -> dict[str, str]:
    """Return regular expressions of paths below the root of the site, as they are sent."""
    language, endings = f"({'|'.join(headers.languages)})", "|".join(headers.endings)
    return {
        "page": rf"{language}/([^? ]+)\.html",
        "page_with_data": rf"{language}/(?!(?:{_NO_DATA})\.html|network/)([^? ]+)\.html",
        "data": rf"(?!dump/|void\.|(?:{_COMMON})(?:\?|$| ))([^? ]+)\.({endings})",
        # .well-known is there to be read (RFC 8615); the list of what was published is not.
        "hidden": r"\.(?!well-known/)",
    }


def host_rules(
    headers: LinkHeaders,
    studies: Sequence[Study],
    endpoint: str = "",
    moved: Mapping[str, str] | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the rules for the site of some studies.

    `endpoint` is the address of the SPARQL endpoint that its pages offer to ask, "" for none;
    `moved` are paths of things that are told of at another path.
    """
    base, languages = headers.base, headers.languages
    root, parts = urlsplit(base).path, urlsplit(endpoint)
    source = f"{parts.scheme}://{parts.netloc}" if endpoint else "'none'"
    typed = {language: f"{language}/index.html" for language in languages}
    typed |= {"favicon.ico": "static/icon.svg", "query/": f"{languages[0]}/queries.html"}
    pages = {"pages": "", "editor": "sparql", "explorer": "network/explorer"}
    values = {
        "base": base, "root": root, "root_pattern": re.escape(root), "escape": re.escape,
        "patterns": _patterns(headers), "types": _TYPES,
        "data_types": {ending: EXTENSIONS[ending] for ending in headers.endings},
        "compressed": _COMPRESSED,
        "policies": {kind: page_policy(name, source) for kind, name in pages.items()},
        "moved": {**(moved or {}), **typed}, "typed": typed, "headers": headers,
        "first_language": languages[0], "other_languages": languages[1:],
    }  # fmt: skip
    yield ".htaccess", _render("htaccess.j2", values)
    for language in languages[1:]:
        not_found = f"ErrorDocument 404 {root}{language}/404.html\n"
        yield f"{language}/.htaccess", not_found.encode()
    yield "redirects/nginx.conf", _render("nginx.conf.j2", values)
    folders: dict[str, list[str]] = {}
    for path, target in sorted((moved or {}).items(), reverse=True):  # the longer path first
        line = f'Redirect 303 "{root}{path}" "{root}{target}"\n'
        folders.setdefault(path.partition("/")[0], []).append(line)
    yield from ((f"{name}/.htaccess", "".join(lines).encode()) for name, lines in folders.items())
    for number, study in enumerate(studies):
        address = f"{base}{study.name}/" if number else base
        if study.base.startswith(_W3ID) and study.base != address:
            values |= {"w3id_folder": study.base.removeprefix(_W3ID), "address": address}
            name = f"-{study.file_name}" if number else ""
            yield f"redirects/w3id{name}.htaccess", _render("w3id.htaccess.j2", values)
    if base != BASE and any(study.base.startswith(BASE) for study in studies):  # ours to publish
        values |= {"w3id_folder": BASE.removeprefix(_W3ID), "address": base}
        yield "redirects/w3id-commons.htaccess", _render("w3id.htaccess.j2", values)


def _render(template: str, values: dict[str, Any]) -> bytes:
    # No HTML: `govgraph.web.addresses` says what an address may hold.
    plain = environment("en").overlay(autoescape=False)
    return plain.get_template(template).render(values).encode()
