"""A study: a folder whose `study.yaml` says what it is called, by whom, and below which IRI.

Without that file a folder or file is read under a temporary base, and cannot be published.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

import pyoxigraph as ox

from govgraph.coding.yaml_lines import Located, LocatedList, LocatedMap, LocatedScalar, parse_yaml
from govgraph.errors import SourceError, SourceErrors, did_you_mean
from govgraph.rdf.dumps import read_text
from govgraph.rdf.names import Knows, Names
from govgraph.resources import bundled
from govgraph.vocabulary import BASE, NAME_PREFIXES

FILE: Final = "study.yaml"
TEMPORARY_BASE: Final = "https://study.example/"
"""The base of what lies in no study (RFC 2606: no such domain exists)."""

Texts = Mapping[str, str]
"""A text by language tag."""
Value = TypeVar("Value")

_KEYS: Final = (
    "title", "base", "languages", "short_title", "lede", "creators", "publisher", "licence",
    "version", "issued", "modified", "contact", "documents", "prefixes",
)  # fmt: skip
_AGENT_KEYS: Final = ("name", "orcid", "url")
_PREFIX: Final = re.compile(r"[a-z][a-z0-9-]*")
_ISO_639_1: Final = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu "
    "hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb "
    "lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om "
    "or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw "
    "ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
"""Most tags: langcodes, which knows all, takes a tenth of the time of a validation to import."""
_ORCID: Final = re.compile(r"(?:https?://orcid\.org/)?((?:\d{4}-){3}\d{3}[\dX])")


@dataclass(frozen=True, slots=True)
class Agent:
    """A person or body: its name, and an IRI ("" for none), that of its ORCID where it has one."""

    name: str
    iri: str = ""


@dataclass(frozen=True)
class Study:
    """What `study.yaml` says.

    folder      where it lies; None for what lies in no study
    base        what the IRIs of its own things begin with
    languages   BCP 47 tags, the first of which every label needs; empty: any language
    documents   ids of the works it is coded from
    prefixes    of other studies and vocabularies: prefix -> namespace
    Dates are written as ISO 8601 has them; "" is what it does not say.
    """

    folder: Path | None
    base: str
    languages: tuple[str, ...] = ()
    title: Texts = field(default_factory=dict)
    short_title: Texts = field(default_factory=dict)
    lede: Texts = field(default_factory=dict)
    creators: tuple[Agent, ...] = ()
    publisher: Agent | None = None
    licence: str = ""
    version: str = ""
    issued: str = ""
    modified: str = ""
    contact: str = ""
    documents: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it goes by beside other studies: the name of its folder."""
        return self.folder.name if self.folder else ""

    @property
    def file_name(self) -> str:
        """What the names of the files of its data begin with."""
        return re.sub(r"[^A-Za-z0-9_-]+", "-", self.name) or "data"

    @property
    def files(self) -> list[Path]:
        """The files that say what it is, beside those of its data."""
        return [self.folder / FILE] if self.folder else []

    @property
    def dataset(self) -> str:
        """The IRI of its data as a whole."""
        return f"{self.base}dataset"

    @property
    def is_temporary(self) -> bool:
        """Whether it has no study.yaml, so that it cannot be published or pushed."""
        return self.folder is None


UNNAMED: Final = Study(None, TEMPORARY_BASE)
"""The study of what lies in no study."""


@dataclass(frozen=True)
class Sources:
    """What a graph is read from: studies side by side, and more files as parts of the first."""

    studies: tuple[Study, ...] = ()
    data: tuple[Path, ...] = ()

    @classmethod
    def of(cls, *data: Path) -> Sources:
        """Return files and folders that lie in no study."""
        return cls(data=data)

    @property
    def main(self) -> Study:
        """The study whose names are short: the first, or what lies in no study."""
        return self.studies[0] if self.studies else UNNAMED


def names_of_study(
    study: Study,
    others: Iterable[Study] = (),
    *,
    is_own: Knows = lambda iri: False,
    is_common: Knows = lambda iri: False,
) -> Names:
    """Return the names of a study beside others, which go by the names of their folders."""
    beside = {other.name: other.base for other in others if _PREFIX.fullmatch(other.name)}
    beside.pop(study.name, None)
    prefixes = {**NAME_PREFIXES, **study.prefixes}
    return Names(study.base, prefixes, beside, is_own=is_own, is_common=is_common)


def study_folder(start: Path) -> Path | None:
    """Return the folder of the study that `start` lies in, as git finds its own; None for none."""
    start = start.resolve()
    return next((path for path in (start, *start.parents) if (path / FILE).is_file()), None)


def read_study(folder: Path) -> Study:
    """Read the study.yaml of a folder.

    Raises SourceErrors with all that is wrong in it, SourceError where it cannot be read.
    """
    if not (folder / FILE).is_file():
        message = f"no {FILE} here. `govgraph new study NAME --base URL` writes a study."
        raise SourceError(message, folder)
    return study_of_text(read_text(folder / FILE, _shown(folder)), folder)


def study_of_text(text: str, folder: Path) -> Study:
    """Read what is, or would be, the study.yaml of a folder; raises as `read_study` does."""
    shown = _shown(folder)
    tree = parse_yaml(text, shown)
    if not isinstance(tree, LocatedMap):
        raise SourceError("the file must start with keys (`title:`, `base:` …).", shown, 1)
    reader = _Reader(tree, shown)
    study = reader.study(folder.resolve())
    if reader.mistakes:
        raise SourceErrors(reader.mistakes)
    return study


def _shown(folder: Path) -> str:
    return str(shown_folder(folder) / FILE)


def is_language_tag(tag: str) -> bool:
    """Tell whether a text is a valid language tag (BCP 47)."""
    if tag in _ISO_639_1.split():
        return True
    import langcodes

    return langcodes.tag_is_valid(tag)


def shown_folder(folder: Path) -> Path:
    """Return what a folder is called in messages: its path from here where it lies here or above.

    That of a folder elsewhere, and of a bundled study read elsewhere, is its name.
    """
    folder, here = folder.resolve(), Path.cwd()
    if here.is_relative_to(folder):
        return Path(os.path.relpath(folder, here))
    is_bundled = folder.is_relative_to(bundled("data").resolve())
    if folder.is_relative_to(here) and not is_bundled:
        return folder.relative_to(here)
    return Path(folder.name)


def check_side_by_side(studies: Sequence[Study]) -> None:
    """Raise SourceErrors where two studies have one base, or one name."""
    mistakes: list[SourceError] = []
    for number, study in enumerate(studies):
        for other in studies[:number]:
            for what in ("base", "name"):
                if getattr(study, what) == getattr(other, what):
                    message = (
                        f"the {what} {getattr(study, what)!r} is also that of {other.folder}. "
                        "Studies side by side need one each."
                    )
                    mistakes.append(SourceError(message, study.folder))
    if mistakes:
        raise SourceErrors(mistakes)


class _Reader:
    """Reads the keys of one study.yaml; what is wrong is noted in `mistakes` and left out."""

    def __init__(self, tree: LocatedMap, shown: str):
        self.tree, self.shown = tree, shown
        self.mistakes: list[SourceError] = []
        self.languages: tuple[str, ...] = ()

    def study(self, folder: Path) -> Study:
        self.check_keys(self.tree, _KEYS, "study.yaml")
        self.languages = self.values("languages", self.language)
        base = self.value("base", self.base)
        title = self.texts("title")
        for key, present, example in (
            ("base", base, "https://example.org/my-study/"),
            ("languages", self.languages, "[en]"),
            ("title", title, "{en: My study}"),
        ):
            if not present and key not in self.tree.entries:
                self.note(f"no `{key}`. Give one, such as {key}: {example}", 1)
        return Study(
            folder,
            base or TEMPORARY_BASE,
            self.languages,
            title,
            self.texts("short_title"),
            self.texts("lede"),
            self.values("creators", self.agent),
            self.value("publisher", self.agent),
            self.value("licence", self.licence) or "",
            self.value("version", self.plain) or "",
            self.value("issued", self.date) or "",
            self.value("modified", self.date) or "",
            self.value("contact", self.contact) or "",
            self.values("documents", self.plain),
            self.prefixes(),
        )

    def note(self, message: str, line: int) -> None:
        self.mistakes.append(SourceError(message, self.shown, line))

    def wrong(self, message: str, item: Located) -> SourceError:
        return SourceError(message, self.shown, item.line)

    def check_keys(self, tree: LocatedMap, keys: Sequence[str], where: str) -> None:
        for key, line, _ in tree.items():
            if key not in keys:
                hint = did_you_mean(key, keys) or f" {where} takes: {', '.join(keys)}."
                self.note(f"unknown key {key!r}.{hint}", line)

    def value(self, key: str, read: Callable[[Located], Value]) -> Value | None:
        """Return the value of a key as `read` takes it; None where it is missing or wrong."""
        item = self.tree.get(key)
        try:
            return None if item is None else read(item)
        except SourceError as error:
            self.mistakes.append(error)
            return None

    def values(self, key: str, read: Callable[[Located], Value]) -> tuple[Value, ...]:
        """Return the values of a key that takes one or a list, without those that are wrong."""
        item = self.tree.get(key)
        parts = item.items if isinstance(item, LocatedList) else [item] if item else []
        result = []
        for part in parts:
            try:
                result.append(read(part))
            except SourceError as error:
                self.mistakes.append(error)
        return tuple(result)

    def texts(self, key: str) -> dict[str, str]:
        """Return a text by language; a plain text is in the first language of the study."""
        item = self.tree.get(key)
        if not isinstance(item, LocatedMap):
            text = self.value(key, self.plain)
            return {self.languages[0]: text} if text and self.languages else {}
        result = {}
        for tag, line, text_item in item.items():
            try:
                result[self.language(LocatedScalar(tag, line))] = self.plain(text_item)
            except SourceError as error:
                self.mistakes.append(error)
        if self.languages and self.languages[0] not in result:
            message = f"`{key}` has no text in {self.languages[0]!r}, the first language."
            self.note(message, item.line)
        return result

    def prefixes(self) -> dict[str, str]:
        item = self.tree.get("prefixes")
        if item is None:
            return {}
        if not isinstance(item, LocatedMap):
            self.note("`prefixes` takes {prefix: namespace}.", item.line)
            return {}
        result = {}
        for prefix, line, namespace in item.items():
            if not _PREFIX.fullmatch(prefix):
                self.note(f"{prefix!r} is no prefix: letters a to z, digits, hyphens.", line)
            elif prefix in NAME_PREFIXES:
                self.note(f"{prefix!r} already stands for {NAME_PREFIXES[prefix]}.", line)
            else:
                try:
                    result[prefix] = self.address(namespace)
                except SourceError as error:
                    self.mistakes.append(error)
        return result

    # -- values ------------------------------------------------------------------------------------

    def plain(self, item: Located) -> str:
        if not isinstance(item, LocatedScalar) or item.is_empty:
            raise self.wrong("a text is missing here. Give one, or remove the key.", item)
        return item.text

    def language(self, item: Located) -> str:
        tag = self.plain(item)
        if not is_language_tag(tag):
            message = f"{tag!r} is no language tag (BCP 47), such as en, es-MX or pt."
            raise self.wrong(message, item)
        return str(ox.Literal("", language=tag).language)

    def address(self, item: Located) -> str:
        text = self.plain(item)
        try:
            iri = ox.NamedNode(text).value
        except ValueError:
            iri = ""
        if not re.match(r"https?://[^/]", iri):
            raise self.wrong(f"{text!r} is no IRI that starts with http:// or https://.", item)
        return iri

    def licence(self, item: Located) -> str:
        try:
            return self.address(item)
        except SourceError:
            text, example = self.plain(item), "https://creativecommons.org/licenses/by/4.0/"
            message = f"the licence {text!r} is no IRI. Give its address, such as {example}."
            raise self.wrong(message, item) from None

    def base(self, item: Located) -> str:
        try:
            iri = self.address(item)
        except SourceError:
            text = self.plain(item)
            message = f"the base {text!r} is no absolute IRI such as https://example.org/my-study/."
            raise self.wrong(message, item) from None
        if not iri.endswith("/") or "?" in iri or "#" in iri:
            message = f"the base {iri!r} must end with / and have no ? and no #."
            raise self.wrong(message, item)
        if iri == BASE:
            message = f"{BASE} is govgraph's own. Take an address that is yours."
            raise self.wrong(message, item)
        return iri

    def date(self, item: Located) -> str:
        text = self.plain(item)
        try:
            return datetime.date.fromisoformat(text).isoformat()
        except ValueError:
            raise self.wrong(f"{text!r} is no date such as 2026-11-30.", item) from None

    def contact(self, item: Located) -> str:
        text = self.plain(item)
        if re.fullmatch(r"(mailto:)?[^@\s:]+@[^@\s]+\.[^@\s]+", text):
            return f"mailto:{text.removeprefix('mailto:')}"
        try:
            return self.address(item)
        except SourceError:
            message = f"{text!r} is no contact: give an e-mail address or a web address."
            raise self.wrong(message, item) from None

    def agent(self, item: Located) -> Agent:
        if isinstance(item, LocatedScalar):
            return Agent(self.plain(item))
        if not isinstance(item, LocatedMap):
            raise self.wrong("give a name, or {name: …, orcid: …}.", item)
        self.check_keys(item, _AGENT_KEYS, "A person or body")
        name, orcid, url = (item.get(key) for key in _AGENT_KEYS)
        if name is None:
            raise self.wrong("a person or body needs a `name`.", item)
        iri = self.orcid(orcid) if orcid else self.address(url) if url else ""
        return Agent(self.plain(name), iri)

    def orcid(self, item: Located) -> str:
        """Return the IRI of an ORCID, whose last digit is a check (ISO 7064, MOD 11-2)."""
        text = self.plain(item)
        match = _ORCID.fullmatch(text)
        if match is None:
            raise self.wrong(f"{text!r} is no ORCID such as 0000-0002-1825-0097.", item)
        total = 0
        for digit in match[1].replace("-", "")[:-1]:
            total = (total + int(digit)) * 2
        expected = "0123456789X"[(12 - total % 11) % 11]
        if match[1][-1] != expected:
            message = f"the ORCID {text!r} is mistyped: its last digit would be {expected}."
            raise self.wrong(message, item)
        return f"https://orcid.org/{match[1]}"
