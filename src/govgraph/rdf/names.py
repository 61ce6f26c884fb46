"""Names of things: the one way to write an IRI short, and to read it back.

A name is one of these:

actor/fire-brigade        an id: a thing of the study at hand, else of govgraph's commons
schema:Event              a CURIE: a declared prefix, and what follows its namespace
https://example.org/x     an IRI; also mailto:, urn:, doi: and the other SCHEMES, and any `…://`
<https://example.org/x>   an IRI of any scheme

What `shorten` writes, `expand` reads back to the same IRI. As with the Converter of curies
(https://curies.readthedocs.io), the longest namespace wins, and an unknown prefix is no IRI.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import pyoxigraph as ox

from govgraph.errors import did_you_mean
from govgraph.vocabulary import BASE, NAME_PREFIXES

SCHEMES: Final = ("ark", "did", "doi", "geo", "hdl", "info", "mailto", "tag", "tel", "urn")
"""Schemes of IRIs without `//` that are written without brackets."""

_LOCAL_NAME: Final = re.compile(r"\w(?:[\w.-]*[\w-])?")
"""What SPARQL and Turtle take after a prefix without an escape."""
_PATH: Final = re.compile(r"\w[\w./~-]*")
"""What follows the prefix of another study."""
_RELATIVE: Final = re.compile(r"^/|(?:^|/)\.\.?(?:/|$)")
"""Paths that readers of JSON-LD resolve to another IRI than that below the base."""
_ID: Final = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=@/-]+")
_UNCLEAR: Final = re.compile(
    r"(?:^|/)(?:\.|/|$)|(?:^|/)index$|\.(?:html|ttl|nt|nq|trig|jsonld|rdf)$|~[0-9]{1,6}$"
)
"""Of ids what would be the address of something else, or of a file that hosts hide."""
RESERVED: Final = re.compile(
    r"(dataset$|(?:dump|graph|query|resource|sparql|static|store|void)(?:/|$))"
)
"""What addresses begin with that are not those of things."""
_NOT_SHORT: Final = re.compile(rf'{_RELATIVE.pattern}|[\s<>"{{}}|\\^`]|^[^/]*:')
"""What follows the base, but is not short: the above, what has a prefix, what is no IRI."""


class InvalidNameError(ValueError):
    """A text that names nothing; says why."""


def check_id(id_: str) -> None:
    """Raise InvalidNameError for an id that no thing may get: it would be no address of its own."""
    plain = unicodedata.normalize("NFKD", id_).encode("ascii", "ignore").decode()
    if not id_.isascii():
        is_id = _ID.fullmatch(plain) and not _UNCLEAR.search(plain)
        remedy = f"Write {plain!r}" if is_id else "Write it in letters a to z"
        problem = f"an id has no accents and no other letters. {remedy}."
    elif not _ID.fullmatch(id_):
        wrong = next(letter for letter in id_ if not _ID.fullmatch(letter))
        problem = f"an id has no {wrong!r}. Take letters, digits, hyphens."
    elif match := _UNCLEAR.search(id_):
        what = f"{match[0]!r} there" if match[0].strip("/") else "empty part"
        problem = f"an id has no {what}: it would be the address of something else."
    elif match := RESERVED.match(id_):
        problem = f"{match[0]!r} begins addresses of the site. Take another kind of id."
    else:
        return
    raise InvalidNameError(f"{id_!r}: {problem}")


class UnknownPrefixError(InvalidNameError):
    """A name whose prefix is not declared; `text` is the name."""

    def __init__(self, text: str):
        self.text = text
        super().__init__(f"the prefix '{text.partition(':')[0]}:' is not known.")


Knows: TypeAlias = Callable[[str], bool]
"""Tells whether an IRI is described."""


class Names:
    """Expands and shortens the names of one study.

    base       what the IRIs of its own things begin with
    prefixes   prefix -> namespace of a vocabulary
    studies    prefix -> base of another study; their things are written `prefix:kind/name`
    is_own     whether the study describes an IRI below its base
    is_common  whether an IRI below BASE is of govgraph's commons: codes, places, queries

    An id is looked up in the study first, then in the commons; one that neither has is the study's.
    """

    def __init__(
        self,
        base: str,
        prefixes: Mapping[str, str] = NAME_PREFIXES,
        studies: Mapping[str, str] = MappingProxyType({}),
        *,
        is_own: Knows = frozenset[str]().__contains__,
        is_common: Knows = frozenset[str]().__contains__,
    ):
        self.base, self.prefixes, self.studies = base, {**prefixes, **studies}, dict(studies)
        self.is_own, self.is_common = is_own, is_common
        self.bases = tuple(dict.fromkeys((base, *studies.values(), BASE)))
        pairs = ((namespace, prefix) for prefix, namespace in self.prefixes.items())
        self._namespaces = sorted(pairs, key=lambda pair: (-len(pair[0]), pair[1]))
        self._beginnings = tuple(self.prefixes.values())

    def expand(self, text: str) -> str:
        """Return the IRI that a name stands for.

        Raises UnknownPrefixError, and InvalidNameError for what no IRI can hold.
        """
        if not text.startswith("<"):
            text = unicodedata.normalize("NFC", text)
        prefix, colon, local = text.partition(":")
        if text.startswith("<") and text.endswith(">"):
            iri = text[1:-1]
        elif not colon or "/" in prefix:
            if _RELATIVE.search(text) or not text:
                raise InvalidNameError(f"{text!r} is no id such as actor/fire-brigade.")
            iri = self.by_id(text)
        elif prefix in self.prefixes and not local.startswith("//"):
            iri = self.prefixes[prefix] + local
        elif prefix in SCHEMES or local.startswith("//"):
            iri = text
        else:
            raise UnknownPrefixError(text)
        try:
            return ox.NamedNode(iri).value
        except ValueError as error:
            reason = "it has a blank" if " " in text else ascii(str(error))[1:-1]
            message = f"{text!r} is no id such as actor/fire-brigade, and no IRI: {reason}."
            raise InvalidNameError(message) from None

    def by_id(self, id_: str) -> str:
        """Return the IRI of an id: the study's, unless only the commons describe it."""
        own, common = self.base + id_, BASE + id_
        is_common = self.base != BASE and self.is_common(common) and not self.is_own(own)
        return common if is_common else own

    def reading(self, passage: str) -> str:
        """Return the IRI of the graph of what is read into a passage."""
        base = next((base for base in self.bases if passage.startswith(base)), self.base)
        return f"{base}graph/reading/{passage.removeprefix(base).removeprefix('passage/')}"

    def is_name(self, text: str) -> bool:
        """Tell whether a text stands for an IRI."""
        try:
            return bool(self.expand(text))
        except InvalidNameError:
            return False

    def known(self, text: str) -> str:
        """Return the IRI of an id that the study or the commons describe, "" for any other text."""
        iri = self.by_id(text)
        return iri if ":" not in text and (self.is_own(iri) or self.is_common(iri)) else ""

    def shorten(self, iri: str) -> str:
        """Return the name of an IRI: a CURIE, a path, or else the IRI in full."""
        name = self.abbreviate(iri)
        scheme, _, rest = iri.partition(":")
        is_plain = rest.startswith("//") or (scheme in SCHEMES and scheme not in self.prefixes)
        is_one_form = unicodedata.is_normalized("NFC", iri)
        return name if is_one_form and (name != iri or is_plain) else f"<{iri}>"

    def abbreviate(self, text: str) -> str:
        """Return a CURIE or path for the text of an IRI, any other text as it is."""
        prefix, local = self.split(text)
        if prefix and (_LOCAL_NAME if prefix not in self.studies else _PATH).fullmatch(local):
            return f"{prefix}:{local}"
        for base in (self.base, BASE):
            id_ = text.removeprefix(base)
            if id_ not in ("", text) and not _NOT_SHORT.search(id_) and self.by_id(id_) == text:
                return id_
        return text

    def of_kind(self, iri: str, kind: str) -> bool:
        """Tell whether an IRI is that of a thing of a study whose id begins with `kind`/."""
        return any(iri.startswith(f"{base}{kind}/") for base in self.bases)

    def split(self, iri: str) -> tuple[str, str]:
        """Return the prefix with the longest namespace that fits, and the rest; "" for none."""
        for namespace, prefix in self._namespaces if iri.startswith(self._beginnings) else ():
            if iri.startswith(namespace) and len(iri) > len(namespace):
                return prefix, iri[len(namespace) :]
        return "", iri

    def suggest(self, text: str) -> str:
        """Return " Did you mean …?" for a name with an unknown prefix, else the known prefixes."""
        prefix, _, local = text.partition(":")
        others = [other for other in self.prefixes if did_you_mean(prefix, [other])]
        near = {f"{other}:{local}" for other in others}
        if prefix.startswith("http"):
            near.add(f"{prefix}://{local.lstrip('/')}")
        hint = did_you_mean(text, near)
        return hint or f" Known prefixes: {', '.join(sorted(self.prefixes))}."


NAMES: Final = Names(BASE, NAME_PREFIXES)
"""Names of govgraph itself: the ontology, its codes and places, and the prefixes of all."""
