"""`govgraph serve --endpoint`: pages, data and queries of what lies in a SPARQL store."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import govgraph
import servers
from govgraph import KnowledgeGraph
from govgraph.store.endpoint import Endpoint
from second_study import NAME, SECOND
from serving import Server, serving

pytestmark = pytest.mark.oxigraph_server
URL = ("--public-url", "https://gacaca.example/")
_LINE = r"<code>\S+:[0-9]+</code>"
FILE_AND_LINE = re.compile(rf'<small>{_LINE}</small>| <span class="leaf">{_LINE}</span>| {_LINE}')


@pytest.fixture(scope="module")
def store(second: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with servers.oxigraph(tmp_path_factory.mktemp("filled")) as endpoint:
        second.push(endpoint)
        yield endpoint


def pages(server: Server) -> dict[str, str]:
    found = re.findall("<loc>https://gacaca.example(.+?)</loc>", server.ask("/sitemap.xml").text)
    some = [address for address in found if address.count("/") == 2] + found[::50]
    return {address: FILE_AND_LINE.sub("", server.ask(address).text) for address in sorted(some)}


@pytest.mark.whole
def test_a_store_has_the_pages_and_answers_of_its_files(store: Endpoint) -> None:
    count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    with serving("--study", NAME, *URL) as server:
        expected, statements = pages(server), server.query(count).text
        data = server.ask("/partnership/gacaca.ttl").text
    with serving("--study", NAME, *URL, "--endpoint", store.query_url) as server:
        assert server.query(count).text == statements
        assert server.ask("/partnership/gacaca.ttl").text == data
        served = pages(server)
        thing = server.ask("/partnership/gacaca", Accept="text/html")
        assert thing.status == 303
    assert len(expected) > 40
    other = [address for address in expected if served.get(address) != expected[address]]
    # What has no name in the ontology is called otherwise in a store; so are checksums of dumps.
    named = (address for address in other if "_:" not in expected[address])
    assert {address for address in named if not address.endswith("/data.html")} == set()
    assert served.keys() == expected.keys()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), f"the store holds the study {SECOND}, which does not lie here"),
        (("--study", NAME, "--watch"), "leave --watch, --data and --alone out"),
        (("--study", NAME, "--alone"), "leave --watch, --data and --alone out"),
    ],
)
def test_what_cannot_be_served_is_one_line(
    arguments: tuple[str, ...], message: str, store: Endpoint, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "govgraph", "serve", "--port", "0"]
    done = subprocess.run(
        [*command, "--endpoint", store.query_url, *arguments],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert message in done.stderr.splitlines()[-1]


@pytest.mark.whole
def test_a_store_that_is_down_or_empty_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with servers.oxigraph(tmp_path / "empty") as endpoint:
        empty = endpoint.query_url
        with pytest.raises(govgraph.RemoteError, match="the store is empty"):
            KnowledgeGraph.at(empty).at_home(govgraph.open(study=NAME).study)
    with pytest.raises(govgraph.RemoteError, match=r"refused|listens"):
        KnowledgeGraph.at(empty).at_home()
