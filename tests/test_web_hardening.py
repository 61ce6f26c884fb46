"""Markup in labels, comments, IRIs and parameters stays text; headers hold no line of a stranger.

A really running server over a graph of its own. What is served is parsed as a browser parses it:
no element or attribute may come of what the corpus says.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element

import pytest
from html5rdf import HTMLParser

from first_study import STUDY
from govgraph.vocabulary import BASE
from serving import Answer, Server, serving

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
FORBIDDEN = {"iframe", "object", "embed", "base", "math", "xss-element"}
SUSPICIOUS = {"srcdoc", "style", "xss", "x", "autofocus"}
ADDRESSES = {"href", "src", "action", "formaction", "data"}
ALLOWED_SCRIPTS = re.compile(r"(?:\.\./)*/?static/[\w.-]+\.m?js")


SLICES = pytest.mark.parametrize(
    "slices", [pytest.param(12, id="some"), pytest.param(1, id="all", marks=pytest.mark.whole)]
)
"""Every text is sent to a part of the addresses, every address gets a part of the texts; or all."""


def sliced(number: int, things: Sequence[str], slices: int) -> Sequence[str]:
    """Return one of so many slices of a list: another for each number."""
    return things[number % slices :: slices]


def literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    rdfs = "http://www.w3.org/2000/01/rdf-schema#"
    lines = []
    for number, text in enumerate(CORPUS):
        thing = f"<{STUDY}place/xss-{number}>"
        for language in ("en", "es"):
            lines.append(f"{thing} <{rdfs}label> {literal(text)}@{language} .")
            lines.append(f"{thing} <{rdfs}comment> {literal(text)}@{language} .")
        lines.append(f"{thing} a <{BASE}ontology#Country> .")
        lines.append(f"{thing} <{BASE}ontology#nameAsPrinted> {literal(text)} .")
        lines.append(f"{thing} <http://www.w3.org/2004/02/skos/core#altLabel> {literal(text)} .")
    for iri in PLAIN_IRIS:
        lines.append(f"<{BASE}{iri}> a <{BASE}ontology#Country> .")
        lines.append(f'<{BASE}{iri}> <{rdfs}label> "One of the IRIs xss"@en .')
        lines.append(f"<{STUDY}place/xss-0> <{BASE}ontology#within> <{BASE}{iri}> .")
    for iri in FOREIGN:
        lines.append(f"<{STUDY}place/xss-0> <{rdfs}seeAlso> <{iri}> .")
        lines.append(f"<{iri}> <{rdfs}label> {literal(CORPUS[0])}@en .")
    file = tmp_path_factory.mktemp("corpus") / "corpus.ttl"
    file.write_text("\n".join(lines), encoding="utf-8")
    with serving("--study", "security-alliances", "--data", str(file)) as running:
        yield running


Faults = list[tuple[str, str]]
"""Address of what was asked, and what is wrong with the answer."""


def faults_in(root: Element) -> Iterator[str]:
    """Yield what in a page may have come of the corpus and is more than text."""
    for element in root.iter():
        text = element.text or ""
        if not isinstance(element.tag, str):
            if "xss" in text:
                yield f"a comment: {text}"
            continue
        if element.tag in FORBIDDEN or "xss" in element.tag:
            yield f"an element: {element.tag}"
        is_data = element.get("type") in {"application/json", "application/ld+json"}
        if element.tag in {"script", "style"} and ("xss" in text or (text.strip() and not is_data)):
            yield f"code inside: {text}"
        source = element.get("src")
        if element.tag == "script" and source and not ALLOWED_SCRIPTS.fullmatch(source):
            yield f"a script: {source}"
        if element.tag == "meta" and element.get("http-equiv") is not None:
            yield "a header in the page"
        for name, value in element.attrib.items():
            if name.startswith("on") or (name in SUSPICIOUS and "xss" in value):
                yield f"an attribute: {name}={value}"
            scheme = value.strip().partition(":")[0].lower()
            if name in ADDRESSES and scheme in {"javascript", "data", "vbscript"}:
                yield f"an address: {value}"


def test_the_check_finds_markup_that_is_not_escaped() -> None:
    missed = []
    for text in CORPUS:
        page = f'<!doctype html><title>x</title><p title="{text}">{text}</p>'
        root = HTMLParser(namespaceHTMLElements=False).parse(page)
        if not list(faults_in(root)):
            missed.append(text)
    # What has no effect as markup either; CDATA is a comment of its first half.
    harmless = [text for text in CORPUS if "<" not in text and '"' not in text]
    assert set(missed) == {*harmless, "<![CDATA[<script>xss()</script>]]>"}


def parsed(answer: Answer, path: str, faults: Faults) -> Element:
    """Return an HTML answer as a browser parses it; note what is wrong with it."""
    policy = answer.headers.get("content-security-policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        faults.append((path, f"its policy: {policy}"))
    if answer.headers.get("content-type") != "text/html; charset=utf-8":
        faults.append((path, f"its type: {answer.headers.get('content-type')}"))
    root: Element = HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.text)
    faults += [(path, fault) for fault in faults_in(root)]
    return root


def shows(root: Element, text: str) -> bool:
    """Whether a page shows a text as it stands: neither lost nor escaped twice."""
    return " ".join(text.split()) in " ".join("".join(root.itertext()).split())


def check_headers(answer: Answer, path: str, faults: Faults) -> None:
    """Note where headers hold a line of a stranger."""
    for name, value in answer.headers.items():
        if name in {"set-cookie", "xss"} or (value and not value.isprintable()):
            faults.append((path, f"a header: {name}: {value}"))
    for link in re.findall(r"<([^>]*)>", answer.headers.get("link", "")):
        if set(link) & set(' "<>\r\n'):
            faults.append((path, f"a link: {link}"))


@SLICES
def test_every_page_of_the_navigation_and_some_of_stored_queries(
    server: Server, slices: int
) -> None:
    start = server.ask("/en/index.html")
    pages = set(re.findall(r'href="(/en/[^"#?]+\.html)', start.text))
    assert len(pages) > 10
    listed = sorted(set(re.findall(r'href="(/en/query/[^"#?]+\.html)',
                                   server.ask("/en/queries.html").text)))  # fmt: skip
    assert len(listed) > 100
    faults: Faults = []
    for path in [*sorted(pages)[:: min(2, slices)], *listed[:: 6 * slices], "/es/index.html"]:
        answer = server.ask(path)
        if answer.status != 200:
            faults.append((path, str(answer.status)))
        parsed(answer, path, faults)
    assert faults == []


def test_pages_of_things_with_markup_in_their_labels(server: Server) -> None:
    faults: Faults = []
    for number, text in enumerate(CORPUS):
        for language in ("en", "es"):
            path = f"/{language}/place/xss-{number}.html"
            answer = server.ask(path)
            if answer.status != 200 or not shows(parsed(answer, path, faults), text):
                faults.append((path, f"{answer.status}, or the text is lost"))
    assert faults == []


def test_unusual_iris(server: Server) -> None:
    faults: Faults = []
    for iri in [BASE + path for path in PLAIN_IRIS] + list(FOREIGN):
        for accept in ("text/turtle", "application/rdf+xml", "application/ld+json", "text/html"):
            path = f"/resource?iri={quote(iri, safe='')}"
            answer = server.ask(path, accept)
            check_headers(answer, path, faults)
            if answer.status == 303:  # what has no place on the site has a page all the same
                page = server.ask(answer.headers["location"])
                assert answer.headers["location"].startswith("/en/resource.html?iri=")
                check_headers(page, path, faults)
                parsed(page, path, faults)
            elif answer.status != 200:
                faults.append((path, answer.text))
        if not iri.startswith(BASE):
            continue
        path = "/" + quote(iri[len(BASE) :], safe="/%:@!$&'()*+,;=~-._")
        answer = server.ask(path, "text/html")
        check_headers(answer, path, faults)
        if "%0d%0a" in iri:  # no path of ours has a line break: it stays data
            assert answer.status == 404
            continue
        target = answer.headers.get("location", "")
        if answer.status != 303 or not target.startswith("/en/"):
            faults.append((path, f"{answer.status} {target}"))
            continue
        parsed(server.ask(target), target, faults)
    assert faults == []


@SLICES
def test_parameters_come_back_as_text(server: Server, slices: int) -> None:
    """In forms, in results, and in errors."""
    faults: Faults = []
    for number, text in enumerate(CORPUS):
        sparql = urlencode({"query": f"SELECT ({literal(text)} AS ?x) {{}}", "run": "1"})
        path = f"/en/sparql.html?{sparql}"
        if not shows(parsed(server.ask(path), path, faults), text):
            faults.append((path, "the text is lost"))
        paths = (
            f"/en/sparql.html?{urlencode({'query': text, 'run': '1'})}",
            f"/en/query/founders-of.html?{urlencode({'arrangement': text})}",
            f"/en/query/founders-of.html?{urlencode({text: text})}",
            f"/es/{quote(text, safe='')}.html",
            f"/en/query/{quote(text, safe='')}.html",
            f"/en/network/{quote(text, safe='')}.html",
        )
        for path in sliced(number, paths, slices):
            answer = server.ask(path)
            if answer.status not in {200, 400, 404}:
                faults.append((path, str(answer.status)))
            if answer.headers["content-type"].startswith("text/html"):
                parsed(answer, path, faults)
            else:
                check_plain(answer, path, faults)
    assert faults == []


def check_plain(answer: Answer, path: str, faults: Faults) -> None:
    """Note where an answer is not plain text that no browser takes for anything else."""
    expected = ("text/plain; charset=utf-8", "nosniff")
    headers = tuple(answer.headers.get(n) for n in ("content-type", "x-content-type-options"))
    if headers != expected:
        faults.append((path, f"its type: {headers}"))


@SLICES
def test_errors_are_plain_text_and_headers_hold_no_line(server: Server, slices: int) -> None:
    faults: Faults = []
    texts = (*CORPUS, "x\r\nSet-Cookie: xss=1", "x\nxss: 1", "x\0", "é\ud7ff")
    for number, text in enumerate(texts):
        part = quote(text, safe="")
        paths = (
            f"/{part}", f"/{part}.ttl", f"/query/{part}", f"/query/{part}.csv",
            f"/resource?iri={part}", f"/sparql?query={part}", f"/sparql?{part}={part}",
            f"/store?graph={part}", f"/store/{part}", f"/dump/{part}", f"/static/{part}",
            f"/void.{part}", f"/query/founders-of.csv?arrangement={part}", f"/sitemap-{part}.xml",
            f"/sparql?query=ASK%7B%7D&default-graph-uri={part}",
            f"/graph/inferred.ttl?page={part}",
        )  # fmt: skip
        for path in sliced(number, paths, slices):
            answer = server.ask(path)
            check_headers(answer, path, faults)
            if answer.status not in {200, 400, 404, 405, 406}:
                faults.append((path, str(answer.status)))
            if answer.status != 200:
                check_plain(answer, path, faults)
    assert faults == []


def test_headers_of_strangers_are_not_believed(server: Server) -> None:
    """None comes back: not as a header, not in a link, not in the body."""
    evil = "xss.example/<script>xss()</script>"
    faults: Faults = []
    for path in ("/sparql?query=ASK%7B%7D", "/case/bogota", "/en/index.html",
                 "/query/founders-of", "/store"):  # fmt: skip
        for header in ("Accept", "Accept-Language", "Accept-Encoding", "Host", "If-None-Match",
                       "Origin", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
                       "Forwarded", "Referer"):  # fmt: skip
            connection = http.client.HTTPConnection(server.host, server.port, timeout=30)
            connection.putrequest("GET", path, skip_host=header == "Host")
            connection.putheader(header, evil)
            connection.endheaders()
            response = connection.getresponse()
            body = response.read()
            connection.close()
            if response.status not in {200, 303, 400, 406}:
                faults.append((path, f"{header}: {response.status}"))
            sent = [value for _, value in response.getheaders()]
            if b"<script>xss" in body or any("xss.example" in value for value in sent):
                faults.append((path, f"{header} comes back"))
    assert faults == []


def test_raw_requests(server: Server) -> None:
    faults = []
    for line in (
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
    ):
        with socket.create_connection((server.host, server.port), timeout=30) as connection:
            connection.sendall(line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
            received = b""
            while piece := connection.recv(65536):
                received += piece
        head = received.partition(b"\r\n\r\n")[0].lower()
        bad = (b"set-cookie", b"\nlocation: //", b"\nlocation: http")
        if not re.match(rb"http/1\.1 [234]", head) or any(each in head for each in bad):
            faults.append((line, head))
        if b"root:" in received:
            faults.append((line, received))
    assert faults == []


def test_rows_in_every_format_stay_data(server: Server) -> None:
    query = "SELECT ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?l"
    for accept in (
        "application/sparql-results+json", "application/sparql-results+xml", "text/csv",
        "text/tab-separated-values",
    ):  # fmt: skip
        answer = server.query(query, accept)
        assert answer.headers["content-type"].partition(";")[0] == accept
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_corpus_is_in_the_graph(server: Server) -> None:
    found = json.loads(
        server.query(
            "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?l FILTER(CONTAINS(STR(?l), 'xss()')) }"
        ).body
    )
    assert int(found["results"]["bindings"][0]["n"]["value"]) >= 12
