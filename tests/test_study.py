"""A study: its study.yaml, which of several is read, and that two never melt together."""

from __future__ import annotations

from pathlib import Path

import pytest

import govgraph
from govgraph.coding.starting import start_file, start_study
from govgraph.coding.study_file import read_study
from govgraph.errors import SourceErrors
from test_new_study import run

RIGHT = """\
title: {pt: Água, en: Water}
base: https://agua.example/estudo/
languages: [pt, en]
creators:
  - {name: Ana Silva, orcid: 0000-0002-1825-0097}
licence: https://creativecommons.org/licenses/by/4.0/
issued: 2026-01-31
contact: ana@agua.example
repository: https://forge.example/ana/agua/
prefixes: {outro: "https://outro.example/"}
"""

WRONG = {
    "an unknown key": (
        "issued: 2026-01-31",
        "issue: 2026",
        7,
        "unknown key 'issue'. Did you mean 'issued'?",
    ),
    "no base": ("base: https://agua.example/estudo/\n", "", 1, "no `base`. Give one"),
    "no languages": (
        "languages: [pt, en]\n",
        "",
        1,
        "no `languages`. Give one, such as languages: [en]",
    ),
    "no title": ("title: {pt: Água, en: Water}\n", "", 1, "no `title`."),
    "a relative base": (
        "https://agua.example/estudo/",
        "estudo/",
        2,
        "'estudo/' is no absolute IRI",
    ),
    "a base with other letters": (
        "/estudo/",
        "/água/",
        2,
        "may have ASCII alone",
    ),
    "an empty list of languages": ("languages: [pt, en]", "languages: []", 1, "no `languages`."),
    "a language twice": ("languages: [pt, en]", "languages: [pt, pt]", 3, "'pt' stands twice"),
    "a locale": ("languages: [pt, en]", "languages: [pt, pt_BR]", 3, "is no language tag"),
    "a base without a slash": ("/estudo/", "/estudo", 2, "must end with /"),
    "a base with a fragment": (
        "/estudo/",
        "/estudo#/",
        2,
        "must end with / and have no ? and no #",
    ),
    "govgraph's base": (
        "https://agua.example/estudo/",
        "https://w3id.org/govgraph/",
        2,
        "govgraph's own",
    ),
    "a tag that is none": (
        "[pt, en]",
        "[pt, english-us]",
        3,
        "'english-us' is no language tag (BCP 47)",
    ),
    "a title in the wrong language": ("{pt: Água, en", "{en", 1, "`title` has no text in 'pt'"),
    "a person without a name": ("name: Ana Silva, ", "", 5, "a person or body needs a `name`"),
    "an ORCID that fails its check": ("1825-0097", "1825-0079", 5, "its last digit would be 0"),
    "an ORCID that is none": ("0000-0002-1825-0097", "1825", 5, "'1825' is no ORCID such as"),
    "a licence that is no IRI": (
        "https://creativecommons.org/licenses/by/4.0/",
        "CC BY 4.0",
        6,
        "the licence 'CC BY 4.0' is no IRI",
    ),
    "a date that is none": ("2026-01-31", "January 2026", 7, "'January 2026' is no date such as"),
    "a repository that is none": (
        "https://forge.example/ana/agua/",
        "forge.example/{path}",
        9,
        "'forge.example/{path}' is no address of a repository",
    ),
    "a contact that is none": ("ana@agua.example", "Ana", 8, "'Ana' is no contact"),
    "a prefix that is taken": ("{outro:", "{skos:", 10, "'skos' already stands for"),
    "a prefix that is none": (
        "{outro:",
        '{"1": "https://a.example/", outro:',
        10,
        "'1' is no prefix",
    ),
    "a namespace that is no IRI": (
        '"https://outro.example/"',
        "outro",
        10,
        "'outro' is no IRI that starts with",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_line_of_study_yaml_is_named(tmp_path: Path, name: str) -> None:
    found, written, line, message = WRONG[name]
    folder = tmp_path / "agua"
    folder.mkdir()
    assert RIGHT.count(found) == 1
    (folder / "study.yaml").write_text(RIGHT.replace(found, written), encoding="utf-8")
    with pytest.raises(SourceErrors) as raised:
        read_study(folder)
    errors = [error for error in raised.value.errors if message in error.message]
    assert errors, raised.value
    assert [(error.path, error.line) for error in errors] == [("agua/study.yaml", line)]


def test_a_right_one_is_read(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(RIGHT, encoding="utf-8")
    study = read_study(tmp_path)
    assert study.languages == ("pt", "en")
    assert study.creators[0].iri == "https://orcid.org/0000-0002-1825-0097"
    assert study.contact == "mailto:ana@agua.example"
    assert study.repository == "https://forge.example/ana/agua/blob/HEAD/{path}#L{line}"
    assert study.dataset == "https://agua.example/estudo/dataset"


# -- two studies -----------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        start_study(tmp_path / name, base=f"https://{name}.example/", languages=["en", "es"])
    return tmp_path


def test_equal_ids_of_two_studies_are_two_things(two: Path) -> None:
    kg = govgraph.open(study=[two / "one", two / "two"])
    text = "SELECT DISTINCT ?x { GRAPH ?g { ?x ?p ?o } FILTER(CONTAINS(STR(?x), 'first-case')) }"
    iris = {str(row[0].value) for row in kg.query(text).rows}  # type: ignore[union-attr]
    ones = {iri.removeprefix("https://one.example/") for iri in iris if "//one." in iri}
    twos = {iri.removeprefix("https://two.example/") for iri in iris if "//two." in iri}
    assert len(iris) == len(ones) + len(twos)
    assert ones == twos
    assert "partnership/first-case-forum" in ones
    linked = (
        "SELECT ?x ?y { GRAPH ?g { ?x ?p ?y } FILTER(STRSTARTS(STR(?x), 'https://one.example/')"
        " && STRSTARTS(STR(?y), 'https://two.example/')) }"
    )
    # nothing but the description of the whole, which has both as its parts, links them
    linking = {row[0].value for row in kg.query(linked).rows}  # type: ignore[union-attr]
    assert linking <= {"https://one.example/dataset"}
    assert kg.names.shorten("https://two.example/actor/x") == "two:actor/x"


def test_a_prefix_leads_to_the_other_study_and_is_checked(two: Path) -> None:
    case = two / "one" / "cases" / "first-case.yaml"
    text = case.read_text("utf-8")
    foreign = "member: two:actor/first-case-beta"
    case.write_text(text.replace("member: actor/first-case-beta", foreign), encoding="utf-8")
    yaml = two / "one" / "study.yaml"
    yaml.write_text(
        f'{yaml.read_text("utf-8")}prefixes: {{two: "https://two.example/"}}\n', encoding="utf-8"
    )
    both = ("--study", "one", "--study", "two")
    assert run(two, "validate", *both).returncode == 0
    rows = text.splitlines()
    line = next(n for n, row in enumerate(rows, 1) if "member: actor/first-case-beta" in row)
    wrong = text.replace("member: actor/first-case-beta", "member: two:actor/nobody")
    case.write_text(wrong, encoding="utf-8")
    done = run(two, "validate", *both, status=3)
    message = f"one/cases/first-case.yaml:{line}: 'two:actor/nobody' is described nowhere."
    assert message in done.stderr


def test_studies_side_by_side_need_a_base_each(two: Path) -> None:
    yaml = two / "two" / "study.yaml"
    text = yaml.read_text("utf-8").replace("https://two.example/", "https://one.example/")
    yaml.write_text(text, encoding="utf-8")
    done = run(two, "validate", "--study", "one", "--study", "two", status=3)
    assert "the base https://one.example/ and https://one.example/ of" in done.stderr
    assert len(done.stderr.splitlines()) == 1


# -- which study is read ---------------------------------------------------------------------------

COMMANDS = (
    "validate", "queries", "query cases", "networks", "network actors --output x.gexf",
    "compare", "claims", "explain actor/first-case-alfa", "build", "diff bundled bundled",
    "push http://127.0.0.1:1/", "publish", "serve --port 0",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_reports_a_wrong_study_yaml(two: Path, command: str) -> None:
    yaml = two / "one" / "study.yaml"
    yaml.write_text(yaml.read_text("utf-8").replace("base:", "bas:"), encoding="utf-8")
    done = run(two / "one" / "cases", *command.split(), status=3)
    assert done.stderr.splitlines()[-1].startswith("govgraph: ../study.yaml:6: unknown key 'bas'.")
    assert done.stdout == ""


@pytest.mark.parametrize("command", COMMANDS[:-4])
def test_in_its_folder_a_study_is_read_alone(two: Path, command: str) -> None:
    done = run(two / "one", *command.split())
    assert "bundled study" not in done.stderr
    assert "security-alliances" not in done.stdout
    assert "Bogotá" not in done.stdout


def test_elsewhere_the_bundled_one_is_read_which_is_said(two: Path) -> None:
    done = run(two, "query", "cases")
    said = "reading the bundled study 'security-alliances' (no study.yaml here or above)"
    assert done.stderr.splitlines() == [said]
    assert "case/bogota" in done.stdout


@pytest.mark.parametrize(
    "command", ["build", "publish", "push http://x.example/", "serve", "validate"]
)
def test_above_studies_one_has_to_be_named(two: Path, command: str) -> None:
    done = run(two, *command.split(), status=2)
    assert done.stderr.splitlines() == [
        "govgraph: a study lies below this folder: one/study.yaml. Name one: --study one, or"
        " --study security-alliances."
    ]
    assert {path.name for path in two.iterdir()} == {"one", "two"}
    (two / "folder").mkdir()
    for name in ("one", "two"):
        (two / name).rename(two / "folder" / name)
    done = run(two, *command.split(), status=2)
    assert "below this folder: folder/one/study.yaml. Name one: --study folder/one" in done.stderr


def test_files_of_no_study_have_a_temporary_base_and_no_keeper(two: Path) -> None:
    start_file("case", "town", two)
    done = run(two, "explain", "partnership/town-forum", "gg:startYear", "--data", "town.yaml")
    assert "names are below the temporary base https://study.example/" in done.stderr
    assert "said in passage/town/1/1 of work/town-document (town.yaml:" in done.stdout
    for source in (("--data", "town.yaml"), ("town.yaml",)):
        refused = run(two, "push", "http://127.0.0.1:1/", *source, status=3)
        assert "what lies in no study has names below https://study.example/" in refused.stderr
    run(two, "publish", "--data", "town.yaml", status=3)


def test_nothing_of_a_strangers_file_becomes_the_bundled_studys(two: Path) -> None:
    start_file("case", "bogota", two)
    kg = govgraph.open(two / "bogota.yaml")
    labels = "SELECT ?l { <%scase/bogota> <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
    own = kg.query(labels % "https://study.example/").rows
    assert {row[0].value for row in own} == {"Nova"}  # type: ignore[union-attr]
    first = kg.query(labels % "https://w3id.org/govgraph/security-alliances/").rows
    assert "Nova" not in {row[0].value for row in first}  # type: ignore[union-attr]


def test_a_folder_that_is_a_study_is_read_as_one_wherever_it_is_named(two: Path) -> None:
    for arguments in (
        ("--alone", "--data", "one"), ("--study", "one"), ("one/cases/first-case.yaml",),
    ):  # fmt: skip
        done = run(two, "validate", *arguments)
        assert "temporary" not in done.stderr
    (two / "one" / "cases" / "first-case.yaml").write_text("id: case/x\ntyp: Case\n", "utf-8")
    for arguments in (("--alone", "--data", "one"), ("one/cases/first-case.yaml",)):
        done = run(two, "validate", *arguments, status=3)
        assert (
            "govgraph: one/cases/first-case.yaml:2: unknown key 'typ' of 'case/x'." in done.stderr
        )
    done = run(two / "one" / "codes", "validate", status=3)
    assert "govgraph: ../cases/first-case.yaml:2: unknown key 'typ' of 'case/x'." in done.stderr


def test_what_was_built_in_a_study_is_no_data(two: Path) -> None:
    run(two / "one", "build")
    run(two / "one", "build", "--output", "elsewhere")
    assert run(two / "one", "build").stderr.startswith("read       2 files")
