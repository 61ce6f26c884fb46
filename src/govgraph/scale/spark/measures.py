"""Degree, strength and PageRank of the projected network, from its memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from govgraph.network.measures.matrices import DAMPING
from govgraph.scale.spark.memberships import Memberships
from govgraph.scale.spark.sums import exact_sum

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

PRECISION: Final = 1e-7
"""PageRank is settled where a round changes less than this in all: the error is then below 1e-6."""

LOOK: Final = 5
"""After so many rounds each time it is asked whether PageRank has settled."""

ROUNDS: Final = 200
_TIED: Final = 1e-12
"""A lesser share of a member's possible ties is what rounding leaves of none."""


def strength(found: Memberships) -> DataFrame:
    """Return member, strength, and `possible`, the strength if no couple were apart; all members.

    Strength is the sum of the weights of the ties: for each group its size less one, which
    Newman's weights make 1.
    """
    from pyspark.sql import functions as F  # noqa: N812

    sized = found.by_group.join(found.groups.select("group", "size"), "group")
    if found.newman:
        possible, weight = F.count("*"), exact_sum(F.col("weight"))
    else:
        possible, weight = F.sum(F.col("size") - 1), F.count("*")
    sums = sized.groupBy("member").agg(
        possible.cast("double").alias("possible"), weight.cast("double").alias("weight")
    )
    every = found.members.select("member").join(sums, "member", "left").na.fill(0.0)
    if found.apart is None:
        return every.withColumn("strength", F.col("possible"))
    missed = exact_sum(F.col("weight")) if found.newman else F.count("*").cast("double")
    lost = _both_ways(found.apart).groupBy("member").agg(missed.alias("lost"))
    tied = every.join(lost, "member", "left").na.fill(0.0)
    left = F.col("possible") - F.col("lost")
    some = left > F.col("possible") * _TIED
    return tied.withColumn("strength", F.when(some, left).otherwise(0.0)).drop("lost")


def pagerank(found: Memberships, strengths: DataFrame) -> tuple[DataFrame, int, bool]:
    """Return member and PageRank by the weights of ties; the rounds, and whether it settled.

    As networkx has it: damping 0.85, who has no tie passes on to all alike, the sum is 1.
    """
    from pyspark.sql import functions as F  # noqa: N812

    frames, count = found.frames, found.count
    start = strengths.withColumn("rank", F.lit(1.0 / count))
    state = frames.by(start.select("member", "strength", "weight", "rank"), "member")
    apart = None if found.apart is None else frames.by(_both_ways(found.apart), "member")
    idle = state.filter("strength <= 0").count()
    given_up = idle / count
    step, settled = 0, False
    while not settled and step < ROUNDS:
        step += 1
        # Who has no tie gets this and no more, so that what all these have need not be summed.
        base = (1 - DAMPING + DAMPING * given_up) / count
        given_up = idle * base
        looking = step % LOOK == 0
        passed_on = _passed_on(found, state, apart, base)
        moved = frames.renewed(passed_on) if looking else frames.kept(passed_on)
        if looking:
            change = F.abs(F.col("after") - F.col("rank"))
            settled = moved.agg(exact_sum(change)).collect()[0][0] < PRECISION
        state = moved.select("member", "strength", "weight", F.col("after").alias("rank"))
    total = state.agg(exact_sum(F.col("rank"))).collect()[0][0]
    ranks = state.select("member", (F.col("rank") / total).alias("weighted_pagerank"))
    return ranks, step, settled


def _passed_on(
    found: Memberships, state: DataFrame, apart: DataFrame | None, base: float
) -> DataFrame:
    """Return the state with `after`, the ranks after one round.

    A member hands each of its groups its rank over its strength; the group hands each member what
    all gave, of which the member takes off what it gave itself, and those apart from it.
    """
    from pyspark.sql import functions as F  # noqa: N812

    given = F.when(F.col("strength") > 0, F.col("rank") / F.col("strength")).otherwise(0.0)
    shares = state.select("member", given.alias("share"))
    of_groups = (
        found.by_member.join(shares, "member")
        .groupBy("group")
        .agg(exact_sum(F.col("share")).alias("sum"))
    )
    got = (
        found.by_group.join(of_groups, "group")
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


def degree(found: Memberships) -> DataFrame:
    """Return member and degree: to how many others it is tied, for each kind of tie apart.

    Every group ties its members; what is taken off are ties counted more than once, by members
    who share several groups, and members apart. Only members of several groups can share
    several, so that a group of many who are in no other costs nothing.
    """
    from pyspark.sql import functions as F  # noqa: N812

    ties = found.by_group.join(found.groups, "group")
    every = ties.groupBy("member").agg(F.sum(F.col("size") - 1).alias("counted"))
    again = _both_ways(_excess(found))
    excess = again.groupBy("member").agg(F.sum("excess").alias("excess"))
    members = found.members.select("member").join(every, "member", "left")
    counts = members.join(excess, "member", "left").na.fill(0)
    return counts.select("member", (F.col("counted") - F.col("excess")).alias("degree"))


def _excess(found: Memberships) -> DataFrame:
    """Return the couples that groups count as tied more, or less, often than they are: once."""
    from pyspark.sql import functions as F  # noqa: N812

    # Which kind a group is of matters only where there are several.
    kinds = found.groups.select("group", "kind" if found.kinds > 1 else F.lit("").alias("kind"))
    of_kind = found.by_group.select("member", "group").join(kinds, "group")
    several = (
        of_kind.groupBy("member", "kind")
        .agg(F.count("*").alias("groups"))
        .filter("groups > 1")
        .select("member", "kind")
    )
    shared = (
        found.frames.couples(of_kind.join(several, ["member", "kind"]), "kind")
        .groupBy("kind", "one", "other")
        .agg(F.count("*").alias("shared"))
        .filter("shared > 1")
    )
    if found.apart is None:
        return shared.select("one", "other", (F.col("shared") - 1).alias("excess"))
    missed = (
        found.apart.join(kinds, "group")
        .groupBy("kind", "one", "other")
        .agg(F.count("*").alias("missed"))
    )
    both = shared.join(missed, ["kind", "one", "other"], "full").select(
        "one", "other", F.coalesce("shared", F.lit(1)).alias("shared"),
        F.coalesce("missed", F.lit(0)).alias("missed"),
    )  # fmt: skip
    tied = (F.col("shared") > F.col("missed")).cast("long")
    return both.select("one", "other", (F.col("shared") - tied).alias("excess"))


def _both_ways(couples: DataFrame) -> DataFrame:
    """Return couples (one, other, …) as member, other, …, each from either side."""
    from pyspark.sql import functions as F  # noqa: N812

    rest = [name for name in couples.columns if name not in ("one", "other")]
    there = couples.select(F.col("one").alias("member"), "other", *rest)
    back = couples.select(F.col("other").alias("member"), F.col("one").alias("other"), *rest)
    return there.unionByName(back)
