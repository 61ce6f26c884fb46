"""A build: read, infer, describe, validate, and write all of it to a folder.

Beside the graph lie the files of what belongs to every study, at their IRIs, and on demand each
passage as a nanopublication (http://nanopub.net/guidelines/working_draft/): what it states, where
that stands, who publishes it, with no time in it but what a study says of itself.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

import pyoxigraph as ox

from govgraph.assembly.assemble import Assembly, Progress, assemble, graph_sizes
from govgraph.coding.study import Sources, Study
from govgraph.coding.terms import ontology_files
from govgraph.errors import UsageError, counted, warn
from govgraph.explanation.proof import documents
from govgraph.files import written_together, written_whole
from govgraph.rdf import collector
from govgraph.rdf.terms import Namespace, owl, rdf
from govgraph.rdf.writing import sorted_quads, write_formats, write_graph
from govgraph.resources import bundled
from govgraph.shapes.given import Written
from govgraph.shapes.validation import SEVERITIES, Report, as_csv, validate
from govgraph.vocabulary import DCTERMS, INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH, PREFIXES

Made = TypeVar("Made")
NANOPUBLICATIONS: Final = "nanopublications.trig"
_NP, _PROV = Namespace("http://www.nanopub.org/nschema#"), Namespace(PREFIXES["prov"])
_DCTERMS = Namespace(DCTERMS)
_OF_ALL = ("creator", "publisher", "license", "issued", "modified")
"""What the description of a study says of each of its nanopublications, too, with its version."""


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


@collector.paused()
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


def fill_store(folder: Path | None, fill: Callable[[ox.Store], Made]) -> Made:
    """Make an Oxigraph database in `folder`, fill it, and return what `fill` returns.

    What `fill` returns must not refer to the store, which is closed by then. Where `folder` is
    None, the store is one in memory. Raises UsageError where the folder holds something,
    GovgraphError where it cannot be written.
    """
    if folder is None:
        return fill(ox.Store())
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder. Remove it, or name another.")
    with written_together(folder) as new:
        store = ox.Store(str(new))
        made = fill(store)
        store.flush()
        del store  # closes it
    return made


def write_build(
    store: ox.Store, folder: Path, validation_csv: str, nanopublications: Sequence[Study] = ()
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
    return (
        f"read       {counted(len(assembly.files), 'file')}\n"
        f"stated     {counted(sum(stated), 'statement')} in {passages}\n"
        f"editorial  {counted(sum(editorial), 'statement')}\n"
        f"ontology   {sizes.get(ONTOLOGY_GRAPH, 0):,} statements\n"
        f"inferred   {sizes.get(INFERRED_GRAPH, 0):,} statements\n"
        f"validated  {verdict(report)}"
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


@cache
def common_files() -> dict[str, bytes]:
    """Return the files by their path below govgraph's base: IRI and ending.

    The file whose IRI is that of the whole ontology lies where its version does.
    """
    folder = bundled("ontology")
    paths = {f"ontology/{path.relative_to(folder).as_posix()}": path for path in ontology_files()}
    files = {name: path.read_bytes() for name, path in paths.items()}
    first = files.pop("ontology/govgraph.ttl")
    [version] = re.findall(rb"owl:versionIRI <\S+/(\S+)>", first)
    files[f"ontology/{version.decode()}.ttl"] = first
    shapes = ontology_files(shapes=True)
    files["shapes.ttl"] = _joined(path for path in shapes if path.stem != "sparql")
    files["shapes-sparql.ttl"] = _joined(path for path in shapes if path.stem == "sparql")
    return {"context.jsonld": (folder / "context.jsonld").read_bytes(), **files}


def _joined(paths: Iterable[Path]) -> bytes:
    lines = [line for path in paths for line in path.read_text("utf-8").splitlines()]
    prefixes = sorted({line for line in lines if line.startswith("@prefix ")})
    return "\n".join((*prefixes, *(line for line in lines if line not in prefixes), "")).encode()


def write_nanopublications(store: ox.Store, studies: Sequence[Study], path: Path) -> None:
    """Write the passages of a graph as TriG, in the order of their names."""
    graphs = sorted(graph.value for graph in store.named_graphs())
    quads = (
        quad
        for study in studies
        for graph in graphs
        if graph.startswith(f"{study.base}passage/")
        for quad in _nanopublication(store, study, ox.NamedNode(graph))
    )
    with written_whole(path) as stream:
        ox.serialize(quads, stream, format=ox.RdfFormat.TRIG, prefixes=PREFIXES)
    if not path.stat().st_size:
        warn(f"{path.name}: it holds nothing, as no passage of these studies states anything.")


def _nanopublication(store: ox.Store, study: Study, passage: ox.NamedNode) -> list[ox.Quad]:
    """Return the four graphs of a nanopublication, sorted."""
    this = ox.NamedNode(f"{study.base}nanopublication/{passage.value[len(study.base) + 8 :]}")
    names = ("Head", "assertion", "provenance", "pubinfo")
    head, assertion, provenance, info = (ox.NamedNode(f"{this.value}#{name}") for name in names)
    parts = (_NP.hasAssertion, _NP.hasProvenance, _NP.hasPublicationInfo)
    match, dataset = store.quads_for_pattern, ox.NamedNode(study.dataset)
    told = [
        quad
        for name in (owl.versionInfo, *map(_DCTERMS.__getitem__, _OF_ALL))
        for quad in match(dataset, name, None, ox.NamedNode(METADATA_GRAPH))
    ]
    stated = match(None, None, None, passage)
    works = map(ox.NamedNode, documents(store, passage.value))
    quads = [
        ox.Quad(this, rdf.type, _NP.Nanopublication, head),
        *map(ox.Quad, [this] * 3, parts, (assertion, provenance, info), [head] * 3),
        *(ox.Quad(q.subject, q.predicate, q.object, assertion) for q in stated),
        ox.Quad(assertion, _PROV.wasDerivedFrom, passage, provenance),
        *(ox.Quad(assertion, _PROV.hadPrimarySource, work, provenance) for work in works),
        ox.Quad(this, _DCTERMS.isPartOf, dataset, info),
        *(ox.Quad(this, quad.predicate, quad.object, info) for quad in told),
    ]
    return sorted_quads(quads)
