"""Comparison of cases: which features they share, on whose word, and how like they are.

In go a graph and the queries of features: those of `queries/compare/`, or anyone's with the same
columns. Out comes a Comparison (a cell for each case and feature, with its passages), and from it
similarity, and tables to print.
"""

from govgraph.compare.comparison import VIEWS, Comparison, overlaps, similarity
from govgraph.compare.features import compare_cases

__all__ = ["VIEWS", "Comparison", "compare_cases", "overlaps", "similarity"]
