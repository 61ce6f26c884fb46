"""Rules and shapes as SPARQL on a remote store: graph in place -> inferences, results."""
