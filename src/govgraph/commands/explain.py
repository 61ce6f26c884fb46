"""govgraph explain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from govgraph.commands import common
from govgraph.errors import UsageError

if TYPE_CHECKING:
    from govgraph.explanation import ClashProof, Proof


@click.command()
@click.argument("subject", required=False)
@click.argument("predicate", required=False, default="")
@click.argument("value", required=False, default="", metavar="[OBJECT]")
@common.flag("--all every", "Every proof, not only the shortest.")
@common.flag("--contradictions", "Explain what contradicts the ontology.")
@common.option("--format -f format_name", click.Choice(["text", "json"]), "", default="text")
@common.output_option
@common.graph_options
def command(
    subject: str | None,
    predicate: str,
    value: str,
    every: bool,
    contradictions: bool,
    format_name: str,
    output: str | None,
    graph: common.GraphOptions,
) -> None:
    """Say why statements are in the graph.

    For an asserted one: its passages, what they cite, file and line. For an inferred one: rule,
    axiom and premises, down to the passages. SUBJECT, PREDICATE and OBJECT are names, ids, CURIEs
    or IRIs; without PREDICATE and OBJECT all statements about SUBJECT are explained. Exit status 1
    where the graph has no such statement, or with --contradictions where there are any.
    """
    if contradictions == bool(subject):
        raise UsageError("name a SUBJECT, or ask for --contradictions.")
    from govgraph.queries.cautions import unknown_terms

    opened, out = graph.open(), common.Output(output)
    if contradictions:
        clashes = opened.contradictions()
        text = "\n".join(f"{clash}\n" for clash in clashes)
        out.write_text(_json(clashes) if format_name == "json" else text)
        common.note(f"{len(clashes) or 'no'} contradictions")
        if clashes:
            common.finding()
        return
    proofs = opened.explain(subject, predicate, value, every=every)
    if not proofs:
        statement = " ".join(filter(None, (subject, predicate, value)))
        common.warn(f"nothing in the graph says or implies: {statement}")
        named = filter(opened.names.is_name, filter(None, (predicate, value)))
        for hint in unknown_terms(map(opened.names.expand, named), opened.store, opened.names):
            common.warn(hint)
        common.finding()
    trees = "\n\n".join(map(str, proofs)) + "\n"
    out.write_text(_json(proofs) if format_name == "json" else trees)


def _json(found: Sequence[Proof | ClashProof]) -> str:
    content = [each.to_dict() for each in found]
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
