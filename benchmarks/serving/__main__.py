"""`python -m benchmarks.serving`: govgraph's server beside its peers, on this machine."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import tempfile
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from benchmarks.serving.clients import floor
from benchmarks.serving.measures import SHORT, Effort, Measured, measure
from benchmarks.serving.peers import BUNDLED, make_data, missing, running
from benchmarks.serving.table import insert, markdown

SERVERS = ("govgraph", "oxigraph", "rdflib-endpoint")


@click.command(context_settings={"show_default": True})
@click.option(
    "--data",
    "sizes",
    default=f"{BUNDLED},5e4",
    help="The study, and statements to generate: 5e4 become 10⁵ triples.",
)
@click.option("--server", "servers", multiple=True, type=click.Choice(SERVERS), help="Only these.")
@click.option("--short", is_flag=True, help="A tenth of the requests: to see that all works.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("build/serving"))
@click.option("--page", type=click.Path(path_type=Path, exists=True), help="Renew this page too.")
def main(
    sizes: str, servers: tuple[str, ...], short: bool, output: Path, page: Path | None
) -> None:
    """Measure throughput, latency, large results, crowds and repeated requests of SPARQL servers.

    Needs `pip install oxigraph rdflib-endpoint` beside govgraph, and a quiet machine: clients and
    servers share its cores. Writes serving.md and serving.json.
    """
    wanted = servers or SERVERS
    if absent := set(missing()) & set(wanted):
        raise click.ClickException(f"not installed: pip install {' '.join(sorted(absent))}")
    output.mkdir(parents=True, exist_ok=True)
    alone = asyncio.run(floor())
    found: list[Measured] = []
    counts: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="govgraph-serving-") as name:
        folder = Path(name)
        for size in filter(None, sizes.split(",")):
            data = make_data(folder, size)
            counts[data.name] = data.count
            for server in wanted:
                click.echo(f"{size}, {server}", err=True)
                with running(server, data, folder) as peer:
                    effort = SHORT if short else Effort()
                    work = measure(
                        peer, data, effort, lambda text: click.echo(f"  {text}", err=True)
                    )
                    found.append(asyncio.run(work))
    text = markdown(found, counts, _machine(), alone)
    content = [asdict(each) for each in found]
    (output / "serving.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    (output / "serving.md").write_text(text, encoding="utf-8")
    if page:
        insert(page, text)
    click.echo(text)


def _machine() -> str:
    packages = []
    for name in ("pyoxigraph", "uvicorn", "oxigraph", "rdflib-endpoint", "rdflib"):
        try:
            packages.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    python = platform.python_version()
    return f"{os.cpu_count()} cores, {platform.system()}, Python {python}, {', '.join(packages)}"


if __name__ == "__main__":
    main()
