"""Tables of codes: what they say in the graph, what is wrong in them, and the codebook out."""

from __future__ import annotations

import csv
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from govgraph.cli import group
from govgraph.coding.cases import load
from govgraph.coding.study import Sources
from govgraph.errors import SourceErrors
from govgraph.shapes.validation import ValidationResult, validate
from govgraph.vocabulary import BASE as GOVGRAPH
from govgraph.vocabulary import GG, RDF, SKOS
from own_study import BASE, CASE, CODES, assembled, own_study


def node(id_: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + id_)


def mistakes(folder: Path, **changes: str) -> list[str]:
    """Return what is said of a study with these files, without its folder."""
    with pytest.raises(SourceErrors) as caught:
        assembled(own_study(folder, **changes))
    return [str(error).removeprefix("agua/") for error in caught.value.errors]


def results(folder: Path) -> list[ValidationResult]:
    built = assembled(folder)
    return validate(built.store, built.sources, names=built.names, studies=built.studies).results


def test_a_code_is_a_concept_of_its_list(tmp_path: Path) -> None:
    built = assembled(own_study(tmp_path))
    graph = node("graph/editorial/codes/codes")
    said = {
        (quad.predicate.value.removeprefix(SKOS), getattr(quad.object, "language", None) or "",
         quad.object.value)
        for quad in built.store.quads_for_pattern(node("sector/water-users"), None, None, graph)
    }  # fmt: skip
    assert said == {
        (f"{RDF}type", "", f"{SKOS}Concept"),
        ("inScheme", "", f"{GOVGRAPH}scheme/sector"),
        ("notation", "", "water-users"),
        ("broader", "", f"{GOVGRAPH}sector/society"),
        ("prefLabel", "pt", "Usuários da água"),
        ("prefLabel", "en", "Water users"),
        ("definition", "pt", "Quem usa a água da bacia."),
        ("scopeNote", "pt", "Sem as empresas."),
    }
    at = built.sources.locate(f"{BASE}sector/irrigators", f"{SKOS}broader")
    assert at == ("agua/codes/codes.csv", 3)


def test_a_new_list_has_its_codes(tmp_path: Path) -> None:
    store = assembled(own_study(tmp_path)).store
    scheme, code = node("scheme/campaign-kind"), node("campaign-kind/boycott")
    for subject, predicate, value in (
        (scheme, f"{RDF}type", ox.NamedNode(f"{SKOS}ConceptScheme")),
        (scheme, f"{SKOS}prefLabel", ox.Literal("Tipos de campanha", language="pt")),
        (code, f"{SKOS}inScheme", scheme),
        (code, f"{SKOS}topConceptOf", scheme),
    ):
        assert ox.NamedNode(predicate) in {
            quad.predicate for quad in store.quads_for_pattern(subject, None, value)
        }, (subject, predicate, value)


def test_the_study_validates(tmp_path: Path) -> None:
    assert results(own_study(tmp_path)) == []


@pytest.mark.parametrize(("broader", "is_tripartite"), [("society", True), ("", False)])
def test_a_broader_code_of_govgraph_gives_the_inference(
    tmp_path: Path, broader: str, is_tripartite: bool
) -> None:
    codes = CODES.replace("water-users,society", f"water-users,{broader}")
    store = assembled(own_study(tmp_path, codes=codes)).store
    kinds = {
        quad.object.value.removeprefix(GG)
        for quad in store.quads_for_pattern(
            node("instrument/fonag"), ox.NamedNode(f"{RDF}type"), None
        )
    }
    assert ("TripartiteArrangement" in kinds) is is_tripartite
    assert "PublicPrivateArrangement" in kinds


def test_a_sector_below_business_counts_as_business_for_good(tmp_path: Path) -> None:
    codes = CODES.replace("water-users,society", "water-users,private")
    case = CASE.replace("role/member}", "role/member, mode: mode/permanent-qualified}")
    store = assembled(own_study(tmp_path, codes=codes, case=case)).store
    kind = ox.NamedNode(f"{GG}PermanentPrivateArrangement")
    assert list(store.quads_for_pattern(node("instrument/fonag"), None, kind))


def test_all_mistakes_are_named_at_once_with_their_lines(tmp_path: Path) -> None:
    codes = """\
list,id,broader,label.pt,label.en,lable.pt,colour
sectr,fishers,,Pescadores,,,
sector,Water Users,,Usuários,,,
sector,anglers,,Pescadores,,,
sector,anglers,,Pescadores,,,
sector,private,,Privado,,,
sector,rowers,,Remadores,Rowers,,
sector,self,self,A si mesmo,,,
sector,a,b,A,,,
sector,b,a,B,,,
sector,c,socety,C,,,
sector,d,role/founder,D,,,
role,,,Papéis,,,
"""
    assert (
        mistakes(tmp_path, codes=codes, case=CASE.replace("sector/irrigators", "sector/a"))
        == [
            "codes/codes.csv:1: the column 'lable.pt' means nothing. Did you mean 'label.pt'?",
            "codes/codes.csv:1: the column 'colour' means nothing. A table of codes has: list, id, "
            "broader, label.pt, label.en, definition.pt, definition.en, scopeNote.pt, "
            "scopeNote.en.",
            "codes/codes.csv:2: there is no list 'sectr'. Did you mean 'sector'? A new list needs "
            "a row of its own: this `list`, no `id`, and its label.",
            "codes/codes.csv:3: 'Water Users' is no id: small letters a to z, digits, hyphens. "
            "Write 'water-users'.",
            "codes/codes.csv:5: 'sector/anglers' stands twice (first at agua/codes/codes.csv:4). "
            "Keep one.",
            "codes/codes.csv:8: 'sector/self' is its own `broader`. Take one of them out.",
            "codes/codes.csv:9: 'sector/a' is its own `broader`, by way of 'sector/b'. Take one of "
            "them out.",
            "codes/codes.csv:11: `broader` names 'sector/socety', which is no code. Did you mean "
            "'sector/society'?",
            "codes/codes.csv:12: `broader` takes a code of the same list (sector), found "
            "'role/founder'.",
            "cases/quito.yaml:44: 'campaign-kind/boycott' is described nowhere.",
        ][:-1]
    )


@pytest.mark.parametrize("column", ["list", "id"])
def test_a_table_of_codes_needs_its_columns(tmp_path: Path, column: str) -> None:
    codes = CODES.replace(f"{column},", "other,", 1)
    [*_, last] = mistakes(tmp_path, codes=codes)
    assert last == f"codes/codes.csv:1: a table of codes needs a column '{column}'."


def test_a_column_that_means_nothing_is_all_that_is_said(tmp_path: Path) -> None:
    """Its labels are not missed row by row."""
    [error] = mistakes(tmp_path, codes=CODES.replace("label.pt", "label_pt"))
    assert error == (
        "codes/codes.csv:1: the column 'label_pt' means nothing. Did you mean 'label.pt'?"
    )


def test_a_label_in_the_first_language_is_required(tmp_path: Path) -> None:
    assert mistakes(tmp_path, codes=CODES.replace("Irrigantes", "")) == [
        "codes/codes.csv:3: 'sector/irrigators' has no label in 'pt', the first language of the "
        "study. Fill in 'label.pt'."
    ]


def test_a_label_in_a_kind_of_the_first_language_will_do(tmp_path: Path) -> None:
    codes = CODES.replace("label.pt", "label.pt-BR")
    assert results(own_study(tmp_path, codes=codes)) == []


def test_a_row_says_one_thing(tmp_path: Path) -> None:
    rows = "sector,role/x,,X,,,\n,y,,Y,,,\nsector,z,,A|B,,,\n"
    assert mistakes(tmp_path, codes=CODES + rows) == [
        "codes/codes.csv:6: 'role/x' is no id: small letters a to z, digits, hyphens. Its list "
        "is 'sector'.",
        "codes/codes.csv:7: this row has no `list`, such as sector. Fill it in.",
        "codes/codes.csv:8: 'label.pt' takes one label; `|` separates several values.",
    ]


def test_an_unknown_code_suggests_own_ones(tmp_path: Path) -> None:
    case = CASE.replace("sector/irrigators", "sector/irigators").replace(
        "campaign-kind/boycott", "campaign-kind/boycot"
    )
    first, second = mistakes(tmp_path, case=case)
    assert first.startswith("cases/quito.yaml:39: 'campaign-kind/boycot' is no code of the list")
    assert "'campaign-kind/boycott'" in first
    assert second.startswith("cases/quito.yaml:45: 'sector/irigators' is no code of the list 'sec")
    assert "Did you mean 'sector/irrigators' or " in second


def test_an_id_of_a_code_that_is_something_else_is_named(tmp_path: Path) -> None:
    codes = "actor,,,Atores,Actors,,\nactor,brewery,,Cervejaria,Brewery,,\n"
    [error] = mistakes(tmp_path, codes=CODES + codes)
    assert error == (
        "cases/quito.yaml:28: 'actor/brewery' is Company here but skos:Concept at "
        "agua/codes/codes.csv:7. Use one id for one thing, or give it the same types."
    )


def test_a_label_in_another_language_is_asked_for(tmp_path: Path) -> None:
    codes = CODES.replace("Irrigators", "")
    [result] = results(own_study(tmp_path, codes=codes))
    assert (result.place, result.severity) == ("agua/codes/codes.csv:3", "Warning")
    assert result.message == (
        "There is no label of this code in `en`. Fill in the column `label.en` of its table of "
        "codes."
    )


@pytest.mark.parametrize(
    ("change", "severity", "message"),
    [
        (
            ("{pt: Cervejaria, en: Brewery}", "{en: Brewery}"), "Violation",
            "There is no label in `pt`, its study's first language. Add `label: {pt: …}` where "
            "the thing is first named.",
        ),
        (
            ("{pt: Cervejaria, en: Brewery}", "{pt-BR: Cervejaria}"), "Warning",
            "There is no label in `en`. Add `label: {en: …}` where the thing is first named.",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("engine", ["native", "pyshacl"])
def test_labels_stand_in_the_languages_of_the_study(
    tmp_path: Path, change: tuple[str, str], severity: str, message: str, engine: str
) -> None:
    built = assembled(own_study(tmp_path, case=CASE.replace(*change)))
    report = validate(
        built.store, built.sources, (), engine, names=built.names, studies=built.studies
    )
    [result] = report.results
    assert (result.place, result.severity, result.message) == (
        "agua/cases/quito.yaml:30", severity, message,
    )  # fmt: skip
    assert result.predicate == "rdfs:label"


def test_what_lies_in_no_study_is_content_with_any_language(tmp_path: Path) -> None:
    file = tmp_path / "place.yaml"
    file.write_text("id: place/x\ntype: Area\nlabel: {qu: Kitu}\n", encoding="utf-8")
    for label, status in (("{qu: Kitu}", 0), ("{}", 1)):
        text = file.read_text("utf-8").replace("{qu: Kitu}", label)
        file.write_text(text if label != "{}" else text.replace("label: {}\n", ""), "utf-8")
        done = CliRunner().invoke(group, ["validate", "--alone", str(file)])
        assert done.exit_code == status, done.output


def test_warnings_count_where_they_are_told_to(tmp_path: Path) -> None:
    folder = own_study(tmp_path, codes=CODES.replace("Irrigators", ""))
    for options, status in (([], 0), (["--strict"], 1), (["--strict", "--severity=violation"], 0)):
        done = CliRunner().invoke(group, ["validate", "--study", str(folder), *options])
        assert done.exit_code == status, done.output


def test_a_table_of_codes_alone_is_known_by_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("list,id,broader,label.qu\nsector,ayllu,society,Ayllu\n", encoding="utf-8")
    data = load(Sources(data=(path,)))
    [quad] = data.store.quads_for_pattern(None, ox.NamedNode(f"{SKOS}broader"), None)
    assert quad.subject.value == "https://study.example/sector/ayllu"


# -- the codebook ----------------------------------------------------------------------------------


def test_the_codebook_has_the_codes_in_use_and_the_studys_own(tmp_path: Path) -> None:
    folder = own_study(tmp_path)
    out = tmp_path / "book.csv"
    done = CliRunner().invoke(
        group, ["query", "codebook", "-p", "lang=pt", "--study", str(folder), "-o", str(out)]
    )
    assert done.exit_code == 0, done.output
    rows = {row["code"]: row for row in csv.DictReader(out.open(encoding="utf-8"))}
    assert rows[f"{BASE}sector/water-users"] == {
        "list": f"{GOVGRAPH}scheme/sector", "code": f"{BASE}sector/water-users",
        "name": "Usuários da água", "definition": "Quem usa a água da bacia.",
        "note": "Sem as empresas.", "broader": f"{GOVGRAPH}sector/society", "uses": "0",
        "where": f"{BASE}graph/editorial/codes/codes",
    }  # fmt: skip
    assert rows[f"{BASE}campaign-kind/boycott"]["uses"] == "1"
    assert rows[f"{GOVGRAPH}role/founder"]["where"] == f"{GOVGRAPH}graph/ontology"
    assert not any("/problem/" in code for code in rows), "a list that nothing uses"
