"""Ids of things: one thing has one address, and one form of Unicode, or is refused."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from govgraph.coding.cases import load
from govgraph.coding.study import Sources
from govgraph.rdf.names import NAMES as GOVGRAPH
from govgraph.rdf.names import InvalidNameError, check_id
from govgraph.web.addresses import iri_paths
from hostile_files import EX, made, refused, run

TRIPLE = f'<{EX}s> <{EX}p> "o" .\n'

WRONG_IDS = {
    "actor/../x": "is no id such as",
    "actor/./x": "is no id such as",
    "/actor/x": "is no id such as",
    "actor/a%2Fb": "an id has no '%'",
    "actor/a?b": "an id has no '?'",
    "actor/a#b": "an id has no '#'",
    "actor/x/": "an id has no empty part",
    "actor//x": "an id has no empty part",
    "actor/index": "'/index' there",
    "index": "'index' there",
    "actor/.htaccess": "'/.' there",
    "actor/x.ttl": "'.ttl' there",
    "actor/x.html": "'.html' there",
    "actor/x~2": "'~2' there",
    "graph/x": "'graph/' begins addresses of the site",
    "sparql": "'sparql' begins addresses of the site",
    "dataset": "'dataset' begins addresses of the site",
    "actor/comité": "Write 'actor/comite'",
    "actor/comite\u0301": "Write 'actor/comite'",
    "actor/комитет": "Write it in letters a to z",
    "actor/a\u200bb": "Write 'actor/ab'",
}


@pytest.mark.parametrize("id_", WRONG_IDS)
@pytest.mark.parametrize("form", ["yaml", "csv"])
def test_an_id_that_is_no_address_of_its_own_is_refused(
    tmp_path: Path, id_: str, form: str
) -> None:
    text = f'id: "{id_}"\ntype: Organisation\nlabel: {{en: X}}\n'
    if form == "csv":
        text = f"id,type,label.en\n{id_},Organisation,X\n"
    said = refused(made(tmp_path, f"x.{form}", text))
    assert WRONG_IDS[id_] in said
    assert f"x.{form}:{1 if form == 'yaml' else 2}: " in said


def test_control_characters_and_backslashes_in_ids(tmp_path: Path) -> None:
    for id_ in ("actor/a\\\\b", "actor/a\\tb", "actor/a\\u0000b", "actor/a b", "actor/a\\nb"):
        said = refused(made(tmp_path, "x.yaml", f'id: "{id_}"\ntype: Organisation\n'))
        assert "x.yaml:1: " in said


@pytest.mark.parametrize("id_", ["actor/a", "place/3.3", "a/B_c~d", "x", "dataset/x", "a/b.c"])
def test_plain_ids_pass(id_: str) -> None:
    check_id(id_)


def test_what_is_typed_has_one_form_of_unicode() -> None:
    composed, decomposed = (unicodedata.normalize(form, "actor/comité") for form in ("NFC", "NFD"))
    assert GOVGRAPH.expand(decomposed) == GOVGRAPH.expand(composed)
    iri = f"{GOVGRAPH.base}{decomposed}"
    assert GOVGRAPH.shorten(iri) == f"<{iri}>"
    assert GOVGRAPH.expand(GOVGRAPH.shorten(iri)) == iri
    with pytest.raises(InvalidNameError):
        check_id(decomposed)


def test_the_path_of_a_file_has_one_form_of_unicode(tmp_path: Path) -> None:
    graphs = set()
    for form in ("NFC", "NFD"):
        path = made(tmp_path / form, unicodedata.normalize(form, "comité.nt"), TRIPLE)
        graphs |= {quad.graph_name.value for quad in load(Sources(data=(path,))).store}
    assert graphs == {"https://study.example/graph/editorial/comit%C3%A9"}


# -- addresses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "paths"),
    [
        (b"/actor/a%2Fb", ["actor/a%2Fb"]),
        (b"/actor/a%2fb", ["actor/a%2fb"]),
        (b"/actor/a%252Fb", ["actor/a%252Fb"]),
        (b"/actor/a%3Fb%23c", ["actor/a%3Fb%23c"]),
        (b"/place/oto%C3%B1o", ["place/otoño", "place/oto%C3%B1o"]),
        (b"/place/%41%2Fb", ["place/A%2Fb", "place/%41%2Fb"]),
        (b"/place/a%00b", []),
        (b"/place/a%0Ab", []),
    ],
)
def test_an_encoded_slash_is_no_slash(sent: bytes, paths: list[str]) -> None:
    assert iri_paths(sent) == paths


def test_what_can_have_no_file_is_named_by_publish(tmp_path: Path) -> None:
    from govgraph.api.knowledge_graph import open as open_graph
    from govgraph.web.site import publish

    run(
        "new", "study", tmp_path / "water", "--base", "https://water.example/s/", "--language", "en"
    )
    base = "https://water.example/s/"
    odd = ["a%2Fb", "a%3Fb", "a%23b", "b/", "a?q", ".htaccess", "x.ttl", "b//c", "a%5Cb", "a%0Ab"]
    lines = [f"<{base}place/{name}> <{EX}p> 'x' ." for name in (*odd, "a/b", "fine")]
    made(tmp_path / "water" / "cases", "odd.ttl", "\n".join([*lines, f"<{base}index> <{EX}p> 1 ."]))
    published = publish(open_graph(study=tmp_path / "water"), tmp_path / "site")
    assert sorted(published.without_page) == sorted(
        [*(f"{base}place/{name}" for name in odd), f"{base}index"]
    )
    assert (tmp_path / "site" / "en" / "place" / "a" / "b.html").is_file()
