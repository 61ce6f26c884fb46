"""A second study in another language, coded by the documentation alone, stands beside the first."""

from __future__ import annotations

from pathlib import Path

import govgraph
from first_study import STUDY
from govgraph import KnowledgeGraph
from govgraph.coding.study_file import read_study
from second_study import NAME, SECOND
from test_new_study import run

FOLDER = Path(__file__).parents[1] / "data" / NAME
PREFIXES = """PREFIX gg: <https://w3id.org/govgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


def asked(kg: KnowledgeGraph, select: str) -> list[tuple[str, ...]]:
    """Return the rows of a SELECT as short names and plain texts."""
    return [
        tuple(kg.names.shorten(str(value or "")).strip("<>") for value in dict(row).values())
        for row in kg.query(PREFIXES + select)
    ]


def test_it_validates_strictly_in_its_folder_and_by_its_name() -> None:
    folder = FOLDER.parents[1]
    for where, arguments in ((FOLDER, ()), (folder, ("--study", NAME))):
        done = run(where, "validate", "--strict", *arguments)
        lines = done.stdout.splitlines() + done.stderr.splitlines()
        assert sum("nothing to report" in line for line in lines) == 1
        assert any(line.startswith(f"{NAME}: 1 document, 49 passages") for line in lines)


def test_it_takes_at_most_five_lines_for_a_fact() -> None:
    # 83 facts were listed in the article before it was coded;
    # a long line counts as several.
    texts = [path.read_text("utf-8") for path in FOLDER.rglob("*") if path.is_file()]
    lines = sum(max(1, -(-len(line) // 100)) for text in texts for line in text.splitlines())
    assert lines <= 5 * 83


def test_its_name_languages_licence_and_credit(second: KnowledgeGraph) -> None:
    study = read_study(FOLDER)
    assert (study.base, study.languages) == (SECOND, ("de", "en"))
    assert study.licence == "https://creativecommons.org/licenses/by-sa/3.0/"
    assert [agent.name for agent in study.creators] == ["The govgraph authors"]
    work = "https://w3id.org/govgraph/rwanda-gacaca/work/gacaca"
    rows = asked(second, f"SELECT ?who ?by {{ <{work}> gg:publisher ?who ; gg:authors ?by }}")
    assert rows == [("Participedia", "Kuusipalo, Rina")]


def test_everything_has_a_german_and_an_english_name(second: KnowledgeGraph) -> None:
    rows = asked(
        second,
        f"""SELECT DISTINCT ?thing {{ ?thing rdfs:label ?any
        FILTER(STRSTARTS(STR(?thing), "{SECOND}"))
        FILTER(!EXISTS {{ ?thing rdfs:label ?de FILTER(LANG(?de) = "de") }}
            || !EXISTS {{ ?thing rdfs:label ?en FILTER(LANG(?en) = "en") }}) }}""",
    )
    assert rows == []


def test_every_statement_has_a_section_and_a_paragraph(second: KnowledgeGraph) -> None:
    # Findings, participations, numbers, events and all else that a document says, by its graph.
    rows = asked(
        second,
        f"""SELECT ?passage ?section ?number (COUNT(*) AS ?statements) {{
          GRAPH ?passage {{ ?s ?p ?o }}
          FILTER(STRSTARTS(STR(?passage), "{SECOND}passage/"))
          OPTIONAL {{ ?passage gg:partOf ?section . ?section a gg:Section .
                      ?work gg:passages ?section . ?work a gg:Work }}
          OPTIONAL {{ ?passage gg:position ?number }}
        }} GROUP BY ?passage ?section ?number""",
    )
    rows = [row for row in rows if "/s" not in row[0]]  # sentences lie in paragraphs
    paragraphs = {row[0]: row for row in rows if row[0].count("/") == 2}
    assert len(paragraphs) == 40
    for passage, section, number, _ in paragraphs.values():
        assert passage == f"{section}/{number}"
    headings = {row[0]: int(row[3]) for row in rows if row[0] not in paragraphs}
    assert headings == {f"passage/{number}": 3 for number in range(7)}  # a type and two names


def test_at_least_forty_facts_of_many_kinds(second: KnowledgeGraph) -> None:
    rows = asked(
        second,
        """SELECT ?kind (COUNT(DISTINCT ?thing) AS ?many) {
          VALUES ?kind { gg:Finding gg:Participation gg:NonParticipation gg:Observation gg:Event
                         gg:Law gg:Tenure gg:Conflict }
          ?thing a ?kind } GROUP BY ?kind""",
    )
    counts = {kind: int(many) for kind, many in rows}
    assert counts == {
        "gg:Finding": 34, "gg:Participation": 22, "gg:NonParticipation": 3, "gg:Observation": 26,
        "gg:Event": 7, "gg:Law": 2, "gg:Tenure": 1, "gg:Conflict": 5,
    }  # fmt: skip


def test_the_general_queries_answer_about_it(second: KnowledgeGraph) -> None:
    names = second.names
    years = [int(row["year"]) for row in second.query("timeline")]
    assert years == [1959, *[1994] * 3, 1995, 1995, 1996, 1998, 1999, 2001, 2001, 2002, 2005, 2010]
    actors = {str(row["name"]): int(row["arrangements"]) for row in second.query("actors-of-case")}
    assert len(actors) == 19
    assert (actors["Leute der Gemeinde"], actors["Ruandische Patriotische Front"]) == (2, 1)
    judges = [
        (names.shorten(str(row["actor"])), names.shorten(str(row["passage"])))
        for row in second.query("who-takes-part")
        if str(row["role"]) == "Richter"
    ]
    judged = ("3/3", "3/4", "4/2")
    assert judges == [("group/gacaca/judges", f"passage/{place}") for place in judged]
    [case] = second.query("cases")
    assert (int(case["passages"]), int(case["arrangements"])) == (49, 18)


def test_numbers_lead_to_their_place(second: KnowledgeGraph) -> None:
    rows = asked(
        second,
        """SELECT ?value ?year ?currency ?passage { GRAPH ?passage {
          ?number gg:measure ?measure ; gg:value ?value .
          OPTIONAL { ?number gg:year ?year } OPTIONAL { ?number gg:currency ?currency } }
          FILTER(STRENDS(STR(?measure), "/judges") || STRENDS(STR(?measure), "/cost")) }
        ORDER BY ?value""",
    )
    assert rows == [
        ("35", "", "", "passage/3/3"),
        ("170000", "2004", "", "passage/3/3"),
        ("250000", "2001", "", "passage/3/3"),
        ("39000000", "", "USD", "passage/5/5"),
    ]


def test_the_two_studies_share_no_node() -> None:
    both = govgraph.open(study=[NAME, "security-alliances"])
    owned: dict[str, set[str]] = {SECOND: set(), STUDY: set()}
    for quad in both.store:
        graph = getattr(quad.graph_name, "value", "")
        base = next((base for base in owned if graph.startswith(base)), None)
        if base is not None:
            owned[base].update({quad.subject.value, getattr(quad.object, "value", "")})
    assert {iri for iri in owned[SECOND] if iri.startswith(STUDY)} == set()
    assert {iri for iri in owned[STUDY] if iri.startswith(SECOND)} == set()
    things = [{iri for iri in owned[base] if iri.startswith(base)} for base in owned]
    assert min(map(len, things)) > 200
    assert not things[0] & things[1]
