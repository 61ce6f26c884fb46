"""Markup in labels, comments, IRIs and parameters stays text; headers hold no line of a stranger.

A really running server over a graph of its own. What is served is parsed as a browser parses it:
no element or attribute may come of what the corpus says.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element

import pytest
from html5rdf import HTMLParser

from govgraph.vocabulary import BASE
from serving import Answer, Server, serving

pytestmark = pytest.mark.xdist_group("web")  # one server at a time

# One marker in all of them, so that it is easily looked for: "xss".
CORPUS = (
    "<script>xss()</script>",
    "</title><script>xss()</script>",
    "</style></textarea></pre><script>xss()</script>",
    '"><img src=x onerror=xss()>',
    "'><svg onload=xss()>",
    "javascript:xss()",
    '" onmouseover="xss()" x="',
    "' onfocus='xss()' autofocus='",
    "<a href=javascript:xss()>xss</a>",
    "<iframe srcdoc='<script>xss()</script>'>",
    "<base href=//xss.example/>",
    "<meta http-equiv=refresh content='0;url=//xss.example'>",
    "<!--><img src=x onerror=xss()>-->",
    "<![CDATA[<script>xss()</script>]]>",
    "{{ xss }}{% xss %}${xss}",
    "<math><mtext><table><mglyph><style><img src=x onerror=xss()>",
    "\u2028<script>xss()</script>\u202e",
    "&lt;script&gt;xss()&lt;/script&gt;",
    "\\u003cscript\\u003exss()",
    "<xss-element>",
)
PLAIN_IRIS = (
    "place/xss'onmouseover=xss()'",
    "place/xss&quot;&lt;script&gt;",
    "place/xss%3Cscript%3Exss()%3C/script%3E",
    "place/xss;javascript:xss()",
    "place/xss%0d%0aSet-Cookie:xss=1",
    "place/xssé{}".replace("{}", "ñ"),
)
FOREIGN = ("javascript:xss()", "data:text/html,%3Cscript%3Exss()%3C/script%3E", "urn:xss:'x'")
ALLOWED_SCRIPTS = re.compile(r"(?:\.\./)*/?static/[\w.-]+\.m?js")


def literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    rdfs = "http://www.w3.org/2000/01/rdf-schema#"
    lines = []
    for number, text in enumerate(CORPUS):
        thing = f"<{BASE}place/xss-{number}>"
        for language in ("en", "es"):
            lines.append(f"{thing} <{rdfs}label> {literal(text)}@{language} .")
            lines.append(f"{thing} <{rdfs}comment> {literal(text)}@{language} .")
        lines.append(f"{thing} a <{BASE}ontology#Country> .")
        lines.append(f"{thing} <{BASE}ontology#nameAsPrinted> {literal(text)} .")
        lines.append(f"{thing} <http://www.w3.org/2004/02/skos/core#altLabel> {literal(text)} .")
    for iri in PLAIN_IRIS:
        lines.append(f"<{BASE}{iri}> a <{BASE}ontology#Country> .")
        lines.append(f'<{BASE}{iri}> <{rdfs}label> "One of the IRIs xss"@en .')
        lines.append(f"<{BASE}place/xss-0> <{BASE}ontology#within> <{BASE}{iri}> .")
    for iri in FOREIGN:
        lines.append(f"<{BASE}place/xss-0> <{rdfs}seeAlso> <{iri}> .")
        lines.append(f"<{iri}> <{rdfs}label> {literal(CORPUS[0])}@en .")
    file = tmp_path_factory.mktemp("corpus") / "corpus.ttl"
    file.write_text("\n".join(lines), encoding="utf-8")
    with serving("--data", str(file)) as running:
        yield running


def checked(answer: Answer) -> Element:
    """Return an HTML answer parsed; nothing in it may come of the corpus but text."""
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    root: Element = HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.text)
    for element in root.iter():
        if not isinstance(element.tag, str):  # a comment
            assert "xss" not in (element.text or "")
            continue
        assert element.tag not in {"iframe", "object", "embed", "base", "math", "xss-element"}
        assert "xss" not in element.tag
        if element.tag in {"script", "style"}:
            assert "xss" not in (element.text or "")
            assert not (element.text or "").strip() or element.get("type") == "application/json"
        if element.tag == "script" and element.get("src"):
            assert ALLOWED_SCRIPTS.fullmatch(element.get("src", ""))
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name not in {"srcdoc", "style", "xss", "x", "autofocus"} or "xss" not in value
            if name in {"href", "src", "action", "formaction", "data"}:
                scheme = value.strip().partition(":")[0].lower()
                assert scheme not in {"javascript", "data", "vbscript"}, value
        if element.tag == "meta":
            assert element.get("http-equiv") is None
    return root


def texts(root: Element) -> str:
    return "".join(root.itertext())


def pages(server: Server) -> list[str]:
    """Return the addresses of all pages of the navigation and of the stored queries."""
    start = server.ask("/en/index.html")
    found = set(re.findall(r'href="(/en/[^"#?]+\.html)', start.text))
    listed = server.ask("/en/queries.html").text
    found |= set(re.findall(r'href="(/en/query/[^"#?]+\.html)', listed))
    return sorted(found)


def test_every_page_of_the_navigation(server: Server) -> None:
    found = pages(server)
    assert len(found) > 30
    for path in found:
        answer = server.ask(path)
        assert answer.status == 200, path
        checked(answer)
    checked(server.ask("/es/index.html"))


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("number", range(len(CORPUS)))
def test_page_of_a_thing_with_markup_in_its_label(
    server: Server, number: int, language: str
) -> None:
    answer = server.ask(f"/{language}/place/xss-{number}.html")
    assert answer.status == 200
    shown = texts(checked(answer))
    # Text is shown as it stands: neither lost nor escaped twice.
    expected = " ".join(CORPUS[number].split())
    assert expected in " ".join(shown.split())


@pytest.mark.parametrize("iri", [BASE + path for path in PLAIN_IRIS] + list(FOREIGN))
def test_unusual_iris(server: Server, iri: str) -> None:
    for accept in ("text/turtle", "application/rdf+xml", "application/ld+json", "text/html"):
        answer = server.ask(f"/resource?iri={quote(iri, safe='')}", accept)
        assert answer.status == 200, answer.text
        safe_headers(answer)
    if not iri.startswith(BASE):
        return
    path = "/" + quote(iri[len(BASE) :], safe="/%:@!$&'()*+,;=~-._")
    answer = server.ask(path, "text/html")
    safe_headers(answer)
    if "%0d%0a" in iri:  # no path of ours has a line break: it stays data
        assert answer.status == 404
        return
    assert answer.status == 303
    target = answer.headers["location"]
    assert target.startswith("/en/")
    page = server.ask(target)
    assert page.status == 200
    checked(page)


@pytest.mark.parametrize("text", CORPUS)
def test_parameters(server: Server, text: str) -> None:
    """What is asked comes back in forms, results and errors: as text."""
    sparql = urlencode({"query": f"SELECT ({literal(text)} AS ?x) {{}}", "run": "1"})
    answer = server.ask(f"/en/sparql.html?{sparql}")
    assert answer.status == 200
    root = checked(answer)
    assert " ".join(text.split()) in " ".join(texts(root).split())
    for path in (
        f"/en/sparql.html?{urlencode({'query': text, 'run': '1'})}",
        f"/en/query/founders-of.html?{urlencode({'arrangement': text})}",
        f"/en/query/founders-of.html?{urlencode({text: text})}",
        f"/es/{quote(text, safe='')}.html",
        f"/en/query/{quote(text, safe='')}.html",
        f"/en/network/{quote(text, safe='')}.html",
    ):
        answer = server.ask(path)
        assert answer.status in {200, 400, 404}, (path, answer.status)
        if answer.headers["content-type"].startswith("text/html"):
            checked(answer)
        else:
            assert answer.headers["content-type"] == "text/plain; charset=utf-8"
            assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("text", [*CORPUS, "x\r\nSet-Cookie: xss=1", "x\nxss: 1", "x\0", "é\ud7ff"])
def test_errors_are_plain_text_and_headers_hold_no_line(server: Server, text: str) -> None:
    part = quote(text, safe="")
    for path in (
        f"/{part}", f"/{part}.ttl", f"/query/{part}", f"/query/{part}.csv",
        f"/resource?iri={part}", f"/sparql?query={part}", f"/sparql?{part}={part}",
        f"/store?graph={part}", f"/store/{part}", f"/dump/{part}", f"/static/{part}",
        f"/void.{part}", f"/query/founders-of.csv?arrangement={part}", f"/sitemap-{part}.xml",
        f"/sparql?query=ASK%7B%7D&default-graph-uri={part}", f"/graph/inferred.ttl?page={part}",
    ):  # fmt: skip
        answer = server.ask(path)
        assert answer.status in {200, 400, 404, 405, 406}, (path, answer.status, answer.text)
        safe_headers(answer)
        if answer.status != 200:
            assert answer.headers["content-type"] == "text/plain; charset=utf-8", path
            assert answer.headers["x-content-type-options"] == "nosniff"


def safe_headers(answer: Answer) -> None:
    assert "set-cookie" not in answer.headers
    assert "xss" not in answer.headers
    for name, value in answer.headers.items():
        assert value.isprintable() or not value, name
    for link in re.findall(r"<([^>]*)>", answer.headers.get("link", "")):
        assert not set(link) & set(' "<>\r\n')


@pytest.mark.parametrize(
    "path",
    ["/sparql?query=ASK%7B%7D", "/case/bogota", "/en/index.html", "/query/founders-of", "/store"],
)
@pytest.mark.parametrize(
    "header", ["Accept", "Accept-Language", "Accept-Encoding", "Host", "If-None-Match", "Origin",
               "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Referer"],
)  # fmt: skip
def test_headers_of_strangers_are_not_believed(server: Server, path: str, header: str) -> None:
    """None comes back: not as a header, not in a link, not in the body."""
    evil = "xss.example/<script>xss()</script>"
    connection = http.client.HTTPConnection(server.host, server.port, timeout=30)
    connection.putrequest("GET", path, skip_host=header == "Host")
    connection.putheader(header, evil)
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    connection.close()
    assert response.status in {200, 303, 400, 406}
    assert b"<script>xss" not in body
    assert not any("xss.example" in value for _, value in response.getheaders())


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /case/bogota\r\nSet-Cookie: xss=1 HTTP/1.1",
        b"GET /\xff\xfe HTTP/1.1",
        b"GET http://xss.example/case/bogota HTTP/1.1",
        b"GET //xss.example/%2f.. HTTP/1.1",
        b"GET /..%2f..%2fetc%2fpasswd HTTP/1.1",
        b"GET /static/..%2f..%2fworker.py HTTP/1.1",
        b"GET /dump/../../etc/passwd HTTP/1.1",
        b"GET /\\xss.example HTTP/1.1",
        b"TRACE / HTTP/1.1",
        b"GET /case/bogota HTTP/9.9",
    ],
)
def test_raw_requests(server: Server, request_line: bytes) -> None:
    with socket.create_connection((server.host, server.port), timeout=30) as connection:
        connection.sendall(request_line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = b""
        while piece := connection.recv(65536):
            received += piece
    head = received.partition(b"\r\n\r\n")[0].lower()
    assert head.startswith((b"http/1.1 4", b"http/1.1 3", b"http/1.1 2"))
    assert b"set-cookie" not in head
    assert b"root:" not in received
    assert b"\nlocation: //" not in head
    assert b"\nlocation: http" not in head


def test_rows_in_every_format_stay_data(server: Server) -> None:
    query = "SELECT ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?l"
    for accept in (
        "application/sparql-results+json", "application/sparql-results+xml", "text/csv",
        "text/tab-separated-values",
    ):  # fmt: skip
        answer = server.query(query, accept)
        assert answer.headers["content-type"].partition(";")[0] == accept
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_the_corpus_is_in_the_graph(server: Server, tmp_path: Path) -> None:
    found = json.loads(
        server.query(
            "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?l FILTER(CONTAINS(STR(?l), 'xss()')) }"
        ).body
    )
    assert int(found["results"]["bindings"][0]["n"]["value"]) >= 12
