"""Streams that are closed, full or left: the exit status of every command, no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from govgraph.cli import COMMANDS, group
from small_case import small_case

MAIN = [sys.executable, "-m", "govgraph"]
ASKED = {
    "build": "build -o out",
    "claims": "claims",
    "compare": "compare --show pairs",
    "diff": "diff a.nq b.nq",
    "explain": "explain place/x",
    "infer": "infer a.nq",
    "network": "network actors",
    "networks": "networks",
    "new": "new case mine",
    "publish": "publish --help",
    "pull": "pull http://127.0.0.1:9/ -o out.nq",
    "push": "push http://127.0.0.1:9/ a.nq",
    "queries": "queries",
    "query": "query -",
    "serve": "serve --help",
    "validate": "validate",
}
"""How each command is called; what is too slow here shows its help."""
UNPRINTED = {
    "network",
    "new",
    "pull",
    "push",
    "query",
    "compare",
    "validate",
    "infer",
}
"""What prints nothing on stdout here, or fails for another reason first."""
WAYS = ("<&-", ">&-", "2>&-", ">/dev/full", "2>/dev/full", "| :", "2>&1 >/dev/null | :")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small study, of which the cache has the graph."""
    folder = tmp_path_factory.mktemp("streams")
    (folder / "cases").mkdir()
    (folder / "cases" / "x.yaml").write_text(small_case("Alfa"), encoding="utf-8")
    (folder / "study.yaml").write_text(
        "title: Water\nbase: https://water.example/\nlanguages: [en, es]\n", encoding="utf-8"
    )
    for name in "ab":
        text = f"<https://e/{name}> <https://e/p> <https://e/o> <https://e/g> .\n"
        (folder / f"{name}.nq").write_text(text, encoding="utf-8")
    sh(folder, "queries")
    return folder


def sh(folder: Path, words: str, way: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command in a shell with its streams redirected; returns its own exit status."""
    command = f"{' '.join(MAIN)} {words} {way}; echo ${{PIPESTATUS[0]}} >&9"
    read, write = os.pipe()
    done = subprocess.run(
        ["bash", "-c", f"exec 9>&{write}; {command}"], cwd=folder, pass_fds=[write],
        input="SELECT ?s { ?s ?p ?o }", capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as stream:
        done.returncode = int(stream.read())
    return done


def test_every_command_is_called() -> None:
    assert sorted(ASKED) == sorted(COMMANDS)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(name, marks=() if name in ("query", "new") else pytest.mark.whole)
        for name in ASKED
    ],
)
def test_every_command_whatever_its_streams(folder: Path, command: str) -> None:
    def clean() -> None:
        for path in folder.glob("cases/mine*"):
            path.unlink()

    clean()
    usual = sh(folder, ASKED[command])
    assert "Traceback" not in usual.stderr
    faults = []
    for way in WAYS:
        clean()
        done = sh(folder, ASKED[command], way)
        lost = way in (">&-", ">/dev/full") and command not in UNPRINTED
        wanted = 3 if lost else usual.returncode
        if command in UNPRINTED and done.returncode in (usual.returncode, 2, 3):
            wanted = done.returncode
        if done.returncode != wanted or "Traceback" in done.stdout + done.stderr:
            faults.append(f"{way}: {done.returncode} instead of {wanted}: {done.stderr[-300:]}")
        if lost and "2>" not in way:
            assert "the output cannot be written" in done.stderr, way
    assert faults == []


@pytest.mark.whole
def test_the_first_answers_are_the_usual_ones(folder: Path) -> None:
    for way in ("2>&-", "2>/dev/full", "| cat"):
        done = sh(folder, "query -f csv -", way)
        assert (done.returncode, done.stdout.splitlines()[0]) == (0, "s"), way
    for way in (">&-", ">/dev/full"):
        assert sh(folder, "query -f csv -", way).returncode == 3
    assert sh(folder, "query -f csv -", "<&-").returncode == 3


def test_a_violation_is_a_finding_also_when_nobody_reads_on(tmp_path: Path) -> None:
    text = "".join(
        f"<https://e/{n}> a <https://w3id.org/govgraph/ontology#Case> .\n" for n in range(300)
    )
    (tmp_path / "a.ttl").write_text(text, encoding="utf-8")
    assert sh(tmp_path, "validate --alone --data a.ttl", "| :").returncode == 1


UNFORESEEN = [
    RecursionError("deep"), UnicodeError("bytes"), ValueError("a\nb"), KeyError("x"),
    MemoryError(), BaseException("a panic"), EOFError(),
]  # fmt: skip


@pytest.mark.parametrize("error", UNFORESEEN)
def test_what_nobody_foresaw_is_3_and_a_line(
    error: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from govgraph import cli

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("govgraph.commands.common.GraphOptions.queries", fail)
    monkeypatch.setattr(sys, "argv", ["govgraph", "queries"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 3
    (line,) = capsys.readouterr().err.splitlines()[-1:]
    assert line.startswith("govgraph: ")
    assert "Traceback" not in line
    assert isinstance(error, MemoryError) or f"{type(error).__name__}: " in line
    monkeypatch.setenv("GOVGRAPH_DEBUG", "1")
    with pytest.raises(SystemExit):
        cli.main()
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_real_one(tmp_path: Path) -> None:
    (tmp_path / "l1.yaml").symlink_to("l2.yaml")
    (tmp_path / "l2.yaml").symlink_to("l1.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    long = "x" * 300
    for words, status, said in (
        ("validate --alone --data l1.yaml", 3, "but a pipe, device or broken link"),
        ("validate --alone --data .", 3, "l1.yaml: neither a file nor a folder"),
        ("validate --alone --data pipe.yaml", 3, "pipe.yaml: neither a file nor a folder"),
        (f"new case {long}", 2, "is too long for a name"),
        (f"new study {long} --base https://a.example/ --language en", 2, "is too long"),
        (f"validate {long}.yaml", 3, "no such file or folder"),
        (f"query {long}.rq", 3, "File name too long"),
        (f"queries -o {long}.csv", 3, "File name too long"),
        ("queries -o .", 2, "is a folder: name a file in it"),
        ("explain case/bogota --all -o .", 2, "is a folder: name a file in it"),
        ("queries -o l1.csv/x.csv", 3, "make it first"),
        ("infer a.nt -o a.nt", 2, "is what is read: name another file"),
    ):
        (tmp_path / "a.nt").write_text("<https://e/s> <https://e/p> <https://e/o> .\n", "utf-8")
        found = subprocess.run(
            [*MAIN, *words.split()], cwd=tmp_path, capture_output=True, text=True, check=False,
            timeout=60,
        )  # fmt: skip
        lines = [line for line in found.stderr.splitlines() if line.startswith("govgraph: ")]
        assert (found.returncode, bool(lines)) == (status, True), (words, found)
        assert said in lines[0], words


def test_strict_makes_a_warning_count(tmp_path: Path) -> None:
    text = "<https://e/p> a <http://www.w3.org/2002/07/owl#ReflexiveProperty> ."
    (tmp_path / "a.ttl").write_text(text, encoding="utf-8")
    usual = CliRunner().invoke(group, ["infer", str(tmp_path / "a.ttl")])
    strict = CliRunner().invoke(group, ["infer", str(tmp_path / "a.ttl"), "--strict"])
    assert ("warning" in usual.stderr, usual.exit_code, strict.exit_code) == (True, 0, 1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_a_line_whenever_it_comes(folder: Path, number: signal.Signals) -> None:
    """From the moment on in which Python is there: before it, no program can say a word."""
    for wait in (0.02, 0.05, 0.15):
        ready = "import sys; sys.stdout.write('x'); sys.stdout.flush(); "
        process = subprocess.Popen(
            [sys.executable, "-c", f"from govgraph.__main__ import main; {ready}main()", "claims"],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.read(1)
        time.sleep(wait)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
        assert b"Traceback" not in said or process.returncode == 0
        assert process.returncode in (-number, 128 + number, 0), said
