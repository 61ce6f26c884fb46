"""Diff by graph and statement: files, folders, databases, stores; equal means equal by value."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from first_study import READING
from govgraph.cli import group
from govgraph.errors import GovgraphError
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from govgraph.store.statements import compare, settled

E = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"


def lines(*values: str) -> list[bytes]:
    return settled(f"<{E}s> <{E}p> {value} .\n".encode() for value in values)


def diff(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["diff", *arguments])


def failure(*arguments: str) -> str:
    error = diff(*arguments).exception
    assert isinstance(error, GovgraphError), error
    assert "\n" not in str(error)
    return str(error)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f'"007"^^<{XSD}integer>', f'"7"^^<{XSD}integer>'),
        (f'"7"^^<{XSD}integer>', f'"7.0"^^<{XSD}decimal>'),
        (f'"7"^^<{XSD}byte>', f'"7"^^<{XSD}integer>'),
        (f'"1.0E2"^^<{XSD}double>', f'"100.0"^^<{XSD}double>'),
        (f'"1"^^<{XSD}boolean>', f'"true"^^<{XSD}boolean>'),
        ('"a"@EN-gb', '"a"@en-GB'),
        ('"a"', f'"a"^^<{XSD}string>'),
        (f'"0.123456789012345678"^^<{XSD}decimal>', f'"0.123456789012346"^^<{XSD}decimal>'),
        (f'"2020-01-02T03:04:05+01:00"^^<{XSD}dateTime>',
         f'"2020-01-02T02:04:05Z"^^<{XSD}dateTime>'),
    ],
)  # fmt: skip
def test_one_value_in_two_forms_is_equal_and_counted(one: str, other: str) -> None:
    found = compare("g", lines(one), lines(other))
    assert found.equal
    assert found.rewritten == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f'"7"^^<{XSD}integer>', f'"8"^^<{XSD}integer>'),
        (f'"abc"^^<{XSD}integer>', f'"0"^^<{XSD}integer>'),
        (f'"300"^^<{XSD}byte>', f'"300"^^<{XSD}integer>'),
        (f'"-1"^^<{XSD}unsignedLong>', f'"-1"^^<{XSD}integer>'),
        ('"7"', f'"7"^^<{XSD}integer>'),
        ('"a"@en', '"a"@es'),
        ('"a"', '"A"'),
        ('"a"', f"<{E}a>"),
        (f'"0.123456789012"^^<{XSD}decimal>', f'"0.123456789013"^^<{XSD}decimal>'),
        (f'"2020-01-02"^^<{XSD}date>', f'"2020-01-03"^^<{XSD}date>'),
        (f'"2020-01-02T03:04:05"^^<{XSD}dateTime>', f'"2020-01-02T03:04:05Z"^^<{XSD}dateTime>'),
    ],
)
def test_two_values_differ(one: str, other: str) -> None:
    found = compare("g", lines(one), lines(other))
    assert (found.only_a, found.only_b, found.rewritten) == (lines(one), lines(other), 0)


def test_a_value_that_is_there_twice_and_once_is_equal() -> None:
    twice = lines(f'"7"^^<{XSD}integer>', f'"7.0"^^<{XSD}decimal>', '"x"')
    for once in (lines(f'"7"^^<{XSD}integer>', '"x"'), lines(f'"7"^^<{XSD}decimal>', '"x"')):
        assert compare("g", twice, once).equal
        assert compare("g", once, twice).equal
    assert not compare("g", twice, lines('"x"')).equal


def blank(*pairs: tuple[str, str]) -> list[bytes]:
    return settled(f"{s} <{E}p> {o} .\n".encode() for s, o in pairs)


def test_blank_nodes_are_compared_by_what_they_hang_together_with() -> None:
    one = [("_:a", "_:b"), ("_:b", '"1.50"'), (f"<{E}s>", "_:c")]
    renamed = [("_:x", "_:y"), ("_:y", '"1.50"'), (f"<{E}s>", "_:z")]
    assert blank(*one) == blank(*renamed)
    typed = [(s, o.replace('"1.50"', f'"1.50"^^<{XSD}decimal>')) for s, o in one]
    other = [(s, o.replace('"1.50"', f'"1.5"^^<{XSD}decimal>')) for s, o in renamed]
    found = compare("g", blank(*typed), blank(*other))
    assert found.equal
    assert found.rewritten == 1
    more = [*one, ("_:new", '"new"')]
    found = compare("g", blank(*one), blank(*more))
    assert (len(found.only_a), len(found.only_b)) == (0, 1)  # no label of the others has shifted
    cycle = [("_:a", "_:b"), ("_:b", "_:a")]
    apart = [("_:a", "_:a"), ("_:b", "_:b")]
    assert not compare("g", blank(*cycle), blank(*apart)).equal
    assert len(blank(*apart)) == 2  # alike, and yet two


@pytest.mark.whole
def test_a_folder_that_was_built_is_equal_to_what_it_was_built_from(
    tmp_path: Path, kg: object
) -> None:
    from govgraph import KnowledgeGraph

    assert isinstance(kg, KnowledgeGraph)
    kg.write(tmp_path / "built")
    database = ox.Store(str(tmp_path / "database"))
    database.bulk_extend(kg.store)
    database.flush()
    del database
    graphs = len(list(kg.store.named_graphs()))
    for place in ("built", "built/govgraph.trig", "built/govgraph.jsonld", "database"):
        found = diff("bundled", str(tmp_path / place))
        assert found.exit_code == 0, found.output
        assert found.stdout == ""
        assert found.stderr.startswith(f"{READING}equal: {graphs} graphs")


def test_what_differs_is_told_by_graph_and_statement_in_three_formats(tmp_path: Path) -> None:
    a, b = tmp_path / "a.nq", tmp_path / "b.nq"
    a.write_text(f'<{E}s> <{E}p> "1" <{E}g> .\n<{E}s> <{E}p> "2" <{E}gone> .\n')
    b.write_text(f'<{E}s> <{E}p> "ñ" <{E}g> .\n<{E}s> <{E}p> "3" .\n')
    text = diff(str(a), str(b))
    assert text.exit_code == 1
    assert text.stdout.splitlines() == [
        "the default graph",
        f'+ <{E}s> <{E}p> "3" .',
        f"{E}g",
        f'- <{E}s> <{E}p> "1" .',
        f'+ <{E}s> <{E}p> "ñ" .',
        f"{E}gone",
        f'- <{E}s> <{E}p> "2" .',
    ]
    counted = "different: 3 of 3 graphs, 2 statements only in A, 2 only in B\n"
    assert text.stderr == counted


def test_literals_of_files_are_compared_as_written_there(tmp_path: Path) -> None:
    wrong, right = tmp_path / "wrong.ttl", tmp_path / "right.nt"  # a store makes both one
    wrong.write_text(f'<{E}s> <{E}p> "300"^^<{XSD}byte>, "005"^^<{XSD}byte> .')
    right.write_text("".join(f'<{E}s> <{E}p> "{n}"^^<{XSD}integer> .\n' for n in (300, 5)))
    found = diff(str(wrong), str(right))
    assert found.exit_code == 1
    assert found.stdout.splitlines() == [
        "the default graph",
        f'- <{E}s> <{E}p> "300"^^<{XSD}byte> .',
        f'+ <{E}s> <{E}p> "300"^^<{XSD}integer> .',
    ]


def test_a_case_of_ones_own_is_compared_with_its_next_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(group, ["new", "case", "my-town"])
    made, changed = tmp_path / "my-town.yaml", tmp_path / "changed.nq"
    build = ["build", "--data", str(made), "--output", "built"]
    assert CliRunner().invoke(group, build).exit_code == 0
    assert diff("bundled", "built", "--data", str(made)).exit_code == 0
    text = (tmp_path / "built" / "govgraph.nq").read_text()
    changed.write_text(text.replace('"2021"', '"2022"'))
    found = diff("built", str(changed))
    assert found.exit_code == 1
    assert "- <https://study.example/partnership/my-town" in found.stdout


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.nq", None, "no such file or folder. Check the path, or name 'bundled'"),
        ("bad.nq", "<a b .\n", "bad.nq"),
        ("x.txt", "hello", "cannot read .txt files"),
        ("cut.nq.gz", "\x1f", "cut.nq.gz"),
    ],
)
def test_what_is_no_graph_is_named(
    tmp_path: Path, name: str, content: str | None, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    assert message in failure(str(path), "bundled")


def test_a_folder_without_cases_is_no_graph(tmp_path: Path) -> None:
    assert "found nothing to read in this folder" in failure(str(tmp_path), "bundled")


@pytest.mark.oxigraph_server
def test_a_store_against_a_file(oxigraph_server: Endpoint, tmp_path: Path) -> None:
    client = Client(oxigraph_server)
    client.update("DROP ALL", repeatable=True)
    values = f'007, true, 1.50, 1e2, "a"@en, <{E}o>, _:b'
    client.update(f"INSERT DATA {{ GRAPH <{E}g> {{ <{E}s> <{E}p> {values} }} }}")
    path = tmp_path / "same.ttl"
    path.write_text(f'<{E}s> <{E}p> 7, true, 1.5, 100.0e0, "a"@EN, <{E}o>, [] .')
    trig = tmp_path / "same.trig"
    trig.write_text(f"GRAPH <{E}g> {{ {path.read_text()} }}")
    found = diff(oxigraph_server.query_url, str(trig))
    assert found.exit_code == 0, found.output
    assert diff(oxigraph_server.query_url, str(path)).exit_code == 1  # in no graph there


@pytest.mark.parametrize("store", [False, True])
def test_a_file_is_equal_to_what_was_built_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: bool
) -> None:
    """In spite of names for its graph and blank nodes, of what follows and of metadata."""
    monkeypatch.chdir(tmp_path)
    text = f"<#me> <{E}p> [ <{E}q> 05, 1.50 ] ; <{E}r> <x> . <{E}p> a <{E}K> . "
    text += f"<{E}K> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{E}L> ."
    Path("a.ttl").write_text(text)
    Path("b.ttl").write_text(f"{text} <{E}new> <{E}p> 1 .")
    to = ("--store", "base", "--output", "out") if store else ("--output", "out")
    assert CliRunner().invoke(group, ["build", "--alone", "--data", "a.ttl", *to]).exit_code == 0
    for built in ("out", "out/govgraph.nq", *["base"] * store):
        for pair in (("a.ttl", built), (built, "a.ttl")):
            assert (diff(*pair).exit_code, diff(*pair).stdout) == (0, "")
    Path("a.ttl").write_text(Path("b.ttl").read_text())
    assert f"- <{E}new> <{E}p> " in diff("a.ttl", "out").stdout
