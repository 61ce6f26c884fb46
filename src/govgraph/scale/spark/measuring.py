"""A network of pairs measured on Spark: what is requested, computed once and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from govgraph.errors import UsageError, did_you_mean
from govgraph.network.reading.header import PROJECTIONS
from govgraph.network.reading.spells import Spell
from govgraph.scale.spark import measures
from govgraph.scale.spark.components import components, ranked
from govgraph.scale.spark.frames import Frames
from govgraph.scale.spark.memberships import Memberships, read_memberships
from govgraph.scale.spark.reading import check_parquet, read_pairs
from govgraph.scale.spark.results import check_writable, write_table
from govgraph.scale.spark.session import default_partitions

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MEASURES: Final = ("strength", "weighted_pagerank", "component")
"""What is computed for every member, under the names `govgraph network` has for it."""


@dataclass(frozen=True)
class Request:
    """What is to be measured, and where it is written.

    pairs       Parquet: a file, a folder of parts or an address
    output      where measures go as Parquet, a path or an address; "" for nowhere
    window      the years that count, each None where it is open; `undated` pairs count too
    partitions  into how many the data are cut; None is one for a million pairs, or for a core
    checkpoints  a folder that all machines share; "" keeps checkpoints with the executors
    """

    pairs: str
    output: str = ""
    weighting: str = "co-membership"
    window: Spell = (None, None)
    undated: bool = True
    measures: Sequence[str] = MEASURES
    partitions: int | None = None
    checkpoints: str = ""


def check_request(request: Request) -> None:
    """Find what cannot be, before Spark is started; raises UsageError, SourceError."""
    for name in request.measures:
        if name not in MEASURES:
            raise UsageError(
                f"There is no measure {name!r} on Spark.{did_you_mean(name, MEASURES)} Measures:"
                f" {', '.join(MEASURES)}."
            )
    if request.weighting not in PROJECTIONS:
        raise UsageError(
            f"There is no weighting {request.weighting!r}."
            f"{did_you_mean(request.weighting, PROJECTIONS)} Known: {', '.join(PROJECTIONS)}."
        )
    start, end = request.window
    if start is not None and end is not None and start > end:
        raise UsageError(f"from {start} to {end} is no span of years: the first comes later.")
    check_parquet(request.pairs)
    if request.output:
        check_writable(request.output)


def measure_pairs(spark: SparkSession, request: Request) -> dict[str, Any]:
    """Measure a network of pairs and write what is requested; returns its figures by name.

    Raises SourceError and GovgraphError for pairs and an output that do not fit.
    """
    pairs = read_pairs(spark, request.pairs)
    if request.checkpoints:
        spark.sparkContext.setCheckpointDir(request.checkpoints)
    partitions = request.partitions or default_partitions(spark, pairs.count())
    spark.conf.set("spark.sql.shuffle.partitions", str(partitions))
    memberships = read_memberships(
        Frames(spark, partitions, bool(request.checkpoints)), pairs,
        weighting=request.weighting, window=request.window, undated=request.undated,
    )  # fmt: skip
    members = memberships.member_count
    if request.output:
        check_writable(request.output, members)
    figures: dict[str, Any] = {"members": members, "memberships": memberships.pair_count}
    table = _measured(memberships, list(dict.fromkeys(request.measures)), figures)
    if request.output:
        write_table(table, request.output, members)
    return figures


def _measured(memberships: Memberships, names: Sequence[str], figures: dict[str, Any]) -> DataFrame:
    """Return node and a column for each measure, sorted by node; adds to `figures`."""
    from pyspark.sql import functions as F  # noqa: N812

    frames, columns = memberships.frames, {}
    if {"strength", "weighted_pagerank"} & set(names):
        strengths = frames.checkpoint(measures.strength(memberships))
        strength = F.col("strength") if memberships.newman else F.col("strength").cast("long")
        columns["strength"] = strengths.select("member", strength.alias("strength"))
    if "weighted_pagerank" in names:
        ranks, rounds, converged = measures.pagerank(memberships, strengths)
        columns["weighted_pagerank"] = ranks
        figures["pagerank_rounds"] = rounds
        figures["pagerank_converged"] = "yes" if converged else "no"
    if "component" in names:
        roots, rounds = components(memberships)
        numbers = ranked(memberships, frames.checkpoint(roots), "component")
        columns["component"] = frames.checkpoint(numbers)
        figures["components"] = columns["component"].agg(F.max("component")).collect()[0][0]
        figures["component_rounds"] = rounds
    table = memberships.members
    for name in names:
        table = table.join(columns[name], "member", "left")
    return frames.checkpoint(table.select("member", "node", *names).sort("member").drop("member"))
