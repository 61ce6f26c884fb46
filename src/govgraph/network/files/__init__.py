"""A networkx graph and its style go in; files for Gephi, Cytoscape, R, browsers and RDF come out.

`columns` makes rows and typed columns of the graph, which each format writes.
"""
