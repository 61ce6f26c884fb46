"""A study: a folder whose `study.yaml` says what it is called, by whom, and below which IRI.

Without that file a folder or file is read under a temporary base, and cannot be published.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import combinations
from pathlib import Path
from typing import Final

from govgraph.errors import SourceError, SourceErrors
from govgraph.files import is_file, real, slugs, visible
from govgraph.rdf.formats import path_in_iri
from govgraph.rdf.names import Knows, Names
from govgraph.resources import bundled
from govgraph.texts import TAG
from govgraph.vocabulary import NAME_PREFIXES

FILE: Final = "study.yaml"
QUERY: Final = "query/"
"""What ids of stored queries begin with."""
TEMPORARY_BASE: Final = "https://study.example/"
"""The base of what lies in no study (RFC 2606: no such domain exists)."""

Texts = Mapping[str, str]
"""A text by language tag."""


PREFIX: Final = re.compile(r"[a-z][a-z0-9-]*")


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
    repository  address of a line of its files, with {path} and {line} in it
    documents   ids of the works it is coded from, each with its line in study.yaml
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
    repository: str = ""
    documents: Mapping[str, int] = field(default_factory=dict)
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
        folder = self.folder
        return [folder / FILE, *visible(folder / "queries", "*.rq")] if folder else []

    @cached_property
    def queries(self) -> frozenset[str]:
        """The IRIs of the stored queries of its own."""
        return query_iris(self.folder / "queries", self.base) if self.folder else frozenset()

    @property
    def dataset(self) -> str:
        """The IRI of its data as a whole."""
        return f"{self.base}dataset"

    def no_label(self, languages: Iterable[str | None]) -> str:
        """Return "no label in …" where none of these languages is the first, else ""."""
        first = self.languages[0] if self.languages else ""
        tags = [tag.lower() for tag in languages if tag]
        if any(not first or f"{tag}-".startswith(f"{first}-") for tag in tags):
            return ""
        return f"no label in {first!r}, the first language of the study" if first else "no label"

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
    beside = {other.name: other.base for other in others if PREFIX.fullmatch(other.name)}
    beside.pop(study.name, None)
    return Names(
        study.base,
        {**NAME_PREFIXES, **study.prefixes},
        beside,
        is_own=partial(_is_own, study, is_own),
        is_common=is_common,
    )


def _is_own(study: Study, describes: Knows, iri: str) -> bool:  # which pickle finds by its name
    return iri in study.queries or describes(iri)


def query_iris(folder: Path, base: str) -> frozenset[str]:
    """Return the IRIs that the stored queries of a folder have below a base."""
    return frozenset(f"{base}{QUERY}{path_in_iri(slug)}" for slug in slugs(folder, ".rq"))


def study_folder(start: Path) -> Path | None:
    """Return the folder of the study that `start` lies in, as git finds its own; None for none.

    Raises SourceError for a study.yml, which is read as nothing.
    """
    start = real(start)
    for path in (start, *start.parents):
        if is_file(path / FILE):
            return path
        if is_file(misnamed := path / "study.yml"):
            raise SourceError(f"a study is named {FILE}. Rename this file.", misnamed)
    return None


def is_language_tag(tag: str) -> bool:
    """Tell whether a text is a valid language tag (BCP 47)."""
    from babel.localedata import exists

    if not TAG.fullmatch(tag):
        return False
    if exists(tag.replace("-", "_")):
        return True
    import langcodes  # whose tables take a tenth of a second

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
    """Raise SourceErrors where two studies have one name, or the base of one holds the other's."""
    problems: list[tuple[str, Study]] = []
    for other, study in combinations(studies, 2):
        if study.name == other.name:
            problems.append((f"the name {study.name!r} is also that of {other.folder}.", study))
        if study.base.startswith(other.base) or other.base.startswith(study.base):
            message = f"the base {study.base} and {other.base} of {other.folder} overlap."
            problems.append((message, study))
    remedy = "Studies side by side need one each."
    if problems:
        raise SourceErrors(SourceError(f"{text} {remedy}", at.folder) for text, at in problems)
