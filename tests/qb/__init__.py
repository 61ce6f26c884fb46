"""Integrity constraints of the W3C RDF Data Cube vocabulary, as queries in our own words."""
