"""Our own lint of the ontology: one SPARQL query a file, every row a finding."""
