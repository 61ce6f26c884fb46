"""A server that follows its files: the graph is built anew when one changes, and pages say so.

Each build has an application of its own, workers included; the one before answers until the next
graph is built, and for some seconds what it was asked. Faults are shown atop of every page, over
the last graph that could be built.
"""

import asyncio
import re
from collections.abc import Callable, Hashable, Sequence
from html import escape
from typing import Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from govgraph.errors import GovgraphError
from govgraph.web.graph import PublishedGraph
from govgraph.web.server.html_pages import Marking

PAUSE: Final = 0.15
"""Seconds between two looks at the files, and between two questions of a page."""
_GRACE: Final = 5.0
"""Seconds for which an application that was replaced still answers what it was asked."""
_SCRIPT: Final = f"""\
"use strict";
const {{ version, at }} = document.currentScript.dataset;
setInterval(async () => {{
  try {{
    const answer = await fetch(at, {{ cache: "no-store" }});
    if (answer.ok && (await answer.text()) !== version) location.reload();
  }} catch {{ /* the server is away: it may come back */ }}
}}, {PAUSE * 1000:.0f});
"""
_BODY: Final = re.compile(r"<body[^>]*>")


class Watched:
    """An ASGI application whose graph follows its files.

    stamp       what differs when a file has changed
    build       reads the files; raises GovgraphError with what is wrong in them
    check       what of a graph an author should mend, a line each
    make_app    makes the application that serves a graph, its pages marked as told
    say         is told of each build what is wrong, [] for nothing
    """

    def __init__(
        self,
        stamp: Callable[[], Hashable],
        build: Callable[[], PublishedGraph],
        check: Callable[[PublishedGraph], Sequence[str]],
        make_app: Callable[[PublishedGraph, Marking], Starlette],
        say: Callable[[Sequence[str]], None] = lambda faults: None,
    ):
        self._stamp, self._build, self._check, self._say = stamp, build, check, say
        self._make_app = make_app
        self._seen = stamp()
        graph = build()
        self._faults: Sequence[str] = check(graph)
        self._app = make_app(graph, self._marked)
        self.state = self._app.state
        self._root = urlsplit(self.state.govgraph.public_url).path or "/"
        self._version = 0
        self._leaving: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request by the newest application, or live as long as the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["path"] == "/watch":
            await _plain(str(self._version))(scope, receive, send)
        elif scope["path"] == "/watch.js":
            await _plain(_SCRIPT, "text/javascript")(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    # -- the files ---------------------------------------------------------------------------------

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        watching = asyncio.create_task(self._watch())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in (watching, *self._leaving):
            task.cancel()
        last = self._app.state.govgraph.close()
        await asyncio.gather(watching, last, *self._leaving, return_exceptions=True)
        await send({"type": "lifespan.shutdown.complete"})

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(PAUSE)
            stamp = await asyncio.to_thread(self._stamp)
            if stamp == self._seen:
                continue
            self._seen = stamp
            try:
                graph = await asyncio.to_thread(self._build)
                app = await asyncio.to_thread(self._make_app, graph, self._marked)
            except (GovgraphError, OSError) as error:
                self._show(str(error).splitlines())
                continue
            except Exception as error:  # whatever it is, the next change may mend it
                self._show([f"it cannot be built: {type(error).__name__}: {error}"])
                continue
            task = asyncio.create_task(_leave(self._app))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
            self._app, self._faults = app, ()
            self._version += 1
            self._show(await asyncio.to_thread(self._check, graph))

    def _show(self, faults: Sequence[str]) -> None:
        self._say(faults)
        if faults != self._faults:
            self._faults = faults
            self._version += 1

    # -- pages -------------------------------------------------------------------------------------

    def _marked(self, page: str, policy: str, status: int) -> Response:
        """Return a page with the faults atop, which asks whether there is a newer one."""
        lines = "".join(f"<li>{escape(fault)}</li>" for fault in self._faults)
        faults = f'<ul class="error faults" role="alert">{lines}</ul>' if lines else ""
        script = f'<script src="{self._root}watch.js" data-version="{self._version}"'
        added = f'{faults}{script} data-at="{self._root}watch"></script>'
        body = _BODY.sub(lambda match: match[0] + added, page, count=1)
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": _policy(policy)}
        return HTMLResponse(body, status, headers)


async def _leave(app: Starlette) -> None:
    """Close an application that was replaced, after some seconds or when the server ends."""
    try:
        await asyncio.sleep(_GRACE)
    finally:
        await app.state.govgraph.close()


def _policy(policy: str) -> str:
    """Return a policy of a page that also lets it run the script and ask the server."""
    parts = (part.split() for part in policy.split(";"))
    sources = {part[0]: part[1:] for part in parts if part}
    for name in ("script-src", "connect-src"):
        others = [source for source in sources.get(name, ()) if source not in ("'none'", "'self'")]
        sources[name] = [*others, "'self'"]
    return "; ".join(" ".join((name, *words)) for name, words in sources.items())


def _plain(text: str, media_type: str = "text/plain") -> Response:
    return Response(text, media_type=media_type, headers={"Cache-Control": "no-store"})
