"""YAML as trees whose every value knows its line.

LocatedMap     keys in order, each with its line
LocatedList    values
LocatedScalar  text as written, and whether it was quoted
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from govgraph.errors import SourceError
from govgraph.rdf.dumps import read_text


@dataclass(slots=True)
class LocatedScalar:
    """A value as written; `plain` is False where it stood in quotes."""

    text: str
    line: int
    plain: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written, or YAML's null."""
        return self.plain and self.text in ("", "~", "null")


@dataclass(slots=True)
class LocatedList:
    """Values in order."""

    items: list[Located]
    line: int


@dataclass(slots=True)
class LocatedMap:
    """Keys with the line each stands on, and their values."""

    entries: dict[str, tuple[int, Located]] = field(default_factory=dict)
    line: int = 1

    def get(self, key: str) -> Located | None:
        """Return the value of `key`, or None."""
        entry = self.entries.get(key)
        return entry[1] if entry else None

    def items(self) -> Iterator[tuple[str, int, Located]]:
        """Yield key, line of the key and value."""
        for key, (line, value) in self.entries.items():
            yield key, line, value


Located: TypeAlias = LocatedScalar | LocatedList | LocatedMap


class _UntypedLoader(yaml.CSafeLoader):
    """Composes nodes without guessing their types: the context says what a value is."""

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        """Give every node the same tag; PyYAML's own rules cost a third of the reading."""
        return ""

    def descend_resolver(self, parent: object, index: object) -> None:
        """Do nothing: no tag depends on where a node stands."""

    def ascend_resolver(self) -> None:
        """Do nothing."""


def read_yaml(path: Path, shown: str) -> Located:
    """Read one YAML 1.1 document; raises SourceError, under the name `shown`, for any other."""
    return parse_yaml(read_text(path, shown), shown)


def parse_yaml(text: str, shown: Path | str) -> Located:
    """Read a text as `read_yaml` reads a file."""
    for number, line in enumerate(text.splitlines(), 1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise SourceError("a tab indents this line. Use spaces.", shown, number)
    try:
        node = _UntypedLoader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line_number = mark.line + 1 if mark else None
        problem = " ".join(filter(None, (error.context, error.problem)))
        hint = "Check indentation, colons and quotes here and on the line above."
        raise SourceError(f"not YAML: {problem}. {hint}", shown, line_number) from None
    except yaml.YAMLError as error:
        raise SourceError(f"not YAML: {error}".replace("\n", " "), shown) from None
    if node is None:
        raise SourceError("the file is empty. `govgraph new case` writes a template.", shown)
    return _from_yaml(node, shown)


def _from_yaml(node: yaml.Node, shown: Path | str) -> Located:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return LocatedScalar(node.value, line, plain=not node.style)
    if isinstance(node, yaml.SequenceNode):
        return LocatedList([_from_yaml(item, shown) for item in node.value], line)
    result = LocatedMap(line=line)
    for key, value in node.value:
        key_line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise SourceError("a key must be a word, found a list or map.", shown, key_line)
        if key.value in result.entries:
            first = result.entries[key.value][0]
            message = f"the key {key.value!r} stands twice (first on line {first}). Keep one."
            raise SourceError(message, shown, key_line)
        result.entries[key.value] = (key_line, _from_yaml(value, shown))
    return result
