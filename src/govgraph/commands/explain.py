"""govgraph explain."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from govgraph.commands import common
from govgraph.errors import UsageError

if TYPE_CHECKING:
    from govgraph.explanation import ClashProof, Renderer


@click.command()
@click.argument("subject", required=False)
@click.argument("predicate", required=False, default="")
@click.argument("value", required=False, default="", metavar="[OBJECT]")
@common.flag("--all every", "Every proof, not only the shortest.")
@common.flag("--contradictions", "Explain what contradicts the ontology.")
@common.format_option(["text", "json", "ttl"])
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
    if contradictions and format_name == "ttl":
        raise UsageError("contradictions are written as text or json.")
    from govgraph.explanation import Renderer, to_prov
    from govgraph.queries.cautions import unknown_terms
    from govgraph.results import Result

    opened = graph.open()
    renderer = Renderer(opened.explainer.schema, opened.names)
    if contradictions:
        _contradictions(opened.contradictions(), renderer, format_name, output)
        return
    proofs = opened.explain(subject or "", predicate, value, every=every)
    if not proofs:
        statement = " ".join(filter(None, (subject, predicate, value)))
        common.warn(f"nothing in the graph says or implies: {statement}")
        named = filter(opened.names.is_name, filter(None, (predicate, value)))
        for hint in unknown_terms(map(opened.names.expand, named), opened.store, opened.names):
            common.warn(hint)
        common.finding()
    if format_name == "ttl":
        common.Output(output, "ttl").write(Result.of_triples(to_prov(proofs, opened.names.base)))
    elif format_name == "json":
        common.Output(output).write_text(_json([renderer.data(proof) for proof in proofs]))
    else:
        common.Output(output).write_text(renderer.text(proofs))


def _contradictions(
    clashes: list[ClashProof], renderer: Renderer, format_name: str, output: str | None
) -> None:
    if format_name == "json":
        text = _json([renderer.clash_data(clash) for clash in clashes])
    else:
        text = "\n".join(renderer.clash_text(clash) for clash in clashes)
    common.Output(output).write_text(text)
    click.echo(f"{len(clashes) or 'no'} contradictions", err=True)
    if clashes:
        common.finding()


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
