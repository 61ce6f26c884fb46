"""Records as files: a folder of case files as a coder writes them, or one file of N-Quads."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from benchmarks.generator.statements import Writer
from govgraph.vocabulary import graph_iri

Node = dict[str, Any]


def write_case_files(records: Iterable[tuple[str, Node]], folder: Path) -> None:
    """Write YAML as in `data/`: a case to its own file, other nodes to registries."""
    by_file = sorted(records, key=lambda record: record[0])
    for name, group in groupby(by_file, key=lambda record: record[0]):
        nodes = [node for _, node in group]
        content = nodes[0] if "passages" in nodes[0] else {"nodes": nodes}
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as stream:
            yaml.dump(
                content, stream, Dumper=yaml.CSafeDumper,
                allow_unicode=True, sort_keys=False, width=10_000,
            )  # fmt: skip


def write_nquads(records: Iterable[tuple[str, Node]], path: Path) -> int:
    """Write one file of N-Quads, record by record; return the number of statements."""
    writer, count = Writer(), 0
    with path.open("w", encoding="utf-8") as stream:
        for name, node in records:
            lines = writer.lines(node, graph_iri(f"editorial/{name.removeprefix('editorial/')}"))
            count += len(lines)
            stream.writelines(lines)
    return count
