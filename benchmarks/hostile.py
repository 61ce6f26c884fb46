"""Queries that would knock a SPARQL server over, and the statuses they are answered with."""

from __future__ import annotations

from typing import Final

CROSS: Final = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
BOMB: Final = "VALUES ?v { " + " ".join(f'"{n}"' for n in range(1000)) + " }"
EXPLOSIVE: Final[dict[str, tuple[str, set[int]]]] = {
    "cross join counted": (f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}", {503}),
    "cross join ordered": (f"SELECT * {{ {CROSS} }} ORDER BY ?c ?f ?i", {503}),
    "cross join distinct": (f"SELECT DISTINCT ?b ?e {{ {CROSS} }} OFFSET 1000000", {503}),
    "nested property paths": (
        "SELECT (COUNT(*) AS ?n) { ?a ((!<x:a>|^!<x:a>)*/(!<x:b>)*)* ?b . ?b (!<x:c>)* ?d }",
        {503},
    ),
    "string bomb": (
        "SELECT (STRLEN(?w) AS ?n) { BIND(REPLACE(REPLACE(REPLACE(REPLACE("
        f"'{'a' * 2000}', 'a', '{'a' * 500}'), 'a', '{'a' * 100}'), 'a', '{'a' * 100}'),"
        " 'a', 'aa') AS ?w) }",
        {503},
    ),
    "GROUP_CONCAT bomb": (
        f"SELECT (STRLEN(GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g)))) AS ?n) {{ {CROSS} }}",
        {503},
    ),
    "body of 10 MB": (f"ASK {{ }} # {'x' * 10_000_000}", {413}),
    "5,000 brackets": (f"SELECT * {{ FILTER({'(' * 5000}true{')' * 5000}) }}", {413}),
    "20,000 negations": (f"ASK {{ FILTER({'!' * 20_000}true) }}", {413}),
    "3,000 UNIONs": (f"ASK {{ {'{ ?s ?p ?o } UNION ' * 3000}{{ ?s ?p ?o }} }}", {200, 503}),
    "regular expression": (
        f"SELECT (COUNT(*) AS ?n) {{ {CROSS}"
        " FILTER(REGEX(CONCAT(STR(?c), STR(?f), STR(?i)), '(.*a.*b){20}$')) }",
        {503},
    ),
    "VALUES crossed": (
        f"SELECT (COUNT(*) AS ?n) {{ {BOMB} {BOMB.replace('?v', '?w')}"
        f" {BOMB.replace('?v', '?x')} }}",
        {503},
    ),
    # What once kept the server's parent, a regular expression or the engine busy, or ended it.
    "names without an end": ("a-" * 30_000, {400}),
    "strings without an end": ('\\"""\n' * 9_000, {400}),
    "quotes": ('"""' * 20_000, {400}),
    "angle brackets": ("SELECT * { " + "<" * 50_000, {413}),
    "colons and dots": ("SELECT * { ?s " + "a:b.c" * 20_000, {400}),
    "languages": ('ASK { ?s ?p "x"' + "@a-b" * 30_000, {400}),
    "mixed values ordered": ("SELECT ?o { ?s ?p ?o } ORDER BY DESC(?o) LIMIT 1", {200}),
}
