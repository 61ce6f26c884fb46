"""One result, many formats: what a SPARQL query answered, whichever engine ran it."""

from govgraph.rdf.terms import Term
from govgraph.results.formats import FORMATS, Format, Kind, check_suits, format_for
from govgraph.results.result import Result
from govgraph.results.terms import Value, display, shorten, to_python
from govgraph.results.values import canonical_rows, canonical_term, same_answer

__all__ = [
    "FORMATS",
    "Format",
    "Kind",
    "Result",
    "Term",
    "Value",
    "canonical_rows",
    "canonical_term",
    "check_suits",
    "display",
    "format_for",
    "same_answer",
    "shorten",
    "to_python",
]
