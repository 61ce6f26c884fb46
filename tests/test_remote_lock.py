"""Two runs at once on one store: the second is told; what was killed is noticed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import servers
from govgraph import KnowledgeGraph
from govgraph.cli import group
from govgraph.errors import RemoteError
from govgraph.store.changing import push
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from govgraph.store.graph_sources import MemoryGraphs
from govgraph.store.lock import LOCK_GRAPH, Lock, warn_of_others
from govgraph.store.store_graphs import StoreGraphs
from stores import Embedded, fill
from study_slices import fifth_of_the_study

MAIN = "from govgraph.cli import main; main()"
WORKS = f"<{LOCK_GRAPH}> <{LOCK_GRAPH}#works>"
ELSEWHERE = "govgraph infer on another machine, process 1, begun 2026-01-01"
on_oxigraph = pytest.mark.oxigraph_server


@pytest.fixture
def oxigraph(tmp_path: Path) -> Iterator[Endpoint]:
    with servers.oxigraph(tmp_path) as endpoint:
        yield endpoint


def notes(endpoint: Endpoint) -> int:
    found = Client(endpoint).rows(f"SELECT ?o {{ GRAPH <{LOCK_GRAPH}> {{ ?s ?p ?o }} }}")
    return len(list(found))


def started(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", MAIN, *arguments]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def until(endpoint: Endpoint, graph: str) -> None:
    """Wait until a graph has statements."""
    there = Client(endpoint)
    for _ in range(6000):  # a minute: a busy machine is slow to start a process
        if there.ask(f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"):
            return
        time.sleep(0.01)
    raise AssertionError(f"{graph} stays empty")


def test_a_run_elsewhere_is_waited_for_and_nothing_is_changed() -> None:
    store = ox.Store()
    there = Embedded(store, union=True)
    there.update(
        f'INSERT DATA {{ GRAPH <{LOCK_GRAPH}> {{ {WORKS} "{ELSEWHERE}" }} }}', repeatable=True
    )
    before = set(store)
    with pytest.raises(RemoteError, match=re.escape(ELSEWHERE)), Lock(there, "infer").held():
        raise AssertionError
    assert set(store) == before


def test_a_note_of_this_process_that_ended_is_taken_over() -> None:
    store = ox.Store()
    there = Embedded(store, union=True)
    left = Lock(there, "infer")
    with pytest.raises(KeyboardInterrupt), left.held():
        there.update = _broken  # type: ignore[method-assign]
        raise KeyboardInterrupt
    del there.update
    with Lock(there, "infer").held():
        pass
    assert not list(store.quads_for_pattern(None, None, None, ox.NamedNode(LOCK_GRAPH)))


def _broken(text: str, *, repeatable: bool) -> None:
    raise RemoteError("the server is gone", "x")


@on_oxigraph
def test_pushes_at_once(tmp_path: Path, oxigraph: Endpoint) -> None:
    """The one that comes second is refused, and the manifest stays that of the first."""
    path = tmp_path / "many.nq"
    lines = (f'<urn:s{n}> <urn:p> "{"x" * 2000}" <urn:g{n % 900}> .\n' for n in range(12_000))
    path.write_text("".join(lines), encoding="utf-8")
    first = started("push", oxigraph.query_url, str(path))
    until(oxigraph, LOCK_GRAPH)
    os.kill(first.pid, signal.SIGSTOP)
    other = ox.Store()
    other.add(
        ox.Quad(
            ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("y"), ox.NamedNode("urn:g1")
        )
    )
    try:
        with pytest.raises(RemoteError, match=f"push on .*, process {first.pid}"):
            push(MemoryGraphs(other, "other"), StoreGraphs(oxigraph))
    finally:
        os.kill(first.pid, signal.SIGCONT)
    _, said = first.communicate(timeout=120)
    assert first.returncode == 0, said
    again = push(MemoryGraphs(_read(path), "many"), StoreGraphs(oxigraph))
    assert (again.written, again.unchanged) == (0, 900)
    assert notes(oxigraph) == 0


@on_oxigraph
def test_a_push_that_was_interrupted_is_told_of_until_it_is_finished(oxigraph: Endpoint) -> None:
    def stopped(done: int, total: int) -> None:
        raise KeyboardInterrupt

    def source(value: str) -> MemoryGraphs:
        store = ox.Store()
        store.load(f'<urn:s> <urn:p> "{value}" <urn:g> .', format=ox.RdfFormat.N_QUADS)
        return MemoryGraphs(store, "source")

    with pytest.raises(KeyboardInterrupt):
        push(source("1"), StoreGraphs(oxigraph), progress=stopped)
    with pytest.warns(match="cut off: what it has not written yet is missing"):
        warn_of_others(Client(oxigraph))
    with pytest.raises(KeyboardInterrupt):  # writes nothing, and was half done before
        push(source("1"), StoreGraphs(oxigraph), progress=stopped)
    assert notes(oxigraph) == 1
    push(source("1"), StoreGraphs(oxigraph))
    assert notes(oxigraph) == 0
    with pytest.raises(KeyboardInterrupt):
        push(source("1"), StoreGraphs(oxigraph), progress=stopped)
    assert notes(oxigraph) == 0, "nothing was written, so nothing is half done"


def _read(path: Path) -> ox.Store:
    store = ox.Store()
    store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
    return store


@on_oxigraph
@pytest.mark.parametrize(
    "command",
    [
        ["query", "founders-of", "--endpoint"], ["claims", "--endpoint"],
        ["compare", "--endpoint"],
        ["network", "actors", "--figures", "--endpoint"], ["validate", "--endpoint"],
        ["explain", "instrument/bogota-como-vamos", "--endpoint"], ["pull", "-o", "-"],
        ["diff", "bundled"],
    ],
    ids=lambda command: command[0],
)  # fmt: skip
def test_a_store_on_which_a_push_was_cut_off_is_not_answered_from_without_a_word(
    command: list[str], half_pushed: Endpoint, recwarn: pytest.WarningsRecorder
) -> None:
    CliRunner().invoke(group, [*command, half_pushed.query_url])
    [said] = [
        message for message in [str(warning.message) for warning in recwarn] if "cut off" in message
    ]
    assert "govgraph push on another machine, process 1" in said
    assert "what it has not written yet is missing. Run it again there." in said


@pytest.fixture(scope="module")
def half_pushed(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with servers.oxigraph(tmp_path_factory.mktemp("half")) as endpoint:
        there = fill(endpoint, fifth_of_the_study(kg))
        note = f'{WORKS} "govgraph push on another machine, process 1, begun 2026-01-01"'
        there.update(f"INSERT DATA {{ GRAPH <{LOCK_GRAPH}> {{ {note} }} }}", repeatable=True)
        yield endpoint
