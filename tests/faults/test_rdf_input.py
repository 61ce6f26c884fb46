"""RDF and tables that are hostile or odd: bombs, nesting, sizes, a line each in every command."""

from __future__ import annotations

import gzip
import io
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
from backports import zstd
from click.testing import CliRunner

from govgraph.cli import group
from govgraph.coding import tables
from govgraph.errors import GovgraphError, SourceError
from govgraph.rdf import dumps
from govgraph.rdf.formats import RDF_FORMATS
from govgraph.rdf.reading import read_quads
from govgraph.results.answer import Answer
from govgraph.results.formats import FORMATS
from govgraph.results.writers import write_answer
from hostile_files import EX, refused, stated

BINARY = Path(sys.executable).with_name("govgraph")
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TAIL = "</rdf:Description></rdf:RDF>"
HEAD = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="{EX}">'
LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + f']>\n{HEAD}<rdf:Description rdf:about="{EX}s"><e:p>&a11;</e:p></rdf:Description></rdf:RDF>'
)
SUBJECT = f"<{EX}s> <{EX}p> "


def nested(begin: str, middle: str, end: str, depth: int = 20_000) -> str:
    return begin * depth + middle + end * depth


DOCTYPES = {
    "laughs.rdf": LAUGHS,
    "late.rdf": "<!-- " + "x" * 3_000_000 + " -->\n" + LAUGHS.partition("\n")[2],
    "spaces.owl": LAUGHS.replace("<!DOCTYPE", "<?pi DOCTYPE?> <!DOCTYPE"),
    "outside.xml": f'<!DOCTYPE r SYSTEM "file:///etc/passwd">{HEAD}</rdf:RDF>',
    "entity.rdf": f'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>{HEAD}</rdf:RDF>',
    "part.rdf": f'<!DOCTYPE r [<!ENTITY % a "x">]>{HEAD}</rdf:RDF>',
    "long.owl": f'<!DOCTYPE r [<!ENTITY a "{"x" * 300}">]>{HEAD}</rdf:RDF>',
    "default.rdf": f'<!DOCTYPE r [<!ATTLIST r a CDATA "x">]>{HEAD}</rdf:RDF>',
}
DESCRIPTION = ("<rdf:Description><e:p>", "", "</e:p></rdf:Description>")
DEEP = {
    "deep.rdf": HEAD
    + nested("<rdf:Description><e:p>", "", "</e:p></rdf:Description>")
    + "</rdf:RDF>",
    "deep.jsonld": nested(f'{{"{EX}p":', "1", "}"),
    "lists.jsonld": f'{{"{EX}p":' + nested('{"@list":[', "1", "]}") + "}",
    "context.jsonld": '{"@context":'
    + nested('{"a":{"@id":"http://e/a","@context":', "{}", "}}", 3000)
    + "}",
    "brackets.json": nested("[", "", "]", 100_000),
    "terms.ttl": SUBJECT + nested(f"<<( {SUBJECT}", "1", ")>>") + " .",
    "terms.nt": SUBJECT + nested(f"<<( {SUBJECT}", "1", ")>>") + " .",
    "comments.trig": SUBJECT + nested(f"<<( {SUBJECT} # )>> \" ' \n", "1", ")>>") + " .",
    "iris.ttl": SUBJECT + nested(f"<<( <{EX}a)'#b> <{EX}p> ", "1", ")>>") + " .",
}
LONG = {
    "long.ttl": f'{SUBJECT}"{{}}" .',
    "long.nq": f'{SUBJECT}"{{}}" .\n',
    "long.jsonld": f'{{"@id":"{EX}s","{EX}p":"{{}}"}}',
    "long.rdf": f'{HEAD}<rdf:Description rdf:about="{EX}s"><e:p>{{}}</e:p>{TAIL}',
    "long.trig": f"{SUBJECT}<{EX}{{}}> .",
}
MESSAGES = {
    **dict.fromkeys(DOCTYPES, "Take it out, or save the file as Turtle with a tool that you trust"),
    **dict.fromkeys(DEEP, "more than 500 levels within one another"),
    **dict.fromkeys(LONG, "a text or name of more than 8 MB"),
}


def hostile(folder: Path, name: str) -> Path:
    text = DOCTYPES.get(name) or DEEP.get(name) or LONG[name].replace("{}", "x" * 17_000_000)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def failure(*arguments: object) -> str:
    with pytest.raises(GovgraphError) as raised:
        CliRunner().invoke(
            group, [str(a) for a in arguments], standalone_mode=False, catch_exceptions=False
        )
    return str(raised.value)


COMMANDS: dict[str, Callable[[Path], tuple[object, ...]]] = {
    "infer": lambda path: ("infer", path),
    "diff": lambda path: ("diff", path, path),
    "build": lambda path: ("build", "--alone", "--data", path, "-o", path.parent / "out"),
}


HOSTILE = [
    pytest.param(
        command, name,
        marks=[] if command == "infer" or name in {"laughs.rdf", "terms.ttl"} else pytest.mark.whole
    )
    for command in COMMANDS for name in [*DOCTYPES, *DEEP]
]  # fmt: skip


@pytest.mark.parametrize(("command", "name"), HOSTILE)
def test_what_kills_an_engine_is_a_line(tmp_path: Path, command: str, name: str) -> None:
    before = time.process_time()
    said = failure(*COMMANDS[command](hostile(tmp_path, name)))
    assert time.process_time() - before < 10
    assert MESSAGES[name] in said
    assert name in said
    assert "\n" not in said
    assert {path.name for path in tmp_path.iterdir()} == {name}


def infer(path: Path) -> str:
    return failure(*COMMANDS["infer"](path))


@pytest.mark.parametrize("name", LONG)
def test_a_text_that_no_engine_reads_again_is_a_line(tmp_path: Path, name: str) -> None:
    path = hostile(tmp_path, name)
    assert MESSAGES[name] in (refused(path) if name == "long.nq" else infer(path))


def test_shallow_nesting_is_read(tmp_path: Path) -> None:
    for name, text in {
        "a.rdf": HEAD + nested(*DESCRIPTION, 200) + "</rdf:RDF>",
        "a.jsonld": nested(f'{{"{EX}p":', '"[[[[{{{{"', "}", 400),
        "a.ttl": SUBJECT + nested(f"[ <{EX}p> ", "1", "]", 5000) + " .",
        "b.ttl": "".join(f'{SUBJECT}"<<( {n}" . # <<(\n' for n in range(1000)),
        "c.ttl": "".join(f"<{EX}s{n}> <{EX}p> <<( {SUBJECT}1 )>> .\n" for n in range(1000)),
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
        rdf_format = RDF_FORMATS[{"rdf": "rdfxml"}.get(name[2:], name[2:])]
        assert len(list(read_quads(tmp_path / name, rdf_format, name, EX))) >= 200


def test_entities_that_are_short_texts_are_read(tmp_path: Path) -> None:
    """As Protégé declares namespaces."""
    doctype = f'<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [\n <!ENTITY e "{EX}" >\n]>\n'
    body = f'<rdf:Description rdf:about="&e;s"><e:p rdf:resource="&e;o"/>{TAIL}'
    (tmp_path / "a.owl").write_text(doctype + HEAD + body, encoding="utf-8")
    quads = read_quads(tmp_path / "a.owl", RDF_FORMATS["rdfxml"], "a.owl", EX)
    assert [str(quad.triple) for quad in quads] == [f"{SUBJECT}<{EX}o>"]


@pytest.mark.parametrize("prefix", ["", "owl:"])
def test_owl_in_xml_is_called_so(tmp_path: Path, prefix: str) -> None:
    name = f'xmlns{prefix and ":owl"}="http://www.w3.org/2002/07/owl#"'
    (tmp_path / "a.owl").write_text(f"<{prefix}Ontology {name}/>", encoding="utf-8")
    assert infer(tmp_path / "a.owl") == (
        f"{tmp_path / 'a.owl'}:1: this is OWL/XML, not RDF. Save it as RDF/XML or Turtle: File, "
        "Save as … in Protégé."
    )


# -- what is compressed ----------------------------------------------------------------------------


def bomb(packed: str, lines: int = 4_000_000) -> bytes:
    line = (SUBJECT + '"' + "x" * 50 + '" .\n').encode()
    if packed == "gz":
        stream = io.BytesIO()
        with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=9) as file:
            for _ in range(lines // 10_000):
                file.write(line * 10_000)
        return stream.getvalue()
    return zstd.compress(line * lines)


@pytest.mark.whole
def test_a_real_gzip_bomb_is_a_line(tmp_path: Path) -> None:
    """It is 750 times its size only where it is all the same; so it is refused by what it is."""
    path = tmp_path / "x.nq.gz"
    with gzip.open(path, "wb", 9) as stream:
        for _ in range(300):
            stream.write((b"#" + b"x" * 99_999 + b"\n") * 100)
    for command in COMMANDS.values():
        assert "it unfolds to more than 500 times its size" in failure(*command(path))


@pytest.mark.parametrize("packed", ["gz", "zst"])
@pytest.mark.parametrize("command", COMMANDS)
def test_bombs_are_refused_by_what_they_unfold_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: str, command: str
) -> None:
    monkeypatch.setattr(dumps, "UNSUSPICIOUS", 2_000_000)
    monkeypatch.setattr(dumps, "MOST_TIMES", 100)
    path = tmp_path / f"x.nq.{packed}"
    path.write_bytes(bomb(packed, 100_000))
    assert path.stat().st_size < 100_000
    assert "it unfolds to more than 100 times its size" in failure(*COMMANDS[command](path))


def test_what_memory_does_not_hold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.nt.gz"
    path.write_bytes(gzip.compress(f'{SUBJECT}"1" .\n'.encode() * 1000))
    unfolding = dumps.opened(path, "x", 1000)
    with pytest.raises(SourceError, match="unfolds to more than 0 MB"), unfolding as stream:
        stream.read()


# -- byte order marks and encodings ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["x.ttl", "x.nt", "x.nq", "x.trig", "x.jsonld", "x.rdf", "x.n3"])
def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path, name: str) -> None:
    text = f'{SUBJECT}"o" .\n'
    if name == "x.jsonld":
        text = f'{{"@id":"{EX}s","{EX}p":"o"}}'
    if name == "x.rdf":
        text = LONG["long.rdf"].replace("{}", "o")
    path = tmp_path / name
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert [str(triple) for triple in stated(path)] == [f'{SUBJECT}"o"']
    done = CliRunner().invoke(group, ["infer", str(path)])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1"])
@pytest.mark.parametrize("name", ["x.ttl", "x.rdf", "x.jsonld", "x.csv", "x.yaml"])
def test_another_encoding_is_a_line(tmp_path: Path, encoding: str, name: str) -> None:
    (tmp_path / name).write_bytes(f'{SUBJECT}"é" .\n'.encode(encoding))
    said = refused(tmp_path / name)
    assert name in said
    assert said.isprintable()


# -- tables ----------------------------------------------------------------------------------------


def test_too_many_columns_are_a_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id," + ",".join(f"c{n}" for n in range(20_000)) + "\n")
    before = time.process_time()
    assert (
        refused(path) == f"{path}:1: 20,001 columns, of which 1,000 are the most. Is it one table?"
    )
    pq.write_table(pa.table({f"c{n}": [1] for n in range(1500)}), tmp_path / "x.parquet")
    assert "1,500 columns" in refused(tmp_path / "x.parquet")
    assert time.process_time() - before < 3


@pytest.mark.parametrize("name", ["participation", "says", "passages.says", "x", "label", "1"])
def test_a_column_of_many_parts_is_a_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id," + ".".join([name] * 2000) + "\n")
    said = refused(path)
    assert "has more than 20 parts" in said
    assert len(said) < 300


def test_a_cell_of_seventeen_megabytes_is_a_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id,type,label.en\nplace/x,Country," + "é" * 4_500_000 + "\n", "utf-8")
    assert f"{path}:2: column 'label.en': a text or name of more than 8 MB" in refused(path)
    path.write_text("id,type,label.en\nplace/x,Country," + "e" * 9_000_000 + "\n", "utf-8")
    assert "not CSV in the row that begins here: field larger than" in refused(path)


def test_parquet_is_refused_by_what_it_unfolds_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.parquet"
    monkeypatch.setattr(tables, "MOST_CELLS", 999_999)
    pq.write_table(pa.table({"id": pa.array([0] * 1_000_000, pa.int8())}), path)
    assert path.stat().st_size < 50_000
    assert "it unfolds to 1,000,000 cells" in refused(path)


def test_a_text_of_many_rows_of_parquet_is_held_once(tmp_path: Path) -> None:
    """Two hundred thousand rows of a text of a megabyte: 200 GB, if each had its own."""
    numbers = pa.array([0] * 200_000, pa.int32())
    texts = pa.DictionaryArray.from_arrays(numbers, pa.array(["y" * 1_000_000]))
    lists = pa.ListArray.from_arrays(pa.array(range(200_001), pa.int32()), texts)
    for column in (texts, lists):
        pq.write_table(pa.table({"id": column}), tmp_path / "x.parquet")
        table = tables.read_table(tmp_path / "x.parquet", "x")
        assert len(table.rows) == 200_000
        assert len({id(text) for [cell] in table.rows for text in cell}) == 1


# -- text that a spreadsheet would run -------------------------------------------------------------

RUN = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "plain", "1-2", "'=x", ""]


def test_a_spreadsheet_runs_nothing_of_safe_csv() -> None:
    rows = tuple(
        (ox.Literal(text, language="en" if n % 2 else None),) for n, text in enumerate(RUN)
    )
    rows += ((ox.Literal(-5),), (ox.NamedNode(f"{EX}=x"),), (None,))
    answer = Answer("select", ("x",), rows)
    import csv

    text = write_answer(answer, FORMATS["safe-csv"]).decode()
    cells = [row[0] if row else "" for row in csv.reader(io.StringIO(text, newline=""))][1:]
    expected = [f"'{text}" if text[:1] in set("=+-@\t\r") and text else text for text in RUN]
    assert cells[: len(RUN)] == expected
    assert cells[len(RUN) : len(RUN) + 2] == ["-5", f"{EX}=x"]
    plain = write_answer(answer, FORMATS["csv"]).decode()
    assert "\n+1+1" in plain.replace("\r", ""), "the standard's CSV is as the standard has it"


def test_the_engine_would_have_died() -> None:
    """Why nesting is looked for: if this no longer fails, the engine has mended it."""
    code = (
        "import pyoxigraph as ox;"
        "d = '<http://e/a> <http://e/p> ' + '<<( <http://e/a> <http://e/p> ' * 30000 + '1'"
        " + ')>>' * 30000 + ' .';"
        "list(ox.parse(d, format=ox.RdfFormat.TURTLE))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode < 0


def test_lines_are_counted_to_the_long_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "LONGEST_TEXT", 2_000_000)
    path = tmp_path / "x.nt"
    path.write_text(f"{SUBJECT}1 .\n" * 50_000 + f'{SUBJECT}"{"x" * 3_000_000}" .\n')
    assert f"{path}:50001: a text or name" in refused(path)


UNITS = [
    b'"""\\"', b'"\\', b"<a", b"#", b'\\"""\n', b"'''a", b'\\"a', b"<<", b'""', b"'\n\"", b"<<(",
    b")>>", b"a-", b"'\\", b'"""', b"\"'", b"[{",
]  # fmt: skip


@pytest.mark.parametrize("pattern", [dumps._TURTLE, dumps._JSON], ids=["turtle", "json"])
@pytest.mark.parametrize("unit", UNITS, ids=range(len(UNITS)))
def test_the_time_of_the_look_through_is_linear(pattern: re.Pattern[bytes], unit: bytes) -> None:
    """A quadratic pattern would take minutes for two megabytes."""
    before = time.process_time()
    sum(1 for _ in pattern.finditer(unit * (2_000_000 // len(unit))))
    assert time.process_time() - before < 3
