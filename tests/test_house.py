"""The house keeps its size and its order: see tests/house.py, which prints the figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from house import LIMITS, House

HOUSE = House()


@pytest.mark.parametrize("figure", LIMITS)
def test_the_house_stays_within_its_limits(figure: str) -> None:
    value, faults = HOUSE.figures()[figure]
    assert value <= LIMITS[figure], "\n".join([f"{figure}: {value}", *faults])


def test_every_module_has_its_place_in_the_order() -> None:
    assert [module for module in HOUSE.modules if HOUSE.floor(module) is None] == []


SAMPLE = {
    "errors.py": "",
    "below/__init__.py": "",
    "below/reading.py": "from small.above import facade\nfrom small import errors\n",
    "below/terms.py": "def late():\n    import small.below.words\n",
    "below/words.py": "if TYPE_CHECKING:\n    from small.below.terms import Term\n",
    "beside/other.py": "from small.below.terms import Term\n",
    "above/facade.py": "import small.below.reading\nfrom small.below.words import a, b\n",
}


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    """Imports count inside functions and under TYPE_CHECKING too."""
    for name, text in SAMPLE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    house = House(tmp_path, "small", (("errors",), ("below", "beside"), ("above",)))
    assert house.circles() == ["above.facade <-> below.reading", "below.terms <-> below.words"]
    assert house.arrows_up() == [
        "below/reading.py:1 imports above.facade",
        "beside/other.py:1 imports below.terms",
    ]
    assert house.lengths()[0] == (2, "below/words.py")
