"""A networkx graph goes in; values of its nodes (`registry`) and of the whole (`summary`) out.

`registry` has every measure; the functions behind it take the simple network of `simple`.
"""
