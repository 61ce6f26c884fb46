"""The data set for readers, catalogues and crawlers: dumps, DCAT and VoID, schema.org, sitemaps."""

import gzip
import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import langcodes
import pyoxigraph as ox

from govgraph.assembly.building import common_files
from govgraph.coding.study import Agent
from govgraph.files import manifest_text
from govgraph.rdf.writing import FORMATS, write_formats
from govgraph.vocabulary import BASE, METADATA_GRAPH, PREFIXES
from govgraph.web.describe import PublishedGraph
from govgraph.web.pages.links import encoded
from govgraph.web.pages.reading import reading_of
from govgraph.web.pages.rendering import View

CHECKSUMS: Final = "SHA256SUMS"
"""The file that has the checksums of all dumps."""
_GZIP: Final = "application/gzip"
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_EU: Final = "http://publications.europa.eu/resource/authority/"
_SPDX: Final = "http://spdx.org/rdf/terms#"
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML: Final = "http://www.w3.org/1999/xhtml"
_MOST_ADDRESSES: Final = 20_000
"""In one file, which may hold 50,000 in 50 MB (https://www.sitemaps.org/protocol.html)."""


class Dump(NamedTuple):
    """A file of the whole graph, or the same compressed; `title` is the name of its format."""

    path: Path
    title: str
    media_type: str
    size: int
    sha256: str


def dumps(graph: PublishedGraph) -> dict[str, Dump]:
    """Return the dumps of a graph by name, each before its compressed form; written once."""
    written: dict[str, Dump] = reading_of(graph).once("dumps", lambda: _write_dumps(graph))[1]
    return written


def _write_dumps(graph: PublishedGraph) -> tuple[Any, dict[str, Dump]]:
    folder = tempfile.TemporaryDirectory(prefix="govgraph-dumps-")  # which goes with the graph
    paths = write_formats(graph.store, Path(folder.name), graph.study.file_name)
    written = {}
    for path, entry in zip(paths, FORMATS, strict=True):
        whole, small = path.read_bytes(), path.with_name(f"{path.name}.gz")
        small.write_bytes(packed := gzip.compress(whole, 6, mtime=0))
        for file, kind, data in ((path, entry.media_type, whole), (small, _GZIP, packed)):
            sha256 = hashlib.sha256(data).hexdigest()
            written[file.name] = Dump(file, entry.title, kind, len(data), sha256)
    return folder, written


def checksums(graph: PublishedGraph) -> str:
    """Return the checksums of all dumps as `sha256sum --check` reads them."""
    return manifest_text({name: dump.sha256 for name, dump in dumps(graph).items()})


def description(graph: PublishedGraph, site: str, endpoint: str = "") -> list[ox.Quad]:
    """Return the metadata of a graph, with what holds of a site at an address alone.

    That is where its dumps lie, how long they are and their checksums, and its endpoint.
    """
    metadata = ox.NamedNode(METADATA_GRAPH)
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    text = "".join([prefixes, f"@prefix spdx: <{_SPDX}> .\n", *_told(graph, site, endpoint)])
    quads = ox.parse(text, format=ox.RdfFormat.TURTLE)
    said = {ox.Quad(q.subject, q.predicate, q.object, metadata) for q in quads}
    built = graph.store.quads_for_pattern(None, None, None, metadata)
    return sorted({*said, *(q for q in built if not _in_words(q))}, key=str)


def _in_words(quad: ox.Quad) -> bool:
    """Whether DCAT-AP has the IRI of something that a build tells in words."""
    name = quad.predicate.value.removeprefix(PREFIXES["dcterms"])
    return name in ("creator", "publisher", "language") and isinstance(quad.object, ox.Literal)


def _told(graph: PublishedGraph, site: str, endpoint: str) -> Iterator[str]:
    study = graph.study
    dataset, catalogue = f"<{study.dataset}>", f"<{site}void#catalog>"
    named = [("title", study.title), ("description", study.lede or study.title)]
    for name, texts in named:
        for tag, text in texts.items():
            yield f"{catalogue} dcterms:{name} {ox.Literal(text, language=tag)} .\n"
    titles = " , ".join(str(ox.Literal(text, language=tag)) for tag, text in study.title.items())
    title = f"dcterms:title {titles} ; " if titles else ""
    licence = f"dcterms:license <{study.licence}> ; " if study.licence else ""
    yield f"{catalogue} a dcat:Catalog ; {licence}dcat:dataset {dataset} .\n"
    yield f"{dataset} dcat:landingPage <{site}> ; foaf:homepage <{site}> .\n"
    agents = [("creator", agent) for agent in study.creators]
    agents += [("publisher", study.publisher)] if study.publisher else []
    for number, (name, agent) in enumerate(agents):
        iri = f"<{agent.iri or f'{study.base}void#agent-{number}'}>"
        yield f"{iri} a foaf:Agent ; foaf:name {ox.Literal(agent.name)} .\n"
        yield f"{dataset} dcterms:{name} {iri} . {catalogue} dcterms:{name} {iri} .\n"
    for tag in study.languages:
        code = langcodes.get(tag).to_alpha3().upper()
        yield f"{dataset} dcterms:language <{_EU}language/{code}> .\n"
        yield f"{catalogue} dcterms:language <{_EU}language/{code}> .\n"
    cases = reading_of(graph, site).instances("Case")
    yield from (f"{dataset} void:exampleResource <{iri}> .\n" for iri in cases[:1])
    if endpoint:
        yield (
            f"{dataset} void:sparqlEndpoint <{endpoint}> .\n{catalogue} dcat:service <{endpoint}> ."
            f"\n<{endpoint}> a dcat:DataService ; {title}{licence}dcat:endpointURL <{endpoint}> ;"
            f" dcat:endpointDescription <{endpoint}> ; dcat:servesDataset {dataset} ;"
            " dcterms:conformsTo <https://www.w3.org/TR/sparql11-protocol/> .\n"
        )
    for dump in dumps(graph).values():
        address, entry = f"<{site}dump/{dump.path.name}>", f"<{study.base}dump/{dump.path.name}>"
        kind = "compressFormat" if dump.media_type == _GZIP else "mediaType"
        yield (
            f"{dataset} dcat:distribution {entry} . {entry} a dcat:Distribution ; {licence}"
            f'dcterms:title "{dump.title}"@en ; dcat:{kind} <{_MEDIA_TYPES}{dump.media_type}> ;'
            f" dcat:downloadURL {address} ; dcat:accessURL {address} ;"
            f' dcat:byteSize "{dump.size}"^^xsd:nonNegativeInteger ;'
            f" spdx:checksum <{study.base}dump/{dump.path.name}#sha256> .\n"
            f"<{study.base}dump/{dump.path.name}#sha256> a spdx:Checksum ;"
            " spdx:algorithm spdx:checksumAlgorithm_sha256 ;"
            f' spdx:checksumValue "{dump.sha256}"^^xsd:hexBinary .\n'
        )


def schema_org(view: View) -> dict[str, Any]:
    """Return what search engines for data sets read of a start page (schema.org/Dataset)."""
    study, site = view.study, view.links.public
    name, short, lede = (
        view.told_by_study(texts).striptags()
        for texts in (study.title, study.short_title, study.lede)
    )
    described = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": study.dataset,
        "url": site,
        "name": name,
        "alternateName": short,
        "description": lede or name,
        "license": study.licence,
        "version": study.version,
        "datePublished": study.issued,
        "dateModified": study.modified,
        "citation": view.citation(),
        "inLanguage": list(study.languages),
        "creator": [_agent(agent) for agent in study.creators],
        "publisher": _agent(study.publisher) if study.publisher else None,
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": f"{site}dump/{study.file_name}.{entry.ending}",
                "encodingFormat": entry.media_type,
            }
            for entry in FORMATS
        ],
    }
    return {key: value for key, value in described.items() if value not in ("", [], None)}


def _agent(agent: Agent) -> dict[str, str]:
    kind = {"@type": "Person"} if "//orcid.org/" in agent.iri else {}
    return {**kind, "name": agent.name, **({"@id": agent.iri} if agent.iri else {})}


def data_page(view: View) -> str:
    """Return the page as HTML."""
    files = dumps(view.graph)
    links, own = view.links, view.study.base.startswith(BASE)
    endpoint = f"{links.public or links.root}sparql" if links.live else links.endpoint
    return view.render(
        "data",
        view.gettext("Data"),
        files=[
            (file, files[f"{name}.gz"]) for name, file in files.items() if f"{name}.gz" in files
        ],
        statements=len(view.graph),
        endpoint=endpoint,
        model=[name for name in common_files() if own and "/" not in name],
        void=f"{links.root}void" if links.live else f"{links.root}void.ttl",
        citation=view.citation(),
        documents=[view.graph.names.expand(id_) for id_ in view.study.documents],
    )


def sitemaps(
    base: str, paths: Iterable[str], languages: Sequence[str], most: int = _MOST_ADDRESSES
) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the sitemap of pages, given by their paths after the language.

    One file where it holds all addresses; else an index and its parts, of `most` addresses each.
    """
    lines = [line for path in paths for line in _urls(base, encoded(path), languages)]
    parts = [lines[first : first + most] for first in range(0, len(lines), most)]
    if len(parts) <= 1:
        yield "sitemap.xml", _document("urlset", lines)
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    entries = [f"<sitemap><loc>{escape(base + name)}</loc></sitemap>\n" for name in names]
    yield "sitemap.xml", _document("sitemapindex", entries)
    for name, part in zip(names, parts, strict=True):
        yield name, _document("urlset", part)


def _urls(base: str, path: str, languages: Sequence[str]) -> Iterator[str]:
    addresses = {language: escape(f"{base}{language}/{path}") for language in languages}
    named = {**addresses, "x-default": addresses[languages[0]]}
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}" href="{address}"/>'
        for tag, address in named.items()
    )
    yield from (f"<url><loc>{address}</loc>{others}</url>\n" for address in addresses.values())


def _document(name: str, lines: Iterable[str]) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    names = f'xmlns="{_NAMESPACE}" xmlns:xhtml="{_XHTML}"'
    return f"{head}<{name} {names}>\n{''.join(lines)}</{name}>\n".encode()


def robots(base: str, hidden: Iterable[str] = ()) -> bytes:
    """Return robots.txt: everything may be read but the paths that are `hidden`."""
    root = urlsplit(base).path
    lines = "".join(f"Disallow: {root}{path}\n" for path in hidden)
    return f"User-agent: *\n{lines}Allow: /\nSitemap: {base}sitemap.xml\n".encode()
