"""The answer to one query: read from the engine or an endpoint, written in any format."""

from __future__ import annotations

import io
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self
from typing import Literal as OneOf

import pyoxigraph as ox

from govgraph.errors import GovgraphError, UsageError
from govgraph.files import written_whole
from govgraph.rdf import collector
from govgraph.rdf.names import NAMES, Names
from govgraph.results.answer import Answer, Iris, to_arrow, to_pandas
from govgraph.results.formats import check_suits, format_for
from govgraph.results.values import Value, sort_key
from govgraph.results.writers import first_rows, html_table, print_table, write_answer
from govgraph.vocabulary import RDF

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_TYPE = f"{RDF}type"
_STYLE = "<style>.govgraph-result :not([style]) { text-align: left !important }</style>\n"
"""For notebooks, which set everything flush right."""


class Tabular(ABC):
    """What is a table too, and is shown and written as one: an answer, claims, a comparison …"""

    @property
    @abstractmethod
    def result(self) -> Result:
        """Its rows as a Result."""

    def serialize(self, format: str) -> bytes:
        """Return the result in `format` (see FORMATS), text in UTF-8.

        Raises UsageError for an unknown format, for one that cannot hold this kind of result and
        for one whose optional library is missing.
        """
        return write_answer(self.result, check_suits(format, self.result.kind))

    def write(self, format: str, stream: IO[Any]) -> None:
        """Write the result to a text or binary stream; a table fits itself to a terminal."""
        chosen = check_suits(format, self.result.kind)
        if chosen.name == "table" and stream.isatty() and self.result.kind != "ask":
            print_table(self.result, stream)
            return
        data = self.serialize(chosen.name)
        binary = getattr(stream, "buffer", None)
        if binary is not None:
            stream.flush()  # what was printed before stays before
            binary.write(data)
            binary.flush()
        elif not isinstance(stream, io.TextIOBase):
            stream.write(data)
        elif chosen.name == "parquet":
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

    def to_pandas(self, *, iris: Iris = "id") -> pd.DataFrame:
        """Return a data frame with typed columns.

        Whole numbers and years are Int64, of more than 64 bits int, other numbers float64, truth
        values boolean, dates and times datetime64 (in UTC those with a zone); all else (and
        mixtures) is text, unbound is missing. `iris` writes IRIs as ids, in "full" or as a "link"
        of HTML. Raises GovgraphError without pandas.
        """
        return to_pandas(self.result, iris)

    def to_arrow(self, *, iris: Iris = "id") -> pa.Table:
        """Return an Arrow table: as a data frame, but decimals, big integers and dates exact.

        polars, DuckDB and pyarrow take the result itself. Raises GovgraphError without pyarrow.
        """
        return to_arrow(self.result, iris)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the rows to what speaks Arrow: `polars.DataFrame(result)`, `pyarrow.table(result)`.

        https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html
        """
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_dicts(self, *, iris: Iris = "id") -> list[dict[str, Value]]:
        """Return the rows as dicts of plain Python values."""
        result, write = self.result, self.result.writer(iris)
        return [dict(zip(result.columns, map(write, row), strict=True)) for row in result.rows]

    def to_dict(self, *, iris: Iris = "id") -> dict[str, Any]:
        """Return `columns` and `rows` as data for JSON; dates and decimals are texts."""
        data = {"columns": self.result.columns, "rows": self.to_dicts(iris=iris)}
        return dict(json.loads(json.dumps(data, default=str)))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> Any:
        """Have pydantic, and FastAPI of a function that returns one, write what `to_dict` has."""
        written = {"type": "function-plain", "function": lambda table: table.to_dict()}
        written["return_schema"] = {"type": "dict"}
        return {"type": "is-instance", "cls": cls, "serialization": written}

    def __repr__(self) -> str:
        return first_rows(self.result)

    def _repr_html_(self) -> str:
        return _STYLE + html_table(self.result)


class Result(Tabular, Answer):
    """An answer that is read from an engine and written in the formats of FORMATS."""

    @property
    def result(self) -> Self:
        """Itself."""
        return self

    @classmethod
    def of_rows(
        cls, columns: Sequence[str], rows: Iterable[Iterable[Any]], names: Names = NAMES
    ) -> Result:
        """Return plain rows as a result; "" is an empty cell."""
        terms = (tuple(None if cell == "" else ox.Literal(cell) for cell in row) for row in rows)
        return cls("select", tuple(columns), tuple(terms), names)

    @classmethod
    def from_oxigraph(
        cls, answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, most: int | None = None
    ) -> Result:
        """Take what `pyoxigraph.Store.query` or `parse_query_results` returned, `most` rows."""
        if isinstance(answer, ox.QueryBoolean):
            return cls.of_boolean(bool(answer))
        if isinstance(answer, ox.QueryTriples):
            return cls.of_triples(islice(answer, most))
        columns = tuple(variable.value for variable in answer.variables)
        with collector.paused():
            return cls("select", columns, tuple(map(tuple, islice(answer, most))))

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
