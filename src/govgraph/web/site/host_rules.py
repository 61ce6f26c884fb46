"""Rules for hosts of static sites, from the templates beside this: Apache, nginx and w3id.org.

A thing is answered 303 See Other (https://www.w3.org/TR/cooluris/): by Accept to the data in one
format, else by Accept-Language to the page in one language; to Turtle where there is no such
file. What is a file is sent as it is, unless its name begins with a dot. Pages and data carry
Link headers (RFC 8288) and pages a Content-Security-Policy.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import jinja2

from govgraph.assembly.building import common_files
from govgraph.coding.study import Study
from govgraph.web.links import LinkHeaders
from govgraph.web.negotiation import EXTENSIONS, RDF_EXTENSIONS
from govgraph.web.pages import PAGES
from govgraph.web.pages.files import page_policy
from govgraph.web.pages.links import STATIC_EXTENSIONS
from govgraph.web.pages.network_data import MEDIA_TYPES

_DATA_TYPES: Final = {ending: EXTENSIONS[ending] for ending in STATIC_EXTENSIONS}
_DUMP_TYPES: Final = {ending: EXTENSIONS[ending] for ending in RDF_EXTENSIONS}
_TYPES: Final = _DUMP_TYPES | {"js": "text/javascript"} | MEDIA_TYPES
_COMPRESSED: Final = sorted({"text/css", "image/svg+xml", "application/xml", *_TYPES.values()})
"""Media types worth compressing, beside text/html."""

_ENDINGS: Final = "|".join(_DATA_TYPES)
# Pages that describe nothing, and so have no data beside them.
_NO_DATA: Final = "|".join(sorted({*PAGES, "404"} - {"ontology"}))
_COMMON: Final = "|".join(map(re.escape, common_files()))
_W3ID: Final = "https://w3id.org/"


def _patterns(languages: Sequence[str]) -> dict[str, str]:
    """Return regular expressions of paths below the root of the site, as they are sent."""
    language = f"({'|'.join(languages)})"
    return {
        "page": rf"{language}/([^? ]+)\.html",
        "page_with_data": rf"{language}/(?!(?:{_NO_DATA})\.html|network/)([^? ]+)\.html",
        "data": rf"(?!dump/|void\.|(?:{_COMMON})(?:\?|$| ))([^? ]+)\.({_ENDINGS})",
        # .well-known is there to be read (RFC 8615); the list of what was published is not.
        "hidden": r"\.(?!well-known/)",
    }


def host_rules(
    headers: LinkHeaders, studies: Sequence[Study], endpoint: str = ""
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the rules for the site of some studies.

    `endpoint` is the address of the SPARQL endpoint that its pages offer to ask, "" for none.
    """
    base, languages = headers.base, headers.languages
    root, parts = urlsplit(base).path, urlsplit(endpoint)
    source = f"{parts.scheme}://{parts.netloc}" if endpoint else "'none'"
    pages = {"pages": "", "editor": "sparql", "explorer": "network/explorer"}
    values = {
        "base": base, "root": root, "root_pattern": re.escape(root), "escape": re.escape,
        "patterns": _patterns(languages), "data_types": _DATA_TYPES, "types": _TYPES,
        "compressed": _COMPRESSED,
        "policies": {kind: page_policy(name, source) for kind, name in pages.items()},
        "headers": headers, "first_language": languages[0], "other_languages": languages[1:],
    }  # fmt: skip
    yield ".htaccess", _render("htaccess.j2", values)
    for language in languages[1:]:
        not_found = f"ErrorDocument 404 {root}{language}/404.html\n"
        yield f"{language}/.htaccess", not_found.encode()
    yield "redirects/nginx.conf", _render("nginx.conf.j2", values)
    for number, study in enumerate(studies):
        address = f"{base}{study.name}/" if number else base
        if study.base.startswith(_W3ID) and study.base != address:
            values |= {"w3id_folder": study.base.removeprefix(_W3ID), "address": address}
            name = f"-{study.file_name}" if number else ""
            yield f"redirects/w3id{name}.htaccess", _render("w3id.htaccess.j2", values)


def _render(template: str, values: dict[str, Any]) -> bytes:
    return _environment().get_template(template).render(values).encode()


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("govgraph.web.site", "templates"),
        autoescape=False,  # no HTML: `govgraph.web.addresses` says what an address may hold
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
