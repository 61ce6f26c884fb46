"""Sums that come out the same in whatever order their terms arrive.

Spark adds up what its tasks send in the order it arrives, and adding floating-point numbers in
another order gives another last digit. Here each term is split into two whole numbers, a coarse
and a fine part, which are summed exactly: the same input gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pyspark.sql import Column

_COARSE: Final = 2.0**40
_FINE: Final = 2.0**32


def exact_sum(term: Column) -> Column:
    """Return the sum of a column of doubles to within 2^-73 for each term.

    Holds for sums below 2^23 of up to 2^31 terms; beyond that Spark raises an overflow.
    """
    from pyspark.sql import functions as F  # noqa: N812

    scaled = term * _COARSE
    coarse = F.floor(scaled)
    fine = F.rint((scaled - coarse) * _FINE).cast("long")
    return F.sum(coarse) / _COARSE + F.sum(fine) / (_COARSE * _FINE)
