"""What belongs to every study, as files at their IRIs: ontology, shapes, JSON-LD context."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from govgraph.coding.terms import ontology_files
from govgraph.resources import bundled


@cache
def common_files() -> dict[str, bytes]:
    """Return the files by their path below govgraph's base: IRI and ending.

    The file whose IRI is that of the whole ontology lies where its version does.
    """
    folder = bundled("ontology")
    paths = {f"ontology/{path.relative_to(folder).as_posix()}": path for path in ontology_files()}
    files = {name: path.read_bytes() for name, path in paths.items()}
    first = files.pop("ontology/govgraph.ttl")
    [version] = re.findall(rb"owl:versionIRI <\S+/(\S+)>", first)
    files[f"ontology/{version.decode()}.ttl"] = first
    shapes = ontology_files(shapes=True)
    files["shapes.ttl"] = _joined(path for path in shapes if path.stem != "sparql")
    files["shapes-sparql.ttl"] = _joined(path for path in shapes if path.stem == "sparql")
    return {"context.jsonld": (folder / "context.jsonld").read_bytes(), **files}


def _joined(paths: Iterable[Path]) -> bytes:
    """Return Turtle files as one, the prefixes first."""
    lines = [line for path in paths for line in path.read_text("utf-8").splitlines()]
    prefixes = sorted({line for line in lines if line.startswith("@prefix ")})
    return "\n".join((*prefixes, *(line for line in lines if line not in prefixes), "")).encode()
