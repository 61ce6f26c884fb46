"""What a reader is told first: a sentence of what a thing is, its facts in order, by statement."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import govgraph
from first_study import STUDY
from govgraph.coding.starting import start_study
from govgraph.vocabulary import BASE
from govgraph.web.pages import resource_page
from second_study import NAME, SECOND

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def lede(page: str) -> str:
    """Return the first sentence of a page."""
    found = re.search(r'<p class="lede">(.*?)</p>', page, re.DOTALL)
    return plain(found[1]) if found else ""


def headings(page: str) -> list[str]:
    found = re.findall(r"<h2[^>]*>(.*?)</h2>", page, re.DOTALL)
    return [re.sub(r" [0-9]+$", "", plain(heading)) for heading in found]


@pytest.mark.parametrize(
    ("path", "language", "expected"),
    [
        (
            "instrument/bogota-como-vamos",
            "en",
            "Programme (Bogotá) in the case of Bogotá, Colombia, begun in 1998, with Chamber of"
            " Commerce of Bogotá, Corona Foundation, El Tiempo, FES Leadership Institute, Citizens"
            " · Bogotá Cómo Vamos, …",
        ),
        (
            "actor/be-spp",
            "es",
            "Organismo público (Bélgica) del sector Gobierno en el caso de Bélgica, con inicio"
            " en 1992 / 2002, con participación en Iniciativas locales de prevención en Bélgica,"
            " parte de Ministerio del Interior de Bélgica.",
        ),
        ("work/acero-2008", "en", "Work by Acero, in 2008."),
        ("case/nuevo-leon", "en", "Case (Monterrey, Nuevo León)."),
        ("passage/3.3/3", "en", ""),
    ],
)
def test_a_page_begins_with_what_the_thing_is(
    kg: KnowledgeGraph, path: str, language: str, expected: str
) -> None:
    page = resource_page(kg, f"{STUDY}{path}", language)
    assert lede(page) == expected
    if expected:
        assert f'property="og:description" content="{expected[:50]}' in page


def test_a_sentence_fits_another_study_in_its_language() -> None:
    second = govgraph.open(study=NAME)
    assert lede(resource_page(second, f"{SECOND}partnership/commission", "de")).endswith(
        "im Fall Gacaca-Gerichte, Ruanda, begonnen 1998, mit Lehrende der Universitäten ·"
        " Kommission von 1998, Ministerien · Kommission von 1998, Parteien · Kommission von 1998,"
        " Jugend · Kommission von 1998."
    )
    many = lede(resource_page(second, f"{SECOND}partnership/gacaca", "de"))
    assert many.endswith(", …")
    place = lede(resource_page(second, f"{SECOND}place/ruhengeri", "en"))
    assert place == "Province (Rwanda).", "what contains what contains it only follows"


def test_facts_stand_in_the_order_a_reader_asks(kg: KnowledgeGraph) -> None:
    page = resource_page(kg, f"{STUDY}actor/be-spp")
    asked = [plain(name) for name in re.findall(r"<dt>(.*?)<dd>", page)]
    assert asked[:8] == [
        "start year", "date as printed", "jurisdiction", "unit of", "sector", "kind of actor",
        "case", "SDG alignment",
    ]  # fmt: skip
    wanted = ["What is said of it", "What others say of it", "Passages disagree about it"]
    assert headings(page)[:3] == wanted
    assert "≠" not in page, "a mark of the style sheet"
    assert '<p class="disputed"><a href="#conflicts">Passages disagree about it: 2</a>' in page


def test_participation_is_told_with_its_roles_from_both_ends(kg: KnowledgeGraph) -> None:
    actor = resource_page(kg, f"{STUDY}actor/be-spp")
    takes_part = actor[actor.index("involved in</a><dd>") :].partition("</div>")[0]
    assert "Local prevention initiatives in Belgium, Manager, Monitor" in plain(takes_part)
    arrangement = resource_page(kg, f"{STUDY}instrument/bogota-como-vamos")
    told = arrangement[arrangement.index("participation</a><dd>") :].partition("</dl>")[0]
    assert "El Tiempo, Founder, Initiator, Permanent and qualified" in plain(told)
    assert "16.7 Decisions taken with everyone&#39;s voice, Paraphrase" in plain(told)


def test_the_line_of_a_statement_leads_to_the_repository_of_its_study(tmp_path: Path) -> None:
    folder = tmp_path / "water"
    start_study(folder, base="https://water.example/study/", languages=["en"])
    page = resource_page(govgraph.open(folder), "https://water.example/study/actor/first-case-alfa")
    assert "<a " not in page.partition("<code>cases/")[0][-60:]
    text = (folder / "study.yaml").read_text()
    named = "repository: https://forge.example/me/all/blob/main/s/{path}?x#L{line}\n"
    (folder / "study.yaml").write_text(text + named)
    page = resource_page(govgraph.open(folder), "https://water.example/study/actor/first-case-alfa")
    link = r'<a href="https://forge\.example/me/all/blob/main/s/cases/first-case\.yaml\?x#L(\d+)"'
    lines = (folder / "cases" / "first-case.yaml").read_text().splitlines()
    shown = [lines[int(number) - 1] for number in re.findall(link, page)]
    assert any("Alfa" in line for line in shown)


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


def test_heads_of_columns_are_words_and_labels_of_terms(kg: KnowledgeGraph) -> None:
    def heads(query: str, language: str) -> list[str]:
        page = resource_page(kg, f"{BASE}query/{query}", language)
        return re.findall(r'<th scope="col" title="\w+">([^<]+)</th>', page)

    assert heads("founders-of", "en") == ["Founder", "Name", "Sector", "Passage"]
    assert heads("founders-of", "es")[2:] == ["Sector", "Pasaje"]
    assert heads("takes-part-in", "es")[0] == "Arreglo de gobernanza"
    assert heads("takes-part-in", "en")[2] == "Case name"
