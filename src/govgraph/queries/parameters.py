"""Parameters of stored queries: what they take, and arguments turned into RDF terms."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from govgraph.errors import UsageError
from govgraph.queries.resolver import Resolver
from govgraph.queries.sparql import DataTerm
from govgraph.results import display, to_python
from govgraph.texts import fitting
from govgraph.vocabulary import XSD

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
    """Return a Python value as a literal writes it."""
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
