"""The formats a result can be written in, and which one a name or a file asks for."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

import pyoxigraph as ox

from govgraph.errors import UsageError, did_you_mean
from govgraph.rdf.formats import RDF_FORMATS
from govgraph.results.answer import Kind

_ROWS: Final[frozenset[Kind]] = frozenset({"select", "ask"})
_GRAPH: Final[frozenset[Kind]] = frozenset({"graph"})


@dataclass(frozen=True)
class Format:
    """A way to write a result: its name, media type, file extensions and the results it suits.

    `engine` is pyoxigraph's format of the same, None where govgraph writes it.
    """

    name: str
    media_type: str
    extensions: tuple[str, ...]
    kinds: frozenset[Kind]
    aliases: tuple[str, ...] = ()
    engine: ox.QueryResultsFormat | ox.RdfFormat | None = None


FORMATS: Final[dict[str, Format]] = {
    entry.name: entry
    for entry in (
        Format("table", "text/plain", ("txt",), _ROWS | _GRAPH, ("text",)),
        Format("csv", "text/csv", ("csv",), _ROWS | _GRAPH, engine=ox.QueryResultsFormat.CSV),
        Format(
            "tsv", "text/tab-separated-values", ("tsv",), _ROWS | _GRAPH,
            engine=ox.QueryResultsFormat.TSV,
        ),
        Format(
            "json", "application/sparql-results+json", ("json", "srj"), _ROWS,
            engine=ox.QueryResultsFormat.JSON,
        ),
        Format(
            "xml", "application/sparql-results+xml", ("xml", "srx"), _ROWS,
            engine=ox.QueryResultsFormat.XML,
        ),
        Format("md", "text/markdown", ("md", "markdown"), _ROWS | _GRAPH),
        Format("parquet", "application/vnd.apache.parquet", ("parquet",), frozenset({"select"})),
        Format("safe-csv", "text/csv", (), _ROWS, engine=ox.QueryResultsFormat.CSV),
        *(
            Format(rdf.name, rdf.media_type, rdf.endings, _GRAPH, rdf.aliases, engine=rdf.engine)
            for rdf in RDF_FORMATS.values()
        ),
    )
}  # fmt: skip
"""Every format by name, in the order shown to a reader."""

_NAMES: Final = {
    name: entry.name
    for entry in FORMATS.values()
    for name in (entry.name, *entry.aliases, *entry.extensions)
}
_EXTENSIONS: Final = {
    ending: entry.name for entry in FORMATS.values() for ending in entry.extensions
}
_DESCRIPTIONS: Final[dict[Kind, str]] = {
    "select": "the rows of a SELECT query",
    "ask": "the yes or no of an ASK query",
    "graph": "the graph of a CONSTRUCT or DESCRIBE query",
}


def format_for(
    name: str | None = None, output: str | PurePath | None = None, *, default: str = "table"
) -> str:
    """Return the name of the format asked for: by `name`, else by the extension of a file.

    `name` is a format ("turtle" and "ttl" alike) or itself a file name; `output` is where the
    result goes ("-" or None is a stream). Raises UsageError for a name that is no format and for
    an extension that tells none.
    """
    if name is not None:
        if name.lower() in _NAMES:
            return _NAMES[name.lower()]
        if PurePath(name).suffix:
            return _by_extension(name)
        message = f"There is no format {name!r}.{did_you_mean(name.lower(), _NAMES)}"
        raise UsageError(f"{message} Formats: {', '.join(FORMATS)}.")
    if output is None or str(output) == "-":
        return default
    return _by_extension(output)


def _by_extension(path: str | PurePath) -> str:
    suffix = PurePath(path).suffix.lower().removeprefix(".")
    if suffix in _EXTENSIONS:
        return _EXTENSIONS[suffix]
    ending = f"the extension '.{suffix}'" if suffix else "no extension"
    message = f"'{path}' has {ending}, which tells no format.{did_you_mean(suffix, _EXTENSIONS)}"
    raise UsageError(f"{message} Name a format: {', '.join(FORMATS)}.")


def check_suits(name: str, kind: Kind) -> Format:
    """Return the format `name` if it can hold a result of `kind`.

    Raises UsageError that lists the formats which can.
    """
    chosen = FORMATS[format_for(name)]
    if kind in chosen.kinds:
        return chosen
    suited = ", ".join(entry.name for entry in FORMATS.values() if kind in entry.kinds)
    holds = " and ".join(_DESCRIPTIONS[other] for other in _DESCRIPTIONS if other in chosen.kinds)
    message = f"The format {chosen.name!r} holds {holds}, not {_DESCRIPTIONS[kind]}."
    raise UsageError(f"{message} Choose: {suited}.")
