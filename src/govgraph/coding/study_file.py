"""study.yaml -> a Study, or all that is wrong in it, each with its line."""

import datetime
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

import pyoxigraph as ox

from govgraph.coding.study import FILE, PREFIX, Agent, Study, is_language_tag, shown_folder
from govgraph.coding.yaml_lines import Located, LocatedList, LocatedMap, LocatedScalar, parse_yaml
from govgraph.errors import SourceError, SourceErrors, did_you_mean, noting
from govgraph.rdf.dumps import read_text
from govgraph.vocabulary import BASE, NAME_PREFIXES

Value = TypeVar("Value")
_KEYS: Final = (
    "title", "base", "languages", "short_title", "lede", "creators", "publisher", "licence",
    "version", "issued", "modified", "contact", "repository", "documents",
    "prefixes",
)  # fmt: skip
_NEEDED: Final = {
    "base": "https://example.org/my-study/", "languages": "[en]", "title": "{en: My study}"
}  # fmt: skip
_NO_ADDRESS: Final = "{!r} is no IRI that starts with http:// or https://."
_AGENT_KEYS: Final = ("name", "orcid", "url")
_ORCID: Final = re.compile(r"(?:https?://orcid\.org/)?((?:\d{4}-){3}\d{3}[\dX])")


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


class _Reader:
    """Reads the keys of one study.yaml; what is wrong is noted in `mistakes` and left out."""

    def __init__(self, tree: LocatedMap, shown: str):
        self.tree, self.shown = tree, shown
        self.mistakes: list[SourceError] = []
        self.languages: tuple[str, ...] = ()

    def study(self, folder: Path) -> Study:
        self.check_keys(self.tree, _KEYS, "study.yaml")
        self.languages = self.values("languages", self.language)
        for key, example in _NEEDED.items():
            item = self.tree.get(key)
            if item is None or item == LocatedList([], item.line):
                self.note(f"no `{key}`. Give one, such as {key}: {example}", 1)
        return Study(
            folder,
            self.value("base", self.base) or "",
            self.languages,
            self.texts("title"),
            self.texts("short_title"),
            self.texts("lede"),
            self.values("creators", self.agent),
            self.value("publisher", self.agent),
            self.value("licence", self.licence) or "",
            self.value("version", self.plain) or "",
            self.value("issued", self.date) or "",
            self.value("modified", self.date) or "",
            self.value("contact", self.contact) or "",
            self.value("repository", self.repository) or "",
            dict(self.values("documents", lambda item: (self.plain(item), item.line))),
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
        with noting(self.mistakes):
            return None if item is None else read(item)
        return None

    def values(self, key: str, read: Callable[[Located], Value]) -> tuple[Value, ...]:
        """Return the values of a key that takes one or a list, without those that are wrong."""
        item = self.tree.get(key)
        result = []
        for part in item.items if isinstance(item, LocatedList) else [item] if item else []:
            with noting(self.mistakes):
                if (value := read(part)) in result:
                    raise self.wrong(f"{value!r} stands twice under `{key}`. Keep one.", part)
                result.append(value)
        return tuple(result)

    def texts(self, key: str) -> dict[str, str]:
        """Return a text by language; a plain text is in the first language of the study."""
        item = self.tree.get(key)
        if not isinstance(item, LocatedMap):
            text = self.value(key, self.plain)
            return {self.languages[0]: text} if text and self.languages else {}
        result = {}
        for tag, line, text_item in item.items():
            with noting(self.mistakes):
                result[self.language(LocatedScalar(tag, line))] = self.plain(text_item)
        if self.languages and self.languages[0] not in result:
            message = f"`{key}` has no text in {self.languages[0]!r}, the first language."
            self.note(message, item.line)
        return result

    def prefixes(self) -> dict[str, str]:
        item, result = self.tree.get("prefixes") or LocatedMap(), {}
        if not isinstance(item, LocatedMap):
            self.note("`prefixes` takes {prefix: namespace}.", item.line)
            return {}
        for prefix, line, namespace in item.items():
            if not PREFIX.fullmatch(prefix):
                self.note(f"{prefix!r} is no prefix: letters a to z, digits, hyphens.", line)
            elif prefix in NAME_PREFIXES:
                self.note(f"{prefix!r} already stands for {NAME_PREFIXES[prefix]}.", line)
            else:
                with noting(self.mistakes):
                    result[prefix] = self.address(namespace)
        return result

    # -- values ------------------------------------------------------------------------------------

    def plain(self, item: Located) -> str:
        if not isinstance(item, LocatedScalar) or item.is_empty or not item.text.strip():
            raise self.wrong("a text is missing here. Give one, or remove the key.", item)
        return item.text

    def language(self, item: Located) -> str:
        tag = self.plain(item)
        if not is_language_tag(tag):
            message = f"{tag!r} is no language tag (BCP 47), such as en, es-MX or pt."
            raise self.wrong(message, item)
        return str(ox.Literal("", language=tag).language)

    def address(self, item: Located, wrong: str = _NO_ADDRESS) -> str:
        """Return the address of something on the web; `wrong` says of another text what it is."""
        text = self.plain(item)
        try:
            iri = ox.NamedNode(text).value
        except ValueError:
            iri = ""
        if not re.match(r"https?://[^/]", iri):
            raise self.wrong(wrong.format(text), item)
        return iri

    def licence(self, item: Located) -> str:
        example = "https://creativecommons.org/licenses/by/4.0/"
        wrong = f"the licence {{!r}} is no IRI. Give its address, such as {example}."
        return self.address(item, wrong)

    def base(self, item: Located) -> str:
        example = "https://example.org/my-study/"
        iri = self.address(item, f"the base {{!r}} is no absolute IRI such as {example}.")
        if not iri.endswith("/") or "?" in iri or "#" in iri:
            message = f"the base {iri!r} must end with / and have no ? and no #."
            raise self.wrong(message, item)
        if not iri.isascii() or "@" in iri or re.search(r"/\.\.?/", iri):
            raise self.wrong(f"the base {iri!r} may have ASCII alone, and no `@` or `..`.", item)
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
        wrong = "{!r} is no contact: give an e-mail address or a web address."
        return self.address(item, wrong)

    def repository(self, item: Located) -> str:
        """Return the address of a line; that of a repository alone is completed as forges do."""
        text = self.plain(item)
        wrong = f"{text!r} is no address of a repository, or of a line: {{path}}, {{line}}."
        plain = text.replace("{path}", "").replace("{line}", "")
        self.address(LocatedScalar(plain, item.line), wrong.replace("{", "{{").replace("}", "}}"))
        return text if "{path}" in text else f"{text.rstrip('/')}/blob/HEAD/{{path}}#L{{line}}"

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
