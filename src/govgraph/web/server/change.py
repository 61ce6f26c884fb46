"""What a request wants written, as it goes from the server to the process that tries it."""

from __future__ import annotations

import json
import socket
import struct
from dataclasses import asdict, dataclass, field
from typing import Any, Final

_HEAD: Final = struct.Struct("!II")


@dataclass(frozen=True)
class Change:
    """One write: a SPARQL update, or a graph put, added to or deleted.

    action        "update", "put", "post" or "delete"
    graph         IRI of the named graph; "" is the whole dataset (of put and post)
    media_type    of `content`, where that is RDF
    default_graphs, named_graphs   using-graph-uri and using-named-graph-uri of an update
    content       the update's text, or RDF
    """

    action: str
    graph: str = ""
    media_type: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    content: bytes = field(default=b"", repr=False)

    def dump(self) -> bytes:
        """Return the change as it goes over the socket."""
        fields: dict[str, Any] = {**asdict(self), "content": ""}
        head = json.dumps(fields).encode()
        return _HEAD.pack(len(head), len(self.content)) + head + self.content

    @classmethod
    def receive(cls, connection: socket.socket) -> Change:
        """Read what `dump` wrote."""
        length, size = _HEAD.unpack(_exactly(connection, _HEAD.size))
        fields = json.loads(_exactly(connection, length))
        return cls(**{**fields, "content": _exactly(connection, size)})


def _exactly(connection: socket.socket, size: int) -> bytes:
    content = bytearray()
    while len(content) < size:
        piece = connection.recv(min(size - len(content), 1 << 20))
        if not piece:
            raise ConnectionError("the server has hung up")
        content += piece
    return bytes(content)
