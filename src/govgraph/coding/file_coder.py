"""One source file -> JSON-LD, checked key by key against the context and the ontology.

The context is the mapping. What is added here is what a person leaves out: the IRI of a nested
node, its type, and the graph a passage's description lies in (its own).
"""

from __future__ import annotations

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from govgraph.coding.terms import CONCEPT, DATE, DECIMAL, INTEGER, STRING_KINDS, Term, Terms
from govgraph.coding.yaml_lines import Located, LocatedList, LocatedMap, LocatedScalar
from govgraph.errors import SourceError, did_you_mean
from govgraph.rdf.source_map import Location, SourceMap
from govgraph.vocabulary import BASE, GG, RDF

PASSAGES: Final = f"{GG}passages"
NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
LONGEST_SLUG: Final = 80

JsonLd = dict[str, Any]


@dataclass
class Coding:
    """What the files read so far declare and refer to; shared by all files of one load.

    `types`: IRI -> its declarations (types, place). `references`: IRI -> the first place that
    names it. `minted`: derived IRI -> what it was derived from. `mistakes`: what was passed over.
    """

    terms: Terms
    sources: SourceMap = field(default_factory=SourceMap)
    types: dict[str, list[tuple[frozenset[str], Location]]] = field(default_factory=dict)
    references: dict[str, Location] = field(default_factory=dict)
    minted: dict[str, str] = field(default_factory=dict)
    mistakes: list[SourceError] = field(default_factory=list)

    def mint(self, key: str, parent: str, parts: Sequence[str], slugs: Iterable[str]) -> str:
        """Return the IRI of a node without id: from the key and parent it hangs on, and its parts.

        `parts` are its "key=value", sorted; `slugs` what each gives to the name. Raises ValueError
        where another node has that IRI.
        """
        name = ".".join(filter(None, slugs))
        if not name or len(name) > LONGEST_SLUG:
            digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]
            name = f"{name[:LONGEST_SLUG]}~{digest}"
        iri = f"{BASE}{kebab(key)}/{local(parent)}/{name}"
        content = "\n".join([parent, *parts])
        if self.minted.setdefault(iri, content) != content:
            message = f"this node and another would both be called {iri}. Give this one an `id`."
            raise ValueError(message)
        return iri


class FileCoder:
    """Turns the located tree of one file into JSON-LD.

    A wrong key, value or node is noted in `mistakes` of the coding and left out, so that a reader
    hears of all of them at once; raises SourceError where nothing can be read.
    """

    def __init__(self, coding: Coding, path: Path, shown_path: str, file_graph: str):
        self.coding, self.path, self.shown_path = coding, path, shown_path
        self.terms, self.file_graph = coding.terms, file_graph

    def document(self, tree: Located) -> list[JsonLd]:
        """Return the top nodes of a case file (one node) or a registry (`nodes`)."""
        if not isinstance(tree, LocatedMap):
            raise self.error("the file must start with keys (`id:`, `type:` …), found a list.", 1)
        nodes = tree.get("nodes")
        if nodes is None:
            return [self.node(tree, self.file_graph)]
        if len(tree.entries) > 1:
            other = next(key for key in tree.entries if key != "nodes")
            raise self.error(f"{other!r} beside `nodes`: a registry has nothing but `nodes`.", 1)
        return self.each(nodes, "nodes", lambda item: self.node(item, self.file_graph))

    def node(
        self, tree: LocatedMap, graph: str, parent: str = "", key: Term | None = None
    ) -> JsonLd:
        """Return the JSON-LD of one node; `parent` and `key` are what a nested one hangs on."""
        values: JsonLd = {}
        written: list[tuple[str, str, Location]] = []
        for name, line, value in tree.items():
            try:
                self.describe(name, line, value, values, written)
            except SourceError as error:
                self.coding.mistakes.append(error)
        try:
            types = self.types(tree, key)
        except SourceError as error:
            if "id" not in tree.entries:  # its name depends on its type
                raise
            self.coding.mistakes.append(error)
            types = []
        iri = self.identity(tree, types, parent, key, values)
        location = self.at(tree.line)
        self.coding.types.setdefault(iri, [])
        if types:
            self.coding.types[iri].append((frozenset(types), location))
        self.coding.sources.add(graph, iri, "", "", location)
        type_line = tree.entries["type"][0] if "type" in tree.entries else tree.line
        for each in types:
            self.coding.sources.add(graph, iri, f"{RDF}type", each, self.at(type_line))
        for predicate, text, place in written:
            self.coding.sources.add(graph, iri, predicate, text, place)
        result: JsonLd = {"id": iri, "type": types, **values} if types else {"id": iri, **values}
        for name, _, value in tree.items():
            term = self.terms.keys.get(name)
            if term is not None and term.kind == "@id" and name not in ("id", "type"):
                result[name] = self.links(term, value, graph, iri)
        return result

    def describe(
        self,
        name: str,
        line: int,
        value: Located,
        values: JsonLd,
        written: list[tuple[str, str, Location]],
    ) -> None:
        """Add what a key that holds no thing says to `values` and `written`."""
        term = self.term(name, line)
        if name in ("id", "type"):
            return
        if term.kind == "@graph":
            message = f"`{name}` may only stand in a passage (under `passages`)."
            raise self.error(message, line)
        if term.kind != "@id":
            values[name], found = self.values(term, value, line)
            written += [(term.iri, text, location) for text, location in found]

    def passage(self, tree: LocatedMap) -> JsonLd:
        """Return a passage as the named graph of its own description and what it says."""
        iri = self.identity(tree, [], "", None, {})
        head = LocatedMap({k: v for k, v in tree.entries.items() if k != "says"}, tree.line)
        statements = [self.node(head, iri)]
        if "says" in tree.entries:
            line, said = tree.entries["says"]
            if isinstance(said, LocatedScalar) and said.is_empty:
                message = "`says` is empty. List what the passage states, or give a `codingNote`."
                raise self.error(message, line)
            statements += self.each(said, "says", lambda item: self.node(item, iri))
        return {"id": iri, "says": statements}

    # -- values --------------------------------------------------------------------------------

    def links(self, term: Term, value: Located, graph: str, subject: str) -> list[Any]:
        """Return references and nested nodes under a key whose values are things."""
        result: list[Any] = []
        for item in value.items if isinstance(value, LocatedList) else [value]:
            try:
                linked = self.link(term, item, graph, subject)
            except SourceError as error:
                self.coding.mistakes.append(error)
                continue
            result.append(linked)
            self.coding.sources.add(graph, subject, term.iri, linked["id"], self.at(item.line))
        return result

    def link(self, term: Term, item: Located, graph: str, subject: str) -> JsonLd:
        """Return one reference or nested node."""
        if isinstance(item, LocatedMap):
            if term.iri == PASSAGES:
                return self.passage(item)
            return self.node(item, graph, subject, term)
        if isinstance(item, LocatedScalar):
            return {"id": self.reference(item, term.name)}
        raise self.error(f"{term.name!r} holds a list within a list.", item.line)

    def values(
        self, term: Term, value: Located, line: int
    ) -> tuple[Any, list[tuple[str, Location]]]:
        """Return the JSON-LD values of `term` and (text, place) of each."""
        if term.kind == "@language":
            return self.language_map(term, value, line)
        items = value.items if isinstance(value, LocatedList) else [value]
        result, written = [], []
        for item in items:
            if not isinstance(item, LocatedScalar):
                raise self.error(f"{term.name!r} takes a plain value, found keys.", item.line)
            text = self.literal(term, item)
            result.append(text)
            shown = text if isinstance(text, str) else str(text)
            written.append((shown, self.at(item.line)))
        return (result if len(result) != 1 else result[0]), written

    def literal(self, term: Term, item: LocatedScalar) -> str | int:
        """Return a scalar as the datatype of `term` wants it."""
        text, line = item.text, item.line
        if item.is_empty:
            raise self.error(f"{term.name!r} has no value. Give one or remove the key.", line)
        if term.kind == "@vocab":
            iri = self.terms.classes.get(text) or self.terms.expand(text)
            if text in self.terms.keys:
                iri = self.terms.keys[text].iri
            elif ":" not in text and text not in self.terms.classes:
                hint = did_you_mean(text, self.terms.keys)
                raise self.error(f"{text!r} is no term of the context.{hint}", line)
            return iri or text
        if term.kind == INTEGER:
            if not item.plain or not WHOLE.fullmatch(text):
                found = text if item.plain else f'"{text}" in quotes'
                message = (
                    f"{term.name!r} takes a whole number without quotes, found {found}. "
                    "What is no number belongs in `dateAsPrinted` or `asPrinted`."
                )
                raise self.error(message, line)
            return int(text)
        if term.kind == DECIMAL:
            if not item.plain or not NUMBER.fullmatch(text):
                message = (
                    f"{term.name!r} takes a number such as 8.9 without quotes, found {text!r}."
                )
                raise self.error(message, line)
            return text
        if term.kind == DATE:
            try:
                return datetime.date.fromisoformat(text).isoformat()
            except ValueError:
                message = f"{term.name!r} takes a date such as 1992-06-09, found {text!r}."
                raise self.error(message, line) from None
        assert term.kind in STRING_KINDS, term
        return text

    def language_map(
        self, term: Term, value: Located, line: int
    ) -> tuple[JsonLd, list[tuple[str, Location]]]:
        """Return {language: text or texts} and (text, place) of each."""
        if not isinstance(value, LocatedMap):
            message = f"{term.name!r} takes a text per language: {{en: …, es: …}}."
            raise self.error(message, line)
        result: JsonLd = {}
        written = []
        for language, tag_line, texts in value.items():
            if not LANGUAGE.fullmatch(language):
                raise self.error(f"{language!r} is no language tag such as en or es.", tag_line)
            items = texts.items if isinstance(texts, LocatedList) else [texts]
            result[language] = []
            for item in items:
                if not isinstance(item, LocatedScalar) or item.is_empty:
                    raise self.error(f"{term.name!r} has no text for {language!r}.", tag_line)
                result[language].append(item.text)
                written.append((item.text, self.at(item.line)))
        return result, written

    # -- names ---------------------------------------------------------------------------------

    def term(self, name: str, line: int) -> Term:
        """Return the context's term for a key, or say which was meant."""
        term = self.terms.keys.get(name)
        if term is None:
            hint = did_you_mean(name, self.terms.keys) or " See docs/coding.md for the keys."
            raise self.error(f"unknown key {name!r}.{hint}", line)
        return term

    def types(self, tree: LocatedMap, key: Term | None) -> list[str]:
        """Return the class IRIs of a node: as written, else the range of the key it hangs on."""
        if "type" not in tree.entries:
            expected = (
                self.terms.ranges.get(key.iri, "") if key and "id" not in tree.entries else ""
            )
            return [expected] if expected and expected != CONCEPT else []
        line, value = tree.entries["type"]
        result = []
        for item in value.items if isinstance(value, LocatedList) else [value]:
            if not isinstance(item, LocatedScalar):
                raise self.error("`type` takes the name of a class.", line)
            iri = self.terms.classes.get(item.text)
            if iri is None and ":" in item.text:
                iri = self.terms.expand(item.text)
            if iri is None:
                hint = did_you_mean(item.text, self.terms.classes)
                raise self.error(f"unknown type {item.text!r}.{hint}", item.line)
            result.append(iri)
        return result

    def reference(self, item: LocatedScalar, name: str) -> str:
        """Return the IRI a value names, remembered so that a misspelt one is found."""
        iri = None if item.is_empty else self.terms.expand(item.text)
        if iri is None:
            message = f"{name!r} takes an id such as place/bogota, found {item.text!r}."
            raise self.error(message, item.line)
        self.coding.references.setdefault(iri, self.at(item.line))
        return iri

    def identity(
        self, tree: LocatedMap, types: list[str], parent: str, key: Term | None, values: JsonLd
    ) -> str:
        """Return the IRI of a node: its `id`, or one derived from what it says."""
        given = tree.get("id")
        if given is not None:
            if not isinstance(given, LocatedScalar) or given.is_empty:
                raise self.error("`id` takes a name such as instrument/my-programme.", tree.line)
            iri = self.terms.expand(given.text)
            if iri is None:
                message = f"the id {given.text!r} has a blank or a character no IRI may hold."
                raise self.error(message, given.line)
            return iri
        if key is None:
            raise self.error("this node has no `id`. Give it one, such as event/…", tree.line)
        if not types:
            message = f"give this node under {key.name!r} an `id` or a `type`."
            raise self.error(message, tree.line)
        parts = [(name, _as_text(value)) for name, value in sorted(self.saying(tree, values))]
        slugs = [slug_of(text) for _, text in parts]
        try:
            return self.coding.mint(key.name, parent, [f"{n}={text}" for n, text in parts], slugs)
        except ValueError as error:
            raise self.error(str(error), tree.line) from None

    def saying(self, tree: LocatedMap, values: JsonLd) -> list[tuple[str, Any]]:
        """Return the (key, value) pairs that make a node without id what it is."""
        result: list[tuple[str, Any]] = []
        for name, _, value in tree.items():
            term = self.terms.keys.get(name)
            if term is None or term.kind in ("@type", "@language"):
                continue
            if term.kind == "@id":
                items = value.items if isinstance(value, LocatedList) else [value]
                texts = [item.text for item in items if isinstance(item, LocatedScalar)]
                result.append((name, [self.terms.expand(text) or text for text in texts]))
            elif name in values:  # not so where its value is a mistake
                result.append((name, values[name]))
        return result

    # -- places --------------------------------------------------------------------------------

    def at(self, line: int) -> Location:
        """Return a line of this file as the place of a statement."""
        return Location(self.shown_path, line)

    def each(
        self, value: Located, name: str, coded: Callable[[LocatedMap], JsonLd]
    ) -> list[JsonLd]:
        """Return what `coded` makes of each node listed under `name`."""
        result = []
        for item in value.items if isinstance(value, LocatedList) else [value]:
            try:
                if not isinstance(item, LocatedMap):
                    message = f"`{name}` takes a list of nodes with keys."
                    raise self.error(message, item.line)
                result.append(coded(item))
            except SourceError as error:
                self.coding.mistakes.append(error)
        return result

    def error(self, message: str, line: int) -> SourceError:
        """Return the error that names this file and `line`."""
        return SourceError(message, self.shown_path, line)


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return "_".join(_as_text(each) for each in value)
    return str(value)


def slug_of(text: str) -> str:
    """Return what a value gives to the name of a node: lower case, digits and hyphens."""
    pieces = [local(piece) if "://" in piece else piece for piece in text.split("_")]
    plain = unicodedata.normalize("NFKD", "_".join(pieces)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_.]+", "-", plain.lower().rpartition("#")[2]).strip("-.")


def local(iri: str) -> str:
    """Return the part of an IRI that names it among its kind."""
    path = iri[len(BASE) :] if iri.startswith(BASE) else iri.rpartition("/")[2]
    return (path.partition("/")[2] or path).replace("/", "-")


@cache
def kebab(name: str) -> str:
    """Return aKeyLikeThis as a-key-like-this."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
