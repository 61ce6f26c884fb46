# ruff: noqa: E501, PT017, RUF043, PLW0108
"""Queries that nobody means well: a line and an exit status, never a dead process or a wrong answer."""

from __future__ import annotations

import random
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pyoxigraph as ox
import pytest

from govgraph import KnowledgeGraph
from govgraph.errors import GovgraphError, GovgraphWarning, SourceError
from govgraph.queries import parse_query, run, running
from govgraph.queries.apart import apart, guarded, time_limit
from govgraph.queries.engine import for_engine
from govgraph.queries.running import unknown_terms
from govgraph.queries.sparql import outline, scan
from govgraph.rdf.names import NAMES, InvalidNameError
from govgraph.rdf.reading import UnionView
from govgraph.web.negotiation import choose
from govgraph.web.server.limits import HttpError
from govgraph.web.server.sparql_protocol import formats

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

# What is nested: 100,000 "(" ended the process of version 0.2 by SIGSEGV, without a word.
NESTED = {
    "(": "ASK { FILTER(" + "(" * 100_000 + "1" + ")" * 100_000 + ") }",
    "!": "ASK { FILTER(" + "!" * 90_000 + "1) }",
    "{": "ASK " + "{" * 5_000 + "}" * 5_000,
    "[": "ASK { ?s ?p " + "[ ?p " * 5_000 + "]" * 5_000 + " }",
    "collections": "ASK { ?s ?p " + "(" * 5_000 + ")" * 5_000 + " }",
    "functions": "ASK { FILTER(" + "STR(" * 5_000 + "1" + ")" * 5_000 + "= 1) }",
    "sums": "ASK { FILTER(1" + "+1" * 20_000 + " > 0) }",
    "paths": "ASK { ?s " + "(" * 5_000 + "<a:b>" + ")*" * 5_000 + " ?o }",
    "sequences": "ASK { ?s " + "/".join(["<a:b>"] * 20_000) + " ?o }",
    "inverses": "ASK { ?s " + "^(" * 5_000 + "<a:b>" + ")" * 5_000 + " ?o }",
    "triple terms": "ASK { ?s ?p " + "<<( ?s ?p " * 3_000 + "1" + " )>>" * 3_000 + " }",
    "not closed": "ASK { FILTER(" + "(" * 30_000,
    "unions": "ASK { " + " UNION ".join(["{ ?s ?p ?o }"] * 20_000) + " }",
}


@pytest.mark.parametrize("kind", NESTED)
def test_what_is_nested_too_deep_is_a_line(kind: str) -> None:
    began = time.monotonic()
    said = "answered"
    try:
        with time_limit(10):
            parse_query(NESTED[kind])
            run(NESTED[kind], ox.Store())
    except GovgraphError as error:
        said = str(error)
    assert "\n" not in said
    assert len(said) < 300
    assert said != "answered" or kind in {"paths", "inverses", "triple terms", "sequences"}
    assert time.monotonic() - began < 60


def test_from_the_command_line_too() -> None:
    command = [sys.executable, "-c", "from govgraph.cli import main; main()", "query", "-"]
    for text, said in ((NESTED["("], "nested too deep"),):
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (3, "")
        assert said in done.stderr.splitlines()[-1]
    limited = [*command, "--timeout", "1"]
    done = subprocess.run(limited, input=CROSS, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "stopped after 1 s, the limit" in done.stderr.splitlines()[-1]


def test_a_limit_stops_a_query_and_the_next_one_is_answered(kg: KnowledgeGraph) -> None:
    with pytest.raises(GovgraphError, match="stopped after 0.5 s"):
        kg.query(CROSS, timeout=0.5)
    assert kg.query("ASK { ?s ?p ?o }", timeout=30).boolean is True
    rows = kg.query("SELECT ?s { ?s a gg:Partnership }")
    with time_limit(60):
        assert kg.query("SELECT ?s { ?s a gg:Partnership }") == rows


def test_the_true_reason_is_given() -> None:
    import os
    import signal

    for number, said in (
        (signal.SIGABRT, "fault of its own"), (signal.SIGSEGV, "nested too deep"),
        (signal.SIGKILL, "ended from outside"),
    ):  # fmt: skip
        with pytest.raises(GovgraphError, match=said):
            apart(lambda number=number: os.kill(os.getpid(), number), 5)
    with pytest.raises(ValueError, match="of the work"):
        apart(lambda: int("x of the work"), 5)
    assert apart(lambda: "é" * 3_000_000, 5) == "é" * 3_000_000
    assert guarded("ASK {}", lambda: os.getpid()) == os.getpid()


def test_no_message_repeats_a_long_input() -> None:
    long = "x" * 50_000
    for text in (
        f"ASK {{ {long}:a ?p ?o }}", f"ASK {{ ?s ?p ?o }} {long}", f"SELEC{long} {{}}",
        f"#+ {long}: 1\nASK {{}}", f"#+ summary: [{long}]\nASK {{}}", f"#+ expect: {long}\nASK {{}}",
        f"#+ params: {{{long}: {{type: iri}}}}\nASK {{}}", f"#+ tags: {long}\nASK {{}}",
        f"#+ params: {{x: {{type: {long}}}}}\nASK {{ VALUES ?x {{ 1 }} }}",
        f"#+ params: {{x: {{type: iri, class: {long}}}}}\nASK {{ VALUES ?x {{ <a:b> }} }}",
    ):  # fmt: skip
        with pytest.raises(GovgraphError) as caught:
            parse_query(text, slug="q")
            run(text, ox.Store())
        assert len(str(caught.value)) < 900, text[:40]


@pytest.mark.parametrize(
    "header",
    [
        "summary: &a [" + "*a, " * 3 + "]", "summary: &a x\n#+ question: *a", "summary: !!python/name:x 1",
        "summary: " + "[" * 400 + "]" * 400, "summary: a\u2028b: [", "tags: [\x85", "a: &x {b: *x}",
        "summary: 'a", "? [a]\n#+ : b", "summary: 1e999", "expect: {rows: -1}", "params: 3",
        "expect: {rows: 99999999999999999999999999999}", "<<: {a: b}", "summary: 2001-99-99",
    ],
)  # fmt: skip
def test_a_header_is_read_or_refused_in_a_line(header: str) -> None:
    try:
        parse_query(f"#+ {header}\nASK {{}}", slug="q")
    except SourceError as error:
        assert "\n" not in str(error)
        assert len(str(error)) < 500


def test_warnings_say_what_an_answer_may_not_mean(kg: KnowledgeGraph) -> None:
    base = kg.study.base
    for text, said in {
        "SELECT ?s { ?s a gg:Partnerhsip }": "gg:Partnerhsip is no term .* 'gg:Partnership'",
        "SELECT ?s { ?s <https://w3id.org/govgraph/ontology#startYaer> 1 }": "gg:startYaer is no",
        f"SELECT ?s {{ ?s a <{base}ontology#Nothing> }}": "",
        "SELECT ?t (GROUP_CONCAT(?s) AS ?all) { ?s a ?t } GROUP BY ?t":
            r"\?all is empty in .*: GROUP_CONCAT\(\?s\) .* STR\(\?s\)",
        "SELECT (UCASE(?s) AS ?u) { ?s a gg:Case }": r"\?u is empty in .*UCASE\(\?s\)",
        "SELECT (GROUP_CONCAT(STR(?s)) AS ?all) { ?s a gg:Case }": "",
        "SELECT (COUNT(?s) AS ?all) { ?s a gg:Case }": "",
        "SELECT (?a*2 AS ?b) { <http://e/x> gg:startYear ?a }": "",
        "SELECT ?c { gg:Case rdfs:subClassOf* ?c }": "",
        "SELECT ?s { ?s a/rdfs:subClassOf* <http://e/Nothing> }": "",
        "SELECT ?t { ?s dcterms:title ?t ; skos:broader* ?b . ?s <http://e/p>/skos:broader? ?c }": "",
    }.items():  # fmt: skip
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = kg.query(text)
        told = [str(each.message) for each in caught if each.category is GovgraphWarning]
        assert tuple(told) == result.warnings
        if said:
            assert __import__("re").search(said, "\n".join(told)), (text, told)
        else:
            assert told == [], text


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("ASK { :x :p* :x }", [("true",)]),
        ("ASK { :x :p* :y }", [("false",)]),
        ("SELECT ?y { :x skos:broader? ?y }", [(":x",)]),
        ("SELECT ?s { ?s (:p|^:q/:r)* :x }", [(":x",)]),
        ("SELECT ?y { :x :p*/:q? ?y }", [(":x",)]),
        ("SELECT ?y { :x :p+ ?y }", []),
        ("SELECT ?y { :x :p*/:q ?y }", []),
        ("SELECT ?y { VALUES ?x { :x } ?x :p* ?y }", []),
        ("CONSTRUCT { ?y a ?y } { :x :p* ?y }", [(":x", "rdf:type", ":x")]),
    ],
)
def test_a_path_of_no_step_leads_from_what_no_statement_has_to_itself(
    monkeypatch: pytest.MonkeyPatch, text: str, rows: list[tuple[str, ...]]
) -> None:
    # SPARQL 1.1, 18.4: ALP(X) begins with X, whether or not it is in the graph. VALUES joins later.
    store = ox.Store()
    store.add(ox.Quad(*[ox.NamedNode("https://town.example/a")] * 3, ox.NamedNode("urn:g")))
    asked = f"PREFIX : <https://town.example/> {text}"

    def shown(value: object) -> str:
        short = str(getattr(value, "value", "")).replace("https://town.example/", ":")
        return NAMES.shorten(short) if short.startswith("http") else short

    result = run(asked, store)
    assert [tuple(map(shown, row)) for row in result.rows] == rows
    assert result.warnings == ()
    view = UnionView.of(store)
    for _ in range(2):  # the second time too, when it is known to be quick
        assert [tuple(map(shown, row)) for row in run(asked, view).rows] == rows
    monkeypatch.setattr(running, "MOST_COPIED", 0)
    is_missed = rows not in ([], [("false",)])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        run(asked, store)
    assert all("has itself as an answer" in str(warning.message) for warning in told)
    assert bool(told) == (is_missed or text == "ASK { :x :p* :y }")


def test_a_path_of_no_step_fetches_nothing_and_its_faults_are_named() -> None:
    store = ox.Store()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        # rdflib would ask this address; nothing listens there
        run("ASK FROM <http://127.0.0.1:9/g> { <x:a> <x:p>* <x:a> }", store)
    assert "has itself as an answer" in str(told[0].message)
    with pytest.raises(SourceError, match=":1:"):
        run("ASK { <x:a> <x:p>* }", store, source="q.rq")


def test_stored_queries_warn_of_nothing(kg: KnowledgeGraph) -> None:
    told = {}
    for slug in list(kg.queries)[::4]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if found := kg.query(slug).warnings:
                told[slug] = found
    assert told == {}


@pytest.mark.parametrize("word", ["MIN(", "MAX(DISTINCT ", "IF(MIN("])
def test_what_is_nested_does_not_grow_without_bound(word: str) -> None:
    nested = word * 2_000 + "?o" + ")" * (2_000 * word.count("("))
    for text in (f"SELECT ({nested} AS ?n) {{ ?s ?p ?o }}", f"ASK {{ }} ORDER BY {nested}"):
        assert len(for_engine(text).text) < 200 * len(text)


@pytest.mark.whole
def test_what_is_not_closed_is_read_in_time_that_grows_with_its_length(kg: KnowledgeGraph) -> None:
    begun = time.process_time()
    for text in ("SELECT * { } ORDER BY " + "MIN(" * 20_000, "ASK { gg:x " + "gg:a*/" * 20_000):
        for_engine(text)
        list(unknown_terms(text, kg.store, kg.names))
    assert time.process_time() - begun < 20  # the square of it took minutes


PARTS = [
    "SELECT", "ASK", "*", "?x", "$y", "{", "}", "(", ")", "VALUES", "ORDER BY", "DESC(?x)", "MAX(?x)", "MIN(",
    "<http://e/a>", "<?b#>", "i:16.1.1", "i:a\\.b", "_:b", "'''", '"""', '"', "'", "\\", "#\n", "#", "\n", "a",
    "PREFIX i: <http://i/>", "BASE <x>", "1", "1.5", ".", ";", "AS", "BIND(1 AS ?z)", "é", "\u2028", "\x00",
    "GROUP BY ?x", "LIMIT 3", "<<(", ")>>", "SERVICE", "@en", "^^", "|", "/", "^", "!", "DISTINCT", "LIMIT",
]  # fmt: skip


def random_text(seed: int) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choices(PARTS, k=chance.randint(1, 25)))


@pytest.mark.parametrize("count", [1_500, pytest.param(60_000, marks=pytest.mark.whole)])
def test_any_text_is_scanned_rewritten_and_refused_in_a_line(count: int) -> None:
    for seed in range(count):
        text = random_text(seed)
        outline(text)
        given = for_engine(text)
        assert given.text.count("\n") >= text.count("\n"), text
        assert given.located("error at 1:1: x").startswith("error at 1:")
        positions = [token.span() for token in scan(text)]
        assert positions == sorted(positions), text


def test_valid_queries_have_the_form_and_the_braces_that_rdflib_reads(kg: KnowledgeGraph) -> None:
    from rdflib.plugins.sparql.parser import parseQuery

    names = {"SelectQuery": "select", "AskQuery": "ask", "ConstructQuery": "construct",
             "DescribeQuery": "describe"}  # fmt: skip
    texts = [query.text for query in kg.queries.values()][::12]
    texts += ["ASK { ?s ?p '''}''' , \"}\", <http://e/#> } # }", "DESCRIBE <http://SELECT> # {"]
    for text in texts:
        assert outline(text).form == names[parseQuery(text)[1].name], text
        assert outline(text).unmatched is None, text


@pytest.mark.parametrize("count", [3_000, pytest.param(300_000, marks=pytest.mark.whole)])
def test_names_and_headers_of_http_never_crash(count: int) -> None:
    chance = random.Random(13)
    letters = "a:/.#<>?%\\ é-_~@;=,q01*\u2028\x00\"'" + "gg"
    for _ in range(count):
        text = "".join(chance.choices(letters, k=chance.randint(0, 14)))
        try:
            iri = NAMES.expand(text)
        except InvalidNameError as error:
            assert "\n" not in str(error)
        else:
            assert NAMES.expand(NAMES.shorten(iri)) == iri
        choose(text, ("text/turtle", "text/html"), {})
        try:
            formats(text)
        except HttpError as error:
            assert error.status == 406


def test_what_is_hidden_from_the_scanner_meets_the_second_wall(tmp_path: Path) -> None:
    """The scanner is no boundary: a process without a connection to spare is."""
    text = 'ASK { ?a ?p ?b FILTER(?a<?b#>"""\n) SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } #"""'
    assert not outline(text).has_service
    given = for_engine(text).text
    assert "SERVICE" in given


def test_what_was_answered_at_once_is_remembered_and_what_took_long_is_not(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "SELECT ?s { ?s a gg:Case } # at once"
    first = kg.query(text)
    [remembered] = [quick for quick in kg.view.quick if "# at once" in quick]
    threads = []
    monkeypatch.setattr(
        "govgraph.queries.apart.interruptible", lambda work: threads.append(1) or work()
    )
    assert kg.query(text).rows == first.rows
    assert (remembered, threads) == (remembered, [])
    monkeypatch.setattr(running, "AT_ONCE", 0.0)
    for _ in range(2):
        kg.query("SELECT ?s { ?s a gg:Case } # slow")
        with pytest.warns(GovgraphWarning, match="is no term of the ontology"):
            kg.query("SELECT ?s { ?s a gg:Csae } # warned of")
    assert len(threads) >= 4
    assert not [text for text in kg.view.quick if "# slow" in text or "# warned" in text]
