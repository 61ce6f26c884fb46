"""What a query answered, whichever engine ran it -> terms, plain values, and many formats.

answer    kind, columns and rows of terms
result    an answer read from Oxigraph, rdflib or the W3C formats, written to streams and files
formats   the formats and their names; writers, tables and frames write them
terms     a term as a reader sees it; values: as a plain Python value, and compared by value
"""

from govgraph.rdf.names import NAMES
from govgraph.rdf.terms import Term
from govgraph.results.answer import Kind, Row, canonical_rows, same_answer
from govgraph.results.formats import FORMATS, Format, check_suits, format_for
from govgraph.results.result import Result
from govgraph.results.terms import display, sort_key
from govgraph.results.values import Value, canonical_term, to_python

shorten = NAMES.shorten
"""The name of an IRI, as `display` shows it."""

__all__ = [
    "FORMATS",
    "Format",
    "Kind",
    "Result",
    "Row",
    "Term",
    "Value",
    "canonical_rows",
    "canonical_term",
    "check_suits",
    "display",
    "format_for",
    "same_answer",
    "shorten",
    "sort_key",
    "to_python",
]
