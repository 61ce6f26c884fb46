"""Results as Markdown: a table for each stage, and the figures to reach."""

from __future__ import annotations

from typing import Final

from benchmarks.figures import FIGURES
from benchmarks.measure import Measurement
from benchmarks.results import Results
from benchmarks.workload import STUDY

STAGES: Final = {
    "build": "Whole build, cold process, everything written",
    "parse": "Parse: case files (YAML, CSV) into statements",
    "load": "Load: N-Quads into a store",
    "reason": "Reason: OWL 2 RL, what follows added to the store",
    "validate": "Validate: the closure against the shapes",
    "queries": "Queries: ten stored queries, once each",
    "explain": "Explain: the proofs of a hundred inferred statements",
    "write": "Write: N-Quads, TriG, JSON-LD, and Turtle of the union",
}
"""Stage -> its heading, in the order of the report."""

OTHERS: Final = ("by hand", "reference", "floor")
BEGIN, END = "<!-- benchmark: begin -->", "<!-- benchmark: end -->"


def markdown(results: Results) -> str:
    """Return all tables; without the time of day, so that the same results give the same text."""
    parts = [f"Measured on {results.machine}."]
    parts += [_figures(results), _agreement(results)]
    parts += [table for stage in STAGES if (table := _stage(results, stage))]
    return "\n\n".join(parts) + "\n"


def insert(page: str, results: Results) -> str:
    """Return a page with the tables between its two markers."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{markdown(results)}\n{END}{after}"


def _figures(results: Results) -> str:
    lines = ["| work | to reach | measured | |", "|---|---|---|---|"]
    verdicts = {True: "reached", False: "**missed**", None: ""}
    for each in FIGURES:
        verdict = verdicts[each.reached(results)]
        lines.append(f"| {each.work} | {each.wanted} | {each.shown(results)} | {verdict} |")
    return "\n".join(lines)


def _agreement(results: Results) -> str:
    """Return a table of what the engines answered, so that speed is not bought with errors."""
    head = ["statements", "inferred", "by owlrl", "seeded errors", "found", "by pySHACL"]
    head += ["rows of queries", "by rdflib"]
    lines = [_row(head), _row(["---:"] * len(head))]
    columns = (
        ("reason", "govgraph"), ("reason", "reference"), ("validate", "govgraph"),
        ("validate", "reference"), ("queries", "govgraph"), ("queries", "by hand"),
    )  # fmt: skip
    for size in results.sizes():
        found = [results.find(stage, engine, size) for stage, engine in columns]
        answers = ["" if each is None else f"{each.answer:,}" for each in found]
        if any(found):
            first = next(each for each in found if each)
            seeded = "" if first.errors is None else f"{first.errors:,}"
            lines.append(_row([_name(first), *answers[:2], seeded, *answers[2:]]))
    return "\n".join(lines)


def _name(measurement: Measurement) -> str:
    return f"{measurement.statements:,}" + (" (the study)" if measurement.size == STUDY else "")


def _stage(results: Results, stage: str) -> str:
    sizes = [size for size in results.sizes() if results.find(stage, "govgraph", size)]
    if not sizes:
        return ""
    others = [e for e in OTHERS if any(results.find(stage, e, size) for size in sizes)]
    head = ["statements", "govgraph", "per second", "memory", *others]
    lines = [f"### {STAGES[stage]}", "", _row(head), _row(["---:"] * len(head))]
    for size in sizes:
        mine = results.find(stage, "govgraph", size)
        assert mine is not None
        speed = "" if stage in ("queries", "explain") else f"{mine.statements / mine.cpu:,.0f}"
        cells = [_name(mine), _seconds(mine), speed, f"{mine.memory:,.0f} MB"]
        cells += [_other(results, stage, engine, size) for engine in others]
        lines.append(_row(cells))
    growth = [results.growth(stage, engine) for engine in ("govgraph", *others)]
    if any(growth):
        cells = ["–" if each is None else f"{each:.2f}" for each in growth]
        lines.append(_row(["growth exponent", cells[0], "", "", *cells[1:]]))
    return "\n".join(lines)


def _other(results: Results, stage: str, engine: str, size: str) -> str:
    found, ratio = results.find(stage, engine, size), results.ratio(stage, engine, size)
    return "not run" if found is None else f"{_seconds(found)} ({_times(ratio)})"


def _times(ratio: float | None) -> str:
    if ratio is None:
        return ""
    return f"{ratio:,.0f}×" if ratio >= 9.5 else f"{ratio:.2g}×"


def _seconds(measurement: Measurement) -> str:
    seconds = measurement.cpu
    return f"{seconds:,.0f} s" if seconds >= 100 else f"{seconds:.3g} s"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
