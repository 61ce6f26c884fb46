"""dt-not-type for literals themselves: "abc"^^xsd:integer is a contradiction wherever it stands."""

from __future__ import annotations

import pyoxigraph as ox

from govgraph.reasoning.datatypes import is_well_typed
from govgraph.reasoning.model import Clash
from govgraph.vocabulary import XSD


def ill_typed(store: ox.Store) -> list[Clash]:
    """Return a clash for every triple whose literal is none of its datatype."""
    # a well-typed number is a number to the store; texts can hold anything
    query = f"""SELECT ?s ?p ?o WHERE {{
        ?s ?p ?o
        FILTER(isLiteral(?o) && !isNumeric(?o) && lang(?o) = "" && datatype(?o) != <{XSD}string>)
    }}"""
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    found = []
    for subject, predicate, value in solutions:
        if not is_well_typed(value):
            found.append(ill_typed_clash(ox.Triple(subject, predicate, value)))
    return sorted(dict.fromkeys(found), key=lambda each: each.message)


def ill_typed_clash(triple: ox.Triple) -> Clash:
    """Return the clash of a triple whose literal is none of its datatype."""
    message = f"{triple.object} is no literal of its datatype, in {triple}"
    return Clash("dt-not-type", (), (triple,), message)
