"""Comparison of cases: which features they share, on whose word, and how like they are.

In go a graph and the queries of features: those of `queries/compare/`, or anyone's with the same
columns. Out comes a Comparison (a cell for each case and feature, with its passages), and from it
similarity, and tables to print (views.py).
"""

from govgraph.compare import views as views  # which fills VIEWS
from govgraph.compare.comparison import VIEWS, Comparison
from govgraph.compare.features import compare_cases
from govgraph.compare.similarity import overlaps, similarity

__all__ = ["VIEWS", "Comparison", "compare_cases", "overlaps", "similarity"]
