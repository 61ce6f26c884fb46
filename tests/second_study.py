"""The second bundled study: small, German and English, coded from one article of Participedia."""

NAME = "rwanda-gacaca"
SECOND = "https://w3id.org/govgraph/rwanda-gacaca/"
"""Its base: what the IRIs of its own things begin with."""
