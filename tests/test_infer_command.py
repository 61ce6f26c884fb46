"""`govgraph infer` over files: what it writes, and what it says of the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from govgraph import reasoning
from govgraph.cli import group
from govgraph.vocabulary import XSD
from test_reasoning import EX, PREFIXES

ON = "[ a owl:Restriction ; owl:onProperty :p ;"
Command = Callable[..., Result]


@pytest.fixture
def infer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Write texts of Turtle to a.ttl, b.ttl … and infer over them."""
    monkeypatch.chdir(tmp_path)

    def run(*texts: str, options: tuple[str, ...] = ()) -> Result:
        names = [f"{letter}.ttl" for letter, _ in zip("abc", texts, strict=False)]
        for name, text in zip(names, texts, strict=True):
            (tmp_path / name).write_text(PREFIXES + text)
        return CliRunner().invoke(group, ["infer", *names, "--format", "nt", *options])

    return run


def lines(done: Result) -> list[str]:
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    text = done.stdout.replace(kind, "a").replace(f"<{EX}", ":").replace("> ", " ")
    return text.replace(" .\n", "\n").splitlines()


def test_axioms_that_follow_are_counted_and_written_if_asked(infer: Command) -> None:
    text = ":C rdfs:subClassOf :D . :D rdfs:subClassOf :E . :x a :C ."
    done = infer(text)
    assert (lines(done), done.exit_code) == ([":x a :D", ":x a :E"], 0)
    assert done.stderr == "2 statements follow; 1 schema triple more with --schema\n"
    done = infer(text, options=("--schema",))
    below = "<http://www.w3.org/2000/01/rdf-schema#subClassOf"
    assert lines(done) == [f":C {below} :E", ":x a :D", ":x a :E"]
    assert done.stderr == "3 statements follow\n"


def test_nodes_without_a_name_are_written_alike_each_time(infer: Command) -> None:
    first = ":p rdfs:domain :C . [] :p [] . _:x :p _:y ."
    second = "_:x :p :z . [ :p :z ] :p _:x ."
    assert lines(infer(first, second)) == [f"_:b{n} a :C" for n in (0, 2, 4, 5)]
    assert infer(first, second).stdout == infer(first, second).stdout


def test_warnings_of_one_kind_are_one_line(infer: Command) -> None:
    axiom = f"rdfs:subClassOf {ON} owl:minCardinality 1 ] , {ON} owl:minCardinality 2 ]"
    done = infer(
        "\n".join(f":C{n} {axiom} ." for n in range(5))
        + f":D rdfs:subClassOf {ON} owl:hasSelf true ] ."
    )
    assert done.stderr.splitlines()[:-1] == [
        f"govgraph: a.ttl: warning: 5 terms (<{EX}C0>, <{EX}C1>, <{EX}C2> …): a minimum cardinality"
        " is outside OWL 2 RL and is not followed; check it in SHACL.",
        f"govgraph: a.ttl: warning: <{EX}D>: owl:hasSelf is outside OWL 2 RL and is not followed;"
        " check it in SHACL.",
    ]


def test_a_warning_names_the_file_and_a_node_as_it_is_written(infer: Command) -> None:
    done = infer(":x a :C .", f"[ :note {ON} owl:minCardinality 1 ] ] .")
    assert done.stderr.startswith(
        "govgraph: b.ttl: warning: _:b0: a minimum cardinality is outside"
    )


def test_each_contradiction_is_told_once_and_is_a_finding(infer: Command) -> None:
    done = infer(":C owl:disjointWith :D . :D owl:disjointWith :C . :x a :C , :D ; owl:sameAs :y .")
    assert done.stderr.count("contradiction: ") == 1
    assert done.exit_code == 1


WRITTEN = {
    "byte": "05", "short": "+5", "int": "005", "long": "5", "integer": "05",
    "nonNegativeInteger": "5", "positiveInteger": "+5", "nonPositiveInteger": "-5",
    "negativeInteger": "-05", "unsignedByte": "5", "unsignedShort": "5", "unsignedInt": "5",
    "unsignedLong": "5", "decimal": "1.50", "double": "1E0", "float": "1.0", "boolean": "1",
    "string": "a", "normalizedString": "a", "token": "a", "language": "EN", "Name": "a",
    "NCName": "a", "NMTOKEN": "a", "anyURI": "a b", "hexBinary": "0a", "base64Binary": "AA==",
    "date": "2020-01-01+00:00", "dateTime": "2020-01-01T00:00:00.000+00:00",
    "dateTimeStamp": "2020-01-01T00:00:00Z", "time": "00:00:00.0", "gYear": "2020",
    "gYearMonth": "2020-01", "gMonthDay": "--01-01", "gDay": "---01", "gMonth": "--01",
    "duration": "P12M", "dayTimeDuration": "PT24H", "yearMonthDuration": "P12M",
}  # fmt: skip
"""Every datatype of XML Schema, and a text of it that some engine would write otherwise."""


@pytest.mark.parametrize("format_name", ["nt", "ttl", "jsonld", "rdfxml", "trig", "nq"])
def test_a_literal_comes_back_as_it_was_written(infer: Command, format_name: str) -> None:
    values = {name: f'"{text}"^^xsd:{name}' for name, text in WRITTEN.items()}
    facts = "\n".join(f":{name} :p {value} ." for name, value in values.items())
    done = infer(f":p rdfs:subPropertyOf :q .\n{facts}", options=("--format", format_name))
    assert (done.exit_code, done.stderr) == (0, f"{len(values)} statements follow\n")
    known = {"rdfxml": ox.RdfFormat.RDF_XML, "jsonld": ox.RdfFormat.JSON_LD}
    form = known.get(format_name) or ox.RdfFormat.from_extension(format_name)
    assert form is not None
    found = {q.subject.value.removeprefix(EX): q.object for q in ox.parse(done.stdout, format=form)}
    for name, text in WRITTEN.items():
        assert found[name] == ox.Literal(text, datatype=ox.NamedNode(XSD + name))


def test_the_format_of_files_can_be_named(infer: Command, tmp_path: Path) -> None:
    infer()
    (tmp_path / "town").write_text(f"{PREFIXES} :C rdfs:subClassOf :D . :x a :C .")
    done = CliRunner().invoke(group, ["infer", "town", "--input-format", "ttl", "-f", "nt"])
    assert lines(done) == [":x a :D"]
    done = CliRunner().invoke(group, ["infer", "town"])
    assert str(done.exception).startswith("town: the ending '' tells no RDF format. Known: .ttl, ")
    (tmp_path / "folder").mkdir()
    done = CliRunner().invoke(group, ["infer", "folder"])
    assert str(done.exception) == "folder: a folder. Name the files in it."


def test_what_is_done_is_told_as_it_begins() -> None:
    stages: list[str] = []
    reasoning.infer([], progress=stages.append)
    assert stages == ["compile", "infer"]
