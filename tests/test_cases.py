"""Case files: what they become, where each statement was written, and every error they can have."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from govgraph.coding.cases import CodedData, load
from govgraph.coding.study import TEMPORARY_BASE, Sources
from govgraph.errors import SourceError, SourceErrors
from govgraph.vocabulary import BASE, GG

CASE = """\
id: case/x
type: Case
label: {en: X, es: Equis}
place: place/x
passages:
  - id: passage/x/1
    type: Paragraph
    position: 1
    citation:
      - {citedWork: work/w, asPrinted: "(W, 2000)"}
    says:
      - id: place/x
        type: City
        label: {en: X, es: Equis}
      - id: work/w
        type: Work
        citedAs: W, 2000
      - id: instrument/p
        type: Programme
        startYear: 1998
        participation:
          - {participant: actor/a, role: [role/founder, role/funder], mode: mode/sporadic}
      - id: actor/a
        type: Foundation
"""


def write(folder: Path, text: str, name: str = "x.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def load_text(folder: Path, text: str, name: str = "x.yaml") -> CodedData:
    return load(Sources(data=(write(folder, text, name),)))


def objects(data: CodedData, subject: str, predicate: str) -> list[str]:
    return [
        quad.object.value
        for quad in data.store
        if quad.subject.value == TEMPORARY_BASE + subject and quad.predicate.value == GG + predicate
    ]


def test_a_passage_is_a_named_graph_of_its_description_and_what_it_says(tmp_path: Path) -> None:
    data = load_text(tmp_path, CASE)
    graphs = {
        quad.subject.value[len(TEMPORARY_BASE) :]: quad.graph_name.value for quad in data.store
    }
    assert graphs["instrument/p"] == graphs["passage/x/1"] == f"{TEMPORARY_BASE}passage/x/1"
    assert graphs["case/x"] == f"{TEMPORARY_BASE}graph/editorial/x"


def test_nested_nodes_are_named_by_what_they_say_and_typed_by_the_range(tmp_path: Path) -> None:
    data = load_text(tmp_path, CASE)
    (participation,) = objects(data, "instrument/p", "participation")
    assert participation == f"{TEMPORARY_BASE}participation/p/sporadic.a.founder_funder"
    types = {
        quad.object.value
        for quad in data.store
        if quad.subject.value == participation and quad.predicate.value.endswith("#type")
    }
    assert types == {f"{GG}Participation"}
    assert objects(data, "passage/x/1", "citation") == [f"{TEMPORARY_BASE}citation/x-1/w-2000.w"]


def test_the_order_of_keys_does_not_change_a_name(tmp_path: Path) -> None:
    turned = CASE.replace(
        "{participant: actor/a, role: [role/founder, role/funder], mode: mode/sporadic}",
        "{mode: mode/sporadic, role: [role/founder, role/funder], participant: actor/a}",
    )
    assert turned != CASE
    assert set(load_text(tmp_path, CASE).store) == set(load_text(tmp_path, turned).store)


def test_no_blank_nodes_and_integers_as_integers(tmp_path: Path) -> None:
    data = load_text(tmp_path, CASE)
    assert not [q for q in data.store if isinstance(q.subject, ox.BlankNode)]
    years = [q.object for q in data.store if q.predicate.value == f"{GG}startYear"]
    assert years == [ox.Literal(1998)]


def test_every_statement_knows_its_line(tmp_path: Path) -> None:
    data = load_text(tmp_path, CASE)
    lines = CASE.splitlines()
    for quad in data.store:
        predicate, value = quad.predicate.value, quad.object.value
        entries = data.sources.entries(quad.subject.value)
        exact = [entry for entry in entries if entry[1:3] == (predicate, value)]
        assert exact, quad
        text = lines[exact[0].location.line - 1]
        key = predicate.rpartition("#")[2].rpartition("/")[2]
        assert (
            key in text
            or "- {" in text
            or value.replace(BASE, "").replace(TEMPORARY_BASE, "") in text
        ), (quad, text)


def test_two_passages_that_say_the_same_give_one_node_in_two_graphs(tmp_path: Path) -> None:
    second = """\
  - id: passage/x/2
    type: Paragraph
    position: 2
    says:
      - id: instrument/p
        participation:
          - {participant: actor/a, role: [role/founder, role/funder], mode: mode/sporadic}
"""
    data = load_text(tmp_path, CASE + second)
    link = f"{GG}participation"
    graphs = {q.graph_name.value for q in data.store if q.predicate.value == link}
    assert graphs == {f"{TEMPORARY_BASE}passage/x/1", f"{TEMPORARY_BASE}passage/x/2"}
    assert len(set(objects(data, "instrument/p", "participation"))) == 1


def test_a_passage_without_a_type_is_the_paragraph_that_its_id_says(tmp_path: Path) -> None:
    written = """\
id: case/x
type: Case
passages:
  - {id: passage/1, type: Section}
  - id: passage/1/12
    PLACE
    says: [{id: event/e, type: Event}]
"""
    place = "type: Paragraph\n    partOf: passage/1\n    position: 12\n"
    explicit = set(load_text(tmp_path, written.replace("PLACE", place)).store)
    assert set(load_text(tmp_path, written.replace("    PLACE\n", "")).store) == explicit
    other = load_text(tmp_path, written.replace("PLACE", "position: 3"))
    assert objects(other, "passage/1/12", "position") == ["3"]  # what is written holds


def test_what_has_an_id_and_no_type_is_told_so(tmp_path: Path) -> None:
    text = CASE.replace("      - id: actor/a\n        type: Foundation\n", "      - id: actor/a\n")
    with pytest.raises(SourceErrors) as caught:
        load_text(tmp_path, text)
    assert [error.message for error in caught.value.errors] == [
        "'actor/a' is described nowhere. Correct the id, or describe it: `actor/a: {label: …}`."
    ]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{id: actor/aa, year: 1990}", "'actor/aa' is described nowhere. Did you mean 'actor/a'"),
        ("{id: event/lost, year: 1990}", "'event/lost' is described nowhere. Correct the id, or"),
        ("{id: place/x, within: place/x-land}", "'place/x-land' is described nowhere"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_thing_that_nothing_describes_is_an_error(
    tmp_path: Path, written: str, message: str
) -> None:
    text = CASE.replace("    says:\n", f"    says:\n      - {written}\n", 1)
    with pytest.raises(SourceErrors) as caught:
        load_text(tmp_path, text)
    assert any(error.message.startswith(message) and error.line for error in caught.value.errors)


def test_a_table_row_lies_in_the_passage_its_column_names(tmp_path: Path) -> None:
    write(tmp_path, CASE)
    write(
        tmp_path,
        "id,type,label.en,label.es,place,passage,passage.type,passage.position\n"
        "event/e,Event,Crisis,Crisis,place/x,passage/x/t1,Paragraph,3\n",
        "events.csv",
    )
    data = load(Sources(data=(tmp_path,)))
    event = [q for q in data.store if q.subject.value == f"{TEMPORARY_BASE}event/e"]
    assert {q.graph_name.value for q in event} == {f"{TEMPORARY_BASE}passage/x/t1"}
    assert {q.object.language for q in event if isinstance(q.object, ox.Literal)} == {"en", "es"}
    assert data.sources.locate(f"{TEMPORARY_BASE}event/e", f"{GG}place") == (
        f"{tmp_path.name}/events.csv",
        2,
    )


def test_how_sure_the_coder_is_names_nothing(tmp_path: Path) -> None:
    sure = CASE.replace("mode: mode/sporadic}", "mode: mode/sporadic, certainty: certainty/low}")
    [name] = objects(load_text(tmp_path, CASE), "instrument/p", "participation")
    data = load_text(tmp_path, sure)
    assert objects(data, "instrument/p", "participation") == [name]
    assert objects(data, name.removeprefix(TEMPORARY_BASE), "certainty") == [f"{BASE}certainty/low"]
    table = tmp_path / "t.csv"
    columns = "participation.1.participant,participation.1.role,participation.1.mode"
    row = "instrument/p,Programme,actor/a,role/founder|role/funder,mode/sporadic,certainty/low\n"
    text = f"id,type,{columns},participation.1.certainty\n{row}"
    table.write_text(f"{text}actor/a,Foundation,,,,\n", encoding="utf-8")
    assert objects(load(Sources(data=(table,))), "instrument/p", "participation") == [name]


def test_rdf_files_are_read_and_their_blank_nodes_named(tmp_path: Path) -> None:
    write(tmp_path, CASE)
    write(tmp_path, "<place/x> <http://purl.org/x> [ <http://purl.org/y> 1 ] .", "more.ttl")
    data = load(Sources(data=(tmp_path,)))
    more = [q for q in data.store if q.graph_name.value == f"{TEMPORARY_BASE}graph/editorial/more"]
    assert len(more) == 2
    assert not [q for q in more if isinstance(q.subject, ox.BlankNode)]
    assert set(load(Sources(data=(tmp_path,))).store) == set(data.store)


WRONG = {
    "broken YAML": ("id: case/x\nlabel: {en: X\ntype: Case\n", 3, "not YAML"),
    "a tab": ("id: case/x\nlabel:\n\ten: X\n", 3, "a tab indents this line"),
    "a wrong key": (CASE.replace("startYear", "startyear"), 20, "Did you mean 'startYear'"),
    "an unknown type": (CASE.replace("Programme", "Program"), 19, "Did you mean 'Programme'"),
    "a misspelt id": (CASE.replace("t: actor/a,", "t: actor/aa,"), 22, "Did you mean 'actor/a'"),
    "a misspelt code": (CASE.replace("mode/sporadic", "mode/sporadc"), 22, "'mode/sporadic'"),
    "a year as text": (CASE.replace("1998", '"1998"'), 20, "whole number without quotes"),
    "a year with a note": (CASE.replace("1998", "about 1998"), 20, "dateAsPrinted"),
    "a key twice": (
        CASE.replace("place: place/x", "type: Case"),
        4,
        "stands twice (first on line 2",
    ),
    "two types": (
        CASE.replace("citedAs: W, 2000", "citedAs: W, 2000\n      - {id: actor/a, type: City}"),
        24,
        "one id for one thing",
    ),
    "no id": (CASE.replace("id: instrument/p", "note: {en: N}"), 18, "no `id`"),
    "an id with a blank": (CASE.replace("id: case/x", "id: case/x y"), 1, "blank"),
    "a label without language": (CASE.replace("{en: X, es: Equis}", "X", 1), 3, "{pt: …}"),
    "a language that is none": (CASE.replace("es: Equis}", "ES: Equis}", 1), 3, "language tag"),
    "an empty value": (CASE.replace("startYear: 1998", "startYear:"), 20, "no value"),
    "a list at the top": ("- id: case/x\n", 1, "must start with keys"),
    "an empty file": ("# nothing\n", None, "the file is empty"),
    "a passage with empty says": (
        CASE.split("      - id: place/x", maxsplit=1)[0],
        11,
        "`says` is empty",
    ),
}


def test_what_is_wrong_is_named_with_file_and_line_in_one_line(tmp_path: Path) -> None:
    faults = []
    for name, (text, line, message) in WRONG.items():
        with pytest.raises(SourceError) as caught:
            load_text(tmp_path, text)
        error = caught.value
        named = error.line == line and "x.yaml" in str(error.path)
        if not named or message not in str(error) or "\n" in str(error):
            faults.append((name, line, message, str(error)))
    assert faults == []


MANY = """\
id: case/z
type: Caze
plaze: place/bogota
passages:
  - id: passage/z/1
    type: Section
    position: one
    says:
      - {id: instrument/z, type: Programe, startYear: soon}
      - text
      - {id: instrument/y, type: Programme, participation: [{participant: actor/x, rol: role/y}]}
"""


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(MANY, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("id: [", encoding="utf-8")
    (tmp_path / "c.nq").write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(SourceErrors) as caught:
        load(Sources(data=(tmp_path,)))
    found = [(str(each.path).rpartition("/")[2], each.line) for each in caught.value.errors]
    assert found == [*(("a.yaml", n) for n in (2, 3, 7, 9, 9, 10, 11)), ("b.yaml", 1), ("c.nq", 1)]
    assert len(str(caught.value).splitlines()) == len(found)
    assert caught.value.message == caught.value.errors[0].message


def test_all_ids_that_are_described_nowhere_are_named_at_once(tmp_path: Path) -> None:
    nodes = "".join(
        f"  - {{id: actor/a{n}, type: Person, memberOf: actor/no{n}}}\n" for n in range(3)
    )
    (tmp_path / "a.yaml").write_text(f"nodes:\n{nodes}", encoding="utf-8")
    with pytest.raises(SourceErrors) as caught:
        load(Sources(data=(tmp_path,)))
    assert [each.line for each in caught.value.errors] == [2, 3, 4]


def test_a_query_that_is_stored_nowhere_is_named_with_its_line(tmp_path: Path) -> None:
    case = CASE.replace("place: place/x", "checkedBy: query/claims/years-apart", 1)
    load_text(tmp_path, case)
    with pytest.raises(SourceErrors) as caught:
        load_text(tmp_path, case.replace("years-apart", "year-apart"))
    (error,) = caught.value.errors
    assert error.line == 4
    message = "there is no stored query 'query/claims/year-apart'. Did you mean 'query/claims/y"
    assert error.message.startswith(message)


def test_an_encoding_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(CASE.replace("Equis", "Bogotá").encode("latin-1"))
    with pytest.raises(SourceError, match=r"x\.yaml:3: byte 0xe1 is not UTF-8"):
        load(Sources(data=(tmp_path / "x.yaml",)))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        load(Sources(data=(tmp_path / "missing.yaml",)))
    with pytest.raises(SourceError, match="no such file"):
        load(Sources(data=(tmp_path / "missing",)))


def test_a_table_that_is_none(tmp_path: Path) -> None:
    for text, message in (
        ("", "the table is empty"),
        ("id,id\n", "stands twice"),
        ("id,type\na\n", "1 cells, but the header names 2"),
        ("id,type,startYear\ninstrument/p,Programme,soon\n", "whole number"),
    ):
        with pytest.raises(SourceError, match=message):
            load_text(tmp_path, text, "x.csv")


def test_rdf_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not valid RDF") as caught:
        load_text(tmp_path, "<a> <b> .\n", "x.ttl")
    assert caught.value.line == 1
