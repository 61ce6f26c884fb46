"""What a build says of itself when it is done."""

from __future__ import annotations

from collections import Counter

from govgraph.assembly.assemble import Assembly
from govgraph.assembly.metadata import graph_sizes
from govgraph.shapes.validation import SEVERITIES, Report
from govgraph.vocabulary import INFERRED_GRAPH, ONTOLOGY_GRAPH


def summary(assembly: Assembly, report: Report) -> str:
    """Return what a build read, inferred and found: six lines of a word and a count."""
    sizes = {graph.value: size for graph, size in graph_sizes(assembly.store).items()}
    names = assembly.names
    passages = [size for name, size in sizes.items() if names.of_kind(name, "passage")]
    stated = [size for name, size in sizes.items() if not names.of_kind(name, "graph")]
    editorial = [size for name, size in sizes.items() if names.of_kind(name, "graph/editorial")]
    return "\n".join(
        (
            f"read       {len(assembly.files)} files",
            f"stated     {sum(stated):,} statements in {len(passages):,} passages",
            f"editorial  {sum(editorial):,} statements",
            f"ontology   {sizes.get(ONTOLOGY_GRAPH, 0):,} statements",
            f"inferred   {sizes.get(INFERRED_GRAPH, 0):,} statements",
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
