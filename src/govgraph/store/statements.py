"""The statements of one graph as lines of N-Triples, in one order, blank nodes named by content.

A graph here is a sorted list of distinct lines, each as pyoxigraph writes it, with its line feed.
A blank node is labelled by a digest of the statements it hangs together with, so that the same
statements give the same lines wherever they come from, and a change elsewhere changes no label.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

import pyoxigraph as ox

from govgraph.rdf.terms import Term

Lines = list[bytes]
Item = TypeVar("Item")

BLANK: Final = b"_:"


def settled(lines: Iterable[bytes]) -> Lines:
    """Return lines sorted, each once, their blank nodes labelled by content."""
    distinct = set(lines)
    if not names_blank(distinct):
        return sorted(distinct)
    plain = [line for line in distinct if BLANK not in line]
    triples = parsed(line for line in distinct if BLANK in line)
    plain += written(triple for triple in triples if not blank_nodes(triple))
    seen: Counter[str] = Counter()
    for group in components(triples):
        name = digest(group)
        plain += _named(group, f"g{name}x{seen[name]}" if seen[name] else f"g{name}")
        seen[name] += 1
    return sorted(set(plain))


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield items in their order, at most `size` at a time."""
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Return graphs in the order in which files hold them."""
    return {graph: counts[graph] for graph in sorted(counts, key=lambda graph: f"<{graph}>")}


def names_blank(lines: Iterable[bytes]) -> bool:
    """Whether one of the lines may name a blank node; a literal may look as if it did."""
    return BLANK in b"".join(lines)  # much faster than to look line by line


def checksum(lines: Iterable[bytes]) -> str:
    """Return the SHA-256 of settled lines."""
    return hashlib.sha256(b"".join(lines)).hexdigest()


def parsed(lines: Iterable[bytes]) -> list[ox.Triple]:
    """Return the triples of lines of N-Triples, in their order.

    Raises SyntaxError for what is not N-Triples.
    """
    return [quad.triple for quad in ox.parse(b"".join(lines), format=ox.RdfFormat.N_TRIPLES)]


def written(triples: Iterable[ox.Triple]) -> Lines:
    """Return triples as lines, in their order."""
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return text.splitlines(keepends=True)


def components(triples: Iterable[ox.Triple]) -> list[list[ox.Triple]]:
    """Return the triples with blank nodes, those connected by some of them together.

    RDFC-1.0 numbers the blank nodes of a whole graph: one more may shift them all. So each set of
    statements that share blank nodes is labelled by itself.
    """
    import networkx as nx

    held = [(triple, nodes) for triple in triples if (nodes := blank_nodes(triple))]
    shared: nx.Graph = nx.Graph()
    for _, nodes in held:
        nx.add_star(shared, nodes)
    parts = enumerate(nx.connected_components(shared))
    number_of = {node: number for number, part in parts for node in part}
    groups: dict[int, list[ox.Triple]] = defaultdict(list)
    for triple, nodes in held:
        groups[number_of[nodes[0]]].append(triple)
    return list(groups.values())


def digest(group: Sequence[ox.Triple]) -> str:
    """Return 16 hexadecimal digits, the same for groups that differ only in labels (RDFC-1.0)."""
    return checksum(_named(group, "c"))[:16]


def _named(group: Iterable[ox.Triple], prefix: str) -> Lines:
    """Return a group as sorted lines, its blank nodes labelled canonically after a prefix."""
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in group)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(written(_renamed(quad.triple, prefix) for quad in dataset))


def _renamed(term: Any, prefix: str) -> Any:
    match term:
        case ox.BlankNode():
            return ox.BlankNode(f"{prefix}n{term.value[4:]}")  # after "c14n"
        case ox.Triple():
            subject, value = _renamed(term.subject, prefix), _renamed(term.object, prefix)
            return ox.Triple(subject, term.predicate, value)
        case _:
            return term


def blank_nodes(term: Term) -> list[str]:
    """Return the labels of the blank nodes in a term or triple."""
    match term:
        case ox.BlankNode():
            return [term.value]
        case ox.Triple():
            return [*blank_nodes(term.subject), *blank_nodes(term.object)]
        case _:
            return []
