"""The codebook of a graph: its code lists in use, and the types and keys of the study's own.

As Markdown to read, or as CSV in the form of the tables in `codes/`.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import Literal

from govgraph.queries.asking import QueryableGraph
from govgraph.queries.running import run
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH, OWL, RDFS, SKOS

TEXTS: Final = ("label", "definition", "scopeNote")
_ENTRIES: Final = f"""PREFIX skos: <{SKOS}>
SELECT ?list ?code ?broader ?property ?text {{
  {{ ?code skos:inScheme ?list }} UNION {{ ?list a skos:ConceptScheme BIND(?list AS ?code) }}
  {{ ?code skos:broader ?broader }} UNION {{
    VALUES ?property {{ skos:prefLabel skos:definition skos:scopeNote }} ?code ?property ?text
  }}
}}"""
_USES: Final = f"""PREFIX skos: <{SKOS}>
SELECT ?code (COUNT(DISTINCT ?thing) AS ?uses) {{
  ?code skos:inScheme ?list .
  GRAPH ?graph {{ ?thing ?property ?code }}
  FILTER(?graph NOT IN (<{INFERRED_GRAPH}>, <{ONTOLOGY_GRAPH}>, <{METADATA_GRAPH}>)
    && !STRSTARTS(STR(?property), "{SKOS}"))
}} GROUP BY ?code"""
_TERMS: Final = f"""SELECT ?term ?kind ?above ?domain ?range ?label {{
  VALUES ?kind {{ <{OWL}Class> <{OWL}ObjectProperty> <{OWL}DatatypeProperty> }}
  GRAPH ?graph {{
    ?term a ?kind ; <{RDFS}label> ?label
    OPTIONAL {{ ?term <{RDFS}subClassOf>|<{RDFS}subPropertyOf> ?above }}
    OPTIONAL {{ ?term <{RDFS}domain> ?domain }}
    OPTIONAL {{ ?term <{RDFS}range> ?range }}
  }}
  FILTER(?graph NOT IN (<{INFERRED_GRAPH}>, <{ONTOLOGY_GRAPH}>))
}}"""


@dataclass
class Entry:
    """A code, or a list where `id` is "": what it is called and means, and how often it is used.

    `texts` are by TEXTS and language.
    """

    of: str
    id: str
    is_own: bool
    broader: set[str] = field(default_factory=set)
    texts: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    uses: int = 0

    def text(self, kind: str, languages: Iterable[str]) -> str:
        """Return a text in the first of some languages that it has, "" for none."""
        return next((self.texts[kind][tag] for tag in languages if tag in self.texts[kind]), "")


@dataclass(frozen=True)
class Codebook:
    """Entries, each list before its codes; own types and keys; languages, the study's first."""

    title: str
    entries: list[Entry]
    terms: list[tuple[str, ...]]
    languages: Sequence[str]
    only_own: bool = False

    def as_csv(self) -> str:
        """Return a table that can lie in the folder `codes` of a study, where it is all its own."""
        entries = [entry for entry in self.entries if entry.is_own or not self.only_own]
        columns = [
            (kind, tag)
            for kind in TEXTS
            for tag in self.languages
            if any(tag in entry.texts[kind] for entry in entries)
        ]
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["list", "id", "broader", *map(".".join, columns), "uses"])
        for entry in entries:
            texts = (entry.texts[kind].get(tag, "") for kind, tag in columns)
            broader = "|".join(sorted(entry.broader))
            uses = entry.uses if entry.id else ""
            writer.writerow([entry.of, entry.id, broader, *texts, uses])
        return stream.getvalue()

    def as_markdown(self) -> str:
        """Return a page with a section for each list; the study's own codes are bold."""
        own = [entry.texts["label"] for entry in self.entries if entry.is_own]
        tags = [tag for tag in self.languages if any(tag in labels for labels in own)]
        tags = tags or list(self.languages[:1])
        lines = [f"# Codebook: {self.title}" if self.title else "# Codebook"]
        lines += ["", "Codes in **bold** are the study's own."]
        for entry in self.entries:
            if entry.id:
                lines.append(_row(self._cells(entry, tags)))
                continue
            meaning = entry.text("definition", self.languages)
            lines += ["", f"## {entry.text('label', self.languages)} (`{entry.of}`)", ""]
            lines += [meaning, ""] if meaning else []
            labels = (f"label ({tag})" for tag in tags)
            lines += _head(["code", *labels, "meaning", "broader", "used"])
        if self.terms:
            lines += ["", "## Types and keys of the study's own", ""]
            lines += _head(["word", "label", "what", "below", "of", "takes"])
            lines += map(_row, self.terms)
        return "\n".join(lines) + "\n"

    def _cells(self, entry: Entry, tags: Sequence[str]) -> list[str]:
        name = f"**{entry.id}**" if entry.is_own else entry.id
        labels = [entry.texts["label"].get(tag, "") for tag in tags]
        if not any(labels):
            labels[0] = entry.text("label", self.languages)
        meaning = (entry.text(kind, self.languages) for kind in TEXTS[1:])
        broader = ", ".join(sorted(entry.broader))
        return [name, *labels, " ".join(filter(None, meaning)), broader, str(entry.uses)]


def codebook(graph: QueryableGraph, *, own: bool = False) -> Codebook:
    """Return the codebook of a graph; `own` leaves out what is govgraph's.

    A list is in use where one of its codes is.
    """
    names, languages = graph.names, graph.study.languages
    entries: dict[str, Entry] = {}
    for list_, code, broader, property_, text in run(_ENTRIES, graph.view, quiet=True).rows:
        scheme, iri = _value(list_), _value(code)
        if not names.of_kind(scheme, "scheme"):
            continue
        is_own = iri.startswith(names.base)
        id_ = "" if iri == scheme else iri.rpartition("/")[2]
        entry = entries.setdefault(iri, Entry(scheme.rpartition("/")[2], id_, is_own))
        if broader:
            entry.broader.add(_value(broader).rpartition("/")[2])
        elif isinstance(text, Literal) and text.language:
            kind = _value(property_).removeprefix(SKOS).replace("prefLabel", "label")
            entry.texts[kind][text.language] = text.value
    for code, uses in run(_USES, graph.view, quiet=True).rows:
        if _value(code) in entries:
            entries[_value(code)].uses = int(_value(uses))
    used = {entry.of for entry in entries.values() if entry.is_own or (entry.uses and not own)}
    shown = (each for each in entries.values() if each.is_own or not each.id or not own)
    kept = sorted((e for e in shown if e.of in used), key=lambda entry: (entry.of, entry.id))
    found = {tag for entry in kept for texts in entry.texts.values() for tag in texts}
    order = [*dict.fromkeys([*(tag for tag in languages if tag in found), *sorted(found)])]
    title = graph.study.title.get(languages[0], "") if languages else ""
    return Codebook(title, kept, _terms(graph, order or ["en"]), order, own)


def _terms(graph: QueryableGraph, languages: Sequence[str]) -> list[tuple[str, ...]]:
    """Return word, label, kind, what it is below, domain and range of each own type and key."""
    rows: dict[str, tuple[int, tuple[str, ...]]] = {}
    for term, kind, *places, label in run(_TERMS, graph.view, quiet=True).rows:
        iri, language = _value(term), getattr(label, "language", None)
        rank = languages.index(language) if language in languages else len(languages)
        what = "type" if _value(kind).endswith("Class") else "key"
        short = (graph.names.shorten(_value(each)) if each else "" for each in places)
        row = (rank, (re.split("[#/]", iri)[-1], _value(label), what, *short))
        rows[iri] = min(row, rows.get(iri, row))
    return sorted((row for _, row in rows.values()), key=lambda row: (row[2] == "key", row))


def _value(term: Any) -> str:
    return str(getattr(term, "value", "") or "")


def _head(names: Sequence[str]) -> list[str]:
    return [_row(names), "|" + "---|" * len(names)]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
