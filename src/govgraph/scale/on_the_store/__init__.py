"""Rules as SPARQL on a remote store, for graphs that memory at home does not hold.

In goes a store; what follows from its asserted statements replaces its inferred graph, and out come
the contradictions found. `store.inference` does the same at home, many times faster.
"""
