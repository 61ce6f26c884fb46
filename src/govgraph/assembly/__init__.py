"""Sources -> a graph that is read, inferred and validated; kept in a cache, written as files."""
