"""A store that cuts: Oxigraph's engine behind HTTP, with a limit on rows and triples, said nowhere.

with limited(store, most=100, seed=3) as url: …

Columns and rows without ORDER BY come in another order with each request, as SPARQL allows.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

from misbehaving import YES, Handler, serving


@contextmanager
def limited(store: ox.Store, *, most: int = 100, seed: int = 0) -> Iterator[str]:
    """Serve queries over the union of the graphs of a store; yields the address they go to."""
    chance = random.Random(seed)

    def behave(handler: Handler) -> None:
        _, path, _, body = handler.asked.requests[-1]
        query = parse_qs(body.decode() or urlsplit(path).query)["query"][0]
        found: Any = store.query(query, use_default_graph_as_union=True)
        if isinstance(found, ox.QueryBoolean):
            handler.answer(body=YES if found else YES.replace(b"true", b"false"))
        elif isinstance(found, ox.QueryTriples):
            triples = list(found)
            chance.shuffle(triples)
            data = ox.serialize(triples[:most], format=ox.RdfFormat.N_TRIPLES)
            handler.answer(body=data or b"", content_type="application/n-triples")
        else:
            handler.answer(body=_rows(found, query, most, chance))

    with serving(behave) as asked:
        yield asked.url


def _rows(found: Any, query: str, most: int, chance: random.Random) -> bytes:
    document = json.loads(found.serialize(format=ox.QueryResultsFormat.JSON))
    chance.shuffle(document["head"]["vars"])
    rows = document["results"]["bindings"]
    if not re.search(r"ORDER\s+BY", query):
        chance.shuffle(rows)
    del rows[most:]
    return json.dumps(document).encode()
