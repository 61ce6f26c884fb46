"""Pictures of figures as SVG, drawn when a page is made: no script, no style attribute."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

_WIDTH: Final = 960
_TOP, _RIGHT, _LEFT = 34, 24, 190
_ROW: Final = 26
_STEP: Final = 5  # years


@dataclass(frozen=True)
class Dot:
    """A dated thing: what it is called, where its page is, and the kind that colours it."""

    year: int
    row: str
    title: str
    href: str
    kind: str = ""


def timeline(dots: Sequence[Dot], rows: Sequence[str], title: str) -> Markup:
    """Return dots on a line of years for each row; those of one row and year stand side by side."""
    if not dots:
        return Markup("")
    first = min(dot.year for dot in dots) // _STEP * _STEP
    last = -(-max(dot.year for dot in dots) // _STEP) * _STEP
    height = _TOP + _ROW * len(rows) + 12

    def x_of(year: int) -> int:
        room = _WIDTH - _LEFT - _RIGHT - 20
        return round(_LEFT + (year - first) / max(1, last - first) * room)

    def y_of(row: str) -> int:
        return _TOP + _ROW * rows.index(row) + _ROW // 2

    opening = '<svg class="picture" viewBox="0 0 {} {}" role="img" aria-label="{}">'
    parts = [Markup(opening).format(_WIDTH, height, title)]
    for year in range(first, last + 1, _STEP):
        parts.append(_line("grid", x_of(year), _TOP - 8, x_of(year), height - 8))
        parts.append(_text("year", x_of(year), 18, str(year), "middle"))
    for row in rows:
        parts.append(_line("row", _LEFT - 8, y_of(row), _WIDTH - _RIGHT, y_of(row)))
        parts.append(_text("name", _LEFT - 16, y_of(row) + 4, row, "end"))
    dots_at: Counter[tuple[int, str]] = Counter()
    for dot in dots:
        x = x_of(dot.year) + dots_at[dot.year, dot.row] * 9
        dots_at[dot.year, dot.row] += 1
        circle = Markup('<circle class="dot {}" cx="{}" cy="{}" r="5"><title>{}</title></circle>')
        mark = circle.format(dot.kind, x, y_of(dot.row), f"{dot.year}: {dot.title}")
        parts.append(Markup('<a href="{}">{}</a>').format(dot.href, mark) if dot.href else mark)
    return Markup("").join([*parts, Markup("</svg>")])


def bar(value: float, most: float) -> Markup:
    """Return one bar of a table of bars, as long as its share of the greatest."""
    width = round(100 * value / most, 2) if most else 0
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><rect width="{}" height="10"/></svg>'
    ).format(width)


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(kind, x1, y1, x2, y2)


def _text(kind: str, x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        kind, x, y, anchor, text
    )
