"""The answer to one query: read from the engine or an endpoint, written in any format."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from typing import Literal as OneOf

import pyoxigraph as ox

from govgraph.errors import GovgraphError, UsageError
from govgraph.files import written_whole
from govgraph.results.answer import Answer
from govgraph.results.formats import check_suits, format_for
from govgraph.results.frames import to_pandas
from govgraph.results.tables import html_table, print_table
from govgraph.results.values import sort_key
from govgraph.results.writers import write_answer
from govgraph.vocabulary import RDF

if TYPE_CHECKING:
    import pandas as pd

_TYPE = f"{RDF}type"


class Result(Answer):
    """An answer that is read from an engine and written in the formats of FORMATS."""

    @classmethod
    def from_oxigraph(cls, answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> Result:
        """Take all of what `pyoxigraph.Store.query` or `parse_query_results` returned."""
        if isinstance(answer, ox.QueryBoolean):
            return cls.of_boolean(bool(answer))
        if isinstance(answer, ox.QueryTriples):
            return cls.of_triples(answer)
        columns = tuple(variable.value for variable in answer.variables)
        return cls("select", columns, tuple(tuple(solution) for solution in answer))

    @classmethod
    def from_serialized(cls, data: bytes | str, format: OneOf["json", "xml", "tsv"]) -> Result:
        """Read rows or a yes or no in a W3C results format, as a SPARQL endpoint sends them.

        Raises GovgraphError where the data is not in that format.
        """
        try:
            parser = getattr(ox.QueryResultsFormat, format.upper())
            return cls.from_oxigraph(ox.parse_query_results(data, format=parser))
        except (SyntaxError, ValueError) as error:
            error.__traceback__ = None  # which holds the solutions, and may be let go by a thread
            raise GovgraphError(f"These are no SPARQL results in {format}: {error}.") from None

    @classmethod
    def of_boolean(cls, answer: bool) -> Result:
        """Return the result of an ASK query."""
        return cls("ask", ("boolean",), ((ox.Literal(answer),),))

    @classmethod
    def of_triples(cls, triples: Any) -> Result:
        """Return the result of a CONSTRUCT: each triple once, sorted, types first."""
        ordered = sorted(
            {tuple(triple) for triple in triples},
            key=lambda t: (sort_key(t[0]), t[1].value != _TYPE, t[1].value, sort_key(t[2])),
        )
        return cls("graph", ("subject", "predicate", "object"), tuple(ordered))

    def serialize(self, format: str) -> bytes:
        """Return the result in `format` (see FORMATS), text in UTF-8.

        Raises UsageError for an unknown format, for one that cannot hold this kind of result and
        for one whose optional library is missing.
        """
        return write_answer(self, check_suits(format, self.kind))

    def write(self, format: str, stream: IO[Any]) -> None:
        """Write the result to a text or binary stream; a table fits itself to a terminal."""
        chosen = check_suits(format, self.kind)
        if chosen.name == "table" and stream.isatty() and self.kind != "ask":
            print_table(self, stream)
            return
        data = self.serialize(chosen.name)
        binary = getattr(stream, "buffer", None)
        if binary is not None:
            stream.flush()  # what was printed before stays before
            binary.write(data)
            binary.flush()
        elif not isinstance(stream, io.TextIOBase):
            stream.write(data)
        elif chosen.binary:
            raise UsageError(f"The format {chosen.name!r} is binary: give a file with --output.")
        else:
            stream.write(data.decode())

    def save(self, path: str | os.PathLike[str], format: str | None = None) -> None:
        """Write the result to a file, whole or not at all; the extension tells the format.

        Raises UsageError as `serialize` does, GovgraphError where the file cannot be written.
        """
        path = Path(path)
        data = self.serialize(format_for(format, path))
        with written_whole(path) as stream:
            stream.write(data)

    def to_csv(self) -> str:
        """Return SPARQL 1.1 CSV: values without type or language, lines ended by CR LF."""
        return self.serialize("csv").decode()

    def to_table(self) -> str:
        """Return the plain table a terminal shows, the same on every machine."""
        return self.serialize("table").decode()

    def to_markdown(self) -> str:
        """Return a Markdown table."""
        return self.serialize("md").decode()

    def to_pandas(self) -> pd.DataFrame:
        """Return a data frame with typed columns.

        Whole numbers are Int64, other numbers float64, truth values boolean, dates datetime64,
        all else (and mixtures) text; unbound is missing. Raises GovgraphError without pandas.
        """
        return to_pandas(self)

    def _repr_html_(self) -> str:
        return html_table(self, limit=200)
