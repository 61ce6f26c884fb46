"""A build: read, infer, describe, validate, and write all of it to a folder."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from govgraph.assembly.assemble import Assembly, Progress, assemble
from govgraph.assembly.commons import common_files
from govgraph.assembly.metadata import graph_sizes
from govgraph.assembly.nanopublications import NANOPUBLICATIONS, write_nanopublications
from govgraph.coding.study import Sources, Study
from govgraph.errors import counted
from govgraph.files import written_together
from govgraph.rdf import collector
from govgraph.rdf.writing import write_formats, write_graph
from govgraph.shapes.data import Written
from govgraph.shapes.reports import as_csv
from govgraph.shapes.validation import SEVERITIES, Report, validate
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH


@dataclass(frozen=True)
class Build:
    """What is said of a build; nothing that would keep its database open.

    `failed` tells that the graph violates a shape or contradicts the ontology.
    """

    paths: list[Path]
    summary: str
    cautions: list[str]
    clashes: list[str]
    failed: bool


def build(
    sources: Sources,
    output: Path,
    progress: Progress = lambda stage: None,
    store: ox.Store | None = None,
    nanopublications: Sequence[Study] = (),
) -> Build:
    """Build the graph of `sources` in `store` (see `assemble`) and write it to `output`.

    Passages of the studies in `nanopublications` are written as these, too.
    """
    assembly = assemble(sources, progress=progress, store=store, described=True)
    progress("validate")
    is_ours = assembly.store.contains_named_graph(ox.NamedNode(ONTOLOGY_GRAPH))
    data = None if is_ours else Written(assembly.store)
    report = validate(
        assembly.store, assembly.sources, names=assembly.names, studies=sources.studies, data=data
    )
    progress("write")
    return Build(
        write_build(assembly.store, output, as_csv(report.results), nanopublications),
        summary(assembly, report),
        [str(caution) for caution in assembly.cautions],
        [str(clash) for clash in assembly.clashes],
        failed=bool(report.at_least("Violation") or assembly.clashes),
    )


@collector.paused()
def write_build(
    store: ox.Store,
    folder: Path,
    validation_csv: str,
    nanopublications: Sequence[Study] = (),
) -> list[Path]:
    """Write dumps, ontology, the VoID description and the validation report; return their paths.

    What belongs to every study comes beside them. All files or none: if it fails or is
    interrupted, what an earlier build left is still there.
    """
    with written_together(folder, "govgraph.nq") as new:
        paths = write_formats(store, new)
        for name, graph in (("ontology.ttl", ONTOLOGY_GRAPH), ("void.ttl", METADATA_GRAPH)):
            write_graph(store, graph, new / name)
            paths.append(new / name)
        if nanopublications:
            paths.append(new / NANOPUBLICATIONS)
            write_nanopublications(store, nanopublications, paths[-1])
        paths.append(new / "validation.csv")
        paths[-1].write_bytes(validation_csv.encode())
        for name, content in common_files().items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_bytes(content)
    return [folder / path.name for path in paths]


def summary(assembly: Assembly, report: Report) -> str:
    """Return what a build read, inferred and found: six lines of a word and a count."""
    sizes = {graph.value: size for graph, size in graph_sizes(assembly.store).items()}
    names = assembly.names
    passages = counted(sum(bool(names.of_kind(name, "passage")) for name in sizes), "passage")
    stated = [size for name, size in sizes.items() if not names.of_kind(name, "graph")]
    ours = ("graph/editorial", "graph/reading")
    editorial = [n for name, n in sizes.items() if any(names.of_kind(name, kind) for kind in ours)]
    return "\n".join(
        (
            f"read       {counted(len(assembly.files), 'file')}",
            f"stated     {counted(sum(stated), 'statement')} in {passages}",
            f"editorial  {counted(sum(editorial), 'statement')}",
            f"ontology   {sizes.get(ONTOLOGY_GRAPH, 0):,} statements",
            f"inferred   {sizes.get(INFERRED_GRAPH, 0):,} statements",
            f"validated  {verdict(report)}",
        )
    )


def verdict(report: Report) -> str:
    """Return one line: conforms, or how many results of each severity there are."""
    if report.conforms:
        return "conforms to the shapes"
    if not report.results:
        return "nothing was checked: no shape of ours targets any of it"
    counts = Counter(result.severity for result in report.results)
    numbers = ", ".join(f"{counts[name]} {name}" for name in reversed(SEVERITIES) if counts[name])
    start = "does not conform" if report.at_least("Violation") else "nothing wrong, but to look at"
    return f"{start}: {numbers} (see validation.csv or `govgraph validate`)"
