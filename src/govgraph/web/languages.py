"""The languages of the pages, and which of them a reader likes best."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Final, TypeAlias

from govgraph.web.negotiation import weights

Language: TypeAlias = str
CATALOGUES: Final = {
    path.name.removesuffix(".po"): path
    for path in (files("govgraph.web") / "locales").iterdir()
    if path.name.endswith(".po")
}
"""The message catalogue of each language but English, whose texts stand in pages themselves."""
LANGUAGES: Final[tuple[Language, ...]] = ("en", *sorted(CATALOGUES))
"""The languages that pages are made in, as in their addresses: one more catalogue, one more."""


def choose_language(accept: str | None, offered: Sequence[str] = LANGUAGES) -> str:
    """Return the language an Accept-Language header likes best, the first where it likes none.

    RFC 9110, section 12.5.4, and RFC 4647, section 3.4: "es-MX" is content with "es", "*" takes
    what the header does not name, weight 0 refuses. Of equal weights the header's order decides.
    """
    accepted: dict[str, float] = {}
    for name, weight in weights(accept or "").items():
        language = name.partition("-")[0]
        accepted[language] = max(weight, accepted.get(language, 0.0))
    rest = accepted.get("*", 0.0)
    ranked = [*(language for language in accepted if language in offered), *offered]
    best = max(ranked, key=lambda language: accepted.get(language, rest))
    return best if accepted.get(best, rest) > 0 else offered[0]
