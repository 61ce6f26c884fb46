"""What differs between two sources, graph by graph, and how it is written down."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from govgraph.store.comparing import Difference, compare
from govgraph.store.graph_sources import GraphSource
from govgraph.store.statements import in_order

DEFAULT_GRAPH: Final = "the default graph"


def summary(found: Sequence[Difference]) -> str:
    """Return in a line how much differs: graphs, statements, those written otherwise."""
    rewritten = sum(difference.rewritten for difference in found)
    of_value = f"; {rewritten:,} statements written otherwise, of the same value"
    otherwise = of_value if rewritten else ""
    different = [difference for difference in found if not difference.equal]
    if not different:
        return f"equal: {len(found):,} graphs{otherwise}"
    graphs = f"{len(different):,} of {len(found):,} graphs"
    in_a = sum(len(difference.only_a) for difference in different)
    in_b = sum(len(difference.only_b) for difference in different)
    return f"different: {graphs}, {in_a:,} statements only in A, {in_b:,} only in B{otherwise}"


def differences(a: GraphSource, b: GraphSource) -> Iterator[Difference]:
    """Yield what differs in each graph that A or B has, equal ones included, in order."""
    in_a, in_b = a.counts(), b.counts()
    both = in_order(dict.fromkeys((*in_a, *in_b), 0))
    # Each source is read once, in the same order, so that only a few graphs are held at a time.
    of_a = a.read({graph: in_a[graph] for graph in both if graph in in_a})
    of_b = b.read({graph: in_b[graph] for graph in both if graph in in_b})
    for graph in both:
        lines_a = next(of_a)[1] if graph in in_a else []
        lines_b = next(of_b)[1] if graph in in_b else []
        yield compare(graph, lines_a, lines_b)


def as_text(differences: Iterable[Difference]) -> Iterator[str]:
    """Yield lines to read: each graph, then what only A has (-) and what only B has (+)."""
    for difference in differences:
        if not difference.equal:
            yield f"{difference.graph or DEFAULT_GRAPH}\n"
            yield from (f"- {line.decode()}" for line in difference.only_a)
            yield from (f"+ {line.decode()}" for line in difference.only_b)
