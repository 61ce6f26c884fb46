"""JSON-LD that can be framed: `@type` where the engine writes rdf:type as any other property."""

import re
from collections.abc import Iterable
from typing import IO, Any, Final, cast

import pyoxigraph as ox

from govgraph.vocabulary import RDF

_TYPES: Final = re.compile(
    rb'"%stype":\[((?:\{"@id":"(?:[^"\\]|\\.)*"\},?)+)\]' % re.escape(f"{RDF}".encode())
)
_OBJECT: Final = re.compile(rb'\{"@id":("(?:[^"\\]|\\.)*")\}')


def write(
    statements: Iterable[ox.Triple] | Iterable[ox.Quad],
    stream: Any,
    rdf_format: ox.RdfFormat,
    prefixes: dict[str, str],
) -> None:
    """Write statements as the engine does; raises ValueError for what the format cannot hold."""
    if rdf_format != ox.RdfFormat.JSON_LD:
        ox.serialize(statements, stream, format=rdf_format, prefixes=prefixes)
        return
    typed = _Typed(stream)
    ox.serialize(statements, cast(IO[bytes], typed), format=rdf_format)
    stream.write(typed.waiting)


class _Typed:
    """Passes JSON-LD of the engine on with `@type`.

    Within a text each quotation mark is escaped, so that nothing of a text looks like a property.
    """

    def __init__(self, stream: IO[bytes]):
        self.stream, self.waiting = stream, b""

    def write(self, data: bytes) -> int:
        """Write all up to the last `}]`, which ends a list of types: none of them is cut."""
        text = self.waiting + data
        end = text.rfind(b"}]") + 2
        if end > 1:
            self.stream.write(_TYPES.sub(_as_keyword, text[:end]))
            text = text[end:]
        self.waiting = text
        return len(data)

    def flush(self) -> None:
        """Do nothing: `write` knows what may go out."""


def _as_keyword(types: re.Match[bytes]) -> bytes:
    return b'"@type":[%s]' % b",".join(_OBJECT.findall(types[1]))
