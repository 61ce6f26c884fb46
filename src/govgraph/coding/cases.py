"""Case files -> quads, remembering file and line of every statement.

A folder holds YAML (case files and registries), tables (CSV, TSV, Parquet) and RDF, at any depth.
What one passage states lies in the graph named by the passage; the rest in the file's own graph.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from typing import Final

import pyoxigraph as ox

from govgraph.coding.brief import Unfolding
from govgraph.coding.codes import is_code_table, read_codes
from govgraph.coding.commons import missing
from govgraph.coding.conflicts import described_twice, read_as_said, unlike_cases, unlike_labels
from govgraph.coding.file_coder import FileCoder
from govgraph.coding.groups import PARTICIPANT, put_groups
from govgraph.coding.own_terms import SchemaFile, read_own_terms
from govgraph.coding.record import Record, UnknownNameError
from govgraph.coding.source_files import YAML, SourceFile, find
from govgraph.coding.study import Sources, Study, names_of_study, query_iris
from govgraph.coding.table_coder import code_table
from govgraph.coding.tables import TABLES, Table, read_table
from govgraph.coding.terms import Terms, kebab, load_terms
from govgraph.coding.yaml_lines import Located, read_yaml
from govgraph.errors import SourceError, SourceErrors, did_you_mean, noting, printable
from govgraph.rdf.formats import RdfFormat
from govgraph.rdf.names import Names
from govgraph.rdf.reading import describes, load_rdf
from govgraph.rdf.source_map import Location, SourceMap
from govgraph.resources import bundled
from govgraph.vocabulary import BASE, GG, RDFS, SDG

MOST_UNKNOWN: Final = 100
"""Ids without description named at once: to look each up takes its time."""
MOST_HINTS: Final = 20
"""Unknown names for which the nearest known one is looked for: a second each among 100,000."""


@dataclass(frozen=True)
class CodedData:
    """What all files state, and where each statement was written."""

    store: ox.Store
    sources: SourceMap
    files: list[str]
    is_all_rdf: bool


# -- reading -------------------------------------------------------------------------------------


def load(sources: Sources, terms: Terms | None = None, store: ox.Store | None = None) -> CodedData:
    """Read studies and files into `store`, an empty one, or one in memory if none is given.

    Countries and regions that no file describes are named in the languages of the studies. Raises
    SourceErrors with all that is wrong, a file that is no YAML, table or RDF counting as one. What
    refers to nothing is looked for only where all files can be read.
    """
    terms = terms or load_terms()
    store = ox.Store() if store is None else store
    own: set[str] = set()
    names = {
        study.base: names_of_study(
            study,
            sources.studies,
            is_own=lambda iri: iri in own or describes(store, iri),
            is_common=terms.is_common,
        )
        for study in (sources.main, *sources.studies)
    }
    queries = query_iris(bundled("queries"), BASE).union(*(s.queries for s in sources.studies))
    record = Record(terms, names[sources.main.base], queries)
    files = find(sources).files
    taken: Counter[str] = Counter()
    trees: dict[str, Located] = {}
    code_tables = [file for file in files if is_code_table(file.path, file.graph_path)]
    codes: list[tuple[Study, Table, str]] = []
    schemas: dict[str, tuple[Study, list[SchemaFile]]] = {}
    for file in files:  # first what the studies call their own
        with noting(record.mistakes):
            if file in code_tables:
                codes.append((file.study, read_table(file.path, file.shown), file.graph))
            elif isinstance(file.kind, RdfFormat):
                load_rdf(store, file.path, file.kind, file.shown, file.graph, taken)
                if file.declares_terms:
                    schema_file = SchemaFile.read(file.path, file.shown, store, file.graph)
                    schemas.setdefault(file.study.base, (file.study, []))[1].append(schema_file)
            elif file.kind in YAML:
                trees[file.shown] = read_yaml(file.path, file.shown)
    schema_files = {file.shown for file in files if file.declares_terms}
    if any(error.path in schema_files for error in record.mistakes):
        raise SourceErrors(record.mistakes)  # no word that it declares is known
    read_own_terms(schemas, record, names)
    own.update(_unfolded(trees, files, record, names))
    read_codes(codes, record, names, store)
    for file in files:
        with noting(record.mistakes):
            here = names[file.study.base]
            if file.kind in TABLES and file not in code_tables:
                code_table(read_table(file.path, file.shown), file.graph, record, here)
            elif file.shown in trees:
                coder = FileCoder(record, file.shown, file.graph, here)
                coder.document(trees.pop(file.shown))
    # now, while the store holds nothing but what RDF files say
    later = chain(unknown_references(record, store), unlike_types(record), described_twice(record))
    _refuse(record.mistakes or list(islice(later, MOST_UNKNOWN)), record, store)
    languages = [tag for study in sources.studies for tag in study.languages] or ["en", "es"]
    rdf_graphs = {quad.graph_name for quad in store.quads_for_pattern(None, PARTICIPANT, None)}
    store.bulk_extend(_quads(record))
    record.statements.clear()
    grouped = put_groups(store, record, names, languages, rdf_graphs)
    _refuse([*grouped, *_unlike_each_other(store, record)], record, store)
    store.extend(missing(store, list(dict.fromkeys(languages))))
    is_all_rdf = all(isinstance(file.kind, RdfFormat) for file in files)
    return CodedData(store, record.sources, [file.shown for file in files], is_all_rdf)


def _unfolded(
    trees: dict[str, Located], files: Iterable[SourceFile], record: Record, names: dict[str, Names]
) -> Iterator[str]:
    """Make of each tree in `trees` the long one, and yield the IRIs that it describes."""
    for file in files:
        if tree := trees.pop(file.shown, None):
            with noting(record.mistakes):
                base, terms = file.study.base, record.terms_of(names[file.study.base])
                unfolding = Unfolding(file.shown, file.study.languages, terms)
                trees[file.shown] = unfolding.tree(tree)
                yield from (f"{base}{id_}" for id_ in unfolding.described)


def _quads(record: Record) -> Iterator[ox.Quad]:
    """Yield what case files and tables state; raises SourceError for what would get lost."""
    node = cache(ox.NamedNode)
    for graph, subject, predicate, value in record.statements:
        try:
            yield ox.Quad(node(subject), node(predicate), value, node(graph))
        except ValueError as error:
            at = record.sources.locate(subject, predicate, value.value, graph)
            message = f"what is said here of <{subject}> by <{predicate}> got lost ({error})"
            message += ": a mistake of govgraph. Report it."
            raise SourceError(message, *(at or Location("", 0))) from None


# -- what refers to nothing, or is two things ----------------------------------------------------


def _unlike_each_other(store: ox.Store, record: Record) -> Iterator[SourceError]:
    """Yield what is wrong with the files together, each of which can be read."""
    yield from unknown_references(record, store, groups=True)
    yield from unlike_labels(store, record)
    yield from unlike_cases(store, record)
    yield from read_as_said(store, record)


def unknown_references(
    record: Record, external: ox.Store, *, groups: bool = False
) -> Iterator[SourceError]:
    """Yield an error for each id that is referred to, or told of, and described nowhere.

    Those of groups apart, some of which are described only when all files are read.

    Only ids under the base and the UN's goals are looked up; other IRIs belong to others. What is
    a subject in the store `external` counts as described.
    """
    names, described = record.names, record.described
    graphs = tuple(f"{base}graph/" for base in names.bases)  # which are made, not described
    for iri, location in (record.told | record.references).items():
        if names.of_kind(iri, "group") != groups:
            continue
        ours = iri.startswith((*names.bases, SDG)) and not iri.startswith((*graphs, GG))
        if not ours or iri in described or describes(external, iri):
            continue
        name = names.shorten(iri)
        scheme = name.partition("/")[0]
        if any(entry.predicate == f"{RDFS}label" for entry in record.sources.entries(iri)):
            message = f"{name!r} has no `type`. Say what it is where it is described."
            yield SourceError(message, location.path, location.line)
            continue
        message = f"{name!r} is described nowhere."
        remedy = f" Correct the id, or describe it: `{printable(name)}: {{label: …}}`."
        if any(f"{base}scheme/{scheme}" in described for base in names.bases):
            where = " (see docs/terms.md)" if f"{BASE}scheme/{scheme}" in described else ""
            message = f"{name!r} is no code of the list {scheme!r}{where}."
            remedy = " Correct it, or add a row for it to a table in codes/ (docs/coding.md)."
        if scheme == "query":
            message = f"there is no stored query {name!r}."
            remedy = " `govgraph queries` lists them."
        yield UnknownNameError(message, location, name, remedy)


def _refuse(mistakes: list[SourceError], record: Record, store: ox.Store) -> None:
    """Raise SourceErrors for mistakes, if there are any, with what was perhaps meant."""
    if mistakes:
        raise SourceErrors(list(_with_hints(mistakes, record, store)))


def _with_hints(
    mistakes: Iterable[SourceError], record: Record, external: ox.Store
) -> Iterator[SourceError]:
    """Yield the errors, those of unknown names with what was perhaps meant."""
    names: list[str] = []
    hints = 0
    for error in mistakes:
        if not isinstance(error, UnknownNameError):
            yield error
            continue
        hint = ""
        if hints < MOST_HINTS:
            if not names:
                said = {q.subject.value for q in external if isinstance(q.subject, ox.NamedNode)}
                names = list(map(record.names.shorten, record.described | said))
            hint = _hint(error, names, record.terms)
            hints += 1
        yield SourceError(f"{error.message}{hint or error.remedy}", error.path, error.line)


def _hint(error: UnknownNameError, names: Sequence[str], terms: Terms) -> str:
    """Return " Did you mean …?" for an unknown name, "" where nothing is near."""
    prefix, colon, rest = error.name.partition(":")
    if colon and (f"{prefix}/{rest}" in names or prefix in map(kebab, terms.classes)):
        return f" Did you mean '{prefix}/{rest}'?"
    near_prefix = error.remedy if error.remedy.startswith(" Did you mean") else ""
    return near_prefix or did_you_mean(error.name, names)


def unlike_types(record: Record) -> Iterator[SourceError]:
    """Yield an error for each id that is given types of which neither contains the other."""
    terms = record.terms
    for iri, declarations in record.types.items():
        first_types, first_location = declarations[0] if declarations else (frozenset(), None)
        for types, location in declarations[1:]:
            if types <= terms.with_superclasses(first_types):
                continue
            if first_types <= terms.with_superclasses(types):
                continue
            here, there = (
                "/".join(sorted(record.names.shorten(t).removeprefix("gg:") for t in side))
                for side in (types, first_types)
            )
            message = (
                f"{record.names.shorten(iri)!r} is {here} here but {there} at {first_location}. "
                "Use one id for one thing, or give it the same types."
            )
            yield SourceError(message, *location)
