"""Pull: every named graph of a store into files, in the order and form of a build."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox

from govgraph.errors import UsageError
from govgraph.files import written_together, written_whole
from govgraph.store.differences import as_quads
from govgraph.store.store_graphs import StoreGraphs
from govgraph.vocabulary import PREFIXES

Progress = Callable[[int, int], None]

FORMATS: Final = {".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG}


def pull(
    graphs: StoreGraphs, output: Path, progress: Progress = lambda done, total: None
) -> tuple[list[Path], int, int]:
    """Write every named graph to a .nq or .trig file, or to both in a folder.

    Returns the files, and how many graphs and statements there were. Nothing is written where a
    graph does not come whole. Raises UsageError for another suffix, RemoteError where the store
    fails.
    """
    if output.suffix and output.suffix not in FORMATS and not output.is_dir():
        raise UsageError(f"--output {output}: expected a .nq or .trig file, or a folder.")
    counts = graphs.counts()
    if output.suffix in FORMATS and not output.is_dir():
        with written_whole(output) as stream:
            _write(graphs, counts, stream, output.suffix, progress)
        return [output], len(counts), sum(counts.values())
    with written_together(output, "govgraph.nq") as new:
        quads = new / "govgraph.nq"
        with written_whole(quads) as stream:
            _write(graphs, counts, stream, ".nq", progress)
        with written_whole(new / "govgraph.trig") as stream:
            _as_trig(quads, stream)
    files = [output / "govgraph.nq", output / "govgraph.trig"]
    return files, len(counts), sum(counts.values())


def write_quads(
    graphs: StoreGraphs, counts: dict[str, int], stream: IO[bytes], progress: Progress
) -> None:
    """Write N-Quads to a stream, graph after graph; a few are held at a time."""
    done, total = 0, sum(counts.values())
    for graph, lines in graphs.read(counts):
        stream.write(as_quads(lines, graph))
        done += len(lines)
        progress(done, total)


def _write(
    graphs: StoreGraphs, counts: dict[str, int], stream: IO[bytes], suffix: str, progress: Progress
) -> None:
    if suffix == ".nq":
        write_quads(graphs, counts, stream, progress)
        return
    from tempfile import NamedTemporaryFile

    with NamedTemporaryFile(suffix=".nq") as quads:
        write_quads(graphs, counts, quads, progress)
        quads.flush()
        _as_trig(Path(quads.name), stream)


def _as_trig(quads: Path, stream: IO[bytes]) -> None:
    parsed = ox.parse(path=str(quads), format=ox.RdfFormat.N_QUADS)
    ox.serialize(parsed, stream, format=ox.RdfFormat.TRIG, prefixes=PREFIXES)
