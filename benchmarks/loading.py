"""`python -m benchmarks.loading`: a table of cases, from the file to the validated graph."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from benchmarks.measure import ROOT, peak_memory

T = TypeVar("T")
GG: Final = "https://w3id.org/govgraph/ontology#"
BASE: Final = "https://w3id.org/govgraph/"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
ACTORS: Final = 20_000
PLACES: Final = 5_000
ROLES: Final = ("founder", "funder", "member", "leader", "implementer", "participant", "monitor")
LEVELS: Final = ("national", "state", "local", "neighbourhood")
PROBLEMS: Final = ("crime", "violence", "homicide", "drug-use", "gangs", "insecurity", "disorder")
STAGES: Final = ("read", "infer", "validate")
TYPES: Final = ("PreventionCouncil", "Alliance", "Forum", "Committee", "Roundtable")


HEADER: Final = (
    "id", "type", "label.en", "label.es", "place",
    "passages.id", "passages.type", "passages.position", "passages.label.en", "passages.label.es",
    *(f"passages.says.{key}" for key in (
        "id", "type", "label.en", "label.es", "case", "appliesIn", "startYear", "level",
        "addresses",
        "participation.1.participant", "participation.1.role",
        "participation.2.participant", "participation.2.role",
    )),
)  # fmt: skip


def cases(count: int, places: int = PLACES) -> Iterator[tuple[str, ...]]:
    """Yield rows: a case, a passage on it, and the arrangement with two members that it states."""
    for n in range(count):
        year, actors = str(1970 + n * 7 % 45), (n * 7919 % ACTORS, (n * 104729 + 1) % ACTORS)
        yield (
            f"case/n{n}", "Case", f"Case {n}", f"Caso {n}", f"place/n{n % places}",
            f"passage/n{n}", "Section", "1", f"On case {n}", f"Sobre el caso {n}",
            f"partnership/n{n}", TYPES[n % 5], f"Partnership {n}", f"Alianza {n}", f"case/n{n}",
            f"place/n{n % places}", year, f"level/{LEVELS[n % 4]}",
            f"problem/{PROBLEMS[n % 7]}|problem/{PROBLEMS[(n + 3) % 7]}",
            f"actor/n{actors[0]}", f"role/{ROLES[n % 7]}",
            f"actor/n{actors[1]}", f"role/{ROLES[n % 6]}",
        )  # fmt: skip


def write_tables(folder: Path, count: int, suffix: str, places: int = PLACES) -> None:
    """Write the table of cases, and tables of the places and actors it names."""
    folder.mkdir(parents=True)
    rows = list(cases(count, places))
    with (folder / "cases.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    if suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        columns = dict(zip(HEADER, zip(*rows, strict=True), strict=True))
        pq.write_table(pa.table(columns), folder / "cases.parquet")
        (folder / "cases.csv").unlink()
    used = sorted({row[column] for row in rows for column in (19, 21)})
    with (folder / "actors.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id", "type", "label.en", "label.es", "sector"))
        writer.writerows((a, "Company", a[6:], a[6:], "sector/private") for a in used)
    with (folder / "places.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id", "type", "label.en", "label.es", "within"))
        writer.writerow(("place/land", "Country", "Land", "País", ""))
        for n in range(places):
            writer.writerow((f"place/n{n}", "City", f"n{n}", f"n{n}", "place/land"))


def table_worker(folder: Path) -> dict[str, Any]:
    """Measure in this process, stage by stage, from table to validated graph."""
    from govgraph.assembly.assemble import read_ontology
    from govgraph.coding.cases import load
    from govgraph.coding.study import Sources
    from govgraph.rdf import collector
    from govgraph.reasoning import infer
    from govgraph.shapes.validation import validate
    from govgraph.vocabulary import INFERRED_GRAPH

    found: dict[str, Any] = {}

    def clocked(stage: str, work: Callable[[], T]) -> T:
        """Note the seconds of CPU and on the clock that some work takes."""
        cpu, wall = time.process_time(), time.perf_counter()
        result = work()
        found[stage] = [time.process_time() - cpu, time.perf_counter() - wall]
        return result

    with collector.paused():
        data = clocked("read", lambda: load(Sources(data=(folder,))))
        found |= {"memory_read": peak_memory(), "stated": len(data.store)}

        def inference() -> int:
            data.store.bulk_extend(read_ontology())
            inferred = infer(data.store)
            data.store.bulk_extend(inferred.quads(INFERRED_GRAPH))
            return len(inferred.triples)

        found["inferred"] = clocked("infer", inference)
        report = clocked("validate", lambda: validate(data.store, data.sources))
    return found | {"results": len(report.results), "memory": peak_memory()}


@click.command(context_settings={"show_default": True})
@click.option("--cases", "rows", default=1e5, help="Rows of the table.")
@click.option("--table", "kind", default=".csv", type=click.Choice([".csv", ".parquet"]))
@click.option("--work", type=click.Path(path_type=Path), default=Path("build/loading"))
def main(rows: float, kind: str, work: Path) -> None:
    """Measure loading: tables to a validated graph."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        _tables(work / "tables", int(rows), kind)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _tables(folder: Path, rows: int, kind: str) -> None:
    write_tables(folder, rows, kind)
    command = [sys.executable, "-m", "benchmarks.loading", "worker", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(done.stderr[-500:])
    found = json.loads(done.stdout)
    stated = found["stated"]
    click.echo(f"{rows:,} cases as {kind}: {stated:,} statements, {found['inferred']:,} inferred")
    total = [sum(found[stage][clock] for stage in STAGES) for clock in (0, 1)]
    for stage, (cpu, wall) in {**{each: found[each] for each in STAGES}, "all": total}.items():
        click.echo(
            f"{stage:10}{cpu:8.2f} s CPU {wall:8.2f} s {stated / cpu:10,.0f} stated a second of CPU"
        )
    click.echo(
        f"{(stated + found['inferred']) / total[0]:,.0f} statements a second with the inferred;"
        f" {found['memory_read']:,.0f} MB after reading, {found['memory']:,.0f} MB at most,"
        f" {found['results']} results"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        print(json.dumps(table_worker(Path(sys.argv[2]))))
    else:
        main()
