"""The languages of the pages, and which of them a reader likes best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias
from typing import Literal as OneOf

from govgraph.web.negotiation import weights

Language: TypeAlias = OneOf["en", "es"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "es")


def choose_language(accept: str | None, offered: Sequence[str] = LANGUAGES) -> str:
    """Return the language an Accept-Language header likes best, the first where it likes none.

    RFC 9110, section 12.5.4, and RFC 4647, section 3.4: "es-MX" is content with "es", "*" takes
    what the header does not name, weight 0 refuses. Of equal weights the header's order decides.
    """
    accepted: dict[str, float] = {}
    for name, weight in weights(accept or "").items():
        language = name.partition("-")[0]
        accepted[language] = max(weight, accepted.get(language, 0.0))
    best, chosen = 0.0, offered[0]
    for name, weight in accepted.items():
        languages = [name] if name != "*" else [lang for lang in offered if lang not in accepted]
        for language in languages:
            if language in offered and weight > best:
                best, chosen = weight, language
    return chosen
