"""Servers side by side: govgraph's own, the `oxigraph` server and `rdflib-endpoint`."""
