"""Pairs of members and groups, written straight from the store to Parquet.

What is written are the rows of a network query (who takes part in what), not the edges they give:
a body of k members is k rows, and k(k-1)/2 edges. The file grows with the rows and memory does not,
save for what the SPARQL engine itself needs to answer; what is said of the nodes is held to be
sorted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from govgraph.errors import GovgraphError, SourceError, UsageError
from govgraph.network.reading.header import network_header
from govgraph.network.reading.projection import find_network
from govgraph.network.reading.rows import ENDS, check_columns, read_nodes, read_pairs
from govgraph.queries import StoredQuery, StoreResolver, find_query, run
from govgraph.rdf.union import UnionView
from govgraph.results import Result, Term
from govgraph.scale.parquet import ROWS_AT_ONCE, write_parquet
from govgraph.store.batches import batches

if TYPE_CHECKING:
    from govgraph.queries.asking import QueryableGraph

PAIR_COLUMNS: Final = (
    ("source", "string"),
    ("target", "string"),
    ("kind", "string"),
    ("start", "int32"),
    ("end", "int32"),
)
"""Member, group, kind of membership, and the years it lasts; IRIs are written in full."""

NODE_COLUMNS: Final = (
    ("node", "string"),
    ("name", "string"),
    ("value", "string"),
    ("language", "string"),
    ("listed", "bool"),
)
"""One thing said of one node: its name, its value as JSON, whether it is one of a list."""

_Rows: TypeAlias = Iterator[tuple[Term | None, ...]]


def write_pairs(
    graph: QueryableGraph,
    name: str | PathLike[str],
    output: str | PathLike[str],
    parameters: Mapping[str, Any] | None = None,
) -> tuple[int, list[Path]]:
    """Write the memberships of a network to `output`, what is known of nodes to NAME.nodes.parquet.

    Returns the number of memberships, and the files. Raises UsageError for a network that is not
    projected, and SourceError where the query has no rows or a year is no year; nothing is written
    then.
    """
    path = Path(output)
    query = find_network(graph.queries, name)
    header = network_header(query)
    if header.project is None:
        raise UsageError(
            f"The network {query.slug!r} is not one of members of groups, so there are no pairs to"
            " project; take one of `govgraph networks` with ties by co-membership or newman."
        )
    columns, rows = _answer(graph, query, parameters or {})
    source = query.path or query.slug
    check_columns(Result("select", columns, ()), ENDS, source)
    pairs = read_pairs(columns, rows, source, kind=header.kind)
    first = next(pairs, None)
    if first is None:
        raise SourceError("The query has no rows, so there are no pairs to write.", str(source))
    count = write_parquet(path, PAIR_COLUMNS, chain([first], pairs))
    paths = [path]
    if header.nodes is not None:
        described = find_query(graph.queries, header.nodes)
        nodes = path.with_name(f"{path.stem}.nodes{path.suffix}")
        # Sorted, since the query leaves the order open and the same data are to give the same file.
        write_parquet(nodes, NODE_COLUMNS, sorted(_node_rows(graph, described), key=str))
        paths.append(nodes)
    return count, paths


def _answer(
    graph: QueryableGraph, query: StoredQuery, parameters: Mapping[str, Any]
) -> tuple[tuple[str, ...], _Rows]:
    """Return the columns of a SELECT and its rows, which come as the engine finds them."""
    view = graph.view
    text = query.bind(parameters, StoreResolver(view))
    if not isinstance(view, UnionView):
        result = run(text, view)
        return result.columns, iter(result.rows)
    try:
        answer: Any = view.store.query(text)
    except (ValueError, RuntimeError, OSError) as error:
        raise GovgraphError(f"The query {query.slug!r} could not be answered: {error}.") from None
    columns = tuple(variable.value for variable in getattr(answer, "variables", ()))
    return columns, (tuple(solution) for solution in answer) if columns else iter(())


def _node_rows(graph: QueryableGraph, query: StoredQuery) -> Iterator[tuple[Any, ...]]:
    """Yield what the nodes query says of each node, a row for each thing said."""
    columns, rows = _answer(graph, query, {})
    lists = network_header(query).lists
    for batch in batches(rows, ROWS_AT_ONCE):
        result = Result("select", columns, tuple(batch))
        for node, iri, values in read_nodes(result, query.path or query.slug, lists):
            for name, node_values in values.items():
                for value in node_values:
                    text, language = value if isinstance(value, tuple) else (value, None)
                    yield iri or node, name, json.dumps(text), language, name in lists
