"""What a query answered -> terms, plain values, and many formats.

answer    kind, columns and rows of terms; data frames of them
result    an answer read from Oxigraph or the W3C formats, written to streams and files
formats   the formats and their names; writers writes them
values    a term as a reader sees it, as a plain Python value, and compared by value
"""

from govgraph.rdf.terms import Term
from govgraph.results.answer import Iris, Kind, Row
from govgraph.results.formats import FORMATS, check_suits, format_for
from govgraph.results.result import Result, Tabular
from govgraph.results.values import Value, canonical_term, display, to_python

__all__ = [
    "FORMATS", "Iris", "Kind", "Result", "Row", "Tabular", "Term", "Value", "canonical_term",
    "check_suits", "display", "format_for", "to_python",
]  # fmt: skip
