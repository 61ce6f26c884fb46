"""govgraph infer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pyoxigraph as ox

from govgraph.commands import common
from govgraph.errors import UsageError, counted
from govgraph.rdf.dumps import regular
from govgraph.rdf.formats import format_of, known_endings, shown_path
from govgraph.rdf.reading import read_quads

if TYPE_CHECKING:
    from govgraph.reasoning import Clash


@click.command()
@click.argument("files", nargs=-1, metavar="FILES... (or -)")
@common.option(
    "--input-format", "FORMAT", "Format of stdin: ttl, nt, nq, trig, jsonld, rdf.", default="ttl"
)
@common.option(
    "--format -f format_name",
    "FORMAT",
    "ttl, nt, jsonld, trig, nq or rdfxml; by default what --output says, else ttl.",
)
@common.output_option
@common.endpoint_option
@common.strict_option
def command(
    files: tuple[str, ...],
    input_format: str,
    format_name: str | None,
    output: str | None,
    endpoint: str | None,
) -> None:
    """Infer over any RDF and OWL files: what follows, and was not said, by OWL 2 RL.

    Named graphs are taken together. Exit status 1 where the files contradict themselves; each
    contradiction is explained by its rule, axioms and statements.

    With --endpoint and without FILES, what a SPARQL store holds is fetched, and what follows
    replaces its graph https://w3id.org/govgraph/graph/inferred; nothing else is changed.
    """
    if not files:
        if format_name or output:
            raise UsageError("--format and --output go with files: name some.")
        _infer_for_store(endpoint)
        return
    if endpoint:
        raise UsageError("--endpoint infers for a store, FILES are read here: name only one.")
    from govgraph.reasoning import infer
    from govgraph.results import Result, check_suits, format_for

    chosen = format_for(format_name, output, default="ttl")
    check_suits(chosen, "graph")
    store = ox.Store()
    file_of: dict[str, str] = {}
    for name in files:
        for quad in _read(name, input_format):
            store.add(quad)
            file_of.setdefault(str(quad.subject), shown_path(name))
    inferred = infer(store)
    common.Output(output, chosen).write(Result.of_triples(inferred.triples))
    for caution in inferred.cautions:
        where = file_of.get(caution.subject) or file_of.get(f"<{caution.subject}>", "")
        common.warn(f"{where}{': ' if where else ''}warning: {caution}")
    _report(inferred.clashes, len(inferred.triples))


def _infer_for_store(endpoint: str | None) -> None:
    from govgraph.store.endpoint import Endpoint, configured
    from govgraph.store.inference import infer_for

    if not (endpoint or (endpoint is None and configured())):
        raise UsageError("nothing to infer from: name FILES, or a store with --endpoint URL.")
    store = Endpoint.of(endpoint or "")
    inferred = infer_for(store)
    for caution in inferred.cautions:
        common.warn(f"{store.query_url}: warning: {caution}")
    _report(inferred.clashes, len(inferred.triples), f"{store.query_url}: ")


def _report(clashes: Sequence[Clash], count: int, name: str = "") -> None:
    """Print the contradictions, and how many statements follow; exit status 1 for the former."""
    for clash in clashes:
        common.warn(f"contradiction: {clash}")
        for part in (*clash.axioms, *clash.premises):
            click.echo(f"    {part}", err=True)
    click.echo(f"{name}{counted(count, 'statement')} follow{'s' * (count == 1)}", err=True)
    if clashes:
        common.finding()


def _read(name: str, input_format: str) -> Iterable[ox.Quad]:
    path = None if name == "-" else Path(name)
    shown = shown_path(name)
    rdf_format = format_of(path or f"-.{input_format}")
    if rdf_format is None:
        suffix = path.suffix if path else f".{input_format}"
        message = f"{shown}: the ending {suffix!r} tells no RDF format. Known: {known_endings()}."
        raise UsageError(message)
    base = path.absolute().as_uri() if path else None
    with regular(path) as file:
        yield from read_quads(file, rdf_format, shown, base)
