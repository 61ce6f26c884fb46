"""Pairs of members and groups, written straight from the store to Parquet.

What is written are the rows of a network query (who takes part in what), not the edges they give:
a body of k members is k rows, and k(k-1)/2 edges. The file grows with the rows and memory does not,
save for what the SPARQL engine itself needs to answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from govgraph.errors import GovgraphError, SourceError, UsageError
from govgraph.extras import needed
from govgraph.files import written_whole
from govgraph.network.reading.header import network_header
from govgraph.network.reading.projection import find_network
from govgraph.network.reading.rows import ENDS, check_columns, read_pairs
from govgraph.queries import StoredQuery, StoreResolver, run
from govgraph.rdf.union import UnionView
from govgraph.results import Result, Term
from govgraph.store.statements import batches

if TYPE_CHECKING:
    from govgraph.queries.asking import QueryableGraph

PAIR_COLUMNS: Final = (
    ("source", "string"),
    ("target", "string"),
    ("kind", "string"),
    ("start", "int32"),
    ("end", "int32"),
)
"""Member, group, kind of membership, and the years it lasts, as Arrow types; IRIs in full."""

ROWS_AT_ONCE: Final = 100_000
_Rows: TypeAlias = Iterator[tuple[Term | None, ...]]


def write_pairs(
    graph: QueryableGraph,
    name: str | PathLike[str],
    output: str | PathLike[str],
    parameters: Mapping[str, Any] | None = None,
) -> int:
    """Write the memberships of a network to `output`; returns their number.

    Raises UsageError for a network that is not projected, and SourceError where the query has no
    rows or a year is no year; nothing is written then.
    """
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
    return _write_parquet(Path(output), chain([first], pairs))


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


def _write_parquet(path: Path, rows: Iterable[Any]) -> int:
    """Write rows under PAIR_COLUMNS, the file whole or not at all; returns how many there were.

    Raises GovgraphError where pyarrow is missing.
    """
    with needed("parquet", "Parquet files"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in PAIR_COLUMNS])
    count = 0
    with written_whole(path) as stream, pq.ParquetWriter(stream, schema) as writer:
        for batch in batches(rows, ROWS_AT_ONCE):
            arrays = [
                pa.array(column, type=field.type)
                for column, field in zip(zip(*batch, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(batch)
    return count
