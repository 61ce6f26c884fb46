"""Parameters of stored queries: what they take, and arguments turned into RDF terms.

What an analyst types for a thing of the graph is looked up there by its name.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from govgraph.errors import UsageError, did_you_mean
from govgraph.queries.running import View, names_of, run
from govgraph.queries.sparql import DataTerm, write_term
from govgraph.rdf.names import NAMES, InvalidNameError, Names, UnknownPrefixError
from govgraph.results import display, to_python
from govgraph.texts import fitting
from govgraph.vocabulary import DCTERMS, GG, RDFS, SKOS, XSD

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
            query = _members_query(class_iri, self.names.bases)
            for thing, label, rank in run(query, self.store, quiet=True).rows:
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


TYPES: Final[dict[str, tuple[str, str]]] = {
    "iri": ("", "an IRI, a CURIE, a path or a name"),
    "string": ("string", "text"),
    "integer": ("integer", "an integer such as 1998"),
    "decimal": ("decimal", "a decimal number such as 8.9"),
    "boolean": ("boolean", "true or false"),
    "date": ("date", "a date such as 1999-07-27"),
    "lang": ("string", "a language tag such as es"),
}
"""Types of parameters: the XSD datatype of their literals, and what to write for a value."""

ANY: Final = "any"
"""The type of a variable that no header declares: names are looked up, Python values literals."""
_LITERALS: Final = {
    bool: "boolean", int: "integer", float: "double", Decimal: "decimal", datetime: "dateTime",
    date: "date",
}  # fmt: skip

Scalar: TypeAlias = str | int | float | Decimal | bool | date | NamedNode | Literal
Argument: TypeAlias = Scalar | Iterable[Scalar] | None
"""One value, several, or None for "any" where the default is UNDEF."""


Translated: TypeAlias = Mapping[str, Mapping[str, str]]
"""Name of a text -> language -> the text in it, for all languages but English."""


class Described:
    """What a header says in English, and in other languages too."""

    translated: Translated

    def told(self, name: str, language: str) -> tuple[str, str]:
        """Return the language and the text of `name` that fit a language best, else in English."""
        return fitting({"en": getattr(self, name), **self.translated.get(name, {})}, language)


@dataclass(frozen=True)
class Parameter(Described):
    """A parameter of a stored query: a variable of the query with a default and a type.

    class_iri   class or concept scheme whose members an IRI is one of; None for any
    default     the terms of its VALUES line; (None,) is UNDEF: any value
    from_data   where nobody gives it, the data do (see `Defaults`): the class or concept scheme of
                what is taken, "" for anything; None where the default is what its VALUES line says
    """

    name: str
    type: str
    class_iri: str | None
    default: tuple[DataTerm, ...]
    description: str = ""
    translated: Translated = field(default_factory=dict, repr=False)
    from_data: str | None = None

    @property
    def optional(self) -> bool:
        """Whether it may be left open (its default is UNDEF)."""
        return None in self.default

    @property
    def default_text(self) -> str:
        """The default as a reader would write it; "" for any value."""
        return ", ".join(display(term) for term in self.default if term is not None)

    def terms(self, argument: Argument, resolve: Resolver) -> tuple[DataTerm, ...]:
        """Return the RDF terms of an argument: one value, several, or None for any.

        Raises UsageError for a value that does not fit the type, or that `resolve` does not know.
        """
        values: list[Any]
        if isinstance(argument, str | bytes | Mapping) or not isinstance(argument, Iterable):
            values = [argument]
        else:
            values = sorted(argument, key=str) if isinstance(argument, Set) else list(argument)
        if not values:
            raise UsageError(f"{self.name}: no value given, expected {self._expected()}.")
        return tuple(self._term(value, resolve) for value in values)

    def _term(self, value: Any, resolve: Resolver) -> DataTerm:
        if hasattr(value, "n3"):  # a term of rdflib
            [quad] = parse(f"<x:> <x:> {value.n3()} .", format=RdfFormat.N_TRIPLES)
            value = quad.object
        if hasattr(value, "item") and not isinstance(value, str):  # a number of NumPy
            value = value.item()
        if value is None or (value == "" and self.type != "string"):
            if self.optional:
                return None
            raise UsageError(f"{self.name}: no value given, expected {self._expected()}.")
        if isinstance(value, NamedNode | Literal) and self.accepts(value):
            return value
        kind = next((kind for of, kind in _LITERALS.items() if isinstance(value, of)), "")
        if self.type == ANY and kind:
            text = value.isoformat() if isinstance(value, date) else _written(value)
            return Literal(text, datatype=NamedNode(XSD + kind))
        text = _written(value)
        shown = text if text.isprintable() else ascii(text)
        try:
            text.encode()  # a lone surrogate is no character
            named = self.type in {"iri", ANY}
            return resolve(text, self.class_iri) if named else self._literal(text)
        except ValueError:
            raise UsageError(f"{self.name}={shown}: expected {self._expected()}.") from None
        except UsageError as error:
            literal = " A text is a Literal of pyoxigraph or rdflib." * (self.type == ANY)
            raise UsageError(f"{self.name}={shown}: {error}{literal}") from None

    def _literal(self, text: str) -> Literal:
        """Return the literal of a text, written as SPARQL prefers it; ValueError if it is none."""
        datatype = NamedNode(XSD + TYPES[self.type][0])
        if self.type == "string":
            return Literal(text, datatype=datatype)
        if self.type == "lang":
            return Literal(Literal("", language=text).language or "", datatype=datatype)
        value = to_python(Literal(text.lower(), datatype=datatype))
        written = _written(value)
        if isinstance(value, str) or (isinstance(value, date) and written != text):
            raise ValueError(text)
        return Literal(written, datatype=datatype)

    def accepts(self, term: DataTerm) -> bool:
        """Whether a term is of the parameter's type; UNDEF is of every type."""
        if term is None or self.type == ANY:
            return True
        if isinstance(term, NamedNode):
            return self.type == "iri"
        return self.type != "iri" and term.datatype.value == XSD + TYPES[self.type][0]

    def _expected(self) -> str:
        if self.type == ANY:
            return "names, IRIs, numbers, dates, or terms of pyoxigraph or rdflib"
        if self.type != "iri" or self.class_iri is None:
            return TYPES[self.type][1]
        return f"the name or IRI of a member of {display(NamedNode(self.class_iri))}"


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | Decimal):
        return format(Decimal(str(value)), "f")  # without exponent
    if isinstance(value, NamedNode | Literal):
        return value.value
    return str(value)


def parse_arguments(pairs: Iterable[str]) -> dict[str, list[str]]:
    """Read arguments written `name=value`; a name given again adds a value.

    Raises UsageError for one without a name or without "=".
    """
    arguments: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (equals and name.strip()):
            raise UsageError(f"{pair!r} is no parameter: expected name=value, as in year=1998.")
        arguments.setdefault(name.strip().removeprefix("?"), []).append(value)
    return arguments
