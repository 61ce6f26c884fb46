"""Case files, tables and RDF of a folder -> statements, each with file and line.

cases        folders -> quads, or all that is wrong; what refers to nothing, or is two things
file_coder   YAML with lines -> JSON-LD; table_coder: rows of tables -> the same
study        what a folder's study.yaml says; study_file reads it; starting: files to start from
terms        the keys, classes, places that may be named; record: what was written so far
"""
