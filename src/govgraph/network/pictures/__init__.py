"""A networkx graph -> positions, colours, labels, legend: PNG, SVG, PDF."""
