"""govgraph serve."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from govgraph.commands import common
from govgraph.errors import GovgraphError, UsageError
from govgraph.rdf.dumps import MEGABYTE
from govgraph.resources import needed
from govgraph.shapes.validation import as_text
from govgraph.web.server.limits import Limits

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from govgraph.coding.study import Sources
    from govgraph.web.describe import PublishedGraph
    from govgraph.web.server.server import Marking

SHOWN = 20  # how many violations stand atop of a page that is watched


def _limit(name: str, lowest: float, highest: float, default: float, text: str) -> common.Decorator:
    """Return an option for a limit: whole numbers are megabytes, others seconds."""
    word, kind = (
        ("SECONDS", click.FloatRange) if isinstance(default, float) else ("MB", click.IntRange)
    )
    return common.option(f"--{name}-limit", word, text, type=kind(lowest, highest), default=default)


@click.command()
@common.option("--host", "TEXT", "Address to listen at.", default="127.0.0.1")
@common.option(
    "--port", click.IntRange(0, 65535), "Port to listen at; 0 takes one that is free.", default=8000
)
@common.option(
    "--public-url",
    "URL",
    "Address under which the world sees the server, for sitemap, VoID and API.",
)
@common.option(
    "--proxies",
    "ADDRESSES",
    "Reverse proxies whose X-Forwarded-For names the client, by commas.",
    default="127.0.0.1",
)
@common.option("--workers", click.IntRange(1, 64), "", default=Limits.workers)
@common.flag(
    "--watch", "Follow the files: a saved one is on the pages at once, or what is wrong in it."
)
@common.option(
    "--endpoint",
    "URL",
    "Serve what the SPARQL store at this address holds at the start, under the name of the study.",
    default="",
)
@_limit("time", 0.1, 3600, Limits.time_limit, "How long a query may run.")
@_limit("memory", 50, 10**6, Limits.memory_limit // MEGABYTE, "Memory a query may take.")
@_limit("result", 1, 10**6, Limits.result_limit // MEGABYTE, "Size a result may have.")
@_limit("stall", 0.1, 600, Limits.stall_limit, "How long a client may keep the server waiting.")
@common.sources_options
def serve(
    host: str,
    port: int,
    public_url: str | None,
    proxies: str,
    workers: int,
    watch: bool,
    endpoint: str,
    graph: common.GraphOptions,
    **limited: Any,
) -> None:
    """Serve the graph: a SPARQL endpoint, stored queries as an API, linked data, pages.

    Prints the address once it listens. Nothing can be written to it. Queries run in worker
    processes that are stopped and replaced when they meet a limit. Ctrl-C ends it.

    With --watch, a file that is saved is on the pages within a second, which load themselves anew.
    What is wrong in it stands atop of every page, with file and line, over the last graph that
    could be built.

    With --endpoint, the graph is fetched from a store when the server starts, and explained without
    lines of files: start it anew after a push.
    """
    if endpoint and (watch or graph.data or graph.alone):
        raise UsageError("--endpoint serves a store: leave --watch, --data and --alone out.")
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
    for name in ("memory_limit", "result_limit"):
        limited[name] *= MEGABYTE
    delivery = max(Limits.delivery_limit, limited["time_limit"])
    limits = Limits(workers=workers, delivery_limit=delivery, **limited)
    public = f"{(public_url or address).rstrip('/')}/"
    sources = graph.sources()
    app = (
        _watched(graph, sources, lambda built, marking: create_app(built, public, limits, marking))
        if watch
        else create_app(common.build(sources, endpoint), public, limits)
    )
    listening.listen(2048)
    click.echo(address)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # from here on the server answers for it
    run(app, listening, proxies=proxies)


def _watched(
    graph: common.GraphOptions,
    sources: Sources,
    make_app: Callable[[PublishedGraph, Marking], Starlette],
) -> Starlette:
    from govgraph.api.knowledge_graph import KnowledgeGraph
    from govgraph.assembly.assemble import assemble
    from govgraph.coding.source_files import stamp
    from govgraph.web.server.watching import Watched

    def say(faults: Sequence[str]) -> None:
        for fault in faults or ("nothing to mend",):
            common.note(f"{datetime.now():%H:%M:%S} {fault}")

    def check(built: PublishedGraph) -> list[str]:
        lines = as_text(built.validate().at_least("Violation")).splitlines()
        rest = f"and {len(lines) - SHOWN:,} more: see the page of the validation report"
        return lines[:SHOWN] + [rest] * (len(lines) > SHOWN)

    return Watched(
        lambda: stamp(sources),
        lambda: KnowledgeGraph(assemble(graph.chosen())),
        check,
        make_app,
        say,
    ).app
