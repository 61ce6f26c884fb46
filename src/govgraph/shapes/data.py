"""What shapes look at: a graph as it was written, and which file says what.

A store makes one type of all integers and IRIs of blank nodes, for both of which a shape may ask.
So what RDF files state is taken from the files, and only the rest from the store.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from govgraph.coding.source_files import SourceFile
from govgraph.rdf.formats import RdfFormat
from govgraph.rdf.reading import canonical, load_rdf, read_quads
from govgraph.vocabulary import BASE, METADATA_GRAPH

Says = dict[str, dict[str, set[tuple[str, str]]]]
"""A node -> files that speak of it -> predicates and values; none where it is only named."""
_GENID: Final = re.compile(rb"<[^>]*/\.well-known/genid/[^>]*>")


class Written:
    """The graphs of a store, if one is given, and what files of RDF state.

    `quads` has that by the name of the file; blank nodes are called b0, b1 … `inferred` is what
    follows, where shapes ask for it.
    """

    def __init__(self, store: ox.Store | None, files: Iterable[SourceFile] = ()):
        self.store, self.quads = store, dict[str, list[ox.Quad]]()
        self.inferred: list[ox.Triple] = []
        self._said, taken = ox.Store(), Counter[str]()
        self._blank: dict[bytes, bytes] = {}
        for file in files:
            if isinstance(file.kind, RdfFormat):
                where = (file.path, file.kind, file.shown)
                with warnings.catch_warnings(action="ignore"):  # which a build has said
                    genid = load_rdf(self._said, *where, file.graph, taken)
                    quads = canonical(read_quads(*where, file.study.base))
                self.quads[file.shown] = list(self._numbered(quads, genid))

    def _numbered(self, quads: Iterable[ox.Quad], genid: str) -> Iterator[ox.Quad]:
        labels: dict[Any, ox.BlankNode] = {}
        for quad in quads:
            nodes: list[Any] = [quad.subject, quad.object]
            for index, node in enumerate(nodes):
                if isinstance(node, ox.BlankNode):
                    if node not in labels:
                        labels[node] = ox.BlankNode(f"b{len(self._blank)}")
                        self._blank[f"<{genid}{node.value}>".encode()] = str(labels[node]).encode()
                    nodes[index] = labels[node]
            yield ox.Quad(nodes[0], quad.predicate, nodes[1], quad.graph_name)

    @property
    def uses_ours(self) -> bool:
        """Whether the files speak of something below the base of govgraph."""
        return any(
            isinstance(term, ox.NamedNode) and term.value.startswith(BASE)
            for quads in self.quads.values()
            for quad in quads
            for term in quad
        )

    def write(self, path: Path) -> None:
        """Write all of it but the metadata as N-Triples; what two graphs state stands twice."""
        form = ox.RdfFormat.N_TRIPLES
        with path.open("wb") as stream:
            for graph in (ox.DefaultGraph(), *self.store.named_graphs()) if self.store else ():
                if getattr(graph, "value", "") == METADATA_GRAPH:
                    continue
                if not self.quads:
                    self.store.dump(stream, format=form, from_graph=graph)  # type: ignore[union-attr]
                    continue
                said = set((self._said.dump(format=form, from_graph=graph) or b"").splitlines(True))
                text = self.store.dump(format=form, from_graph=graph) or b""  # type: ignore[union-attr]
                lines = (line for line in text.splitlines(True) if line not in said)
                stream.writelines(
                    _GENID.sub(self._label, line) if b"/.well-known/genid/" in line else line
                    for line in lines
                )
            rows = (quad.triple for quads in self.quads.values() for quad in quads)
            ox.serialize(chain(rows, self.inferred), stream, format=form)

    def _label(self, genid: re.Match[bytes]) -> bytes:
        return self._blank.get(genid[0], genid[0])

    def who_says(self, nodes: set[str]) -> Says:
        """Return which files speak of nodes: IRIs, or labels of blank nodes."""
        result: Says = defaultdict(dict)
        for file, quads in self.quads.items():
            for quad in quads:
                if (subject := text_of(quad.subject)) in nodes:
                    said = (quad.predicate.value, text_of(quad.object))
                    result[subject].setdefault(file, set()).add(said)
                if (value := text_of(quad.object)) in nodes:
                    result[value].setdefault(file, set())
        return result


def text_of(term: Any) -> str:
    """Return the IRI, the lexical form of a literal, or the label of a blank node: "_:b0"."""
    return str(term) if isinstance(term, ox.BlankNode | ox.Triple) else str(term.value)
