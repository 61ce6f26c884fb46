"""Tables of codes -> concepts of a study's own (SKOS), each with file and line.

list           the list a code joins: one of govgraph's (sector), or a new one
id             the code, such as water-users; a row without it names a new list
broader        a wider code of the same list: one's own, or govgraph's
               A row for a code or list of govgraph's own gives it labels in more languages.
label.pt       its label in a language; so `definition.pt`, `scopeNote.pt`

A table of codes is a CSV or TSV file with a column `list`, or any in the folder `codes` of a study.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Final

import pyoxigraph as ox

from govgraph.coding.record import Record, Value
from govgraph.coding.source_files import SourceFile
from govgraph.coding.study import Study, is_language_tag
from govgraph.coding.tables import TABLES, Cell, read_table
from govgraph.errors import SourceError, did_you_mean, noting
from govgraph.rdf.names import InvalidNameError, check_id
from govgraph.rdf.source_map import Location
from govgraph.rdf.terms import Namespace, rdf, rdfs
from govgraph.vocabulary import BASE, SKOS

skos: Final = Namespace(SKOS)
LABEL: Final = skos.prefLabel
TEXTS: Final = {"label": LABEL, "definition": skos.definition, "scopeNote": skos.scopeNote}
PLAIN: Final = ("list", "id", "broader")
SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def is_code_table(file: SourceFile) -> bool:
    """Tell whether a file holds codes: by its folder, else by the names of its columns."""
    if file.graph_path.startswith("codes/"):
        return file.kind in TABLES
    if file.kind not in (".csv", ".tsv"):
        return False
    with file.path.open(encoding="utf-8-sig", errors="replace") as stream:
        names = re.split("[,;\t]", stream.readline(1 << 20))
    return "list" in {name.strip().strip('"') for name in names}


@dataclass
class _Entry:
    """A code, or a list where `id` is "": what its row says, and where."""

    of: str
    id: str
    broader: Cell
    at: Location
    graph: str
    texts: list[tuple[ox.NamedNode, ox.Literal]] = field(default_factory=list)
    wider: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.of}/{self.id}" if self.id else self.of


class CodeTables:
    """The tables of codes of one study: `add` each, then `finish` checks and states all of them.

    What is wrong is noted in `mistakes` of the record, with its line, and left out.
    """

    def __init__(self, study: Study, record: Record):
        self.study, self.record, self.names = study, record, record.by_base[study.base]
        self.entries: dict[str, _Entry] = {}
        self.with_wrong_columns: set[str] = set()
        self.relabelled: list[ox.Quad] = []
        start = f"{BASE}scheme/"
        common = record.terms.described
        self.lists = {iri.removeprefix(start) for iri in common if iri.startswith(start)}

    def note(self, message: str, at: Location) -> None:
        """Note something wrong, with its place."""
        self.record.mistakes.append(SourceError(message, *at))

    # -- rows --------------------------------------------------------------------------------------

    def add(self, file: SourceFile) -> None:
        """Read the rows of a table."""
        table, head = read_table(file.path, file.shown), Location(file.shown, 1)
        texts = {name: self.text_column(name, head) for name in table.columns if name not in PLAIN}
        for needed in ("list", "id"):
            if needed not in table.columns:
                self.note(f"a table of codes needs a column {needed!r}.", head)
                return
        for row, line in zip(table.rows, table.lines, strict=True):
            cells = dict(zip(table.columns, row, strict=True))
            if not any(cells.values()):
                continue
            at = Location(table.shown, line)
            list_, id_ = (" | ".join(cells[name]) for name in ("list", "id"))
            id_ = id_.removeprefix(f"{list_}/")
            entry = _Entry(list_, id_, cells.get("broader", ()), at, file.graph)
            for name, text in texts.items():
                if text and cells[name]:
                    predicate, language = text
                    if predicate == LABEL and len(cells[name]) > 1:
                        self.note(f"{name!r} takes one label; `|` separates several values.", at)
                    literal = ox.Literal(" | ".join(cells[name]), language=language)
                    entry.texts.append((predicate, literal))
            with noting(self.record.mistakes):
                if self.is_own(entry):
                    self.entries[entry.name] = entry

    def text_column(self, name: str, head: Location) -> tuple[ox.NamedNode, str] | None:
        """Return the property and language of a column; None, and a mistake, for none."""
        kind, _, tag = name.partition(".")
        if kind in TEXTS and is_language_tag(tag):
            return TEXTS[kind], tag
        tags = [tag] if is_language_tag(tag) else self.study.languages or ("en",)
        headings = [*PLAIN, *(f"{text}.{language}" for text in TEXTS for language in tags)]
        hint = did_you_mean(name, headings) or f" A table of codes has: {', '.join(headings)}."
        self.note(f"the column {name!r} means nothing.{hint}", head)
        self.with_wrong_columns.add(head.path)
        return None

    def is_own(self, entry: _Entry) -> bool:
        """Tell whether a row names a code or list of the study; that of govgraph gets its labels.

        Raises SourceError for what is wrong with its list and id.
        """
        if not entry.of:
            raise SourceError("this row has no `list`, such as sector. Fill it in.", *entry.at)
        for what, slug in (("list", entry.of), ("id", entry.id)):
            if slug and not SLUG.fullmatch(slug):
                plain = unicodedata.normalize("NFKD", slug.lower()).encode("ascii", "ignore")
                near = re.sub(r"[^a-z0-9]+", "-", plain.decode()).strip("-")
                remedy = f" Write {near!r}." if near and "/" not in slug else ""
                remedy = f" Its list is {entry.of!r}." if "/" in slug else remedy
                message = f"{slug!r} is no {what}: small letters a to z, digits, hyphens.{remedy}"
                raise SourceError(message, *entry.at)
        if first := self.entries.get(entry.name):
            message = f"{entry.name!r} stands twice (first at {first.at}). Keep one."
            raise SourceError(message, *entry.at)
        common = f"{BASE}{entry.name if entry.id else f'scheme/{entry.of}'}"
        if common not in self.record.terms.described:
            try:
                check_id(f"{entry.of}/{entry.id or 'x'}")
            except InvalidNameError as error:
                raise SourceError(str(error), *entry.at) from None
            return True
        odd = [iri for iri, text in entry.texts if text.language in ("en", "es")]
        if odd or {iri for iri, _ in entry.texts} != {LABEL} or entry.broader:
            message = "takes labels here in languages but en and es, and nothing else"
            remedy = "Use it, or take another id for what means something else."
            self.note(f"{entry.name!r} is govgraph's own and {message}. {remedy}", entry.at)
        subject, graph = ox.NamedNode(common), ox.NamedNode(entry.graph)
        for node in (LABEL,) if entry.id else (LABEL, rdfs.label):
            self.relabelled += [ox.Quad(subject, node, text, graph) for _, text in entry.texts]
        return False

    # -- all of them together ----------------------------------------------------------------------

    def finish(self) -> None:
        """State what the tables say, with file and line, in the record."""
        for entry in self.entries.values():
            self.check(entry)
            for text in entry.broader:
                with noting(self.record.mistakes):
                    entry.wider.append(self.broader(entry, text))
        self.check_circles()
        for entry in self.entries.values():
            self.state(entry)

    def check(self, entry: _Entry) -> None:
        """Note a list that is neither govgraph's nor named here, and the lack of a label."""
        if entry.of not in self.lists and entry.of not in self.entries:
            own = [other.of for other in self.entries.values() if not other.id]
            hint = did_you_mean(entry.of, [*self.lists, *own])
            remedy = " A new list needs a row of its own: this `list`, no `id`, and its label."
            self.note(f"there is no list {entry.of!r}.{hint}{remedy}", entry.at)
        missing = self.study.no_label(t.language for of, t in entry.texts if of == LABEL)
        if missing and entry.at.path not in self.with_wrong_columns:
            column = f"label.{(self.study.languages or ('en',))[0]}"
            self.note(f"{entry.name!r} has {missing}. Fill in {column!r}.", entry.at)

    def broader(self, entry: _Entry, text: str) -> str:
        """Return the IRI of a wider code; raises SourceError for what is none of the list."""
        name = text if "/" in text else f"{entry.of}/{text}"
        if not name.startswith(f"{entry.of}/"):
            message = f"`broader` takes a code of the same list ({entry.of}), found {text!r}."
            raise SourceError(message, *entry.at)
        if not entry.id:
            raise SourceError("a list has no `broader`: give this row an `id`.", *entry.at)
        iri = self.iri(name)
        described = iri in self.record.terms.described or self.names.is_own(iri)
        if name not in self.entries and not described:
            common = (iri.removeprefix(BASE) for iri in self.record.terms.described)
            codes = [code for code in (*self.entries, *common) if code.startswith(f"{entry.of}/")]
            hint = did_you_mean(name, codes) or " Correct it, or add a row for it."
            raise SourceError(f"`broader` names {name!r}, which is no code.{hint}", *entry.at)
        return iri

    def iri(self, name: str) -> str:
        """Return the IRI of a code: the study's own, else govgraph's."""
        return f"{self.study.base}{name}" if name in self.entries else self.names.by_id(name)

    def check_circles(self) -> None:
        """Note each circle of wider codes once, at its first row."""
        by_iri = {self.iri(name): entry for name, entry in self.entries.items()}
        wider = {iri: [w for w in entry.wider if w in by_iri] for iri, entry in by_iri.items()}
        while True:
            try:
                TopologicalSorter(wider).prepare()
            except CycleError as error:
                circle = sorted((by_iri[iri] for iri in error.args[1][1:]), key=lambda e: e.at)
                way = " and ".join(repr(entry.name) for entry in circle[1:])
                by = f", by way of {way}" if way else ""
                message = f"{circle[0].name!r} is its own `broader`{by}. Take one of them out."
                self.note(message, circle[0].at)
                wider = {iri: [] if iri in error.args[1] else w for iri, w in wider.items()}
            else:
                return

    def state(self, entry: _Entry) -> None:
        """State what a row says of a code or list."""
        iri = f"{self.study.base}{entry.name if entry.id else f'scheme/{entry.of}'}"
        own = f"{self.study.base}scheme/{entry.of}"
        scheme = ox.NamedNode(f"{BASE}scheme/{entry.of}" if entry.of in self.lists else own)
        kind = skos.Concept if entry.id else skos.ConceptScheme
        self.record.types.setdefault(iri, []).append((frozenset({kind.value}), entry.at))
        statements: list[tuple[ox.NamedNode, Value]] = [(rdf.type, kind), *entry.texts]
        if entry.id:
            statements += [(skos.broader, ox.NamedNode(wider)) for wider in entry.wider]
            statements += [(skos.inScheme, scheme), (skos.notation, ox.Literal(entry.id))]
            statements += [] if entry.broader else [(skos.topConceptOf, scheme)]
        else:  # as the lists of govgraph have it
            statements += [(rdfs.label, text) for of, text in entry.texts if of == LABEL]
        self.record.sources.add(entry.graph, iri, "", "", entry.at)
        for predicate, value in statements:
            self.record.state(entry.graph, iri, predicate.value, value, entry.at)


def read_codes(files: Iterable[SourceFile], record: Record, store: ox.Store) -> None:
    """State in the record what tables of codes say, in `store` how they label govgraph's codes.

    What is wrong is noted in the record.
    """
    by_base: dict[str, CodeTables] = {}
    for file in files:
        codes = by_base.setdefault(file.study.base, CodeTables(file.study, record))
        with noting(record.mistakes):
            codes.add(file)
    for codes in by_base.values():
        codes.finish()
        store.bulk_extend(codes.relabelled)
