"""The face of all rooms: in go folders, a cached build or an endpoint, out comes a KnowledgeGraph.

`knowledge_graph` finds or builds the graph and answers everything about it; `outgoing` takes it
elsewhere. Below this room nothing knows of it.
"""
