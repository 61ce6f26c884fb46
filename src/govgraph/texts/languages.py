"""The languages of the interface, and which language fits a reader best (BCP 47, RFC 4647)."""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

from govgraph.errors import UsageError

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
    found, wanted = (tag or "").lower(), asked.lower()
    for cut in range(0, 2 * wanted.count("-") + 1, 2):
        if f"{found}-".startswith(f"{wanted}-"):
            return cut + (found != wanted)
        wanted = wanted.rpartition("-")[0]
    return NONE_FITS + (0 if not found else 1 if found.partition("-")[0] == "en" else 2)


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
