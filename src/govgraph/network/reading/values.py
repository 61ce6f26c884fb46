"""Attribute values made plain: what a network file can hold, and a reason where it cannot.

NumPy scalars and arrays become Python's, dates ISO 8601 text, sets sorted lists; characters that
XML does not allow are left out of texts; None is no value. What is known of a network besides its
nodes and edges lies as JSON in the graph's attribute `about`, so that copies keep it, and
networkx's writers, which hold texts and numbers only, take the network as it is:

titles     attribute of nodes -> its heading in files, in the order of columns
lists      attributes that hold several values in one text, with SEPARATOR between
languages  node -> language of its label
words      code -> what readers call it
"""

import json
import math
import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeAlias

import networkx as nx

from govgraph.errors import UsageError

SEPARATOR: Final = "|"
"""Between the values of a list, in queries as in attributes."""
Plain: TypeAlias = bool | int | float | str | list[str] | None

# Outside the production Char of XML 1.0, or discouraged by it: controls and noncharacters.
_NOT_XML: Final = re.compile(
    r"[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
)
_LINE_END: Final = re.compile(r"[\u0085\u2028\u2029]")  # which readers take for one or another
_BARE_ITEM: Final = re.compile(r"[\w./:#-]+")


def clean(text: str) -> str:
    """Return the text without control characters and lone surrogates, line ends as \\n."""
    is_clean = text.isascii() and text.isprintable()
    return text if is_clean else _NOT_XML.sub("", _LINE_END.sub("\n", text))


def plain(value: Any) -> Any:
    """Return a bool, int, float, str, list of str, or None; raises TypeError for anything else."""
    if type(value).__module__ == "numpy":
        value = value.tolist()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str | date | time):
        return clean(str(value) if isinstance(value, str) else value.isoformat())
    if isinstance(value, int | float):
        return int(value) if isinstance(value, int) else float(value)
    if isinstance(value, Decimal):
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    if not isinstance(value, list | tuple | set | frozenset):
        raise TypeError(type(value).__name__)
    items = [item for item in map(plain, value) if item is not None and item != ""]
    if any(isinstance(item, list) for item in items):
        raise TypeError("list inside a list")
    texts = list(map(scalar_text, items))
    return sorted(texts) if isinstance(value, set | frozenset) else texts


def scalar_text(value: Any) -> str:
    """Return the text of a plain scalar; numbers as Java, JavaScript and Python all read them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if value in (float("inf"), float("-inf")):
            return "Infinity" if value > 0 else "-Infinity"
        return repr(value)
    return str(value)


def _item(text: str) -> str:
    bare = _BARE_ITEM.fullmatch(text) and text != "null"
    return text if bare else json.dumps(text, ensure_ascii=False)


def listed(value: Any) -> list[str]:
    """Return the values of an attribute that holds none, one or several."""
    several = isinstance(value, list | tuple | set)
    values = value if several else str(value or "").split(SEPARATOR)
    return [str(value) for value in values if value]


def text_of(value: Plain) -> str:
    """Return the text of any plain value; "" for None; a list as Gephi and graphology read it."""
    if value is None:
        return ""
    return f"[{', '.join(map(_item, value))}]" if isinstance(value, list) else scalar_text(value)


def element_name(*ends: object) -> str:
    """Return what an error calls a node, or an edge by its two ends."""
    return f"{'edge' if len(ends) > 1 else 'node'} {' to '.join(map(repr, ends))}"


def weight_of(attributes: Mapping[str, Any], *ends: object) -> int | float | None:
    """Return the weight of an edge, None where it has none; UsageError where it is no number."""
    value = attributes.get("weight")
    if value is None or type(value) in (int, float):
        return value
    try:
        number = plain(value)
    except TypeError:
        number = None
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise UsageError(f"{element_name(*ends)}: the weight is {value!r}, expected a number.")
    return number


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
