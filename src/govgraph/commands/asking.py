"""Commands that ask a graph: validate, queries, query, claims, explain, compare."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

import click

from govgraph.commands import common
from govgraph.errors import UsageError, counted

_VIEWS = ("convergences", "matrix", "evidence", "similarity", "pairs")


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
def validate(
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
    from govgraph.shapes.validation import FORMATS, written

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
    data = [asdict(study) for study in coverage]
    text = written(report, chosen, severity.capitalize(), data)
    common.Output(output).write_text(text)
    what = ", ".join(map(str, files)) or "the graph"
    number = counted(len(results), "result") if results else "nothing to report"
    foci = f", {counted(sum(report.targeted.values()), 'focus node')}" if report.targeted else ""
    click.echo(f"{what}: {number}{foci}", err=True)
    for file in (file for file, count in report.targeted.items() if not count):
        common.warn(f"{file or 'the graph'}: nothing was checked, as no shape targets a node of it")
    for line in (line for study in coverage for line in study.lines()):
        common.note(line)
    if results:
        common.warned()
    common.finding(report.at_least("Violation"))


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@common.flag("--check", "Run them and compare with what is expected of their answers.")
@common.graph_options
@common.output_options
def queries(
    names: tuple[str, ...], check: bool, graph: common.GraphOptions, output: common.Output
) -> None:
    """List the stored queries, or those named: name, question, parameters, tags."""
    from govgraph.queries import Expectation, Queries, find_query, unmet
    from govgraph.queries.sparql import outline

    opened = graph.open() if check else None  # which has the same, and is read once
    library = graph.queries() if opened is None else opened.queries
    chosen = [find_query(library, name) for name in names] or list(library.values())
    if opened is None:
        output.write(Queries((query.slug, query) for query in chosen))
        return
    faults = [
        f"{query.slug}: {fault}"
        for query in chosen
        for promise in (query.expect, *query.promises)
        if promise != Expectation() or not outline(query.text).has_service
        for fault in unmet(promise, opened.query(query.slug, **promise.params))
    ]
    for fault in faults:
        click.echo(fault)
    asked = f"{len(chosen)} {'query' if len(chosen) == 1 else 'queries'}"
    click.echo(f"{asked}, {counted(len(faults), 'unmet expectation')}", err=True)
    common.finding(faults)


@click.command()
@click.argument("query", metavar="NAME|FILE|-")
@common.parameter_option
@common.graph_options
@common.output_options
def query(
    query: str, parameters: tuple[str, ...], graph: common.GraphOptions, output: common.Output
) -> None:
    """Answer a stored query (see `govgraph queries`), a .rq file, or SPARQL from stdin (-).

    Queries see the union of all graphs; GRAPH ?passage { … } tells which passage states what.
    """
    from govgraph.queries import parse_arguments
    from govgraph.rdf.dumps import decoded
    from govgraph.results import display, format_for

    format_for(output.format_name, output.output)  # a wrong name is found before any work
    text = f"{decoded(sys.stdin.buffer.read(), '<query>')}\n" if query == "-" else query
    opened, arguments = graph.open(), parse_arguments(parameters)
    values_of = opened.arguments(text, **arguments)
    result = opened.query(text, **values_of)  # type: ignore[arg-type]
    for name in sorted(values_of.keys() - arguments.keys() - {"lang"}):
        values = ", ".join(display(term, opened.names) for term in values_of[name])
        common.note(f"{name}: {values} (from the data)")
    for name, parameter in opened.find_query(text).parameters.items():
        if parameter.from_data is not None and name not in values_of:
            common.note(f"{name}: any (none in the data has an answer; name one with -p {name}=…)")
    output.write(result)


@click.command()
@common.graph_options
@common.output_options
def claims(graph: common.GraphOptions, output: common.Output) -> None:
    """Recompute the study's derived claims: of whom, what is counted, printed, computed."""
    output.write(graph.open().claims())


@click.command()
@click.argument("subject", required=False)
@click.argument("predicate", required=False, default="")
@click.argument("value", required=False, default="", metavar="[OBJECT]")
@common.flag("--all every", "Every proof, not only the shortest.")
@common.flag("--contradictions", "Explain what contradicts the ontology.")
@common.option("--format -f format_name", click.Choice(["text", "json"]), "", default="text")
@common.output_option
@common.graph_options
def explain(
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
    from govgraph.explanation import ClashProof, Proof
    from govgraph.queries.running import unknown_terms

    opened, proofs = graph.open(), list[ClashProof | Proof]()
    if contradictions:
        proofs += opened.contradictions()
        common.note(f"{len(proofs) or 'no'} contradictions")
    elif subject:
        proofs += opened.explain(subject, predicate, value, every=every)
    if not proofs and not contradictions:
        statement = " ".join(filter(None, (subject, predicate, value)))
        common.warn(f"nothing in the graph says or implies: {statement}")
        named = filter(opened.names.is_name, filter(None, (predicate, value)))
        for hint in unknown_terms(map(opened.names.expand, named), opened.store, opened.names):
            common.warn(hint)
        common.finding()
    text = "\n\n".join(map(str, proofs)) + "\n" * bool(proofs)
    if format_name == "json":
        data = [proof.to_dict() for proof in proofs]
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    common.Output(output).write_text(text)
    common.finding(contradictions and proofs)


@click.command()
@click.argument("cases", nargs=-1, metavar="[CASES]...")
@common.option(
    "--show",
    click.Choice(_VIEWS),
    "What to show: convergences and divergences (the default), the matrix of features and cases,"
    " the passages behind it, the similarity of cases, or on how much that of each pair rests.",
    default=_VIEWS[0],
)
@common.several(
    "--feature features",
    "NAME|FILE.rq",
    "Compare only in this: one of queries/compare/, or a query of your own.",
)
@common.lang_option
@common.graph_options
@common.output_options
def compare(
    cases: tuple[str, ...],
    show: str,
    features: tuple[str, ...],
    lang: str | None,
    graph: common.GraphOptions,
    output: common.Output,
) -> None:
    """Compare cases: what they share, where they differ, and which passage says so.

    CASES are ids or names, such as springfield "My Town"; all cases without any. A cell is 1 where
    a passage says so, 0 where the case is described and the feature not named, NA where nothing
    is said, C where passages contradict each other.
    """
    from govgraph.results import format_for

    format_for(output.format_name, output.output)  # a wrong name is found before any work
    output.write(graph.open().compare(cases, features, lang=lang).table(show))
