"""govgraph: coded case studies of public governance as a knowledge graph."""

__version__ = "0.2.0"
