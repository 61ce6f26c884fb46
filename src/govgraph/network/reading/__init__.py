"""A stored query and its rows go in; a networkx graph with typed attributes comes out.

Nodes have label, iri, years and what the nodes query says of them; edges weight, kind and years.
"""
