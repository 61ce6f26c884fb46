"""Components and communities of the projected network, from its memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from govgraph.spark.memberships import Memberships
from govgraph.spark.sums import exact_sum

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ROUNDS: Final = 100
"""Label propagation is stopped after so many; components take about log2 of the longest way."""


def components(found: Memberships) -> tuple[DataFrame, int]:
    """Return member and root, the same for all of a component; and the rounds it took.

    FastSV (Zhang, Azad and Hu 2020, SIAM PP, 46-57): each member points to a lesser one, hooks
    its parent to the least grandparent of its neighbours, and takes a short cut.
    """
    from pyspark.sql import functions as F  # noqa: N812

    frames = found.frames
    by_member, by_group = found.connected
    state = frames.by(
        found.members.select(
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
        near = frames.kept(near)
        hooks = near.groupBy(F.col("parent").alias("member")).agg(F.min("near").alias("hook"))
        least_of = F.least("parent", "grand", "near", F.coalesce("hook", "parent"))
        hooked = frames.kept(
            near.join(hooks, "member", "left").select(
                "member", least_of.alias("up"), F.col("parent"), F.col("grand")
            )
        )
        above = hooked.select(F.col("member").alias("up"), F.col("up").alias("over"))
        moved = frames.by(frames.looked_up(hooked, "up", above, rows=found.count), "member")
        changed = moved.filter("up <> parent OR over <> grand").count()
        state = moved.select("member", F.col("up").alias("parent"), F.col("over").alias("grand"))
    return state.select("member", F.col("parent").alias("root")), step


def communities(found: Memberships) -> tuple[DataFrame, int, bool]:
    """Return member and root, the same for all of a community; the rounds; whether it settled.

    Label propagation (Raghavan and others 2007) between members and groups in turn (Barber and
    Clark 2009): a group takes the label most of its members have, a member the one its groups
    have, by the weight of their ties. A label is kept where no other is better, and the least
    wins among those that are, so that the result is the same each time and rounds come to rest.
    """
    from pyspark.sql import functions as F  # noqa: N812

    frames = found.frames
    by_member, by_group = found.connected
    members = frames.by(found.members.select("member", F.col("member").alias("label")), "member")
    groups: DataFrame | None = None
    step, changed = 0, 1
    while changed and step < ROUNDS:
        step += 1
        votes = (
            by_member.join(members, "member")
            .groupBy("group", "label")
            .agg(F.count("*").cast("double").alias("votes"))
        )
        groups = frames.kept(_elected(votes, groups, "group"))
        votes = (
            by_group.join(groups, "group")
            .groupBy("member", "label")
            .agg(exact_sum(F.col("weight")).alias("votes"))
        )
        chosen = _elected(votes, members, "member").withColumnRenamed("label", "chosen")
        moved = frames.kept(
            members.join(chosen, "member", "left").select(
                "member", "label", F.coalesce("chosen", "label").alias("chosen")
            )
        )
        changed = moved.filter("chosen <> label").count()
        members = moved.select("member", F.col("chosen").alias("label"))
    return members.withColumnRenamed("label", "root"), step, not changed


def _elected(votes: DataFrame, before: DataFrame | None, key: str) -> DataFrame:
    """Return for each key the label with most votes; of equal ones its own, else the least."""
    from pyspark.sql import functions as F  # noqa: N812

    own = F.lit(False)
    if before is not None:
        votes = votes.join(before.select(key, F.col("label").alias("own")), key, "left")
        own = F.coalesce(F.col("own") == F.col("label"), F.lit(False))
    best = F.max(F.struct("votes", own.alias("kept"), (-F.col("label")).alias("least")))
    elected = votes.groupBy(key).agg(best.alias("best"))
    return elected.select(key, (-F.col("best.least")).alias("label"))


def ranked(found: Memberships, roots: DataFrame, name: str) -> DataFrame:
    """Return member and the number of its part: 1 the largest; of equal ones, by first member."""
    from pyspark.sql import functions as F  # noqa: N812

    frames = found.frames
    sizes = roots.groupBy("root").agg(F.count("*").alias("_size"), F.min("member").alias("_first"))
    order = [F.col("_size").desc(), F.col("_first").asc()]
    numbers = frames.numbered(sizes, order, "_number")
    table = frames.kept(numbers.select("root", (F.col("_number") + 1).alias(name)))
    return frames.looked_up(roots, "root", table, rows=found.count).drop("root")
