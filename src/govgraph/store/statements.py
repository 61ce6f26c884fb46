"""Graphs as lines of N-Triples in one order, blank nodes named by content; two of them compared.

A graph here is a sorted list of distinct lines, each as pyoxigraph writes it, with its line feed.
A blank node is labelled by a digest of the statements it hangs together with, so that the same
statements give the same lines wherever they come from, and a change elsewhere changes no label.

Stores rewrite literals: Virtuoso makes "007" 7, 1.50 1.5, "EN" "en", and keeps fifteen digits of a
decimal. Statements whose literals have the same value are the same statement here; how many are
written otherwise is counted. Values are compared as answers of queries are (`results.values`).
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

import pyoxigraph as ox

from govgraph.rdf.terms import Term
from govgraph.results.values import canonical_term

Lines = list[bytes]
Item = TypeVar("Item")

BLANK: Final = b"_:"
VALUE: Final = "urn:govgraph:value:"
DEFAULT_GRAPH: Final = "the default graph"


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

    def renamed(term: Any) -> Any:
        is_blank = isinstance(term, ox.BlankNode)
        return ox.BlankNode(f"{prefix}n{term.value[4:]}") if is_blank else term  # after "c14n"

    return sorted(written(with_terms(quad.triple, renamed) for quad in dataset))


def with_terms(triple: ox.Triple, make: Callable[[Any], Any]) -> ox.Triple:
    """Return what `make` makes of subject and object, in the triples within a triple too."""
    subject, value = (
        with_terms(term, make) if isinstance(term, ox.Triple) else make(term)
        for term in (triple.subject, triple.object)
    )
    return ox.Triple(subject, triple.predicate, value)


def blank_nodes(term: Term) -> list[str]:
    """Return the labels of the blank nodes in a term or triple."""
    match term:
        case ox.BlankNode():
            return [term.value]
        case ox.Triple():
            return [*blank_nodes(term.subject), *blank_nodes(term.object)]
        case _:
            return []


@dataclass(frozen=True)
class Difference:
    """What differs between two graphs of one name.

    `only_a` and `only_b` are sorted lines of N-Triples; `rewritten` is how many statements of A
    stand in B with the same value, written otherwise.
    """

    graph: str
    only_a: Lines
    only_b: Lines
    rewritten: int = 0

    @property
    def equal(self) -> bool:
        """Whether both hold the same statements by value."""
        return not self.only_a and not self.only_b


def compare(graph: str, a: Lines, b: Lines) -> Difference:
    """Compare two graphs, each settled lines."""
    if a == b:
        return Difference(graph, [], [])
    both = set(a) & set(b)
    changed = [line for line in (*a, *b) if line not in both]
    # A store that takes 7 and 7.0 for one keeps one of them, which is in both graphs then; and
    # labels depend on the literals too, so that all blank nodes must be looked at anew.
    about, blank = {_subject_and_predicate(line) for line in changed}, names_blank(changed)
    same = {x for x in both if not (blank if BLANK in x else _subject_and_predicate(x) in about)}
    left, right = (_by_value([line for line in lines if line not in same]) for lines in (a, b))
    return Difference(
        graph,
        sorted(line for value in left.keys() - right.keys() for line in left[value]),
        sorted(line for value in right.keys() - left.keys() for line in right[value]),
        sum(not set(right[value]).issuperset(left[value]) for value in left.keys() & right.keys()),
    )


def _subject_and_predicate(line: bytes) -> bytes:
    return line[: line.index(b" ", line.index(b" ") + 1)]


def _by_value(lines: Lines) -> dict[object, Lines]:
    """Return lines by the value of their statement; those that share blank nodes by that of all.

    Of several sets of equal value each has a number.
    """
    lines_of: dict[object, Lines] = defaultdict(list)
    triples = parsed(lines)
    for line, triple in zip(lines, triples, strict=True):
        if not blank_nodes(triple):
            lines_of[with_terms(triple, _valued)].append(line)
    seen: Counter[str] = Counter()
    for group in components(triples):
        value = digest([with_terms(triple, _valued) for triple in group])
        lines_of[value, seen[value]] = settled(written(group))
        seen[value] += 1
    return lines_of


def _valued(term: Any) -> Any:
    """Return a term; a literal is written in the one form of its value."""
    if not isinstance(term, ox.Literal):
        return term
    kind, text, *rest = canonical_term(term)
    language, datatype = rest or ("", f"{VALUE}{kind}")
    if language:
        return ox.Literal(text, language=language)
    return ox.Literal(text, datatype=ox.NamedNode(datatype))


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


def as_text(differences: Iterable[Difference]) -> Iterator[str]:
    """Yield lines to read: each graph, then what only A has (-) and what only B has (+)."""
    for difference in differences:
        if not difference.equal:
            yield f"{difference.graph or DEFAULT_GRAPH}\n"
            yield from (f"- {line.decode()}" for line in difference.only_a)
            yield from (f"+ {line.decode()}" for line in difference.only_b)
