"""Pictures of figures as SVG, drawn when a page is made: no script, no style attribute."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from markupsafe import Markup

_MARGIN: Final = 3  # per cent of the width, at either end
_ROW: Final = 12  # pixels for a mark
_LINE: Final = 26  # pixels of the name of a row
_STEP: Final = 5  # years
_SHAPES: Final = {
    "instrument": Markup('<circle r="4.5"/>'),
    "partnership": Markup('<path d="M-4-4H4V4H-4Z"/>'),
    "organisation": Markup('<path d="M0-5 5 4H-5Z"/>'),
    "event": Markup('<path d="M0-5.5 5.5 0 0 5.5-5.5 0Z"/>'),
}
"""The shape of the mark of each kind of thing, so that it can be told in print as well."""


Dot = tuple[int, str, str]
"""The year of a thing, what it is called, and the kind that gives its mark shape and colour."""


def timeline(rows: Mapping[str, list[Dot]], title: str) -> Markup:
    """Return a drawing of years for each row, at every width: a mark stands at its year exactly.

    What shares a year is stacked; the shape of a mark tells its kind.
    """
    dated = [year for dots in rows.values() for year, *_ in dots]
    if not dated:
        return Markup("")
    first = min(dated) // _STEP * _STEP
    last = -(-max(dated) // _STEP) * _STEP

    def x_of(year: int) -> str:
        return f"{_MARGIN + (100 - 2 * _MARGIN) * (year - first) / max(1, last - first):.2f}%"

    years = range(first, last + 1, _STEP)
    tick = Markup('<text x="{}" y="12"{}>{}</text>').format
    ticks = (tick(x_of(y), Markup(' class="five"') if y % 10 else "", y) for y in years)
    axis = Markup('<svg class="axis" height="16" aria-hidden="true">{}</svg>').format(
        Markup("").join(ticks)
    )
    line = Markup('<line class="grid" x1="{0}" x2="{0}" y1="0" y2="100%"/>').format
    grid = Markup("").join(line(x_of(year)) for year in years)
    lanes = Markup("").join(_lane(row, dots, grid, x_of) for row, dots in rows.items())
    whole = '<div class="lanes" role="group" aria-label="{}"><div></div>{}{}<div></div>{}</div>'
    return Markup(whole).format(title, axis, lanes, axis)


def _lane(row: str, dots: list[Dot], grid: Markup, x_of: Callable[[int], str]) -> Markup:
    """Return the name of a row and the drawing of its marks, those of a year one above another."""
    most = max(Counter(year for year, *_ in dots).values(), default=1)
    height = max(_ROW * most + _ROW // 2, _LINE)
    stacked: Counter[int] = Counter()
    mark = '<svg class="mark {}" x="{}" y="{}" width="1" height="1"><title>{}</title>{}</svg>'
    marks = []
    for year, title, kind in dots:
        y = height - _ROW * (stacked[year] + 0.75)
        stacked[year] += 1
        told = f"{year}: {title}"
        marks.append(Markup(mark).format(kind, x_of(year), y, told, _SHAPES[kind]))
    drawing = (
        '<div class="name">{0}</div><svg class="draw" height="{1}" role="img" aria-label="{2}">'
        "{3}{4}</svg>"
    )
    told = "; ".join(f"{year} {title}" for year, title, _ in dots)
    return Markup(drawing).format(row, height, f"{row}: {told}", grid, Markup("").join(marks))


def bar(value: float, most: float) -> Markup:
    """Return one bar of a table of bars, as long as its share of the greatest."""
    width = round(100 * value / most, 2) if most else 0
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><rect width="{}" height="10"/></svg>'
    ).format(width)
