"""What a reader is told first: facts in the order they are asked for, by kind of statement."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from first_study import STUDY
from govgraph.web.pages import resource_page

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def headings(page: str) -> list[str]:
    found = re.findall(r"<h2[^>]*>(.*?)</h2>", page, re.DOTALL)
    return [re.sub(r" [0-9]+$", "", plain(heading)) for heading in found]


def test_facts_stand_in_the_order_a_reader_asks(kg: KnowledgeGraph) -> None:
    page = resource_page(kg, f"{STUDY}actor/be-spp")
    asked = [plain(name) for name in re.findall(r"<dt>(.*?)</dt>", page)]
    assert asked[:8] == [
        "start year", "date as printed", "jurisdiction", "unit of", "sector", "kind of actor",
        "case", "SDG alignment",
    ]  # fmt: skip
    wanted = ["What is said of it", "What others say of it", "Passages disagree about it"]
    assert headings(page)[:3] == wanted
    assert "≠" not in page, "a mark of the style sheet"
    assert '<p class="disputed"><a href="#conflicts">Passages disagree about it: 2</a>' in page


def test_a_case_tells_what_its_conflicts_are_about(kg: KnowledgeGraph) -> None:
    page = resource_page(kg, f"{STUDY}case/nuevo-leon")
    assert "Passages disagree about it: 2" in page
    assert "Conflicts between its passages (6)" in page
    assert "Works its passages cite or report (7)" in page


def test_a_target_tells_what_contributes_to_it_from_what_concerns_it(kg: KnowledgeGraph) -> None:
    page = resource_page(kg, "http://metadata.un.org/sdg/16.7")
    assert "<h1>16.7 Decisions taken with everyone&#39;s voice</h1>" in page
    assert ">Target of the United Nations</a>" in page
    assert headings(page)[:3] == [
        "Arrangements that contribute to it",
        "Arrangements, bodies and events that concern it",
        "Findings that concern it",
    ]
    contribute, concern = page.split("</table>")[:2]
    assert "Bogotá Cómo Vamos" in contribute
    assert "Same topic" not in contribute
    assert "Morgan report" in concern
    assert "16.07" not in plain(page.partition('id="naming"')[0])
