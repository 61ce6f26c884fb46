"""A network of pairs measured on Spark: read, computed once and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from govgraph.errors import UsageError, did_you_mean
from govgraph.network.reading.header import PROJECTIONS
from govgraph.scale.spark import measures
from govgraph.scale.spark.components import components, ranked
from govgraph.scale.spark.memberships import Memberships, read_memberships
from govgraph.scale.spark.reading import read_pairs
from govgraph.scale.spark.results import check_writable, write_table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MEASURES: Final = ("strength", "weighted_pagerank", "component")
"""What is computed for every member, under the names `govgraph network` has for it."""
_PARTITIONS: Final = "spark.sql.shuffle.partitions"


def check_request(output: str, weighting: str) -> None:
    """Find what cannot be, before Spark is started; raises UsageError, GovgraphError."""
    if weighting not in PROJECTIONS:
        raise UsageError(
            f"There is no weighting {weighting!r}."
            f"{did_you_mean(weighting, PROJECTIONS)} Known: {', '.join(PROJECTIONS)}."
        )
    if output:
        check_writable(output)


def measure_pairs(
    spark: SparkSession, path: str, output: str = "", *, weighting: str = "co-membership"
) -> dict[str, Any]:
    """Measure the pairs of a Parquet file, folder or address; returns figures by name.

    Measures are written to `output`, a path or an address; "" is nowhere. Raises SourceError and
    GovgraphError for pairs and an output that do not fit.
    """
    pairs = read_pairs(spark, path)
    cut(spark, pairs.count())
    memberships = read_memberships(pairs, weighting=weighting)
    figures = {"members": memberships.member_count, "memberships": memberships.pair_count}
    figures["groups_of_one"] = memberships.alone
    table = _measured(memberships, figures)
    if output:
        write_table(table, output)
    return figures


def cut(spark: SparkSession, pairs: int) -> None:
    """Have Spark cut data into as many parts as its configuration says.

    Where it says nothing: enough for all cores, and one for each million pairs.
    """
    chosen = spark.sparkContext.getConf().get(_PARTITIONS)
    count = int(chosen or max(spark.sparkContext.defaultParallelism, -(-pairs // 1_000_000)))
    spark.conf.set(_PARTITIONS, str(count))


def _measured(memberships: Memberships, figures: dict[str, Any]) -> DataFrame:
    """Return node and a column for each measure, sorted by node; adds to `figures`."""
    from pyspark.sql import functions as F  # noqa: N812

    strengths = measures.strength(memberships).localCheckpoint()
    strength = F.col("strength") if memberships.newman else F.col("strength").cast("long")
    ranks, rounds, converged = measures.pagerank(memberships, strengths)
    figures |= {"pagerank_rounds": rounds, "pagerank_converged": "yes" if converged else "no"}
    roots, rounds = components(memberships)
    numbers = ranked(roots.localCheckpoint()).localCheckpoint()
    figures["components"] = numbers.agg(F.max("component")).collect()[0][0]
    figures["component_rounds"] = rounds
    table = memberships.members
    for column in (strengths.select("member", strength.alias("strength")), ranks, numbers):
        table = table.join(column, "member", "left")
    return table.select("member", "node", *MEASURES).sort("member").drop("member").localCheckpoint()
