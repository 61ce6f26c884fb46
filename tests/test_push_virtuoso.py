"""Push to Virtuoso and back: what it writes otherwise, cannot hold, or holds back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from asking import endpoint_of
from cutting import cutting
from govgraph import KnowledgeGraph
from govgraph.cli import group
from govgraph.errors import RemoteError
from govgraph.store import changing as pushing
from govgraph.store import http
from govgraph.store.changing import Outcome, push
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from govgraph.store.graph_sources import MemoryGraphs, differences
from govgraph.store.lock import MANIFEST
from govgraph.store.store_graphs import StoreGraphs
from govgraph.vocabulary import INFERRED_GRAPH
from servers import PASSWORD, virtuoso

pytestmark = [pytest.mark.virtuoso, pytest.mark.whole]

E = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Return a Virtuoso that gives no more than 1,000 rows at a time, and does not say so."""
    with virtuoso(tmp_path_factory.mktemp("limited"), max_rows=1000) as endpoint:
        yield endpoint


@pytest.fixture
def store(limited: Endpoint) -> Endpoint:
    """Return it without any graph of an earlier test."""
    standing = StoreGraphs(limited)
    drops = [f"DROP SILENT GRAPH <{graph}>" for graph in [*standing.counts(), MANIFEST]]
    for start in range(0, len(drops), 100):
        standing.client.update(";\n".join(drops[start : start + 100]), repeatable=True)
    return limited


def held(*lines: str) -> MemoryGraphs:
    store = ox.Store()
    store.load("".join(f"{line} .\n" for line in lines), format=ox.RdfFormat.N_QUADS)
    return MemoryGraphs(store, "source")


def run(place: MemoryGraphs, endpoint: Endpoint) -> Outcome:
    return push(place, StoreGraphs(endpoint))


def same(place: MemoryGraphs, endpoint: Endpoint) -> bool:
    return all(each.equal for each in differences(place, StoreGraphs(endpoint)))


def test_the_study_goes_there_and_comes_back_past_a_limit_on_rows(
    store: Endpoint, kg: KnowledgeGraph, tmp_path: Path
) -> None:
    signed_in = endpoint_of(store.query_url, user="dba", password=PASSWORD)
    assert signed_in.auth == "digest"
    some = ox.Store()  # all that is stated; what is inferred is larger and shows nothing more
    some.bulk_extend(q for q in kg.store if q.graph_name.value != INFERRED_GRAPH)
    place = MemoryGraphs(some, "stated")
    first = run(place, signed_in)
    assert (first.written, first.lost) == (len(place.counts()), [])
    back = tmp_path / "back.nq"
    done = CliRunner().invoke(group, ["pull", store.query_url, "-o", str(back)])
    assert f": {first.written} graphs, {len(some):,} statements" in done.stderr
    pulled = ox.Store()
    pulled.load(path=str(back), format=ox.RdfFormat.N_QUADS)
    assert all(each.equal for each in differences(place, MemoryGraphs(pulled, "pulled")))


def test_the_same_values_written_otherwise_are_no_difference(store: Endpoint) -> None:
    odd = [
        f'"1.50"^^<{XSD}decimal>', f'"1.0E2"^^<{XSD}double>', f'"007"^^<{XSD}integer>',
        f'"7.0"^^<{XSD}decimal>', f'"123456789012345678901234567890"^^<{XSD}integer>',
        f'"0.1234567890123456789012345"^^<{XSD}decimal>', f'"1"^^<{XSD}boolean>',
        f'"2020-01-02"^^<{XSD}date>', f'"2020-01-02T03:04:05Z"^^<{XSD}dateTime>',
        '"colour"@EN-gb', '"Bogotá – 𝄞"@es', r'"a\nb\t\"q\" \\ x"', '""',
        f'"5"^^<{XSD}nonNegativeInteger>', f'"1998"^^<{XSD}gYear>', "_:a",
    ]  # fmt: skip
    lines = [f"<{E}s> <{E}p> {value} <{E}odd>" for value in odd]
    place = held(*lines, f'_:a <{E}p> "1.50"^^<{XSD}decimal> <{E}odd>', f"_:a <{E}p> _:b <{E}odd>")
    outcome = run(place, store)
    assert outcome.lost == []
    assert outcome.rewritten >= 5
    assert run(place, store).unchanged == 1
    assert same(place, store)


def test_what_it_cannot_hold_is_named_and_not_taken_for_pushed(store: Endpoint) -> None:
    place = held(f'<{E}s> <{E}p> "abc"^^<{XSD}integer> <{E}ill>', f"<{E}s> <{E}p> <{E}o> <{E}ok>")
    for unchanged in (0, 1):
        outcome = run(place, store)
        assert [each.graph for each in outcome.lost] == [f"{E}ill"]
        assert b'"abc"' in outcome.lost[0].only_a[0]
        assert outcome.unchanged == unchanged
    assert not same(place, store)


def test_more_graphs_than_rows_and_graphs_larger_than_rows_come_whole(store: Endpoint) -> None:
    many = [f'<{E}s> <{E}p> "{i}" <{E}g{i}>' for i in range(1100)]
    large = [f'<{E}s{i}> <{E}p> "{i}"@en <{E}large>' for i in range(2500)]
    blank = [f"<{E}s{i}> <{E}p> _:b{i} <{E}blank>" for i in range(1200)]
    for start in range(0, 1100, 100):
        inserted = " ".join(
            f'GRAPH <{E}g{i}> {{ <{E}s> <{E}p> "{i}" }}' for i in range(start, start + 100)
        )
        Client(store).update(f"INSERT DATA {{ {inserted} }}", repeatable=True)
    assert same(held(*many), store)
    outcome = run(held(*large, *blank), store)
    assert (outcome.written, outcome.lost) == (2, [])
    assert same(held(*many, *large, *blank), store)


def test_a_cut_at_every_step_is_mended_by_the_next_push(
    store: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "ATTEMPTS", 1)
    old = held(f'<{E}s> <{E}p> "old" <{E}a>', f'<{E}s> <{E}p> "gone" <{E}b>')
    large = [f'<{E}s{i}> <{E}p> "{i}" <{E}large>' for i in range(20)]
    new = held(f'<{E}s> <{E}p> "new" <{E}a>', f"<{E}s> <{E}p> _:x <{E}c>", *large)
    with cutting(store) as proxy:
        run(old, proxy.endpoint)
        proxy.mend()
        run(new, proxy.endpoint)
        steps = len(proxy.seen)
        assert steps > 10
        for step in range(1, steps + 1):
            run(old, store)
            proxy.cut(step, "within" if step % 2 else "after")
            with pytest.raises(RemoteError):
                run(new, proxy.endpoint)
            proxy.mend()
            run(new, proxy.endpoint)
            assert same(new, store), step


def test_wrong_credentials_and_no_right_to_write(
    store: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "BATCH", 1)
    place = held(f'<{E}s> <{E}p> "1" <{E}a>')
    wrong = endpoint_of(store.query_url, user="dba", password="wrong")
    wrong = replace(wrong, query_url=store.query_url)
    with pytest.raises(RemoteError, match="Name or password are not accepted"):
        run(place, wrong)
    assert not StoreGraphs(store).counts()
