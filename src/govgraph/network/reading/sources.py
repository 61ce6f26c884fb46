"""Networks of files, without a query: of RDF of any kind, and of a table of ties.

A table is a list of ties with headings such as source,target or actor,event, or a matrix with the
names of its nodes in its first row and column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from govgraph.assembly.assemble import LocalGraph
from govgraph.coding.study import TEMPORARY_BASE
from govgraph.coding.tables import SEPARATOR, TABLES, read_table
from govgraph.errors import SourceError, UsageError, did_you_mean, warn
from govgraph.network.reading.descriptions import Descriptions, local_name
from govgraph.network.reading.header import NetworkHeader
from govgraph.network.reading.projection import RELATIONS, Projection, read_network
from govgraph.network.reading.rows import read_rows
from govgraph.queries import StoredQuery
from govgraph.queries.asking import QueryableGraph
from govgraph.rdf.formats import RdfFormat, format_of
from govgraph.rdf.reading import load_rdf
from govgraph.results import Result
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH

_ENDS: Final = {  # headings of the two ends -> whether every tie runs from one mode to the other
    ("source", "target"): False, ("actor", "event"): True, ("from", "to"): False,
}  # fmt: skip
_COLUMNS: Final = {
    "kind": ("kind", "relation", "role", "type"),
    "weight": ("weight",),
    "start": ("start", "from", "year"),
    "end": ("end", "to", "year"),
}
"""Column of a network -> headings it may have; a year alone is both ends of its spell."""
Lines: TypeAlias = list[tuple[int, list[str]]]


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
    relations = sorted({quad.predicate.value for quad in graph.store})
    shorten = graph.names.shorten
    short = {name: iri for iri in relations for name in (shorten(iri), local_name(iri), iri)}
    chosen = []
    for name in (str(text).strip("<>") for text in wanted):
        if name not in short:
            hint, listed = did_you_mean(name, short), ", ".join(map(shorten, relations))
            raise UsageError(f"The data has no relation {name!r}.{hint} It has: {listed}.")
        chosen.append(f"<{short[name]}>")
    read = read_network(graph, RELATIONS, {"relation": chosen} if chosen else {})
    alike = Counter(local_name(kind) for kind in {kind for *_, kind in read.rows.edges})
    edges = {
        (one, other, end if alike[end := local_name(kind)] == 1 else kind): edge
        for (one, other, kind), edge in read.rows.edges.items()
    }
    return replace(read, rows=replace(read.rows, edges=edges))


def is_table(name: str | PathLike[str]) -> bool:
    """Tell whether a name is that of a table of ties."""
    return Path(name).suffix.lower() in TABLES


def read_ties(path: Path, project: str | None = None) -> Projection:
    """Read a table of ties; raises SourceError, with the line, for what is none.

    `project` ties the nodes of the first of two modes to each other (see `header.PROJECTIONS`),
    whatever their roles: a role stays as an attribute.
    """
    table = read_table(path, str(path), named=False)
    texts = ([SEPARATOR.join(cell) for cell in row] for row in table.rows)
    lines = list(zip(table.lines, texts, strict=True))
    if not lines:
        raise SourceError("found no ties, expected lines below the headings.", path, 1)
    headings = [name.lower() for name in table.columns]
    ends = next((pair for pair in _ENDS if {*pair} <= {*headings}), None)
    if ends:
        nodes, modes = [], (*ends,) * _ENDS[ends]
        columns, lines, directed = _list(path, headings, lines, ends)
        if project and "kind" in columns:
            own = next(name for name in _COLUMNS["kind"] if name in headings)
            columns[columns.index("kind")] = "membership" if own == "kind" else own
    else:
        nodes = list(dict.fromkeys([cells[0] for _, cells in lines] + table.columns[1:]))
        columns = ["source", "target", "weight"]
        lines, directed, modes = _matrix(path, table.columns[1:], lines)
    if project and not modes:
        needed = "a list of actor,event, or a matrix of one kind of thing by another"
        raise SourceError(f"--project {project} needs two modes: {needed}.", path)
    kind = "" if project or "kind" in columns else "tie"
    header = NetworkHeader(project, directed and not modes, nodes=None, kind=kind, modes=modes)
    result = Result.of_rows(columns, (map(_plain, columns, cells) for _, cells in lines))
    rows = read_rows(result, path, kind=kind, lines=[line for line, _ in lines])
    query = StoredQuery(path.stem, path, "", "select", summary=path.name)
    return Projection(query, header, rows, Descriptions(), nodes=tuple(nodes))


def _list(
    path: Path, headings: list[str], lines: Lines, ends: tuple[str, str]
) -> tuple[list[str], Lines, bool]:
    """Return columns, number and cells of each line, whether ties are directed, of a list."""
    at = {name: number for number, name in enumerate(headings) if name}
    ways = {cells[at["type"]].lower() for _, cells in lines} if "type" in at else set()
    if ways in ({"directed"}, {"undirected"}):  # Gephi's Type, which is no kind
        del at["type"]
    places = {"source": at.pop(ends[0]), "target": at.pop(ends[1])}
    for column, names in _COLUMNS.items():
        heading = next((name for name in names if name in at), "")
        if heading and not (heading == "year" and places.get("start", at["year"]) != at["year"]):
            places[column] = at[heading]
    taken, rivals = {*places.values()}, (*_COLUMNS.values(), *(p for p in _ENDS if {*p} <= {*at}))
    if doubted := {n: "" for names in rivals for n in names if n in at and at[n] not in taken}:
        meant = ", ".join(f"{column} is {headings[place]!r}" for column, place in places.items())
        warn(f"{path}:1: {', '.join(map(repr, doubted))} can be read in two ways: {meant}.")
    places |= {name: number for name, number in at.items() if number not in taken}
    rows = [(line, [cells[number] for number in places.values()]) for line, cells in lines]
    for line, cells in rows:
        if not all(cells[:2]):
            empty = ends[bool(cells[0])]
            raise SourceError(f"{empty}: found nothing, expected a name.", path, line)
    return list(places), rows, ways != {"undirected"}


def _matrix(path: Path, columns: list[str], lines: Lines) -> tuple[Lines, bool, tuple[str, ...]]:
    """Return a line for each tie, whether ties are directed, and two modes, if so, of a matrix."""
    weights, at = dict[tuple[str, str], float](), dict[str, int]()
    for line, (name, *cells) in lines:
        if not name or at.setdefault(name, line) != line:
            raise SourceError(f"the row {name!r} has no name or stands twice.", path, line)
        for column, text in zip(columns, cells, strict=True):
            try:
                weights[name, column] = float(text or 0)
            except ValueError:
                lists = " or ".join(map(",".join, _ENDS))
                message = f"found {text!r}, expected a number of a matrix; a list of ties has"
                raise SourceError(f"{message} the headings {lists}.", path, line) from None
    odd, two_modes = sorted({*at} ^ {*columns}), not {*at} & {*columns}
    if odd and not two_modes:
        found = f"the matrix is not square ({len(at)} rows, {len(columns)} columns): on one side"
        odd_ones = ", ".join(odd[:5])
        raise SourceError(f"{found} only is {odd_ones}. Two modes share no name.", path, 1)
    directed = two_modes or any(weight != weights[b, a] for (a, b), weight in weights.items())
    ties = [
        (at[a], [a, b, str(weight)])
        for (a, b), weight in weights.items()
        if weight and (directed or at[a] <= at[b])
    ]
    return ties, directed, ("row", "column") if two_modes else ()


def _plain(column: str, text: str) -> float | str:
    """Return a cell as it is, a weight as the number it is, if so."""
    if column == "weight":
        with suppress(ValueError):  # others are told by their lines
            return int(value) if (value := float(text)).is_integer() else value
    return text
