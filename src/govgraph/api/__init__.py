"""KnowledgeGraph, the face of all rooms below: open, ask, explain, validate, draw, write."""
