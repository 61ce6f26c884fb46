"""govgraph infer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pyoxigraph as ox

from govgraph.commands import common
from govgraph.errors import UsageError, counted
from govgraph.rdf.dumps import regular
from govgraph.rdf.formats import RDF_FORMATS, shown_path
from govgraph.rdf.reading import read_file
from govgraph.rdf.writing import serialise

if TYPE_CHECKING:
    from govgraph.reasoning import Caution, Clash


@click.command()
@click.argument("files", nargs=-1, metavar="FILES... (or -)")
@common.option(
    "--input-format",
    "FORMAT",
    "Format of what is read: ttl, nt, nq, trig, jsonld, rdf; by default what the ending of a file"
    " says, and for stdin ttl.",
)
@common.option(
    "--format -f format_name",
    "FORMAT",
    "ttl, nt, jsonld, trig, nq or rdfxml; by default what --output says, else ttl.",
)
@common.flag(
    "--schema", "Write also the axioms that follow: what lies below what, domains, ranges."
)
@common.output_option
@common.endpoint_option
@common.strict_option
def infer(
    files: tuple[str, ...],
    input_format: str | None,
    format_name: str | None,
    schema: bool,
    output: str | None,
    endpoint: str | None,
) -> None:
    """Infer over any RDF and OWL files: what follows, and was not said, by OWL 2 RL.

    Named graphs are taken together. Blank nodes are called b0, b1 … in the order in which they are
    read. Exit status 1 where the files contradict themselves; each contradiction is explained by
    its rule, axioms and statements.

    With --endpoint and without FILES, what a SPARQL store holds is fetched, and what follows
    replaces its graph https://w3id.org/govgraph/graph/inferred; nothing else is changed.
    """
    if not files:
        if format_name or output or schema:
            raise UsageError("--format, --output and --schema go with files: name some.")
        _infer_for_store(endpoint)
        return
    if endpoint:
        raise UsageError("--endpoint infers for a store, FILES are read here: name only one.")
    from govgraph.rdf import collector
    from govgraph.reasoning import infer
    from govgraph.results import check_suits, format_for

    name = check_suits(format_for(format_name, output, default="ttl"), "graph").name
    if (chosen := RDF_FORMATS.get(name)) is None:
        raise UsageError(f"what follows is RDF, not {name}. Choose: {', '.join(RDF_FORMATS)}.")
    with common.stages(4) as progress, collector.paused():
        progress("read")
        read = _read_all(files, input_format)
        inferred = infer((quad for quads in read.values() for quad in quads), progress=progress)
        progress("write")
        axioms = inferred.axioms
        data = serialise([*(axioms if schema else ()), *inferred.triples], chosen.engine)
        common.Output(output).write_text(data.decode())

    first_last = reversed(read.items() if inferred.cautions else ())
    about = {str(quad.subject): name for name, quads in first_last for quad in quads}
    _warn(inferred.cautions, lambda caution: about.get(caution.name, ""))
    more = f"; {counted(len(axioms), 'schema triple')} more with --schema"
    count = len(inferred.triples) + (len(axioms) if schema else 0)
    _report(inferred.clashes, count, after=more if axioms and not schema else "")


def _infer_for_store(endpoint: str | None) -> None:
    from govgraph.store.changing import infer_for
    from govgraph.store.endpoint import Endpoint, configured

    if not (endpoint or (endpoint is None and configured())):
        raise UsageError("nothing to infer from: name FILES, or a store with --endpoint URL.")
    store = Endpoint.of(endpoint or "")
    inferred = infer_for(store)
    _warn(inferred.cautions, lambda caution: store.query_url)
    _report(inferred.clashes, len(inferred.triples), f"{store.query_url}: ")


def _warn(cautions: Iterable[Caution], where: Callable[[Caution], str]) -> None:
    kinds: dict[str, list[Caution]] = defaultdict(list)
    for caution in cautions:
        kinds[caution.kind].append(caution)
    for kind, alike in kinds.items():
        names = sorted({caution.name for caution in alike}, key=lambda n: (n.startswith("_:"), n))
        text = str(alike[0])
        if len(names) > 1:
            shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
            text = f"{len(names)} terms ({shown}): {kind}"
        file = where(alike[0])
        common.warn(f"{file}{': ' if file else ''}warning: {text}")


def _report(clashes: Sequence[Clash], count: int, name: str = "", after: str = "") -> None:
    for clash in clashes:
        common.warn(f"contradiction: {clash}")
        for part in (*clash.axioms, *clash.premises):
            click.echo(f"    {part}", err=True)
    click.echo(f"{name}{counted(count, 'statement')} follow{'s' * (count == 1)}{after}", err=True)
    common.finding(clashes)


def _read_all(files: Iterable[str], input_format: str | None) -> dict[str, list[ox.Quad]]:
    labels: dict[Any, ox.BlankNode] = {}

    def numbered(quad: ox.Quad) -> ox.Quad:
        nodes: list[Any] = [quad.subject, quad.object]
        if ox.BlankNode not in map(type, nodes):
            return quad
        for index, node in enumerate(nodes):
            if isinstance(node, ox.BlankNode):
                nodes[index] = labels.setdefault(node, ox.BlankNode(f"b{len(labels)}"))
        return ox.Quad(nodes[0], quad.predicate, nodes[1])

    read = {}
    for name in files:
        with regular(None if name == "-" else Path(name)) as file:
            quads = read_file(file, shown_path(name), input_format or "ttl" * (name == "-"))
            read[shown_path(name)] = list(map(numbered, quads))
    return read
