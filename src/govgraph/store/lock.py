"""Graphs of a store that are no part of what was stored, and the lock, whose notes are one.

SPARQL has no lock. Each run adds a note of its own and then looks who else has one: of two that
begin at once neither goes on, and never both. A note outlives a run that was killed; on the machine
where that was, the next run knows, and takes its place.
"""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Final

from pyoxigraph import Literal

from govgraph.errors import RemoteError, warn
from govgraph.store.client import Client
from govgraph.vocabulary import graph_iri

MANIFEST: Final = graph_iri("pushed")  # what a push notes of what it pushed
LOCK_GRAPH: Final = graph_iri("pushed/lock")  # notes of who is at work on the store
_OF_VIRTUOSO: Final = re.compile(
    r"http://www\.openlinksw\.com/schemas/.*|http://www\.w3\.org/(ns/ldp|2002/07/owl)#"
    r"|https?://[^/]+/(sparql|DAV/)|urn:activitystreams-owl:map|urn:core:services:sparql"
)
"""Graphs that Virtuoso fills for itself when it is first started."""
_WORKS: Final = f"{LOCK_GRAPH}#works"
_NOTES: Final = f"SELECT ?note {{ GRAPH <{LOCK_GRAPH}> {{ <{LOCK_GRAPH}> <{_WORKS}> ?note }} }}"
_RUN: Final = re.compile(
    r"govgraph (?P<what>\w+) on (?P<host>.+), process (?P<pid>[0-9]+), begun .+"
)

_HOST: Final = socket.gethostname() or "a machine without a name"
_HELD: Final[set[str]] = set()  # notes of the runs of this process


def is_reserved(graph: str, server: str) -> bool:
    """Tell whether a graph is left out; `server` is what the store calls itself in HTTP."""
    of_the_server = server.startswith("Virtuoso") and _OF_VIRTUOSO.fullmatch(graph)
    return graph == MANIFEST or graph.startswith(f"{MANIFEST}/") or bool(of_the_server)


class Lock:
    """The right to change a store, while `held`."""

    def __init__(self, client: Client, what: str):
        self._client, self._what = client, what
        self.half_done = False
        began = datetime.now(UTC).isoformat(timespec="microseconds")
        self._note = f"govgraph {what} on {_HOST}, process {os.getpid()}, begun {began}"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock; raises RemoteError where another run does.

        The note of what failed when it was `half_done` stays: who asks the store is warned by it.
        """
        _HELD.add(self._note)
        try:
            self._change("INSERT", self._note)
            for note in sorted(_read(self._client) - {self._note}):
                if not self._is_left_over(note):
                    raise RemoteError(  # noqa: TRY301
                        f"{note}, is at work on this store, or was cut off. Wait for it; if it"
                        f" runs no more, run it again there, or remove the graph {LOCK_GRAPH}.",
                        self._client.endpoint.query_url,
                    )
                self.half_done = True
                self._change("DELETE", note)
            yield
        except BaseException:
            if not self.half_done:
                with suppress(RemoteError):  # what ended the run is what is to be told
                    self._change("DELETE", self._note)
            raise
        finally:
            _HELD.remove(self._note)
        self._change("DELETE", self._note)

    def _is_left_over(self, note: str) -> bool:
        """Whether a note is of a run like this one that has ended on this machine."""
        run = _RUN.fullmatch(note)
        if run is None or run["what"] != self._what or run["host"] != _HOST:
            return False
        if int(run["pid"]) == os.getpid():
            return note not in _HELD
        return not _lives(int(run["pid"]))

    def _change(self, operation: str, note: str) -> None:
        line = f"<{LOCK_GRAPH}> <{_WORKS}> {Literal(note)}"
        self._client.update(
            f"{operation} DATA {{ GRAPH <{LOCK_GRAPH}> {{ {line} }} }}", repeatable=True
        )


def warn_of_others(client: Client) -> None:
    """Warn where another run is at work on a store, or was cut off: graphs may be missing."""
    for note in sorted(_read(client) - _HELD):
        who = f"{client.endpoint.query_url}: {note}, is at work on this store, or was cut off"
        warn(f"{who}: what it has not written yet is missing. Run it again there.")


def _read(client: Client) -> set[str]:
    # Virtuoso answers no rows by one without values
    return {row[0].value for row in client.rows(_NOTES) if row and row[0] is not None}  # type: ignore[union-attr]


def _lives(process: int) -> bool:
    if os.name == "nt":
        return True  # there, to ask so would end it
    try:
        os.kill(process, 0)
    except OSError as error:
        return not isinstance(error, ProcessLookupError)  # it may be somebody else's
    return True
