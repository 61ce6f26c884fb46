"""`govgraph validate` over any RDF, with any shapes: what is found, where, and what was checked."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from click.testing import CliRunner
from rdflib import RDF, SH

import govgraph
from govgraph import KnowledgeGraph, cli
from govgraph.coding.source_files import find
from govgraph.coding.study import Sources
from govgraph.errors import GovgraphError, GovgraphWarning, SourceError, UsageError
from govgraph.shapes.engines import available_engine, check
from govgraph.shapes.given import Written

PREFIXES = """@prefix : <http://x/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix gg: <https://w3id.org/govgraph/ontology#> .
"""
DATA = """
:a a :D ; :size "5"^^xsd:nonNegativeInteger ; :age "300"^^xsd:byte ; :p :b ;
  :address [ a :Address ] , [ a :Address ; :street "High" ] .
:b :q 4 .
:D rdfs:subClassOf :C .
"""
SHAPES = """
:S a sh:NodeShape ; sh:targetClass :C ; sh:property
  [ sh:path :size ; sh:datatype xsd:nonNegativeInteger ] ,
  [ sh:path :age ; sh:datatype xsd:byte ] ,
  [ sh:path :address ; sh:nodeKind sh:BlankNode ;
    sh:property [ sh:path :street ; sh:minCount 1 ] ] ,
  [ sh:path ( :p [ sh:inversePath :z ] ) ; sh:minCount 1 ] ,
  [ sh:path [ sh:alternativePath ( ( :p :z ) [ sh:oneOrMorePath :q ] ) ] ; sh:minCount 2 ] ,
  [ sh:path ( :p :q ) ; sh:maxInclusive 3 ; sh:message "Too many."@en ] .
"""
FOUND = {
    ("_:b0", "http://x/street: breaks sh:minCount 1."),
    ("http://x/a", "http://x/age 300: breaks sh:datatype xsd:byte."),
    ("http://x/a", "<http://x/p>/^<http://x/z>: breaks sh:minCount 1."),
    ("http://x/a", "((<http://x/p>/<http://x/z>)|<http://x/q>+): breaks sh:minCount 2."),
    ("http://x/a", "Too many."),
}
STUDY = "base: https://town.example/\ntitle: {en: Town}\nlanguages: [en]\n"
BEHIND = ("--study", "study")
TYPO = "<https://w3id.org/govgraph/actor/zz> a gg:PublicBody ; gg:sector gg:x ."


class Done(NamedTuple):
    """What a command wrote, and how it left."""

    stdout: str
    stderr: str
    exit_code: int


Command = Callable[..., Done]


@pytest.fixture
def validate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Write texts of Turtle to files called by their names, and validate."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study").mkdir()
    (tmp_path / "study/study.yaml").write_text(STUDY)

    def run(*arguments: str, **texts: str) -> Done:
        for name, text in texts.items():
            (tmp_path / f"{name}.ttl").write_text(PREFIXES + text)
        with warnings.catch_warnings():
            warnings.simplefilter("always", GovgraphWarning)
            monkeypatch.setattr(warnings, "showwarning", cli._show)
            done = CliRunner().invoke(cli.group, ["validate", *arguments])
        if isinstance(done.exception, GovgraphError):
            return Done(done.stdout, f"{done.stderr}{done.exception}", done.exception.exit_code)
        return Done(done.stdout, done.stderr, done.exit_code)

    return run


def of_own(validate: Command, shapes: str, data: str = DATA, *more: str) -> Done:
    options = ("data.ttl", "--shapes", "shapes.ttl", "--alone", *more)
    return validate(*options, data=data, shapes=shapes)


def said(done: Done) -> list[str]:
    lines = [line for line in done.stderr.splitlines() if "temporary base" not in line]
    return [line.replace("govgraph: ", "").replace("warning: ", "") for line in lines]


@pytest.mark.parametrize("alone", [True, False])
def test_data_are_checked_as_they_are_written(validate: Command, alone: bool) -> None:
    """Types of integers, nodes without a name and paths; a study behind them changes nothing."""
    options = ("data.ttl", "--shapes", "shapes.ttl", "--format", "json")
    done = validate(*options, *(["--alone"] if alone else BEHIND), data=DATA, shapes=SHAPES)
    report = json.loads(done.stdout)
    assert {(row["focus"], row["message"]) for row in report["results"]} == FOUND
    assert {(row["path"], row["line"], row["shape"]) for row in report["results"]} == {
        ("data.ttl", 0, "http://x/S")
    }
    assert (report["conforms"], report["focus_nodes"], done.exit_code) == (
        False,
        {"data.ttl": 1},
        1,
    )
    assert said(done)[-1] == "data.ttl: 5 results, 1 focus node"


def test_a_result_of_rdf_names_its_file(validate: Command) -> None:
    done = of_own(validate, SHAPES)
    assert "data.ttl: Violation: http://x/a: Too many. [http://x/S]\n" in done.stdout


def test_a_result_of_a_node_in_two_files_names_both(validate: Command) -> None:
    # a has no street in either; its age is wrong in both, its name in the second alone
    shapes = (
        ":S a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :street ; sh:minCount 1 ] ,"
        " [ sh:path :age ; sh:datatype xsd:byte ] , [ sh:path :name ; sh:datatype xsd:string ] ."
    )
    texts = {
        "one": ':a :age 3 ; :name "a" . :b :knows :a .',
        "other": ":b :knows :a .",  # which says nothing of a
        "two": ":a :age 3 ; :name 5 .",
        "shapes": shapes,
    }
    options = ("--shapes", "shapes.ttl", "--format", "json", "--alone")
    done = validate("one.ttl", "other.ttl", "two.ttl", *options, **texts)
    rows = json.loads(done.stdout)["results"]
    assert [(row["path"], row["message"]) for row in rows] == [
        ("one.ttl", "http://x/age 3: breaks sh:datatype xsd:byte. Cf. two.ttl."),
        ("one.ttl", "http://x/street: breaks sh:minCount 1. Cf. two.ttl."),
        ("two.ttl", "http://x/name 5: breaks sh:datatype xsd:string."),
    ]


@pytest.mark.parametrize("name", ["report.ttl", "report.jsonld", "report.nt", "report.rdf"])
def test_the_report_in_rdf_is_that_of_pyshacl(validate: Command, name: str, tmp_path: Path) -> None:
    of_own(validate, SHAPES, DATA, "--output", name)
    graphs = [rdflib.Graph().parse(data=PREFIXES + text) for text in (DATA, SHAPES)]
    _, reference, _ = pyshacl.validate(graphs[0], shacl_graph=graphs[1])
    assert isinstance(reference, rdflib.Graph)

    def rows(report: rdflib.Graph) -> list[list[str]]:
        assert (None, SH.conforms, rdflib.Literal(False)) in report
        keys = (SH.focusNode, SH.resultPath, SH.sourceConstraintComponent, SH.value, RDF.type)
        values = [[report.value(r, key) for key in keys] for r in report.objects(None, SH.result)]
        blank = rdflib.BNode
        return sorted(["_" if isinstance(v, blank) else repr(v) for v in row] for row in values)

    assert rows(rdflib.Graph().parse(tmp_path / name)) == rows(reference)
    assert len(rows(reference)) == len(FOUND)


def test_the_engines_agree_on_shapes_that_are_not_ours(tmp_path: Path) -> None:
    (tmp_path / "d.ttl").write_text(PREFIXES + DATA)
    data = Written(None, find(Sources(data=(tmp_path / "d.ttl",))).files)
    shapes = frozenset(q.triple for q in ox.parse(PREFIXES + SHAPES, format=ox.RdfFormat.TURTLE))
    found = [
        [
            (r.focus, r.path, r.value, r.shape, r.broken)
            for r in check(data.write, shapes, engine)[0]
        ]
        for engine in {available_engine(), "pyshacl"}
    ]
    assert all(sorted(rows) == sorted(found[0]) for rows in found)
    assert len(found[0]) == len(FOUND)


def test_dates_are_compared_in_the_sparql_of_a_shape(validate: Command) -> None:
    select = "SELECT $this { $this <http://x/from> ?a ; <http://x/to> ?b FILTER(?b < ?a) }"
    shape = f':S a sh:NodeShape ; sh:targetClass :C ; sh:sparql [ sh:select "{select}" ] .'
    data = """:a a :C ; :from "1990-01-01"^^xsd:date ; :to "1980-05-05"^^xsd:date .
    :b a :C ; :from "1990-01-01"^^xsd:date ; :to "2000-05-05"^^xsd:date ."""
    rows = json.loads(of_own(validate, shape, data, "--format", "json").stdout)["results"]
    assert [row["focus"] for row in rows] == ["http://x/a"]


def test_dates_are_compared_in_the_shapes_of_a_study_too(tmp_path: Path) -> None:
    shapes = tmp_path / "study" / "ontology" / "shapes"
    shapes.mkdir(parents=True)
    (tmp_path / "study" / "study.yaml").write_text(STUDY)
    select = "SELECT $this { $this <http://x/from> ?a ; <http://x/to> ?b FILTER(?b < ?a) }"
    shape = f':S a sh:NodeShape ; sh:targetClass :C ; sh:sparql [ sh:select "{select}" ] .'
    (shapes / "own.ttl").write_text(PREFIXES + shape)
    dates = ':a a :C ; :from "1990-01-01"^^xsd:date ; :to "1980-05-05"^^xsd:date .'
    (tmp_path / "study" / "dates.ttl").write_text(PREFIXES + dates)
    report = govgraph.open(study=tmp_path / "study").validate()
    assert [row.focus for row in report.results if row.shape == "http://x/S"] == ["http://x/a"]


def test_a_file_of_which_nothing_was_checked_does_not_conform(validate: Command) -> None:
    elsewhere = ":S a sh:NodeShape ; sh:targetClass :Elsewhere ."
    done = of_own(validate, elsewhere, DATA, "--format", "json")
    assert (json.loads(done.stdout)["conforms"], done.exit_code) == (False, 0)
    assert said(done) == [
        "data.ttl: nothing to report, 0 focus nodes",
        "data.ttl: nothing was checked, as no shape targets a node of it",
    ]
    assert of_own(validate, elsewhere, DATA, "--strict").exit_code == 1
    assert said(validate("--data", "data.ttl", "--alone"))[-1].startswith("the graph: nothing was")


def test_of_a_file_that_states_nothing_nothing_was_checked(validate: Command) -> None:
    done = of_own(validate, SHAPES, "# nothing yet")
    assert (done.stdout, done.exit_code) == ("", 0)
    assert said(done)[-1] == "data.ttl: nothing was checked, as no shape targets a node of it"


def test_shapes_in_data_are_used_unless_others_are_named(validate: Command) -> None:
    alone = ("data.ttl", "own.ttl", "--alone")
    done = validate(*alone, data=DATA, own=SHAPES)
    assert done.stdout.count("data.ttl: Violation") == len(FOUND)
    other = ":T a sh:NodeShape ; sh:targetNode :b ; sh:property [ sh:path :q ; sh:maxCount 1 ] ."
    done = validate(*alone, "--shapes", "other.ttl", other=other)
    assert (done.stdout, done.exit_code) == ("", 0)
    assert "own.ttl: 1 shape in it not used, as --shapes names others." in done.stderr


SPARQL = 'sh:declare [ sh:prefix "x" ; sh:namespace "http://x/" ] . '
SELECT = ":S a sh:NodeShape ; sh:targetNode :a ; sh:sparql [ sh:prefixes : ; sh:select '%s' ] ."


@pytest.mark.parametrize(
    ("shapes", "warning"),
    [
        (":S a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :p ; sh:mincount 9 ] .",
         "shapes.ttl: sh:mincount is no term of SHACL. Did you mean 'minCount'?"),
        (":S a sh:NodeShape ; sh:targetNode :a ; sh:rule [ a sh:TripleRule ] .",
         "shapes.ttl: sh:rule is not applied here: it is no part of SHACL Core or SHACL-SPARQL."),
        (":S a sh:NodeShape ; sh:targetNode :a ; sh:minCount 1 .",
         "shapes.ttl: not well formed: http://x/S"),
        (":S a sh:PropertyShape ; sh:targetNode :a ; sh:path :p , :q .",
         "shapes.ttl: not well formed: http://x/S http://www.w3.org/ns/shacl#path"),
        ("<http://x/o> owl:imports <http://x/more> . :S a sh:NodeShape ; sh:targetNode :a .",
         "shapes.ttl: it imports <http://x/more>, which is not fetched."),
        (":S rdfs:label 'nothing' .", "shapes.ttl: no shape in it."),
    ],
)  # fmt: skip
def test_what_looks_wrong_in_shapes_is_said(validate: Command, shapes: str, warning: str) -> None:
    done = of_own(validate, shapes)
    assert done.exit_code == 0
    assert [line for line in said(done) if line.startswith(warning)]


def test_shapes_that_data_ask_for_are_named(validate: Command) -> None:
    done = of_own(validate, SHAPES, DATA + "<> sh:shapesGraph <http://x/shapes> .")
    assert (
        "data.ttl: it asks for the shapes of <http://x/shapes>. Name a copy with --shapes."
    ) in said(done)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (SELECT % "SELECT $this { $this x:p ",
         "shapes.ttl: the SPARQL of a shape fails. This '{' is not closed by '}'."),
        (SELECT % "SELECT $this { $this x:p ?y { SELECT ?z { ?z ?y ?w } } }",
         "shapes.ttl: the SPARQL of a shape fails. An inner SELECT leaves"),
        (":S a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path 5 ] .",
         "the shapes could not be applied: invalid shapes graph: a literal is not a valid"),
        ("<> sh:entailment <http://x/e> . :S a sh:NodeShape .", "shapes ask for http://x/e"),
        (":S a sh:NodeShape ; sh:targetNode", "shapes.ttl:5: column"),
    ],
)  # fmt: skip
def test_shapes_that_cannot_be_applied_are_one_line(
    validate: Command, shapes: str, message: str
) -> None:
    if message.startswith("the shapes") and available_engine() != "native":
        pytest.skip("pySHACL has words of its own")
    done = of_own(validate, f": {SPARQL}" + shapes)
    errors = [line for line in said(done) if not line.startswith("shapes.ttl: not well formed")]
    assert (done.exit_code, len(errors), done.stdout) == (3, 1, "")
    assert message in errors[0]


def test_constraints_in_sparql(validate: Command) -> None:
    done = of_own(validate, f": {SPARQL}" + SELECT % "SELECT $this ?value { $this x:p ?value }")
    assert (done.stdout, done.exit_code) == (
        "data.ttl: Violation: http://x/a: http://x/b: breaks sh:sparql. [http://x/S]\n", 1,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["rdfs:Class", "owl:Class"])
def test_a_shape_that_is_a_class_targets_its_members(validate: Command, kind: str) -> None:
    done = of_own(validate, f":C a sh:NodeShape , {kind} ; sh:nodeKind sh:Literal .")
    assert said(done) == ["data.ttl: 1 result, 1 focus node"]


def test_entailment_that_shapes_ask_for_is_done(validate: Command) -> None:
    data = ":x :p :y . :p rdfs:range :C ."
    shape = ":S a sh:NodeShape ; sh:targetClass :C ; sh:nodeKind sh:Literal ."
    assert said(of_own(validate, shape, data))[0] == "data.ttl: nothing to report, 0 focus nodes"
    asked = f"<> sh:entailment <http://www.w3.org/ns/entailment/RDFS> . {shape}"
    assert said(of_own(validate, asked, data)) == ["data.ttl: 1 result, 1 focus node"]


@pytest.mark.skipif(available_engine() != "native", reason="it is pySHACL already")
def test_what_the_engine_cannot_apply_the_other_does(validate: Command) -> None:
    shape = ':S a sh:NodeShape ; sh:targetNode "b" ; sh:pattern "^(?=c)" .'
    done = of_own(validate, shape)
    assert said(done)[0].startswith("the shapes could not be applied: invalid shapes graph: inval")
    assert "pySHACL applies them" in said(done)[0]
    assert done.stdout.startswith("b: Violation: b: Value does not match pattern '^(?=c)'")
    assert "data.ttl: 1 result, 1 focus node" in said(done)  # which is named by the shape alone


def test_nothing_is_inferred_where_nobody_asks(validate: Command) -> None:
    data = ":x :p :y . :p rdfs:domain :C ."
    done = of_own(validate, ":S a sh:NodeShape ; sh:targetClass :C ; sh:closed true .", data)
    assert "nothing was checked" in done.stderr


def test_rdf_that_uses_our_words_is_checked_by_our_shapes(validate: Command) -> None:
    for behind in (BEHIND, ("--alone",)):
        done = validate("typo.ttl", "--format", "json", *behind, typo=TYPO)
        rows = json.loads(done.stdout)["results"]
        shapes = {row["shape"] for row in rows if row["path"] == "typo.ttl"}
        assert {"SectorCode", "HasLabel"} <= shapes
        assert done.exit_code == 1


def test_files_are_named_in_any_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("typo", TYPO), ("data", DATA), ("shapes", SHAPES)):
        Path(f"{name}.ttl").write_text(PREFIXES + text)
    graph = govgraph.open(["typo.ttl", "data.ttl"], bundled=False)
    whole = graph.validate()
    assert not whole.conforms
    for name in (
        "typo.ttl",
        Path("typo.ttl"),
        tmp_path / "typo.ttl",
        f"../{tmp_path.name}/typo.ttl",
    ):
        for files in (name, [name]):
            report = graph.validate(files)
            assert report.results == [row for row in whole.results if row.path == "typo.ttl"] != []
            assert report.targeted == {"typo.ttl": 1}
    assert len(graph.validate("data.ttl", shapes="shapes.ttl", alone=True).results) == len(FOUND)
    with pytest.raises(
        UsageError, match=r"^typ.ttl: no such file is read. Did you mean 'typo.ttl'"
    ):
        graph.validate("typ.ttl")
    with pytest.raises(UsageError, match=r"shapes.ttl: no such file is read\. Check the path, or"):
        graph.validate(["shapes.ttl"])
    with pytest.raises(SourceError, match=r"^nope.ttl: no such file"):
        graph.validate(shapes="nope.ttl")


def test_shapes_of_ones_own_on_the_study_lead_to_its_lines(
    kg: KnowledgeGraph, tmp_path: Path
) -> None:
    rule = "sh:property [ sh:path :no ; sh:minCount 1 ]"
    shapes = f":S a sh:NodeShape ; sh:targetClass gg:Programme ; {rule} ."
    (tmp_path / "s.ttl").write_text(PREFIXES + shapes)
    report = kg.validate(shapes=tmp_path / "s.ttl")
    assert report.targeted[""] > len(report.results) > 9
    assert {row.path.rpartition(".")[2] for row in report.results} <= {"yaml", "csv"}
    assert all(row.line for row in report.results)


def test_a_result_in_no_file_names_its_graph(validate: Command, tmp_path: Path) -> None:
    shape = ":S a sh:NodeShape ; sh:targetSubjectsOf :k ; sh:nodeKind sh:Literal ."
    (tmp_path / "d.nq").write_text("<http://x/a> <http://x/k> <http://x/b> <http://x/g> .\n")
    (tmp_path / "s.ttl").write_text(PREFIXES + shape)
    store = ox.Store()
    store.load(path=str(tmp_path / "d.nq"), format=ox.RdfFormat.N_QUADS)
    from govgraph.assembly.assemble import LocalGraph

    report = KnowledgeGraph(LocalGraph(store)).validate(shapes=tmp_path / "s.ttl")
    assert [(row.place, row.focus) for row in report.results] == [("http://x/g", "http://x/a")]


# -- nothing of ours -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "ours"), [(":a :p :b .", False), (":a a gg:Programme .", True), (TYPO, True)]
)
def test_alone_has_nothing_of_ours_unless_data_use_it(
    data: str, ours: bool, tmp_path: Path
) -> None:
    (tmp_path / "data.ttl").write_text(PREFIXES + data)
    graph = govgraph.open(tmp_path / "data.ttl", bundled=False)
    count = int(graph.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0][0].value)  # type: ignore[union-attr]
    assert (count > 5_000) if ours else (count == 1)
    assert (len(graph) > 5_000) if ours else (len(graph) == 1)
