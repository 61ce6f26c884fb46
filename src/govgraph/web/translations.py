"""Texts of the interface: English in templates and code, other languages in `locales/*.po`.

In goes a language, out come the functions of gettext and the formats of numbers. Catalogues are
compiled when a page first needs them, and kept in memory: a new language is one new file.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO

import babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from govgraph.web.languages import CATALOGUES


def N_(message: str) -> str:  # noqa: N802 (gettext's own name)
    """Return a message as it is: a mark for what is translated where it is shown."""
    return message


@cache
def translations(language: str) -> NullTranslations:
    """Return gettext in a language; what its catalogue lacks stays English."""
    if language not in CATALOGUES:
        return NullTranslations()
    with CATALOGUES[language].open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def language_name(language: str) -> str:
    """Return the name of a language in the language itself, as at the start of a line."""
    name: str = _locale(language).languages.get(language.replace("-", "_"), language)
    return name[:1].upper() + name[1:]


def number(value: float, language: str, decimals: int | None = None) -> str:
    """Return a number as it is written in a language: 28,629 in English, 28.629 in Spanish.

    With `decimals` so many digits after the point, else as many as there are.
    """
    places = "#" * 9 if decimals is None else "0" * decimals
    return format_decimal(value, f"#,##0.{places}", locale=_locale(language))


@cache
def _locale(language: str) -> babel.Locale:
    try:
        return babel.Locale.parse(language, sep="-")
    except (babel.UnknownLocaleError, ValueError):
        return babel.Locale("en")
