"""docs/queries.md: every stored query with its question, its parameters and its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from govgraph.queries import Parameter, StoredQuery
from govgraph.results import Result, Term, display
from govgraph.vocabulary import BASE
from pages.blocks import DOCS
from pages.markdown import cell, slug, table

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

SHOWN_ROWS: Final = 8
SHOWN_LINES: Final = 24
LONGEST_CELL: Final = 110
HEAD: Final = """\
# Queries

Every question the graph has been asked so far, with its answer. Made by `make docs` from
`queries/`, whose questions are about any study, and from the bundled study, whose own questions lie
in its folder; do not edit it here.

Ask one of them by its name; a parameter takes an id, a name or a plain value:

    govgraph query founders-of
    govgraph query founders-of --param arrangement="Bogotá Cómo Vamos" --format csv

In Python: `govgraph.open().query("founders-of", arrangement="Bogotá Cómo Vamos")`. A query of your
own goes into a `.rq` file and is asked by its path, or into `queries/` of your study and is asked
by its name.

Where a default is *from the data*, the file says `default: data` and `VALUES ?case { UNDEF }`: in
any tool it answers for all cases. Asked here without the parameter, it is asked of the one that
gives it the most answers, of several alike the first by IRI, so that one file fits every study;
the command says which it took. `default: gg:Arrangement` chooses among the members of that class.
`None` in Python, and `--param case=`, ask for all.

What a study expects of the answers lies in its `queries/expected/`: all rows as `NAME.csv`, and in
`expect.yaml`, by name, `params`, `rows`, `min_rows`, `contains` or `boolean`.
`govgraph queries --check [NAME]…` compares.

Ids are shown short: `actor/el-tiempo` stands for
`https://w3id.org/govgraph/security-alliances/actor/el-tiempo`. Where a query says *inferred*, its
answer rests on [what inference adds](model.md#what-inference-adds).
"""
KINDS: Final = {
    "": ("Questions", "What a reader asks the graph."),
    "claims": (
        "Claims of the study, recomputed",
        "Each takes one number or statement that the study derives from its own facts, computes it"
        " again and compares. `govgraph claims` runs them all.",
    ),
    "compare": (
        "Features of cases",
        "Each finds one feature of cases and the passages behind it; `govgraph compare` puts them"
        " side by side.",
    ),
    "elsewhere": (
        "Asked elsewhere",
        "Each asks another endpoint when it is run, and joins what that answers by the identity"
        " links. A site and its server do not ask them; nor does this page.",
    ),
    "networks": (
        "Networks",
        "Each is a network that can be drawn and measured: one row is one tie from `source` to"
        " `target`.",
    ),
}


def page(graph: KnowledgeGraph) -> str:
    """Return the text of docs/queries.md."""
    library = graph.queries
    kinds = sorted({_kind(name) for name in library} | {""}, key=lambda k: (k != "", k))
    parts = [HEAD]
    for kind in kinds:
        title, about = KINDS.get(kind, (kind.capitalize(), ""))
        chosen = {name: query for name, query in library.items() if _kind(name) == kind}
        parts.append(f"## {title}\n\n{about}\n\n{_index(chosen)}")
        if not kind:
            parts.append(f"By tag:\n\n{_by_tag(chosen)}")
        if kind == "claims" and chosen:
            parts.append(_verdicts(graph))
        parts += [_section(graph, name, query) for name, query in sorted(chosen.items())]
    return "\n".join(parts)


def _kind(name: str) -> str:
    return name.partition("/")[0] if "/" in name else ""


def _by_tag(queries: dict[str, StoredQuery]) -> str:
    tags = sorted({tag for query in queries.values() for tag in query.tags})
    lines = []
    for tag in tags:
        tagged = sorted(name for name, query in queries.items() if tag in query.tags)
        lines.append(f"- **{tag}**: " + " · ".join(f"[{n}](#{slug(n)})" for n in tagged) + "\n")
    return "".join(lines)


def _index(queries: dict[str, StoredQuery]) -> str:
    rows = (
        (f"[{name}](#{slug(name)})", cell(query.question or query.summary), ", ".join(query.tags))
        for name, query in sorted(queries.items())
    )
    return table(("Name", "Question", "Tags"), rows)


def _verdicts(graph: KnowledgeGraph) -> str:
    rows = (
        (
            f"[{check.claim.partition('/')[2]}](#{slug(check.query)})",
            cell(check.printed),
            cell(check.computed),
            check.verdict,
            f"`{check.passage}`",
        )
        for check in graph.claims()
    )
    return table(("Claim", "Printed", "Computed", "Verdict", "Passage"), rows)


def _section(graph: KnowledgeGraph, name: str, query: StoredQuery) -> str:
    assert query.path is not None
    path = query.path.resolve().relative_to(DOCS.parent).as_posix()
    notes = [f"[{name}.rq](../{path})", *query.tags]
    if query.base != BASE:
        notes.insert(1, "of the bundled study")
    if query.inference:
        notes.append("inferred")
    texts = [query.question or query.summary]
    texts += [f"*{text}*" for _, text in sorted(query.translated["question"].items())]
    lines = [f"### {name}", "", "\\\n".join(texts), ""]
    if query.description:
        lines += [query.description, ""]
    lines += [" · ".join(notes), ""]
    if query.parameters:
        taken = graph.defaults.missing(query, {})
        shown = {key: display(terms[0], graph.names) for key, terms in taken.items()}
        rows = (_parameter(each, shown) for each in query.parameters.values())
        lines += [table(("Parameter", "Takes", "Default", "What it is"), rows)]
    if _kind(name) != "elsewhere":
        lines += [_answer(graph.query(name))]
    return "\n".join(lines)


def _parameter(parameter: Parameter, taken: Mapping[str, str]) -> tuple[str, str, str, str]:
    takes: str = parameter.type
    if parameter.class_iri:
        kind = display(ox.NamedNode(parameter.class_iri)).removeprefix("gg:")
        takes = f"id or name of one of `{kind}`"
    default = f"`{parameter.default_text}`" if parameter.default_text else "any"
    if parameter.from_data is not None:
        default = f"from the data: `{taken[parameter.name]}`"
    return f"`{parameter.name}`", takes, default, cell(parameter.description)


def _answer(result: Result) -> str:
    if result.kind == "ask":
        return f"Answer: **{'yes' if result.boolean else 'no'}**\n"
    if result.kind == "graph":
        lines = result.serialize("ttl").decode().splitlines()
        shown = "\n".join(line.replace("\t", "  ") for line in lines[:SHOWN_LINES])
        return f"```turtle\n{shown}\n```\n{_more(len(lines) - SHOWN_LINES, 'lines')}"
    if not result.rows:
        return "No rows.\n"
    rows = tuple(tuple(map(_shortened, row)) for row in result.rows[:SHOWN_ROWS])
    shown = Result("select", result.columns, rows).to_markdown()
    return shown + _more(len(result) - SHOWN_ROWS, "rows")


def _shortened(term: Term | None) -> Term | None:
    text = display(term)
    if isinstance(term, ox.Literal) and len(text) > LONGEST_CELL:
        return ox.Literal(text[:LONGEST_CELL].rsplit(" ", 1)[0] + " …")
    return term


def _more(count: int, what: str) -> str:
    return f"\n… and {count:,} more {what}.\n" if count > 0 else ""


def names(queries: Iterable[str]) -> list[str]:
    """Return the headings the page must have, one for each query."""
    return [f"### {name}" for name in sorted(queries)]
