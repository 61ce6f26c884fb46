"""govgraph codebook."""

import click

from govgraph.commands import common


@click.command()
@common.flag("--own", "Only the study's own codes, types and keys.")
@common.option(
    "--format -f format_name",
    click.Choice(["md", "csv"]),
    "Markdown (the default), or CSV as it stands in codes/; also chosen by the ending.",
)
@common.graph_options
@common.output_option
def command(
    own: bool, format_name: str | None, graph: common.GraphOptions, output: str | None
) -> None:
    """Write the code lists in use: labels, definitions, wider codes, how often each is used.

    Markdown also has the types and keys of the study's own. What --own writes as CSV can be read
    back: it is a table of codes.
    """
    book, chosen = graph.open().codebook(own=own), format_name or (output or "")[-3:]
    text = book.as_csv() if chosen == "csv" else book.as_markdown()
    common.Output(output).write_text(text)
