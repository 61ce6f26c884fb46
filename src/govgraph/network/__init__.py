"""Networks: projections of the graph, their measures, and files for Gephi and other tools."""
