"""What is written in brief says what the long way says."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from govgraph.coding.cases import load
from govgraph.coding.study import Sources, Study
from govgraph.errors import SourceErrors

LONG = """\
id: case/a
type: Case
label: {pt: A}
place: place/p
passages:
  - {id: passage/1, type: Section, label: {pt: Um}}
  - id: passage/1/1
    citation: {citedWork: work/w, asPrinted: W 3}
    says:
      - {id: place/p, type: Area, label: {pt: P, en: P}}
      - id: partnership/c
        type: Partnership
        label: {pt: Conselho}
        case: case/a
        appliesIn: place/p
        participation:
          - {participant: actor/x, role: role/founder}
          - {participant: actor/y, role: role/founder}
          - {participant: actor/x, role: role/funder, mode: mode/sporadic}
        nonParticipation: {nonParticipant: actor/z}
        observation:
          - {measure: measure/members, value: 12, unit: unit/persons}
          - {measure: measure/duration, minimum: 1, maximum: 3, unit: unit/years, year: 2001}
      - {id: actor/x, type: Government, label: {pt: X}}
      - {id: actor/y, type: Organisation, label: {pt: Y}}
      - {id: actor/z, type: Organisation, label: {pt: Z}}
    reads:
      - {id: actor/x, sector: sector/government}
      - {id: partnership/c, participation: {participant: actor/y, role: role/adviser}}
  - {id: passage/1/2, codingNote: {pt: nada}}
"""
BRIEF = """\
id: case/a
label: A
place: p
defaults: {Arrangement: {case: a, appliesIn: p}}
passages:
  passage/1: Um
  passage/1/1:
    citation: {citedWork: w, asPrinted: W 3}
    place/p: {type: Area, name: P}
    partnership/c:
      label: Conselho
      participants: {founder: [actor/x, actor/y]}
      participation: {participant: actor/x, role: funder, mode: sporadic}
      nonParticipants: actor/z
      numbers:
        members: 12 persons
        duration: {minimum: 1 years, maximum: 3 years, year: 2001}
    actor/x: {type: Government, label: X}
    actor/y: Y
    actor/z: Z
    reads:
      actor/x: {sector: government}
      partnership/c: {participants: {adviser: actor/y}}
  passage/1/2: {codingNote: nada}
"""
WORKS = "work/w: {name: W 2001, citedAs: W, year: 2001, workKind: book}\n"
LONG_WORKS = """\
nodes:
  - id: work/w
    type: Work
    label: {pt: W 2001, en: W 2001}
    citedAs: W
    year: 2001
    workKind: work-kind/book
"""


def read(folder: Path, **files: str) -> set[str]:
    """Return what a study in Portuguese and English says, each statement with its graph."""
    for name, text in files.items():
        (folder / f"{name}.{'csv' if text.startswith('id,') else 'yaml'}").write_text(text, "utf-8")
    study = Study(folder, "https://s.example/", ("pt", "en"))
    store = load(Sources((study,))).store
    return {str(quad) for quad in store if isinstance(quad.subject, ox.NamedNode)}


def test_the_brief_way_says_what_the_long_way_says(tmp_path: Path) -> None:
    (tmp_path / "long").mkdir()
    (tmp_path / "brief").mkdir()
    long = read(tmp_path / "long", case=LONG, works=LONG_WORKS)
    assert len(long) > 60
    assert read(tmp_path / "brief", case=BRIEF, works=WORKS) == long


def test_labels_in_order_and_what_is_read_stand_with_the_thing(tmp_path: Path) -> None:
    head = "id: case/a\nlabel: A\nplace: place/chile\npassages:\n  passage/1: Um\n  passage/1/1:\n"
    long = """\
    actor/x: {type: Government, label: {pt: Um, en: One}}
    actor/y: {label: {pt: "Dois, três", en: Two}}
    reads: {actor/y: {sector: society}, actor/x: {sector: government}}
  passage/1/2: {reads: {actor/x: {sector: society}}}
"""
    brief = """\
    actor/x: {type: Government, label: [Um, One], sector: government}
    actor/y: {label: ["Dois, três", Two]}
    reads: {actor/y: {sector: society}}
  passage/1/2: {actor/x: {sector: society}}
"""
    (tmp_path / "long").mkdir()
    (tmp_path / "brief").mkdir()
    assert read(tmp_path / "brief", case=head + brief) == read(tmp_path / "long", case=head + long)
    wrong = head + brief.replace("[Um, One]", "[Um]")
    with pytest.raises(
        SourceErrors, match=r":7: `label` lists one text for each language \(pt, en"
    ):
        read(tmp_path / "brief", case=wrong)


def test_a_table_has_bare_codes(tmp_path: Path) -> None:
    table = "id,type,label.pt,workKind\nwork/w,Work,W 2001,book\n"
    assert any("work-kind/book" in quad for quad in read(tmp_path, works=table))


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (
            "actor/y: Y", "actor/y: {id: actor/y}",
            "case.yaml:19: this is 'actor/y' by the key that it stands under. Remove its `id`.",
        ),
        (
            "12 persons", "[{value: 12, unit: person}]",
            "case.yaml:16: 'unit/person' is no code of the list 'unit' (see docs/terms.md). "
            "Did you mean 'unit/persons'?",
        ),
        (
            "[actor/x, actor/y]", "{participant: actor/x}",
            "case.yaml:12: `participants` is written as in {founder: actor/a}, unlike 'founder' "
            "here. What is no part of it begins further left, or use `participation`.",
        ),
        (
            "Arrangement: {", "Arangement: {",
            "case.yaml:4: `defaults` takes types with keys, such as {Finding: {case: case/a}}, "
            "found 'Arangement'. Did you mean 'Arrangement'?",
        ),
        (
            "sector: government", "sector: goverment",
            "case.yaml:22: 'sector/goverment' is no code of the list 'sector' (see docs/terms.md). "
            "Did you mean 'sector/government'?",
        ),
        (
            "  passage/1/2: {codingNote: nada}", "  passage/1/1: {codingNote: nada}",
            "case.yaml:24: the key 'passage/1/1' stands twice (first on line 7). Join them, or"
            " begin one further right or left, where the keys of its thing begin.",
        ),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_line(tmp_path: Path, old: str, new: str, error: str) -> None:
    with pytest.raises(SourceErrors) as told:
        read(tmp_path, case=BRIEF.replace(old, new), works=WORKS)
    assert str(told.value).replace(f"{tmp_path.name}/", "").splitlines() == [error]


def test_a_second_unit_is_kept_for_the_shapes_to_tell(tmp_path: Path) -> None:
    said = read(tmp_path, case=BRIEF.replace("3 years", "3 months"), works=WORKS)
    assert {unit for quad in said for unit in ("years", "months") if f"/unit/{unit}>" in quad} == {
        "years", "months",
    }  # fmt: skip


def test_a_key_of_the_study_keeps_its_meaning(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "own.ttl").write_text(
        "@prefix : <https://s.example/ontology#> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        ':name a owl:DatatypeProperty ; rdfs:label "nome"@pt .\n',
        "utf-8",
    )
    said = read(tmp_path, case=BRIEF, works=WORKS.replace("name:", "name: W, label:"))
    assert any('s.example/ontology#name> "P"' in quad for quad in said)
