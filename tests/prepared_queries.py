"""rdflib parses each SPARQL query once, however often it is asked.

pySHACL gives rdflib the text of a SPARQL constraint anew for each focus node; to parse it takes ten
times as long as to answer it on the small graphs of the tests. A prepared query may be evaluated
any number of times (rdflib.plugins.sparql.prepareQuery).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from rdflib.plugins.sparql import processor


@contextmanager
def prepared_queries() -> Iterator[None]:
    """Let rdflib reuse what it made of a query text with the same base and prefixes."""
    parse, translate = processor.parseQuery, processor.translateQuery
    prepared: dict[Any, Any] = {}

    def prepare(text: str, base: str | None = None, prefixes: Any = None) -> Any:
        key = (text, base, tuple(sorted(prefixes.items())) if prefixes else ())
        if key not in prepared:
            prepared[key] = translate(parse(text), base, prefixes)
        return prepared[key]

    with (
        patch.object(processor, "parseQuery", lambda text: text),
        patch.object(processor, "translateQuery", prepare),
    ):
        yield
