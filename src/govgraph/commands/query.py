"""govgraph query."""

import sys

import click

from govgraph.commands import common


@click.command()
@click.argument("query", metavar="NAME|FILE|-")
@common.parameter_option
@common.graph_options
@common.output_options
def command(
    query: str,
    parameters: tuple[str, ...],
    graph: common.GraphOptions,
    output: common.Output,
) -> None:
    """Answer a stored query (see `govgraph queries`), a .rq file, or SPARQL from stdin (-).

    Queries see the union of all graphs; GRAPH ?passage { … } tells which passage states what.
    """
    from govgraph.queries import parse_arguments
    from govgraph.rdf.dumps import decoded
    from govgraph.results import display, format_for

    format_for(output.format_name, output.path)  # a wrong name is found before any work
    text = f"{decoded(sys.stdin.buffer.read(), '<query>')}\n" if query == "-" else query
    opened, arguments = graph.open(), parse_arguments(parameters)
    asked = opened.arguments(text, **arguments)
    result = opened.query(text, **asked)  # type: ignore[arg-type]
    for name in sorted(asked.keys() - arguments.keys() - {"lang"}):
        values = ", ".join(display(term, opened.names) for term in asked[name])
        common.note(f"{name}: {values} (from the data)")
    for name, parameter in opened.find_query(text).parameters.items():
        if parameter.from_data is not None and name not in asked:
            common.note(f"{name}: any (none in the data has an answer; name one with -p {name}=…)")
    output.write(result)
