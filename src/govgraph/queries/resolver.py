"""Names turned into IRIs: what an analyst types for a thing of the graph."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Store

from govgraph.errors import UsageError, did_you_mean
from govgraph.queries.running import View, run
from govgraph.queries.sparql import write_term
from govgraph.results import shorten
from govgraph.vocabulary import BASE, DCTERMS, PREFIXES, RDFS, SKOS

Resolver: TypeAlias = Callable[[str, str | None], NamedNode]
"""Turns a text and the IRI of a class or concept scheme (or None) into the IRI of a thing."""

_CURIE: Final = re.compile(r"([A-Za-z][\w.-]*):(\S*)")
_SCHEMES: Final = frozenset({"http", "https", "urn"})
_LABELS: Final = (f"{RDFS}label", f"{SKOS}prefLabel", f"{DCTERMS}title")
_OTHER_LABELS: Final = (f"{SKOS}altLabel",)
_SHOWN: Final = 12


def resolve_iri(text: str, class_iri: str | None = None, *, base: str = BASE) -> NamedNode:
    """Return the IRI a text spells out: <IRI>, http(s) or urn IRI, CURIE, or path after `base`.

    `class_iri` is not looked at. Raises UsageError for an unknown prefix, a bare name (which only
    a StoreResolver can look up) and what is no IRI.
    """
    iri = _spelled_out(text, base)
    if iri is None:
        raise UsageError(
            "not an IRI, a CURIE such as gg:Policy or a path such as sector/academia."
            f"{_unknown_prefix(text)}"
        )
    return iri


def _spelled_out(text: str, base: str) -> NamedNode | None:
    """Return the IRI written in full, as a CURIE or as a path; None where it is a bare name."""
    text = text.strip()
    iri = None
    if text.startswith("<") and text.endswith(">"):
        iri = text[1:-1]
    elif curie := _CURIE.fullmatch(text):
        prefix, local = curie.groups()
        if prefix in PREFIXES:
            iri = PREFIXES[prefix] + local
        elif prefix.lower() in _SCHEMES:
            iri = text
    elif re.fullmatch(r"[\w.-]+(?:/[\w.:-]+)+", text):
        iri = base + text
    if iri is None:
        return None
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise UsageError(f"not an IRI ({error}).") from None


def _unknown_prefix(text: str) -> str:
    curie = _CURIE.fullmatch(text.strip())
    if curie is None or curie[1] in PREFIXES:
        return ""
    hint = did_you_mean(curie[1], PREFIXES) or f" Known: {', '.join(sorted(PREFIXES))}."
    return f" The prefix '{curie[1]}:' is not known.{hint}"


class StoreResolver:
    """Resolves names against a store: an IRI in any spelling, the end of an IRI, or a label.

    Names are compared without case, accents and punctuation, in every language. A CURIE or path
    must name something the store knows; an IRI written in full is taken as it is. The names of a
    class are read once, so make a new resolver after the store has changed.
    """

    def __init__(self, store: Store | View, *, base: str = BASE):
        self.store, self.base = store, base
        self._members: dict[str | None, dict[str, list[tuple[int, str]]]] = {}

    def __call__(self, text: str, class_iri: str | None = None) -> NamedNode:
        """Return the thing a text names, one of `class_iri` where given.

        Raises UsageError, with what was perhaps meant, for a name nothing or several things have.
        """
        iri = _spelled_out(text, self.base)
        if iri is not None and (text.strip() in {iri.value, str(iri)} or self._knows(iri)):
            return iri
        names = self._names(class_iri)
        found = names.get(_normal(text), [])
        best = min((rank for rank, _ in found), default=0)
        matches = sorted({value for rank, value in found if rank == best})
        if len(matches) == 1:
            return NamedNode(matches[0])
        if matches:
            listed = ", ".join(shorten(value, self.base) for value in matches[:_SHOWN])
            raise UsageError(f"several things have that name: {listed}. Give one of these.")
        raise UsageError(self._nothing(text, class_iri, names))

    def _knows(self, node: NamedNode) -> bool:
        places = f"{{ {node} ?p ?o }} UNION {{ ?s ?p {node} }} UNION {{ ?s {node} ?o }}"
        return bool(run(f"ASK {{ {places} }}", self.store).boolean)

    def _nothing(
        self, text: str, class_iri: str | None, names: dict[str, list[tuple[int, str]]]
    ) -> str:
        members = sorted(
            {shorten(value, self.base) for hits in names.values() for _, value in hits}
        )
        of = f" of {shorten(class_iri, self.base)}" if class_iri else ""
        near = did_you_mean(text, members) or _nearest(text, names, self.base)
        if near:
            hint = near
        elif class_iri and not members:
            hint = " The graph has none of that class."
        elif class_iri and len(members) <= _SHOWN:
            hint = f" Choose: {', '.join(members)}."
        else:
            hint = ""
        return f"nothing{of} has that name.{hint}{_unknown_prefix(text)}"

    def _names(self, class_iri: str | None) -> dict[str, list[tuple[int, str]]]:
        """Return the normal form of each name with the things that have it, ranked.

        Rank 0 is the end of the IRI, 1 a label, 2 an alternative label.
        """
        if class_iri not in self._members:
            names: dict[str, list[tuple[int, str]]] = {}
            for row in run(_members_query(class_iri, self.base), self.store).rows:
                thing, label, rank = row
                if not isinstance(thing, NamedNode):
                    continue
                entries = [(_last_part(thing.value), 0)]
                if isinstance(label, Literal):
                    entries.append((label.value, 2 if rank is not None else 1))
                for name, order in entries:
                    hits = names.setdefault(_normal(name), [])
                    if (order, thing.value) not in hits:
                        hits.append((order, thing.value))
            self._members[class_iri] = names
        return self._members[class_iri]


def _members_query(class_iri: str | None, base: str) -> str:
    labels = " ".join(f"<{iri}>" for iri in _LABELS)
    others = " ".join(f"<{iri}>" for iri in _OTHER_LABELS)
    if class_iri is None:
        members = f"?thing a ?type FILTER(STRSTARTS(STR(?thing), {write_term(Literal(base))}))"
    else:
        kind = write_term(NamedNode(class_iri))
        members = (
            f"{{ ?thing a/<{RDFS}subClassOf>* {kind} }} UNION {{ ?thing <{SKOS}inScheme> {kind} }}"
        )
    return f"""SELECT DISTINCT ?thing ?label ?other WHERE {{
      {{ SELECT DISTINCT ?thing WHERE {{ {members} }} }}
      OPTIONAL {{
        {{ VALUES ?property {{ {labels} }} ?thing ?property ?label }}
        UNION {{ VALUES ?other {{ {others} }} ?thing ?other ?label }}
      }}
    }}"""


def _last_part(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def _normal(name: str) -> str:
    """Return a name without case, accents and punctuation: "Bogotá Cómo" -> "bogota como"."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", letters))


def _nearest(text: str, names: dict[str, list[tuple[int, str]]], base: str) -> str:
    """Return a hint with the things whose names come nearest to a text."""
    import difflib

    near = difflib.get_close_matches(_normal(text), sorted(names), n=3, cutoff=0.6)
    things = list(dict.fromkeys(shorten(value, base) for name in near for _, value in names[name]))
    return f" Did you mean {' or '.join(map(repr, things[:3]))}?" if things else ""
