"""From the files of studies to a whole graph: read, inferred, described; cached, or written.

In go folders of case files, tables and RDF. Out comes an Assembly (the store of named graphs, the
line of each statement, what is contradictory), a CachedGraph on disk, or the files of a Build.
"""
