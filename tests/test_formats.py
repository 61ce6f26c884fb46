"""The one table of RDF formats: each ending means the same to every command."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from govgraph.cli import group
from govgraph.coding.cases import load
from govgraph.coding.study import Sources
from govgraph.rdf.formats import GRAPH_TYPE_ALIASES, RDF_FORMATS, format_of, without_endings

TRIPLE = ox.Triple(
    ox.NamedNode("http://example.org/s"),
    ox.NamedNode("http://example.org/p"),
    ox.NamedNode("http://example.org/o"),
)
ENDINGS = [ending for entry in RDF_FORMATS.values() for ending in (*entry.endings, *entry.generic)]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same triple in a file of every ending, plain and compressed."""
    folder = tmp_path_factory.mktemp("formats")
    result = []
    for ending in ENDINGS:
        rdf_format = format_of(f"x.{ending}")
        assert rdf_format is not None
        data = ox.serialize([TRIPLE], format=rdf_format.engine)
        assert data is not None
        result += [folder / f"{ending}.{ending}", folder / f"{ending}.{ending}.gz"]
        result[-2].write_bytes(data)
        result[-1].write_bytes(gzip.compress(data))
    return result


def test_the_table_names_each_thing_once() -> None:
    media_types = [
        name
        for entry in RDF_FORMATS.values()
        for name in (entry.media_type, *entry.other_media_types, *entry.generic_media_types)
    ]
    assert sorted(media_types) == sorted(set(media_types))
    assert sorted(ENDINGS) == sorted(set(ENDINGS))
    assert set(GRAPH_TYPE_ALIASES) | {e.media_type for e in RDF_FORMATS.values()} == set(
        media_types
    )


def test_every_reader_reads_every_ending(files: list[Path]) -> None:
    faults = []
    for path in files:
        if [quad.triple for quad in load(Sources(data=(path,))).store] != [TRIPLE]:
            faults.append(("--data", path.name, ""))
        for arguments in (["infer", str(path)], ["diff", str(path), str(files[0])]):
            outcome = CliRunner().invoke(group, arguments)
            if outcome.exit_code != 0:
                faults.append((arguments[0], path.name, outcome.output))
    assert faults == []


def test_what_other_programs_write_is_not_taken_for_rdf_in_a_folder() -> None:
    assert format_of("works.json") is RDF_FORMATS["jsonld"]
    assert format_of("works.json", in_folder=True) is None
    assert format_of("feed.xml", in_folder=True) is None
    assert format_of("data.JSONLD.gz", in_folder=True) is RDF_FORMATS["jsonld"]
    assert format_of("table.csv") is None


def test_a_file_is_called_the_same_whatever_its_format() -> None:
    names = [str(without_endings(Path(f"a/b.c{suffix}"))) for suffix in (".nq", ".nq.gz", ".ttl")]
    assert names == ["a/b.c"] * 3
