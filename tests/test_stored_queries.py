"""Stored queries: their header, their parameters, their answers on two engines."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st

from govgraph.errors import GovgraphError, SourceError, UsageError
from govgraph.queries import (
    Expectation,
    StoredQuery,
    StoreResolver,
    find_query,
    load_library,
    load_query,
    parse_arguments,
    parse_query,
    resolve_iri,
    run,
    unmet,
)
from govgraph.queries.parameters import Argument
from govgraph.queries.sparql import outline, with_values
from govgraph.rdf.names import Names
from govgraph.vocabulary import BASE, GG, SDG, XSD
from reference import run_rdflib, same_answer

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

DATA = """
@prefix gg: <https://w3id.org/govgraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix g: <https://w3id.org/govgraph/passage/> .
@base <https://w3id.org/govgraph/> .
g:one {
  <partnership/como-vamos> a gg:Alliance ; rdfs:label "Bogotá Cómo Vamos"@es ;
    gg:startYear 1998 ; gg:involvesSector <sector/private>, <sector/academia> .
}
g:two {
  <partnership/round-table> a gg:Roundtable ; rdfs:label "Round table"@en ;
    gg:startYear 2010 ; gg:involvesSector <sector/private> .
}
<graph/ontology> {
  <sector/private> skos:inScheme <scheme/sector> ; skos:prefLabel "Private sector"@en ;
    skos:altLabel "Business"@en .
  <sector/academia> skos:inScheme <scheme/sector> ; skos:prefLabel "Academia"@en, "Academia"@es .
  <sector/society> skos:inScheme <scheme/sector> ; skos:prefLabel "Civil society"@en .
  <actor/academia> a gg:Organisation ; rdfs:label "Academia"@en .
  gg:Alliance rdfs:subClassOf gg:Partnership . gg:Roundtable rdfs:subClassOf gg:Partnership .
}
"""

QUERY = """\
#+ summary: Partnerships of a sector
#+ summary_es: Alianzas de un sector
#+ question: Which partnerships does a sector take part in?
#+ question_es: ¿En qué alianzas participa un sector?
#+ tags: [actors, partnerships]
#+ params:
#+   sector: {type: iri, class: scheme/sector, description: The sector}
#+   since: {type: integer}
#+   label: {type: string}
#+ inference: true
#+ expect:
#+   rows: 2
#+   contains: [{partnership: partnership/como-vamos, year: 1998}]
# A comment with a brace } and VALUES ?x { <not:this> }
PREFIX gg: <https://w3id.org/govgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?partnership ?name ?year WHERE {
  VALUES ?sector { <https://w3id.org/govgraph/sector/private> }
  VALUES ?since { 0 }
  VALUES ?label { UNDEF }
  VALUES (?kind) { (gg:Alliance) (gg:Roundtable) }
  ?partnership a ?kind ; gg:involvesSector ?sector ; gg:startYear ?year ; rdfs:label ?name .
  FILTER(?year >= ?since && "VALUES ?sector { }" != STR(?name))
  FILTER(!BOUND(?label) || STR(?name) = ?label)
}
ORDER BY ?year
"""


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.load(DATA.encode(), format=ox.RdfFormat.TRIG)
    return store


@pytest.fixture(scope="module")
def dataset() -> rdflib.Dataset:
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=DATA, format="trig")
    return dataset


def write(folder: Path, text: str, name: str = "query.rq") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def test_a_key_of_a_header_stands_once() -> None:
    text = "#+ summary: one\n#+ params:\n#+   a: {type: integer}\n#+   a: {type: iri}\nASK {}"
    for header, line in ((text, 4), ("#+ tags: [a]\n#+ summary: one\n#+ tags: [b]\nASK {}", 3)):
        with pytest.raises(SourceError, match="stands twice") as caught:
            parse_query(header)
        assert caught.value.line == line


def with_arguments(
    query: StoredQuery, arguments: Mapping[str, Argument], *resolve: StoreResolver
) -> str:
    return with_values(query.text, query.terms(arguments, *resolve))


def headed(header: str, body: str = "SELECT * { ?s ?p ?o }") -> str:
    lines = textwrap.dedent(header).strip().splitlines()
    return "".join(f"#+ {line}\n" for line in lines) + body


def asking(type_: str, data: str) -> str:
    return headed(f"params: {{x: {{type: {type_}}}}}", f"SELECT ?x {{ VALUES ?x {{ {data} }} }}")


def local(path: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + path)


class TestReading:
    def test_a_header_speaks_any_language(self) -> None:
        text = (
            "#+ summary: Cases\n#+ summary_de: Fälle\n#+ summary_pt-BR: Casos\n#+ params:\n"
            "#+   x: {type: integer, description: A number, description_de: Eine Zahl}\n"
            "ASK { VALUES ?x { 1 } }"
        )
        query = parse_query(text, slug="cases")
        told = {tag: query.told("summary", tag) for tag in ("de-AT", "pt", "pt-BR", "es")}
        assert told == {
            "de-AT": ("de", "Fälle"),
            "pt": ("pt-BR", "Casos"),
            "pt-BR": ("pt-BR", "Casos"),
            "es": ("en", "Cases"),
        }
        assert query.parameters["x"].told("description", "de") == ("de", "Eine Zahl")
        assert query.told("question", "de") == ("", "")

    def test_the_header_is_data(self) -> None:
        query = parse_query(QUERY, slug="by-sector")
        assert (query.slug, query.form, query.inference) == ("by-sector", "select", True)
        assert query.told("summary", "es-CO") == ("es", "Alianzas de un sector")
        assert query.told("summary", "pt") == ("en", "Partnerships of a sector")
        assert query.question.startswith("Which partnerships")
        assert query.tags == ("actors", "partnerships")
        assert list(query.parameters) == ["sector", "since", "label"]
        sector = query.parameters["sector"]
        assert sector.class_iri == f"{BASE}scheme/sector"
        assert (sector.default_text, sector.optional) == ("sector/private", False)
        assert query.parameters["label"].optional
        assert query.parameters["since"].default == (ox.Literal(0),)

    def test_the_text_stays_as_it_is_and_runs_anywhere(self, store: ox.Store) -> None:
        query = parse_query(QUERY)
        assert query.text == with_arguments(query, {}) == QUERY
        assert len(list(store.query(QUERY, use_default_graph_as_union=True))) == 2
        assert "#+" not in query.sparql
        assert "# A comment" in query.sparql

    def test_a_query_without_header_is_a_query(self) -> None:
        query = parse_query("ASK { VALUES ?x { 1 } ?s ?p ?x }")
        assert (query.form, dict(query.parameters), query.expect) == ("ask", {}, Expectation())

    @pytest.mark.parametrize(
        ("text", "form", "kind"),
        [
            ("PREFIX select: <a:b> ASK {}", "ask", "ask"),
            ("BASE <http://x/> # SELECT\nconstruct where { ?s ?p ?o }", "construct", "graph"),
            ("DESCRIBE <a:b>", "describe", "graph"),
            ("select * {}", "select", "select"),
        ],
    )
    def test_the_form_is_told_by_its_first_word(self, text: str, form: str, kind: str) -> None:
        query = parse_query(text)
        assert (query.form, query.kind) == (form, kind)

    def test_strings_iris_and_comments_hide_what_looks_like_sparql(self) -> None:
        text = """SELECT ?x { # VALUES ?a { 1 }
          VALUES ?x { "}" '''VALUES ?b { '} ''' <http://x/#VALUES?c> }
          FILTER(?x != "VALUES ?d { 2 }" && 1 <3)
        }"""
        assert [block.variable for block in outline(text).values] == ["x"]
        query = parse_query(headed("params: {x: {type: string}}", text.replace("<http", '"<http', 1)
                                   .replace("c> }", 'c>" }', 1)))  # fmt: skip
        assert [str(term) for term in query.parameters["x"].default] == [
            '"}"', "\"VALUES ?b { '} \"", '"<http://x/#VALUES?c>"',
        ]  # fmt: skip

    def test_an_outline_takes_time_in_proportion_to_its_text(self) -> None:
        parts = ("a-", "a.", "x:a-", '"\\', "'\n", "<a", "VALUES ?x { ", "{", "PREFIX ", "?a-")
        start = time.process_time()
        for part in parts:
            outline(part * (60_000 // len(part)))
        assert time.process_time() - start < 10  # 1.5 s; "a-" alone took minutes

    def test_defaults_are_read_with_base_and_prefixes_of_the_file(self) -> None:
        body = f"BASE <{BASE}> PREFIX s: <{BASE}sector/> SELECT * {{ VALUES ?x {{ <a/b> s:c }} }}"
        query = parse_query(headed("params: {x: {type: iri}}", body))
        assert query.parameters["x"].default == (local("a/b"), local("sector/c"))

    def test_windows_lines_and_a_byte_order_mark(self, tmp_path: Path) -> None:
        path = tmp_path / "q.rq"
        path.write_bytes("\ufeff".encode() + QUERY.replace("\n", "\r\n").encode())
        assert load_query(path).summary == "Partnerships of a sector"


class TestLibrary:
    def test_queries_by_slug_with_their_expected_rows(self, tmp_path: Path) -> None:
        write(tmp_path, "ASK {}", "b.rq")
        write(tmp_path, "ASK {}", "claims/doubling.rq")
        write(tmp_path, "x\n", "expected/claims/doubling.csv")
        library = load_library(tmp_path)
        assert list(library) == ["b", "claims/doubling"]
        assert library["b"].expect.file is None
        assert library["claims/doubling"].expect.file == tmp_path / "expected/claims/doubling.csv"

    def test_find(self, tmp_path: Path) -> None:
        for name in ("by-sector", "claims/doubling", "claims/x", "networks/x"):
            write(tmp_path, "ASK {}", f"{name}.rq")
        library = load_library(tmp_path)
        assert find_query(library, "by-sector").slug == "by-sector"
        assert find_query(library, "doubling").slug == "claims/doubling"
        with pytest.raises(UsageError, match="Several queries are named 'x': claims/x, networks/x"):
            find_query(library, "x")
        with pytest.raises(
            UsageError, match=r"no stored query 'by-sectr'\. Did you mean 'by-sector'"
        ):
            find_query(library, "by-sectr")
        with pytest.raises(UsageError, match="Did you mean 'claims/doubling'"):
            find_query(library, "dubling")

    def test_no_such_folder(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="There is no such folder of queries"):
            load_library(tmp_path / "none")

    def test_fifty_queries_are_listed_at_once(self, tmp_path: Path) -> None:
        for number in range(50):
            write(tmp_path, QUERY, f"q{number}.rq")
        start = time.process_time()
        assert len(load_library(tmp_path)) == 50
        assert time.process_time() - start < 0.15  # 0.03 s where nothing else runs


WRONG = [
    # text, line, what the message says
    ("#+ summary: a: b\nASK {}", 1, "not YAML: mapping values are not allowed"),
    ("#+ summary: x\n# note\n#+ params:\n#+ \tx: 1\nASK {}", 4, "a tab indents this line"),
    ("#+ - a\nASK {}", 1, "expected keys with values"),
    ("#+ summary: x\n#+ quesion: y\nASK {}", 2, "'quesion' in the header. Did you mean 'question'"),
    ("#+ summary: [x]\nASK {}", 1, "summary: found ['x'], expected text"),
    ("#+ summary: x\n#+ tags: actors\nASK {}", 2, "expected a list such as [actors]"),
    ("#+ inference: maybe\nASK {}", 1, "expected true or false"),
    ("#+ expect: 3\nASK {}", 1, "expect: found 3, expected keys"),
    ("#+ expect:\n#+   rows: many\nASK {}", 2, "rows: found 'many', expected a count"),
    ("#+ expect: {row: 1}\nASK {}", 1, "Did you mean 'rows'"),
    ("#+ expect:\n#+   contains: {a: 1}\nASK {}", 2, "found {'a': 1}, expected a list of rows"),
    ("#+ expect: {boolean: 1}\nASK {}", 1, "boolean: found 1, expected true or false"),
    ("#+ summary_spanish: x\nASK {}", 1, "Unknown key 'summary_spanish'"),
    ("#+ tags_de: [x]\nASK {}", 1, "Unknown key 'tags_de'"),
    ("#+ summary_de: 3\nASK {}", 1, "summary_de: found 3, expected text in quotes"),
    ("#+ params: [x]\nASK {}", 1, "params: found ['x'], expected keys"),
    ("#+ params:\n#+   x: iri\nASK { VALUES ?x { 1 } }", 2, "params.x: found 'iri'"),
    ("#+ params:\n#+   sectr: {type: iri}\nASK { VALUES ?y { 1 } }", 3,
     "VALUES ?y is no parameter"),
    ("#+ params:\n#+   x: {type: iri}\nASK { VALUES (?x) { (1) } }", 2, "no line VALUES ?x { … }"),
    ("#+ params:\n#+   x:\n#+     typ: iri\nASK { VALUES ?x { 1 } }", 3, "Did you mean 'type'"),
    ("#+ params:\n#+   x:\n#+     type: int\nASK { VALUES ?x { 1 } }", 3, "Did you mean 'integer'"),
    ("#+ params:\n#+   x:\n#+     type: iri\n#+     class: foo:Bar\nASK { VALUES ?x { <a:b> } }", 4,
     "class: 'foo:Bar' is not an IRI"),
    ("#+ params:\n#+   x: {type: integer}\nASK { VALUES ?x { 1.5 } }", 2, "does not fit its type"),
    ("#+ params:\n#+   x: {type: iri}\nASK {\n VALUES ?x { } }", 4, "VALUES ?x is empty"),
    ("#+ params:\n#+   x: {type: integer, default: 1}\nASK { VALUES ?x { 1 } }", 2,
     "`default: data` needs VALUES ?x { UNDEF }"),
    ("#+ params:\n#+   x: {type: iri, default: alliance}\nASK { VALUES ?x { UNDEF } }", 2,
     "default: 'alliance' is not an IRI"),
    ("#+ params: {x: {type: integer}}\nASK { { VALUES ?x { 1 } } UNION\n { VALUES ?x { 2 } } }", 3,
     "The VALUES blocks of ?x differ"),
    ("#+ summary: x\n# y\nDELETE DATA { <a:a> <a:a> 1 }", 3, "a SPARQL update, which changes data"),
    ("# nothing\n", 1, "Found no query: expected SELECT"),
    ("#+ summary: x\nSELECT * {\n  ?s ?p }", 3, "cannot read '?s ?p }'"),
    ("ASK {\n ?s ?p ?o", 1, "This '{' is not closed by '}'"),
    ("ASK {\n ?s ?p ?o\n} }", 3, "This '}' closes nothing"),
    ("SELECT * {\n?s ?p ?o }\nORDR BY ?s", 3, "'ORDR BY ?s'. Did you mean 'ORDER'"),
    ("SELECT * {\n OPTIONL { ?s ?p ?o } }", 2, "Did you mean 'OPTIONAL'"),
    ("SELECT * { ?s ?p ?o\n FILTER ?o > 3 }", 2, "cannot read 'FILTER ?o > 3 }'"),
    ("ASK {\n ?s ?p <a b> }", 2, "an IRI is not valid"),
    ("ASK { ?s ?p ?o\n BIND(1 AS ?o) }", 2, "?o is in use before this: give the result"),
    ("SELECT (1 AS ?o)\n{ ?s ?p ?o }", 2, "names a variable that the pattern has"),
    ("SELECT (1 AS ?o) (2 AS ?o) {}", 1, "two columns have one name"),
    ("SELECT * {\n?s ?p ?o } GROUP BY ?s", 2, "SELECT * does not go with GROUP BY"),
    ("ASK {\n ?s skso:broader _:c }", 2, "Did you mean 'skos'?"),
    ("ASK {\n ?s foo:b _:c }", 2,
     "The prefix 'foo:' is not declared: add the line PREFIX foo: <…>"),
    ("SELECT ?s (COUNT(?o) AS ?n)\n{ ?s ?p ?o }", 2, "SELECT may name only grouped variables"),
]  # fmt: skip


def test_what_is_wrong_is_named_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "wrong.rq"
    faults = []
    for text, line, message in WRONG:
        path.write_text(text)
        with pytest.raises(SourceError) as caught:
            load_query(path)
        error = str(caught.value)
        if not error.startswith(f"{path}:{line}:") or message not in error or "\n" in error:
            faults.append(f"{text!r}: expected {line}: {message!r}, found {error}")
    assert faults == []


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        load_query(tmp_path / "none.rq")
    with pytest.raises(SourceError, match=r"cannot be read \(it is a folder\)"):
        load_query(tmp_path)
    (tmp_path / "latin.rq").write_bytes("ASK {}\n# Bogotá".encode("latin-1"))
    with pytest.raises(SourceError, match=r"latin.rq:2: byte 0xe1 is not UTF-8"):
        load_query(tmp_path / "latin.rq")


VALUES: list[tuple[str, str, Argument, object]] = [
    ("integer", "1", "+1998", 1998),
    ("integer", "1", True + 1, 2),
    ("decimal", "1.0", "8.90", Decimal("8.9")),
    ("decimal", "1.0", 8.9, Decimal("8.9")),
    ("decimal", "1.0", Decimal("0.00000001"), Decimal("0.00000001")),
    ("boolean", "true", "False", False),
    ("boolean", "true", True, True),
    ("date", f'"2000-01-01"^^<{XSD}date>', "1999-07-27", date(1999, 7, 27)),
    ("date", f'"2000-01-01"^^<{XSD}date>', date(1999, 7, 27), date(1999, 7, 27)),
    ("lang", '"en"', "ES-mx", "es-mx"),
    ("string", '"a"', "", ""),
    ("iri", "UNDEF", "", None),
    ("integer", "UNDEF", None, None),
]
UNFIT: list[tuple[str, str, Argument, str]] = [
    ("integer", "1", "abc", "x=abc: expected an integer such as 1998."),
    ("integer", "1", "1998.0", "x=1998.0: expected an integer"),
    ("integer", "1", "1_998", "x=1_998: expected an integer"),
    ("integer", "1", "", "x: no value given, expected an integer"),
    ("integer", "1", None, "x: no value given"),
    ("integer", "1", [], "x: no value given"),
    ("decimal", "1.0", "1e3", "x=1e3: expected a decimal number"),
    ("boolean", "true", "si", "x=si: expected true or false"),
    ("date", f'"2000-01-01"^^<{XSD}date>', "1999-02-30", "expected a date such as"),
    ("lang", '"en"', "e n", "x=e n: expected a language tag such as es"),
    ("string", '"a"', "\ud800", "x='\\ud800': expected text"),
    ("iri", "<a:b>", "<a b>", "x=<a b>: not an IRI"),
    ("iri", "<a:b>", "academia", "x=academia: not an IRI, a CURIE"),
    ("iri", "<a:b>", "sdgs:16", "'sdgs:' is not known. Did you mean 'sdg:16'"),
]


class TestBinding:
    @pytest.mark.parametrize(
        ("arguments", "found"),
        [
            ({}, ["como-vamos", "round-table"]),
            ({"sector": "academia"}, ["como-vamos"]),
            ({"sector": "Civil society"}, []),
            ({"sector": ["academia", "sector/society"]}, ["como-vamos"]),
            ({"since": "1999"}, ["round-table"]),
            ({"since": 1999, "sector": local("sector/private")}, ["round-table"]),
            ({"label": "Bogotá Cómo Vamos"}, ["como-vamos"]),
            ({"label": None, "since": 1998}, ["como-vamos", "round-table"]),
        ],
    )
    def test_two_engines_give_one_answer(
        self,
        store: ox.Store,
        dataset: rdflib.Dataset,
        arguments: dict[str, Argument],
        found: list[str],
    ) -> None:
        text = with_arguments(parse_query(QUERY), arguments, StoreResolver(store))
        result = run(text, store)
        assert [row["partnership"] for row in result] == [f"{BASE}partnership/{x}" for x in found]
        assert same_answer(result, run_rdflib(text, dataset))

    def test_only_the_data_of_the_values_block_changes(self) -> None:
        text = with_arguments(parse_query(QUERY), {"since": [1990, 2000]})
        changed = [
            (a, b) for a, b in zip(QUERY.split("\n"), text.split("\n"), strict=True) if a != b
        ]
        integer = f"^^<{XSD}integer>"
        assert changed == [
            ("  VALUES ?since { 0 }", f'  VALUES ?since {{ "1990"{integer} "2000"{integer} }}')
        ]

    def test_lines_keep_their_numbers_and_every_block_is_filled(self) -> None:
        body = "SELECT * {\n{ VALUES ?x { 1\n 2 # two }\n} }\n UNION { VALUES ?x { 1 2 } } }"
        query = parse_query(headed("params: {x: {type: integer}}", body))
        text = with_arguments(query, {"x": 7})
        assert text.count("\n") == query.text.count("\n")
        assert text.count('"7"') == 2
        assert [row["x"] for row in run(text, ox.Store())] == [7, 7]

    def test_values_of_each_type(self) -> None:
        faults = []
        for type_, data, argument, value in VALUES:
            text = with_arguments(parse_query(asking(type_, data)), {"x": argument})
            result = run(text, ox.Store())
            assert same_answer(result, run_rdflib(text, rdflib.Graph())), text
            faults += [(argument, row["x"]) for row in result if row["x"] != value]
        assert faults == []

    def test_what_does_not_fit_is_said_in_one_line(self) -> None:
        faults = []
        for type_, data, argument, message in UNFIT:
            with pytest.raises(UsageError) as caught:
                with_arguments(parse_query(asking(type_, data)), {"x": argument})
            if message not in str(caught.value) or "\n" in str(caught.value):
                faults.append(f"{argument!r}: expected {message!r}, found {caught.value}")
        assert faults == []

    def test_an_unknown_parameter_lists_those_there_are(self) -> None:
        with pytest.raises(UsageError) as caught:
            with_arguments(parse_query(QUERY, slug="by-sector"), {"sectr": "x"})
        assert str(caught.value) == (
            "The query 'by-sector' has no parameter 'sectr'. Did you mean 'sector'?"
            " It takes sector (iri), since (integer), label (string)."
        )
        with pytest.raises(UsageError, match="It takes none"):
            with_arguments(parse_query("ASK {}"), {"x": 1})

    def test_arguments_as_written(self) -> None:
        assert parse_arguments(["a=1", "?b=x=y", "a=2", "c="]) == {
            "a": ["1", "2"],
            "b": ["x=y"],
            "c": [""],
        }
        for wrong in ("year", "=1998"):
            with pytest.raises(UsageError, match="is no parameter: expected name=value"):
                parse_arguments([wrong])

    # Escapes that an engine which replaces code points before reading strings would take for code
    @settings(max_examples=100, deadline=None)
    @given(st.text(st.characters(exclude_categories=["Cs"])))
    @example('" } DROP ALL #')
    @example("\\u0022 } UNION { ?s ?p ?o } #")
    @example("\\\\u0022")
    @example("\\U00000022")
    @example("\x00" + "1234")
    @example("\x7fABCD")
    @example("'''\n\r\t\\")
    def test_no_text_leaves_its_string(self, text: str) -> None:
        bound = with_arguments(parse_query(asking("string", '"a"')), {"x": text})
        assert [row["x"] for row in run(bound, ox.Store())] == [text]
        assert [row["x"] for row in run_rdflib(bound, rdflib.Graph())] == [text]

    @settings(max_examples=100, deadline=None)
    @given(st.text(st.sampled_from('ab:/<>{}|\\^`" \n\u00e9.#?=')))
    def test_no_iri_leaves_its_brackets(self, text: str) -> None:
        query = parse_query(asking("iri", "<a:b>"))
        try:
            bound = with_arguments(query, {"x": f"<http://x/{text}>"})
        except UsageError:
            return
        assert [row["x"] for row in run(bound, ox.Store())] == [f"http://x/{text}"]


SPELLINGS = {
    "<urn:isbn:1>": "urn:isbn:1",
    "https://example.org/x": "https://example.org/x",
    "urn:a:b": "urn:a:b",
    "gg:Policy": f"{GG}Policy",
    "sdg:16.1": f"{SDG}16.1",
    " sector/academia ": f"{BASE}sector/academia",
    "passage/table-8.2/el-salvador/p1": f"{BASE}passage/table-8.2/el-salvador/p1",
}
NAMES = [
    ("academia", "scheme/sector", "sector/academia"),
    ("PRIVATE SECTOR", "scheme/sector", "sector/private"),
    ("business", "scheme/sector", "sector/private"),
    ("bogota como vamos", "ontology#Partnership", "partnership/como-vamos"),
    ("Round-Table", "ontology#Partnership", "partnership/round-table"),
    ("round-table", None, "partnership/round-table"),
    ("sector/academia", "scheme/sector", "sector/academia"),
    ("actor/academia", None, "actor/academia"),
    ("gg:Partnership", None, "ontology#Partnership"),
    (f"{BASE}sector/unheard-of", None, "sector/unheard-of"),
]
NAMELESS = [
    (
        "academa",
        "scheme/sector",
        "nothing of scheme/sector has that name. Did you mean 'sec",
    ),
    ("sector/academa", None, "Did you mean 'actor/academia'"),
    ("xyz", "scheme/sector", "Choose: sector/academia, sector/private, sector/society."),
    ("x", "scheme/none", "The graph has none of that class"),
    ("gg:Policy", None, "nothing has that name."),
    ("sgd:16.1", None, "'sgd:' is not known. Did you mean 'xsd:16.1' or 'sdg:16.1'"),
]


class TestResolving:
    def test_spellings_of_an_iri(self) -> None:
        assert {text: resolve_iri(text).value for text in SPELLINGS} == SPELLINGS

    def test_another_base(self) -> None:
        assert resolve_iri("a/b", names=Names("http://x/", {})).value == "http://x/a/b"

    def test_names(self, store: ox.Store) -> None:
        resolve = StoreResolver(store)
        found = [(text, kind, resolve(text, kind and BASE + kind)) for text, kind, _ in NAMES]
        assert found == [(text, kind, local(path)) for text, kind, path in NAMES]

    def test_names_of_nothing(self, store: ox.Store) -> None:
        faults = []
        for text, kind, message in NAMELESS:
            with pytest.raises(UsageError) as caught:
                StoreResolver(store)(text, kind and BASE + kind)
            if message not in str(caught.value):
                faults.append(f"{text!r}: expected {message!r}, found {caught.value}")
        assert faults == []

    def test_a_name_of_several_things_lists_them(self) -> None:
        store = ox.Store()
        store.load(DATA.encode(), format=ox.RdfFormat.TRIG)
        store.update(f"INSERT DATA {{ <{BASE}person/academia> a <{GG}Organisation> }}")
        with pytest.raises(UsageError) as caught:
            StoreResolver(store)("academia", f"{GG}Organisation")
        assert str(caught.value) == (
            "several things have that name: actor/academia, person/academia. Give one of these."
        )

    def test_the_message_names_the_parameter(self, store: ox.Store) -> None:
        with pytest.raises(UsageError, match="sector=academa: nothing of scheme/sector has"):
            with_arguments(parse_query(QUERY), {"sector": "academa"}, StoreResolver(store))


class TestRunning:
    def test_the_union_of_all_graphs_is_seen_but_from_is_obeyed(self, store: ox.Store) -> None:
        counts = "SELECT (COUNT(?s) AS ?n) {} WHERE {{ ?s <{}startYear> ?o }}"
        assert [row["n"] for row in run(counts.format("", GG), store)] == [2]
        one = counts.format(f"FROM <{BASE}passage/one>", GG)
        assert [row["n"] for row in run(one, store)] == [1]

    def test_rows_without_order_are_sorted_and_with_order_are_not(self) -> None:
        values = 'SELECT ?x { VALUES ?x { "b" "c" "a" } }'
        assert [row["x"] for row in run(values, ox.Store())] == ["a", "b", "c"]
        ordered = f"{values} ORDER BY DESC(?x)"
        assert [row["x"] for row in run(ordered, ox.Store())] == ["c", "b", "a"]
        inner = f"SELECT ?x {{ {{ {ordered} }} }}"
        assert [row["x"] for row in run(inner, ox.Store())] == ["a", "b", "c"]

    def test_columns_of_select_all_come_as_they_are_written(
        self, store: ox.Store, dataset: object
    ) -> None:
        text = f"SELECT DISTINCT * {{ ?z <{GG}startYear> ?a }}"
        result = run(text, store)
        assert result.columns == ("z", "a")
        by_rdflib = run_rdflib(text, dataset)  # type: ignore[arg-type]
        assert by_rdflib.with_columns(("z", "a")).sorted() == result

    def test_construct_and_ask_on_both_engines(
        self, store: ox.Store, dataset: rdflib.Dataset
    ) -> None:
        for text in (
            f"CONSTRUCT {{ ?s a <{GG}Old> }} {{ ?s <{GG}startYear> ?y FILTER(?y < 2000) }}",
            f"ASK {{ ?s <{GG}startYear> 2010 }}",
            f"ASK {{ ?s <{GG}startYear> 2011 }}",
        ):
            assert run(text, store) == run_rdflib(text, dataset)

    def test_errors_name_the_file(self, store: ox.Store, dataset: rdflib.Dataset) -> None:
        with pytest.raises(SourceError, match=r"^my\.rq:2:2: SPARQL syntax error: cannot read"):
            run("ASK {\n ?s ?p }", store, source="my.rq")
        with pytest.raises(SourceError, match=r"^my\.rq:2: .*\(rdflib\)"):
            run_rdflib("ASK {\n ?s ?p }", dataset, source="my.rq")
        with pytest.raises(GovgraphError, match=r"^my\.rq: .*foo.* \(rdflib\)"):
            run_rdflib("ASK { ?s foo:bar 1 }", dataset, source="my.rq")
        for engine in (lambda text: run(text, store), lambda text: run_rdflib(text, dataset)):
            with pytest.raises(UsageError, match="a SPARQL update, which changes data"):
                engine("DROP ALL")

    def test_a_function_the_engine_lacks_is_said_so(self, store: ox.Store) -> None:
        with pytest.raises(GovgraphError, match="could not be answered"):
            run("SELECT (<http://example.org/f>(1) AS ?x) {}", store)


class TestExpecting:
    def result(self, store: ox.Store, text: str = QUERY) -> list[str]:
        query = parse_query(text)
        return unmet(query.expect, run(query.text, store))

    def test_met(self, store: ox.Store) -> None:
        assert self.result(store) == []

    @pytest.mark.parametrize(
        ("expect", "message"),
        [
            ("{rows: 3}", "expected 3 rows, found 2"),
            ("{min_rows: 3}", "expected at least 3 rows, found 2"),
            ("{contains: [{year: 1999}]}", "expected a row with year: 1999; there is none"),
            ("{contains: [{yeer: 1998}]}", "expected the column 'yeer', found partnership, name"),
            ("{boolean: true}", "expected the answer true, found 2 rows"),
        ],
    )
    def test_unmet(self, store: ox.Store, expect: str, message: str) -> None:
        old = QUERY[QUERY.index("#+ expect:") : QUERY.index("# A comment")]
        (line,) = self.result(store, QUERY.replace(old, f"#+ expect: {expect}\n"))
        assert line.startswith(message)

    @pytest.mark.parametrize(
        ("data", "cell"),
        [
            ("2.50", "2.5"), ("2.50", "'2.5'"), ("7", "7"), ("true", "true"), ("UNDEF", "null"),
            (f"<{GG}Policy>", "gg:Policy"), (f"<{GG}Policy>", f"'{GG}Policy'"),
            (f"<{BASE}a/b>", "a/b"), ('"sí"@es', "sí"),
            (f'"1999-07-27"^^<{XSD}date>', "1999-07-27"),
        ],
    )  # fmt: skip
    def test_cells_are_written_as_a_reader_would(self, data: str, cell: str) -> None:
        header = f"expect: {{contains: [{{x: {cell}}}]}}"
        query = parse_query(headed(header, f"SELECT ?x {{ VALUES (?x) {{ ({data}) }} }}"))
        assert unmet(query.expect, run(query.text, ox.Store())) == []

    def test_full_rows_in_any_order_numbers_by_value(self, tmp_path: Path, store: ox.Store) -> None:
        text = "SELECT ?x ?n { VALUES (?x ?n) { ('a' 1.50) ('b' UNDEF) ('a' 1.50) } }"
        write(tmp_path, text, "q.rq")
        rows = write(tmp_path, "n,x\n,b\n1.5,a\n1.500,a\n", "expected/q.csv")
        query = load_library(tmp_path)["q"]
        result = run(query.text, store)
        assert unmet(query.expect, result) == []
        rows.write_text("n,x\n,b\n1.5,a\n2,c\n")
        assert unmet(query.expect, result) == [
            "q.csv: missing row c, 2",
            "q.csv: unexpected row a, 1.5",
        ]
        rows.write_text("n,y\n")
        assert unmet(query.expect, result) == ["q.csv: expected the columns n, y, found x, n"]
        rows.write_text("n,x\n1\n")
        with pytest.raises(SourceError, match=r"q\.csv:2: 1 cells, expected 2"):
            unmet(query.expect, result)

    def test_what_govgraph_writes_as_csv_is_what_it_expects(
        self, tmp_path: Path, store: ox.Store
    ) -> None:
        write(tmp_path, QUERY, "q.rq")
        result = run(QUERY, store)
        (tmp_path / "expected").mkdir()
        result.save(tmp_path / "expected" / "q.csv")
        assert unmet(load_library(tmp_path)["q"].expect, result) == []

    def test_yes_or_no(self) -> None:
        query = parse_query(headed("expect: {boolean: false}", "ASK {}"))
        assert unmet(query.expect, run(query.text, ox.Store())) == [
            "expected the answer false, found true"
        ]
