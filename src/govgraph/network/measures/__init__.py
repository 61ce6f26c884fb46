"""A networkx graph goes in; values of its nodes (`centrality`) and of the whole (`summary`) out.

`registry` lists every measure; the functions behind it take the simple network of `simple`.
"""
