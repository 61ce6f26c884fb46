"""govgraph validate."""

from dataclasses import asdict, replace
from pathlib import Path

import click

from govgraph.commands import common
from govgraph.errors import UsageError, counted


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILES]...")
@common.option(
    "--severity",
    click.Choice(["info", "warning", "violation"]),
    "Report only what is at least this grave.",
    default="info",
)
@common.several(
    "--shapes",
    "FILE",
    "Shapes in SHACL to check with as well; may be given several times."
    " Without it, those that files of RDF hold are used.",
    type=click.Path(path_type=Path),
)
@common.option(
    "--format -f format_name",
    "FORMAT",
    "text, json, csv; a report in RDF: ttl, jsonld, nt, trig, nq, rdfxml; by default what --output"
    " says, else text.",
)
@common.graph_options
@common.output_option
def command(
    files: tuple[Path, ...],
    severity: str,
    shapes: tuple[Path, ...],
    format_name: str | None,
    graph: common.GraphOptions,
    output: str | None,
) -> None:
    """Check the graph against shapes; each result names file, line and remedy.

    With FILES (case files, tables or RDF), only these are reported on; the bundled data stand
    behind them, so that they may refer to its places, works and actors. With --alone nothing stands
    behind them, and RDF that uses no word of govgraph is checked as it is, by its own shapes or
    those of --shapes, and nothing is inferred. Without FILES, it also says on stderr what of a
    study is coded and what is not: documents without passages, passages without statements or a
    note why, cases without arrangement. Exit status 1 for a violation; warnings are for the author
    to look at, and --strict makes them count.
    """
    from govgraph.results import format_for
    from govgraph.shapes.reports import FORMATS, written

    chosen = format_for(format_name, output, default="text").replace("table", "text")
    if chosen not in FORMATS:
        raise UsageError(f"a report is not written as {chosen}. Choose: {', '.join(FORMATS)}.")
    if files and graph.endpoint:
        raise UsageError("--endpoint validates a whole store: leave the files out, or it.")
    if files:  # reported on with the graph at home behind them, wherever the store may be
        checked = common.build(replace(graph, data=(*graph.data, *files)).sources())
    else:
        checked = graph.open()
    report = checked.validate(files or None, shapes=shapes, alone=graph.alone)
    results = report.at_least(severity.capitalize())
    coverage = checked.coverage() if not (files or shapes) else []
    data = [asdict(each) for each in coverage]
    text = written(report, chosen, severity.capitalize(), data)
    common.Output(output).write_text(text)
    what = ", ".join(map(str, files)) or "the graph"
    number = counted(len(results), "result") if results else "nothing to report"
    foci = f", {counted(sum(report.targeted.values()), 'focus node')}" if report.targeted else ""
    click.echo(f"{what}: {number}{foci}", err=True)
    for file in (file for file, count in report.targeted.items() if not count):
        common.warn(f"{file or 'the graph'}: nothing was checked, as no shape targets a node of it")
    for line in (line for each in coverage for line in each.lines()):
        common.note(line)
    if results:
        common.warned()
    if report.at_least("Violation"):
        common.finding()
