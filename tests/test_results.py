"""One result, many formats; two engines, one answer."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from govgraph.errors import GovgraphError, UsageError
from govgraph.rdf.formats import RDF_FORMATS
from govgraph.rdf.names import NAMES
from govgraph.results import FORMATS, Result, canonical_term, display, format_for, to_python
from govgraph.vocabulary import BASE, GG, SDG, XSD
from reference import canonical_rows, from_rdflib, same_answer

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

DATA = """
@prefix gg: <https://w3id.org/govgraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://w3id.org/govgraph/> .
<instrument/bogota-como-vamos> a gg:Programme ;
    rdfs:label "Bogotá Cómo Vamos"@es ; gg:startYear 1998 ; gg:value 8.90 ;
    gg:onDate "1998-03-02"^^xsd:date ; gg:held true .
<instrument/five-cities> a gg:Programme ; rdfs:label "Five | Cities <b>"@en ; gg:startYear 1986 .
"""

QUERY = """
PREFIX gg: <https://w3id.org/govgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?instrument ?label ?year ?value ?date ?held WHERE {
  ?instrument a gg:Programme ; rdfs:label ?label ; gg:startYear ?year .
  OPTIONAL { ?instrument gg:value ?value ; gg:onDate ?date ; gg:held ?held }
} ORDER BY DESC(?year)
"""
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.load(DATA.encode(), format=ox.RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def rows(store: ox.Store) -> Result:
    return Result.from_oxigraph(store.query(QUERY))


@pytest.fixture(scope="module")
def graph(store: ox.Store) -> Result:
    return Result.from_oxigraph(store.query(CONSTRUCT))


YES = Result.of_boolean(True)
NO = Result.of_boolean(False)


def typed(text: str, name: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + name))


def select(columns: tuple[str, ...], *rows: tuple[object, ...]) -> Result:
    return Result("select", columns, rows)  # type: ignore[arg-type]


class TestResult:
    def test_rows_are_dicts_of_python_values(self, rows: Result) -> None:
        assert rows.columns == ("instrument", "label", "year", "value", "date", "held")
        assert list(rows) == [
            {
                "instrument": f"{BASE}instrument/bogota-como-vamos",
                "label": "Bogotá Cómo Vamos",
                "year": 1998,
                "value": Decimal("8.9"),
                "date": date(1998, 3, 2),
                "held": True,
            },
            {
                "instrument": f"{BASE}instrument/five-cities",
                "label": "Five | Cities <b>",
                "year": 1986,
                "value": None,
                "date": None,
                "held": None,
            },
        ]
        assert len(rows) == 2
        assert rows.boolean is None
        assert rows.triples == ()

    def test_a_result_is_true_when_it_has_rows_or_says_yes(self, rows: Result) -> None:
        assert rows
        assert YES
        assert not NO
        assert not select(("x",))
        assert (YES.boolean, NO.boolean) == (True, False)
        assert list(YES) == [{"boolean": True}]

    def test_a_graph_has_each_triple_once_sorted_with_types_first(self, graph: Result) -> None:
        assert len(graph) == len(graph.triples) == 9
        assert graph.columns == ("subject", "predicate", "object")
        assert [str(triple.predicate) for triple in graph.triples[:2]] == [
            "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
            "<http://www.w3.org/2000/01/rdf-schema#label>",
        ]
        assert Result.of_triples([*graph.triples, *reversed(graph.triples)]) == graph

    def test_results_of_an_endpoint_are_read_back(self, rows: Result) -> None:
        for name in ("json", "xml", "tsv"):
            assert Result.from_serialized(rows.serialize(name), name) == rows  # type: ignore[arg-type]
        assert Result.from_serialized(YES.serialize("json"), "json") == YES

    def test_what_is_no_result_is_said_to_be_none(self) -> None:
        with pytest.raises(GovgraphError, match="These are no SPARQL results in json"):
            Result.from_serialized("<html>Bad gateway</html>", "json")


class TestTwoEngines:
    def test_one_answer(self, store: ox.Store) -> None:
        reference = rdflib.Graph().parse(data=DATA, format="turtle")
        for query in (QUERY, CONSTRUCT, "ASK { ?s ?p 1998 }", "ASK { ?s ?p 1 }"):
            one = Result.from_oxigraph(store.query(query))
            other = from_rdflib(reference.query(query))
            assert same_answer(one, other), query
            assert canonical_rows(one) == canonical_rows(other), query

    def test_terms_of_one_value_are_equal(self) -> None:
        pairs: list[tuple[ox.Literal | ox.BlankNode, ox.Literal | ox.BlankNode]] = [
            (typed("1.0", "decimal"), typed("1", "decimal")),
            (typed("007", "integer"), typed("7", "decimal")),
            (typed("1.5E1", "double"), typed("15", "integer")),
            (typed("2.666666666666666667", "decimal"), typed("2.66666666666666666666", "decimal")),
            (typed("1", "boolean"), typed("true", "boolean")),
            (
                typed("2000-01-01T01:00:00+01:00", "dateTime"),
                typed("2000-01-01T00:00:00Z", "dateTime"),
            ),
            (ox.Literal("a", language="en-GB"), ox.Literal("a", language="en-gb")),
            (ox.BlankNode("a"), ox.BlankNode("b")),
        ]
        assert [pair for pair in pairs if len(set(map(canonical_term, pair))) != 1] == []

    def test_terms_of_other_values_differ(self) -> None:
        pairs: list[tuple[ox.Literal | None, ox.Literal | ox.NamedNode]] = [
            (typed("1", "integer"), ox.Literal("1")),
            (typed("1", "integer"), typed("true", "boolean")),
            (typed("1000000000000001", "integer"), typed("1000000000000002", "integer")),
            (typed("8.9", "decimal"), typed("8.91", "decimal")),
            (typed("maybe", "boolean"), typed("false", "boolean")),
            (ox.Literal("a", language="en"), ox.Literal("a", language="es")),
            (ox.Literal("a", language="en"), ox.Literal("a")),
            (ox.Literal("a:b"), ox.NamedNode("a:b")),
            (None, ox.Literal("")),
        ]
        assert [pair for pair in pairs if len(set(map(canonical_term, pair))) != 2] == []

    def test_order_of_rows_and_columns_does_not_matter_but_their_number_does(self) -> None:
        a, b = ox.Literal("a"), ox.Literal("b")
        assert same_answer(select(("x", "y"), (a, b), (b, a)), select(("y", "x"), (a, b), (b, a)))
        assert not same_answer(select(("x",), (a,)), select(("x",), (a,), (a,)))
        assert not same_answer(select(("x",)), select(("y",)))

    def test_rdflib_text_is_kept_as_rdflib_holds_it(self) -> None:
        graph = rdflib.Graph().parse(data='<a:a> <a:p> "x"@en-gb, 1.50, "y" .', format="turtle")
        result = from_rdflib(graph.query("SELECT ?o { ?s ?p ?o }"))
        assert {str(row[0]) for row in result.rows} == {
            '"x"@en-gb', '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"y"',
        }  # fmt: skip

    def test_an_iri_that_is_none_is_refused(self) -> None:
        graph = rdflib.Graph()
        graph.add((rdflib.URIRef("not an iri"), rdflib.URIRef("a:p"), rdflib.Literal(1)))
        with pytest.raises(GovgraphError, match="'not an iri' is not a term RDF allows"):
            from_rdflib(graph.query("SELECT * { ?s ?p ?o }"))


class TestTerms:
    def test_a_long_text_that_is_no_number_is_read_quickly(self) -> None:
        text = "9" * 60_000 + "x"
        start = time.process_time()
        values = [to_python(typed(text, name)) for name in ("integer", "decimal", "double")]
        assert values == [text] * 3
        assert time.process_time() - start < 5  # 0.01 s; it took a minute

    def test_iris_are_shortened(self) -> None:
        names = {
            f"{GG}Policy": "gg:Policy",
            f"{SDG}16.7": "sdg:16.7",
            f"{BASE}actor/el-tiempo": "actor/el-tiempo",
            f"{BASE}ontology": "ontology",
            BASE: BASE,
            "https://schema.org/a/b": "https://schema.org/a/b",
            "http://www.wikidata.org/entity/Q2841": "wd:Q2841",
            "mailto:a@example.org": "mailto:a@example.org",
            "schema:Event": "<schema:Event>",
        }
        assert {iri: NAMES.shorten(iri) for iri in names} == names

    def test_terms_become_python_values(self) -> None:
        values: list[tuple[ox.Literal | ox.BlankNode | None, object]] = [
            (typed("12", "nonNegativeInteger"), 12),
            (typed("-.5", "decimal"), Decimal("-0.5")),
            (typed("1e3", "double"), 1000.0),
            (typed("INF", "double"), math.inf),
            (typed("0", "boolean"), False),
            (typed("1999-07-27", "date"), date(1999, 7, 27)),
            (typed("1999-07-27T10:00:00", "dateTime"), datetime(1999, 7, 27, 10)),
            (typed("1998", "gYear"), 1998),
            (typed("1998Z", "gYear"), "1998Z"),
            (typed("1999-07-27+02:00", "date"), date(1999, 7, 27)),
            (typed("maybe", "boolean"), "maybe"),
            (typed("1_000", "integer"), "1_000"),
            (typed("in 200", "integer"), "in 200"),
            (typed("1999-02-30", "date"), "1999-02-30"),
            (ox.Literal("sí", language="es"), "sí"),
            (ox.BlankNode("b1"), "_:b1"),
            (None, None),
        ]
        results = [(term, value, to_python(term)) for term, value in values]
        assert [
            row for row in results if row[1] != row[2] or type(row[1]) is not type(row[2])
        ] == []

    def test_a_triple_term_is_shown_with_its_parts(self) -> None:
        triple = ox.Triple(ox.NamedNode(f"{GG}a"), ox.NamedNode(f"{GG}b"), ox.Literal("c"))
        assert display(triple) == "<<( gg:a gg:b c )>>"


class TestFormats:
    def test_table(self, rows: Result) -> None:
        assert rows.to_table() == (
            "instrument                    label              year  value  date        held\n"
            "----------------------------  -----------------  ----  -----  ----------  ----\n"
            "instrument/bogota-como-vamos  Bogotá Cómo Vamos  1998    8.9  1998-03-02  true\n"
            "instrument/five-cities        Five | Cities <b>  1986\n"
        )

    def test_table_without_rows_still_names_its_columns(self) -> None:
        assert select(("a", "label")).to_table() == "a  label\n-  -----\n"

    def test_table_counts_width_as_a_terminal_does(self) -> None:
        result = select(
            ("x", "y"), (ox.Literal("e\u0301"), ox.Literal("1")), (ox.Literal("安"),) * 2
        )
        assert result.to_table().splitlines()[2:] == ["e\u0301   1", "安  安"]

    def test_control_characters_cannot_steer_a_terminal(self) -> None:
        table = select(("x",), (ox.Literal("a\x1b[2J\r\n\tb\u2028c"),)).to_table()
        assert table.splitlines()[2] == "a [2J b c"

    def test_csv_follows_the_recommendation(self, rows: Result) -> None:
        text = rows.to_csv()
        assert text.startswith("instrument,label,year,value,date,held\r\n")
        assert list(csv.reader(io.StringIO(text, newline="")))[2] == [
            f"{BASE}instrument/five-cities", "Five | Cities <b>", "1986", "", "", "",
        ]  # fmt: skip

    def test_tsv_keeps_types_and_languages(self, rows: Result) -> None:
        line = rows.serialize("tsv").decode().splitlines()[2]
        assert line.split("\t")[:3] == [
            f"<{BASE}instrument/five-cities>", '"Five | Cities <b>"@en', "1986",
        ]  # fmt: skip

    def test_json_and_xml(self, rows: Result) -> None:
        document = json.loads(rows.serialize("json"))
        assert document["head"]["vars"] == list(rows.columns)
        assert document["results"]["bindings"][1]["label"] == {
            "type": "literal",
            "value": "Five | Cities <b>",
            "xml:lang": "en",
        }
        tree = ET.fromstring(rows.serialize("xml"))
        names = {"s": "http://www.w3.org/2005/sparql-results#"}
        assert len(tree.findall("s:results/s:result", names)) == 2

    def test_json_keeps_direction_and_triple_terms(self) -> None:
        triple = ox.Triple(ox.NamedNode("a:a"), ox.NamedNode("a:b"), ox.BlankNode("c"))
        arabic = ox.Literal("x", language="ar", direction=ox.BaseDirection("rtl"))
        result = select(("x", "y"), (triple, arabic))
        assert Result.from_serialized(result.serialize("json"), "json") == result

    def test_markdown_escapes_what_would_be_markup(self, rows: Result) -> None:
        assert rows.to_markdown().splitlines()[1] == "| --- | --- | ---: | ---: | --- | --- |"
        assert r"| Five \| Cities \<b\> | 1986 |" in rows.to_markdown()

    def test_html_escapes_text_and_links_only_web_addresses(self, rows: Result) -> None:
        page = rows._repr_html_()
        assert '<td lang="en">Five | Cities &lt;b&gt;</td>' in page
        link = f'<a href="{BASE}instrument/five-cities">instrument/five-cities</a>'
        assert link in page
        evil = select(("x",), (ox.NamedNode("javascript:alert(1)"),))._repr_html_()
        assert "<a" not in evil
        ET.fromstring(f"<div>{page}</div>")

    def test_a_notebook_shows_the_first_rows_and_how_many_follow(self) -> None:
        many = select(("x",), *((ox.Literal(i),) for i in range(203)))
        assert many._repr_html_().count("<td") == 100
        assert "203 rows, 103 of them not shown" in many._repr_html_()

    def test_graphs_are_read_back_by_another_library(self, graph: Result) -> None:
        parsers = {"ttl": "turtle", "jsonld": "json-ld", "rdfxml": "xml", "nq": "nquads"}
        for name in RDF_FORMATS:
            parsed = rdflib.Dataset(default_union=True)
            parsed.parse(data=graph.serialize(name), format=parsers.get(name, name))
            assert same_answer(from_rdflib(parsed.query(CONSTRUCT)), graph), name

    def test_turtle_declares_only_the_prefixes_it_uses_sorted(self, graph: Result) -> None:
        lines = graph.serialize("ttl").decode().splitlines()
        assert [line.split()[1] for line in lines if line.startswith("@prefix")] == [
            "gg:", "rdf:", "rdfs:", "xsd:",
        ]  # fmt: skip

    def test_a_graph_as_a_table_has_three_columns(self, graph: Result) -> None:
        assert graph.to_csv().splitlines()[0] == "subject,predicate,object"
        assert graph.to_table().splitlines()[2].split() == [
            "instrument/bogota-como-vamos", "rdf:type", "gg:Programme",
        ]  # fmt: skip

    def test_yes_in_every_format(self) -> None:
        texts = dict.fromkeys(("table", "csv", "md"), "true\n")
        texts["json"] = '{"head": {}, "boolean": true}\n'
        assert {name: YES.serialize(name).decode() for name in texts} == texts
        assert "true" in YES._repr_html_()
        assert b"<boolean>true</boolean>" in YES.serialize("xml")

    def test_rows_are_no_graph(self, rows: Result) -> None:
        for name in RDF_FORMATS:
            with pytest.raises(UsageError) as caught:
                rows.serialize(name)
            assert str(caught.value) == (
                f"The format '{name}' holds the graph of a CONSTRUCT or DESCRIBE query, not the"
                " rows of a SELECT query. Choose: table, csv, tsv, json, xml, md, parquet,"
                " safe-csv."
            )

    def test_a_graph_is_no_parquet_nor_sparql_json(self, graph: Result) -> None:
        for name in ("parquet", "json", "xml"):
            with pytest.raises(UsageError, match="Choose: table, csv, tsv, md, ttl"):
                graph.serialize(name)
        with pytest.raises(UsageError, match="not the yes or no of an ASK query"):
            YES.serialize("parquet")

    def test_xml_says_which_character_it_cannot_hold(self) -> None:
        literal = ox.Literal("a\x1bb")
        with pytest.raises(GovgraphError, match=r"XML cannot hold the character U\+001B"):
            select(("x",), (literal,)).serialize("xml")
        triple = ox.Triple(ox.NamedNode("a:a"), ox.NamedNode("a:b"), literal)
        with pytest.raises(GovgraphError, match="choose another format"):
            Result.of_triples([triple]).serialize("rdfxml")

    @settings(max_examples=50, deadline=None)
    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=4))
    def test_any_text_survives_json_and_tsv(self, texts: list[str]) -> None:
        result = select(("x",), *((ox.Literal(text, language="es"),) for text in texts))
        assert Result.from_serialized(result.serialize("json"), "json") == result
        assert result.serialize("md").decode().count("\n") == len(texts) + 2
        if not any(set(text) & set("\x85\x1c\x1d\x1e\x0b\x0c") for text in texts):
            assert Result.from_serialized(result.serialize("tsv"), "tsv") == result

    def test_bytes_do_not_depend_on_the_hash_seed(self) -> None:
        script = (
            "import sys, pyoxigraph as ox\n"
            "from govgraph.results import Result, FORMATS\n"
            "s = ox.Store(); s.load(sys.stdin.buffer.read(), format=ox.RdfFormat.TURTLE)\n"
            f"r = Result.from_oxigraph(s.query({CONSTRUCT!r}))\n"
            "for f in FORMATS.values():\n"
            "    if 'graph' in f.kinds: sys.stdout.buffer.write(r.serialize(f.name))\n"
        )
        outputs = {
            subprocess.run(
                [sys.executable, "-c", script],
                input=DATA.encode(), capture_output=True, check=True,
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": "src", "LC_ALL": "C"},
                cwd=Path(__file__).parents[1],
            ).stdout
            for seed in ("1", "2")
        }  # fmt: skip
        assert len(outputs) == 1


class TestFormatFor:
    def test_name_then_extension_then_default(self) -> None:
        choices: list[tuple[str | None, str | Path | None, str]] = [
            (None, None, "table"),
            (None, "-", "table"),
            ("csv", "out.ttl", "csv"),
            ("Turtle", None, "ttl"),
            ("json-ld", None, "jsonld"),
            ("out.md", None, "md"),
            (None, Path("folder.x/out.PARQUET"), "parquet"),
            (None, "graph.owl", "rdfxml"),
            (None, "out.srj", "json"),
        ]
        chosen = [(name, output, format_for(name, output)) for name, output, _ in choices]
        assert chosen == choices

    def test_every_format_answers_to_its_own_name(self) -> None:
        assert [format_for(name) for name in FORMATS] == list(FORMATS)
        assert format_for(None, None, default="trig") == "trig"

    @pytest.mark.parametrize(
        ("name", "output", "message"),
        [
            ("jsn", None, "There is no format 'jsn'. Did you mean 'json'"),
            (None, "out.jsonl", "the extension '.jsonl', which tells no format. Did you mean"),
            (None, "out", "'out' has no extension, which tells no format. Name a format"),
        ],
    )
    def test_what_tells_no_format(self, name: str | None, output: str | None, message: str) -> None:
        with pytest.raises(UsageError) as caught:
            format_for(name, output)
        assert message in str(caught.value)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestWrite:
    def test_a_terminal_gets_a_table_of_its_width(
        self, rows: Result, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "40")
        monkeypatch.setenv("NO_COLOR", "1")
        stream = Terminal()
        rows.write("table", stream)
        assert "\x1b[3" not in stream.getvalue()
        lines = re.sub(r"\x1b\[\d+m", "", stream.getvalue()).splitlines()
        assert max(map(len, lines)) <= 40
        assert len(lines) > 4

    def test_markup_of_rich_is_text(self) -> None:
        stream = Terminal()
        select(("[red]x",), (ox.Literal("[bold]y"),)).write("table", stream)
        assert "[red]x" in stream.getvalue()
        assert "[bold]y" in stream.getvalue()

    def test_text_goes_to_text_streams_and_bytes_to_binary_ones(self, rows: Result) -> None:
        text, binary = io.StringIO(), io.BytesIO()
        rows.write("csv", text)
        rows.write("csv", binary)
        assert text.getvalue() == rows.to_csv()
        assert binary.getvalue() == rows.to_csv().encode()
        with pytest.raises(UsageError, match="'parquet' is binary: give a file with --output"):
            rows.write("parquet", text)

    def test_bytes_pass_beneath_a_text_stream_after_what_was_printed(self, rows: Result) -> None:
        raw = io.BytesIO()
        stream = io.TextIOWrapper(raw, encoding="ascii", newline="\r\n")
        stream.write("before\n")
        rows.write("md", stream)
        assert raw.getvalue() == b"before\r\n" + rows.serialize("md")

    def test_save_picks_the_format_by_extension(self, rows: Result, tmp_path: Path) -> None:
        rows.save(tmp_path / "out.tsv")
        rows.save(tmp_path / "out", "csv")
        assert (tmp_path / "out.tsv").read_bytes() == rows.serialize("tsv")
        assert (tmp_path / "out").read_bytes() == rows.serialize("csv")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out.tsv"]

    def test_nothing_is_written_where_it_cannot_be(self, rows: Result, tmp_path: Path) -> None:
        (tmp_path / "old.csv").write_text("old")
        with pytest.raises(UsageError):
            rows.save(tmp_path / "old.csv", "ttl")
        assert (tmp_path / "old.csv").read_text() == "old"
        with pytest.raises(GovgraphError, match=r"cannot be written \(No such file or directory\)"):
            rows.save(tmp_path / "missing" / "out.csv")


class TestASequence:
    def test_rows_by_number_slices_and_columns_by_name(self, rows: Result) -> None:
        assert rows[0]["year"] == 1998
        assert rows[-1:]["year"] == [1986] == rows[-1:].column("year", int)
        assert rows[1:].one() == rows[1] == list(rows)[1]
        assert rows.first() == rows[0]
        assert rows[:0].first() is None
        assert rows.scalars(str)[1] == f"{BASE}instrument/five-cities"

    def test_what_is_not_there_is_named(self, rows: Result) -> None:
        with pytest.raises(UsageError, match=r"no column 'yaer'\. Did you mean 'year'\?"):
            rows["yaer"]
        with pytest.raises(GovgraphError, match="expected one row, found 2"):
            rows.one()
        with pytest.raises(GovgraphError, match="year: found 1998, expected only str"):
            rows.column("year", str)

    def test_what_json_holds(self, rows: Result) -> None:
        data = json.loads(json.dumps(rows.to_dict()))
        assert data["columns"][0] == "instrument"
        assert data["rows"][0]["date"] == "1998-03-02"
        assert data["rows"][1] == {
            "instrument": "instrument/five-cities", "label": "Five | Cities <b>", "year": 1986,
            "value": None, "date": None, "held": None,
        }  # fmt: skip

    def test_a_session_shows_a_bounded_table(self) -> None:
        long = select(("x",), *((ox.Literal("y" * 9_000),) for _ in range(9_000)))
        assert len(repr(long)) < 2_000
        assert len(long._repr_html_()) < 50_000
        assert repr(long).splitlines()[-1].startswith("(the first 20 of 9,000 rows;")


TEXT = "str" if pd.__version__ >= "3" else "object"


class TestFrames:
    MIXED = select(
        ("n", "mix", "num", "when", "empty", "big"),
        (typed("1", "integer"), typed("1", "integer"), typed("1", "integer"),
         typed("1600-01-02", "date"), None, typed(str(2**70), "integer")),
        (None, ox.Literal("x"), typed("2.5", "decimal"), None, None,
         typed("1", "integer")),
    )  # fmt: skip

    def test_pandas_columns_have_types(self, rows: Result) -> None:
        frame = rows.to_pandas()
        assert [str(kind) for kind in frame.dtypes] == [
            TEXT, TEXT, "Int64", "float64", "datetime64[s]", "boolean",
        ]  # fmt: skip
        assert frame["year"].tolist() == [1998, 1986]
        assert frame["value"].isna().tolist() == [False, True]
        assert frame["date"][0] == datetime(1998, 3, 2)

    def test_mixtures_become_text_and_numbers_of_two_kinds_floats(self) -> None:
        frame = self.MIXED.to_pandas()
        assert frame["mix"].tolist() == ["1", "x"]
        assert frame["num"].tolist() == [1.0, 2.5]
        assert frame["when"][0].year == 1600
        assert frame["empty"].tolist() == [None, None]
        assert frame["big"].tolist() == [2**70, 1]

    def test_times_years_and_long_numbers_keep_their_type(self) -> None:
        frame = select(
            ("instant", "time", "day", "year", "exact"),
            (typed("2001-02-03T04:05:06+02:00", "dateTime"),
             typed("2001-02-03T04:05:06", "dateTime"), typed("2001-02-03Z", "date"),
             typed("1990", "gYear"), typed("0.1000000000000000001", "decimal")),
            (None, None, None, None, typed("7", "integer")),
        )  # fmt: skip
        pandas, arrow = frame.to_pandas(), frame.to_arrow()
        assert [str(kind) for kind in pandas.dtypes] == [
            "datetime64[us, UTC]", "datetime64[us]", "datetime64[s]", "Int64", "float64",
        ]  # fmt: skip
        assert pandas["instant"][0] == pd.Timestamp("2001-02-03T02:05:06Z")
        assert pandas["year"][0] == 1990
        assert arrow.column("exact").to_pylist() == [Decimal("0.1000000000000000001"), Decimal(7)]
        assert arrow.column("day").to_pylist() == [date(2001, 2, 3), None]
        long = select(("n",), (typed("9" * 20, "integer"),), (typed("9" * 50, "integer"),))
        assert long[:1].to_arrow().column("n").to_pylist() == [Decimal("9" * 20)]
        assert long.to_arrow().column("n").to_pylist() == ["9" * 20, "9" * 50]
        assert long.to_pandas()["n"].tolist() == [int("9" * 20), int("9" * 50)]

    def test_what_speaks_arrow_takes_a_result_as_it_is(self, rows: Result) -> None:
        assert pa.table(rows).column("year").to_pylist() == [1998, 1986]
        found = duckdb.sql("SELECT max(year), min(instrument) FROM rows").fetchall()
        assert found == [(1998, "instrument/bogota-como-vamos")]
        assert [str(kind) for kind in pa.table(select(("a",))).schema.types] == ["null"]

    def test_iris_are_ids_or_in_full_or_links(self, rows: Result) -> None:
        full = f"{BASE}instrument/five-cities"
        assert rows.to_pandas()["instrument"][1] == "instrument/five-cities"
        assert rows.to_pandas(iris="full")["instrument"][1] == full
        link = rows.to_dicts(iris="link")[1]["instrument"]
        assert link == f'<a href="{full}">instrument/five-cities</a>'
        with pytest.raises(UsageError, match="iris: found 'ids', expected 'id', 'full' or 'link'"):
            rows.to_pandas(iris="ids")  # type: ignore[arg-type]

    def test_languages_become_columns(self, rows: Result) -> None:
        told = rows.with_languages()
        assert told.columns[1:3] == ("label", "label_lang")
        assert told["label_lang"] == ["es", "en"]

    def test_no_rows_keep_the_columns(self) -> None:
        assert list(select(("a", "b")).to_pandas().columns) == ["a", "b"]
        assert pq.read_table(io.BytesIO(select(("a",)).serialize("parquet"))).num_rows == 0

    def test_parquet_columns_have_types(self, rows: Result) -> None:
        table = pq.read_table(io.BytesIO(rows.serialize("parquet")))
        assert [str(kind) for kind in table.schema.types] == [
            "string", "string", "int64", "decimal128(2, 1)", "date32[day]", "bool",
        ]  # fmt: skip
        assert table.column("label").to_pylist() == ["Bogotá Cómo Vamos", "Five | Cities <b>"]
        mixed = pq.read_table(io.BytesIO(self.MIXED.serialize("parquet")))
        assert mixed.column("mix").to_pylist() == ["1", "x"]
        assert mixed.column("when").to_pylist() == [date(1600, 1, 2), None]

    @pytest.mark.parametrize(("library", "extra"), [("pandas", "pandas"), ("pyarrow", "parquet")])
    def test_a_missing_library_names_the_command_that_gets_it(
        self, rows: Result, monkeypatch: pytest.MonkeyPatch, library: str, extra: str
    ) -> None:
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(GovgraphError, match=rf"pip install -e '.*\[{extra}\]'"):
            _ = rows.to_pandas() if library == "pandas" else rows.serialize("parquet")


def test_importing_results_stays_light() -> None:
    script = "import sys, govgraph.results, govgraph.queries; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1],
        env={"PYTHONPATH": "src"},
    ).stdout.split()  # fmt: skip
    assert not {"rdflib", "pandas", "pyarrow", "rich", "networkx"} & set(loaded)
