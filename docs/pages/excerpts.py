"""Pieces of case files and of the graph, pasted into the block below the comment that asks.

    <!-- excerpt FILE ID [in PASSAGE] [keys NAME …] [says ID …] -->   before a ```yaml block
    <!-- lines FILE FIRST LAST -->                                    before any block
    <!-- graph PASSAGE [ID …] -->                                     before a ```trig block
    <!-- mistakes -->                                                 before a table

FILE is a path in the repository. `keys` keeps only these keys of the node, `says` only these
nodes of its `says`; what is left out shows as `# …`. `graph` keeps the statements of the passage
whose subject is one of the ids.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Final

import pyoxigraph as ox
import yaml

from govgraph.assembly.assemble import choose_sources
from govgraph.vocabulary import PREFIXES
from pages.blocks import DOCS, ExampleError
from pages.markdown import FENCE
from pages.mistakes import mistakes_table

ROOT: Final = DOCS.parent
PASTE: Final = re.compile(r"^<!-- (excerpt|lines|graph|mistakes)\b *(.*?) *-->$")
LEFT_OUT: Final = "# …"
WIDEST: Final = 160


def paste(text: str, page: str, store: Callable[[], ox.Store]) -> str:
    """Return a page with its excerpts taken anew; raises ExampleError for one not found."""
    lines = text.split("\n")
    result: list[str] = []
    index = 0
    while index < len(lines):
        result.append(lines[index])
        found = PASTE.match(lines[index])
        index += 1
        if not found:
            continue
        kind, words = found[1], found[2].split()
        try:
            if kind == "mistakes":
                body, end = f"{mistakes_table()}\n", _after_table(lines, index)
            else:
                content = graph(store(), words) if kind == "graph" else PARTS[kind](words)
                fence = next(i for i in range(index, len(lines)) if FENCE.match(lines[i]))
                end = next(i for i in range(fence + 1, len(lines)) if lines[i] == "```") + 1
                body = f"{lines[fence]}\n{content.rstrip()}\n```"
        except LookupError as error:
            raise ExampleError(f"{page}:{index}: {error.args[0]}") from None
        result += ["", *body.split("\n")]
        index = end
    return "\n".join(result)


def _after_table(lines: list[str], start: int) -> int:
    """Return the index after the blank lines and the table that begin at `start`."""
    while start < len(lines) and not lines[start].strip():
        start += 1
    while start < len(lines) and lines[start].startswith("|"):
        start += 1
    while start < len(lines) and not lines[start].strip():
        start += 1
    return start


def numbered(words: list[str]) -> str:
    """Return lines of a file, counted from 1, both ends included."""
    path, first, last = words
    return "\n".join((ROOT / path).read_text("utf-8").splitlines()[int(first) - 1 : int(last)])


def excerpt(words: list[str]) -> str:
    """Return the text of one node of a YAML file; raises LookupError where it is not there."""
    path, identity, *rest = words
    wanted: dict[str, list[str]] = {}
    for word in rest:
        if word in ("in", "keys", "says"):
            wanted[word] = []
        else:
            wanted[list(wanted)[-1]].append(word)
    source = (ROOT / path).read_text("utf-8")
    root = yaml.compose(source, Loader=yaml.SafeLoader)
    within = wanted.get("in", [""])[0]
    for node in _nodes(root, identity, within):
        return _cut(source.split("\n"), node, wanted.get("keys"), wanted.get("says"))
    raise LookupError(f"{path} has no {identity}{f' in {within}' if within else ''}")


def _nodes(node: yaml.Node | None, identity: str, within: str) -> Iterator[yaml.MappingNode]:
    """Yield the maps with that id, inside the node with the id `within` where given."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _nodes(item, identity, within)
    elif isinstance(node, yaml.MappingNode):
        own = next((value.value for key, value in node.value if key.value == "id"), None)
        inside = "" if own == within else within
        if own == identity and not inside:
            yield node
        for _, value in node.value:
            yield from _nodes(value, identity, inside)


def _cut(
    lines: list[str], node: yaml.MappingNode, keys: list[str] | None, says: list[str] | None
) -> str:
    column = node.start_mark.column
    if node.flow_style:
        return lines[node.start_mark.line][column:].rstrip()
    starts = [key.start_mark.line for key, _ in node.value]
    ends = [*starts[1:], _last(lines, node, column)]
    kept: list[str] = []
    for (key, value), start, end in zip(node.value, starts, ends, strict=True):
        chosen = keys is None or key.value in keys
        if key.value == "says" and says is not None:
            kept.append(lines[start])
            kept += _said(lines, value, says)
        elif chosen:
            first = " " * column + lines[start][column:]
            kept += _without_end([first, *lines[start + 1 : end]])
        elif not kept or kept[-1].strip() != LEFT_OUT:
            kept.append(" " * column + LEFT_OUT)
    return textwrap.dedent("\n".join(kept))


def _said(lines: list[str], said: yaml.Node, ids: list[str]) -> Iterator[str]:
    """Yield the lines of the chosen nodes under `says`, and a mark where others are left out."""
    marked = False
    for node in said.value:
        column = node.start_mark.column
        own = next(value.value for key, value in node.value if key.value == "id")
        if own in ids:
            yield from _without_end(lines[node.start_mark.line : _last(lines, node, column)])
            marked = False
        elif not marked:
            yield " " * (column - 2) + LEFT_OUT
            marked = True


def _last(lines: list[str], node: yaml.Node, column: int) -> int:
    """Return the index after the last line that belongs to a block node at `column`."""
    end: int = node.end_mark.line
    if node.end_mark.column and end < len(lines):
        end += 1
    while end > node.start_mark.line + 1 and (
        not lines[end - 1].strip() or len(lines[end - 1]) - len(lines[end - 1].lstrip()) < column
    ):
        end -= 1
    return end


def _without_end(lines: list[str]) -> list[str]:
    """Return lines without the blank and comment lines at their end."""
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines = lines[:-1]
    return lines


PARTS: Final[dict[str, Callable[[list[str]], str]]] = {"excerpt": excerpt, "lines": numbered}


def graph(store: ox.Store, words: list[str]) -> str:
    """Return statements of one passage graph as TriG; raises LookupError where there are none."""
    passage, *ids = words
    base = choose_sources().main.base
    name = ox.NamedNode(base + passage)
    quads = sorted(store.quads_for_pattern(None, None, None, name), key=str)
    if ids:
        order = {str(ox.NamedNode(base + each)): number for number, each in enumerate(ids)}
        quads = [quad for quad in quads if str(quad.subject) in order]
        quads.sort(key=lambda quad: order[str(quad.subject)])
    if not quads:
        raise LookupError(f"the graph {passage} says nothing of {', '.join(ids) or 'anything'}")
    prefixes = {name: iri for name, iri in PREFIXES.items() if name in ("gg", "rdfs", "skos")}
    data = ox.serialize(quads, format=ox.RdfFormat.TRIG, prefixes=prefixes, base_iri=base)
    assert data is not None
    lines = data.decode().replace("\t", "  ").splitlines()
    heads = [line for line in lines if line.startswith(("@base ", "@prefix "))]
    body = "\n".join(map(_folded, lines[len(heads) :]))
    used = sorted(head for head in heads if head.startswith("@base ") or head.split()[1] in body)
    return "\n".join([*used, "", body])


def _folded(line: str) -> str:
    """Break the list of objects on a long line, one to a line."""
    return line if len(line) <= WIDEST else line.replace(" , ", " ,\n      ")
