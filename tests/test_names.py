"""Names of things: what the program prints can be typed back, and an unknown prefix is an error."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from govgraph import KnowledgeGraph
from govgraph.cli import group
from govgraph.coding.cases import load
from govgraph.coding.study import TEMPORARY_BASE, Sources
from govgraph.errors import SourceError, UsageError
from govgraph.explanation import short_name
from govgraph.queries import StoreResolver
from govgraph.rdf.names import NAMES, InvalidNameError, Names, UnknownPrefixError
from govgraph.results import display
from govgraph.vocabulary import GG, RDF

NAMES_OF_STUDY = Names(
    "https://example.org/study/",
    {"ex": "https://example.org/", "study": "https://example.org/study/x#", "schema": "urn:s:"},
)
SAME = {
    "place/bogota": "https://example.org/study/place/bogota",
    "place/a:b": "https://example.org/study/place/a:b",
    "bogota": "https://example.org/study/bogota",
    "ex:a": "https://example.org/a",
    "study:a": "https://example.org/study/x#a",
    "https://example.com/x": "https://example.com/x",
    "ftp://example.com/x": "ftp://example.com/x",
    "mailto:a@example.org": "mailto:a@example.org",
    "urn:issn:0718-1043": "urn:issn:0718-1043",
    "doi:10.1000/182": "doi:10.1000/182",
    "<schema:Event>": "schema:Event",
    "<palce:bogota>": "palce:bogota",
    "https://example.org/study/": "https://example.org/study/",
    "https://example.org/study//x": "https://example.org/study//x",
    "https://example.org/study/a:b": "https://example.org/study/a:b",
    "https://example.org/study/../a": "https://example.org/study/../a",
}
"""Name -> IRI, both ways."""


def test_a_name_leads_to_an_iri_and_back() -> None:
    faults = [
        (name, iri, NAMES_OF_STUDY.expand(name), NAMES_OF_STUDY.shorten(iri))
        for name, iri in SAME.items()
        if NAMES_OF_STUDY.expand(name) != iri or NAMES_OF_STUDY.shorten(iri) != name
    ]
    assert faults == []


def test_what_is_no_name_is_refused() -> None:
    wrong = ["", " ", "a b", "a<b", "/a", "../a", "a/./b", "place/%zz", "<a b>", "<place/x>", "<>"]
    assert [text for text in wrong if NAMES_OF_STUDY.is_name(text)] == []
    for text in ("palce:bogota", "place:bogota", "http:/x", "gg:Policy", "12:30", ":a"):
        with pytest.raises(UnknownPrefixError) as caught:
            NAMES_OF_STUDY.expand(text)
        assert caught.value.text == text
    with pytest.raises(InvalidNameError, match="it has a blank"):
        NAMES_OF_STUDY.expand("place/santa fe")


def test_an_unknown_prefix_is_answered_with_what_was_meant() -> None:
    assert NAMES.suggest("shcema:Event") == " Did you mean 'schema:Event'?"
    assert NAMES.suggest("http:/example.org") == " Did you mean 'http://example.org'?"
    assert "Known prefixes: c4o, cito" in NAMES.suggest("x:y")


@pytest.fixture(scope="module")
def iris(kg: KnowledgeGraph) -> set[str]:
    """Every IRI of the bundled graph, inferred statements and metadata included."""
    result: set[str] = set()
    for quad in kg.store:
        terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
        result |= {term.value for term in terms if isinstance(term, ox.NamedNode)}
        if isinstance(quad.object, ox.Literal):
            result.add(quad.object.datatype.value)
    assert len(result) > 2_800
    return result


def test_every_iri_of_the_graph_is_printed_so_that_it_can_be_typed_back(
    kg: KnowledgeGraph, iris: set[str]
) -> None:
    printed = {iri: display(ox.NamedNode(iri), kg.names) for iri in iris}
    faults = [(iri, name) for iri, name in printed.items() if kg.names.expand(name) != iri]
    assert faults == []
    assert len(set(printed.values())) == len(iris)


def test_pages_proofs_and_tables_print_the_same_name(kg: KnowledgeGraph, iris: set[str]) -> None:
    faults = []
    for iri in iris - {f"{RDF}type"}:  # "a" in proofs, as in Turtle
        names = {kg.names.shorten(iri), short_name(ox.NamedNode(iri), kg.names)}
        if len(names) > 1:
            faults.append(names)
    assert faults == []


def test_what_is_printed_is_found_again_in_the_graph(kg: KnowledgeGraph, iris: set[str]) -> None:
    resolve = StoreResolver(kg.view)
    graphs = {graph.value for graph in kg.store.named_graphs()}  # which nothing may be said of
    sample = sorted(iris - graphs)[::25]
    faults = [iri for iri in sample if resolve(kg.names.shorten(iri)).value != iri]
    assert faults == []


CASE = """\
id: case/x
type: Case
label: {en: X, es: Equis}
passages:
  - id: passage/x/1
    type: Paragraph
    says:
      - {id: place/bogota, type: City}
      - {id: finding/f, type: Finding, about: [place/bogota, schema:Event, "https://example.org/y"]}
"""
ABOUT = "about: [place/bogota,"


def test_a_prefix_of_the_outputs_means_the_same_in_a_case_file(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(CASE, "utf-8")
    about = ox.NamedNode(f"{GG}about")
    found = {
        quad.object.value for quad in load(Sources(data=(path,))).store if quad.predicate == about
    }
    assert found == {
        f"{TEMPORARY_BASE}place/bogota",
        "https://schema.org/Event",
        "https://example.org/y",
    }


@pytest.mark.parametrize(
    ("right", "wrong", "line", "hint"),
    [
        (ABOUT, "about: [place:bogota,", 9, "Did you mean 'place/bogota'"),
        (ABOUT, "about: [palce:bogota,", 9, "Did you mean 'place/bogota'"),
        ("schema:Event", "shcema:Event", 9, "Did you mean 'schema:Event'?"),
        ("id: case/x", "id: case:x", 1, "Did you mean 'case/x'?"),
        ("type: City", "type: ggg:City", 8, "Did you mean 'gg:City'?"),
        ("https://example.org/y", "https:/example.org/y", 9, "'https://example.org/y'"),
        (ABOUT, "about: [<urn:x>,", 9, "without < and >"),
    ],
)
def test_an_unknown_prefix_in_a_case_file_is_an_error_with_its_line(
    tmp_path: Path, right: str, wrong: str, line: int, hint: str
) -> None:
    assert right in CASE
    path = tmp_path / "x.yaml"
    path.write_text(CASE.replace(right, wrong), "utf-8")
    with pytest.raises(SourceError) as caught:
        load(Sources(data=(path,)))
    assert (caught.value.path, caught.value.line) == (str(path), line)
    assert hint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_prefix_in_a_table_is_an_error_with_row_and_column(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(CASE, "utf-8")
    (tmp_path / "t.csv").write_text("id,type,place\nevent/e,Event,palce:bogota\n", "utf-8")
    with pytest.raises(SourceError) as caught:
        load(Sources(data=(tmp_path,)))
    message = "row 1, column 'place': 'palce:bogota': the prefix 'palce:' is not known."
    assert f"t.csv:2: {message} Did you mean 'place/bogota'" in str(caught.value)


def test_an_unknown_prefix_is_an_error_of_every_command(kg: KnowledgeGraph) -> None:
    prefix = "The prefix 'palce:' is not known"
    asked = {
        "query": lambda: kg.query("actors-of-case", case="palce:bogota"),
        "compare": lambda: kg.compare(["palce:bogota"]),
        "explain": lambda: kg.explain("palce:bogota"),
        "explain a value": lambda: kg.explain("case/bogota", "place", "palce:bogota"),
    }
    faults = []
    for name, ask in asked.items():
        try:
            ask()
        except UsageError as error:
            if prefix not in str(error) or "Did you mean" not in str(error):
                faults.append((name, str(error)))
        else:
            faults.append((name, "no error"))
    assert faults == []


def test_validate_does_not_pass_a_slip(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(CASE.replace(ABOUT, "about: [place:bogota,"), "utf-8")
    outcome = CliRunner().invoke(group, ["validate", str(path)])
    assert isinstance(outcome.exception, SourceError)
    assert "Did you mean 'place/bogota'" in str(outcome.exception)
