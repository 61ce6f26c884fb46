"""Networks past one machine, measured on Apache Spark; frozen: it works, nothing new goes in.

In go pairs of member and group in Parquet, as `govgraph pairs` writes them; out come strength,
PageRank and component of each member of the projected network, as Parquet and RDF. The edges of
the projection, which grow with the square of a group, are never written down.
"""
