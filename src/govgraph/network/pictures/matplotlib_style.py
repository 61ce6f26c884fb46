"""Figures: the same bytes from the same content, on every machine with the same matplotlib.

matplotlib is optional (the `[pictures]` extra) and imported only here and where a figure is drawn.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from govgraph.errors import warn
from govgraph.resources import needed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK: Final = "#1a1a1a"
_FONT: Final = "DejaVu Sans"  # comes with matplotlib, so it is the same everywhere
_STYLE: Final[dict[str, Any]] = {
    "font.family": [_FONT],
    "font.size": 8.0,
    "text.parse_math": False,  # a dollar sign is a dollar sign
    "text.color": INK,
    "svg.fonttype": "path",  # letters as outlines: no font of the reader's changes the picture
    "svg.hashsalt": "govgraph",
    "pdf.fonttype": 42,  # TrueType, which journals ask for
    "savefig.dpi": 200,
}
_NO_METADATA: Final[dict[str, dict[str, str | None]]] = {
    "png": {"Software": None},
    "svg": {"Creator": None, "Date": None},
    "pdf": {"Creator": None, "Producer": None, "CreationDate": None},
}


@contextmanager
def drawing(texts: Iterable[str] = ()) -> Iterator[None]:
    """Draw and save within this: a fixed style, and fonts for every letter of `texts`.

    Raises GovgraphError without matplotlib.
    """
    with needed("pictures", "Pictures"):
        from matplotlib import style

    fonts, missing = fallback_fonts(texts)
    if missing:
        warn(f"No installed font has these letters: {missing}")
    with (
        style.context(["default", {**_STYLE, "font.family": [_FONT, *fonts]}]),
        warnings.catch_warnings(),
    ):
        # A letter no font has is drawn as a box.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def render(figure: Figure, format: str, title: str = "") -> bytes:
    """Return a figure as PNG, SVG or PDF, without dates and names of programs.

    The title is in the file for screen readers and catalogues, not on the page.
    """
    buffer = io.BytesIO()
    metadata = _NO_METADATA[format] | ({"Title": title} if title else {})
    figure.savefig(buffer, format=format, metadata=metadata)
    return buffer.getvalue()


def fallback_fonts(texts: Iterable[str]) -> tuple[list[str], str]:
    """Return installed font families that draw what the standard font cannot, and what none can."""
    points = {ord(letter) for text in texts for letter in text if letter.isprintable()}
    chosen: list[str] = []
    if not (missing := points - _charmap(_FONT)):
        return chosen, ""
    from matplotlib import font_manager

    for family in sorted({entry.name for entry in font_manager.fontManager.ttflist} - {_FONT}):
        if missing and (drawable := missing & _charmap(family)):
            chosen.append(family)
            missing -= drawable
    return chosen, "".join(map(chr, sorted(missing)))


def _charmap(family: str) -> set[int]:
    from matplotlib import font_manager

    try:
        path = font_manager.findfont(family, fallback_to_default=False)
        return set(font_manager.get_font(path).get_charmap())
    except (ValueError, RuntimeError, OSError):  # a font listed that is gone or broken
        return set()
