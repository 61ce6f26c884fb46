"""A graph and SHACL shapes -> validation results, each with file and line, as a report."""
