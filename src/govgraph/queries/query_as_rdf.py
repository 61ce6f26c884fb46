"""A stored query as RDF, described as published SPARQL examples are.

Classes and properties of SHACL (section 5.2.1 sh:prefixes; SPARQL executables) as SIB's
sparql-examples use them, with its spex: terms for DESCRIBE, which SHACL 1.0 lacks.
"""

from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from govgraph.queries.header import TEXTS
from govgraph.queries.sparql import Form
from govgraph.queries.stored import StoredQuery
from govgraph.vocabulary import BASE, PREFIXES, RDF, RDFS, SH, XSD

SPEX: Final = "https://purl.expasy.org/sparql-examples/ontology#"
_SCHEMA: Final = PREFIXES["schema"]
_FORMS: Final[dict[Form, tuple[str, str]]] = {
    "select": (f"{SH}SPARQLSelectExecutable", f"{SH}select"),
    "ask": (f"{SH}SPARQLAskExecutable", f"{SH}ask"),
    "construct": (f"{SH}SPARQLConstructExecutable", f"{SH}construct"),
    "describe": (f"{SPEX}SPARQLDescribeExecutable", f"{SPEX}describe"),
}


def as_rdf(query: StoredQuery) -> list[Triple]:
    """Return the triples that describe a stored query, sorted, without blank nodes.

    Prefixes are declared once for all queries, on `…/prefixes`; where a query gives one of them
    another namespace, on a node of its own.
    """
    node = query.iri
    kind, text = _FORMS[query.form]
    statements: list[tuple[NamedNode, str, NamedNode | Literal]] = [
        (node, f"{RDF}type", NamedNode(f"{SH}SPARQLExecutable")),
        (node, f"{RDF}type", NamedNode(kind)),
        (node, text, Literal(query.sparql)),
    ]
    texts = {name: {"en": getattr(query, name), **query.translated.get(name, {})} for name in TEXTS}
    for language in sorted({tag for said in texts.values() for tag in said}):
        summary, question, description = (texts[name].get(language, "") for name in TEXTS)
        for name, text in (("label", summary), ("comment", question or description)):
            if text:
                statements.append((node, f"{RDFS}{name}", Literal(text, language=language)))
    statements += [(node, f"{_SCHEMA}keywords", Literal(tag)) for tag in query.tags]
    for prefix, namespace in query.prefixes.items():
        shared = PREFIXES.get(prefix) == namespace
        holder = NamedNode(f"{BASE}prefixes" if shared else f"{node.value}/prefixes")
        declaration = NamedNode(f"{holder.value}#{quote(prefix, safe='')}")
        statements += [
            (node, f"{SH}prefixes", holder),
            (holder, f"{SH}declare", declaration),
            (declaration, f"{SH}prefix", Literal(prefix)),
            (declaration, f"{SH}namespace", Literal(namespace, datatype=NamedNode(f"{XSD}anyURI"))),
        ]
    triples = {Triple(subject, NamedNode(name), value) for subject, name, value in statements}
    return sorted(triples, key=str)
