"""Between here and a SPARQL server: errors of one line, no request too many, no secret lost."""

from __future__ import annotations

import hashlib
import re
import subprocess
import time
from contextlib import closing
from email.utils import formatdate
from pathlib import Path

import pytest

from asking import ask, endpoint_of, fine, in_turn, refused
from govgraph.errors import RemoteError
from govgraph.store import http
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from govgraph.store.http import Connection
from misbehaving import YES, Handler, serving
from servers import free_port


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses that were made, none of which takes its time."""
    made: list[float] = []
    monkeypatch.setattr("time.sleep", made.append)
    return made


def write(url: str, repeatable: bool, method: str = "POST", body: bytes = b"x") -> http.Answer:
    endpoint = endpoint_of(url, timeout=5.0)
    return Connection(endpoint).send(method, url, repeatable=repeatable, body=body)


def test_html_instead_of_results_says_where_queries_go_to() -> None:
    page = b"<html><head><title>Welcome to the store</title></head></html>"
    text, _ = refused(lambda h: h.answer(body=page, content_type="text/html; charset=utf-8"))
    assert "HTML page (Welcome to the store)" in text
    assert "/query on Oxigraph" in text
    assert "<" not in text


@pytest.mark.parametrize("content_type", ["text/csv", "application/octet-stream", ""])
def test_a_wrong_content_type_is_named(content_type: str) -> None:
    text, count = refused(lambda h: h.answer(content_type=content_type))
    assert (content_type or "without Content-Type") in text
    assert "expected application/sparql-results+json" in text
    assert count == 1


def test_a_body_cut_short_is_named() -> None:
    def cut(handler: Handler) -> None:
        handler.answer(Content_Length="400")
        handler.cut()

    text, count = refused(cut)
    assert "the answer was cut short" in text
    assert count == 1


def test_results_cut_short_where_no_length_was_promised_are_not_taken_for_whole() -> None:
    def stop(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/sparql-results+json")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri"')
        handler.cut()

    assert "cut short after 64 bytes" in refused(stop)[0]


def test_what_only_says_that_it_is_json_is_named() -> None:
    text, _ = refused(lambda h: h.answer(body=b"NullPointerException at line 3"))
    assert "no SPARQL results in JSON although it says so" in text


@pytest.mark.parametrize(
    ("options", "challenge", "remedy"),
    [
        ({}, 'Basic realm="x"', "set GOVGRAPH_USER and GOVGRAPH_PASSWORD"),
        ({"user": "ana", "password": "no"}, 'Basic realm="x"', "not accepted: check GOVGRAPH_USER"),
        ({"user": "ana"}, 'Digest realm="x"', "set GOVGRAPH_AUTH=digest"),
        ({"token": "t"}, "Bearer", "check GOVGRAPH_TOKEN"),
    ],
)
def test_wrong_credentials_say_what_to_set(
    options: dict[str, str], challenge: str, remedy: str
) -> None:
    def ask_who(handler: Handler) -> None:
        handler.answer(401, b"", WWW_Authenticate=challenge)

    text, count = refused(ask_who, **options)
    assert "401 Unauthorized" in text
    assert remedy in text
    assert count == 1
    assert "no" not in re.findall(r"\bno\b", text)


def test_forbidden_missing_and_failing_have_a_remedy() -> None:
    forbidden = refused(lambda h: h.answer(403, b""), user="ana", password="x")[0]
    assert "These credentials may not do this: ask for the right" in forbidden
    unsent = refused(lambda h: h.answer(403, b""))[0]
    assert "No credentials were sent: set GOVGRAPH_USER and GOVGRAPH_PASSWORD, or" in unsent
    assert "These credentials" not in unsent
    assert (
        "/query on Oxigraph" in refused(lambda h: h.answer(404, b"no such page", "text/plain"))[0]
    )
    text, count = refused(lambda h: h.answer(500, b"disk\x1b[31m full\nat line 1", "text/plain"))
    assert "disk [31m full at line 1" in text
    assert count == 1


def test_too_many_requests_are_waited_for_as_asked(pauses: list[float]) -> None:
    def busy(handler: Handler) -> None:
        handler.answer(429, b"", Retry_After="3")

    with serving(in_turn(busy, busy, fine)) as asked:
        assert ask(asked.url)
        assert pauses == [3, 3]
        pauses.clear()
    with serving(in_turn(busy, fine)) as asked:
        assert write(asked.url, repeatable=False).status_code == 200
        assert len(asked) == 2  # 429 means that it was not done: a write may be sent again


def test_unavailable_is_waited_for_by_date_or_with_growing_pauses(pauses: list[float]) -> None:
    def down(handler: Handler) -> None:
        handler.answer(503, b"", Retry_After=formatdate(time.time() + 3.5, usegmt=True))

    with serving(in_turn(down, fine)) as asked:
        assert ask(asked.url)
    assert len(pauses) == 1
    assert 1 < pauses[0] <= 4
    pauses.clear()
    text, count = refused(lambda h: h.answer(503, b""))
    assert count == http.ATTEMPTS
    assert pauses == [0.5, 1, 2]  # the second time at once
    assert "503" in text


def test_a_wait_longer_than_the_timeout_is_named_and_not_waited_for(pauses: list[float]) -> None:
    text, count = refused(lambda h: h.answer(503, b"", Retry_After="3600"))
    assert "asks to wait 3600 seconds" in text
    assert count == 1
    assert pauses == []


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_write_that_may_have_been_done_is_not_sent_again(
    status: int, pauses: list[float]
) -> None:
    with serving(lambda h: h.answer(status, b"")) as asked:
        with pytest.raises(RemoteError):
            write(asked.url, repeatable=False)
        assert len(asked) == 1


def test_a_broken_connection_repeats_what_may_be_done_twice_only(pauses: list[float]) -> None:
    with serving(in_turn(Handler.cut, fine)) as asked:
        assert write(asked.url, repeatable=True, method="PUT").status_code == 200
        assert len(asked) == 2
    with serving(in_turn(Handler.cut, fine)) as asked:
        with pytest.raises(RemoteError, match="may or may not have been done"):
            write(asked.url, repeatable=False)
        assert len(asked) == 1


def test_a_server_that_hangs_is_left_after_the_timeout() -> None:
    started = time.monotonic()
    text, count = refused(lambda h: time.sleep(20), timeout=0.3)
    assert "no answer within 0.3 seconds. Set GOVGRAPH_TIMEOUT higher" in text
    assert time.monotonic() - started < 10
    assert count == 1


def test_an_answer_that_stops_is_left_after_the_timeout() -> None:
    def stop(handler: Handler) -> None:
        handler.answer(Content_Length="400")
        time.sleep(1)

    assert "stopped for 0.3 seconds" in refused(stop, timeout=0.3)[0]


def test_no_server_no_host_and_no_server_to_write_to(pauses: list[float]) -> None:
    url = f"http://127.0.0.1:{free_port()}/query"
    with pytest.raises(RemoteError, match="Is the server up, and the port") as error:
        ask(url)
    assert len(pauses) == http.ATTEMPTS - 2  # it may be about to start
    assert "HTTPConnection" not in str(error.value)
    with pytest.raises(RemoteError, match="no such host"):
        ask("http://nowhere.invalid/query")
    with pytest.raises(RemoteError) as error:
        write(url, repeatable=False)
    assert "may or may not" not in str(error.value)  # nothing was sent


def test_a_redirect_is_named_and_gets_no_credentials() -> None:
    with serving(fine) as other:
        text, _ = refused(
            lambda h: h.answer(302, b"", Location=other.url), user="ana", password="secret"
        )
        assert f"now at {other.url}: use that address" in text
        assert len(other) == 0


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    made = tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(tmp_path / "key"), "-out", str(made)],
        check=True, capture_output=True,
    )  # fmt: skip
    made.write_text(made.read_text() + (tmp_path / "key").read_text())
    return made


def test_a_certificate_of_no_authority_is_refused_unless_it_is_ones_own(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(fine, certificate) as asked:
        with pytest.raises(RemoteError, match="certificate is refused") as error:
            ask(asked.url, user="ana", password="secret")
        assert "REQUESTS_CA_BUNDLE" in str(error.value)
        assert len(asked) == 0
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        assert ask(asked.url)


def test_certificates_that_are_none_name_variable_and_file(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bundle in (tmp_path / "none.pem", tmp_path / "text.pem"):
        (tmp_path / "text.pem").write_text("no certificate")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
        with serving(fine, certificate) as asked:
            with pytest.raises(RemoteError) as error:
                ask(asked.url)
            assert "REQUESTS_CA_BUNDLE: no certificates can be read from" in str(error.value)
            assert str(bundle) in str(error.value)
            assert len(asked) == 0
        with serving(fine) as asked:
            assert ask(asked.url)  # which needs none


def test_basic_and_bearer_credentials_are_sent_whatever_their_letters() -> None:
    with serving(fine) as asked:
        ask(asked.url, user="ana", password="contraseña")
        ask(asked.url, token="abc")
        ask(asked.url)
    sent = [headers.get("Authorization") for _, _, headers, _ in asked.requests]
    assert sent == ["Basic YW5hOmNvbnRyYXNlw7Fh", "Bearer abc", None]


def test_digest_signs_in_and_sends_the_whole_body(tmp_path: Path) -> None:
    def digest(handler: Handler) -> None:
        given = handler.headers.get("Authorization", "")
        parts = dict(re.findall(r'(\w+)="?([^",]+)"?', given))
        if not parts:
            challenge = 'Digest realm="SPARQL", nonce="abc", qop="auth", algorithm="MD5"'
            handler.answer(401, b"", WWW_Authenticate=challenge)
            return

        def md5(text: str) -> str:
            return hashlib.md5(text.encode()).hexdigest()

        one, two = md5("ana:SPARQL:secret"), md5(f"{handler.command}:{parts['uri']}")
        expected = md5(f"{one}:abc:{parts['nc']}:{parts['cnonce']}:auth:{two}")
        handler.answer(200 if parts["response"] == expected else 403)

    with serving(digest) as asked:
        endpoint = endpoint_of(asked.url, user="ana", password="secret", auth="digest")
        with closing(Connection(endpoint)) as connection:
            answer = connection.send("PUT", asked.url, repeatable=True, body=b"one two")
            assert answer.content == YES
        assert asked.requests[-1][-1] == b"one two"


def test_what_netrc_holds_for_the_host_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ana password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with serving(fine) as asked:
        ask(asked.url)
    assert "Authorization" not in asked.requests[0][2]


def test_short_queries_are_a_get_and_long_ones_a_post() -> None:
    with serving(fine) as asked:
        ask(asked.url)
        Client(Endpoint.of(asked.url)).ask(f"ASK {{ ?s ?p {'x' * 5000!r} }}")
    (method, path, _, _), (long_method, long_path, headers, body) = asked.requests
    assert (method, long_method, long_path) == ("GET", "POST", "/query")
    assert path == "/query?query=ASK+%7B+%3Fs+%3Fp+%3Fo+%7D"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert body.startswith(b"query=ASK+%7B")
