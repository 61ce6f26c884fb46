"""Queries answered by rdflib, the reference engine that must agree with ours."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from pyparsing import ParseBaseException

from govgraph.errors import GovgraphError, SourceError
from govgraph.queries import run
from govgraph.rdf.names import NAMES
from govgraph.results import Result, canonical_term

if TYPE_CHECKING:
    from rdflib import Dataset, Graph
    from rdflib.query import Result as RdflibResult

    from govgraph.rdf.terms import Term


class ReferenceView:
    """Answers queries by rdflib: over a Dataset(default_union=True), or a graph."""

    def __init__(self, dataset: Dataset | Graph):
        self.dataset, self.names = dataset, NAMES

    def answer(self, text: str, source: Path | str | None = None) -> Result:
        """Return the answer to a query; raises as `run` does."""
        try:
            return from_rdflib(self.dataset.query(text))
        except ParseBaseException as error:
            raise SourceError(f"{error.msg} (rdflib).", source, error.lineno) from None
        except GovgraphError:
            raise
        except Exception as error:  # rdflib raises bare Exception for much of what it refuses
            raise GovgraphError(f"{source}: {error} (rdflib).") from None


def run_rdflib(text: str, dataset: Dataset | Graph, *, source: Path | str | None = None) -> Result:
    """Answer a query as `run` does, but by rdflib."""
    return run(text, ReferenceView(dataset), source=source)


def from_rdflib(answer: RdflibResult) -> Result:
    """Return an answer of rdflib; columns of `SELECT *` are sorted."""
    if answer.type == "ASK":
        return Result.of_boolean(bool(answer.askAnswer))
    if answer.type in {"CONSTRUCT", "DESCRIBE"}:
        nodes = (map(_term, triple) for triple in answer.graph or ())
        return Result.of_triples(Triple(*triple) for triple in nodes)  # type: ignore[arg-type]
    variables = answer.vars or []
    rows = (tuple(_term(row.get(variable)) for variable in variables) for row in answer.bindings)
    return Result("select", tuple(map(str, variables)), tuple(rows))


def _term(node: Any) -> Term | None:
    """Return the term of an rdflib node; raises GovgraphError for one no RDF document may hold."""
    try:
        match node:
            case None:
                return None
            case rdflib.URIRef():
                return NamedNode(str(node))
            case rdflib.BNode():
                return BlankNode(str(node))
            case rdflib.Literal() if node.language:
                return Literal(str(node), language=node.language)
            case rdflib.Literal() if node.datatype:
                text = str(node)
                if isinstance(node.value, Decimal) and "E" in text:
                    text = format(node.value, "f")  # rdflib writes 1E-8, which is no xsd:decimal
                return Literal(text, datatype=NamedNode(str(node.datatype)))
            case rdflib.Literal():
                return Literal(str(node))
    except ValueError as error:
        raise GovgraphError(f"{str(node)!r} is not a term RDF allows: {error}.") from None
    raise GovgraphError(f"{node!r} is not a term of RDF.")


def canonical_rows(result: Result) -> list[tuple[tuple[str, ...], ...]]:
    """Return the rows as canonical terms, columns by name and rows sorted: a multiset by value."""
    order = sorted(range(len(result.columns)), key=result.columns.__getitem__)
    return sorted(tuple(canonical_term(row[i]) for i in order) for row in result.rows)


def same_answer(one: Result, other: Result) -> bool:
    """Tell whether two answers have the same kind, columns and rows by value, in any order."""
    return (
        one.kind == other.kind
        and sorted(one.columns) == sorted(other.columns)
        and canonical_rows(one) == canonical_rows(other)
    )
