"""Content negotiation (without a server): media types, languages, codings, and their weights.

HTTP Semantics (RFC 9110), sections 12.4 and 12.5: an absent Accept takes anything, the most
specific range that fits a media type gives its weight, weight 0 refuses. Of equal weights the
server's own order decides.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from govgraph.rdf.formats import MEDIA_TYPE_ALIASES, RDF_FORMATS
from govgraph.texts import fits

EXTENSIONS: Final[dict[str, str]] = {
    "ttl": RDF_FORMATS["ttl"].media_type,
    "html": "text/html",
    **{entry.ending: entry.media_type for entry in RDF_FORMATS.values()},
}
"""Extension of each document about a resource -> media type, in the order the server prefers."""

RDF_EXTENSIONS: Final = tuple(ending for ending in EXTENSIONS if ending != "html")
RDF_TYPES: Final = tuple(EXTENSIONS[ending] for ending in RDF_EXTENSIONS)
"""Media types of RDF, in the same order."""

ALIASES: Final[dict[str, str]] = {"application/xhtml+xml": "text/html", **MEDIA_TYPE_ALIASES}
"""Other names under which clients ask for a media type; they count below the type's own name."""

_WEIGHT: Final = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_MOST_RANGES: Final = 64


def weights(header: str) -> dict[str, float]:
    """Return name -> weight (0 to 1) of a header such as Accept or Accept-Language, in its order.

    Weight 1 where it has none, 0 where it is malformed. Other parameters than q are left out: they
    do not tell apart what this server offers.
    """
    parsed: dict[str, float] = {}
    for part in header.split(",")[:_MOST_RANGES]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                weight = float(value) if _WEIGHT.fullmatch(value.strip()) else 0.0
        parsed[name] = max(weight, parsed.get(name, 0.0))
    return parsed


def choose(
    accept: str | None, offered: Sequence[str], aliases: Mapping[str, str] = ALIASES
) -> str | None:
    """Return the media type of `offered` that an Accept header likes best; None is status 406."""
    if accept is None or not accept.strip():
        return offered[0]
    accepted = weights(accept)
    best = max(offered, key=lambda media_type: _weight(media_type, accepted, aliases))
    return best if _weight(best, accepted, aliases) > 0 else None


def _weight(media_type: str, accepted: Mapping[str, float], aliases: Mapping[str, str]) -> float:
    names = [media_type, *(alias for alias, meant in aliases.items() if meant == media_type)]
    for name in names:
        if name in accepted:
            return accepted[name]
    kind = media_type.partition("/")[0]
    return accepted.get(f"{kind}/*", accepted.get("*/*", 0.0))


def choose_language(accept: str | None, offered: Sequence[str]) -> str:
    """Return the language an Accept-Language header likes best, the first where it likes none.

    RFC 9110, section 12.5.4, and RFC 4647: "es-MX" is content with "es", "*" takes what the header
    does not name, weight 0 refuses. Of equal weights the header's order decides.
    """
    accepted = weights(accept or "")
    rest = accepted.pop("*", 0.0)
    ranked = list(enumerate(accepted.items()))

    def liked(language: str) -> tuple[float, int]:
        taken = [(weight, -rank) for rank, (name, weight) in ranked if fits(name, language)]
        return max(taken, default=(rest, -len(ranked)))

    best = max(offered, key=liked)
    return best if liked(best)[0] > 0 else offered[0]


def accepts_gzip(accept: str | None) -> bool:
    """Return whether an Accept-Encoding header asks for gzip (RFC 9110, section 12.5.3).

    What is not asked for is not compressed, nor what the header likes better as it is.
    """
    accepted = weights(accept or "")
    weight = accepted.get("gzip", accepted.get("*", 0.0))
    return weight > 0 and weight >= accepted.get("identity", 0.0)
