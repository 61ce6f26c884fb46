"""Rules for hosts of static sites: Apache, nginx and w3id.org.

A thing is answered 303 See Other (https://www.w3.org/TR/cooluris/): by Accept to the data in one
format, else by Accept-Language to the page in English or Spanish; to Turtle where there is no such
file. What is a file is sent as it is, unless its name begins with a dot. Pages and data carry
Link headers (RFC 8288) and pages a Content-Security-Policy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from govgraph.rdf.formats import RDF_FORMATS
from govgraph.rdf.metadata import LICENCE
from govgraph.vocabulary import BASE, SDG
from govgraph.web.pages.network_data import MEDIA_TYPES, has_explorer
from govgraph.web.pages.overview import PAGES

_TYPES: Final = {entry.ending: entry.media_type for entry in RDF_FORMATS.values()}
_OTHERS: Final = {"js": "text/javascript", **MEDIA_TYPES}
_ENDINGS: Final = "|".join(_TYPES)
# Pages that describe nothing, and so have no data beside them.
_NO_DATA: Final = "|".join(sorted({*PAGES, "404"} - {"ontology"}))
_PAGE: Final = rf"(en|es)/(?!(?:{_NO_DATA})\.html|network/)([^? ]+?)(~[0-9]+)?\.html"
_DATA: Final = rf"(?!dump/|void\.|sdg/)([^? ]+)\.({_ENDINGS})"
_GOAL: Final = rf"sdg/([^? ]+)\.({_ENDINGS})"
# .well-known is there to be read (RFC 8615); the list of what was published is not.
_HIDDEN: Final = r"\.(?!well-known/)"
_LICENSE: Final = f'<{LICENCE.value}>; rel="license"'


@dataclass(frozen=True)
class Policies:
    """Content-Security-Policies: of pages, of that with the SPARQL editor, of the explorer's."""

    pages: str
    editor: str
    explorer: str

    @classmethod
    def of(cls, endpoint: str) -> Policies:
        """Return the policies of a site whose queries go to an endpoint; "" for none."""
        parts = urlsplit(endpoint)
        asked = f"{parts.scheme}://{parts.netloc}" if endpoint else ""
        target = asked or "'none'"
        pages = (
            "default-src 'none'; style-src 'self'; img-src 'self';"
            f" form-action {target}; base-uri 'none'; frame-ancestors 'none'"
        )
        editor = f"script-src 'self'; connect-src {asked}; {pages}" if asked else pages
        explorer = pages
        if has_explorer():
            from govgraph.network.files.explorer import policy

            explorer = f"{policy()}; frame-ancestors 'none'"
        return cls(pages, editor, explorer)


def _page_links(base: str, language: str, stem: str, part: str) -> str:
    """Return the Link header of a page: the data about the same thing."""
    root = urlsplit(base).path
    alternates = [
        f'<{root}{stem}.{ending}>; rel="alternate"; type="{kind}"'
        for ending, kind in _TYPES.items()
    ]
    return ", ".join(
        (
            f'<{base}{language}/{stem}{part}.html>; rel="canonical"',
            *alternates,
            f'<{root}{stem}.ttl>; rel="describedby"; type="text/turtle"',
            _LICENSE,
        )
    )


def _data_links(base: str, thing: str, stem: str, ending: str) -> str:
    """Return the Link header of data: the thing they describe, and its pages."""
    root = urlsplit(base).path
    pages = [
        f'<{root}{language}/{stem}.html>; rel="alternate"; type="text/html"; hreflang="{language}"'
        for language in ("en", "es")
    ]
    return ", ".join(
        (
            f'<{base}{stem}.{ending}>; rel="canonical"',
            f'<{thing}>; rel="describes"',
            *pages,
            _LICENSE,
        )
    )


def apache(base: str, endpoint: str = "") -> bytes:
    """Return .htaccess for the root of the site: media types, redirects, headers, error page."""
    root = urlsplit(base).path
    policies = Policies.of(endpoint)
    types = "".join(f"AddType {kind} .{end}\n" for end, kind in (_TYPES | _OTHERS).items())
    data = "".join(
        f"RewriteCond %{{HTTP_ACCEPT}} {re.escape(kind)}\n"
        f"RewriteCond %{{REQUEST_FILENAME}}.{ending} -f\n"
        f"RewriteRule ^(.+)$ {root}$1.{ending} [R=303,L]\n"
        for ending, kind in _TYPES.items()
    )
    return (
        "# Apache 2.4 with mod_rewrite, mod_headers, mod_mime; AllowOverride FileInfo Indexes\n"
        "AddDefaultCharset utf-8\n"
        f"{types}"
        "DirectoryIndex index.html\n"
        "DirectorySlash Off\n"
        f"ErrorDocument 404 {root}404.html\n"
        "RewriteEngine On\n"
        f"RewriteBase {root}\n"
        f"{_apache_variables(root)}"
        f'RewriteRule "(?:^|/){_HIDDEN}" - [R=404,L]\n'
        f"RewriteRule ^\\.well-known/void$ {root}void.ttl [R=303,L]\n"
        "RewriteCond %{REQUEST_FILENAME} -f\n"
        "RewriteRule ^ - [L]\n"
        f"{data}"
        "RewriteCond %{HTTP:Accept-Language} ^es [NC]\n"
        f"{_apache_page(root, 'es')}"
        f"{_apache_page(root, 'en')}"
        "RewriteCond %{REQUEST_FILENAME}.ttl -f\n"
        f"RewriteRule ^(.+)$ {root}$1.ttl [R=303,L]\n"
        "<IfModule mod_headers.c>\n"
        'Header always set Access-Control-Allow-Origin "*"\n'
        'Header always merge Vary "Accept, Accept-Language"\n'
        f"{_apache_links(base)}"
        f'Header always set Content-Security-Policy "{policies.pages}"\n'
        '<Files "sparql.html">\n'
        f'Header always set Content-Security-Policy "{policies.editor}"\n</Files>\n'
        '<Files "explorer.html">\n'
        f'Header always set Content-Security-Policy "{policies.explorer}"\n</Files>\n'
        "</IfModule>\n"
    ).encode()


def _apache_page(root: str, language: str) -> str:
    """Return the rule that sends to the page in a language, where there is one."""
    return (
        "RewriteCond %{REQUEST_FILENAME}.ttl -f\n"
        # What comes before the path in the name of the file is the folder of the site.
        'RewriteCond "$1|%{REQUEST_FILENAME}" "^(.+)\\|(.*/)\\1$"\n'
        f'RewriteCond "%2{language}/%1.html" -f\n'
        f"RewriteRule ^(.+)$ {root}{language}/$1.html [R=303,L]\n"
    )


def _apache_variables(root: str) -> str:
    """Return rules that keep parts of the address as it was sent, never decoded, for headers."""
    sent = f"^[A-Z]+ {re.escape(root)}"
    rules = (
        (_PAGE, "E=LANGUAGE:%1,E=STEM:%2,E=PART:%3,E=PAGE:1"),
        (_DATA, f"E=STEM:%1,E=ENDING:%2,E=THING:{BASE}%1"),
        (_GOAL, f"E=STEM:sdg/%1,E=ENDING:%2,E=THING:{SDG}%1"),
    )
    return "".join(
        "RewriteCond %{REQUEST_FILENAME} -f\n"
        f'RewriteCond %{{THE_REQUEST}} "{sent}{pattern}[? ]"\n'
        f"RewriteRule ^ - [{flags}]\n"
        for pattern, flags in rules
    )


def _apache_links(base: str) -> str:
    page = _page_links(base, "%{LANGUAGE}e", "%{STEM}e", "%{PART}e")
    data = _data_links(base, "%{THING}e", "%{STEM}e", "%{ENDING}e")
    lines = []
    for value, condition in ((_LICENSE, ""), (page, " env=PAGE"), (data, " env=THING")):
        quoted = value.replace('"', '\\"')
        lines.append(f'Header set Link "{quoted}"{condition}\n')
    return "".join(lines)


def apache_spanish(base: str) -> bytes:
    """Return .htaccess for the Spanish pages: their page for what is not there."""
    return f"ErrorDocument 404 {urlsplit(base).path}es/404.html\n".encode()


_NGINX_ALWAYS: Final = (
    "    error_page 404 $govgraph_missing;\n"
    '    add_header Access-Control-Allow-Origin "*" always;\n'
    '    add_header Vary "Accept, Accept-Language" always;\n'
    "    add_header Link $govgraph_link;\n"
    "    add_header Content-Security-Policy $govgraph_policy always;\n"
)


def nginx(base: str, endpoint: str = "") -> bytes:
    """Return nginx configuration: maps for the http block, a location for the server block."""
    root = urlsplit(base).path
    accept = "".join(f'    "~*{re.escape(kind)}" {ending};\n' for ending, kind in _TYPES.items())
    kinds = {
        "html": "text/html", "css": "text/css", "svg": "image/svg+xml", "xml": "application/xml",
        "txt": "text/plain", **_TYPES, **_OTHERS,
    }  # fmt: skip
    types = "".join(f"        {kind} {ending};\n" for ending, kind in kinds.items())
    return (
        "# In the http block:\n"
        "map $http_accept $govgraph_extension {\n"
        '    default "";\n'
        f"{accept}"
        "}\n"
        "map $http_accept_language $govgraph_language {\n"
        "    default en;\n"
        '    "~*^es" es;\n'
        "}\n"
        "# From the address as it was sent, never decoded: no line break gets into a header.\n"
        "map $request_uri $govgraph_path {\n"
        '    default "";\n'
        f'    "~^{re.escape(root)}(?<govgraph_rest>[^?]*)" $govgraph_rest;\n'
        "}\n"
        "# The same decoded, to look for the file of the page.\n"
        "map $uri $govgraph_name {\n"
        '    default "";\n'
        f'    "~^{re.escape(root)}(?<govgraph_decoded>.*)" $govgraph_decoded;\n'
        "}\n"
        f"{_nginx_headers(base, Policies.of(endpoint))}"
        "\n"
        f"# In the server block; the site lies in the folder {root} below its root:\n"
        f"location {root} {{\n"
        f"    types {{\n{types}    }}\n"
        "    charset utf-8;\n"
        "    index index.html;\n"
        f"{_NGINX_ALWAYS}"
        f'    if ($uri ~ "^{re.escape(root)}(?:.*/)?{_HIDDEN}") {{ return 404; }}\n'
        "    try_files $uri $uri/index.html @govgraph_thing;\n"
        "}\n"
        "location @govgraph_thing {\n"
        f"{_NGINX_ALWAYS}"
        "    if (!-f $request_filename.ttl) { return 404; }\n"
        "    if (-f $request_filename.$govgraph_extension) {\n"
        f"        return 303 {root}$govgraph_path.$govgraph_extension;\n"
        "    }\n"
        f"    if (-f $document_root{root}$govgraph_language/$govgraph_name.html) {{\n"
        f"        return 303 {root}$govgraph_language/$govgraph_path.html;\n"
        "    }\n"
        f"    return 303 {root}$govgraph_path.ttl;\n"
        "}\n"
        f"location = {root}.well-known/void {{ return 303 {root}void.ttl; }}\n"
    ).encode()


def _nginx_headers(base: str, policies: Policies) -> str:
    root = urlsplit(base).path
    page = _page_links(base, "$1", "$2", "$3")
    data = _data_links(base, f"{BASE}$1", "$1", "$2")
    goal = _data_links(base, f"{SDG}$1", "sdg/$1", "$2")
    sent = f"~^{re.escape(root)}"
    links = "".join(
        f"    \"{sent}{pattern}(?:\\?|$)\" '{value}';\n"
        for pattern, value in ((_PAGE, page), (_DATA, data), (_GOAL, goal))
    )
    return (
        f"map $request_uri $govgraph_link {{\n    default '{_LICENSE}';\n{links}}}\n"
        "map $request_uri $govgraph_missing {\n"
        f"    default {root}404.html;\n"
        f'    "{sent}es/" {root}es/404.html;\n'
        "}\n"
        "map $uri $govgraph_policy {\n"
        f'    default "{policies.pages}";\n'
        f'    "~/sparql\\.html$" "{policies.editor}";\n'
        f'    "~/explorer\\.html$" "{policies.explorer}";\n'
        "}\n"
    )


def w3id(base: str) -> bytes:
    """Return .htaccess for the folder of the project at w3id.org: everything to the site."""
    return (
        "# https://github.com/perma-id/w3id.org: put this file into the folder govgraph/\n"
        "Options +FollowSymLinks\n"
        "RewriteEngine On\n"
        f"RewriteRule ^(.*)$ {base}$1 [R=303,L]\n"
    ).encode()
