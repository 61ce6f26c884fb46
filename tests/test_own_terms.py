"""Classes and properties of a study's own: types and keys in its files, in the graph, in shapes."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

import govgraph
from govgraph.coding.study import TEMPORARY_BASE
from govgraph.errors import SourceErrors
from govgraph.queries.asking import labels_of
from govgraph.shapes.validation import validate, written
from govgraph.vocabulary import GG, RDF
from own_study import BASE, CASE, CODES, SHAPES, STUDY, TERMS, assembled, own_study


def own(name: str) -> str:
    return f"{BASE}ontology#{name}"


def mistakes(folder: Path, **changes: str) -> list[str]:
    with pytest.raises(SourceErrors) as caught:
        assembled(own_study(folder, **changes))
    return [str(error).removeprefix("agua/") for error in caught.value.errors]


def test_labels_are_in_the_language_asked_for_else_in_the_first_of_the_study(
    tmp_path: Path,
) -> None:
    name = "label: {pt: Fórum da água, en: Water forum}"
    case = "id: case/x\ntype: Case\n" + name + "\n"
    study = own_study(tmp_path)
    (study / "cases" / "x.yaml").write_text(case, encoding="utf-8")
    kg = govgraph.open(study=study)
    for lang, label in (("en", "Water forum"), ("pt-BR", "Fórum da água"), ("fr", "Fórum da água")):
        assert labels_of(kg, lang)[f"{BASE}case/x"] == label
    assert kg.network("actors").graph["lang"] == "pt"


def test_own_keys_and_types_state_what_they_are_declared_for(tmp_path: Path) -> None:
    store = assembled(own_study(tmp_path)).store
    event, passage = ox.NamedNode(f"{BASE}event/boycott"), ox.NamedNode(f"{BASE}passage/1/1")
    said = {
        q.predicate.value: q.object for q in store.quads_for_pattern(event, None, None, passage)
    }
    assert said[f"{RDF}type"] == ox.NamedNode(own("Campaign"))
    assert said[own("boycotts")] == ox.NamedNode(f"{BASE}actor/brewery")
    assert said[own("campaignKind")] == ox.NamedNode(f"{BASE}campaign-kind/boycott")
    assert said[own("turnout")] == ox.Literal(300)
    assert said[own("slogan")] == ox.Literal("Água é vida")


def test_own_classes_take_part_in_inference_and_explanation(tmp_path: Path) -> None:
    kg = govgraph.open(study=own_study(tmp_path))
    event = f"<{BASE}event/boycott>"
    assert kg.query(f"ASK {{ {event} a <{GG}Event> }}").boolean
    [proof] = kg.explain("event/boycott", "boycotts")
    assert "agua/cases/quito.yaml:38" in str(proof)
    [proof] = kg.explain("ontology#Campaign", "rdfs:subClassOf", "gg:Event")
    assert "agua/ontology/terms.ttl:8" in str(proof)


def test_tables_take_own_keys(tmp_path: Path) -> None:
    folder = own_study(tmp_path)
    (folder / "tables").mkdir()
    (folder / "tables" / "campaigns.csv").write_text(
        "id,type,label.pt,label.en,year,boycotts,turnout\n"
        "event/march,Campaign,A marcha,The march,2003,actor/brewery,1200\n",
        encoding="utf-8",
    )
    built = assembled(folder)
    march = ox.NamedNode(f"{BASE}event/march")
    [turnout] = built.store.quads_for_pattern(march, ox.NamedNode(own("turnout")), None)
    assert turnout.object == ox.Literal(1200)
    text = (folder / "tables" / "campaigns.csv").read_text("utf-8")
    (folder / "tables" / "campaigns.csv").write_text(text.replace("1200", "many"), "utf-8")
    with pytest.raises(SourceErrors) as caught:
        assembled(folder)
    assert "'turnout' takes a whole number without quotes, found many" in str(caught.value)


def test_own_shapes_are_validated_with(tmp_path: Path) -> None:
    case = CASE.replace("        boycotts: actor/brewery\n", "")
    built = assembled(own_study(tmp_path, case=case))
    report = validate(built.store, built.sources, names=built.names, studies=built.studies)
    [result] = report.results
    assert result.shape == "ontology#CampaignHasTarget"
    assert result.message == "A campanha não boicota ninguém."
    assert result.place == "agua/cases/quito.yaml:34"
    turtle = written(report, "ttl")
    assert f"sh:sourceShape <{own('CampaignHasTarget')}>" in turtle
    assert 'sh:resultMessage "A campanha não boicota ninguém."' in turtle
    assert '."@en' not in turtle


def test_a_file_of_shapes_that_is_none_is_named(tmp_path: Path) -> None:
    built = assembled(own_study(tmp_path, shapes=SHAPES.replace("sh:minCount 1", "sh:minCount")))
    with pytest.raises(govgraph.GovgraphError, match=r"shapes/campaign\.ttl:5: column 37: not"):
        validate(built.store, built.sources, names=built.names, studies=built.studies)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("subClassOf gg:Event", "subClassOf gg:Evnt"),
            "ontology/terms.ttl:8: `subClassOf` names gg:Evnt, which nothing declares. Did you "
            "mean 'gg:Event'",
        ),
        (
            ("rdfs:domain :Campaign", "rdfs:domain :Strike"),
            "ontology/terms.ttl:10: `domain` names ontology#Strike, which nothing declares.",
        ),
        (
            (":slogan a", ":startYear a"),
            "ontology/terms.ttl:16: 'startYear' already means gg:startYear. Give this property "
            "another name.",
        ),
        (
            ('"Campanha"@pt , ', ""),
            "ontology/terms.ttl:8: 'Campaign' has no label in 'pt', the first language of the "
            'study. Add rdfs:label "…"@pt.',
        ),
        (
            (":slogan a", ":Slogan a"),
            "ontology/terms.ttl:16: the property 'Slogan' cannot stand in a case file: its name "
            "takes letters and digits, the first a small letter, as in boycotts. Rename it.",
        ),
        (
            ("xsd:integer", "xsd:duration"),
            "ontology/terms.ttl:14: the range xsd:duration cannot be typed. Take: xsd:string, ",
        ),
    ],
)
def test_an_own_term_that_is_none_is_named_with_its_line(
    tmp_path: Path, change: tuple[str, str], expected: str
) -> None:
    found = mistakes(tmp_path, terms=TERMS.replace(*change))
    [error] = [error for error in found if error.startswith("ontology/")]
    assert error.startswith(expected)


def test_a_file_that_cannot_be_read_is_all_that_is_said(tmp_path: Path) -> None:
    [error] = mistakes(tmp_path, terms=f"{TERMS}:x a")
    assert error.startswith("ontology/terms.ttl:17: column 5: not valid RDF: ")


def test_a_misspelt_own_key_is_suggested(tmp_path: Path) -> None:
    case = CASE.replace("boycotts:", "boycots:").replace("type: Campaign", "type: Campagn")
    found = mistakes(tmp_path, case=case)
    assert (
        "cases/quito.yaml:38: unknown key 'boycots' of 'event/boycott'. Did you mean 'boycotts'?"
        in found
    )
    assert any("unknown type 'Campagn'. Did you mean 'Campaign'" in error for error in found)


def test_a_foreign_class_is_only_declared(tmp_path: Path) -> None:
    """Without a label it is no type, so that its name may be that of govgraph's own."""
    terms = TERMS.replace("subClassOf gg:Event", "subClassOf <https://other.example/Event>")
    terms += "<https://other.example/Event> a owl:Class ."
    store = assembled(own_study(tmp_path, terms=terms)).store
    event = ox.NamedNode(f"{BASE}event/boycott")
    kinds = {
        q.object.value for q in store.quads_for_pattern(event, ox.NamedNode(f"{RDF}type"), None)
    }
    assert "https://other.example/Event" in kinds


def test_studies_side_by_side_have_each_their_own_words(tmp_path: Path) -> None:
    """`slogan` is another property in each of two studies."""
    first = own_study(tmp_path / "1")
    there = "https://fogo.example.org/"

    def moved(text: str) -> str:
        return text.replace(BASE, there)

    second = own_study(
        tmp_path / "2",
        study=moved(STUDY),
        terms=moved(TERMS),
        shapes=moved(SHAPES),
        codes=CODES,
    ).rename(tmp_path / "fogo")
    kg = govgraph.open(study=[first, second])
    for base in (BASE, there):
        said = kg.query(f"ASK {{ <{base}event/boycott> <{base}ontology#slogan> ?text }}")
        assert said.boolean
    assert TEMPORARY_BASE not in str(kg.query("ASK { ?s ?p ?o }"))
