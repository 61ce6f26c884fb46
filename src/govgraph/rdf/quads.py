"""What reading a graph pattern by pattern takes, whether it is here or on a server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import pyoxigraph as ox

Node = Any  # the terms of pyoxigraph share no base class


class QuadSource(Protocol):
    """A set of quads that answers patterns, as `pyoxigraph.Store` does."""

    def quads_for_pattern(
        self, subject: Node, predicate: Node, object: Node, graph_name: Node = None, /
    ) -> Iterator[ox.Quad]:
        """Yield the quads that fit; None stands for any term."""
