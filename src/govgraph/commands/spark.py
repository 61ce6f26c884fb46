"""govgraph spark."""

from __future__ import annotations

import click

from govgraph.commands.common import deliver, table
from govgraph.errors import UsageError


@click.command()
@click.argument("pairs", metavar="PAIRS")
@click.option(
    "--output",
    "-o",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Measures as .parquet, .ttl or .nt; the chief members as .gexf, .html, …; several times.",
)
@click.option("--ties", default="", metavar="FILE", help="The ties themselves, as .parquet.")
@click.option("--measures", "-m", metavar="LIST", help="Measures, with commas between.")
@click.option(
    "--weighting", default="co-membership", show_default=True, metavar="NAME", help="Or newman."
)
@click.option("--from", "start", type=int, metavar="YEAR", help="Only from this year on.")
@click.option("--to", "end", type=int, metavar="YEAR", help="Only up to this year.")
@click.option("--dated-only", is_flag=True, help="Leave out what has no year.")
@click.option(
    "--top",
    type=click.IntRange(1, 10_000),
    default=100,
    show_default=True,
    help="How many chief members a network file has; with each its strongest ties.",
)
@click.option("--nodes", default="", metavar="FILE", help="The .nodes.parquet of `govgraph pairs`.")
@click.option("--lang", default="en", show_default=True, help="Language of the labels.")
@click.option("--master", metavar="URL", help="local[N], spark://HOST:PORT, yarn or k8s://….")
@click.option("--conf", multiple=True, metavar="KEY=VALUE", help="A setting of Spark.")
@click.option(
    "--partitions", type=click.IntRange(1), metavar="N", help="Into how many parts to cut the data."
)
@click.option(
    "--checkpoints", default="", metavar="FOLDER", help="Where iterations outlast lost machines."
)
def command(
    pairs: str,
    outputs: tuple[str, ...],
    measures: str | None,
    start: int | None,
    end: int | None,
    dated_only: bool,
    master: str | None,
    conf: tuple[str, ...],
    ties: str,
    **asked: object,
) -> None:
    """Measure a network of pairs on Apache Spark, here or on a cluster.

    PAIRS is a Parquet file, a folder of them or an address (hdfs://…, s3a://…) with the columns
    source (a member) and target (what it is a member of), as `govgraph pairs` writes it. Without
    an output, the figures of the network are shown.
    """
    from govgraph.scale.spark.engine import describe, session
    from govgraph.scale.spark.measuring import (
        MEASURES,
        Request,
        check_request,
        measure_pairs,
        outputs_of,
    )

    names = [name.strip().lower().replace("-", "_") for name in (measures or "").split(",")]
    wanted = [name for name in names if name] or list(MEASURES)
    request = Request(
        pairs,
        window=(start, end),
        undated=not dated_only,
        measures=wanted,
        **asked,  # type: ignore[arg-type]
    )
    chosen = outputs_of(outputs, ties)
    check_request(request, chosen)
    with session(master, _settings(conf)) as spark:
        engine = describe(spark)
        outcome = measure_pairs(spark, request, chosen)
    for path in outcome.written:
        click.echo(path)
    if not outcome.written:
        deliver(table(("figure", "value"), list(outcome.figures.items())), None, None)
    counts = f"{outcome.figures['members']} members, {outcome.figures['memberships']} memberships"
    click.echo(f"{request.name}: {counts}; computed by {engine}", err=True)


def _settings(given: tuple[str, ...]) -> dict[str, str]:
    settings = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not (equals and name.startswith("spark.")):
            raise UsageError(f"--conf {each!r}: expected spark.NAME=VALUE.")
        settings[name] = value
    return settings
