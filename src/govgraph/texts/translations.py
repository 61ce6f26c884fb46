"""gettext in a language, from its catalogue, and numbers as its readers write them.

Catalogues are compiled when a text is first needed, and kept in memory.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import TYPE_CHECKING

from govgraph.texts.languages import CATALOGUES, interface_language

if TYPE_CHECKING:
    import babel
    from babel.messages.catalog import Catalog


def N_(message: str) -> str:  # noqa: N802 (gettext's own name)
    """Return a message as it is: a mark for what is translated where it is shown."""
    return message


@cache
def translations(language: str) -> NullTranslations:
    """Return gettext in the language of the interface that fits; what it lacks stays English."""
    from babel.messages.mofile import write_mo

    known = interface_language(language)
    if known not in CATALOGUES:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, _catalogue(known))
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
    known = interface_language(language)
    if known not in CATALOGUES:
        return {}
    gettext, ngettext = translations(known).gettext, translations(known).ngettext
    plural = _locale(known).plural_form
    texts: dict[str, str | dict[str, str]] = {}
    for message in _catalogue(known):
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
