"""One source file -> statements, checked key by key against the context and the ontology.

The context is the mapping: it has the IRI and the datatype of each key. What is added here is what
a person leaves out: the IRI of a nested node, its type, and the graph a passage's description lies
in (its own).
"""

import datetime
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Final

import pyoxigraph as ox

from govgraph.coding.brief import BRIEF_KEYS, items_of
from govgraph.coding.record import Record, UnknownNameError, Value, slug_of
from govgraph.coding.source_files import SourceFile
from govgraph.coding.terms import BOOLEAN, CONCEPT, DATE, DECIMAL, INTEGER, Term, kinds_of_values
from govgraph.coding.yaml_lines import Located, LocatedMap, LocatedScalar
from govgraph.errors import SourceError, did_you_mean, noting
from govgraph.rdf.names import InvalidNameError, UnknownPrefixError, check_id
from govgraph.rdf.source_map import Location
from govgraph.vocabulary import BASE, GG, RDF

PASSAGES: Final = f"{GG}passages"
NUMBERS: Final = {
    INTEGER: (re.compile(r"[+-]?[0-9]{1,18}"), "a whole number"),
    DECIMAL: (  # three decimals that end in nought look like thousands
        re.compile(r"[+-]?(?![1-9][0-9]{0,2}\.[0-9]{2}0$)[0-9]+(\.[0-9]+)?"),
        "a number such as 8.9 (not 1.300: write 1300 or 1.3)",
    ),
    BOOLEAN: (re.compile("true|false"), "true or false"),
}
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")

Values = list[tuple[Value, Location]]
"""What a key has, each with its line."""


class FileCoder:
    """States in the record what the located tree of one file says.

    A wrong key, value or node is noted in `mistakes` of the record and left out, so that a reader
    hears of all of them at once; raises SourceError where nothing can be read.
    """

    joins_passages = False
    """Whether several places of the file may describe one passage."""

    def __init__(self, record: Record, file: SourceFile):
        self.record, self.shown_path, self.file_graph = record, file.shown, file.graph
        self.terms, self.names = record.terms_of(file.study.base), record.by_base[file.study.base]
        self.expand = cache(self.names.expand)
        self.words = self.terms.classes | {name: key.iri for name, key in self.terms.keys.items()}

    def document(self, tree: Located) -> None:
        """State the top nodes of a case file (one node) or a registry (`nodes`)."""
        if not isinstance(tree, LocatedMap):
            what = "text" if isinstance(tree, LocatedScalar) else "list"
            message = f"the file must start with keys (`id:`, `type:` …), found a {what}."
            raise self.error(message, tree.line)
        nodes = tree.get("nodes")
        if nodes is None:
            self.node(tree, self.file_graph)
        elif others := [key for key in tree.entries if key != "nodes"]:
            message = f"{others[0]!r} begins in the first column, as ids or `nodes` do. Begin it"
            raise self.error(f"{message} further right.", tree.entries[others[0]][0])
        else:
            self.listed_nodes(nodes, "nodes", self.file_graph)

    # -- nodes ---------------------------------------------------------------------------------

    def node(self, tree: LocatedMap, graph: str, parent: str = "", key: Term | None = None) -> str:
        """State what a node says; returns its IRI.

        `parent` and `key` are what a nested one hangs on.
        """
        values: dict[str, Values] = {}
        for name, line, value in tree.items():
            with noting(self.record.mistakes):
                term = self.plain_term(name, line, getattr(tree.get("id"), "text", ""))
                if term is not None:
                    values[name] = self.values(term, value, line)
        try:
            types = self.types(tree, key)
        except SourceError as error:
            if "id" not in tree.entries:  # its name depends on its type
                raise
            self.record.mistakes.append(error)
            types = []
        iri = self.identity(tree, types, parent, key, values)
        location, state = self.at(tree.line), self.record.state
        if key is None:
            self.record.told.setdefault(iri, location)
        declarations = self.record.types.setdefault(iri, [])
        if types:
            declarations.append((frozenset(types), location))
        self.record.sources.add(graph, iri, "", "", location)
        type_line = tree.entries["type"][0] if "type" in tree.entries else tree.line
        for class_iri in types:
            state(graph, iri, f"{RDF}type", ox.NamedNode(class_iri), self.at(type_line))
        for name, said in values.items():
            for value_said, at in said:
                state(graph, iri, self.terms.keys[name].iri, value_said, at)
        for name, _, value in tree.items():
            term = self.terms.keys.get(name)
            if term is not None and term.links:
                self.links(term, value, graph, iri)
        return iri

    def plain_term(self, name: str, line: int, id_: str) -> Term | None:
        """Return the term of a key of `id_` with texts or numbers; None if its values are things.

        Raises SourceError for a key that the context does not have, or not here.
        """
        term = self.terms.keys.get(name)
        if term is None:
            near = did_you_mean(name, [*self.terms.keys, *BRIEF_KEYS])
            hint = near or " See docs/coding.md for the keys."
            of = f" of {id_!r}" if id_ else ""
            raise self.error(f"unknown key {name!r}{of}.{hint}", line)
        if term.kind == "@graph":
            raise self.error(f"`{name}` may only stand in a passage (under `passages`).", line)
        return None if term.links or term.is_keyword else term

    def passage(self, tree: LocatedMap) -> str:
        """State a passage, in the graph that it names, and what it says; returns its IRI."""
        iri = self.identity(tree, [], "", None, {})
        if not self.names.of_kind(iri, "passage"):
            found = f"found {self.names.shorten(iri)!r}"
            message = f"`passages` takes ids such as passage/plan/1, {found}. What a passage says"
            raise self.error(f"{message} begins further right than its id.", tree.line)
        first = self.record.sources.locate(iri, graph=iri)
        if first and first.path == self.shown_path and not self.joins_passages:  # others come later
            message = f"{self.names.shorten(iri)!r} is described here and at {first}. Keep one."
            self.record.mistakes.append(self.error(message, tree.line))
        head = {k: v for k, v in _placed(tree.entries).items() if k not in ("says", "reads")}
        self.node(LocatedMap(head, tree.line), iri)
        if "says" in tree.entries:
            line, nodes = tree.entries["says"]
            if isinstance(nodes, LocatedScalar) and nodes.is_empty:
                message = "`says` is empty. List what the passage states, or give a `codingNote`."
                raise self.error(message, line)
            self.listed_nodes(nodes, "says", iri)
        if "reads" in tree.entries:  # what the coder reads into it: a graph of its own
            line, nodes = tree.entries["reads"]
            graph = self.names.reading(iri)
            about = ((f"{RDF}type", f"{GG}Reading"), (f"{GG}basis", f"{BASE}basis/reading"))
            for predicate, value in (*about, (f"{GG}restsOn", iri)):
                self.record.state(graph, graph, predicate, ox.NamedNode(value), self.at(line))
            self.listed_nodes(nodes, "reads", graph)
            self.record.sources.add(graph, graph, "", "", self.at(line))
        return iri

    def listed_nodes(self, value: Located, name: str, graph: str) -> None:
        """State each node listed under a key."""
        for item in items_of(value):
            with noting(self.record.mistakes):
                if not isinstance(item, LocatedMap):
                    raise self.error(f"`{name}` takes a list of nodes with keys.", item.line)
                self.node(item, graph)

    def links(self, term: Term, value: Located, graph: str, subject: str) -> None:
        """State references and nested nodes under a key whose values are things."""
        for item in items_of(value):
            with noting(self.record.mistakes):
                if isinstance(item, LocatedScalar):
                    iri = self.reference(item, term)
                elif not isinstance(item, LocatedMap):
                    raise self.error(f"{term.name!r} holds a list within a list.", item.line)
                elif term.iri == PASSAGES:
                    iri = self.passage(item)
                else:
                    iri = self.node(item, graph, subject, term)
                self.record.state(graph, subject, term.iri, ox.NamedNode(iri), self.at(item.line))

    # -- values --------------------------------------------------------------------------------

    def values(self, term: Term, value: Located, line: int) -> Values:
        """Return the values of a term, each with its line."""
        if term.kind == "@language":
            return self.language_map(term, value, line)
        result: Values = []
        for item in items_of(value):
            if not isinstance(item, LocatedScalar):
                raise self.error(f"{term.name!r} takes a plain value, found keys.", item.line)
            result.append((self.literal(term, item), self.at(item.line)))
        return result

    def literal(self, term: Term, item: LocatedScalar) -> Value:
        """Return a scalar as the datatype of `term` wants it."""
        text, line = item.text, item.line
        if item.is_empty:
            raise self.error(f"{term.name!r} has no value. Give one or remove the key.", line)
        if term.kind == "@vocab":
            unknown = f"unknown key {text!r} in {term.name!r}."
            return ox.NamedNode(self.term_iri(item, self.words, unknown))
        if term.kind in NUMBERS:
            pattern, what = NUMBERS[term.kind]
            if not item.plain or not pattern.fullmatch(text):
                shown = text if item.plain else f'"{text}" in quotes'
                message = f"{term.name!r} takes {what} without quotes, found {shown}."
                remedy = "What is no number belongs in `dateAsPrinted` or `asPrinted`."
                raise self.error(f"{message} {remedy}", line)
            text = str(int(text)) if term.kind == INTEGER else text
        if term.kind == DATE:
            try:
                text = datetime.date.fromisoformat(text).isoformat()
            except ValueError:
                message = f"{term.name!r} takes a date such as 1992-06-09, found {text!r}."
                raise self.error(message, line) from None
        return ox.Literal(text, datatype=ox.NamedNode(term.kind) if term.kind else None)

    def language_map(self, term: Term, value: Located, line: int) -> Values:
        """Return the texts of a term in each language, each with its line."""
        if not isinstance(value, LocatedMap):
            message = "takes a text for each language of the study, such as {pt: …}."
            raise self.error(f"{term.name!r} {message}", line)
        result: Values = []
        for language, tag_line, texts in value.items():
            if not LANGUAGE.fullmatch(language):
                raise self.error(f"{language!r} is no language tag such as en or es.", tag_line)
            for item in items_of(texts):
                if not isinstance(item, LocatedScalar) or item.is_empty or not item.text.strip():
                    raise self.error(f"{term.name!r} has no text for {language!r}.", item.line)
                result.append((ox.Literal(item.text, language=language), self.at(item.line)))
        return result

    # -- names ---------------------------------------------------------------------------------

    def iri(self, item: LocatedScalar) -> str:
        """Return the IRI that a name stands for, as it would for any reader of JSON-LD."""
        if item.text.startswith("<"):
            raise self.error(f"{item.text!r}: write the IRI without < and >.", item.line)
        try:
            return self.expand(item.text)
        except UnknownPrefixError as error:
            remedy, at = self.names.suggest(item.text), self.at(item.line)
            raise UnknownNameError(f"{item.text!r}: {error}", at, item.text, remedy) from None
        except InvalidNameError as error:
            raise self.error(str(error), item.line) from None

    def term_iri(self, item: LocatedScalar, iris: Mapping[str, str], unknown: str) -> str:
        """Return the IRI of one of the context's `iris` by name, or of a CURIE."""
        if item.text in iris:
            return iris[item.text]
        if ":" in item.text:
            return self.iri(item)
        raise self.error(f"{unknown}{did_you_mean(item.text, iris)}", item.line)

    def types(self, tree: LocatedMap, key: Term | None) -> list[str]:
        """Return the class IRIs of a node: as written, else the range of the key it hangs on."""
        if "type" not in tree.entries:
            if key is None or "id" in tree.entries:
                return []
            expected = self.terms.ranges.get(key.iri, CONCEPT)
            return [] if expected == CONCEPT else [expected]
        line, value = tree.entries["type"]
        result, classes = [], self.terms.classes
        for item in items_of(value):
            if not isinstance(item, LocatedScalar):
                raise self.error("`type` takes the name of a class.", line)
            unknown = f"unknown type {item.text!r}."
            iri = self.term_iri(item, classes, unknown)
            if iri.startswith((GG, *self.names.bases)) and iri not in self.terms.described:
                near = did_you_mean(re.split("[#:/]", item.text)[-1], classes)
                raise self.error(f"{unknown}{near}", item.line)
            result.append(iri)
        return result

    def reference(self, item: LocatedScalar, key: Term) -> str:
        """Return the IRI a value names, remembered so that a misspelt one is found."""
        if item.is_empty:
            message = f"{key.name!r} takes an id such as actor/fire-brigade, found {item.text!r}."
            raise self.error(message, item.line)
        iri = self.iri(in_full(item, key))
        self.record.references.setdefault(iri, self.at(item.line))
        return iri

    def identity(
        self,
        tree: LocatedMap,
        types: list[str],
        parent: str,
        key: Term | None,
        values: Mapping[str, Values],
    ) -> str:
        """Return the IRI of a node: its `id`, or one derived from what it says."""
        item = tree.get("id")
        if item is not None:
            if not isinstance(item, LocatedScalar) or item.is_empty:
                raise self.error("`id` takes a name such as instrument/my-programme.", item.line)
            iri = self.iri(item)
            if iri.startswith(self.names.base) and not self.names.is_common(iri):
                try:  # it has to be an address of its own
                    check_id(iri.removeprefix(self.names.base))
                except InvalidNameError as error:
                    raise self.error(str(error), item.line) from None
            return iri
        if key is None:
            raise self.error("there is no `id`. Give it one, such as event/…", tree.line)
        if not types:
            message = f"give this node under {key.name!r} an `id` or a `type`."
            raise self.error(message, tree.line)
        pairs = [(name, "_".join(texts)) for name, texts in sorted(self.parts(tree, values))]
        parts = [f"{name}={text}" for name, text in pairs]
        slugs = [slug_of(text, self.names) for _, text in pairs]
        try:
            return self.record.mint(self.names, key.name, parent, parts, slugs)
        except ValueError as error:
            raise self.error(str(error), tree.line) from None

    def parts(self, tree: LocatedMap, values: Mapping[str, Values]) -> list[tuple[str, list[str]]]:
        """Return the keys, with their values, that make a node without id what it is."""
        result: list[tuple[str, list[str]]] = []
        for name, _, value in tree.items():
            term = self.terms.keys.get(name)
            if term is None or not term.identifies:
                continue
            if term.kind == "@id":
                names = [item for item in items_of(value) if isinstance(item, LocatedScalar)]
                iris = [item.text for item in names]
                for number, item in enumerate(names):
                    with suppress(SourceError):  # that of what names nothing is its text
                        iris[number] = self.iri(in_full(item, term))
                result.append((name, iris))
            elif name in values:  # not so where its value is a mistake
                result.append((name, [value.value for value, _ in values[name]]))
        return result

    def at(self, line: int) -> Location:
        """Return a line of this file as the place of a statement."""
        return Location(self.shown_path, line)

    def error(self, message: str, line: int) -> SourceError:
        """Return the error that names this file and `line`."""
        return SourceError(message, self.shown_path, line)


def _placed(passage: dict[str, tuple[int, Located]]) -> dict[str, tuple[int, Located]]:
    """Return the keys of a passage, with what its id says of its place where they do not.

    Without a `type`, passage/SECTION/3 is the third paragraph of passage/SECTION, and
    passage/SECTION/3/s2 begins with its second sentence; what is a label alone is a section.
    """
    line, id_ = passage["id"]
    name = id_.text if isinstance(id_, LocatedScalar) else ""
    section, _, number = name.rpartition("/")
    if passage.keys() == {"id", "label"}:
        return {"type": (line, LocatedScalar("Section", line))} | passage
    match = re.fullmatch("([0-9]+)|s([0-9]+)[a-z]?", number)
    if "type" in passage or "/" not in section or not match:
        return passage
    kind = "Paragraph" if match[1] else "Sentence"
    said = {"type": kind, "partOf": section, "position": match[1] or match[2]}
    return {key: (line, LocatedScalar(text, line)) for key, text in said.items()} | passage


def in_full(item: LocatedScalar, key: Term) -> LocatedScalar:
    """Return a name with its kind, which may be left out where a key takes one kind only."""
    kind = kinds_of_values().get(key.iri)
    is_brief = kind and not ("/" in item.text or ":" in item.text)
    return LocatedScalar(f"{kind}/{item.text}", item.line) if is_brief else item
