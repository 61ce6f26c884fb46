"""`python -m benchmarks.loading`: dumps into a database on disk, and tables of cases into a graph.

Dumps are measured beside the floor, Oxigraph's bulk load of the same file into a database, both as
processes of their own. A table is measured from the file to the validated graph, in one process.
"""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final, TypeVar

import click

from benchmarks.measure import ROOT, _run, peak_memory

T = TypeVar("T")
GG: Final = "https://w3id.org/govgraph/ontology#"
BASE: Final = "https://w3id.org/govgraph/"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
GOVGRAPH: Final = [sys.executable, "-c", "from govgraph.cli import main; main()"]
FLOOR: Final = """
import sys, pyoxigraph as ox
store = ox.Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
store.flush()
"""
ACTORS: Final = 20_000
PLACES: Final = 5_000
ROLES: Final = ("founder", "funder", "member", "leader", "implementer", "participant", "monitor")
LEVELS: Final = ("national", "state", "local", "neighbourhood")
PROBLEMS: Final = ("crime", "violence", "homicide", "drug-use", "gangs", "insecurity", "disorder")
STAGES: Final = ("read", "infer", "validate")
TYPES: Final = ("PreventionCouncil", "Alliance", "Forum", "Committee", "Roundtable")


def quads() -> Iterator[str]:
    """Yield lines of N-Quads without end: partnerships, ten to a passage, with their members."""
    number = 0
    while True:
        subject, graph = f"<{BASE}partnership/n{number}>", f"<{BASE}passage/n{number // 10}>"
        yield f"{subject} <{RDF}type> <{GG}Alliance> {graph} ."
        yield (
            f"{subject} <http://www.w3.org/2000/01/rdf-schema#label> "
            f'"Partnership {number}"@en {graph} .'
        )
        yield f'{subject} <{GG}startYear> "{1980 + number % 45}"^^<{XSD}integer> {graph} .'
        yield f"{subject} <{GG}appliesIn> <{BASE}place/p{number % PLACES}> {graph} ."
        for member in range(3):
            node = f"<{BASE}participation/n{number}/{member}>"
            actor = f"<{BASE}actor/a{(number * 7919 + member * 104729) % ACTORS}>"
            yield f"{subject} <{GG}participation> {node} {graph} ."
            yield f"{node} <{GG}participant> {actor} {graph} ."
        number += 1


def write_dump(path: Path, size: int) -> None:
    """Write a dump of `size` statements, compressed where its name says so."""
    lines = quads()
    opened: Callable[..., IO[bytes]] = gzip.open if path.suffix == ".gz" else open  # type: ignore[assignment]
    with opened(path, "wb") as stream:
        for start in range(0, size, 10_000):
            some = [next(lines) for _ in range(min(10_000, size - start))]
            stream.write(("\n".join(some) + "\n").encode())


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
    from govgraph import collector
    from govgraph.assembly.assemble import read_ontology
    from govgraph.coding.cases import load
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
        data = clocked("read", lambda: load([folder]))
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
@click.option("--quads", "size", default=1e6, help="Statements of the dump; 0 leaves it out.")
@click.option("--cases", "rows", default=1e5, help="Rows of the table; 0 leaves it out.")
@click.option("--dump", "suffix", default=".nq", type=click.Choice([".nq", ".nq.gz"]))
@click.option("--table", "kind", default=".csv", type=click.Choice([".csv", ".parquet"]))
@click.option("--work", type=click.Path(path_type=Path), default=Path("build/loading"))
def main(size: float, rows: float, suffix: str, kind: str, work: Path) -> None:
    """Measure loading: dumps beside Oxigraph's own bulk load, tables to a validated graph."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        if size:
            _dumps(work, int(size), suffix)
        if rows:
            _tables(work / "tables", int(rows), kind)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _dumps(work: Path, size: int, suffix: str) -> None:
    dump = work / f"dump{suffix}"
    write_dump(dump, size)
    click.echo(f"{size:,} statements, {dump.stat().st_size / 1e6:,.0f} MB as {suffix}")
    load = [*GOVGRAPH, "load", str(dump), "--store"]
    engines = {"govgraph load": load}
    if suffix == ".nq":
        engines["Oxigraph bulk load"] = [sys.executable, "-c", FLOOR, str(dump)]
    seconds = []
    for name, command in engines.items():
        database = work / "database"
        found = _run([*command, str(database)])
        disk = sum(path.stat().st_size for path in database.iterdir())
        shutil.rmtree(database)
        seconds.append(found["cpu"])
        click.echo(
            f"{name:20}{found['cpu']:8.1f} s CPU {found['wall']:8.1f} s {found['memory']:8,.0f} MB"
            f" of memory {disk / 1e6:8,.0f} MB on disk {size / found['cpu']:10,.0f} a second"
        )
    if len(seconds) == 2:
        click.echo(f"ratio to the floor: {seconds[0] / seconds[1]:.2f}")


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
