"""What every computation does with data frames: cut them, number their rows, look values up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

HEAVY: Final = 1_000_000
"""A key of so many rows is looked up by sending its value to them, not them to its value."""


@dataclass(frozen=True)
class Frames:
    """A Spark session, into how many partitions it cuts data, and where it keeps checkpoints.

    An iteration ends with a checkpoint, so that its plan does not hold all iterations before. It
    lies with the executors, and is lost with one of them, unless the session has a folder for
    checkpoints (`folder` is true).
    """

    spark: SparkSession
    partitions: int
    folder: bool = False

    def checkpoint(self, frame: DataFrame) -> DataFrame:
        """Compute a frame now and keep it, with the order and the partitions of its rows."""
        return frame.checkpoint() if self.folder else frame.localCheckpoint()

    def counted_checkpoint(self, frame: DataFrame) -> DataFrame:
        """Keep a frame of an iteration with its true size instead of Spark's estimate.

        The estimate for a join is the product of those of its sides, and a checkpoint remembers
        it: where each round joins the last with itself, its digits double, and with them the
        time to plan. What is cached has been counted.
        """
        cached = frame.persist()
        cached.count()
        result = self.checkpoint(cached)
        cached.unpersist()
        return result

    def partitioned_by(self, frame: DataFrame, key: str) -> DataFrame:
        """Keep a frame partitioned and sorted by a key: joins with it then move only the other."""
        return self.checkpoint(frame.repartition(self.partitions, key).sortWithinPartitions(key))

    def numbered(self, frame: DataFrame, order: Sequence[Column], name: str) -> DataFrame:
        """Add a column of whole numbers from 0, in the order of some columns.

        The order must be total for the numbers to be the same each time.
        """
        from pyspark.sql import functions as F  # noqa: N812

        ordered = self.checkpoint(
            frame.repartitionByRange(self.partitions, *order).sortWithinPartitions(*order)
        )
        # Spark numbers the rows of partition p from p * 2^33.
        located = ordered.select(
            "*",
            F.spark_partition_id().alias("_partition"),
            F.monotonically_increasing_id().bitwiseAND(F.lit((1 << 33) - 1)).alias("_row"),
        )
        rows = located.groupBy("_partition").count().collect()  # one row for each partition
        counts = {int(row["_partition"]): int(row["count"]) for row in rows}
        sizes = [counts.get(number, 0) for number in range(max(counts, default=0) + 1)]
        offsets = self.spark.createDataFrame(
            list(enumerate(accumulate(sizes, initial=0))), "_partition int, _offset long"
        )
        joined = located.join(F.broadcast(offsets), "_partition")
        return joined.withColumn(name, F.col("_row") + F.col("_offset")).drop(
            "_partition", "_row", "_offset"
        )

    def looked_up(self, frame: DataFrame, key: str, table: DataFrame, *, rows: int) -> DataFrame:
        """Add the values a table has for a key of `frame`, null where it has none.

        `rows` bounds the number of rows of `frame`. A key so frequent that one task would get
        most rows (the root of the largest component) is sent to the rows instead.
        """
        from pyspark.sql import functions as F  # noqa: N812

        if rows < HEAVY:
            return frame.join(table, key, "left")
        counted = frame.groupBy(key).agg(F.count("*").alias("_rows"))
        keys = counted.filter(F.col("_rows") >= HEAVY).select(key, F.lit(True).alias("_heavy"))
        heavy = self.checkpoint(table.join(F.broadcast(keys), key))
        marked = self.checkpoint(frame.join(F.broadcast(keys), key, "left"))
        light = marked.filter(F.col("_heavy").isNull()).drop("_heavy").join(table, key, "left")
        few = marked.filter(F.col("_heavy")).drop("_heavy")
        return light.unionByName(few.join(F.broadcast(heavy.drop("_heavy")), key, "left"))
