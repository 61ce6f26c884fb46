"""Which foreign terms exist, and which of our properties are open on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rdflib import namespace
from rdflib.namespace import DefinedNamespace

HERE = Path(__file__).parent
CARRIED = (
    *("DCAT", "DCTERMS", "FOAF", "ORG", "OWL", "PROF", "PROV", "QB", "RDF", "RDFS", "SDO", "SH"),
    *("SKOS", "TIME", "VANN", "VOID", "XSD"),
)
"""Vocabularies whose terms rdflib lists in full."""


def foreign_terms() -> tuple[set[str], set[str]]:
    """Return the IRIs of the foreign terms we may use, and of their namespaces."""
    terms: set[str] = set()
    namespaces: set[str] = set()
    for name in CARRIED:
        carried: type[DefinedNamespace] = getattr(namespace, name)
        namespaces.add(str(carried._NS))
        terms |= {f"{carried._NS}{local}" for local in (*carried.__annotations__, *carried._extras)}
    for line in _lines(HERE / "foreign-terms.txt"):
        if not line.startswith(" "):
            prefix = line
            namespaces.add(prefix)
        else:
            terms |= {prefix + local for local in line.split()}
    return terms, namespaces


def open_properties() -> dict[str, set[str]]:
    """Return the local names of our properties without "domain" and without "range"."""
    listed: dict[str, set[str]] = {}
    for line in _lines(HERE / "open-properties.txt"):
        if not line.startswith(" "):
            end = line
            listed[end] = set()
        else:
            listed[end] |= set(line.split())
    return listed


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.partition("# ")[0].rstrip()
        if text:
            yield text
