"""What every computation does with data frames: keep them, lay them out, number their rows.

An iteration ends with a checkpoint, so that its plan does not hold all iterations before. It lies
with the executors, and is lost with one of them. Into how many parts data are cut says
`spark.sql.shuffle.partitions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame


def counted_checkpoint(frame: DataFrame) -> DataFrame:
    """Keep a frame of an iteration with its true size instead of Spark's estimate.

    The estimate for a join is the product of those of its sides, and a checkpoint remembers it:
    where each round joins the last with itself, its digits double, and with them the time to plan.
    What is cached has been counted.
    """
    cached = frame.persist()
    cached.count()
    result = cached.localCheckpoint()
    cached.unpersist()
    return result


def partitioned_by(frame: DataFrame, key: str) -> DataFrame:
    """Keep a frame partitioned and sorted by a key: joins with it then move only the other."""
    return frame.repartition(key).sortWithinPartitions(key).localCheckpoint()


def numbered(frame: DataFrame, order: Sequence[Column], name: str) -> DataFrame:
    """Add a column of whole numbers from 0, in the order of some columns.

    The order must be total for the numbers to be the same each time.
    """
    from pyspark.sql import functions as F  # noqa: N812

    ordered = frame.repartitionByRange(*order).sortWithinPartitions(*order).localCheckpoint()
    # Spark numbers the rows of partition p from p * 2^33.
    located = ordered.select(
        "*",
        F.spark_partition_id().alias("_partition"),
        F.monotonically_increasing_id().bitwiseAND(F.lit((1 << 33) - 1)).alias("_row"),
    )
    rows = located.groupBy("_partition").count().collect()  # one row for each partition
    counts = {int(row["_partition"]): int(row["count"]) for row in rows}
    sizes = [counts.get(number, 0) for number in range(max(counts, default=0) + 1)]
    offsets = frame.sparkSession.createDataFrame(
        list(enumerate(accumulate(sizes, initial=0))), "_partition int, _offset long"
    )
    joined = located.join(F.broadcast(offsets), "_partition")
    return joined.withColumn(name, F.col("_row") + F.col("_offset")).drop(
        "_partition", "_row", "_offset"
    )
