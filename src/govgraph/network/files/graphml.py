"""GraphML (http://graphml.graphdrawing.org), by networkx: positions and sizes are attributes.

Every one of parallel edges has an id of its own, without which Gephi drops all but one.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import networkx as nx

from govgraph.network.files.columns import Sheet
from govgraph.network.pictures.style import Style
from govgraph.network.reading.spells import text
from govgraph.network.reading.values import list_text

if TYPE_CHECKING:
    from collections.abc import Iterable


def write_graphml(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as GraphML to a binary stream; lists are text, [a, b]."""
    network = Sheet(graph, style).as_networkx()
    _flatten(data for _, data in network.nodes(data=True))
    _flatten(data for *_, data in network.edges(data=True))
    nx.write_graphml_lxml(
        network, stream, prettyprint=False, infer_numeric_types=True, named_key_ids=True
    )


def _flatten(elements: Iterable[dict[str, Any]]) -> None:
    for data in elements:
        for name, value in data.items():
            if isinstance(value, list):
                data[name] = text(value) if name == "spells" else list_text(value)
