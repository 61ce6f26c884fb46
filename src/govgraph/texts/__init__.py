"""Texts of the interface, and languages: which there are, and which text fits which reader.

In goes a language tag (BCP 47), out come the functions of gettext, formats of numbers, and an
order of the languages that texts are in. English stands in code, templates and JavaScript; every
other language of the interface is one message catalogue, `locales/CODE.po`, and nothing else,
compiled when a text is first needed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Final

from govgraph.errors import UsageError

if TYPE_CHECKING:
    import babel
    from babel.messages.catalog import Catalog

CATALOGUES: Final = {
    path.name.removesuffix(".po"): path
    for path in (files("govgraph.texts") / "locales").iterdir()
    if path.name.endswith(".po")
}
"""The message catalogue of each language but English, whose texts stand in the code itself."""
LANGUAGES: Final[tuple[str, ...]] = ("en", *sorted(CATALOGUES))
"""The languages of the interface: one more catalogue, one more."""

TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
"""A language tag (RFC 5646; no language has a longer code): `es`, `pt-BR`, `zh-Hant-TW`."""
NONE_FITS: Final = 100
"""The preference from which on a text is in no language that was asked for."""


def check_language(tag: str) -> None:
    """Raise UsageError for what is no language tag."""
    if not TAG.fullmatch(tag):
        raise UsageError(f"{tag!r} is no language tag: expected one such as en, es or pt-BR.")


@lru_cache(maxsize=10_000)
def preference(asked: str, tag: str | None) -> int:
    """Return how well a text in the language `tag` fits who asked for another: 0 is best.

    First what the range takes (RFC 4647, 3.3.1: "es" takes "es-MX"), then what its beginnings
    take (3.4: "pt-BR" is content with "pt"), a text without language, English, and any other.
    """
    offered, wanted = (tag or "").lower(), asked.lower()
    for cut in range(0, 2 * wanted.count("-") + 1, 2):
        if f"{offered}-".startswith(f"{wanted}-"):
            return cut + (offered != wanted)
        wanted = wanted.rpartition("-")[0]
    return NONE_FITS + (0 if not offered else 1 if offered.partition("-")[0] == "en" else 2)


def fits(asked: str, tag: str | None) -> bool:
    """Whether a text in the language `tag` is one that was asked for."""
    return preference(asked, tag) < NONE_FITS


def interface_language(asked: str) -> str:
    """Return the language of the interface that fits best, English where none does."""
    return min(LANGUAGES, key=lambda language: preference(asked, language))


def fitting(texts: Mapping[str, str], asked: str) -> tuple[str, str]:
    """Return the language and the text that fit best; ("", "") where there is none at all."""
    said = [(preference(asked, tag), tag, text) for tag, text in texts.items() if text]
    return min(said, default=(0, "", ""))[1:]


def N_(message: str) -> str:  # noqa: N802 (gettext's own name)
    """Return a message as it is: a mark for what is translated where it is shown."""
    return message


@cache
def translations(language: str) -> NullTranslations:
    """Return gettext in the language of the interface that fits; what it lacks stays English."""
    from babel.messages.mofile import write_mo

    tag = interface_language(language)
    if tag not in CATALOGUES:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, _catalogue(tag))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _catalogue(language: str) -> Catalog:
    from babel.messages.pofile import read_po

    with CATALOGUES[language].open("rb") as stream:
        return read_po(stream, locale=language.replace("-", "_"))


@cache
def texts_of_page(part: str, language: str) -> dict[str, str | dict[str, str]]:
    """Return what the JavaScript of `web/PART` says: English -> translation, {} for English.

    A text with a number is a table, from the plural categories of CLDR (one, few, other …) that
    browsers know to the text for them. Which texts are whose, the catalogue says at each.
    """
    tag = interface_language(language)
    if tag not in CATALOGUES:
        return {}
    gettext, ngettext = translations(tag).gettext, translations(tag).ngettext
    plural = _locale(tag).plural_form
    texts: dict[str, str | dict[str, str]] = {}
    for message in _catalogue(tag):
        if any(path.startswith(f"web/{part}/") for path, _ in message.locations):
            if isinstance(message.id, str):
                texts[message.id] = gettext(message.id)
                continue
            one, many = message.id
            texts[one] = {plural(n): ngettext(one, many, n) for n in range(200)}
    return texts


def language_name(language: str) -> str:
    """Return the name of a language in the language itself, as at the start of a line."""
    name: str = _locale(language).languages.get(language.replace("-", "_"), language)
    return name[:1].upper() + name[1:]


def number(value: float, language: str, decimals: int | None = None) -> str:
    """Return a number as it is written in a language: 28,629 in English, 28.629 in Spanish.

    With `decimals` so many digits after the point, else as many as there are.
    """
    from babel.numbers import format_decimal

    places = "#" * 9 if decimals is None else "0" * decimals
    return format_decimal(value, f"#,##0.{places}", locale=_locale(language))


@cache
def _locale(language: str) -> babel.Locale:
    import babel

    try:
        return babel.Locale.parse(language, sep="-")
    except (babel.UnknownLocaleError, ValueError):
        return babel.Locale("en")
