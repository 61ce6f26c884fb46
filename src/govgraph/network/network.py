"""A network as it is handed out: networkx's graph, with a face of its own.

It is a networkx graph, and every algorithm and writer of networkx takes it as it is; beside that
it tells its tables and figures, saves and draws itself. A copy by networkx has the same face.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral
from os import PathLike
from pathlib import Path
from types import NoneType
from typing import IO, Any

import networkx as nx

from govgraph.assembly.assemble import LocalGraph
from govgraph.errors import UsageError, check_kind, counted, did_you_mean, warn
from govgraph.network.files.columns import Sheet
from govgraph.network.files.formats import edge_table, format_of, node_table, save, write
from govgraph.network.measures.chance import Chance, chance, of_nodes
from govgraph.network.measures.figures import FIGURES, summarise
from govgraph.network.measures.registry import annotate, measure
from govgraph.network.pictures.style import column_for, style_of
from govgraph.network.reading.header import PROJECTIONS, UNITS
from govgraph.network.reading.projection import read_network
from govgraph.network.reading.sources import DataGraph, is_table, rdf_of, read_relations, read_ties
from govgraph.network.reading.spells import Spell
from govgraph.network.reading.values import Plain, tell, text_of
from govgraph.network.reading.words import words_of
from govgraph.queries import load_query
from govgraph.queries.asking import QueryableGraph, label_language
from govgraph.results import Result


class Network(nx.Graph):  # type: ignore[misc]
    """A network: what it can do besides what networkx's graphs do."""

    def measures(self, names: str | Sequence[str] = "basic") -> Result:
        """Return measures of the nodes as a table, and write them to the nodes.

        `names` are as for --measures: "basic", "all", or names of docs/gephi.md.
        """
        found = measure(self, names)
        for name, note in found.notes.items():  # such as that values are no exact ones
            warn(f"{name}: {note}")
        annotate(self, found)
        return self._table_of([*found.values])

    def _table_of(self, names: Sequence[str]) -> Result:
        columns = ["id", "label", *names]
        nodes = ({"id": node, **data} for node, data in self.nodes(data=True))
        return Result.of_rows(columns, ([_cell(data.get(c)) for c in columns] for data in nodes))

    def node_table(self) -> Result:
        """Return the nodes as a table, a column for each attribute."""
        return _table(node_table(Sheet(self)))

    def edge_table(self) -> Result:
        """Return the ties as a table, a column for each attribute."""
        return _table(edge_table(Sheet(self)))

    def figures(self) -> dict[str, float | int | None]:
        """Return the figures of the whole network, as `govgraph network NAME` shows them."""
        return summarise(self)

    def chance(self, networks: int | None = 1000) -> Result:
        """Return each figure beside those of so many random networks: mean, deviation, z and p.

        They keep the memberships, or the degrees, of every node; see `measures.chance`.
        """
        found, notes = chance(self, networks) if networks is not None else ({}, [])
        for note in notes:
            warn(note)
        columns = ("value", "expected", "sd", "z", "p")[: 1 if networks is None else 5]
        values = {n: found.get(n, Chance(v))[: len(columns)] for n, v in self.figures().items()}
        rows = ([n, *(_cell(v, 6) for v in cells), FIGURES[n]] for n, cells in values.items())
        return Result.of_rows(["figure", *columns, "meaning"], rows)

    def beside_chance(self, names: str | Sequence[str], networks: int = 1000) -> Result:
        """Return measures of the nodes beside random networks, and write them to the nodes.

        As NAME, NAME_expected and NAME_z; the roles of brokers are beside groups dealt out anew.
        """
        columns = self.measures(names).columns
        for name, values in of_nodes(self, names, networks).items():
            for node, value in values.items():
                told = {f"{name}_expected": value.mean, f"{name}_z": value.z}
                self.nodes[node].update({k: v for k, v in told.items() if v is not None})
        ends = ("", "_expected", "_z")
        return self._table_of([f"{name}{end}" for name in columns[2:] for end in ends])

    def caption(self, networks: int | None = None) -> str:
        """Return what to write below a figure: what, how much, read by whom, from where.

        With its density beside that of so many random networks, or that these have the same.
        """
        told, figures = self.graph, self.figures()
        numbers = f"{counted(len(self), 'node')}, {counted(self.number_of_edges(), 'tie')}"
        density = f", density {figures['density']:.3g}" if figures["density"] is not None else ""
        if density and networks is not None:
            drawn = chance(self, networks, communities=False)[0].get("density")
            beside = (
                f"{drawn.mean:.3g} ± {drawn.sd:.2g}, p = {drawn.p:.2g}" if drawn else "the same"
            )
            density += f" (by chance {beside}; {networks:,} random networks)"
        source = f"Source: {told['source']}." if told.get("source") else ""
        texts = (f"{told.get('title')}: {numbers}{density}.", told.get("description"), source)
        return " ".join(str(text) for text in texts if text)

    def save(
        self,
        output: str | PathLike[str] | IO[bytes],
        format: str | None = None,
        *,
        size_by: str | None = None,
        colour_by: str | None = None,
    ) -> list[Path]:
        """Write the network to a file or stream, by `format` or the ending: gexf, svg, csv, …

        Sizes and colours are by attributes, also measures, once they were asked for. Returns the
        files; raises UsageError for what cannot be.
        """
        path = output if isinstance(output, str | PathLike) else None
        form = format_of(format, path)
        style = style_of(
            self,
            size_by=column_for(self, ("degree",), size_by),
            colour_by=column_for(self, ("sector", "kind"), colour_by),
        )
        if isinstance(output, str | PathLike):
            return save(self, output, form, style)
        write(self, output, form, style)
        return []

    def __repr__(self) -> str:
        told, ties = self.graph, counted(self.number_of_edges(), "tie")
        return (
            f"<{type(self).__name__} {told.get('name', '')}: {told.get('title', 'of no query')}>\n"
            f"{counted(len(self), 'node')}, {ties}: .node_table(), .edge_table(), .figures()\n"
            '.measures() of nodes, .chance() beside random networks, .save("x.gexf")'
        )

    def _repr_svg_(self) -> str:
        stream = io.BytesIO()
        write(self, stream, format_of("svg", None))
        return stream.getvalue().decode()


class DirectedNetwork(Network, nx.DiGraph):  # type: ignore[misc]
    """A directed network without parallel ties."""


class ManifoldNetwork(Network, nx.MultiGraph):  # type: ignore[misc]
    """An undirected network in which kinds of tie run side by side."""


class DirectedManifoldNetwork(Network, nx.MultiDiGraph):  # type: ignore[misc]
    """A directed network in which kinds of tie run side by side."""


def with_face(graph: nx.Graph) -> Network:
    """Return a networkx graph as a network."""
    kinds = (Network, DirectedNetwork, ManifoldNetwork, DirectedManifoldNetwork)
    return kinds[graph.is_directed() + 2 * graph.is_multigraph()](graph)


def _table(rows: Iterable[Sequence[Plain]]) -> Result:
    headings, *rest = ([_cell(cell) for cell in row] for row in rows)
    return Result.of_rows([str(name).lower() for name in headings], rest)


def _cell(value: Plain, digits: int = 17) -> bool | int | float | str:
    """Return a cell of a Result: lists are texts, "" is an empty one."""
    if isinstance(value, float):
        return float(f"{value:.{digits}g}")
    return text_of(value) if value is None or isinstance(value, list) else value


def read(
    graph: QueryableGraph,
    name: str | PathLike[str],
    window: Spell,
    *,
    undated: bool,
    lang: str | None,
    unit: str | None,
    relation: str | Sequence[str],
    project: str | None,
    parameters: Mapping[str, Any],
) -> Network:
    """Return a network by name, or that of a file; see KnowledgeGraph.network."""
    years, text = (Integral, NoneType), (str, NoneType)
    for argument, value, kinds, expected in (
        ("name", name, (str, PathLike), "a stored network such as 'actors', or a file"),
        ("start", window[0], years, "a year such as 1990"),
        ("end", window[1], years, "a year such as 1999"),
        ("undated", undated, bool, "True or False"),
        ("lang", lang, text, "a language such as 'en'"),
        ("unit", unit, text, f"one of {', '.join(UNITS)}"),
        ("relation", relation, Iterable, "names of relations"),
        ("project", project, text, f"one of {', '.join(PROJECTIONS)}"),
    ):
        check_kind(argument, value, kinds, expected)
    if project not in (None, *PROJECTIONS):
        hint = did_you_mean(project, PROJECTIONS) or f" There are: {', '.join(PROJECTIONS)}."
        raise UsageError(f"project: there is no projection {project!r}.{hint}")
    lang, form = label_language(graph, lang), rdf_of(name)
    if (form or is_table(name)) and (parameters or unit):
        raise UsageError("Parameters and units are of queries: leave them out for a file.")
    if (project and not is_table(name)) or (relation and not form):
        raise UsageError("A projection is of a table of ties, a relation of a file of RDF.")
    if is_table(name):
        projection = read_ties(Path(name), project)
    elif form:
        graph = DataGraph.of_file(Path(name), form)
        projection = read_relations(graph, [relation] if isinstance(relation, str) else relation)
    else:
        alone = isinstance(graph.backend, LocalGraph) and not graph.studies
        if alone and str(name).endswith(".rq") and not load_query(name).inference:
            graph = DataGraph.stated(graph.store)
        projection = read_network(graph, name, parameters, unit)
    network = with_face(projection.network(window, undated=undated, lang=lang))
    network.graph["lang"] = lang
    tell(network, words=words_of(graph, network, lang))
    if form:
        network.graph.update(name=Path(name).stem, title=Path(name).name)
    return network
