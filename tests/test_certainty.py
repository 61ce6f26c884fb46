"""What a coder doubts is listed."""

from pathlib import Path

import pytest

import govgraph
from govgraph import KnowledgeGraph

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


def test_what_is_doubted_is_listed(kg: KnowledgeGraph) -> None:
    [row] = kg.query("uncertain-statements")
    asked = ("certainty", "whole", "value", "passage")
    assert [kg.names.shorten(row[key]) for key in asked] == [
        "certainty/low",
        "partnership/first-case-forum",
        "actor/first-case-beta",
        "passage/first-case/1/1",
    ]
