"""JSON-LD whose context lies elsewhere: known ones are there, files beside it are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import govgraph
from govgraph.errors import GovgraphWarning, SourceError
from govgraph.rdf.formats import RDF_FORMATS
from govgraph.rdf.reading import _KNOWN_CONTEXTS, read_quads, with_contexts


def read(folder: Path, tree: Any) -> set[str]:
    path = folder / "a.jsonld"
    path.write_text(json.dumps(tree))
    return {str(q.triple) for q in read_quads(path, RDF_FORMATS["jsonld"], "a.jsonld", "http://x/")}


@pytest.mark.parametrize(
    ("context", "key", "value", "triple"),
    [
        ("https://schema.org", "name", "A", '<http://schema.org/name> "A"'),
        ("http://schema.org/", "knows", {"@id": "http://x/b"}, "<http://schema.org/knows> <http://x/b>"),
        ("https://www.w3.org/ns/activitystreams", "name", "A",
         '<https://www.w3.org/ns/activitystreams#name> "A"'),
        ("http://www.w3.org/ns/anno.jsonld", "target", "http://x/b",
         "<http://www.w3.org/ns/oa#hasTarget> <http://x/b>"),
        ("https://www.w3.org/ns/csvw", "csvw:url", "A", '<http://www.w3.org/ns/csvw#url> "A"'),
        ("https://www.w3.org/ns/did/v1", "alsoKnownAs", "http://x/b",
         "<https://www.w3.org/ns/activitystreams#alsoKnownAs> <http://x/b>"),
        ("https://w3id.org/govgraph/context.jsonld", "startYear", 2001,
         "<https://w3id.org/govgraph/ontology#startYear> "),
    ],
)  # fmt: skip
def test_known_contexts_are_there(
    tmp_path: Path, context: str, key: str, value: Any, triple: str
) -> None:
    for named in (context, [context], [{"x": "http://x/x"}, context]):
        (said,) = read(tmp_path, {"@context": named, "@id": "http://x/a", key: value})
        assert said.startswith(f"<http://x/a> {triple}")


@pytest.mark.parametrize("address", [a for a in _KNOWN_CONTEXTS if "credentials" in a])
def test_credentials_are_read(tmp_path: Path, address: str) -> None:
    kind = {"@context": f"https://{address}", "id": "http://x/a", "type": "VerifiableCredential"}
    assert read(tmp_path, kind) == {
        "<http://x/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://www.w3.org/2018/credentials#VerifiableCredential>"
    }


def test_every_context_is_read_by_the_engine(tmp_path: Path) -> None:
    for address in _KNOWN_CONTEXTS:
        tree = {"@context": f"http://{address}", "@id": "http://x/a", "http://x/p": "B"}
        assert len(read(tmp_path, tree)) == 1


def test_a_context_in_a_file_beside_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "words.json").write_text(
        '{"@context": ["https://schema.org", {"n": "http://x/n"}]}'
    )
    tree = {"@context": "words.json", "@id": "http://x/a", "n": "A", "name": "B"}
    assert read(tmp_path, tree) == {
        '<http://x/a> <http://x/n> "A"', '<http://x/a> <http://schema.org/name> "B"'
    }  # fmt: skip


@pytest.mark.parametrize("name", ["https://x.example/c", "../c.json", "/etc/passwd", "none.json"])
def test_another_context_is_named_with_the_remedy(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError) as raised:
        read(tmp_path, {"@context": name, "a": 1})
    assert str(raised.value) == (
        f"a.jsonld: the context {name!r} is not known here, and nothing is fetched. Save it beside"
        ' this file, and give its file name as "@context".'
    )


def test_a_context_that_names_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text('{"@context": "c.json"}')
    with pytest.raises(SourceError, match=r"the context 'c.json' is not known"):
        read(tmp_path, {"@context": "c.json", "a": 1})


def test_text_without_such_a_context_stays_as_it_is(tmp_path: Path) -> None:
    for text in ('{"@context": {"a": "http://x/a"}, "a": 1.0}', "[1", '{"b": "@context"}'):
        assert with_contexts(text, tmp_path, "a") is text


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [("a.jsonld", '{"name": "A"}', " A key that no @context has is left out."), ("a.ttl", "", "")],
)
def test_a_file_that_states_nothing_is_named(
    tmp_path: Path, name: str, text: str, hint: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.warns(GovgraphWarning) as warned:
        govgraph.open(tmp_path / name, bundled=False)
    assert [str(each.message) for each in warned] == [
        f"{tmp_path / name}: it states nothing.{hint}"
    ]
