"""Case files -> quads, remembering file and line of every statement.

A folder holds YAML (case files and registries), CSV (tables) and RDF, at any depth. What one
passage states lies in the graph named by the passage; the rest of a file in the file's own graph.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from govgraph.coding import Coding, FileCoder, JsonLd
from govgraph.errors import SourceError, did_you_mean
from govgraph.located import read_csv, read_text, read_yaml
from govgraph.source_map import SourceMap
from govgraph.terms import Terms, load_terms
from govgraph.vocabulary import BASE, GG, SDG, graph_iri

YAML_SUFFIXES: Final = frozenset({".yaml", ".yml"})
RDF_FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
}
SUFFIXES: Final = YAML_SUFFIXES | RDF_FORMATS.keys() | {".csv"}
Node = Any  # the terms of pyoxigraph share no base class
MADE_ELSEWHERE: Final = tuple(f"{BASE}{kind}/" for kind in ("graph", "query"))


@dataclass(frozen=True)
class CodedData:
    """The quads of all files, sorted, and where each was written."""

    quads: list[ox.Quad]
    sources: SourceMap
    files: list[str]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read and the name it goes by in messages and graph IRIs."""

    path: Path
    shown: str
    graph_path: str

    @property
    def graph(self) -> str:
        """The graph of what no passage states."""
        return graph_iri(f"editorial/{self.graph_path.removeprefix('editorial/')}")


def find_files(sources: Iterable[Path]) -> list[SourceFile]:
    """Return the readable files of folders, and single files, in a stable order.

    Raises SourceError where a path does not exist or a single file has an unknown suffix.
    """
    result = []
    for source in sources:
        if source.is_dir():
            inside = [p for p in source.rglob("*") if p.suffix in SUFFIXES and p.is_file()]
            for path in sorted(inside, key=lambda p: p.relative_to(source).parts):
                relative = path.relative_to(source)
                shown = str(Path(source.name) / relative)
                result.append(SourceFile(path, shown, relative.with_suffix("").as_posix()))
        elif source.suffix in SUFFIXES:
            if not source.exists():
                raise SourceError("no such file. Check the path.", source)
            result.append(SourceFile(source, str(source), source.stem))
        elif source.exists():
            known = ", ".join(sorted(SUFFIXES))
            raise SourceError(
                f"cannot read {source.suffix or 'this'} files. Known: {known}.", source
            )
        else:
            raise SourceError("no such file or folder. Check the path.", source)
    return result


def shown_names(folders: Iterable[Path], files: Iterable[Path]) -> tuple[list[str], list[Path]]:
    """Split `files` into the shown names of those inside `folders`, and the paths of the others."""
    known = {file.path.resolve(): file.shown for file in find_files(folders)}
    inside, outside = [], []
    for path in files:
        if path.resolve() in known:
            inside.append(known[path.resolve()])
        else:
            outside.append(path)
    return inside, outside


def load(sources: Sequence[Path], terms: Terms | None = None) -> CodedData:
    """Read folders and files into quads; raises SourceError for the first thing that is wrong."""
    terms = terms or load_terms()
    coding = Coding(terms)
    quads: set[ox.Quad] = set()
    external: set[str] = set()
    files = find_files(sources)
    for file in files:
        if file.path.suffix in RDF_FORMATS:
            parsed = _read_rdf(file)
            external.update(q.subject.value for q in parsed if isinstance(q.subject, ox.NamedNode))
        else:
            parsed = _read_coded(file, coding)
        quads.update(parsed)
    check_references(coding, external)
    check_types(coding)
    return CodedData(sorted(quads, key=str), coding.sources, [file.shown for file in files])


def to_jsonld(file: SourceFile, coding: Coding) -> list[JsonLd]:
    """Return the JSON-LD nodes of one YAML or CSV file."""
    coder = FileCoder(coding, file.path, file.shown, file.graph)
    try:
        if file.path.suffix == ".csv":
            return [coder.row(row) for row in read_csv(file.path)]
        return coder.document(read_yaml(file.path))
    except SourceError as error:
        raise SourceError(error.message, file.shown, error.line) from None


def _read_coded(file: SourceFile, coding: Coding) -> list[ox.Quad]:
    nodes = to_jsonld(file, coding)
    document = json.dumps({**coding.terms.context, "nodes": nodes}, ensure_ascii=False)
    return _in_graph(ox.parse(document, format=ox.RdfFormat.JSON_LD), file.graph)


def _read_rdf(file: SourceFile) -> list[ox.Quad]:
    read_text(file.path)  # names a file that is missing or not UTF-8
    try:
        dataset = ox.Dataset(
            ox.parse(path=str(file.path), format=RDF_FORMATS[file.path.suffix], base_iri=BASE)
        )
    except SyntaxError as error:
        raise SourceError(f"not valid RDF: {error.msg}.", file.shown, error.lineno) from None
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return _in_graph(dataset, file.graph)


def _in_graph(quads: Iterable[ox.Quad], graph: str) -> list[ox.Quad]:
    """Name the default graph, and every blank node (by its canonical label)."""
    file_graph = ox.NamedNode(graph)

    path = graph[len(graph_iri("editorial/")) :]

    def name(node: Node) -> Node:
        if isinstance(node, ox.BlankNode):
            return ox.NamedNode(f"{BASE}.well-known/genid/{path}/{node.value}")
        return file_graph if isinstance(node, ox.DefaultGraph) else node

    return [
        ox.Quad(name(quad.subject), quad.predicate, name(quad.object), name(quad.graph_name))
        for quad in quads
    ]


def check_references(coding: Coding, external: Iterable[str] = ()) -> None:
    """Raise SourceError for the first id that is referred to and described nowhere.

    Only ids under the base and the UN's goals are looked up; other IRIs belong to others.
    """
    known = {iri for iri, found in coding.types.items() if found}
    known |= coding.terms.described | set(external)
    for iri, place in coding.references.items():
        ours = iri.startswith((BASE, SDG)) and not iri.startswith((*MADE_ELSEWHERE, GG))
        if not ours or iri in known:
            continue
        shown = coding.terms.shorten(iri)
        hint = did_you_mean(shown, [coding.terms.shorten(each) for each in known])
        message = f"{shown!r} is described nowhere."
        raise SourceError(
            f"{message}{hint or ' Describe it (id, type, label) or correct the id.'}",
            place.path,
            place.line,
        )


def check_types(coding: Coding) -> None:
    """Raise SourceError where one id is given types of which neither contains the other."""

    def closure(types: Iterable[str]) -> set[str]:
        return {up for each in types for up in coding.terms.superclasses.get(each, {each})}

    for iri, declarations in coding.types.items():
        first_types, first_place = declarations[0] if declarations else (frozenset(), None)
        for types, place in declarations[1:]:
            if types <= closure(first_types) or first_types <= closure(types):
                continue
            here, there = (
                "/".join(sorted(coding.terms.shorten(each) for each in side))
                for side in (types, first_types)
            )
            message = (
                f"{coding.terms.shorten(iri)!r} is {here} here but {there} at {first_place}. "
                "Use one id for one thing, or give it the same types."
            )
            raise SourceError(message, place.path, place.line)
