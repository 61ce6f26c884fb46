"""The face of all rooms: in go folders, a cached build or an endpoint, out comes a KnowledgeGraph.

`given` makes files of what a user gives; `knowledge_graph` finds or builds the graph, answers
everything about it, and takes it elsewhere. Below this room nothing knows of it.
"""
