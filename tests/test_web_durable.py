"""What a writable server has acknowledged is on the disk, whatever ends it."""

from __future__ import annotations

import http.client
import os
import signal
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import govgraph
from govgraph import KnowledgeGraph
from govgraph.cli import group
from govgraph.web.server.durable import JOURNAL, DurableStore, journal
from serving import serving
from writing_to import CASE, options, put, size

pytestmark = pytest.mark.xdist_group("web")  # one server at a time

ONE = "<urn:a> <urn:b> 1 ."


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("data") / "case.yaml"
    file.write_text(CASE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def small(case: Path) -> KnowledgeGraph:
    return govgraph.open(case, bundled=False)


def test_what_was_acknowledged_survives_a_kill(case: Path, tmp_path: Path) -> None:
    arguments = (*options(tmp_path), "--alone", "--data", str(case))
    for number in range(3):
        with serving(*arguments, may_die=True) as server:
            for earlier in range(number):
                assert size(server, f"urn:kept{earlier}") == 1
            assert put(server, f"urn:kept{number}", ONE).status == 201
            os.kill(server.pid, signal.SIGKILL)
            with pytest.raises((OSError, http.client.HTTPException)):
                server.ask("/robots.txt")


def test_a_write_cut_short_is_done_again(small: KnowledgeGraph, tmp_path: Path) -> None:
    """Killed between the journal and the database: the next start applies the journal."""
    quads = [ox.Quad(*(ox.NamedNode(f"urn:{n}") for n in "spo"), ox.NamedNode("urn:g"))]
    folder = tmp_path / "store"
    store = DurableStore.open(folder, lambda: small)
    store.commit([], quads)
    whole = (folder / JOURNAL).exists()
    del store
    assert not whole
    plain = ox.Store(str(folder))
    plain.remove(quads[0])
    del plain
    content = journal([], quads)
    (folder / JOURNAL).write_bytes(content[:-5])  # it had not been written to its end
    store = DurableStore.open(folder, lambda: small)
    assert quads[0] not in store.graph_store()
    del store
    (folder / JOURNAL).write_bytes(content)
    store = DurableStore.open(folder, lambda: small)
    assert quads[0] in store.graph_store()
    assert not (folder / JOURNAL).exists()
    assert len(store.graph_store()) == len(small.store) + 1
    assert store.sources().dump() == small.sources.dump()


def test_one_server_a_store(small: KnowledgeGraph, tmp_path: Path) -> None:
    store = DurableStore.open(tmp_path / "store", lambda: small)
    options(tmp_path)
    arguments = ["--writable", "--store", str(tmp_path / "store")]
    arguments += ["--token-file", str(tmp_path / "token")]
    result = CliRunner().invoke(group, ["serve", "--port", "0", *arguments])
    assert result.exit_code != 0
    assert "another process" in str(result.exception) + result.output
    del store
