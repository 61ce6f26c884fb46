"""A network of pairs measured on Spark: what is asked for, computed once and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from govgraph.errors import UsageError, did_you_mean
from govgraph.network.files.formats import check_output, format_of
from govgraph.network.reading.header import PROJECTIONS
from govgraph.network.reading.spells import Spell
from govgraph.scale.spark import measures, parts
from govgraph.scale.spark.frames import Frames
from govgraph.scale.spark.memberships import Memberships, read_memberships
from govgraph.scale.spark.outputs import RDF, Told, small_network, write_rdf
from govgraph.scale.spark.reading import check_parquet, is_address, read_nodes, read_pairs
from govgraph.scale.spark.results import check_place, write_table
from govgraph.scale.spark.ties import most_ties, neighbourhood, ties

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MEASURES: Final = ("degree", "strength", "weighted_pagerank", "component", "label_propagation")
"""What is computed for every member, under the names `govgraph network` has for it."""


@dataclass(frozen=True)
class Outputs:
    """Where to write what; "" for what is not wanted.

    table    measures as Parquet, a path or an address
    rdf      measures as RDF, a local file
    network  the chief members and who is near them, in any format of `govgraph network`
    ties     the projected network as Parquet, a path or an address
    """

    table: str = ""
    rdf: str = ""
    network: str = ""
    ties: str = ""


@dataclass(frozen=True)
class Request:
    """What is to be measured, and how."""

    pairs: str
    nodes: str = ""
    weighting: str = "co-membership"
    window: Spell = (None, None)
    undated: bool = True
    measures: Sequence[str] = MEASURES
    top: int = 100
    lang: str = "en"
    partitions: int | None = None
    checkpoints: str = ""

    @property
    def name(self) -> str:
        """What the network is called: after the file of pairs."""
        return Path(self.pairs.rstrip("/")).name.removesuffix(".parquet") or "network"


@dataclass
class Outcome:
    """Figures of the network, and the files written."""

    figures: dict[str, Any] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)


def outputs_of(places: Sequence[str], tied: str) -> Outputs:
    """Sort outputs by their extension; UsageError for one that tells nothing, or a second alike."""
    chosen = {"ties": tied} if tied else {}
    for place in places:
        suffix = Path(place).suffix.lower().removeprefix(".")
        kind = "table" if suffix == "parquet" else "rdf" if suffix in RDF else "network"
        if kind == "network":
            try:
                format_of(None, place)
            except UsageError:
                raise UsageError(
                    f"'{place}': its extension tells no format. Measures: .parquet, .ttl, .nt; the"
                    " chief members as a network: .gexf, .html, … as `govgraph network` has them."
                ) from None
        if kind in chosen:
            raise UsageError(f"{chosen[kind]} and {place} would hold the same: give one of them.")
        if kind != "table" and is_address(place):
            raise UsageError(f"{place}: only Parquet is written to an address; name a local file.")
        chosen[kind] = place
    if tied and not tied.endswith(".parquet"):
        raise UsageError(f"--ties {tied!r}: ties are written as Parquet; end it in .parquet.")
    return Outputs(**chosen)


def check_request(request: Request, outputs: Outputs) -> None:
    """Find what cannot be, before Spark is started."""
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
    if request.nodes:
        check_parquet(request.nodes)
    for place in (outputs.table, outputs.ties):
        if place:
            check_place(place)
    for place in (outputs.rdf, outputs.network):
        if place:
            check_output(place)


def measure_pairs(spark: SparkSession, request: Request, outputs: Outputs) -> Outcome:
    """Measure a network of pairs and write what is asked for; returns its figures.

    Raises SourceError and UsageError for pairs, nodes and outputs that do not fit.
    """
    from govgraph.scale.spark.engine import default_partitions

    check_request(request, outputs)
    pairs = read_pairs(spark, request.pairs)
    nodes = read_nodes(spark, request.nodes) if request.nodes else None
    if request.checkpoints:
        spark.sparkContext.setCheckpointDir(request.checkpoints)
    cuts = request.partitions or default_partitions(spark, pairs.count())
    spark.conf.set("spark.sql.shuffle.partitions", str(cuts))
    found = read_memberships(
        Frames(spark, cuts, bool(request.checkpoints)), pairs,
        weighting=request.weighting, window=request.window, undated=request.undated,
    )  # fmt: skip
    if outputs.table:
        check_place(outputs.table, found.count)
    if outputs.ties:
        check_place(outputs.ties, most_ties(found))
    wanted = list(dict.fromkeys(request.measures))
    if outputs.network and "weighted_pagerank" not in wanted:
        wanted.append("weighted_pagerank")
    outcome = Outcome()
    notes: dict[str, str] = {}
    outcome.figures |= {"members": found.count, "memberships": found.pairs}
    table = _measured(found, wanted, outcome, notes)
    told = Told(request.name, f"{request.name}, its chief members", request.weighting, notes)
    _write(found, table, nodes, told, request, outputs, outcome)
    return outcome


def _measured(
    found: Memberships, wanted: Sequence[str], outcome: Outcome, notes: dict[str, str]
) -> DataFrame:
    """Return node, member and a column for each measure, sorted by node."""
    from pyspark.sql import functions as F  # noqa: N812

    frames, columns = found.frames, {}
    if "degree" in wanted:
        columns["degree"] = measures.degree(found)
    if {"strength", "weighted_pagerank"} & set(wanted):
        strengths = frames.kept(measures.strength(found))
        strength = F.col("strength") if found.newman else F.col("strength").cast("long")
        columns["strength"] = strengths.select("member", strength.alias("strength"))
        if "weighted_pagerank" in wanted:
            ranks, rounds, settled = measures.pagerank(found, strengths)
            columns["weighted_pagerank"] = ranks
            outcome.figures["pagerank_rounds"] = rounds
            _note(notes, "weighted_pagerank", rounds, settled)
    if "component" in wanted:
        roots, rounds = parts.components(found)
        columns["component"] = frames.kept(parts.ranked(found, frames.kept(roots), "component"))
        outcome.figures["components"] = columns["component"].agg(F.max("component")).collect()[0][0]
        outcome.figures["component_rounds"] = rounds
    if "label_propagation" in wanted:
        roots, rounds, settled = parts.communities(found)
        numbered = parts.ranked(found, frames.kept(roots), "label_propagation")
        columns["label_propagation"] = frames.kept(numbered)
        most = columns["label_propagation"].agg(F.max("label_propagation")).collect()[0][0]
        outcome.figures |= {"communities": most, "community_rounds": rounds}
        _note(notes, "label_propagation", rounds, settled)
    table = found.members
    for name in wanted:
        table = table.join(columns[name], "member", "left")
    return frames.kept(table.select("member", "node", *wanted).sort("member"))


def _note(notes: dict[str, str], name: str, rounds: int, settled: bool) -> None:
    if not settled:
        notes[name] = f"approximate, stopped after {rounds} rounds"


def _write(
    found: Memberships,
    table: DataFrame,
    nodes: DataFrame | None,
    told: Told,
    request: Request,
    outputs: Outputs,
    outcome: Outcome,
) -> None:
    from pyspark.sql import functions as F  # noqa: N812

    shown = table.drop("member")
    if outputs.table:
        outcome.written.append(write_table(shown, outputs.table, found.count))
    if outputs.rdf:
        write_rdf(shown, outputs.rdf, told)
        outcome.written.append(outputs.rdf)
    if outputs.ties:
        named = _named(ties(found), found.members).sort("source", "target", "kind")
        outcome.written.append(write_table(named, outputs.ties, most_ties(found)))
    if outputs.network:
        near = neighbourhood(found, table, request.top)
        members = found.members.join(F.broadcast(near), "member")
        small = small_network(
            shown.join(F.broadcast(members.select("node")), "node"),
            _named(ties(found, near), members),
            nodes.join(F.broadcast(members.select("node")), "node") if nodes is not None else None,
            told, request.lang,
        )  # fmt: skip
        outcome.written += _save(small, outputs.network)


def _named(found: DataFrame, members: DataFrame) -> DataFrame:
    """Return ties with the names of their ends: source, target, kind, weight."""
    from pyspark.sql import functions as F  # noqa: N812

    for number, name in (("one", "source"), ("other", "target")):
        names = members.select(F.col("member").alias(number), F.col("node").alias(name))
        found = found.join(names, number)
    return found.select("source", "target", "kind", "weight")


def _save(network: Any, output: str) -> list[str]:
    """Write the chief members as a network file, sized by PageRank, coloured as in `network`."""
    from govgraph.network.files.formats import save
    from govgraph.network.pictures.style import style_of

    form = format_of(None, output)
    having = {name for _, data in network.nodes(data=True) for name in data}
    colour = next((n for n in ("sector", "label_propagation", "component") if n in having), "")
    style = style_of(network, layout=form.layout, size_by="weighted_pagerank", colour_by=colour)
    return [str(path) for path in save(network, output, form, style)]
