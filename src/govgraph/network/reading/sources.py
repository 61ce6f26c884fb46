"""Networks of files, without a query: of RDF of any kind, and of a table of ties.

A table is CSV as analysts have it: a list of ties with headings such as source,target or
actor,event, or a matrix with the names of its nodes in its first row and column.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from govgraph.assembly.assemble import LocalGraph
from govgraph.coding.study import TEMPORARY_BASE
from govgraph.errors import SourceError, UsageError, did_you_mean
from govgraph.network.reading.descriptions import Descriptions, local_name
from govgraph.network.reading.header import NetworkHeader
from govgraph.network.reading.projection import RELATIONS, Projection, read_network
from govgraph.network.reading.rows import read_rows
from govgraph.queries import StoredQuery
from govgraph.queries.asking import QueryableGraph
from govgraph.rdf.dumps import decoded
from govgraph.rdf.formats import RdfFormat, format_of
from govgraph.rdf.reading import load_rdf
from govgraph.results import Result
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH

_ENDS: Final = {  # headings of the two ends -> whether every tie runs from one mode to the other
    ("source", "target"): False, ("from", "to"): False, ("subject", "object"): False,
    ("ego", "alter"): False, ("actor", "event"): True, ("actor", "arrangement"): True,
    ("actor", "organisation"): True, ("member", "group"): True, ("person", "organisation"): True,
}  # fmt: skip
_COLUMNS: Final = {
    "kind": ("kind", "relation", "role", "edge", "predicate", "type"),
    "weight": ("weight", "count", "value"),
    "start": ("start", "begin", "year", "date"),
    "end": ("end", "year", "date"),
}
"""Column of a network -> headings it may have; a year is both ends of its spell."""
Table: TypeAlias = list[tuple[int, list[str]]]
"""Lines of a table: number and cells."""


def rdf_of(name: str | PathLike[str]) -> RdfFormat | None:
    """Return the format that the name of a file of RDF tells, else None."""
    return format_of(Path(name)) if Path(name).suffix else None


class DataGraph(QueryableGraph):
    """A graph of data alone, without ontology, code lists and what was inferred from them."""

    def __init__(self, store: ox.Store):
        self.backend = LocalGraph(store)

    @classmethod
    def of_file(cls, path: Path, form: RdfFormat) -> DataGraph:
        """Read a file of RDF by itself; raises SourceError for what is none."""
        store = ox.Store()
        load_rdf(store, path, form, str(path), f"{TEMPORARY_BASE}graph/editorial/data", Counter())
        return cls(store)

    @classmethod
    def stated(cls, quads: Iterable[ox.Quad]) -> DataGraph:
        """Return what is stated in a graph."""
        ours = {INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH}
        store = ox.Store()
        store.bulk_extend(q for q in quads if getattr(q.graph_name, "value", "") not in ours)
        return cls(store)


def read_relations(graph: QueryableGraph, wanted: Iterable[str]) -> Projection:
    """Return what a graph states as a network: all, or relations by IRI, CURIE or last part.

    A tie is called by the last part of its relation, where no other ends alike. Raises UsageError
    for a relation that the data does not have.
    """
    known = sorted({quad.predicate.value for quad in graph.store})
    shorten = graph.names.shorten
    short = {name: iri for iri in known for name in (shorten(iri), local_name(iri), iri)}
    found = []
    for name in (text.strip("<>") for text in wanted):
        if name not in short:
            hint, listed = did_you_mean(name, short), ", ".join(map(shorten, known))
            raise UsageError(f"The data has no relation {name!r}.{hint} It has: {listed}.")
        found.append(f"<{short[name]}>")
    read = read_network(graph, RELATIONS, {"relation": found} if found else {})
    alike = Counter(local_name(kind) for kind in {kind for *_, kind in read.rows.edges})
    edges = {
        (one, other, end if alike[end := local_name(kind)] == 1 else kind): edge
        for (one, other, kind), edge in read.rows.edges.items()
    }
    return replace(read, rows=replace(read.rows, edges=edges))


def is_table(name: object) -> bool:
    """Tell whether a name is that of a table of ties."""
    return str(name).lower().endswith((".csv", ".tsv", ".txt"))


def read_ties(path: Path, project: str | None = None) -> Projection:
    """Read a table of ties; raises SourceError, with the line, for what is none.

    `project` makes a network of members of one of two modes (see `header.PROJECTIONS`).
    """
    table = _lines(path)
    headings = [cell.lower() for cell in table[0][1]]
    ends = next((pair for pair in _ENDS if {*pair} <= {*headings}), None)
    if ends:
        nodes, modes = list[str](), ends * _ENDS[ends]
        columns, rows, directed = _list(path, table, headings, ends)
    else:
        nodes = [cells[0] for _, cells in table[1:]] + table[0][1][1:]
        columns, rows, directed, modes = _matrix(path, table)
    if project and not modes:
        raise SourceError(
            f"--project {project} needs two modes: a list of actor,event or the like, or a matrix"
            " of one kind of thing by another.",
            path,
        )
    header = NetworkHeader(
        project, directed and not modes, None, kind="" if "kind" in columns else "tie",
        isolates=bool(nodes), modes=modes,
    )  # fmt: skip
    at = columns.index("weight") if "weight" in columns else None
    terms = [
        tuple(_literal(cell, is_number=place == at) for place, cell in enumerate(cells))
        for _, cells in rows
    ]
    result = Result("select", tuple(columns), tuple(terms))
    edges = read_rows(result, path, kind=header.kind, lines=[line for line, _ in rows])
    query = StoredQuery(path.stem, path, "", "select", summary=path.name)
    return Projection(query, header, edges, Descriptions({node: {} for node in nodes}))


def _lines(path: Path) -> Table:
    """Return the lines that are not empty, all of one length."""
    try:
        text = decoded(path.read_bytes(), str(path)).removeprefix("\ufeff")
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}.", path) from None
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    table = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(row)]
    if len(table) < 2:
        raise SourceError("Found no ties: expected a line of headings and lines below it.", path)
    width = len(table[0][1])
    for line, cells in table:
        if len(cells) != width:
            found = f"Found {len(cells)} cells, expected {width} as in the first line"
            raise SourceError(f"{found}. Is a text with {delimiter!r} without quotes?", path, line)
    return table


def _list(
    path: Path, table: Table, headings: Sequence[str], ends: tuple[str, str]
) -> tuple[list[str], Table, bool]:
    """Return columns, rows and whether ties are directed, of a list of ties."""
    at = {heading: number for number, heading in reversed([*enumerate(headings)])}
    ways = {cells[at["type"]].lower() for _, cells in table[1:]} if "type" in at else set()
    gephi = bool(ways) and ways <= {"directed", "undirected"}  # Gephi's Type, which is no kind
    if gephi:
        del at["type"]
    places = {"source": at[ends[0]], "target": at[ends[1]]}
    for column, names in _COLUMNS.items():
        if heading := next((name for name in names if name in at), None):
            places[column] = at[heading]
    for name, number in at.items():
        if number not in places.values() and name:
            places[name] = number
    rows = [(line, [cells[number] for number in places.values()]) for line, cells in table[1:]]
    for line, (source, target, *_) in rows:
        if not (source and target):
            column = "target" if source else "source"
            raise SourceError(f"{column}: found nothing, expected a name.", path, line)
    return list(places), rows, not gephi or "directed" in ways


def _literal(text: str, *, is_number: bool) -> ox.Literal | None:
    """Return a cell as a term, None for an empty one; a number where it is one and should be."""
    try:
        value = float(text) if is_number else text
    except ValueError:
        value = text
    whole = isinstance(value, float) and value.is_integer()
    return ox.Literal(int(value) if whole else value) if text else None


def _matrix(path: Path, table: Table) -> tuple[list[str], Table, bool, tuple[str, ...]]:
    """Return columns, rows, whether they are directed, and the modes of a matrix, if two."""
    names, columns = [cells[0] for _, cells in table[1:]], table[0][1][1:]
    ties: dict[tuple[str, str], tuple[int, str]] = {}
    for line, cells in table[1:]:
        for column, text in zip(columns, cells[1:], strict=True):
            try:
                if float(text or 0):
                    ties[cells[0], column] = line, text
            except ValueError:
                wanted = " or ".join(",".join(pair) for pair in list(_ENDS)[:5])
                message = f"Found {text!r}, expected a number of a matrix; a list of ties has"
                raise SourceError(f"{message} headings such as {wanted}.", path, line) from None
    for side, found in (("row", names), ("column", columns)):
        if twice := next((name for name in found if found.count(name) > 1 or not name), None):
            raise SourceError(f"The {side} {twice!r} stands there twice.", path)
    odd = sorted({*names} ^ {*columns})
    two_mode = not {*names} & {*columns}
    if odd and not two_mode:
        raise SourceError(
            f"The matrix is not square ({len(names)} rows, {len(columns)} columns): on one side"
            f" only is {', '.join(odd[:5])}. Two modes have no name in common.",
            path,
        )
    directed = any(text != ties.get((b, a), ("", ""))[1] for (a, b), (_, text) in ties.items())
    rows = [
        (line, [a, b, text])
        for (a, b), (line, text) in ties.items()
        if two_mode or directed or names.index(a) <= names.index(b)
    ]
    return ["source", "target", "weight"], rows, directed, ("row", "column") * two_mode
