"""A stored network query and a graph -> a networkx graph with labels, years, evidence."""
