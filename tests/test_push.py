"""Push to real stores: what changed and nothing else, whole graphs, whatever is cut off when."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest

from cutting import KINDS, Proxy, cutting
from govgraph.errors import GovgraphError, RemoteError, UsageError
from govgraph.store import changing as pushing
from govgraph.store import http
from govgraph.store.changing import Outcome, push
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from govgraph.store.graph_sources import MemoryGraphs
from govgraph.store.lock import MANIFEST
from govgraph.store.store_graphs import StoreGraphs

E = "http://example.org/"
LARGE = f"{E}large"
FOREIGN = f"{E}foreign"

OLD: Final = (
    f"<{E}s> <{E}p> \"same\" <{E}same> .\n"
    f"<{E}s> <{E}p> \"before\" <{E}changed> .\n"
    f"<{E}s> <{E}p> _:x <{E}blank> .\n_:x <{E}p> \"before\" <{E}blank> .\n"
    f"<{E}s> <{E}p> \"gone\" <{E}gone> .\n"
    + "".join(f"<{E}s{i}> <{E}p> \"before {i}\" <{LARGE}> .\n" for i in range(40))
)  # fmt: skip
NEW: Final = (
    f"<{E}s> <{E}p> \"same\" <{E}same> .\n"
    f"<{E}s> <{E}p> \"after\"@es <{E}changed> .\n"
    f"<{E}s> <{E}p> _:y <{E}blank> .\n_:y <{E}p> \"after\" <{E}blank> .\n"
    f"<{E}t> <{E}p> _:z <{E}blank> .\n_:z <{E}p> _:y <{E}blank> .\n"
    f"<{E}s> <{E}p> \"new 1\" <{E}new-1> .\n"
    f"<{E}s> <{E}p> \"new 2\" <{E}new-2> .\n"
    + "".join(f"<{E}s{i}> <{E}p> \"after {i}\" <{LARGE}> .\n" for i in range(60))
    + f"<{E}b> <{E}p> _:b <{LARGE}> .\n_:b <{E}p> \"\\n\\t\\\"\\\\ Bogotá 𝄞\" <{LARGE}> .\n"
)  # fmt: skip


def held(quads: str) -> MemoryGraphs:
    store = ox.Store()
    store.load(quads.encode(), format=ox.RdfFormat.N_QUADS)
    return MemoryGraphs(store, "source")


def run(
    quads: str, endpoint: Endpoint, *, keep: bool = False, compare_all: bool = False
) -> Outcome:
    return push(held(quads), StoreGraphs(endpoint), keep=keep, compare_all=compare_all)


def graphs_of(quads: str) -> dict[str, ox.Dataset]:
    """Return the graphs of N-Quads, blank nodes by their canonical labels."""
    return by_graph(ox.parse(quads.encode(), format=ox.RdfFormat.N_QUADS))


def by_graph(quads: Iterator[ox.Quad]) -> dict[str, ox.Dataset]:
    found: dict[str, ox.Dataset] = {}
    for quad in quads:
        graph = quad.graph_name.value
        found.setdefault(graph, ox.Dataset()).add(
            ox.Quad(quad.subject, quad.predicate, quad.object)
        )
    for dataset in found.values():
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


def dump(endpoint: Endpoint) -> bytes:
    """Return all that an oxigraph server holds."""
    url, accept = endpoint.graph_store_url or "", {"Accept": "application/n-quads"}
    with urllib.request.urlopen(urllib.request.Request(url, headers=accept), timeout=30) as found:
        content: bytes = found.read()
    return content


def restore(endpoint: Endpoint, content: bytes) -> None:
    """Have an oxigraph server hold what `dump` returned, and nothing else."""
    url, content_type = endpoint.graph_store_url or "", {"Content-Type": "application/n-quads"}
    request = urllib.request.Request(url, content, content_type, method="PUT")
    urllib.request.urlopen(request, timeout=30).close()


def there(endpoint: Endpoint, *, own: bool = False) -> dict[str, ox.Dataset]:
    """Return the graphs on an oxigraph server, by its own dump: none of the code under test."""
    found = by_graph(ox.parse(dump(endpoint), format=ox.RdfFormat.N_QUADS))
    return found if own else {g: d for g, d in found.items() if not g.startswith(MANIFEST)}


def empty(endpoint: Endpoint) -> None:
    client = Client(endpoint)
    client.update("DROP ALL", repeatable=True)
    client.connection.close()


@pytest.fixture
def store(oxigraph_server: Endpoint) -> Endpoint:
    """Return an oxigraph server that holds nothing."""
    empty(oxigraph_server)
    return oxigraph_server


@pytest.fixture
def proxy(oxigraph_server: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Return a proxy to an oxigraph server; repetitions do not wait."""
    monkeypatch.setattr(http, "FIRST_PAUSE", 0.0)
    empty(oxigraph_server)
    with cutting(oxigraph_server) as made:
        yield made


@pytest.mark.oxigraph_server
def test_what_is_pushed_stands_there_and_a_second_push_changes_nothing(store: Endpoint) -> None:
    first = run(OLD, store)
    assert (first.written, first.sent, first.unchanged, first.removed) == (5, 45, 0, 0)
    assert there(store) == graphs_of(OLD)
    second = run(OLD, store)
    assert (second.written, second.sent, second.unchanged, second.removed) == (0, 0, 5, 0)
    assert there(store) == graphs_of(OLD)


@pytest.mark.oxigraph_server
def test_only_what_changed_is_sent_and_what_is_gone_removed(store: Endpoint) -> None:
    run(OLD, store)
    outcome = run(NEW, store)
    assert (outcome.written, outcome.unchanged, outcome.removed) == (5, 1, 1)
    assert there(store) == graphs_of(NEW)
    assert not outcome.lost


@pytest.mark.oxigraph_server
def test_graphs_of_others_and_kept_ones_stay(store: Endpoint) -> None:
    Client(store).update(f'INSERT DATA {{ GRAPH <{FOREIGN}> {{ <{E}a> <{E}b> "theirs" }} }}')
    run(OLD, store)
    assert run(NEW, store, keep=True).removed == 0
    assert {FOREIGN, f"{E}gone"} <= there(store).keys()
    assert run(NEW, store).removed == 1  # … until a push that keeps nothing
    assert FOREIGN in there(store)


@pytest.mark.oxigraph_server
@pytest.mark.parametrize(
    ("tampering", "count_differs"),
    [
        (f'INSERT DATA {{ GRAPH <{E}same> {{ <{E}s> <{E}p> "more" }} }}', True),
        (f"DROP GRAPH <{E}same>", True),
        (f'DELETE DATA {{ GRAPH <{E}same> {{ <{E}s> <{E}p> "same" }} }} ;'
         f'INSERT DATA {{ GRAPH <{E}same> {{ <{E}s> <{E}p> "false" }} }}', False),
    ],
)  # fmt: skip
def test_a_manifest_that_lies_is_found_out(
    store: Endpoint, tampering: str, count_differs: bool
) -> None:
    run(OLD, store)
    Client(store).update(tampering)
    outcome = run(OLD, store)
    assert outcome.written == (1 if count_differs else 0)
    outcome = run(OLD, store, compare_all=True)
    assert outcome.written == (0 if count_differs else 1)
    assert there(store) == graphs_of(OLD)


@pytest.mark.oxigraph_server
def test_a_manifest_of_nonsense_is_passed_over(store: Endpoint) -> None:
    Client(store).update(
        f'INSERT DATA {{ GRAPH <{MANIFEST}> {{ <{MANIFEST}> <{MANIFEST}#state> "a b c d", "x",'
        f' "{E}same 99999 1 deadbeef" . <{E}x> <{E}y> _:z }} }}'
    )
    assert run(OLD, store).written == 5
    assert run(OLD, store).unchanged == 5
    assert there(store) == graphs_of(OLD)


@pytest.mark.oxigraph_server
def test_without_a_graph_store_updates_do_the_same(store: Endpoint) -> None:
    for endpoint in (
        replace(store, graph_store_url=None),
        replace(store, graph_store_url=f"{store.query_url}-no-such-place"),
    ):
        empty(store)
        run(OLD, endpoint)
        assert there(store) == graphs_of(OLD)
        outcome = run(NEW, endpoint)
        assert (outcome.written, outcome.unchanged, outcome.removed) == (5, 1, 1)
        assert there(store) == graphs_of(NEW)


@pytest.mark.oxigraph_server
@pytest.mark.parametrize(
    ("way", "kind", "stride"),
    [
        *(pytest.param("graph store", kind, 1, marks=pytest.mark.whole) for kind in KINDS),
        pytest.param("updates", "after", 1, marks=pytest.mark.whole),
        ("graph store", "within", 12),
    ],
)
def test_cut_at_every_step_nothing_is_half_lost_or_doubled_and_a_rerun_finishes(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, kind: str, way: str, stride: int
) -> None:
    monkeypatch.setattr(pushing, "BATCH", 300)
    monkeypatch.setattr(http, "ATTEMPTS", 1)
    wanted, before = graphs_of(NEW), graphs_of(OLD)
    store = proxy.upstream
    if way == "updates":
        proxy.endpoint = replace(proxy.endpoint, graph_store_url=None)
    run(OLD, proxy.endpoint)
    begun = dump(store)
    proxy.mend()
    run(NEW, proxy.endpoint)
    steps = len(proxy.seen)
    assert steps > 15
    assert there(store) == wanted
    first = KINDS.index(kind) + 1  # so that each kind of cut comes at other steps
    for step in range(first if stride > 1 else 1, steps + 1, stride):
        restore(store, begun)
        proxy.cut(step, kind)
        with pytest.raises(RemoteError) as error:
            run(NEW, proxy.endpoint)
        assert "\n" not in str(error.value)
        halfway = there(store)
        for graph in wanted.keys() | before.keys() | halfway.keys():
            assert halfway.get(graph) in (before.get(graph), wanted.get(graph)), (step, graph)
        proxy.mend()
        assert not run(NEW, proxy.endpoint).lost
        assert there(store) == wanted, step
        assert [graph for graph in there(store, own=True) if graph.startswith(MANIFEST)] == [
            MANIFEST
        ]
    assert run(NEW, proxy.endpoint).written == 0


@pytest.mark.whole
@pytest.mark.oxigraph_server
@pytest.mark.parametrize(
    "stride", [pytest.param(3, id="some"), pytest.param(1, id="all", marks=pytest.mark.whole)]
)
def test_a_connection_that_breaks_once_is_not_even_noticed(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, stride: int
) -> None:
    run(OLD, proxy.endpoint)
    begun = dump(proxy.upstream)
    proxy.mend()
    run(NEW, proxy.endpoint)
    steps = len(proxy.seen)
    monkeypatch.setattr(http, "FIRST_PAUSE", 0.25)
    monkeypatch.setattr("time.sleep", lambda seconds: proxy.mend())
    for step in range(1, steps + 1, stride):
        restore(proxy.upstream, begun)
        proxy.cut(step, "within")
        run(NEW, proxy.endpoint)
        assert there(proxy.upstream) == graphs_of(NEW)


@pytest.mark.oxigraph_server
def test_what_cannot_be_pushed_changes_nothing(store: Endpoint, tmp_path: Path) -> None:
    run(OLD, store)
    for quads, message in (
        ("", "found no statement"),
        (f'<{E}a> <{E}b> "c" .\n', "1 statements are in no named graph"),
        (f'<{E}a> <{E}b> "c" <{MANIFEST}> .\n', "kept for push"),
    ):
        with pytest.raises(GovgraphError, match=message):
            run(quads, store)
    with pytest.raises(UsageError, match="where updates go to is not known"):
        run(OLD, replace(store, graph_store_url=None, update_url=None))
    assert there(store) == graphs_of(OLD)


@pytest.mark.oxigraph_server
def test_graph_names_of_every_kind_arrive(store: Endpoint) -> None:
    names = [f"{E}a b".replace(" ", "%20"), f"{E}?q=1&r=2#x", f"{E}á/ñ", "urn:x:y", f"{E}+%2B"]
    quads = "".join(f'<{E}s> <{E}p> "{i}" <{name}> .\n' for i, name in enumerate(names))
    for endpoint in (store, replace(store, graph_store_url=None)):
        empty(store)
        run(quads, endpoint)
        assert there(store) == graphs_of(quads)
        assert run(quads, endpoint).unchanged == len(names)


def test_what_a_push_says_is_what_it_checked() -> None:
    done = Outcome(written=2, sent=20, unchanged=5, removed=1)
    assert str(done) == (
        "2 graphs written (20 statements), compared statement by statement;"
        " 5 unchanged, by checksum and count; 1 removed"
    )
    done.looked = True
    assert "; 5 unchanged, statement by statement; 1 removed" in str(done)
