"""RDF dumps into a database on disk: every form of dump, what is wrong in one, interruptions."""

from __future__ import annotations

import gzip
import hashlib
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from backports import zstd
from click.testing import CliRunner, Result

import servers
from govgraph.cli import group
from govgraph.errors import GovgraphError, SourceError, UsageError
from govgraph.scale import loading
from govgraph.store import on_disk
from govgraph.store.on_disk import fill_store

EX = "http://example.org/"
GENID = "https://w3id.org/govgraph/.well-known/genid"
GRAPH = "https://w3id.org/govgraph/graph/editorial"
QUADS = "".join(f'<{EX}s{n}> <{EX}p> "é {n}" <{EX}g{n % 7}> .\n' for n in range(5000)).encode()
TURTLE = f"""@prefix : <{EX}> .
:a :p [ :q "in" ], _:x .
_:x :q "x" .
"""
GOVGRAPH = [sys.executable, "-c", "from govgraph.cli import main; main()"]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def load(store: Path, *files: Path | str, stdin: bytes | None = None) -> Result:
    arguments = ["load", *map(str, files), "--store", str(store)]
    runner = CliRunner()
    return runner.invoke(
        group, arguments, input=stdin, standalone_mode=False, catch_exceptions=False
    )


def content(store: Path) -> set[ox.Quad]:
    return set(ox.Store.read_only(str(store)))


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def expected() -> set[ox.Quad]:
    return set(ox.parse(QUADS, format=ox.RdfFormat.N_QUADS))


def zst(data: bytes) -> bytes:
    return zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1})


FORMS = {
    "plain.nq": QUADS,
    "packed.nq.gz": gzip.compress(QUADS),
    "members.nq.gz": gzip.compress(QUADS[:1000]) + gzip.compress(QUADS[1000:]),
    "packed.nq.zst": zst(QUADS),
    "frames.nq.zst": zst(QUADS[:777]) + b"\x50\x2a\x4d\x18\x04\x00\x00\x00note" + zst(QUADS[777:]),
    "unpacked-by-a-browser.nq.gz": QUADS,
    "no-newline-at-the-end.nq": QUADS[:-1],
    "windows.nq": b"\xef\xbb\xbf" + QUADS.replace(b"\n", b"\r\n"),
    "remarks.nq": b"# a dump\n\n" + QUADS.replace(b"\n", b"\n# more\n", 1),
    "dump.trig.gz": gzip.compress(
        ox.serialize(ox.parse(QUADS, format=ox.RdfFormat.N_QUADS), format=ox.RdfFormat.TRIG)
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_dump_gives_the_same_statements(
    name: str, tmp_path: Path, expected: set[ox.Quad]
) -> None:
    (tmp_path / name).write_bytes(FORMS[name])
    result = load(tmp_path / "db", tmp_path / name)
    assert content(tmp_path / "db") == expected
    assert "read 5,000 statements in 1 file" in result.stderr
    assert result.stdout == f"{tmp_path / 'db'}\n"
    assert beside(tmp_path) == sorted(["db", name])


@pytest.mark.parametrize(
    "data", [QUADS, gzip.compress(QUADS), zst(QUADS)], ids=["plain", "gzip", "zstd"]
)
def test_standard_input(data: bytes, tmp_path: Path, expected: set[ox.Quad]) -> None:
    load(tmp_path / "db", "-", "--format", "nq", stdin=data)
    assert content(tmp_path / "db") == expected
    with pytest.raises(UsageError, match="standard input has no name to tell its format"):
        load(tmp_path / "other", "-", stdin=data)
    assert beside(tmp_path) == ["db"]


def test_batches_do_not_show(
    tmp_path: Path, expected: set[ox.Quad], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH", 1700)
    (tmp_path / "wrong.nq").write_bytes(QUADS.replace(b'"\xc3\xa9 4711"', b"oops"))
    with pytest.raises(SourceError, match=r"wrong\.nq:4712: column 51: not valid RDF: The object"):
        load(tmp_path / "lines", tmp_path / "wrong.nq")
    for name in ("plain.nq", "dump.trig.gz"):
        (tmp_path / name).write_bytes(FORMS[name])
        load(tmp_path / f"{name}.db", tmp_path / name)
        assert content(tmp_path / f"{name}.db") == expected


def test_blank_nodes_get_names_that_hold_across_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH", 4)
    lines = "".join(f"_:b <{EX}p{n}> _:c.1 .\n" for n in range(9))
    (tmp_path / "lines.nt").write_text(lines, encoding="utf-8")
    (tmp_path / "some.ttl").write_text(TURTLE, encoding="utf-8")
    load(tmp_path / "db", tmp_path / "lines.nt", tmp_path / "some.ttl")
    found = content(tmp_path / "db")
    subjects = {str(quad.subject) for quad in found if quad.graph_name.value == f"{GRAPH}/lines"}
    genid = f"{GENID}/lines/{digest(lines)}"
    assert subjects == {f"<{genid}/b>"}
    assert sum(quad.object == ox.NamedNode(f"{genid}/c.1") for quad in found) == 9
    turtle = {quad for quad in found if quad.graph_name.value == f"{GRAPH}/some"}
    assert {quad.subject.value for quad in turtle} == {
        EX + "a",
        *(f"{GENID}/some/{digest(TURTLE)}/{n}" for n in "01"),
    }
    load(tmp_path / "db", tmp_path / "lines.nt")
    assert content(tmp_path / "db") == found, "the same dump again says nothing new"


def test_a_database_is_extended_or_left_as_it_was(tmp_path: Path, expected: set[ox.Quad]) -> None:
    (tmp_path / "a.nq").write_bytes(QUADS)
    (tmp_path / "b.nt").write_text(f'<{EX}more> <{EX}p> "1" .\n', encoding="utf-8")
    (tmp_path / "bad.nt").write_text(f'<{EX}s> <{EX}p> "1" .\n<{EX}s> "no" .\n', encoding="utf-8")
    load(tmp_path / "db", tmp_path / "a.nq")
    with pytest.raises(SourceError, match=r"bad\.nt:2: column 24: not valid RDF: .*predicate"):
        load(tmp_path / "db", tmp_path / "b.nt", tmp_path / "bad.nt")
    assert content(tmp_path / "db") == expected
    load(tmp_path / "db", tmp_path / "b.nt")
    assert len(content(tmp_path / "db") - expected) == 1
    assert beside(tmp_path) == ["a.nq", "b.nt", "bad.nt", "db"]


WRONG = {
    "short.nq.gz": (gzip.compress(QUADS)[:-200], "cut short or damaged"),
    "short.nq.zst": (zst(QUADS)[:-200], "cut short or damaged"),
    "damaged.nq.gz": (gzip.compress(QUADS)[:-8] + b"12345678", "cut short or damaged"),
    "damaged.nq.zst": (zst(QUADS)[:-4] + b"1234", "cut short or damaged"),
    "trailing.nq.gz": (gzip.compress(QUADS) + b"<html>", "cut short or damaged"),
    "short.trig.gz": (gzip.compress(TURTLE.encode())[:-9], "cut short or damaged"),
    "bzip2.nq": (b"BZh91AY&SY", "compressed with bzip2"),
    "page.nq": (b"<!doctype html>\n<html>", r"page\.nq:1: column \d+: not valid RDF"),
    "bytes.nt": (f'<{EX}s> <{EX}p> "\xff" .\n'.encode("latin-1"), r"bytes\.nt:1: .*UTF-8"),
    "relative.nt": (f"<{EX}s> <{EX}p> <o> .\n".encode(), "No scheme found in an absolute IRI"),
    "open.ttl": (f"<{EX}s> <{EX}p> (1 2".encode(), r"open\.ttl:1: column"),
    "late.trig": (
        TURTLE.encode() * 200 + b"{",
        r"late\.trig:601: column 1: not valid RDF: Unexpected end",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_and_nothing_is_left(name: str, tmp_path: Path) -> None:
    data, message = WRONG[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=message) as raised:
        load(tmp_path / "db", tmp_path / name)
    assert name in str(raised.value)
    assert "\n" not in str(raised.value)
    assert beside(tmp_path) == [name]


def test_a_line_without_end_is_not_read_whole(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "zeros.nt.gz", "wb") as stream:
        stream.write(b"# fine\n")
        for _ in range(200):
            stream.write(bytes(1 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SourceError, match=r"zeros\.nt\.gz:2: a text or name of more than 8 MB"):
        load(tmp_path / "db", tmp_path / "zeros.nt.gz")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB


def test_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing to load"):
        load(tmp_path / "db")
    with pytest.raises(SourceError, match=r"none\.nq: no such file"):
        load(tmp_path / "db", tmp_path / "none.nq")
    with pytest.raises(UsageError, match=r"is a folder\. Name the files in it"):
        load(tmp_path / "db", tmp_path)
    with pytest.raises(UsageError, match="no name of a dump"):
        load(tmp_path / "db", tmp_path / "x.csv")
    (tmp_path / "mine.nt").write_bytes(b"")
    with pytest.raises(UsageError, match="is not an empty folder"):
        load(tmp_path, tmp_path / "mine.nt")
    assert beside(tmp_path) == ["mine.nt"]


def test_a_database_in_use_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_bytes(b"")
    held = ox.Store(str(tmp_path / "db"))
    with pytest.raises(GovgraphError, match="Another process has it open"):
        load(tmp_path / "db", tmp_path / "a.nt")
    del held
    held = ox.Store(str(tmp_path / ".new.partial.govgraph"))
    with pytest.raises(GovgraphError, match="is being made by another process"):
        load(tmp_path / "new", tmp_path / "a.nt")
    del held
    load(tmp_path / "new", tmp_path / "a.nt")


def test_a_run_killed_between_the_two_renames_is_mended(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text(f'<{EX}s> <{EX}p> "1" .\n', encoding="utf-8")
    load(tmp_path / "db", tmp_path / "a.nt")
    (tmp_path / "db").rename(tmp_path / ".db.replaced.govgraph")
    ox.Store(str(tmp_path / ".db.partial.govgraph"))
    (tmp_path / "b.nt").write_text(f'<{EX}s> <{EX}p> "2" .\n', encoding="utf-8")
    load(tmp_path / "db", tmp_path / "b.nt")
    assert len(content(tmp_path / "db")) == 2
    assert beside(tmp_path) == ["a.nt", "b.nt", "db"]


def test_a_database_outlives_a_failure_of_the_second_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.nt").write_text(f'<{EX}s> <{EX}p> "1" .\n', encoding="utf-8")
    (tmp_path / "b.nt").write_text(f'<{EX}s> <{EX}p> "2" .\n', encoding="utf-8")
    load(tmp_path / "db", tmp_path / "a.nt")
    original = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if path.name == ".db.partial.govgraph":
            raise OSError(5, "Input/output error")
        return original(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(on_disk, "exchanged", lambda one, other: False)
        patched.setattr(Path, "rename", rename)
        with pytest.raises(GovgraphError, match="Input/output error"):
            load(tmp_path / "db", tmp_path / "b.nt")
    load(tmp_path / "db", tmp_path / "b.nt")
    assert len(content(tmp_path / "db")) == 2
    assert beside(tmp_path) == ["a.nt", "b.nt", "db"]


@pytest.mark.oxigraph_server
def test_a_loaded_database_is_served_and_asked(tmp_path: Path) -> None:
    (tmp_path / "a.nq").write_bytes(QUADS)
    load(tmp_path / "db", tmp_path / "a.nq")
    query = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    with servers.oxigraph(tmp_path / "db", read_only=True) as endpoint:
        arguments = ["query", "-", "--format", "csv", "--endpoint", endpoint.query_url]
        result = CliRunner().invoke(group, arguments, input=query)
    assert result.stdout.split() == ["n", "5000"], result.stderr


# -- real processes ------------------------------------------------------------------------------


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Write 800,000 statements: some seconds of loading."""
    path = tmp_path / "large.nq.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        for start in range(0, 800_000, 5000):
            line = '<{0}s{1}> <{0}p> "{1}" <{0}g> .\n'.format
            stream.write("".join(line(EX, n) for n in range(start, start + 5000)).encode())
    return path


def started(store: Path, *files: Path) -> subprocess.Popen[str]:
    command = [*GOVGRAPH, "load", *map(str, files), "--store", str(store)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_load_that_is_stopped_leaves_the_database_and_runs_again(
    number: signal.Signals, large: Path, tmp_path: Path
) -> None:
    (tmp_path / "first.nt").write_text(f'<{EX}s> <{EX}p> "first" .\n', encoding="utf-8")
    store, partial = tmp_path / "db", tmp_path / ".db.partial.govgraph"
    load(store, tmp_path / "first.nt")
    before = content(store)
    for seconds in (0.0, 0.2):
        with started(store, large) as process:
            deadline = time.monotonic() + 30
            while not partial.exists() and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(seconds)
            process.send_signal(number)
            _, said = process.communicate(timeout=60)
        assert process.returncode in (-number, 128 + number), said
        assert content(store) == before
        if number != signal.SIGKILL:
            told = "govgraph: interrupted. What was not written yet is as it was before."
            assert said.strip() == told
            assert not partial.exists()
    small = tmp_path / "small.nt"
    small.write_text(f'<{EX}s> <{EX}p> "second" .\n', encoding="utf-8")
    load(store, small)
    assert len(content(store)) == 2
    assert beside(tmp_path) == ["db", "first.nt", "large.nq.gz", "small.nt"]


def test_a_full_disk_is_named_and_nothing_is_left(large: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: writing fails in the same place."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    command = [*GOVGRAPH, "load", str(large), "--store", str(tmp_path / "db")]
    done = subprocess.run(
        command, preexec_fn=limit, capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 3, done.stderr
    assert "the database could not be written" in done.stderr
    assert "Free some space" in done.stderr
    assert done.stderr.count("\n") == 1
    assert beside(tmp_path) == ["large.nq.gz"]


def test_memory_is_closed_before_the_database_takes_its_place(tmp_path: Path) -> None:
    quad = ox.Quad(*[ox.NamedNode(f"{EX}{n}") for n in "spo"])
    assert fill_store(tmp_path / "db", lambda store: store.add(quad)) is None
    assert len(ox.Store(str(tmp_path / "db"))) == 1  # nobody else has it open
