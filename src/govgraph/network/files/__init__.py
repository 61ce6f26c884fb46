"""A networkx graph -> GEXF, GraphML, GML, Pajek, JSON, tables, Data Cube, a page to explore."""
