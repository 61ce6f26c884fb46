"""A stored query that asks Wikidata: its answer is replayed by a server of this machine.

`fixtures/wikidata/countries.json` has the form of an answer of https://query.wikidata.org to what
stands inside SERVICE: some of its rows, written from ISO 3166-1 and the ids of Wikidata, as no
network was at hand. To record it anew, post what `replay.asked` holds to Wikidata, keep the rows.
"""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from govgraph.errors import GovgraphError
from govgraph.queries.sparql import outline

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

SLUG = "elsewhere/wikidata-countries"
WIKIDATA = "https://query.wikidata.org/sparql"
RECORDED = Path(__file__).parent / "fixtures/wikidata/countries.json"


@dataclass
class Replay:
    """A server at `url` that answers every query alike, and the queries that it was sent."""

    url: str = ""
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def replay() -> Iterator[Replay]:
    found, answer = Replay(), RECORDED.read_bytes()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.asked.append(body.decode())
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_port}/sparql"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()


def test_what_wikidata_answers_is_joined_by_the_identity_links(
    kg: KnowledgeGraph, replay: Replay
) -> None:
    text = kg.queries[SLUG].text
    assert text.count(WIKIDATA) == 1
    answer = kg.query(text.replace(WIKIDATA, replay.url))
    rows = {kg.names.shorten(str(row["country"])): row for row in answer}
    dutch = rows["place/netherlands"]
    assert (dutch["iso2"], dutch["iso3"], dutch["capital"]) == ("NL", "NLD", "Amsterdam")
    assert int(str(dutch["arrangements"])) >= 3
    # Of no interest here are Rwanda, Japan and South Africa; Peru was not recorded.
    assert not {"place/rwanda", "place/japan", "place/peru"} & set(rows)
    [asked] = replay.asked
    assert "P298" in asked
    assert "ontology#" not in asked  # what is asked of Wikidata is about its own terms


def test_the_codes_of_wikidata_are_those_of_the_places(kg: KnowledgeGraph, replay: Replay) -> None:
    """`ontology/places.csv` has the codes of ISO 3166-1 too: the links lead to the right items."""
    answer = kg.query(kg.queries[SLUG].text.replace(WIKIDATA, replay.url))
    table = (Path(__file__).parents[1] / "ontology/places.csv").read_text("utf-8")
    codes = {line.split(",")[1] for line in table.splitlines()}
    assert len(answer) >= 12
    assert {str(row["iso2"]) for row in answer} <= codes


def test_nobody_is_asked_before_a_reader_wishes_it(kg: KnowledgeGraph) -> None:
    """A site lists only what has an answer, and must not look for it on the network."""
    query = kg.queries[SLUG]
    assert outline(query.text).has_service
    assert not kg.defaults.answers(query)
    assert not query.promises


def test_without_a_network_the_answer_is_one_line(kg: KnowledgeGraph) -> None:
    with socket.socket() as taken:  # bound, and not listening
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/sparql"
        with pytest.raises(GovgraphError, match="could not be answered"):
            kg.query(kg.queries[SLUG].text.replace(WIKIDATA, url))
