"""Components of the projected network, from its memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from govgraph.scale.spark.frames import counted_checkpoint, numbered, partitioned_by
from govgraph.scale.spark.memberships import Memberships

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ROUNDS: Final = 100
"""Components take about log2 of the longest shortest path in rounds."""


def components(memberships: Memberships) -> tuple[DataFrame, int]:
    """Return member and root, the same for all of a component; and the rounds it took.

    FastSV (Zhang, Azad and Hu 2020, SIAM PP, 46-57): each member points to a lesser one, hooks
    its parent to the least grandparent of its neighbours, and takes a short cut.
    """
    from pyspark.sql import functions as F  # noqa: N812

    by_member, by_group = memberships.connected
    state = partitioned_by(
        memberships.members.select(
            "member", F.col("member").alias("parent"), F.col("member").alias("grand")
        ),
        "member",
    )
    step, changed = 0, 1
    while changed and step < ROUNDS:
        step += 1
        least = (
            by_member.join(state.select("member", "grand"), "member")
            .groupBy("group")
            .agg(F.min("grand").alias("least"))
        )
        nearest = by_group.join(least, "group").groupBy("member").agg(F.min("least").alias("near"))
        near = state.join(nearest, "member", "left").withColumn("near", F.coalesce("near", "grand"))
        near = near.localCheckpoint()
        hooks = near.groupBy(F.col("parent").alias("member")).agg(F.min("near").alias("hook"))
        least_of = F.least("parent", "grand", "near", F.coalesce("hook", "parent"))
        hooked = (
            near.join(hooks, "member", "left")
            .select("member", least_of.alias("up"), F.col("parent"), F.col("grand"))
            .localCheckpoint()
        )
        above = hooked.select(F.col("member").alias("up"), F.col("up").alias("over"))
        joined = hooked.join(above, "up", "left")
        moved = counted_checkpoint(partitioned_by(joined, "member"))
        changed = moved.filter("up <> parent OR over <> grand").count()
        state = moved.select("member", F.col("up").alias("parent"), F.col("over").alias("grand"))
    return state.select("member", F.col("parent").alias("root")), step


def ranked(roots: DataFrame) -> DataFrame:
    """Return member and number of its component: 1 the largest; of equal ones, by first member."""
    from pyspark.sql import functions as F  # noqa: N812

    sizes = roots.groupBy("root").agg(F.count("*").alias("_size"), F.min("member").alias("_first"))
    order = [F.col("_size").desc(), F.col("_first").asc()]
    numbers = numbered(sizes, order, "_number")
    table = numbers.select("root", (F.col("_number") + 1).alias("component")).localCheckpoint()
    return roots.join(table, "root", "left").drop("root")
