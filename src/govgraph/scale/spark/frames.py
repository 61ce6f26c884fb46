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

CLIQUE: Final = 1_000
"""The members of a larger group are compared by several tasks, so many members each."""


@dataclass(frozen=True)
class Frames:
    """A Spark session, into how many parts it cuts data, and where it keeps checkpoints.

    An iteration ends with a checkpoint, so that its plan does not hold all iterations before. It
    lies with the executors, and is lost with one of them, unless the session has a folder for
    checkpoints (`folder` is true).
    """

    spark: SparkSession
    parts: int
    folder: bool = False

    def kept(self, frame: DataFrame) -> DataFrame:
        """Compute a frame now and keep it; how its rows lie and are sorted is kept as well."""
        return frame.checkpoint() if self.folder else frame.localCheckpoint()

    def renewed(self, frame: DataFrame) -> DataFrame:
        """Keep a frame of an iteration, with its size as it is and not as Spark estimates it.

        The estimate for a join is the product of those of its sides, and a kept frame remembers
        it: where each round joins the last with itself, its digits double, and with them the
        time to plan. What is cached has been counted.
        """
        cached = frame.persist()
        cached.count()
        kept = self.kept(cached)
        cached.unpersist()
        return kept

    def by(self, frame: DataFrame, key: str) -> DataFrame:
        """Keep a frame laid out and sorted by a key: joins with it then move only the other."""
        return self.kept(frame.repartition(self.parts, key).sortWithinPartitions(key))

    def numbered(self, frame: DataFrame, order: Sequence[Column], name: str) -> DataFrame:
        """Add a column of whole numbers from 0, in the order of some columns.

        The order must be total for the numbers to be the same each time.
        """
        from pyspark.sql import functions as F  # noqa: N812

        laid = frame.repartitionByRange(self.parts, *order).sortWithinPartitions(*order)
        ordered = self.kept(laid)
        # Spark numbers the rows of part p from p * 2^33.
        placed = ordered.select(
            "*",
            F.spark_partition_id().alias("_part"),
            F.monotonically_increasing_id().bitwiseAND(F.lit((1 << 33) - 1)).alias("_row"),
        )
        parts = placed.groupBy("_part").count().collect()  # one row for each part
        counts = {int(row["_part"]): int(row["count"]) for row in parts}
        sizes = [counts.get(part, 0) for part in range(max(counts, default=0) + 1)]
        offsets = self.spark.createDataFrame(
            list(enumerate(accumulate(sizes, initial=0))), "_part int, _offset long"
        )
        joined = placed.join(F.broadcast(offsets), "_part")
        return joined.withColumn(name, F.col("_row") + F.col("_offset")).drop(
            "_part", "_row", "_offset"
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
        heavy = self.kept(table.join(F.broadcast(keys), key))
        marked = self.kept(frame.join(F.broadcast(keys), key, "left"))
        light = marked.filter(F.col("_heavy").isNull()).drop("_heavy").join(table, key, "left")
        few = marked.filter(F.col("_heavy")).drop("_heavy")
        return light.unionByName(few.join(F.broadcast(heavy.drop("_heavy")), key, "left"))

    def couples(self, frame: DataFrame, *others: str) -> DataFrame:
        """Return the couples of members of the same group, each once, one < other.

        `frame` has the columns member, group, and `others`, which are the same for all members of
        a group. A large group is cut, so that no task has all its couples.
        """
        from pyspark.sql import functions as F  # noqa: N812

        sizes = frame.groupBy("group").agg(F.count("*").alias("_size"))
        sized = frame.join(sizes, "group")
        cuts = F.ceil(F.col("_size") / CLIQUE)
        left = sized.select(
            F.col("member").alias("one"), "group", *others,
            F.pmod(F.col("member"), cuts).alias("_cut"),
        )  # fmt: skip
        right = sized.select(
            F.col("member").alias("other"), "group",
            F.explode(F.sequence(F.lit(0).cast("long"), cuts - 1)).alias("_cut"),
        )  # fmt: skip
        joined = left.join(right, ["group", "_cut"]).filter(F.col("one") < F.col("other"))
        return joined.drop("_cut")
