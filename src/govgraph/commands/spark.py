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
    default="",
    metavar="FILE",
    help="The Parquet file of measures to write, or an address.",
)
@click.option(
    "--weighting", default="co-membership", show_default=True, metavar="NAME", help="Or newman."
)
@click.option("--master", metavar="URL", help="local[N], spark://HOST:PORT, yarn or k8s://….")
@click.option("--conf", multiple=True, metavar="KEY=VALUE", help="A setting of Spark.")
def command(
    pairs: str,
    output: str,
    weighting: str,
    master: str | None,
    conf: tuple[str, ...],
) -> None:
    """Measure a network of pairs on Apache Spark, here or on a cluster.

    PAIRS is a Parquet file, a folder of them or an address (hdfs://…, s3a://…) with the columns
    source (a member) and target (what it is a member of), as `govgraph pairs` writes it. Without
    an output, the figures of the network are shown.
    """
    from govgraph.scale.spark.measuring import check_request, measure_pairs
    from govgraph.scale.spark.session import describe, session

    if output and not output.endswith(".parquet"):
        raise UsageError(f"'{output}' is no name of a Parquet file: end it in .parquet.")
    check_request(output, weighting)
    with session(master, _settings(conf)) as spark:
        engine = describe(spark)
        figures = measure_pairs(spark, pairs, output, weighting=weighting)
    if output:
        click.echo(output)
    else:
        deliver(table(("figure", "value"), list(figures.items())), None, None)
    counts = f"{figures['members']} members, {figures['memberships']} memberships"
    if alone := figures["groups_of_one"]:
        counts += f" (without {alone} groups of one member, which tie nobody)"
    click.echo(f"{pairs}: {counts}; computed by {engine}", err=True)


def _settings(texts: tuple[str, ...]) -> dict[str, str]:
    settings = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (equals and name.startswith("spark.")):
            raise UsageError(f"--conf {text!r}: expected spark.NAME=VALUE.")
        settings[name] = value
    return settings
