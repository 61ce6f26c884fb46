"""Stored queries as data: SPARQL files whose header says what they answer and what they take.

In go a file or text, arguments by name, and a store or view; out come a StoredQuery, its text with
the arguments in the place of the defaults, and a Result. Errors name file and line.
"""

from govgraph.queries.asking import Defaults
from govgraph.queries.header import Expectation, unmet
from govgraph.queries.parameters import Parameter, StoreResolver, parse_arguments, resolve_iri
from govgraph.queries.running import run
from govgraph.queries.stored import (
    Queries,
    StoredQuery,
    find_query,
    load_libraries,
    load_library,
    load_query,
    parse_query,
)

__all__ = [
    "Defaults", "Expectation", "Parameter", "Queries", "StoreResolver", "StoredQuery", "find_query",
    "load_libraries", "load_library", "load_query", "parse_arguments", "parse_query", "resolve_iri",
    "run", "unmet",
]  # fmt: skip
