"""What is known of a network besides its nodes and edges, where no writer stumbles over it.

It lies as JSON in the graph's attribute `about`, so that copies keep it, and networkx's writers,
which hold texts and numbers only, take the network as it is:

titles     attribute of nodes -> its heading in files, in the order of columns
lists      attributes that hold several values in one text, with SEPARATOR between
languages  node -> language of its label
words      code -> what readers call it
"""

import json
from functools import lru_cache
from typing import Any, Final

import networkx as nx

SEPARATOR: Final = "|"
"""Between the values of a list, in queries as in attributes."""


def about(graph: nx.Graph, key: str) -> Any:
    """Return what is known of a network by a key, {} or [] where nothing is."""
    return _read(str(graph.graph.get("about") or "{}")).get(key, [] if key == "lists" else {})


def tell(graph: nx.Graph, **known: Any) -> None:
    """Note what is known of a network."""
    text = json.dumps(_read(str(graph.graph.get("about") or "{}")) | known, ensure_ascii=False)
    graph.graph["about"] = text


@lru_cache(maxsize=32)
def _read(text: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text)
    return read
