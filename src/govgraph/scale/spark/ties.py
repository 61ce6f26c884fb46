"""The ties themselves: the projected network as a table, and what lies about its chief members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from govgraph.network.reading.members import KIND
from govgraph.scale.spark.memberships import Memberships
from govgraph.scale.spark.sums import exact_sum

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

NEIGHBOURS: Final = 10
"""How many of the strongest ties of each chief member lead into its neighbourhood."""


def ties(found: Memberships, members: DataFrame | None = None) -> DataFrame:
    """Return the ties: one, other, kind, weight (whole numbers, or Newman's); one < other.

    `members` keeps those between these members. All ties of a group are k(k-1)/2 of its k
    members: this is the one computation that grows so.
    """
    from pyspark.sql import functions as F  # noqa: N812

    memberships, apart = found.by_group, found.apart
    if members is not None:
        memberships = memberships.join(F.broadcast(members), "member")
        if apart is not None:
            for end in ("one", "other"):
                ends = members.select(F.col("member").alias(end))
                apart = apart.join(F.broadcast(ends), end)
    shared = found.frames.couples(memberships, "weight")
    if apart is not None:
        shared = shared.join(apart.drop("weight"), ["one", "other", "group"], "left_anti")
    kinds = found.groups.select(
        "group", F.when(F.col("kind") == "", KIND).otherwise(F.col("kind")).alias("kind")
    )
    weight = exact_sum(F.col("weight")) if found.newman else F.count("*")
    return shared.join(kinds, "group").groupBy("one", "other", "kind").agg(weight.alias("weight"))


def most_ties(found: Memberships) -> int:
    """Return how many ties there are at most: what the groups' sizes allow."""
    from pyspark.sql import functions as F  # noqa: N812

    couples = F.col("size").cast("double") * (F.col("size") - 1) / 2
    return int(found.groups.agg(F.sum(couples)).collect()[0][0] or 0)


def neighbourhood(found: Memberships, ranks: DataFrame, top: int) -> DataFrame:
    """Return the `top` members by PageRank and the members they are most strongly tied to."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F  # noqa: N812

    order = (F.col("weighted_pagerank").desc(), F.col("member"))
    chief = found.frames.kept(ranks.orderBy(*order).limit(top).select("member"))
    theirs = found.by_member.join(F.broadcast(chief), "member")
    near = (
        theirs.select(F.col("member").alias("chief"), "group")
        .join(found.by_group, "group")
        .filter("member <> chief")
    )
    if found.apart is not None:
        for one, other in (("one", "other"), ("other", "one")):
            gone = found.apart.select(
                F.col(one).alias("chief"), F.col(other).alias("member"), "group"
            )
            near = near.join(gone, ["chief", "member", "group"], "left_anti")
    tied = near.groupBy("chief", "member").agg(exact_sum(F.col("weight")).alias("weight"))
    place = F.row_number().over(
        Window.partitionBy("chief").orderBy(F.col("weight").desc(), "member")
    )
    nearest = tied.withColumn("place", place).filter(F.col("place") <= NEIGHBOURS)
    return found.frames.kept(nearest.select("member").union(chief).distinct())
