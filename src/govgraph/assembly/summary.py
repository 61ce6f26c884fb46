"""What a build says of itself when it is done."""

from __future__ import annotations

from collections import Counter

from govgraph.assembly.assemble import Assembly
from govgraph.rdf.metadata import graph_sizes
from govgraph.shapes.validation import SEVERITIES, Report
from govgraph.vocabulary import BASE, PASSAGE_PREFIX


def summary(assembly: Assembly, report: Report) -> str:
    """Return what a build read, inferred and found: six lines of a word and a count."""
    sizes = {graph.value: size for graph, size in graph_sizes(assembly.store).items()}
    passages = [size for name, size in sizes.items() if name.startswith(PASSAGE_PREFIX)]
    stated = [size for name, size in sizes.items() if not name.startswith(f"{BASE}graph/")]
    editorial = [size for name, size in sizes.items() if name.startswith(f"{BASE}graph/editorial/")]
    return "\n".join(
        (
            f"read       {len(assembly.files)} files",
            f"stated     {sum(stated):,} statements in {len(passages):,} passages",
            f"editorial  {sum(editorial):,} statements",
            f"ontology   {sizes.get(f'{BASE}graph/ontology', 0):,} statements",
            f"inferred   {sizes.get(f'{BASE}graph/inferred', 0):,} statements",
            f"validated  {verdict(report)}",
        )
    )


def verdict(report: Report) -> str:
    """Return one line: conforms, or how many results of each severity there are."""
    if report.conforms:
        return "conforms to the shapes"
    counts = Counter(result.severity for result in report.results)
    numbers = ", ".join(f"{counts[name]} {name}" for name in reversed(SEVERITIES) if counts[name])
    start = "does not conform" if report.at_least("Violation") else "nothing wrong, but to look at"
    return f"{start}: {numbers} (see validation.csv or `govgraph validate`)"
