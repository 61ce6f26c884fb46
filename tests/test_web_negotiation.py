"""Content negotiation as pure functions (RFC 9110, section 12)."""

from __future__ import annotations

from govgraph.errors import UsageError
from govgraph.web.addresses import (
    checked_address,
    document_path,
    iri_paths,
    is_document,
    split_extension,
    url_path,
)
from govgraph.web.negotiation import EXTENSIONS, accepts_gzip, choose, choose_language

OFFERED = tuple(EXTENSIONS.values())
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def test_choose() -> None:
    expected = {
        None: "text/turtle",
        "": "text/turtle",
        "*/*": "text/turtle",
        BROWSER: "text/html",
        "application/xhtml+xml": "text/html",
        "application/ld+json": "application/ld+json",
        'application/ld+json;profile="http://x/y"': "application/ld+json",
        "application/*": "application/ld+json",
        "application/*, text/turtle;q=0.9": "application/ld+json",
        "text/turtle;q=0.3, application/rdf+xml;q=0.7": "application/rdf+xml",
        "text/turtle;q=0, */*;q=0.1": "text/html",
        "text/*;q=0, */*": "application/ld+json",
        "TEXT/TURTLE": "text/turtle",
        "text/turtle;q=nonsense, application/n-quads": "application/n-quads",
        "text/turtle ; q = 0.5 , application/trig;q=0.6": "application/trig",
        "image/png": None,
        "*/*;q=0": None,
        "nonsense": None,
        ",,,;;;q=": None,
        "a/b," * 10_000: None,
    }
    assert {accept: choose(accept, OFFERED) for accept in expected} == expected


def test_accepts_gzip() -> None:
    expected = {
        None: False,
        "": False,
        "gzip": True,
        "gzip, deflate, br, zstd": True,
        "GZIP;q=0.2, br": True,
        "*": True,
        "*;q=0": False,
        "gzip;q=0, *": False,
        "identity, gzip;q=0.5": False,
        "br": False,
        "gzip;q=2": False,
    }
    assert {accept: accepts_gzip(accept) for accept in expected} == expected


def test_choose_language() -> None:
    expected = {
        None: "en",
        "es-MX,es;q=0.9,en;q=0.8": "es",
        "fr, es;q=0.2": "es",
        "en-GB,es;q=0.9": "en",
        "de": "en",
        "es;q=0": "en",
        "en;q=0.2, *;q=0.5": "es",
        "*, es;q=0": "en",
        "es;q=2, en;q=0.1": "en",
        "es ; q=0.9 , en;q=0.8": "es",
        "ES-419": "es",
        "es, en": "es",
    }
    offered = ("en", "es")
    assert {accept: choose_language(accept, offered) for accept in expected} == expected
    assert choose_language("pt-PT, pt;q=0.5", ("en", "pt-BR")) == "pt-BR"
    assert choose_language("pt-BR", ("en", "pt")) == "pt"


def test_split_extension() -> None:
    expected = {
        "case/bogota.ttl": ("case/bogota", "ttl"),
        "case/bogota": ("case/bogota", None),
        "passage/2.1": ("passage/2.1", None),
        "passage/2.1.nq": ("passage/2.1", "nq"),
        "case/bogota.exe": ("case/bogota.exe", None),
        "case/.ttl": ("case/.ttl", None),
        ".ttl": (".ttl", None),
    }
    assert {path: split_extension(path) for path in expected} == expected


def test_documents_and_things() -> None:
    for path in (
        "ontology",
        "ontology/0.3.0",
        "graph/inferred",
        "graph/editorial/cases/bogota",
        "",
    ):
        assert is_document(path)
    for path in ("case/bogota", "passage/2.1", "ontologyx", "dataset/govgraph"):
        assert not is_document(path)


def test_paths_of_iris_and_addresses() -> None:
    assert iri_paths(b"/place/bogot%C3%A1") == ["place/bogotá", "place/bogot%C3%A1"]
    assert iri_paths(b"/case/a%0Ab") == []
    assert iri_paths(b"/%FF") == []
    assert iri_paths("/bogotá".encode()) == []  # no URL holds that
    assert url_path("place/bogotá") == "place/bogot%C3%A1"
    assert url_path("place/bogot%C3%A1") == "place/bogot%C3%A1"
    assert url_path("//evil.example") == "evil.example"
    assert url_path("a\r\nSet-Cookie: b") == "a%0D%0ASet-Cookie:%20b"
    assert document_path("case/bogota", "ttl") == "case/bogota.ttl"


def test_what_is_no_address_is_refused() -> None:
    accepted = []
    for text in (
        "", "example.org", "ftp://x/", "https://", "https://:80/", "https://x:port/", "https://[x/",
        "https://a:b@x/", "https://x/#a", "https://x/'a", "https://x;y/", "https://x/\n",
        "https://x/\u00e1", "https://x/?q", "https://x/{}",
    ):  # fmt: skip
        try:
            checked_address(text, "--base", "http://y/")
        except UsageError as error:
            assert str(error) == (  # noqa: PT017
                f"--base: found {text!r}, expected an address such as http://y/."
            )
        else:
            accepted.append(text)
    assert accepted == []


def test_an_endpoint_may_have_parameters() -> None:
    for address in ("https://x/sparql?default-graph-uri=urn:a", "http://[::1]:80/a"):
        assert checked_address(address, "--endpoint", "http://y/", query=True) == address
