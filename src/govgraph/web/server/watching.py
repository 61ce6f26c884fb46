"""A server that follows its files: the graph is built anew when one changes, and pages say so.

Each build has an application of its own, workers included; the one before ends what it was asked.
Faults are shown atop of every page, over the last graph that could be built.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from contextlib import asynccontextmanager
from html import escape
from typing import Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from govgraph.errors import GovgraphError
from govgraph.web.describe import PublishedGraph
from govgraph.web.server.server import Marking

PAUSE: Final = 0.15
"""Seconds between two looks at the files, and between two questions of a page."""
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
    """Makes `app`, an application whose graph follows its files.

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
        self._newest = self._before = make_app(graph, self._marked)
        self._root = urlsplit(self._newest.state.govgraph.public_url).path or "/"
        self._version = 0
        routes = [
            Route("/watch", lambda request: _plain(str(self._version))),
            Route("/watch.js", lambda request: _plain(_SCRIPT, "text/javascript")),
            Mount("/", self._answer),
        ]
        self.app = Starlette(routes=routes, lifespan=self._live)
        self.app.state.govgraph = self._newest.state.govgraph

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._newest(scope, receive, send)

    @asynccontextmanager
    async def _live(self, app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(self._watch())
        yield
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        for snapshot in {self._before, self._newest}:
            await snapshot.state.govgraph.close()

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
            except Exception as error:  # whatever it is, the next change may mend it
                is_told = isinstance(error, GovgraphError | OSError)
                text = str(error) if is_told else f"it cannot be built: {error!r}"
                self._show(text.splitlines())
                continue
            if self._before is not self._newest:
                await self._before.state.govgraph.close()
            self._before, self._newest, self._faults = self._newest, app, ()
            self._version += 1
            self._show(await asyncio.to_thread(self._check, graph))

    def _show(self, faults: Sequence[str]) -> None:
        self._say(faults)
        if faults != self._faults:
            self._faults = faults
            self._version += 1

    def _marked(self, page: str, policy: str, status: int) -> Response:
        """Return a page with the faults atop, which asks whether there is a newer one."""
        lines = "".join(f"<li>{escape(fault)}</li>" for fault in self._faults)
        faults = f'<ul class="error faults" role="alert">{lines}</ul>' if lines else ""
        script = f'<script src="{self._root}watch.js" data-version="{self._version}"'
        added = f'{faults}{script} data-at="{self._root}watch"></script>'
        body = _BODY.sub(lambda match: match[0] + added, page, count=1)
        may = policy.replace("script-src", "connect-src 'self'; script-src 'self'", 1)
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": may}
        return HTMLResponse(body, status, headers)


def _plain(text: str, media_type: str = "text/plain") -> Response:
    return Response(text, media_type=media_type, headers={"Cache-Control": "no-store"})
