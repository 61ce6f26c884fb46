"""RDF in and out: files, names, formats, the union of graphs, metadata -> quads, and back."""
