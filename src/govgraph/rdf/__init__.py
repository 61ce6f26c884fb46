"""RDF in and out: names, formats and files -> terms and quads, and back.

names, formats   the one table of prefixes and that of formats, for every other room
dumps, reading   bytes, packed or not -> text -> quads in named graphs without blank nodes -> union
writing          quads -> files, the same bytes every time
source_map, terms   where quads were written, and their types
"""
