"""One thing described in two places, each in its own way, is an error that names both."""

from __future__ import annotations

from pathlib import Path

import pytest

from govgraph import KnowledgeGraph
from govgraph.coding.cases import load
from govgraph.coding.study import Sources
from govgraph.errors import SourceErrors

CASE = """\
id: case/{name}
type: Case
label: {{en: {label}}}
place: place/colombia
passages:
  - id: passage/{passage}
    type: Paragraph
    says:
      - id: partnership/alliance
        type: Alliance
        label: {{en: {alliance}}}
        case: case/{name}
"""


def case(name: str = "x", passage: str = "x/1", alliance: str = "The alliance") -> str:
    return CASE.format(name=name, label=name.upper(), passage=passage, alliance=alliance)


def told(folder: Path, **files: str) -> list[str]:
    """Return the errors of some files, by name without suffix."""
    paths = []
    for name, text in files.items():
        suffix = ".csv" if text.startswith("id,") else ".yaml"
        path = folder / f"{name}{suffix}"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    try:
        load(Sources(data=(*paths,)))
    except SourceErrors as errors:
        return str(errors).replace(f"{folder}/", "").splitlines()
    return []


def test_what_two_files_say_of_one_thing_alike_is_one_thing(tmp_path: Path) -> None:
    registry = "nodes:\n  - id: partnership/alliance\n    label: {en: The alliance, de: Allianz}\n"
    assert told(tmp_path, one=case(), two=registry) == []


def test_a_passage_in_two_files(tmp_path: Path) -> None:
    [error] = told(tmp_path, one=case(), two=case("y", alliance="Another"))
    assert error == (
        "two.yaml:6: 'passage/x/1' is described here and at one.yaml:6. Describe it in one place, "
        "or give one of the two another id."
    )


def test_what_another_file_adds_to_a_passage_is_told_without_its_type_too(tmp_path: Path) -> None:
    other = case("y").replace("    type: Paragraph\n", "")
    errors = told(tmp_path, one=case(), two=other)
    assert "two.yaml:6: 'passage/x/1' is described here and at one.yaml:6." in "\n".join(errors)


def test_a_case_in_two_files(tmp_path: Path) -> None:
    [error] = told(tmp_path, one=case(), two=case(passage="x/2"))
    assert error.startswith("two.yaml:1: 'case/x' is described here and at one.yaml:1.")


def test_a_passage_of_a_table_and_of_a_case_file(tmp_path: Path) -> None:
    head = "id,type,label.en,year,passage,passage.type\n"
    [error] = told(tmp_path, one=case(), two=head + "event/e,Event,E,1999,passage/x/1,Paragraph\n")
    assert "two.csv:2" in error
    assert "one.yaml:6" in error


def test_a_row_of_a_table_may_name_a_passage_that_a_case_file_describes(tmp_path: Path) -> None:
    table = "id,type,label.en,year,passage\nevent/e,Event,E,1999,passage/x/1\n"
    assert told(tmp_path, one=case(), two=table) == []


def test_two_labels_in_one_language(tmp_path: Path) -> None:
    two = (
        "nodes:\n  - id: partnership/alliance\n    label:\n      es: Alianza\n      en: Alliance\n"
    )
    assert told(tmp_path, one=case(), two=two) == [
        "two.yaml:5: 'partnership/alliance' is called 'Alliance' here but 'The alliance' at "
        "one.yaml:11 (en). Use one id for one thing, and `altLabel` for a further name of it."
    ]


def test_a_label_in_turtle_of_the_study_unlike_that_of_a_case_file(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("title: X\nbase: https://x.example/\nlanguages: [en]\n")
    (tmp_path / "one.yaml").write_text(case())
    turtle = tmp_path / "two.ttl"
    said = "<https://x.example/partnership/alliance> <http://www.w3.org/2000/01/rdf-schema#label>"
    turtle.write_text(f'{said} "Alliance"@en , "Alliance"@fr .')
    found = KnowledgeGraph.open(study=tmp_path).validate().results
    [row] = [row for row in found if row.shape == "LabelOncePerLanguage"]
    assert row.place.endswith("one.yaml:11")
    assert row.message.startswith("There are two labels in the same language. Keep one as `label`")
    assert row.message.endswith(f" Cf. {tmp_path.name}/two.ttl.")
    turtle.write_text(f'{said} "The alliance"@en .')
    found = KnowledgeGraph.open(study=tmp_path).validate().results
    assert not [row for row in found if row.shape == "LabelOncePerLanguage"]


@pytest.mark.parametrize("same_file", [True, False])
def test_an_arrangement_of_two_cases(tmp_path: Path, same_file: bool) -> None:
    one = case()
    two = case("y", "y/1")
    if same_file:
        one = one.replace("case: case/x", "case: [case/x, case/y]")
        two = two.replace("        case: case/y\n", "")
    line = "one.yaml:12" if same_file else "two.yaml:12"
    assert told(tmp_path, one=one, two=two) == [
        f"{line}: 'partnership/alliance' belongs to 'case/y' here but to 'case/x' at one.yaml:12. "
        "An arrangement belongs to one case: give one of the two another id."
    ]


def test_a_finding_may_belong_to_two_cases(tmp_path: Path) -> None:
    finding = "nodes:\n  - id: finding/f\n    type: Finding\n    case: [case/x, case/y]\n"
    assert (
        told(tmp_path, one=case(), two=case("y", "y/1").partition("    says")[0], f=finding) == []
    )


def test_labels_that_rdf_of_others_gives_stand_beside_each_other(tmp_path: Path) -> None:
    text = "<partnership/alliance> <http://www.w3.org/2000/01/rdf-schema#label> 'A'@en, 'B'@en ."
    rdf = tmp_path / "others.ttl"
    rdf.write_text(text, encoding="utf-8")
    path = tmp_path / "one.yaml"
    path.write_text(case(), encoding="utf-8")
    load(
        Sources(
            data=(
                path,
                rdf,
            )
        )
    )


@pytest.mark.whole
def test_a_thing_with_one_label_in_ten_thousand_passages_takes_no_longer(tmp_path: Path) -> None:
    rows = [f"event/e,Event,The flood,1999,passage/x/{n},TableRow\n" for n in range(10_000)]
    text = "id,type,label.en,year,passage,passage.type\n" + "".join(rows)
    assert told(tmp_path, table=text) == []
