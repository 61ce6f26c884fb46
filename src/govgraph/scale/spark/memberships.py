"""Pairs of members and groups as numbers, laid out by member and by group.

An edge between two members is never written down: what passes along the edges of a group of k is
summed in the group and handed back, which costs k instead of k(k-1)/2. The few edges that a group
does *not* give, because two memberships lie in different years, are listed (`apart`) and taken off
again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from govgraph.errors import GovgraphError
from govgraph.scale.spark.frames import numbered, partitioned_by

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

FIRST: Final = -(2**31)
LAST: Final = 2**31 - 1
"""The years that stand for an open start and an open end."""


@dataclass(frozen=True)
class Memberships:
    """Who is a member of what.

    members    member (number from 0 in the order of names), node (its name)
    groups     group (number), size (number of members, 2 or more)
    by_member  member, group, weight of the edges of the group; partitioned by member
    by_group   the same, partitioned by group
    connected  member, group: as by_member, but a group in which years part is one for each time
    apart      one, other, group, weight: members of a group at different times; None for none
    member_count, pair_count, alone  number of members, of memberships in groups of two or more, and
               of groups of one member, which tie nobody
    newman     whether edges weigh 1/(size - 1)
    """

    members: DataFrame
    groups: DataFrame
    by_member: DataFrame
    by_group: DataFrame
    connected: tuple[DataFrame, DataFrame]
    apart: DataFrame | None
    member_count: int
    pair_count: int
    alone: int
    newman: bool


def read_memberships(pairs: DataFrame, *, weighting: str = "co-membership") -> Memberships:
    """Number the members and groups of pairs (source, target, kind, start, end).

    Raises GovgraphError where there is none.
    """
    from pyspark.sql import functions as F  # noqa: N812

    members, groups, spells = _numbered(_spells(pairs))
    count = members.count()
    if not count:
        raise GovgraphError("There are no pairs: nothing was written.")
    one_each = spells.select("member", "group").distinct().localCheckpoint()
    sizes = one_each.groupBy("group").agg(F.count("*").alias("size")).filter("size > 1")
    every, groups = groups.count(), groups.join(sizes, "group").localCheckpoint()
    newman = weighting == "newman"
    weight = 1.0 / (F.col("size") - 1) if newman else F.lit(1.0)
    weights = groups.select("group", weight.alias("weight"))
    by_group = partitioned_by(
        one_each.join(weights, "group").select("member", "group", "weight"), "group"
    )
    by_member = partitioned_by(by_group, "member")
    apart, connected = _apart(spells, by_group, weights)
    return Memberships(
        members, groups, by_member, by_group,
        connected or (by_member, by_group), apart,
        count, by_group.count(), every - groups.count(), newman,
    )  # fmt: skip


def _spells(pairs: DataFrame) -> DataFrame:
    """Return the pairs with their first and last year, numbers also where an end is open."""
    from pyspark.sql import functions as F  # noqa: N812

    low = F.coalesce("start", F.lit(FIRST)).cast("long").alias("low")
    high = F.coalesce("end", F.lit(LAST)).cast("long").alias("high")
    return pairs.select("source", "target", "kind", low, high).filter("low <= high").distinct()


def _numbered(spells: DataFrame) -> tuple[DataFrame, DataFrame, DataFrame]:
    """Return members, groups, and the spells with their numbers: member, group, low, high."""
    from pyspark.sql import functions as F  # noqa: N812

    spells = spells.localCheckpoint()
    nodes = spells.select(F.col("source").alias("node")).distinct()
    members = numbered(nodes, [F.col("node")], "member").localCheckpoint()
    named = spells.select("kind", F.col("target").alias("name")).distinct()
    groups = numbered(named, [F.col("kind"), F.col("name")], "group").localCheckpoint()
    memberships = (
        spells.withColumnsRenamed({"source": "node", "target": "name"})
        .join(members, "node")
        .join(groups, ["kind", "name"])
        .select("member", "group", "low", "high")
    )
    return members, groups.select("group"), memberships.localCheckpoint()


def _apart(
    spells: DataFrame, by_group: DataFrame, weights: DataFrame
) -> tuple[DataFrame | None, tuple[DataFrame, DataFrame] | None]:
    """Return the couples of a group that never meet in it, and the memberships cut by time.

    (None, None) where all do, which one pass over the groups tells.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F  # noqa: N812

    bounds = spells.groupBy("group").agg(F.min("high").alias("least"), F.max("low").alias("most"))
    parted = bounds.filter("least < most").localCheckpoint()
    if parted.isEmpty():
        return None, None
    inside = spells.join(parted, "group").localCheckpoint()
    counts = inside.groupBy("group", "member").agg(F.count("*").alias("spells"))
    before = inside.filter("high < most").select(
        "group", F.col("member").alias("_a"), F.col("high")
    )
    after = inside.filter("low > least").select("group", F.col("member").alias("_b"), F.col("low"))
    missed = (
        before.join(after, "group")
        .filter("high < low AND _a <> _b")
        .select("group", F.least("_a", "_b").alias("one"), F.greatest("_a", "_b").alias("other"))
        .groupBy("group", "one", "other")
        .agg(F.count("*").alias("missed"))
    )
    # Members of several spells are apart only if each spell of one misses each of the other.
    for name in ("one", "other"):
        counted = counts.withColumnsRenamed({"member": name, "spells": f"_{name}"})
        missed = missed.join(counted, ["group", name])
    apart = (
        missed.filter("missed = _one * _other")
        .join(weights, "group")
        .select("one", "other", "group", "weight")
        .localCheckpoint()
    )
    if apart.isEmpty():
        return None, None
    earlier = Window.partitionBy("group").orderBy("low", "high", "member")
    reach = F.max("high").over(earlier.rowsBetween(Window.unboundedPreceding, -1))
    begins = (F.col("low") > reach).cast("long")
    timed = inside.withColumn("_new", F.coalesce(begins, F.lit(0)))
    clustered = timed.withColumn(
        "_time", F.sum("_new").over(earlier.rowsBetween(Window.unboundedPreceding, 0))
    )
    top = by_group.agg(F.max("group")).collect()[0][0] or 0
    times = clustered.select(
        "member", "group", (F.col("group") + F.col("_time") * (top + 1)).alias("_group")
    ).distinct()
    cut = by_group.join(times, ["member", "group"], "left").select(
        "member", F.coalesce("_group", "group").alias("group"), "weight"
    )
    laid = partitioned_by(cut, "group")
    return apart, (partitioned_by(laid, "member"), laid)
