"""How sure a coder is: in the proof of what is said so, and in a list of what is doubted."""

import warnings
from pathlib import Path

import pytest

import govgraph
from govgraph import KnowledgeGraph
from govgraph.vocabulary import GG

DOUBTED = """\
        participation:
          - {participant: actor/first-case-beta, role: member, certainty: low}
        numbers:"""


@pytest.fixture
def kg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KnowledgeGraph:
    """Return the graph of a study whose coder doubts one participation."""
    govgraph.start_study(tmp_path / "s", base="https://s.example/", languages=["en"])
    monkeypatch.chdir(tmp_path / "s")
    case = Path("cases/first-case.yaml")
    text = case.read_text("utf-8").replace("          member: actor/first-case-beta\n", "")
    case.write_text(text.replace("        numbers:", DOUBTED), "utf-8")
    return govgraph.open()


def test_a_proof_says_how_sure_the_coder_is(kg: KnowledgeGraph) -> None:
    part = "participation/first-case-forum/first-case-beta.member"
    [proof] = kg.explain(part, "participant")
    assert str(proof).endswith("; coder's certainty/low")
    [source] = proof.to_dict()["sources"]
    assert source["certainty"] == "https://w3id.org/govgraph/certainty/low"
    ways = [
        str(proof)
        for proof in kg.explain(
            "partnership/first-case-forum", "involves", "actor/first-case-beta", every=True
        )
    ]
    assert sorted("certainty/low" in way for way in ways) == [False, True]  # as funder, as member


def test_what_is_doubted_is_listed(kg: KnowledgeGraph) -> None:
    [row] = kg.query("uncertain-statements")
    asked = ("certainty", "whole", "value", "passage")
    assert [kg.names.shorten(row[key]) for key in asked] == [
        "certainty/low",
        "partnership/first-case-forum",
        "actor/first-case-beta",
        "passage/first-case/1/1",
    ]


def test_a_class_that_a_word_is_read_as_is_said(kg: KnowledgeGraph) -> None:
    with pytest.warns(
        govgraph.GovgraphWarning, match="'comite' is read as gg:Committee, a term of"
    ):
        kg.explain("comite")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for named in ("Committee", "gg:Committee", f"<{GG}Committee>"):
            kg.explain(named)
