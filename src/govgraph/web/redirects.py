"""Redirects from IRIs to documents for hosts of static sites: Apache, nginx and w3id.org.

A thing is answered 303 See Other (https://www.w3.org/TR/cooluris/): by Accept to the data in one
format, else by Accept-Language to the page in English or Spanish.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

_TYPES: Final = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "nq": "application/n-quads",
    "nt": "application/n-triples",
}
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' https:;"
    " base-uri 'none'; frame-ancestors 'none'"
)


def apache(base: str) -> bytes:
    """Return .htaccess for the root of the site: media types, redirects, headers, error page."""
    root = urlsplit(base).path
    types = "".join(f"AddType {kind} .{ending}\n" for ending, kind in _TYPES.items())
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
        "<IfModule mod_headers.c>\n"
        'Header set Access-Control-Allow-Origin "*"\n'
        'Header merge Vary "Accept, Accept-Language"\n'
        f'Header set Content-Security-Policy "{_POLICY}"\n'
        "</IfModule>\n"
        "RewriteEngine On\n"
        f"RewriteBase {root}\n"
        f"RewriteRule ^\\.well-known/void$ {root}void.ttl [R=303,L]\n"
        f"{data}"
        "RewriteCond %{HTTP:Accept-Language} ^es [NC]\n"
        "RewriteCond %{REQUEST_FILENAME}.ttl -f\n"
        f"RewriteRule ^(.+)$ {root}es/$1.html [R=303,L]\n"
        "RewriteCond %{REQUEST_FILENAME}.ttl -f\n"
        f"RewriteRule ^(.+)$ {root}en/$1.html [R=303,L]\n"
    ).encode()


def nginx(base: str) -> bytes:
    """Return nginx configuration: maps for the http block, a location for the server block."""
    root = urlsplit(base).path
    accept = "".join(f'    "~*{re.escape(kind)}" {ending};\n' for ending, kind in _TYPES.items())
    types = "".join(f"        {kind} {ending};\n" for ending, kind in _TYPES.items())
    prefix = re.escape(root)
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
        f'    "~^{prefix}(?<govgraph_rest>[^?]*)" $govgraph_rest;\n'
        "}\n"
        "map $govgraph_extension $govgraph_document {\n"
        f'    "" "{root}$govgraph_language/$govgraph_path.html";\n'
        f'    default "{root}$govgraph_path.$govgraph_extension";\n'
        "}\n"
        "\n"
        f"# In the server block; the site lies in the folder {root} below its root:\n"
        f"location {root} {{\n"
        "    types {\n"
        "        text/html html;\n"
        "        text/css css;\n"
        "        image/svg+xml svg;\n"
        "        application/xml xml;\n"
        "        text/plain txt;\n"
        f"{types}"
        "    }\n"
        "    charset utf-8;\n"
        "    index index.html;\n"
        f"    error_page 404 {root}404.html;\n"
        '    add_header Access-Control-Allow-Origin "*" always;\n'
        '    add_header Vary "Accept, Accept-Language" always;\n'
        f'    add_header Content-Security-Policy "{_POLICY}" always;\n'
        "    if (-f $request_filename.ttl) {\n"
        "        return 303 $govgraph_document;\n"
        "    }\n"
        "    try_files $uri $uri/index.html =404;\n"
        "}\n"
        f"location = {root}.well-known/void {{ return 303 {root}void.ttl; }}\n"
    ).encode()


def w3id(base: str) -> bytes:
    """Return .htaccess for the folder of the project at w3id.org: everything to the site."""
    return (
        "# https://github.com/perma-id/w3id.org: put this file into the folder govgraph/\n"
        "Options +FollowSymLinks\n"
        "RewriteEngine On\n"
        f"RewriteRule ^(.*)$ {base}$1 [R=303,L,NE]\n"
    ).encode()
