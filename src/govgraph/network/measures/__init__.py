"""A networkx graph -> measures of its nodes and of the whole."""
