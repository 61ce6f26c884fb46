"""govgraph serve."""

from __future__ import annotations

import os
from typing import Any

import click

from govgraph.commands import common
from govgraph.errors import GovgraphError
from govgraph.extras import needed
from govgraph.web.server.limits import MEGABYTE, Limits


def _limit(name: str, lowest: float, highest: float, default: float, text: str) -> common.Decorator:
    """Return an option for a limit: whole numbers are megabytes, others seconds."""
    seconds = isinstance(default, float)
    kind: Any = click.FloatRange if seconds else click.IntRange
    return click.option(
        f"--{name}-limit",
        type=kind(lowest, highest),
        default=default,
        show_default=True,
        metavar="SECONDS" if seconds else "MB",
        help=text,
    )


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen at; 0 takes one that is free.",
)
@click.option(
    "--public-url",
    metavar="URL",
    help="Address under which the world sees the server, for sitemap, VoID and API.",
)
@click.option(
    "--proxies",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESSES",
    help="Reverse proxies whose X-Forwarded-For names the client, by commas.",
)
@click.option("--workers", type=click.IntRange(1, 64), default=Limits.workers, show_default=True)
@_limit("time", 0.1, 3600, Limits.time_limit, "How long a query may run.")
@_limit("memory", 50, 10**6, Limits.memory_limit // MEGABYTE, "Memory a query may take.")
@_limit("result", 1, 10**6, Limits.result_limit // MEGABYTE, "Size a result may have.")
@_limit("stall", 0.1, 600, Limits.stall_limit, "How long a client may keep the server waiting.")
@common.data_options
def command(
    host: str,
    port: int,
    public_url: str | None,
    proxies: str,
    workers: int,
    time_limit: float,
    memory_limit: int,
    result_limit: int,
    stall_limit: float,
    graph: common.GraphOptions,
) -> None:
    """Serve the graph: a SPARQL endpoint, stored queries as an API, linked data, pages.

    Prints the address once it listens. Nothing can be written to it. Queries run in worker
    processes that are stopped and replaced when they meet a limit. Ctrl-C ends it.
    """
    if not hasattr(os, "fork"):
        raise GovgraphError("serve needs a system that can fork: Linux or macOS, or WSL.")
    with needed("web", "Servers"):
        import uvicorn  # noqa: F401  (which the server imports when it runs)

        from govgraph.web.addresses import checked_address
        from govgraph.web.server.server import create_app, listen, run
    if public_url is not None:
        checked_address(public_url, "--public-url", "https://example.org/govgraph/")
    listening = listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/"
    limits = Limits(
        workers=workers,
        time_limit=time_limit,
        stall_limit=stall_limit,
        delivery_limit=max(Limits.delivery_limit, time_limit),
        memory_limit=memory_limit * MEGABYTE,
        result_limit=result_limit * MEGABYTE,
    )
    public = f"{(public_url or address).rstrip('/')}/"
    app = create_app(common.build(graph.sources()), public, limits)
    listening.listen(2048)
    click.echo(address)
    run(app, listening, proxies=proxies)
