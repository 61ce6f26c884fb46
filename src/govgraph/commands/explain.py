"""govgraph explain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from govgraph.commands.common import asked_graph, data_options, deliver, endpoint_option
from govgraph.errors import UsageError

if TYPE_CHECKING:
    from govgraph.api.knowledge_graph import KnowledgeGraph
    from govgraph.explanation import Explainer, Proof

FORMATS = ("text", "json", "md", "ttl")


@click.command()
@click.argument("subject", required=False)
@click.argument("predicate", required=False, default="")
@click.argument("value", required=False, default="", metavar="[OBJECT]")
@click.option("--all", "every", is_flag=True, help="Every proof, not only the shortest.")
@click.option("--contradictions", is_flag=True, help="Explain what contradicts the ontology.")
@click.option(
    "--format", "-f", "format_name", type=click.Choice(FORMATS), default="text", show_default=True
)
@click.option("--output", "-o", metavar="FILE", help="Where to write; '-' is stdout (the default).")
@data_options
@endpoint_option
def command(
    subject: str | None,
    predicate: str,
    value: str,
    every: bool,
    contradictions: bool,
    format_name: str,
    output: str | None,
    data: tuple[Path, ...],
    alone: bool,
    endpoint: str | None,
) -> None:
    """Say why statements are in the graph.

    For an asserted one: its passages, what they cite, file and line. For an inferred one: rule,
    axiom and premises, down to the passages. SUBJECT, PREDICATE and OBJECT are names, ids, CURIEs
    or IRIs; without PREDICATE and OBJECT all statements about SUBJECT are explained. Exit status 1
    where the graph has no such statement, or with --contradictions where there are any.
    """
    if contradictions == bool(subject):
        raise UsageError("name a SUBJECT, or ask for --contradictions.")
    graph = asked_graph(data, alone, endpoint)
    if contradictions:
        _contradictions(graph, format_name, output)
        return
    proofs = graph.explain(subject or "", predicate, value, every=every)
    if not proofs:
        asked = " ".join(filter(None, (subject, predicate, value)))
        click.echo(f"govgraph: nothing in the graph says or implies: {asked}", err=True)
        raise click.exceptions.Exit(1)
    if format_name == "ttl":
        from govgraph.explanation import to_prov
        from govgraph.results import Result

        deliver(Result.of_triples(to_prov(proofs)), "ttl", output)
    else:
        _write(_render(graph.explainer, proofs, format_name), output)


def _render(explainer: Explainer, proofs: list[Proof], format_name: str) -> str:
    from govgraph.explanation import Renderer

    renderer = Renderer(explainer.schema)
    if format_name == "text":
        return renderer.text(proofs)
    if format_name == "md":
        return renderer.markdown(proofs)
    return _json([renderer.data(proof) for proof in proofs])


def _contradictions(graph: KnowledgeGraph, format_name: str, output: str | None) -> None:
    from govgraph.explanation import Renderer
    from govgraph.reasoning import infer

    explainer = graph.explainer
    renderer = Renderer(explainer.schema)
    found = [explainer.clash(clash) for clash in infer(graph.store).clashes]
    if format_name == "json":
        _write(_json([renderer.clash_data(each) for each in found]), output)
    elif format_name in ("text", "md"):
        _write("\n".join(renderer.clash_text(each) for each in found), output)
    else:
        raise UsageError("contradictions are written as text, md or json.")
    click.echo(f"{len(found) or 'no'} contradictions", err=True)
    if found:
        raise click.exceptions.Exit(1)


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _write(text: str, output: str | None) -> None:
    from govgraph.files import written_whole

    if output and output != "-":
        with written_whole(Path(output)) as stream:
            stream.write(text.encode())
    else:
        click.echo(text, nl=False)
