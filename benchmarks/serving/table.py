"""Measurements as Markdown: a table for each data set, and the figures to reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.serving.measures import CLIENTS, Measured

MARK = "serving benchmark"


def markdown(found: Sequence[Measured], counts: dict[str, int], machine: str, floor: float) -> str:
    """Return all tables."""
    parts = [
        f"{machine}. The clients alone, before a server that does nothing: {floor:,.0f} answers"
        " a second.\n"
    ]
    for data in dict.fromkeys(each.data for each in found):
        parts.append(_table([each for each in found if each.data == data], data, counts[data]))
    return "\n".join([*parts, _figures(found)])


def _table(found: Sequence[Measured], data: str, count: int) -> str:
    heading = f"| {data}, {count:,} triples | {' | '.join(each.name for each in found)} |"
    rows = [heading, "|---" * (len(found) + 1) + "|"]

    def row(title: str, cell: Callable[[Measured], str]) -> None:
        rows.append(f"| {title} | {' | '.join(cell(each) for each in found)} |")

    row("ready, s", lambda each: f"{each.ready:.2f}")
    for clients in CLIENTS:
        row(
            f"cheap SELECT, {clients} client{'s' * (clients > 1)}, answers/s (p95, ms)",
            _cheap(clients),
        )
    row("aggregate, s", lambda each: f"{each.aggregate:.3f}")
    row("300,000 rows, first byte, s", lambda each: f"{each.first:.3f}")
    row("300,000 rows, all, s", lambda each: f"{each.total:.2f}")
    row("… memory, MB (more than for 30,000)", lambda e: f"{e.megabytes:.0f} ({e.growth:+.0f})")
    row("128 clients, requests: errors", _crowd)
    rows += ["", "| asked again, ms | first | 304 |", "|---|---|---|"]
    for each in found:
        for kind, repeat in each.repeats.items():
            cells = (repeat.fresh, repeat.unchanged)
            rows.append(f"| {kind} | {' | '.join(f'{cell * 1000:.2f}' for cell in cells)} |")
    return "\n".join(rows) + "\n"


def _cheap(clients: int) -> Callable[[Measured], str]:
    def cell(each: Measured) -> str:
        load = each.cheap[clients]
        return f"{load.throughput:,.0f} ({load.percentile(0.95) * 1000:.0f})"

    return cell


def _crowd(each: Measured) -> str:
    return f"{len(each.crowd.latencies):,}: {each.crowd.errors}" if each.crowd else "—"


def _figures(found: Sequence[Measured]) -> str:
    """Return a table of what was to be reached, with what was."""
    rows = ["| figure | to reach | data | reached | |", "|---|---|---|---|---|"]
    for data in dict.fromkeys(each.data for each in found):
        by_name = {each.name: each for each in found if each.data == data}
        for title, goal, reached, good in _checks(by_name):
            rows.append(
                f"| {title} | {goal} | {data} | {reached} | {'yes' if good else '**no**'} |"
            )
    return "\n".join(rows) + "\n"


def _checks(by_name: dict[str, Measured]) -> Iterable[tuple[str, str, str, bool]]:
    ours, rdflib = by_name["govgraph"], by_name.get("rdflib-endpoint")
    oxigraph = by_name.get("oxigraph")
    yield "ready", "≤ 1.5 s", f"{ours.ready:.2f} s", ours.ready <= 1.5
    p95 = ours.cheap[8].percentile(0.95) * 1000
    if rdflib:
        ratio = ours.cheap[8].throughput / rdflib.cheap[8].throughput
        yield "cheap SELECT, 8 clients", "≥ 5 × rdflib-endpoint", f"{ratio:.1f} ×", ratio >= 5
    yield "… p95", "≤ 50 ms", f"{p95:.0f} ms", p95 <= 50
    if rdflib:
        ratio = rdflib.aggregate / ours.aggregate
        yield "aggregate", "≥ 20 × rdflib-endpoint", f"{ratio:.0f} ×", ratio >= 20
    yield "300,000 rows, first byte", "≤ 0.1 s", f"{ours.first:.3f} s", ours.first <= 0.1
    if oxigraph:
        ratio = ours.total / oxigraph.total
        yield "… all", "≤ 3 × the oxigraph server", f"{ratio:.1f} ×", ratio <= 3
    yield "… memory, beside 30,000 rows", "flat", f"{ours.growth:+.0f} MB", ours.growth <= 50
    if ours.crowd:
        asked = f"{len(ours.crowd.latencies):,} requests"
        yield f"128 clients, {asked}", "0 errors", str(ours.crowd.errors), not ours.crowd.errors
    for kind, repeat in ours.repeats.items():
        ratio = repeat.fresh / repeat.unchanged
        yield f"{kind} again: 304", "≥ 1.5 × faster", f"{ratio:.1f} ×", ratio >= 1.5


def insert(page: Path, text: str, mark: str = MARK) -> None:
    """Put a text into a page, between its two marks; raises ValueError where they are not there."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    content = page.read_text(encoding="utf-8")
    before, found, rest = content.partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"{page} has no {begin} and {end}")
    page.write_text(f"{before}{begin}\n{text}{end}{after}", encoding="utf-8")
