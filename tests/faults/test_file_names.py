"""Names of files and things: the same statements whatever a file is called, and nothing unsaid."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from govgraph.assembly.building import fill_store
from govgraph.coding.cases import load
from govgraph.coding.source_files import Found, find
from govgraph.coding.study import Sources
from govgraph.errors import SourceError, UsageError
from govgraph.rdf.formats import format_of, path_in_iri, shown_path
from hostile_files import CASE, EX, NAMES, made, refused, run, stated

TABLE = "id,type,label.en,label.es\nplace/x,Country,X,X\n"
TRIPLE = f'<{EX}s> <{EX}p> "o" .\n'
BLANK = f'_:b <{EX}p> "{{}}" .\n'
ODD = [*NAMES, "a\udcffb"]


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize(("ending", "text"), [(".yaml", CASE), (".csv", TABLE), (".nq", TRIPLE)])
def test_a_file_says_the_same_under_any_name(
    tmp_path: Path, name: str, ending: str, text: str
) -> None:
    plain = stated(made(tmp_path / "plain", f"plain{ending}", text))
    assert plain
    path = made(tmp_path / "odd", f"{name}{ending}", text)
    assert stated(path) == plain
    assert stated(path.parent) == plain
    folder = tmp_path / "deep" / name
    made(folder, f"x{ending}", text)
    assert stated(tmp_path / "deep") == plain


@pytest.mark.parametrize(
    "name",
    [
        'my "case%41\n',
        pytest.param("caso (1)", marks=pytest.mark.whole),
        pytest.param("a\udcffé", marks=pytest.mark.whole),
    ],
    ids=range(3),
)
def test_every_command_reads_it(tmp_path: Path, name: str) -> None:
    case = made(tmp_path / "d", f"{name}.yaml")
    dump = made(tmp_path / "n", f"{name}.nq", TRIPLE)
    assert "nothing to report" in run("validate", "--alone", "--data", case).stderr
    out = tmp_path / "out"
    built = run("build", "--alone", "--data", case.parent, "-o", out)
    assert "read       1 file\n" in built.stderr
    ask = tmp_path / "ask.rq"
    ask.write_text(f"SELECT ?o {{ ?s <{EX}p> ?o }}", encoding="utf-8")
    assert run("query", ask, "--alone", "--data", dump, "-f", "csv").stdout == "o\no\n"
    assert run("infer", dump, "--format", "nt").stdout == ""
    assert run("diff", dump, dump).stderr.startswith("equal")
    net = tmp_path / "net.rq"
    net.write_text(f"SELECT ?source ?target {{ ?source <{EX}p> ?target }}", encoding="utf-8")
    assert (
        ": 2 nodes, 1 edge\n"
        in run("network", net, "--alone", "--data", dump, "-o", tmp_path / "n.gexf").stderr
    )


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=40
)


@settings(max_examples=60, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(TEXTS)
@example("..x")
def test_names_made_at_random(tmp_path: Path, name: str) -> None:
    check_name(tmp_path, name)


@pytest.mark.whole
@settings(max_examples=1500, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.binary(min_size=1, max_size=60).map(lambda raw: os.fsdecode(raw).replace("/", "")))
def test_names_of_any_bytes(tmp_path: Path, name: str) -> None:
    check_name(tmp_path, name.replace("\0", "") or "x")


def check_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "d"
    shutil.rmtree(folder, ignore_errors=True)
    path = made(folder, f"{name}.nt"[-250:], TRIPLE)
    assert shown_path(path).isprintable()
    [quad] = load(Sources(data=(path,))).store
    assert str(quad.triple) + " .\n" == TRIPLE
    ox.NamedNode(f"{EX}{path_in_iri(name)}")


# -- blank nodes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"), [("a/x.nt", "b/x.nt"), ("a/x.nt", "a/x.ttl"), ("a/x.nt", "b/x.nt.gz")]
)
def test_blank_nodes_of_two_files_never_meet(tmp_path: Path, first: str, second: str) -> None:
    import gzip

    one, two = tmp_path / first, tmp_path / second
    made(one.parent, one.name, BLANK.format("A"))
    text = BLANK.format("B").encode()
    two.parent.mkdir(exist_ok=True)
    two.write_bytes(gzip.compress(text, mtime=0) if two.suffix == ".gz" else text)
    for paths in ([one, two], [one.parent, two.parent]):
        store = load(Sources(data=tuple(dict.fromkeys(paths)))).store
        assert len({quad.subject for quad in store}) == 2
        again = load(Sources(data=tuple(reversed(dict.fromkeys(paths))))).store
        assert set(again) == set(store), "the order of files changes no name"


def test_twins_of_two_folders_are_two(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        made(tmp_path / folder, "x.nt", BLANK.format("same"))
    data = load(
        Sources(
            data=(
                tmp_path / "a",
                tmp_path / "b",
            )
        )
    )
    assert len({quad.subject for quad in data.store}) == 2


def test_names_do_not_depend_on_the_place_of_a_folder(tmp_path: Path) -> None:
    for folder in ("here", "there"):
        made(tmp_path / folder / "d", "x.nt", BLANK.format("A"))
    here, there = (set(load(Sources(data=(tmp_path / f / "d",))).store) for f in ("here", "there"))
    assert here == there


# -- what is read, and what is not -----------------------------------------------------------------


def test_what_is_no_data_is_not_read(tmp_path: Path) -> None:
    data = tmp_path / "d"
    made(data, "x.yaml")
    plain = stated(data)
    wrong = "id: case/x\ntype: Nonsense\n"
    for name in (
        "._x.yaml", ".ipynb_checkpoints/x-checkpoint.yaml", ".writing.abc/govgraph.nq",
        ".git/config.yaml", "README.md", "LICENSE", "notes.txt", "x.yaml~", "x.yaml.bak",
        ".x.yaml.swp", "~$book.csv", "site/.govgraph-files", "site/en/x.csv",
        "build/graph/govgraph.nq", "build/graph/validation.csv", "out/govgraph.nq", "out/void.ttl",
    ):  # fmt: skip
        made((data / name).parent, Path(name).name, wrong)
    assert stated(data) == plain
    assert find(Sources(data=(data,))).warnings() == []


def test_a_build_into_the_data_can_be_done_again(tmp_path: Path) -> None:
    data = tmp_path / "d"
    made(data, "x.yaml")
    first = run("build", "--alone", "--data", data, "-o", data).stderr
    assert run("build", "--alone", "--data", data, "-o", data).stderr == first
    assert "read       1 file\n" in first


def test_what_looks_like_data_and_is_not_read_is_named(tmp_path: Path) -> None:
    data = tmp_path / "d"
    made(data, "x.yaml")
    for name in ("b.XLSX", "c.ods", "d.bib", "e.json", "f.csv.gz", "g.ttl.bz2", "h.rq", "i.docx",
                 "j.xml", "k.zip", "l.sqlite"):  # fmt: skip
        made(data, name, "x")
    (data / "db").mkdir()
    fill_store(data / "db", len)
    (data / "link").symlink_to(tmp_path)
    lines = find(Sources(data=(data,))).warnings()
    for said in (
        "not read: d/b.XLSX, d/c.ods. Save each sheet as CSV",
        "not read: d/d.bib, d/i.docx. Texts and bibliographies lie in the folder `documents`",
        "not read: d/e.json, d/j.xml. If it is RDF, rename it",
        "not read: d/f.csv.gz, d/g.ttl.bz2, d/k.zip. Unpack it",
        "not read: d/h.rq. Ask it by its path; stored queries lie in the folder `queries`",
        "not read: d/l.sqlite. Export it as CSV",
        "not read: d/db. It is a database.",
        "not read: d/link. It is a link to a folder",
    ):
        assert any(line.startswith(said) for line in lines), (said, lines)
    assert len(lines) == 8
    done = run("validate", "--alone", "--data", data)
    assert "govgraph: warning: not read: d/b.XLSX" in done.stderr


def test_many_that_are_not_read_are_one_line(tmp_path: Path) -> None:
    data = tmp_path / "d"
    made(data, "x.yaml")
    for number in range(12):
        made(data, f"{number:02}.xlsx", "x")
    [line] = find(Sources(data=(data,))).warnings()
    assert line.startswith("not read: d/00.xlsx, d/01.xlsx, d/02.xlsx, d/03.xlsx, d/04.xlsx and 7 ")


def test_a_folder_with_nothing_to_read_is_said(tmp_path: Path) -> None:
    empty, site, built = (tmp_path / name for name in ("empty", "site", "built"))
    empty.mkdir()
    made(site, ".govgraph-files", "")
    made(built, "govgraph.nq", TRIPLE)
    fill_store(tmp_path / "db", len)
    assert "found nothing to read in this folder (.csv" in refused(empty)
    made(empty, "a.xlsx", "x")
    assert "not read: empty/a.xlsx. Save each sheet" in refused(empty)
    assert "`govgraph publish` wrote this site" in refused(site)
    assert "`govgraph build` wrote this folder. Name govgraph.nq" in refused(built)
    assert "this is a database, not a folder of files. `oxigraph serve-read-only" in refused(
        tmp_path / "db"
    )


def test_what_is_no_file_is_a_line_and_does_not_hang(tmp_path: Path) -> None:
    for name in ("pipe.yaml", "pipe.nq", "pipe.csv"):
        os.mkfifo(tmp_path / name)
        assert "pipe, device or broken link" in refused(tmp_path / name)
    with pytest.raises(SourceError, match="it is a pipe or device"):
        run_raising("infer", tmp_path / "pipe.nq")
    (tmp_path / "a.yaml").symlink_to(tmp_path / "b.yaml")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    assert "broken link" in refused(tmp_path / "a.yaml")
    folder = tmp_path / "d"
    made(folder, "x.yaml")
    (folder / "gone.yaml").symlink_to(tmp_path / "nothing")
    assert refused(folder).startswith("d/gone.yaml: neither a file nor a folder")
    assert "no such file" in refused(tmp_path / ("x" * 300 + ".yaml"))


def run_raising(*arguments: object) -> None:
    from click.testing import CliRunner

    from govgraph.cli import group

    CliRunner().invoke(
        group, [str(a) for a in arguments], standalone_mode=False, catch_exceptions=False
    )


def test_a_folder_called_like_a_file_is_a_folder(tmp_path: Path) -> None:
    made(tmp_path / "d" / "x.yaml", "y.yaml")
    assert stated(tmp_path / "d") == stated(made(tmp_path, "z.yaml"))


def test_what_may_not_be_read_is_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path / "d", "x.yaml")
    opened = Path.open

    def forbidden(self: Path, *mode: Any, **options: Any) -> Any:  # root may read everything
        if self.name == "x.yaml":
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *mode, **options)

    monkeypatch.setattr(Path, "open", forbidden)
    assert "cannot be read (Permission denied)" in refused(tmp_path / "d")


def test_a_folder_that_cannot_be_read_is_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path / "d", "x.yaml")
    (tmp_path / "d" / "e").mkdir()

    def listed(self: Path) -> Iterator[Path]:
        if self.name == "e":
            raise PermissionError(13, "Permission denied", str(self))
        return whole(self)

    whole = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", listed)
    assert "d/e: cannot be read (Permission denied)" in refused(tmp_path / "d")


def test_a_file_that_changes_while_it_is_read_is_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path, "x.yaml")
    whole = Path.open

    def open_and_change(self: Path, *arguments: object) -> object:
        stream = whole(self, *arguments)
        if self == path:
            os.utime(path, ns=(1, 1))
        return stream

    monkeypatch.setattr(Path, "open", open_and_change)
    assert "it changed while it was read. Run it again." in refused(path)


def test_folders_of_one_name_lose_no_file(tmp_path: Path) -> None:
    """Both files go by the name data/x.yaml: the second once took the place of the first."""
    made(tmp_path / "one" / "data", "x.yaml", CASE)
    made(tmp_path / "two" / "data", "x.yaml", CASE.replace("/x", "/y"))
    both = load(
        Sources(
            data=(
                tmp_path / "one" / "data",
                tmp_path / "two" / "data",
            )
        )
    )
    subjects = {quad.subject.value for quad in both.store}
    assert {"https://study.example/case/x", "https://study.example/case/y"} <= subjects
    assert len(set(both.files)) == 2


def test_endings_do_not_depend_on_capitals(tmp_path: Path) -> None:
    for name, text in (("A.YAML", CASE), ("B.NQ", TRIPLE), ("C.Csv", TABLE), ("D.YML", CASE)):
        assert stated(made(tmp_path / name, name, text))
    for ending in ("ttl", "TTL", "n3", "nt", "nq", "trig", "jsonld", "JSON", "rdf", "owl", "XML"):
        for packed in ("", ".gz", ".ZST"):
            assert format_of(f"x.{ending}{packed}") is not None
    owl = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="{EX}"><rdf:Description rdf:about="{EX}s">'
    owl += "<e:p>o</e:p></rdf:Description></rdf:RDF>"
    town = made(tmp_path, "Town.OWL", owl)
    assert {str(triple) + " .\n" for triple in stated(town)} == {TRIPLE}
    assert run("diff", town, made(tmp_path, "t.nt", TRIPLE)).stderr.startswith("equal")
    run("infer", town)


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def test_what_a_loader_loses_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An IRI of a graph that the store takes for none."""
    path = made(tmp_path, "x.yaml")
    wrong = "https://study.example/graph/my case"
    monkeypatch.setattr("govgraph.coding.source_files.SourceFile.graph", wrong)
    with pytest.raises(SourceError, match=r"x\.yaml:1: what is said here of .* got lost"):
        load(Sources(data=(path,)))


def test_found_is_empty_at_first() -> None:
    assert Found().warnings() == []


def test_a_hidden_query_is_no_query_and_a_shape_may_be_any_rdf(tmp_path: Path) -> None:
    from govgraph.coding.study_file import read_study
    from govgraph.queries.stored import load_library
    from govgraph.shapes.given import shapes_of

    study = tmp_path / "water"
    run("new", "study", study, "--base", "https://water.example/s/", "--language", "en")
    before = read_study(study).queries
    for name in (".ipynb_checkpoints/first-query-checkpoint.rq", "._first-query.rq"):
        made((study / "queries" / name).parent, Path(name).name, "no query")
    assert list(load_library(study / "queries")) == ["first-query"]
    assert read_study(study).queries == before
    shapes = len(shapes_of([read_study(study)]))
    made(study / "ontology" / "shapes", "own shapes.NT", TRIPLE)
    made(study / "ontology" / "shapes", "._own.ttl", "no shapes")
    assert len(shapes_of([read_study(study)])) == shapes + 1


@pytest.mark.parametrize("kind", ["case", "table", "query"])
def test_a_new_file_has_a_name_of_bounded_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="is too long for a name"):
        run_raising("new", kind, "x" * 300)
