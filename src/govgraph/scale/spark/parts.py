"""Components and communities of the projected network, from its memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from govgraph.scale.spark.memberships import Memberships
from govgraph.scale.spark.sums import exact_sum

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

ROUNDS: Final = 100
"""Label propagation is stopped after so many; components take about log2 of the longest way."""

QUIET: Final = 4
"""Label propagation has settled where nobody changes in so many rounds, each of another half."""

HEARD: Final = 16
"""So many labels of a group are heard, the most frequent ones; all in a group of no more."""

MIXER: Final = 2_654_435_761
"""Knuth's multiplier, which spreads consecutive numbers over all bits."""


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
        looked = frames.looked_up(hooked, "up", above, rows=found.count)
        moved = frames.renewed(frames.by(looked, "member"))
        changed = moved.filter("up <> parent OR over <> grand").count()
        state = moved.select("member", F.col("up").alias("parent"), F.col("over").alias("grand"))
    return state.select("member", F.col("parent").alias("root")), step


def communities(found: Memberships) -> tuple[DataFrame, int, bool]:
    """Return member and root, the same for all of a community; the rounds; whether it settled.

    Label propagation (Raghavan, Albert and Kumara 2007, Physical Review E 76, 036106): a member
    takes the label that most of its ties lead to, by weight, the least of equal ones. In each
    round about half of the members look, another half each time (`_looks`), since neighbours who
    all look at once may swap labels for ever. Of a group a member hears the HEARD labels that are
    most frequent in it, so that a round costs no more than HEARD for each membership.
    """
    from pyspark.sql import functions as F  # noqa: N812

    frames = found.frames
    by_member, by_group = found.connected
    state = frames.by(found.members.select("member", F.col("member").alias("label")), "member")
    step, quiet = 0, 0
    while quiet < QUIET and step < ROUNDS:
        step += 1
        chosen = _chosen(_heard(by_member, state), by_group, state, newman=found.newman)
        after = F.when(_looks(step), F.coalesce("chosen", "label")).otherwise(F.col("label"))
        joined = state.join(chosen, "member", "left")
        moved = frames.renewed(joined.select("member", "label", after.alias("after")))
        quiet = 0 if moved.filter("after <> label").count() else quiet + 1
        state = moved.select("member", F.col("after").alias("label"))
    return state.withColumnRenamed("label", "root"), step, quiet == QUIET


def _looks(step: int) -> Column:
    """Return whether a member may change its label in a round: a bit of its number, mixed up."""
    from pyspark.sql import functions as F  # noqa: N812

    mixed = F.col("member").bitwiseAND(F.lit(0x7FFFFFFF)) * F.lit(MIXER)
    return F.shiftright(mixed, 7 + step % 20).bitwiseAND(F.lit(1)) == 0


def _heard(by_member: DataFrame, state: DataFrame) -> DataFrame:
    """Return for each group its most frequent labels, and how many members have each."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F  # noqa: N812

    counts = (
        by_member.join(state, "member").groupBy("group", "label").agg(F.count("*").alias("having"))
    )
    order = Window.partitionBy("group").orderBy(F.col("having").desc(), "label")
    return counts.withColumn("place", F.row_number().over(order)).filter(F.col("place") <= HEARD)


def _chosen(heard: DataFrame, by_group: DataFrame, state: DataFrame, *, newman: bool) -> DataFrame:
    """Return the label that most of each member's ties lead to, its own not counted."""
    from pyspark.sql import functions as F  # noqa: N812

    own = state.select("member", F.col("label").alias("own"))
    others = F.col("having") - (F.col("label") == F.col("own")).cast("long")
    votes = F.sum("others").cast("double")
    if newman:
        votes = exact_sum(F.col("weight") * F.col("others"))
    counted = (
        by_group.join(heard.select("group", "label", "having"), "group")
        .join(own, "member")
        .select("member", "label", "weight", others.alias("others"))
        .filter("others > 0")
        .groupBy("member", "label")
        .agg(votes.alias("votes"))
    )
    best = F.max(F.struct("votes", (-F.col("label")).alias("least")))
    elected = counted.groupBy("member").agg(best.alias("best"))
    return elected.select("member", (-F.col("best.least")).alias("chosen"))


def ranked(found: Memberships, roots: DataFrame, name: str) -> DataFrame:
    """Return member and the number of its part: 1 the largest; of equal ones, by first member."""
    from pyspark.sql import functions as F  # noqa: N812

    frames = found.frames
    sizes = roots.groupBy("root").agg(F.count("*").alias("_size"), F.min("member").alias("_first"))
    order = [F.col("_size").desc(), F.col("_first").asc()]
    numbers = frames.numbered(sizes, order, "_number")
    table = frames.kept(numbers.select("root", (F.col("_number") + 1).alias(name)))
    return frames.looked_up(roots, "root", table, rows=found.count).drop("root")
