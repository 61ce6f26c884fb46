"""Tables of cases: the graph they become is that of the same facts in YAML; every wrong cell."""

from __future__ import annotations

import json
import re
import shutil
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
from benchmarks.loading import write_tables
from click.testing import CliRunner

from govgraph.assembly.assemble import choose_sources, read_ontology
from govgraph.cli import group
from govgraph.coding.cases import CodedData, load
from govgraph.coding.study import TEMPORARY_BASE, Sources
from govgraph.errors import GovgraphError, SourceError, SourceErrors
from govgraph.rdf.source_map import SourceMap
from govgraph.reasoning import infer
from govgraph.vocabulary import BASE, GG, INFERRED_GRAPH

YAML = """\
nodes:
  - id: case/x
    type: Case
    label: {en: X, es: Equis}
    place: place/x
    passages:
      - id: passage/x/1
        type: [Section, Paragraph]
        position: 1
        printed: 'a "quoted" text, \\ and a | bar'
        citation:
          - {citedWork: work/w, asPrinted: "(W, 2000)"}
        says:
          - id: place/x
            type: City
            label: {en: [X, Ex], es: Equis}
            note: {en: "two\\nlines"}
          - id: instrument/p
            type: Programme
            startYear: 1998
            addresses: [problem/crime, problem/violence]
            participation:
              - {participant: actor/a, role: [role/founder, role/funder], mode: mode/sporadic}
              - {participant: actor/b}
            observation:
              - {measure: measure/members, value: 12.50, unit: unit/number, year: 2015}
              - id: observation/own
                measure: measure/members
                value: 3
          - id: actor/a
            type: Foundation
          - id: actor/b
            type: Company
            supports: actor/a
          - id: work/w
            type: Work
            onDate: 1999-01-31
          - id: conflict/c
            type: Conflict
            conflictProperty: startYear
"""
ROWS: list[dict[str, Any]] = [
    {
        "id": "place/x",
        "type": "City",
        "label.en": "X|Ex",
        "label.es": "Equis",
        "note.en": "two\nlines",
    },
    {
        "id": "instrument/p",
        "type": "Programme",
        "startYear": 1998,
        "addresses": "problem/crime| problem/violence",
        "participation.1.participant": "actor/a",
        "participation.1.role": "role/founder|role/funder",
        "participation.1.mode": "mode/sporadic",
        "participation.2.participant": "actor/b",
        "observation.1.measure": "measure/members",
        "observation.1.value": "12.50",
        "observation.1.unit": "unit/number",
        "observation.1.year": 2015,
        "observation.2.id": "observation/own",
        "observation.2.measure": "measure/members",
        "observation.2.value": "3",
    },
    {"id": "actor/a", "type": "Foundation"},
    {"id": "actor/b", "type": "Company", "supports": "actor/a"},
    {"id": "work/w", "type": "Work", "onDate": "1999-01-31"},
    {"id": "conflict/c", "type": "Conflict", "conflictProperty": "startYear"},
]
CASE = {
    "id": "case/x",
    "type": "Case",
    "label.en": "X",
    "label.es": "Equis",
    "place": "place/x",
    "passages.id": "passage/x/1",
    "passages.type": "Section|Paragraph",
    "passages.position": 1,
    "passages.printed": 'a "quoted" text, \\ and a | bar',
    "passages.citation.citedWork": "work/w",
    "passages.citation.asPrinted": "(W, 2000)",
}


def csv_text(rows: list[dict[str, Any]], delimiter: str = ",") -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))

    def cell(value: Any) -> str:
        text = str(value).replace('"', '""')
        return f'"{text}"' if set(text) & {'"', "\n", delimiter} else text

    lines = [[*columns], *([cell(row.get(name, "")) for name in columns] for row in rows)]
    return "".join(delimiter.join(line) + "\r\n" for line in lines)


def write(folder: Path, text: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def load_text(folder: Path, text: str | bytes, name: str = "t.csv") -> CodedData:
    return load(Sources(data=(write(folder, text, name),)))


def statements(store: ox.Store) -> set[str]:
    return {str(quad) for quad in store}


@pytest.fixture
def coded(tmp_path: Path) -> set[str]:
    # the bar separates values in a table, so the text with one cannot be written in it
    yaml = YAML.replace(" and a | bar'", "'")
    return statements(load_text(tmp_path / "yaml", yaml, "t.yaml").store)


def as_tables(folder: Path, suffix: str) -> CodedData:
    """Write the facts as a table of the case and a table of what its passage says."""
    case = {**CASE, "passages.printed": 'a "quoted" text, \\'}
    said = [{**row, "passage": "passage/x/1"} for row in ROWS]
    for name, rows in (("t", [case]), ("u", said)):
        path = folder / f"{name}{suffix}"
        if suffix == ".parquet":
            columns = dict.fromkeys(key for row in rows for key in row)
            pq.write_table(pa.table({c: [row.get(c) for row in rows] for c in columns}), path)
        else:
            text = csv_text(rows, {".csv": ",", ".tsv": "\t", ".es.csv": ";"}[suffix])
            write(folder, ("\ufeff" if suffix == ".es.csv" else "") + text, path.name)
    return load(Sources(data=(folder,)))


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".es.csv"])
def test_a_table_is_the_graph_of_the_same_facts_in_yaml(
    suffix: str, tmp_path: Path, coded: set[str]
) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    data = as_tables(folder, suffix)
    graph = "graph/editorial/t.es" if suffix == ".es.csv" else "graph/editorial/t"
    assert {line.replace(graph, "graph/editorial/t") for line in statements(data.store)} == coded
    assert any("participation/p/sporadic.a.founder_funder" in line for line in coded)


def test_one_row_may_hold_the_case_its_passage_and_what_that_says(tmp_path: Path) -> None:
    row = {**CASE, "passages.printed": "p"}
    row |= {f"passages.says.{key}": value for key, value in ROWS[1].items()}
    others = csv_text(
        [row for row in ROWS if row["id"] in ("actor/a", "actor/b", "work/w", "place/x")]
    )
    write(tmp_path / "d", csv_text([row]), "row.csv")
    write(tmp_path / "d", others, "others.csv")
    in_passage = {
        str(quad.subject.value)[len(TEMPORARY_BASE) :]
        for quad in load(Sources(data=(tmp_path / "d",))).store
        if quad.graph_name.value == f"{TEMPORARY_BASE}passage/x/1"
    }
    assert in_passage >= {
        "passage/x/1", "instrument/p", "observation/own",
        "participation/p/sporadic.a.founder_funder", "citation/x-1/w-2000.w",
    }  # fmt: skip


def test_every_statement_knows_its_line_and_the_cache_keeps_it(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    data = as_tables(folder, ".csv")
    dumped = json.dumps(data.sources.dump())
    restored = SourceMap.restore(json.loads(dumped))
    assert json.dumps(restored.dump()) == dumped
    for quad in data.store:
        subject, predicate, value = quad.subject.value, quad.predicate.value, quad.object.value
        value = {"12.5": "12.50"}.get(value, value)  # as written
        for sources in (data.sources, restored):
            written = {entry[:3] for entry in sources.entries(subject)}
            assert (quad.graph_name.value, predicate, value) in written, quad
    line = restored.locate(f"{TEMPORARY_BASE}actor/b", f"{GG}supports", f"{TEMPORARY_BASE}actor/a")
    assert line == ("tables/u.csv", 6)  # a cell before it has two lines
    assert restored.locate(f"{BASE}nobody") is None


def test_numbers_dates_and_gaps_of_parquet_are_read_as_in_csv(tmp_path: Path) -> None:
    import datetime

    table = pa.table(
        {
            "id": ["event/a", "event/b"],
            "type": pa.array(["Event", "Event"]).dictionary_encode(),
            "startYear": [1999.0, None],  # what pandas makes of whole numbers with a gap
            "onDate": [datetime.date(2001, 2, 3), None],
            "observation": [{"id": "observation/o", "value": Decimal("1.25")}, None],
            "addresses": [["problem/crime", "problem/gangs"], []],
            "count": pa.array([None, 7], pa.int16()),
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    found = {
        (
            quad.subject.value.removeprefix(TEMPORARY_BASE),
            quad.predicate.value.rpartition("#")[2],
            str(quad.object),
        )
        for quad in load(Sources(data=(tmp_path / "t.parquet",))).store
        if quad.predicate.value.startswith(GG)
    }
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert found == {
        ("event/a", "startYear", f'"1999"^^<{xsd}integer>'),
        ("event/a", "onDate", f'"2001-02-03"^^<{xsd}date>'),
        ("event/a", "observation", f"<{TEMPORARY_BASE}observation/o>"),
        ("observation/o", "value", f'"1.25"^^<{xsd}decimal>'),
        ("event/a", "addresses", f"<{BASE}problem/crime>"),
        ("event/a", "addresses", f"<{BASE}problem/gangs>"),
        ("event/b", "count", f'"7"^^<{xsd}integer>'),
    }


def test_text_is_kept_whatever_it_looks_like(tmp_path: Path) -> None:
    texts = ["=1+1", "+49", "-", "@x", '"', "é\n  \\n", "a\u2028b", "<b>", "$", "\x07"]
    rows = [{"id": f"event/{n}", "type": "Event", "label.en": t} for n, t in enumerate(texts)]
    found = load_text(tmp_path, csv_text(rows))
    labels = {q.object.value for q in found.store if isinstance(q.object, ox.Literal)}
    assert labels == set(texts)


def test_rows_without_anything_are_passed_over(tmp_path: Path) -> None:
    data = load_text(tmp_path, "id,type,label.en\n\nevent/a,Event,A\n,,\n , ,\n")
    assert len(data.store) == 2
    assert len(load_text(tmp_path, "id,type\n").store) == 0


def test_two_rows_of_one_id_add_up(tmp_path: Path) -> None:
    text = "id,type,participation.participant\nevent/a,Event,\nevent/a,,actor-kind/police\n"
    write(tmp_path / "d", "id,type\nactor-kind/police,ActorKind\n", "k.csv")
    write(tmp_path / "d", text)
    assert len(load(Sources(data=(tmp_path / "d",))).store) == 7  # two of them are of the group


WRONG_BOTH = "ID,type\nevent/a,Event\n"
WRONG = [
    ("", "the table is empty"),
    ("\n", "the table is empty"),
    ("type,startYear\nEvent,1\n", r"t\.csv:1: there is no column 'id', found 'type', 'startYear'"),
    (WRONG_BOTH, r"t\.csv:1: there is no column 'id', found .*mean 'id'"),
    ("id,id\na,b\n", "column 'id' has no name or stands twice"),
    ("id,\na,b\n", "column '' has no name or stands twice"),
    ("id,startyear\na,1\n", r"t\.csv:1: column 'startyear': .*Did you mean 'startYear'"),
    ("id,label\na,x\n", r"column 'label': expected a language, as in 'label\.en'"),
    ("id,label.english please\na,x\n", "expected a language"),
    ("id,startYear.en\na,1\n", "'startYear' takes a plain value, not keys"),
    ("id,participation.rol\na,x\n", r"unknown key 'rol'\. Did you mean 'role'"),
    ("id,says.id\na,b\n", r"'says' may only stand after 'passages\.'"),
    ("id,passage.type\na,Section\n", "there is no column 'passage'"),
    ("id,type\nevent/a\n", r"t\.csv:2: 1 cells, but the header names 2"),
    ('id,type\nevent/a,"Event\n\n', r"t\.csv:2: not CSV in the row that begins here"),
    ('id,type\nevent/a,Event\nevent/b,"x"y\n', r"t\.csv:3: not CSV"),
    ("id,type\nevent/a,Evnt\n", r"t\.csv:2: row 1, column 'type': unknown type 'Evnt'.*'Event'"),
    ("id,type\n,Event\n", r"t\.csv:2: row 1: there is no `id`"),
    ("id,type\na b,Event\n", r"row 1, column 'id': 'a b' is no id"),
    ("id,type\nevent/%zz,Event\n", r"row 1, column 'id': 'event/%zz' is no id"),
    ("id,type\n#REF!,Event\n", r"'#REF!' is a formula or an error of a spreadsheet"),
    ("id,type\nevent/a|event/b,Event\n", r"row 1, column 'id': `id` takes a name such as"),
    ("id,type,place\nevent/a,Event,=A1\n", r"row 1, column 'place': '=A1' is a formula"),
    ("id,type,startYear\nevent/a,Event,1998\nevent/b,Event,19x8\n",
     r"t\.csv:3: row 2, column 'startYear': .*whole number.*found 19x8"),
    ("id,type,startYear\nevent/a,Event,1998.0\n", "whole number.*found 1998.0"),
    (f"id,type,startYear\nevent/a,Event,{'9' * 5000}\n", "whole number"),
    ("id,type,value\nevent/a,Event,\"8,9\"\n", r"column 'value': .*a number such as 8\.9"),
    ("id,type,value\nevent/a,Event,٣\n", "a number such as"),
    ("id,type,onDate\nevent/a,Event,3/4/2001\n", "a date such as 1992-06-09, found '3/4/2001'"),
    ("id,type,addresses\nevent/a,Event,problem/crime||problem/gangs\n", r"column 'addresses'"),
    ("id,type,label.en\nevent/a,Event,a||b\n", "'label' has no text for 'en'"),
    ("id,type,place\nevent/a,Event,place/nowhere\n", r"t\.csv:2: 'place/nowhere' is described"),
    ("id,type,addresses\nevent/a,Event,problem/crim\n", "no code of the list 'problem'"),
    ("id,type\nevent/a,Event\nevent/a,Company\n", r"t\.csv:3: 'event/a' is Company here but Event"),
    ("id,type,sector,passage,passage.type\nactor/a,Company,sector/private,passage/1,Section\n",
     "t.csv:2: no passage says `sector`: it is your reading. Write it under `reads`, beside"),
    ("id,type,sector.note.en\nevent/a,Event,x\n", "give this node under 'sector' an `id`"),
    (b"id,type,label.en\nevent/a,Event,x\nevent/b,Event,caf\xe9\n", r"t\.csv:3: byte 0xe9"),
    ("id,type\n".encode("utf-16"), r"t\.csv:1: byte 0xff is not UTF-8"),
    (b"PK\x03\x04\xff", "compressed with zip, as spreadsheets are"),
]  # fmt: skip


def test_what_is_wrong_is_named_with_line_row_and_column(tmp_path: Path) -> None:
    faults = []
    for text, message in WRONG:
        with pytest.raises(SourceError) as raised:
            load_text(tmp_path, text)
        lines = str(raised.value).splitlines()
        if not re.search(message, str(raised.value)) or len(lines) != 1 + (text == WRONG_BOTH):
            faults.append((text, message, lines))
    assert faults == []


def test_all_that_is_wrong_is_named_at_once_but_not_without_end(tmp_path: Path) -> None:
    write(tmp_path / "d", "id,typ,type,startYear\na b,x,Evnt,y\n,,Event,1\n", "a.csv")
    rows = "".join(f"event/{n},Event,1.{n}\n" for n in range(100))
    write(tmp_path / "d", f"id,type,startYear\n{rows}", "b.csv")
    with pytest.raises(SourceErrors) as raised:
        load(Sources(data=(tmp_path / "d",)))
    first = [str(each) for each in raised.value.errors if str(each.path) == "d/a.csv"]
    assert sorted(line.split(": ")[1] for line in first) == [
        "column 'typ'",
        "row 1, column 'id'",
        "row 1, column 'startYear'",
        "row 1, column 'type'",
        "row 2",
    ]
    others = [str(each) for each in raised.value.errors if str(each.path) == "d/b.csv"]
    assert others[0] == "d/b.csv:1: column 'startYear': 80 other cells are wrong too."
    assert len(others) == 21


def test_a_cell_of_two_lines_does_not_move_the_lines_after_it(tmp_path: Path) -> None:
    text = 'id,type,label.en\nevent/a,Event,"one\n\ntwo"\n\nevent/b,Evnt,x\n'
    with pytest.raises(SourceError, match=r"t\.csv:6: row 2, column 'type'"):
        load_text(tmp_path, text)


def test_parquet_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SourceError, match=r"t\.parquet: not a Parquet file"):
        load_text(tmp_path, "id\n", "t.parquet")
    records = pa.table({"id": ["event/a"], "participation": [[{"participant": "actor/a"}]]})
    pq.write_table(records, tmp_path / "t.parquet")
    with pytest.raises(
        SourceError, match=r"'participation' cannot be read: it holds list.*'participation\.1"
    ):
        load(Sources(data=(tmp_path / "t.parquet",)))
    pq.write_table(pa.table({"id": [b"event/\xff"]}), tmp_path / "t.parquet")
    with pytest.raises(SourceError, match=r"t\.parquet: column 'id' cannot be read: .*0xff"):
        load(Sources(data=(tmp_path / "t.parquet",)))
    pq.write_table(pa.table({"id": ["event/a"], "type": ["Evnt"]}), tmp_path / "t.parquet")
    with pytest.raises(SourceError, match=r"t\.parquet:1: row 1, column 'type'"):
        load(Sources(data=(tmp_path / "t.parquet",)))
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(GovgraphError, match=r"pip install -e '.*\[parquet\]'"):
        load(Sources(data=(tmp_path / "t.parquet",)))


def test_groups_of_cases_built_apart_give_the_whole(tmp_path: Path) -> None:
    """What docs/planning.md parts a large table by: each group with the registries it names."""

    def graph(folder: Path) -> set[str]:
        store = load(Sources(data=(folder,))).store
        store.bulk_extend(read_ontology())
        store.bulk_extend(infer(store).quads(INFERRED_GRAPH))
        return statements(store)

    write_tables(tmp_path / "whole", 30, ".csv", places=15)
    header, *rows = (tmp_path / "whole" / "cases.csv").read_text("utf-8").splitlines(keepends=True)
    apart: set[str] = set()
    for start in (0, 10, 20):
        group_of_cases = shutil.copytree(tmp_path / "whole", tmp_path / str(start))
        text = "".join([header, *rows[start : start + 10]])
        (group_of_cases / "cases.csv").write_text(text, encoding="utf-8")
        apart |= graph(group_of_cases)
    assert apart == graph(tmp_path / "whole")


def test_validate_names_the_row_and_build_takes_the_folder(tmp_path: Path) -> None:
    text = (
        "id,type,label.en,label.es,within\n"
        "place/a,City,A,A,place/c\n"
        "place/b,City,,,place/c\n"
        "place/c,Country,C,C,\n"
    )
    path = write(tmp_path / "d", text, "places.csv")
    result = CliRunner().invoke(group, ["validate", "--alone", str(path)])
    assert result.exit_code == 1
    assert f"{path}:3: " in result.stdout
    assert result.stdout.count("\n") < 6
    write(tmp_path / "d", text.replace("City,,,", "City,B,,"), "places.csv")
    result = CliRunner().invoke(group, ["validate", "--alone", str(path)])
    assert (result.exit_code, result.stdout) == (0, "")
    out = tmp_path / "out"
    result = CliRunner().invoke(
        group, ["build", "--alone", "--data", str(tmp_path / "d"), "--output", str(out)]
    )
    assert result.exit_code == 0
    assert "place/b" in (out / "govgraph.nq").read_text(encoding="utf-8")


def test_new_table_writes_one_that_validates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(group, ["new", "table", "my-town"])
    assert (result.exit_code, result.stdout) == (0, "my-town.csv\n")
    result = CliRunner().invoke(group, ["validate", "my-town.csv"])
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    data = load(choose_sources([Path("my-town.csv")]))
    assert {q.graph_name.value for q in data.store} >= {
        "https://study.example/passage/my-town/table-1/1"
    }
