"""Case files -> quads, remembering file and line of every statement; what is wrong with them all.

A folder holds YAML (case files and registries), tables (CSV, TSV, Parquet) and RDF, at any depth.
What one passage states lies in the graph named by the passage; the rest in the file's own graph.
Two places that describe one thing, each in its own way, are told, never joined; what may differ
from passage to passage (a year, a name as printed) is left to the shapes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from govgraph.coding.brief import Unfolding
from govgraph.coding.codes import is_code_table, read_codes
from govgraph.coding.file_coder import FileCoder
from govgraph.coding.own_terms import read_own_terms
from govgraph.coding.record import Record, UnknownNameError, put_groups
from govgraph.coding.source_files import YAML, SourceFile, find
from govgraph.coding.study import FILE, Sources, Study, names_of_study, query_iris, shown_folder
from govgraph.coding.table_coder import RowCoder
from govgraph.coding.tables import TABLES
from govgraph.coding.terms import Terms, is_common, kebab, load_terms, missing
from govgraph.coding.yaml_lines import Located, LocatedScalar, read_yaml
from govgraph.errors import SourceError, SourceErrors, did_you_mean, noting, printable
from govgraph.rdf.formats import RdfFormat
from govgraph.rdf.reading import describes, load_rdf
from govgraph.rdf.source_map import Location, SourceMap
from govgraph.rdf.terms import gg
from govgraph.resources import bundled
from govgraph.vocabulary import BASE, GG, RDFS, SDG

MOST_UNKNOWN: Final = 100
"""Ids without description named at once: to look each up takes its time."""
MOST_HINTS: Final = 20
"""Unknown names for which the nearest known one is looked for: a second each among 100,000."""
READINGS: Final = frozenset(
    GG + key for key in ("sector", "alignment", "identityLink", "conflictSubject", "decides")
)
"""What only a coder says."""

_Written: TypeAlias = tuple[Location, str]
"""Where a value is written, and the value; so sorted by place."""


@dataclass(frozen=True)
class CodedData:
    """What all files state, and where each statement was written."""

    store: ox.Store
    sources: SourceMap
    files: list[str]
    is_all_rdf: bool


# -- reading -------------------------------------------------------------------------------------


def load(sources: Sources, store: ox.Store | None = None) -> CodedData:
    """Read studies and files into `store`, an empty one, or one in memory if none is given.

    Countries and regions that no file describes are named in the languages of the studies. Raises
    SourceErrors with all that is wrong, a file that is no YAML, table or RDF counting as one. What
    refers to nothing is looked for only where all files can be read.
    """
    terms = load_terms()
    store = ox.Store() if store is None else store
    own: set[str] = set()
    names = {
        study.base: names_of_study(
            study,
            sources.studies,
            is_own=lambda iri: iri in own or describes(store, iri),
            is_common=partial(is_common, is_described=terms.described.__contains__),
        )
        for study in (sources.main, *sources.studies)
    }
    queries = query_iris(bundled("queries"), BASE).union(*(s.queries for s in sources.studies))
    record = Record(terms, names[sources.main.base], names, queries)
    files = find(sources).files
    taken: Counter[str] = Counter()
    trees: dict[str, Located] = {}
    code_tables = [file for file in files if is_code_table(file)]
    schemas = [file for file in files if file.declares_terms and isinstance(file.kind, RdfFormat)]
    for file in files:
        with noting(record.mistakes):
            if isinstance(file.kind, RdfFormat):
                load_rdf(store, file.path, file.kind, file.shown, file.graph, taken)
            elif file.kind in YAML:
                trees[file.shown] = read_yaml(file.path, file.shown)
    if {error.path for error in record.mistakes} & {file.shown for file in schemas}:
        raise SourceErrors(record.mistakes)  # no word that it declares is known
    read_own_terms(schemas, record, store)  # first what the studies call their own
    own.update(_unfolded(trees, files, record))
    read_codes(code_tables, record, store)
    own.update(record.types)
    for file in files:
        with noting(record.mistakes):
            if file.kind in TABLES and file not in code_tables:
                RowCoder(record, file).rows()
            elif file.shown in trees:
                FileCoder(record, file).document(trees.pop(file.shown))
    for study in sources.studies:
        _name_documents(study, record)
    # now, while the store holds nothing but what RDF files say
    later = chain(unknown_references(record, store), unlike_declarations(record))
    _refuse(record.mistakes or list(islice(later, MOST_UNKNOWN)), record, store)
    languages = [tag for study in sources.studies for tag in study.languages] or ["en", "es"]
    rdf_graphs = {quad.graph_name for quad in store.quads_for_pattern(None, gg.participant, None)}
    store.bulk_extend(_quads(record))
    mistakes = [*unlike_labels(record), *unlike_cases(record), *read_as_said(record)]
    record.statements.clear()
    mistakes += put_groups(store, record, languages, rdf_graphs)
    mistakes += unknown_references(record, store, groups=True)
    _refuse(mistakes, record, store)
    store.extend(missing(store, list(dict.fromkeys(languages))))
    is_all_rdf = all(isinstance(file.kind, RdfFormat) for file in files)
    return CodedData(store, record.sources, [file.shown for file in files], is_all_rdf)


def _unfolded(trees: dict[str, Located], files: list[SourceFile], record: Record) -> Iterator[str]:
    """Make of each tree in `trees` the long one, and yield the IRIs that it describes."""
    for file in files:
        if tree := trees.pop(file.shown, None):
            with noting(record.mistakes):
                terms = record.terms_of(file.study.base)
                unfolding = Unfolding(file.shown, file.study.languages, terms)
                trees[file.shown] = unfolding.tree(tree)
                yield from (file.study.base + id_ for id_ in unfolding.described)


def _name_documents(study: Study, record: Record) -> None:
    """Refer to the works that study.yaml names, and note which of them are none."""
    folder = study.folder or Path()
    file = SourceFile(folder / FILE, str(shown_folder(folder) / FILE), "", study, ".yaml")
    coder = FileCoder(record, file)
    for id_, line in study.documents.items():
        with noting(record.mistakes):
            iri = coder.iri(LocatedScalar(id_, line))
            record.references.setdefault(iri, coder.at(line))
            kinds = {class_ for types, _ in record.types.get(iri, ()) for class_ in types}
            if kinds and f"{GG}Work" not in record.terms.with_superclasses(kinds):
                raise coder.error(f"{id_!r} is no Work. `documents` takes what was coded.", line)


def _quads(record: Record) -> Iterator[ox.Quad]:
    """Yield what case files and tables state; raises SourceError for what would get lost."""
    node = cache(ox.NamedNode)
    for graph, subject, predicate, value, at in record.statements:
        try:
            yield ox.Quad(node(subject), node(predicate), value, node(graph))
        except ValueError as error:
            lost = f"what is said here of <{subject}> by <{predicate}> got lost ({error})"
            message = f"{lost}: a mistake of govgraph. Report it."
            raise SourceError(message, *at) from None


# -- what refers to nothing, or is two things ----------------------------------------------------


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
        is_ours = iri.startswith((*names.bases, SDG)) and not iri.startswith((*graphs, GG))
        if not is_ours or iri in described or describes(external, iri):
            continue
        name = names.shorten(iri)
        scheme = name.partition("/")[0]
        if any(entry.predicate == f"{RDFS}label" for entry in record.sources.entries(iri)):
            message = f"{name!r} has no `type`. Say what it is where it is described."
            yield SourceError(message, *location)
            continue
        message = f"{name!r} is described nowhere."
        remedy = f" Correct the id, or describe it: `{printable(name)}: {{label: …}}`."
        if "/" not in name:
            remedy = f" An id has a kind and a slash before its name, such as actor/{kebab(name)}."
        if any(f"{base}scheme/{scheme}" in described for base in names.bases):
            where = " (see docs/terms.md)" if f"{BASE}scheme/{scheme}" in described else ""
            message = f"{name!r} is no code of the list {scheme!r}{where}."
            remedy = " Correct it, or add a row for it to a table in codes/ (docs/coding.md)."
        if scheme == "query":
            message = f"there is no stored query {name!r}."
            remedy = " `govgraph queries` lists them."
        yield UnknownNameError(message, location, name, remedy)


def _refuse(mistakes: Sequence[SourceError], record: Record, store: ox.Store) -> None:
    """Raise SourceErrors for mistakes, if there are any, unknown names with what was meant."""

    @cache
    def names() -> list[str]:
        said = {quad.subject.value for quad in store if isinstance(quad.subject, ox.NamedNode)}
        return [record.names.shorten(iri) for iri in record.described | said]

    errors, hints = list(mistakes), 0
    for number, error in enumerate(mistakes):
        if isinstance(error, UnknownNameError):
            hints += 1
            remedy = _hint(error, names(), record.terms) if hints <= MOST_HINTS else error.remedy
            errors[number] = SourceError(f"{error.message}{remedy}", error.path, error.line)
    if errors:
        raise SourceErrors(errors)


def _hint(error: UnknownNameError, names: Sequence[str], terms: Terms) -> str:
    """Return " Did you mean …?" for an unknown name, its remedy where nothing is near."""
    prefix, colon, rest = error.name.partition(":")
    if colon and (f"{prefix}/{rest}" in names or prefix in map(kebab, terms.classes)):
        return f" Did you mean '{prefix}/{rest}'?"
    is_told = error.remedy.startswith(" Did you mean")
    return (not is_told and did_you_mean(error.name, names)) or error.remedy


def unlike_declarations(record: Record) -> Iterator[SourceError]:
    """Yield an error for each id of two types of which neither contains the other.

    And for each case or passage that two files describe.
    """
    with_above, shorten = record.terms.with_superclasses, record.names.shorten
    for iri, declarations in record.types.items():
        for types, location in declarations[1:]:
            first_types, first = declarations[0]
            if types <= with_above(first_types) or first_types <= with_above(types):
                continue
            here, there = (
                "/".join(sorted(shorten(class_iri).removeprefix("gg:") for class_iri in side))
                for side in (types, first_types)
            )
            message = f"{shorten(iri)!r} is {here} here but {there} at {first}. Use one id for one"
            yield SourceError(f"{message} thing, or give it the same types.", *location)
        kinds = with_above({class_iri for types, _ in declarations for class_iri in types})
        is_of_one_file = f"{GG}Case" in kinds or f"{GG}Passage" in kinds
        places = [location for _, location in declarations if is_of_one_file]
        # a passage, and nothing else, lies in the graph that it names
        entries = record.sources.entries(iri)
        places += [each.location for each in entries if each.graph == iri and not each.predicate]
        if elsewhere := [place for place in places if place.path != places[0].path]:
            message = f"{shorten(iri)!r} is described here and at {places[0]}. Describe it in one"
            message += " place, or give one of the two another id."
            yield SourceError(message, *elsewhere[0])


def unlike_labels(record: Record) -> Iterator[SourceError]:
    """Yield an error for each thing to which two places give two labels in one language."""
    for thing, language, (first_place, first), (place, other) in _unlike(record, f"{RDFS}label"):
        if first_place != place:  # else a shape says it
            called = f"{record.names.shorten(thing)!r} is called {other!r} here but {first!r} at"
            remedy = "Use one id for one thing, and `altLabel` for a further name of it."
            yield SourceError(f"{called} {first_place} ({language}). {remedy}", *place)


def unlike_cases(record: Record) -> Iterator[SourceError]:
    """Yield an error for each arrangement that belongs to two cases."""
    terms, shorten = record.terms, record.names.shorten
    for thing, _, (first_place, first), (place, other) in _unlike(record, f"{GG}case"):
        kinds = {class_iri for types, _ in record.types.get(thing, ()) for class_iri in types}
        if f"{GG}Arrangement" in terms.with_superclasses(kinds):
            belongs = f"{shorten(thing)!r} belongs to {shorten(other)!r} here but to"
            remedy = "An arrangement belongs to one case: give one of the two another id."
            message = f"{belongs} {shorten(first)!r} at {first_place}. {remedy}"
            yield SourceError(message, *place)


def read_as_said(record: Record) -> Iterator[SourceError]:
    """Yield an error for what the coder adds and has a passage say."""
    for graph, _, predicate, _, place in record.statements:
        if predicate in READINGS and record.names.of_kind(graph, "passage"):
            remedy = "Write it under `reads`, beside `says`, or outside of passages."
            key = predicate.removeprefix(GG)
            yield SourceError(f"no passage says `{key}`: it is your reading. {remedy}", *place)


def _unlike(record: Record, property_: str) -> Iterator[tuple[str, str, _Written, _Written]]:
    """Yield each thing with two values of a property, the language of texts, and both values.

    What RDF files say is no part of the record: it may be somebody else's, and a shape tells it.
    """
    values: dict[tuple[str, str], list[_Written]] = defaultdict(list)
    for _, thing, predicate, value, place in record.statements:
        if predicate == property_:
            language = getattr(value, "language", None) or ""
            values[thing, language].append((place, value.value))
    for (thing, language), written in sorted(values.items()):
        first = min(written)
        if others := [other for other in written if other[1] != first[1]]:
            yield thing, language, first, min(others)
