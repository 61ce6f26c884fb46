"""What differs between two sources, graph by graph, and how it is written down."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from govgraph.store.comparing import Difference, compare
from govgraph.store.graph_sources import GraphSource
from govgraph.store.statements import Lines, in_order

DEFAULT_GRAPH: Final = "the default graph"


def summary(found: Sequence[Difference]) -> str:
    """Return in a line how much differs: graphs, statements, those written otherwise."""
    rewritten = sum(difference.rewritten for difference in found)
    otherwise = (
        f"; {rewritten:,} statements written otherwise, of the same value" if rewritten else ""
    )
    different = [difference for difference in found if not difference.equal]
    if not different:
        return f"equal: {len(found):,} graphs{otherwise}"
    only_a, only_b = (
        sum(len(getattr(difference, name)) for difference in different)
        for name in ("only_a", "only_b")
    )
    return (
        f"different: {len(different):,} of {len(found):,} graphs, {only_a:,} statements"
        f" only in A, {only_b:,} only in B{otherwise}"
    )


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


def as_quads(lines: Lines, graph: str) -> bytes:
    """Return the statements of a graph as N-Quads."""
    text = b"".join(lines)
    # a line feed within a literal is escaped, so that this is the end of each line
    return text.replace(b" .\n", f" <{graph}> .\n".encode()) if graph else text


def as_text(differences: Iterable[Difference]) -> Iterator[str]:
    """Yield lines to read: each graph, then what only A has (-) and what only B has (+)."""
    for difference in differences:
        if not difference.equal:
            yield f"{difference.graph or DEFAULT_GRAPH}\n"
            yield from (f"- {line.decode()}" for line in difference.only_a)
            yield from (f"+ {line.decode()}" for line in difference.only_b)


def as_patch(differences: Iterable[Difference]) -> Iterator[str]:
    """Yield an RDF Patch that makes B of A: deletions (D) and additions (A) in N-Quads."""
    yield "TX .\n"
    for difference in differences:
        for sign, lines in (("D", difference.only_a), ("A", difference.only_b)):
            quads = as_quads(lines, difference.graph).decode()
            yield from (f"{sign} {line}\n" for line in quads.split("\n") if line)
    yield "TC .\n"


FORMATS: Final[dict[str, Callable[[Iterable[Difference]], Iterator[str]]]] = {
    "text": as_text,
    "patch": as_patch,
}
