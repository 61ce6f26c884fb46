"""Case files, tables and RDF files of a study -> statements, each with file and line."""
