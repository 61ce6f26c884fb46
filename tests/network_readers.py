"""What the tests of network files share: the GEXF grammar, and readers in JavaScript."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import networkx as nx

    from govgraph.network.pictures.style import Style

JAVASCRIPT = Path(__file__).parent / "js"
GRAMMAR = Path(__file__).parents[2] / "shared" / "schemas" / "gexf-1.3" / "gexf.rng"


def missing() -> str | None:
    """Return why the JavaScript readers cannot run, or None."""
    if shutil.which("node") is None:
        return "no node (apt-get install nodejs npm, or as your system does)"
    wanted = ("graphology-gexf", "@comunica/query-sparql", "jsonld", "shacl-engine")
    if not all((JAVASCRIPT / "node_modules" / name).is_dir() for name in wanted):
        return "no npm packages in tests/js (make readers)"
    return None


def grammar() -> Any:
    """Return the official grammar of GEXF 1.3; skips where it does not lie beside the checkout."""
    from lxml import etree

    if not GRAMMAR.exists():
        pytest.skip("the GEXF 1.3 grammar does not lie in ../shared/schemas/gexf-1.3")
    return etree.RelaxNG(etree.parse(GRAMMAR))


def read(files: Sequence[Path]) -> list[dict[str, Any]]:
    """Return what graphology reads: nodes {id: attributes}, edges as lists."""
    found: list[dict[str, Any]] = run("read.mjs", *files)
    return found


def run(script: str, *arguments: str | Path) -> Any:
    """Return what a script of tests/js prints, as JSON."""
    command = ["node", JAVASCRIPT / script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-800:]
    return json.loads(done.stdout)


def written(graph: nx.Graph, style: Style | None = None) -> bytes:
    """Return a network as GEXF."""
    from govgraph.network.files.gephi import write_gexf

    stream = io.BytesIO()
    write_gexf(graph, stream, style)
    return stream.getvalue()


def back(graph: nx.Graph, style: Style | None = None) -> nx.Graph:
    """Return a network as networkx reads it from GEXF."""
    import networkx as nx

    return nx.read_gexf(io.BytesIO(written(graph, style)))


def with_lists(graph: nx.Graph, data: dict[str, Any]) -> dict[str, Any]:
    """Return attributes as files have them: what a network holds as one text, as a list."""
    from govgraph.network.reading.values import about

    lists = about(graph, "lists")
    return {name: value.split("|") if name in lists else value for name, value in data.items()}


def one_node(**attributes: Any) -> nx.Graph:
    """Return a network of one node with these attributes."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_node("a", **attributes)
    return graph
