"""`build --as nanopublications`: each passage by the rules of nanopub-py, the same bytes twice."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from nanopub import Nanopub
from nanopub.utils import MalformedNanopubError
from rdflib import DCTERMS, PROV, URIRef

from first_study import STUDY
from govgraph import KnowledgeGraph
from govgraph.assembly.building import write_nanopublications
from govgraph.errors import GovgraphWarning

FIRST = f"{STUDY}nanopublication/3.3/3"


pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),
    pytest.mark.filterwarnings("ignore:Dataset.contexts is deprecated"),
]


@pytest.fixture(scope="module")
def written(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("nanopublications") / "nanopublications.trig"
    write_nanopublications(kg.store, kg.studies, path)
    return path


def by_name(path: Path) -> dict[str, list[ox.Quad]]:
    """Return the statements of each nanopublication of a file."""
    result: dict[str, list[ox.Quad]] = {}
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TRIG):
        result.setdefault(str(quad.graph_name)[1:].partition("#")[0], []).append(quad)
    return result


def read(quads: list[ox.Quad]) -> Nanopub:
    dataset = rdflib.Dataset()
    text = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    return Nanopub(rdf=dataset.parse(data=text.decode(), format="nquads"))


@pytest.mark.parametrize(
    "step", [pytest.param(20, id="some"), pytest.param(1, id="all", marks=pytest.mark.whole)]
)
def test_each_is_valid_and_states_what_its_passage_states(
    step: int, kg: KnowledgeGraph, written: Path
) -> None:
    found = by_name(written)
    passages = {
        graph.value.replace("/passage/", "/nanopublication/"): graph
        for graph in kg.store.named_graphs()
        if "/passage/" in graph.value
    }
    assert found.keys() == passages.keys()
    for iri in sorted(found)[::step]:
        one = read(found[iri])
        assert one.is_valid
        stated = list(kg.store.quads_for_pattern(None, None, None, passages[iri]))
        assert len(one.assertion) == len(stated)


def test_it_says_where_the_passage_stands_and_who_publishes(written: Path) -> None:
    one = read(by_name(written)[FIRST])
    said = set(one.provenance.predicate_objects(URIRef(f"{FIRST}#assertion")))
    assert said == {
        (PROV.wasDerivedFrom, URIRef(f"{STUDY}passage/3.3/3")),
        (PROV.hadPrimarySource, URIRef(f"{STUDY}work/study")),
    }
    assert one.pubinfo.value(URIRef(FIRST), DCTERMS.isPartOf) == URIRef(f"{STUDY}dataset")
    assert one.pubinfo.value(URIRef(FIRST), DCTERMS.license)
    assert "dateTime" not in written.read_text("utf-8")


def test_one_without_publication_info_is_not_valid(written: Path) -> None:
    quads = [q for q in by_name(written)[FIRST] if "#pubinfo" not in str(q.graph_name)]
    with pytest.raises(MalformedNanopubError):
        _ = read(quads).is_valid


def test_the_same_bytes_twice(kg: KnowledgeGraph, written: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.trig"
    write_nanopublications(kg.store, kg.studies, again)
    assert again.read_bytes() == written.read_bytes()


def test_a_study_whose_passages_state_nothing_has_none_and_is_told(tmp_path: Path) -> None:
    with pytest.warns(GovgraphWarning, match="holds nothing, as no passage"):
        write_nanopublications(ox.Store(), [], tmp_path / "nanopublications.trig")
    assert (tmp_path / "nanopublications.trig").read_bytes() == b""
