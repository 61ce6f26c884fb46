"""What belongs to every study, as files at their IRIs: ontology, shapes, JSON-LD context."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from govgraph import resources
from govgraph.coding.terms import ontology_files
from govgraph.vocabulary import BASE, GG

_NAME = re.compile(rf"^<{BASE}(\S+)> a owl:Ontology", re.MULTILINE)
_VERSION = re.compile(rf"owl:versionIRI <{BASE}(\S+)>")


@cache
def common_files() -> dict[str, bytes]:
    """Return the files by their path below govgraph's base: IRI and ending.

    Each file of the ontology has its header; the first, of which the IRI is that of the whole,
    lies where its version does. Shapes are SHACL core, and apart those that need SPARQL.
    """
    files = {"context.jsonld": (resources.bundled("ontology") / "context.jsonld").read_bytes()}
    for path in ontology_files():
        text = path.read_text("utf-8")
        is_first = (name := _NAME.search(text)) and name[1] == GG[len(BASE) : -1]
        found = _VERSION.search(text) if is_first else name
        if found:
            files[f"{found[1]}.ttl"] = text.encode()
    shapes = ontology_files(shapes=True)
    files["shapes.ttl"] = _joined(path for path in shapes if path.stem != "sparql")
    files["shapes-sparql.ttl"] = _joined(path for path in shapes if path.stem == "sparql")
    return files


def _joined(paths: Iterable[Path]) -> bytes:
    """Return Turtle files as one, the prefixes first."""
    lines = [line for path in paths for line in path.read_text("utf-8").splitlines()]
    prefixes = {line for line in lines if line.startswith("@prefix ")}
    rest = (line for line in lines if line not in prefixes)
    return "\n".join((*sorted(prefixes), *rest, "")).encode()
