"""Rows -> one Parquet file, a hundred thousand at a time, whole or not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from govgraph.extras import needed
from govgraph.files import written_whole
from govgraph.store.statements import batches

ROWS_AT_ONCE: Final = 100_000


def write_parquet(path: Path, columns: Sequence[tuple[str, str]], rows: Iterable[Any]) -> int:
    """Write rows under `columns`, each a name and a type of Arrow such as "int64".

    Returns how many rows there were. Raises GovgraphError where pyarrow is missing.
    """
    with needed("spark", "Parquet files"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in columns])
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
