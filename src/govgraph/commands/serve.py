"""govgraph serve."""

from __future__ import annotations

import click

from govgraph.commands import common
from govgraph.extras import needed


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
@click.option("--workers", type=click.IntRange(1, 64), default=3, show_default=True)
@click.option(
    "--time-limit",
    type=click.FloatRange(0.1, 3600),
    default=20.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a query may run.",
)
@click.option(
    "--memory-limit",
    type=click.IntRange(50, 1_000_000),
    default=1000,
    show_default=True,
    metavar="MB",
    help="Memory a query may take.",
)
@click.option(
    "--result-limit",
    type=click.IntRange(1, 1_000_000),
    default=500,
    show_default=True,
    metavar="MB",
    help="Size a result may have.",
)
@click.option(
    "--stall-limit",
    type=click.FloatRange(0.1, 600),
    default=15.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a client may keep the server waiting.",
)
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
    with needed("web", "Servers"):
        import uvicorn  # noqa: F401  (which the server imports when it runs)

        from govgraph.web.addresses import checked_address
        from govgraph.web.server.limits import MEGABYTE, Limits
        from govgraph.web.server.server import create_app, listen, run
        from govgraph.web.server.state import Settings
        from govgraph.web.server.workers import ForkServer
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
    fork_server = ForkServer(limits)  # it starts while the graph is opened
    served = common.build(graph.folders)
    if served.cache_folder is not None:
        fork_server.begin(served.cache_folder)
    app = create_app(served, Settings(public, limits), fork_server)
    listening.listen(2048)
    click.echo(address)
    run(app, listening, proxies=proxies)
