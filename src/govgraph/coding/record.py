"""What the files of one load declare and refer to, and the names of nodes without an id."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import pyoxigraph as ox

from govgraph.coding.terms import Terms, kebab
from govgraph.errors import SourceError
from govgraph.rdf.names import Names
from govgraph.rdf.source_map import Location, SourceMap

LONGEST_SLUG: Final = 80
Value: TypeAlias = ox.NamedNode | ox.Literal


class UnknownNameError(SourceError):
    """A name in a file that leads nowhere.

    `name` is as written; `remedy` says what to do where no known name is near.
    """

    def __init__(self, message: str, location: Location, name: str, remedy: str):
        super().__init__(message, location.path, location.line)
        self.name, self.remedy = name, remedy


@dataclass
class Record:
    """What was read so far; shared by all files of one load.

    terms        all of them; `own_terms` those of the studies that have any, by base
    names        those of the study whose ids are written short in messages
    queries      the IRIs of stored queries
    types        IRI -> its declarations: types and where they stand
    told         IRI -> the first place that tells of it by itself, hung on nothing
    references   IRI -> the first place that names it
    minted       IRI of a node without id -> what it was made from
    passages     IRI of a passage -> where it is described
    mistakes     what was wrong and left out
    statements   graph, subject, predicate and value of all that case files and tables say
    """

    terms: Terms
    names: Names
    queries: frozenset[str] = frozenset()
    sources: SourceMap = field(default_factory=SourceMap)
    types: dict[str, list[tuple[frozenset[str], Location]]] = field(default_factory=dict)
    told: dict[str, Location] = field(default_factory=dict)
    references: dict[str, Location] = field(default_factory=dict)
    minted: dict[str, str] = field(default_factory=dict)
    passages: dict[str, Location] = field(default_factory=dict)
    mistakes: list[SourceError] = field(default_factory=list)
    own_terms: dict[str, Terms] = field(default_factory=dict)
    statements: list[tuple[str, str, str, Value]] = field(default_factory=list)

    def state(
        self, graph: str, subject: str, predicate: str, value: Value, location: Location
    ) -> None:
        """Note a statement, and where it is written."""
        self.statements.append((graph, subject, predicate, value))
        self.sources.add(graph, subject, predicate, value.value, location)

    def terms_of(self, names: Names) -> Terms:
        """Return the words that the files of a study are written in."""
        return self.own_terms.get(names.base, self.terms)

    @property
    def described(self) -> set[str]:
        """The IRIs that files say something of, and those of the ontology and of queries."""
        declared = {iri for iri, declarations in self.types.items() if declarations}
        return declared | self.terms.described | self.queries

    def mint(
        self, names: Names, key: str, parent: str, parts: Sequence[str], slugs: Iterable[str]
    ) -> str:
        """Return the IRI of a node without id: from the key and parent it hangs on, and its parts.

        `names` are those of its study, `parts` its "key=value", sorted; `slugs` what each
        gives to the name. Raises ValueError where another node has that IRI.
        """
        name = ".".join(filter(None, slugs))
        if not name or len(name) > LONGEST_SLUG:
            digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]
            name = f"{name[:LONGEST_SLUG]}~{digest}"
        iri = f"{names.base}{kebab(key)}/{local(parent, names)}/{name}"
        content = "\n".join([parent, *parts])
        if self.minted.setdefault(iri, content) != content:
            message = f"this node and another would both be called {iri}. Give this one an `id`."
            raise ValueError(message)
        return iri


def slug_of(text: str, names: Names) -> str:
    """Return what a value gives to the name of a node: lower case, digits and hyphens."""
    pieces = [local(piece, names) if "://" in piece else piece for piece in text.split("_")]
    plain = unicodedata.normalize("NFKD", "_".join(pieces)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_.]+", "-", plain.lower().rpartition("#")[2]).strip("-.")


def local(iri: str, names: Names) -> str:
    """Return the part of an IRI that names it among its kind."""
    below = (iri[len(base) :] for base in names.bases if iri.startswith(base))
    path = next(below, iri.rpartition("/")[2])
    return (path.partition("/")[2] or path).replace("/", "-")
