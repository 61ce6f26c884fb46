"""Comparison of cases: which features they share, on whose word, and how like they are.

Features are the stored queries of `queries/compare/`; anyone's .rq file with the same columns
does as well.
"""

from govgraph.compare.comparison import Case, Cell, Column, Comparison, State
from govgraph.compare.features import Statement, compare_cases, read_statements
from govgraph.compare.similarity import Merge, clusters, leaf_order, similarity
from govgraph.compare.truth_table import Configuration, TruthTable, truth_table

__all__ = [
    "Case",
    "Cell",
    "Column",
    "Comparison",
    "Configuration",
    "Merge",
    "State",
    "Statement",
    "TruthTable",
    "clusters",
    "compare_cases",
    "leaf_order",
    "read_statements",
    "similarity",
    "truth_table",
]
