"""Names turned into IRIs: what an analyst types for a thing of the graph."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Store

from govgraph.errors import UsageError, did_you_mean
from govgraph.queries.running import View, names_of, run
from govgraph.queries.sparql import write_term
from govgraph.rdf.names import NAMES, InvalidNameError, Names, UnknownPrefixError
from govgraph.vocabulary import DCTERMS, GG, RDFS, SKOS

Resolver: TypeAlias = Callable[[str, str | None], NamedNode]
"""Turns a text and the IRI of a class or concept scheme (or None) into the IRI of a thing."""

LABELS: Final = (f"{RDFS}label", f"{SKOS}prefLabel", f"{DCTERMS}title")
_MOST_LISTED: Final = 12
_Ranked: TypeAlias = dict[str, list[tuple[int, str]]]
"""Normal form of a name -> (rank, IRI) of the things that have it."""


def resolve_iri(text: str, class_iri: str | None = None, *, names: Names = NAMES) -> NamedNode:
    """Return the IRI a text spells out: an IRI, a CURIE, or a path of several parts.

    `class_iri` is not looked at. Raises UsageError for an unknown prefix, a bare name (which only
    a StoreResolver can look up) and what is no IRI.
    """
    iri, unknown = _spelled_out(text, names)
    if iri is not None and ("/" in text or ":" in text):
        return iri
    expected = "not an IRI, a CURIE such as gg:Policy or a path such as sector/academia."
    raise UsageError(f"{expected}{unknown}{names.suggest(text.strip()) if unknown else ''}")


def _spelled_out(text: str, names: Names) -> tuple[NamedNode | None, str]:
    """Return the IRI that a text spells out or None, and a sentence on its unknown prefix."""
    try:
        return NamedNode(names.expand(text.strip())), ""
    except UnknownPrefixError as error:
        return None, f" T{str(error).removeprefix('t')}"
    except InvalidNameError:
        return None, ""


class StoreResolver:
    """Resolves names against a store: an IRI in any spelling, the end of an IRI, or a label.

    Names are compared without case, accents and punctuation, in every language. A CURIE or path
    must name something the store knows; an IRI written in full is taken as it is. The names of a
    class are read once, so make a new resolver after the store has changed.
    """

    def __init__(self, store: Store | View, names: Names | None = None):
        self.store, self.names = store, names or names_of(store)
        self._members: dict[str | None, _Ranked] = {}

    def __call__(self, text: str, class_iri: str | None = None) -> NamedNode:
        """Return the thing a text names, one of `class_iri` where given.

        Raises UsageError, with what was perhaps meant, for a name nothing or several things have.
        """
        iri, unknown = _spelled_out(text, self.names)
        if iri is not None and (text.strip() in {iri.value, str(iri)} or self._has(iri)):
            return iri
        ranked = self._ranked(class_iri)
        hits = ranked.get(_normal(text), [])
        best = min((rank for rank, _ in hits), default=0)
        matches = sorted({value for rank, value in hits if rank == best})
        if len(matches) == 1:
            return NamedNode(matches[0])
        if matches:
            listed = ", ".join(map(self.names.shorten, matches[:_MOST_LISTED]))
            raise UsageError(f"several things have that name: {listed}. Give one of these.")
        raise UsageError(self._nothing(text, class_iri, ranked, unknown))

    def _has(self, node: NamedNode) -> bool:
        """Tell whether any statement of the store is about a node or uses it."""
        patterns = f"{{ {node} ?p ?o }} UNION {{ ?s ?p {node} }} UNION {{ ?s {node} ?o }}"
        return bool(run(f"ASK {{ {patterns} }}", self.store, quiet=True).boolean)

    def _nothing(self, text: str, class_iri: str | None, ranked: _Ranked, unknown: str) -> str:
        """Return that nothing has a name, and what was perhaps meant."""
        shorten = self.names.shorten
        members = sorted({shorten(iri) for hits in ranked.values() for _, iri in hits})
        of = f" of {shorten(class_iri)}" if class_iri else ""
        near = difflib.get_close_matches(_normal(text), sorted(ranked), n=3, cutoff=0.6)
        things = list(dict.fromkeys(shorten(iri) for name in near for _, iri in ranked[name]))[:3]
        nearest = f" Did you mean {' or '.join(map(repr, things))}?" if things else ""
        hint = did_you_mean(text, members) or nearest
        if unknown:
            hint = f"{unknown}{hint or self.names.suggest(text.strip())}"
        elif not hint and class_iri and not members:
            hint = " The graph has none of that class."
        elif not hint and class_iri and len(members) <= _MOST_LISTED:
            hint = f" Choose: {', '.join(members)}."
        return f"nothing{of} has that name.{hint}"

    def _ranked(self, class_iri: str | None) -> _Ranked:
        """Return the normal form of each name with the things that have it, ranked.

        Rank 0 is the end of the IRI or a label, 1 an alternative one, 2 the end of that of a group.
        """
        if class_iri not in self._members:
            ranked: _Ranked = {}
            for row in run(
                _members_query(class_iri, self.names.bases), self.store, quiet=True
            ).rows:
                thing, label, rank = row
                if not isinstance(thing, NamedNode):
                    continue
                is_group = self.names.of_kind(thing.value, "group")  # called by its kind
                entries = [(re.split(r"[/#]", thing.value)[-1], 2 if is_group else 0)]
                if isinstance(label, Literal):
                    entries.append((label.value, 1 if rank is not None else 0))
                for name, order in entries:
                    hits = ranked.setdefault(_normal(name), [])
                    if (order, thing.value) not in hits:
                        hits.append((order, thing.value))
            self._members[class_iri] = ranked
        return self._members[class_iri]


def _members_query(class_iri: str | None, bases: Iterable[str]) -> str:
    labels = " ".join(f"<{iri}>" for iri in LABELS)
    if class_iri is None:
        below = " || ".join(
            f"STRSTARTS(STR(?thing), {write_term(Literal(base))})" for base in bases
        )
        members = f"?thing a ?type FILTER({below})"
    else:
        kind = write_term(NamedNode(class_iri))
        members = (
            f"{{ ?thing a/<{RDFS}subClassOf>* {kind} }} UNION {{ ?thing <{SKOS}inScheme> {kind} }}"
            f" UNION {{ ?one a/<{RDFS}subClassOf>* {kind} ; <{GG}kind>/<{SKOS}broader>* ?thing }}"
        )
    return f"""SELECT DISTINCT ?thing ?label ?other WHERE {{
      {{ SELECT DISTINCT ?thing WHERE {{ {members} }} }}
      OPTIONAL {{
        {{ VALUES ?property {{ {labels} }} ?thing ?property ?label }}
        UNION {{ VALUES ?other {{ <{SKOS}altLabel> }} ?thing ?other ?label }}
      }}
    }}"""


def _normal(name: str) -> str:
    """Return a name without case, accents and punctuation: "Calle Mayór" -> "calle mayor"."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", letters))
