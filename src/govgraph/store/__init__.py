"""A remote SPARQL 1.1 store: ask it, push to it, pull from it, compare with it."""
