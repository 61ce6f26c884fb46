"""Things taken some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield items in their order, at most `size` at a time."""
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch
