"""Runs the integrity constraints over a cube: normalise, then one query a constraint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

HERE = Path(__file__).parent
CONSTRAINTS = sorted(HERE.glob("ic-*.rq"), key=lambda path: int(path.stem.removeprefix("ic-")))

# IC-20 and IC-21 are templates: a property path cannot hold a variable.
HIERARCHIES = {
    "<urn:parent-child>": "?list qb:parentChildProperty ?property",
    "<urn:child-parent>": "?list qb:parentChildProperty/owl:inverseOf ?property",
}


def cube_of(triples: Iterable[ox.Triple]) -> ox.Store:
    """Return a store whose default graph is the normalised cube."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    store.update((HERE / "normalise.ru").read_text(encoding="utf-8"))
    return store


def violations(cube: ox.Store, constraint: Path) -> list[tuple[str, ...]]:
    """Return the rows of a constraint query, the offending node first, sorted."""
    rows: set[tuple[str, ...]] = set()
    for query in _instances(cube, constraint.read_text(encoding="utf-8")):
        solutions = cube.query(query)
        assert isinstance(solutions, ox.QuerySolutions), "a constraint is a SELECT"
        rows |= {tuple(str(value) for value in solution) for solution in solutions}
    return sorted(rows)


def _instances(cube: ox.Store, text: str) -> Iterator[str]:
    """Yield the query, or a template filled in for each hierarchy that the cube has."""
    template = next((slot for slot in HIERARCHIES if slot in text), None)
    if template is None:
        yield text
        return
    properties = cube.query(
        "PREFIX owl: <http://www.w3.org/2002/07/owl#>"
        "PREFIX qb: <http://purl.org/linked-data/cube#>"
        f"SELECT DISTINCT ?property {{ {HIERARCHIES[template]} FILTER(isIRI(?property)) }}"
    )
    assert isinstance(properties, ox.QuerySolutions)
    for (found,) in properties:
        yield text.replace(template, str(found))
