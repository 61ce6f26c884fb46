"""Which terms a file uses: Turtle by parsing, JSON-LD contexts and SPARQL by reading names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from govgraph.vocabulary import PREFIXES, SH

RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
EMBEDDED = {SH + name for name in ("select", "ask", "construct", "update")}

PREFIX_LINE = re.compile(r"^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
NOT_A_NAME = re.compile(r"#[^\n<>]*$|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", re.MULTILINE)
FULL_IRI = re.compile(r"<([a-z][a-z0-9+.-]*:[^<>\s\"{}|^`\\]*)>")
NAME = re.compile(r"(?<![\w:?$-])([A-Za-z][\w-]*)?:([A-Za-z0-9_](?:[\w.-]*[\w-])?)")


def turtle_terms(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield the IRIs in a Turtle file, and whether as a property or class.

    SPARQL inside it (sh:select and its kin) is read with the prefixes of our outputs.
    """
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        yield quad.predicate.value, True
        if isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value, False
        if isinstance(quad.object, ox.NamedNode):
            yield quad.object.value, quad.predicate == RDF_TYPE
        elif isinstance(quad.object, ox.Literal):
            yield quad.object.datatype.value, True
            if quad.predicate.value in EMBEDDED:
                for iri in sparql_terms(quad.object.value, PREFIXES):
                    yield iri, False


def sparql_terms(text: str, known: dict[str, str] | None = None) -> set[str]:
    """Return the IRIs that a SPARQL text names in full or with a prefix (declared or known)."""
    prefixes = {**(known or {}), **dict(PREFIX_LINE.findall(text))}
    body = PREFIX_LINE.sub("", text)
    found = set(FULL_IRI.findall(body))
    body = NOT_A_NAME.sub(" ", FULL_IRI.sub(" ", body))
    found |= {prefixes[p] + local for p, local in NAME.findall(body) if p in prefixes}
    return found


def context_terms(text: str) -> set[str]:
    """Return the IRIs that a JSON-LD context maps keys and types to."""
    context = json.loads(text)["@context"]
    prefixes = {
        key: iri for key, iri in context.items() if isinstance(iri, str) and iri[-1:] in "#/"
    }
    found = set()
    for key, value in context.items():
        if key in prefixes or key.startswith("@"):
            continue
        mapped = value if isinstance(value, dict) else {"@id": value}
        for name in (mapped.get("@id"), mapped.get("@reverse"), mapped.get("@type")):
            prefix, colon, local = (name or "").partition(":")
            if colon and prefix in prefixes:
                found.add(prefixes[prefix] + local)
    return found
