"""What makes the pages of docs/: whole pages from the graph, and real output inside written ones.

blocks     runs the sh and python blocks of a written page and puts in what they print
excerpts   pieces of case files and of the graph, pasted where a page asks for them
mistakes   what govgraph answers to the mistakes people make in a case file
terms      docs/terms.md, from context, ontology, concepts and shapes
queries    docs/queries.md, from the stored queries and their answers
markdown   headings, anchors, links and tables
"""
