"""The graph on the web: a SPARQL endpoint, linked data that resolves, pages."""
