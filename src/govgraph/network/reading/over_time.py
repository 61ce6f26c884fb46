"""Measures over time: the network of each year, or of each window of years."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any, Final

import networkx as nx

from govgraph.errors import UsageError
from govgraph.network.reading.projection import read_network
from govgraph.network.reading.spells import check_span, spells_of
from govgraph.queries.asking import QueryableGraph, label_language

MOST: Final = 1_000
"""How many windows are computed at most."""


@dataclass(frozen=True)
class Window:
    """A span of years and the network in it."""

    start: int
    end: int
    network: nx.Graph

    def __str__(self) -> str:
        return str(self.start) if self.start == self.end else f"{self.start}-{self.end}"


def windows(
    graph: QueryableGraph,
    name: str | PathLike[str],
    *,
    length: int = 1,
    step: int | None = None,
    start: int | None = None,
    end: int | None = None,
    undated: bool = True,
    lang: str | None = None,
    **parameters: Any,
) -> Iterator[Window]:
    """Yield the network of each window of `length` years, the next beginning `step` later.

    `start` and `end` default to the first and last year of the network; the other options are
    those of KnowledgeGraph.network. Raises UsageError for a network without years, and for too
    many windows.
    """
    step = length if step is None else step
    if length < 1 or step < 1:
        raise UsageError("A window has 1 year or more, and the next begins 1 or more years later.")
    projection = read_network(graph, name, parameters)
    options: dict[str, Any] = {"undated": undated}
    options["lang"] = label_language(graph, lang)
    if start is None or end is None:
        first, last = years_of(projection.network(**options))
        start = first if start is None else start
        end = last if end is None else end
    check_span(start, end)
    starts = range(start, end + 1, step)
    if len(starts) > MOST:
        raise UsageError(f"{len(starts)} windows are too many: take longer ones, or fewer years.")
    for first in starts:
        last = min(first + length - 1, end)
        yield Window(first, last, projection.network((first, last), **options))


def years_of(network: nx.Graph) -> tuple[int, int]:
    """Return the first and last year that any edge of a network begins or ends in.

    Raises UsageError where no edge is dated.
    """
    years: Sequence[int] = [
        year
        for _, _, data in network.edges(data=True)
        for spell in spells_of(data)
        for year in spell
        if year is not None
    ]
    if not years:
        raise UsageError("No edge of the network has a year: name them with --from and --to.")
    return (min(years), max(years))
