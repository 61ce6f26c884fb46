"""Case files -> quads, remembering file and line of every statement.

A folder holds YAML (case files and registries), tables (CSV, TSV, Parquet) and RDF, at any depth.
What one passage states lies in the graph named by the passage; the rest in the file's own graph.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from govgraph.coding.file_coder import Coding, FileCoder, JsonLd
from govgraph.coding.tables import TABLES, CodedTable, code_table, read_table
from govgraph.coding.terms import Terms, load_terms
from govgraph.coding.yaml_lines import read_yaml
from govgraph.errors import SourceError, SourceErrors, did_you_mean
from govgraph.rdf.formats import format_of, known_endings, without_endings
from govgraph.rdf.reading import load_rdf
from govgraph.rdf.source_map import SourceMap
from govgraph.vocabulary import BASE, GG, SDG, graph_iri

YAML_SUFFIXES: Final = frozenset({".yaml", ".yml"})
MOST_TOLD: Final = 100
"""Ids without description named at once: to find what was meant by each takes its time."""
HINTED: Final = 20
"""Unknown ids for which the nearest known one is looked for: it takes a second among 100,000."""
MADE_ELSEWHERE: Final = tuple(f"{BASE}{kind}/" for kind in ("graph", "query"))


@dataclass(frozen=True)
class CodedData:
    """What all files state, and where each statement was written."""

    store: ox.Store
    sources: SourceMap
    files: list[str]

    @property
    def quads(self) -> list[ox.Quad]:
        """All statements, sorted."""
        return sorted(self.store, key=str)


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
            inside = [
                p for p in source.rglob("*") if _is_readable(p, in_folder=True) and p.is_file()
            ]
            for path in sorted(inside, key=lambda p: p.relative_to(source).parts):
                relative = path.relative_to(source)
                shown = str(Path(source.name) / relative)
                result.append(SourceFile(path, shown, without_endings(relative).as_posix()))
        elif _is_readable(source):
            if not source.exists():
                raise SourceError("no such file. Check the path.", source)
            result.append(SourceFile(source, str(source), without_endings(Path(source.name)).name))
        elif source.exists():
            endings = ", ".join(sorted(YAML_SUFFIXES | TABLES))
            message = (
                f"cannot read {source.suffix or 'this'} files. Known: {endings}, {known_endings()}."
            )
            raise SourceError(message, source)
        else:
            raise SourceError("no such file or folder. Check the path.", source)
    return result


def _is_readable(path: Path, *, in_folder: bool = False) -> bool:
    """Whether the name is that of a file to read; only RDF may be compressed."""
    is_rdf = format_of(path, in_folder=in_folder) is not None
    return is_rdf or path.suffix in YAML_SUFFIXES | TABLES


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


def load(
    sources: Sequence[Path], terms: Terms | None = None, store: ox.Store | None = None
) -> CodedData:
    """Read folders and files into `store`, an empty one, or one in memory if none is given.

    Raises SourceErrors with all that is wrong, a file that is no YAML, table or RDF counting as
    one. What refers to nothing is looked for only where all files can be read.
    """
    coding = Coding(terms or load_terms())
    store = ox.Store() if store is None else store
    files = find_files(sources)
    documents: list[str] = []
    tables: list[CodedTable] = []
    for file in files:
        try:
            if rdf_format := format_of(file.path):
                load_rdf(store, file.path, rdf_format, file.shown, file.graph)
            elif file.path.suffix in TABLES:
                tables.append(_table(file, coding))
            else:
                nodes = to_jsonld(file, coding)
                documents.append(json.dumps({"id": file.graph, "says": nodes}, ensure_ascii=False))
        except SourceError as error:
            coding.mistakes.append(error)
    # now, while the store holds nothing but what RDF files say
    later = chain(unknown_references(coding, store), unlike_types(coding))
    mistakes = coding.mistakes or list(islice(later, MOST_TOLD))
    if mistakes:
        raise SourceErrors(mistakes)
    context = json.dumps(coding.terms.context, ensure_ascii=False)
    document = f'{context.removesuffix("}")}, "nodes": [{",".join(documents)}]}}'
    store.bulk_load(document, format=ox.RdfFormat.JSON_LD)
    for table in tables:
        for piece in table.pieces():  # IRIs were checked one by one
            store.bulk_load(piece, format=ox.RdfFormat.N_QUADS, lenient=True)
        coding.sources.add_table(table.source)
    return CodedData(store, coding.sources, [file.shown for file in files])


def to_jsonld(file: SourceFile, coding: Coding) -> list[JsonLd]:
    """Return the JSON-LD nodes of one YAML file."""
    coder = FileCoder(coding, file.path, file.shown, file.graph)
    try:
        return coder.document(read_yaml(file.path))
    except SourceError as error:
        raise SourceError(error.message, file.shown, error.line) from None


def _table(file: SourceFile, coding: Coding) -> CodedTable:
    """Return the statements of one table."""
    try:
        return code_table(read_table(file.path), file.shown, file.graph, coding)
    except SourceError as error:
        raise SourceError(error.message, file.shown, error.line) from None


def unknown_references(coding: Coding, external: ox.Store) -> Iterator[SourceError]:
    """Yield an error for each id that is referred to and described nowhere.

    Only ids under the base and the UN's goals are looked up; other IRIs belong to others. What is
    a subject in the store `external` counts as described.
    """
    known = {iri for iri, found in coding.types.items() if found} | coding.terms.described
    names: list[str] = []
    hinted = 0
    for iri, place in coding.references.items():
        ours = iri.startswith((BASE, SDG)) and not iri.startswith((*MADE_ELSEWHERE, GG))
        if not ours or iri in known or _is_subject(iri, external):
            continue
        shown = coding.terms.shorten(iri)
        names = names or [coding.terms.shorten(each) for each in known | _subjects(external)]
        scheme = shown.partition("/")[0]
        message = f"{shown!r} is described nowhere."
        if f"{BASE}scheme/{scheme}" in coding.terms.described:
            message = f"{shown!r} is no code of the list {scheme!r} (see docs/terms.md)."
        hint = did_you_mean(shown, names) if hinted < HINTED else ""
        hinted += 1
        remedy = hint or " Describe it (id, type, label) or correct the id."
        yield SourceError(f"{message}{remedy}", place.path, place.line)


def _subjects(store: ox.Store) -> set[str]:
    return {quad.subject.value for quad in store if isinstance(quad.subject, ox.NamedNode)}


def _is_subject(iri: str, store: ox.Store) -> bool:
    return any(store.quads_for_pattern(ox.NamedNode(iri), None, None, None))


def unlike_types(coding: Coding) -> Iterator[SourceError]:
    """Yield an error for each id that is given types of which neither contains the other."""

    def closure(types: Iterable[str]) -> set[str]:
        return {up for each in types for up in coding.terms.superclasses.get(each, {each})}

    for iri, declarations in coding.types.items():
        first_types, first_place = declarations[0] if declarations else (frozenset(), None)
        for types, place in declarations[1:]:
            if types <= closure(first_types) or first_types <= closure(types):
                continue
            here, there = (
                "/".join(sorted(coding.terms.shorten(each).removeprefix("gg:") for each in side))
                for side in (types, first_types)
            )
            message = (
                f"{coding.terms.shorten(iri)!r} is {here} here but {there} at {first_place}. "
                "Use one id for one thing, or give it the same types."
            )
            yield SourceError(message, place.path, place.line)
