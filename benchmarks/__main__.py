"""`python -m benchmarks`: makes data, measures, writes a table and a picture."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click

from benchmarks.measure import ON_DISK, MeasurementError, made, measure
from benchmarks.report import STAGES, insert, markdown
from benchmarks.results import Results
from benchmarks.tasks import TASKS
from benchmarks.workload import LARGEST_AS_CASE_FILES, STUDY, Workload

QUERIES_BY_HAND: Final = 20_000
"""Statements up to which rdflib is asked the queries: its joins grow faster than the data."""
BUILDS: Final = [("build", "govgraph"), ("build", "by hand")]


def _sizes(_: click.Context, __: click.Parameter, value: str) -> list[int]:
    try:
        return [int(float(each)) for each in value.split(",") if each]
    except ValueError:
        raise click.BadParameter(f"{value!r}: write sizes such as 1e3,1e4,1e5.") from None


@click.command(context_settings={"show_default": True})
@click.option("--sizes", default="1e3,1e4,1e5", callback=_sizes, help="Statements to generate.")
@click.option("--study/--no-study", default=True, help="Also measure the study itself.")
@click.option("--runs", default=3, help="Runs of each; the median counts. Long ones run once.")
@click.option(
    "--references-up-to",
    default=10_000.0,
    help="Statements up to which rdflib, owlrl and pySHACL run too: at 1e5 they take minutes.",
)
@click.option("--stage", "stages", multiple=True, help="Only these stages. [default: all]")
@click.option("--seed", default=1, help="Other seeds give other data of the same shape.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("build/benchmark"))
@click.option("--work", type=click.Path(path_type=Path), help="Where data lie meanwhile.")
@click.option("--page", type=click.Path(path_type=Path, exists=True), help="Renew this page too.")
@click.option("--again", is_flag=True, help="Measure nothing: write anew from the last results.")
def main(
    sizes: list[int],
    study: bool,
    runs: int,
    references_up_to: float,
    stages: tuple[str, ...],
    seed: int,
    output: Path,
    work: Path | None,
    page: Path | None,
    again: bool,
) -> None:
    """Measure govgraph beside rdflib, owlrl and pySHACL, and beside Oxigraph's bulk load.

    Each measurement is a process of its own; seconds are of CPU, so that other work on the machine
    counts little. Writes results.json, performance.md and performance.svg.
    """
    kept = output / "results.json"
    if again:
        results = Results.read(kept)
    else:
        results = Results()
        folder = work or output / "work"
        names = [*([STUDY] if study else []), *(str(size) for size in sizes)]
        for name in names:
            click.echo(f"{name}: making the data", err=True)
            workload = made(folder / name, name, seed)
            for stage, engine in _wanted(workload, references_up_to, set(stages or STAGES)):
                try:
                    found = measure(stage, engine, workload, runs)
                except MeasurementError as error:
                    click.echo(f"{name}: {error}", err=True)
                    continue
                results.measurements.append(found)
                results.write(kept)
                click.echo(
                    f"{name}: {stage:9}{engine:10}{found.cpu:9.3f} s {found.memory:7.0f} MB"
                    f"  -> {found.answer}",
                    err=True,
                )
            shutil.rmtree(folder / name)
    (output / "performance.md").write_text(markdown(results), encoding="utf-8")
    _draw(results, output / "performance.svg")
    if page:
        page.write_text(insert(page.read_text("utf-8"), results), encoding="utf-8")
        _draw(results, page.with_suffix(".svg"))
    click.echo(markdown(results))


def _wanted(
    workload: Workload, references_up_to: float, stages: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield what is measured at a size: builds first, as the other stages read what they write."""
    references = workload.statements <= references_up_to * 1.05 or workload.name == STUDY
    for stage, engine in [*BUILDS, *TASKS]:
        if stage not in stages and (stage, engine) != BUILDS[0]:
            continue
        if workload.statements >= ON_DISK and stage != "build":
            continue  # what does not fit into memory is built as a whole
        if engine in ("by hand", "reference") and not references:
            continue
        if stage == "parse" and workload.statements > LARGEST_AS_CASE_FILES:
            continue
        if (stage, engine) == ("queries", "by hand") and workload.statements > QUERIES_BY_HAND:
            continue
        yield stage, engine


def _draw(results: Results, path: Path) -> None:
    if find_spec("matplotlib") is None:
        click.echo("No picture: matplotlib is missing, `make test` installs it.", err=True)
        return
    from benchmarks.plot import draw

    draw(results, path)


if __name__ == "__main__":
    main()
