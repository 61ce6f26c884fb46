"""Strength and PageRank of the projected network, from its memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from govgraph.scale.spark.frames import counted_checkpoint, partitioned_by
from govgraph.scale.spark.memberships import Memberships

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

DAMPING: Final = 0.85
"""Of PageRank, as networkx has it by default."""

PRECISION: Final = 1e-7
"""PageRank has converged where a round changes less in all; the error is then below 1e-6."""

CHECKED_EVERY: Final = 5
"""Rounds between two checks whether PageRank has converged."""

ROUNDS: Final = 200
_LEAST_SHARE: Final = 1e-12
"""A lesser share of a member's possible strength is what rounding leaves of zero."""
_COARSE: Final = 2.0**40
_FINE: Final = 2.0**32


def exact_sum(term: Column) -> Column:
    """Return the sum of a column of doubles, the same in whatever order its terms arrive.

    Spark adds up what its tasks send in the order it arrives, and adding floating-point numbers
    in another order gives another last digit. Here each term is split into two whole numbers, a
    coarse and a fine part, which are summed exactly: to within 2^-73 for each term, for sums below
    2^23 of up to 2^31 terms; beyond that Spark raises an overflow.
    """
    from pyspark.sql import functions as F  # noqa: N812

    scaled = term * _COARSE
    coarse = F.floor(scaled)
    fine = F.rint((scaled - coarse) * _FINE).cast("long")
    return F.sum(coarse) / _COARSE + F.sum(fine) / (_COARSE * _FINE)


def strength(memberships: Memberships) -> DataFrame:
    """Return for every member: strength, `possible` and `weight`.

    Strength is the sum of the weights of a member's edges: for each group its size less one, which
    Newman's weights make 1. `possible` is what it would be if no two members of a group were
    apart; `weight` the sum of the weights of its groups.
    """
    from pyspark.sql import functions as F  # noqa: N812

    sized = memberships.by_group.join(memberships.groups.select("group", "size"), "group")
    if memberships.newman:
        possible, weight = F.count("*"), exact_sum(F.col("weight"))
    else:
        possible, weight = F.sum(F.col("size") - 1), F.count("*")
    sums = sized.groupBy("member").agg(
        possible.cast("double").alias("possible"), weight.cast("double").alias("weight")
    )
    every = memberships.members.select("member").join(sums, "member", "left").na.fill(0.0)
    if memberships.apart is None:
        return every.withColumn("strength", F.col("possible"))
    missed = exact_sum(F.col("weight")) if memberships.newman else F.count("*").cast("double")
    lost = _both_ways(memberships.apart).groupBy("member").agg(missed.alias("lost"))
    tied = every.join(lost, "member", "left").na.fill(0.0)
    left = F.col("possible") - F.col("lost")
    some = left > F.col("possible") * _LEAST_SHARE
    return tied.withColumn("strength", F.when(some, left).otherwise(0.0)).drop("lost")


def pagerank(memberships: Memberships, strengths: DataFrame) -> tuple[DataFrame, int, bool]:
    """Return member and PageRank by the weights of the edges; the rounds, and whether it converged.

    As networkx has it: damping 0.85, a member without edges passes on to all alike, the sum is 1.
    """
    from pyspark.sql import functions as F  # noqa: N812

    count = memberships.member_count
    start = strengths.withColumn("rank", F.lit(1.0 / count))
    state = partitioned_by(start.select("member", "strength", "weight", "rank"), "member")
    apart = (
        None
        if memberships.apart is None
        else partitioned_by(_both_ways(memberships.apart), "member")
    )
    idle = state.filter("strength <= 0").count()
    given_up = idle / count
    step, converged = 0, False
    while not converged and step < ROUNDS:
        step += 1
        # A member without edges gets this and no more: what all these have need not be summed.
        base = (1 - DAMPING + DAMPING * given_up) / count
        given_up = idle * base
        checked = step % CHECKED_EVERY == 0
        passed_on = _passed_on(memberships, state, apart, base)
        moved = counted_checkpoint(passed_on) if checked else passed_on.localCheckpoint()
        if checked:
            change = F.abs(F.col("after") - F.col("rank"))
            converged = moved.agg(exact_sum(change)).collect()[0][0] < PRECISION
        state = moved.select("member", "strength", "weight", F.col("after").alias("rank"))
    total = state.agg(exact_sum(F.col("rank"))).collect()[0][0]
    ranks = state.select("member", (F.col("rank") / total).alias("weighted_pagerank"))
    return ranks, step, converged


def _passed_on(
    memberships: Memberships, state: DataFrame, apart: DataFrame | None, base: float
) -> DataFrame:
    """Return the state with `after`, the ranks after one round.

    A member hands each of its groups its rank over its strength; the group hands each member what
    all gave, of which the member takes off what it gave itself, and those apart from it.
    """
    from pyspark.sql import functions as F  # noqa: N812

    given = F.when(F.col("strength") > 0, F.col("rank") / F.col("strength")).otherwise(0.0)
    shares = state.select("member", given.alias("share"))
    of_groups = (
        memberships.by_member.join(shares, "member")
        .groupBy("group")
        .agg(exact_sum(F.col("share")).alias("sum"))
    )
    got = (
        memberships.by_group.join(of_groups, "group")
        .groupBy("member")
        .agg(exact_sum(F.col("weight") * F.col("sum")).alias("got"))
    )
    merged = state.join(got, "member", "left")
    own = F.col("got") - F.col("weight") * given
    if apart is not None:
        lost = (
            apart.join(shares, "member")
            .groupBy(F.col("other").alias("member"))
            .agg(exact_sum(F.col("weight") * F.col("share")).alias("lost"))
        )
        merged = merged.join(lost, "member", "left")
        own -= F.coalesce("lost", F.lit(0.0))
    tied = F.when(F.col("strength") > 0, F.greatest(own, F.lit(0.0))).otherwise(0.0)
    after = F.lit(base) + DAMPING * F.coalesce(tied, F.lit(0.0))
    return merged.select("member", "strength", "weight", "rank", after.alias("after"))


def _both_ways(couples: DataFrame) -> DataFrame:
    """Return couples (one, other, …) as member, other, …, each from either side."""
    from pyspark.sql import functions as F  # noqa: N812

    rest = [name for name in couples.columns if name not in ("one", "other")]
    there = couples.select(F.col("one").alias("member"), "other", *rest)
    back = couples.select(F.col("other").alias("member"), F.col("one").alias("other"), *rest)
    return there.unionByName(back)
