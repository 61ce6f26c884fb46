"""Validation of a remote store: the shapes asked as queries, so that only results travel."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pyoxigraph as ox

from govgraph.rdf.source_map import SourceMap
from govgraph.scale.on_the_store.shapes import Check, compile_shapes
from govgraph.shapes.engines import RawResult, shapes_text
from govgraph.shapes.validation import Report, located
from govgraph.vocabulary import RDFS

Rows = Iterable[Sequence[Any]]
Ask = Callable[[str], Rows]
"""Runs a SELECT over the union of all graphs and returns its rows."""


def validate_remote(rows: Ask) -> Report:
    """Validate what a store holds; the results are those of the engines at home, without lines."""
    return located(run(rows), SourceMap())


def run(rows: Ask) -> list[RawResult]:
    """Return the results of all shapes, sorted, as `shacl_engines.run` does."""
    shapes = ox.Store()
    shapes.bulk_load(shapes_text(), format=ox.RdfFormat.N_TRIPLES)
    checks = compile_shapes(shapes, _below(rows))
    return sorted(result for check in checks for result in _results(rows, check))


def _below(rows: Ask) -> dict[str, set[str]]:
    """Return class -> all classes below it, of the axioms in the store."""
    above: dict[str, set[str]] = defaultdict(set)
    query = f"SELECT DISTINCT ?lower ?upper WHERE {{ ?lower <{RDFS}subClassOf> ?upper }}"
    for lower, upper in rows(query):
        if isinstance(lower, ox.NamedNode) and isinstance(upper, ox.NamedNode):
            above[lower.value].add(upper.value)
    below: dict[str, set[str]] = defaultdict(set)
    for kind in list(above):
        waiting, seen = [kind], {kind}
        while waiting:
            for upper in above.get(waiting.pop(), set()) - seen:
                seen.add(upper)
                waiting.append(upper)
                below[upper].add(kind)
    return below


def _results(rows: Ask, check: Check) -> Iterable[RawResult]:
    for row in rows(check.query):
        values = dict(zip(check.variables, row, strict=True))
        reported = values.get(f"?{check.value}")
        yield RawResult(
            focus=_text(values["?focus"]),
            path=check.path,
            component=check.component,
            shape=check.shape,
            value=_text(reported),
            severity=check.severity,
            messages=tuple((tag, _filled(text, values)) for tag, text in check.messages),
        )


def _filled(message: str, values: dict[str, Any]) -> str:
    """Return a message with the values of variables in it (SHACL 5.3.2)."""
    return re.sub(r"\{([?$]\w+)\}", lambda m: _text(values.get(f"?{m[1][1:]}")) or m[0], message)


def _text(term: Any) -> str:
    return "" if term is None or isinstance(term, ox.BlankNode) else str(term.value)
