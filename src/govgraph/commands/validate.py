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
@common.format_option(["text", "json", "csv", "ttl"])
@common.graph_options
@common.output_option
def command(
    files: tuple[Path, ...],
    severity: str,
    format_name: str,
    graph: common.GraphOptions,
    output: str | None,
) -> None:
    """Check the graph against the shapes; each result names file, line and remedy.

    With FILES (case files, tables or RDF), only these are reported on; the bundled data stand
    behind them, so that they may refer to its places, works and actors. Without, it also says on
    stderr what of a study is coded and what is not: documents without passages, passages without
    statements or a note why, cases without arrangement. Exit status 1 for a violation; warnings are
    for the author to look at, and --strict makes them count.
    """
    from govgraph.coding.source_files import shown_names
    from govgraph.shapes.reports import written

    if files and graph.endpoint:
        raise UsageError("--endpoint validates a whole store: leave the files out, or it.")
    if files:  # reported on with the graph at home behind them, wherever the store may be
        sources = replace(graph, data=(*graph.data, *files)).sources()
        checked = common.build(sources)
        report = checked.validate(shown_names(sources, files))
    else:
        checked = graph.open()
        report = checked.validate()
    results = report.at_least(severity.capitalize())
    coverage = checked.coverage() if not files else []
    data = [asdict(each) for each in coverage]
    text = written(report, format_name, severity.capitalize(), data)
    common.Output(output).write_text(text)
    what = ", ".join(map(str, files)) or "the graph"
    number = counted(len(results), "result") if results else "nothing to report"
    click.echo(f"{what}: {number}", err=True)
    for line in (line for each in coverage for line in each.lines()):
        common.note(line)
    if results:
        common.warned()
    if any(result.severity == "Violation" for result in results):
        common.finding()
