"""YAML as trees whose every value knows its line: case files, study.yaml, headers of queries.

LocatedMap     keys in order, each with its line
LocatedList    values
LocatedScalar  text as written, and whether it was quoted

What people write by hand is enough: anchors, aliases, merges and tags are refused, and what is
larger or deeper than a hand could write. Text is brought to one form of Unicode (NFC).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from govgraph.errors import SourceError
from govgraph.rdf.dumps import TOO_LONG, is_too_long, read_text

MOST_TEXT: Final = 50_000_000
"""Characters of one file of YAML; docs/limits.md lists this and the next."""
DEEPEST: Final = 50
"""Lists and mappings within one another."""
MOST_VALUES: Final = 2_000_000
"""Keys, values and list items of one file."""
_CUT: Final = re.compile(r" # *[^\s#]")  # ends a text, and may be meant as a part of it


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


def read_yaml(path: Path, shown: str) -> Located:
    """Read one YAML 1.1 document; raises SourceError, under the name `shown`, for any other."""
    return parse_yaml(read_text(path, shown, MOST_TEXT), shown)


def parse_yaml(text: str, shown: Path | str) -> Located:
    """Read a text as `read_yaml` reads a file."""
    if len(text) > MOST_TEXT:
        raise SourceError(f"more than {MOST_TEXT:,} characters of YAML. Split it.", shown)
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # each of them ends a line of YAML
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise SourceError("a tab indents this line. Use spaces.", shown, number)
    try:
        return _Composer(text, shown).tree()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(filter(None, (error.context, error.problem)))
        line_number = text.count("\n", 0, mark.index) + 1 if mark else None
        hint = f"Check colons, quotes and brackets here and above{_beside(text, line_number or 0)}."
        raise SourceError(f"not YAML: {problem}. {hint}", shown, line_number) from None
    except yaml.reader.ReaderError as error:
        character = f"the character U+{ord(text[error.position]):04X}, which YAML does not allow"
        line_number = text.count("\n", 0, error.position) + 1
        raise SourceError(f"not YAML: {character}. Delete it.", shown, line_number) from None


def _beside(text: str, number: int) -> str:
    """Say which line to compare with one that cannot be read."""
    lines = enumerate(text.split("\n")[:number], 1)
    columns = {n: len(t) - len(t.lstrip()) for n, t in lines if t.partition("#")[0].strip()}
    here, above = columns.pop(number, 0), max(columns, default=0)
    if columns.get(above, here) == here:
        return ""
    places = f"this line begins in column {here + 1}, line {above} in column {columns[above] + 1}"
    return f", and indentation: {places}, and keys of one thing begin in one"


class _Composer:
    """Makes a tree of the events of one document, without recursion."""

    def __init__(self, text: str, shown: Path | str):
        self.text, self.shown = text, shown
        self.line, self.index = 1, 0
        self.open: list[LocatedList | LocatedMap] = []
        self.keys: list[LocatedScalar | None] = []
        """For each open value the key that waits for its value; None in a list, or before a key."""
        self.root: Located | None = None

    def tree(self) -> Located:
        documents = 0
        event: Any
        for number, event in enumerate(yaml.parse(self.text, yaml.CSafeLoader)):
            # lines as editors count them: for YAML some more characters end one
            self.line += self.text.count("\n", self.index, event.start_mark.index)
            self.index = max(self.index, event.start_mark.index)
            if isinstance(event, yaml.ScalarEvent):
                self.check(event)
                text = unicodedata.normalize("NFC", event.value)
                self.add(LocatedScalar(text, self.line, not event.style))
            elif isinstance(event, yaml.CollectionEndEvent):
                self.open.pop()
                self.keys.pop()
            elif isinstance(event, yaml.CollectionStartEvent):
                self.check(event)
                self.begin(event)
            elif isinstance(event, yaml.AliasEvent):
                self.refuse(f"the alias '*{event.anchor}'. Write out what it stands for.")
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse("a second document after '---'. A file holds one.")
            if number > MOST_VALUES:
                self.refuse(f"more than {MOST_VALUES:,} values. Split the file.")
        if self.root is None or (isinstance(self.root, LocatedScalar) and self.root.is_empty):
            message = "the file is empty. `govgraph new case` writes a template."
            raise SourceError(message, self.shown)
        return self.root

    def refuse(self, found: str) -> None:
        raise SourceError(f"found {found}", self.shown, self.line)

    def check(self, event: Any) -> None:
        """Refuse what nobody writes by hand, or what would mean something that nobody reads."""
        if event.anchor:
            self.refuse(f"the anchor '&{event.anchor}'. Put the text in quotes, or out.")
        if event.tag and event.tag != "!":
            self.refuse(f"the tag {event.tag!r}. Put the text in quotes, or take it out.")
        if isinstance(event, yaml.ScalarEvent):
            if is_too_long(event.value):
                self.refuse(TOO_LONG)
            cut = not event.style and _CUT.match(self.text, event.end_mark.index)  # type: ignore[union-attr]
            if cut and (cut[0][2] != " " or any(map(str.isalpha, event.value))):
                hint = "Put the text in quotes; before a remark write two blanks."
                self.refuse(f"` #` behind {event.value[-40:]!r}, which ends a text. {hint}")

    def begin(self, event: Any) -> None:
        """Open a list or mapping."""
        if len(self.open) >= DEEPEST:
            self.refuse(f"more than {DEEPEST} levels within one another. Give nodes ids.")
        is_list = isinstance(event, yaml.SequenceStartEvent)
        value = LocatedList([], self.line) if is_list else LocatedMap(line=self.line)
        self.add(value)
        self.open.append(value)
        self.keys.append(None)

    def add(self, value: Located) -> None:
        """Put a value where it belongs: it is the root, an item of a list, a key or its value."""
        if not self.open:
            self.root = value
            return
        holder = self.open[-1]
        if isinstance(holder, LocatedList):
            holder.items.append(value)
        elif (key := self.keys[-1]) is not None:
            holder.entries[key.text] = (key.line, value)
            self.keys[-1] = None
        elif not isinstance(value, LocatedScalar):
            self.refuse("a list or map, but a key must be a word.")
        elif value.text in holder.entries:
            first = holder.entries[value.text][0]
            message = f"the key {value.text!r} stands twice (first on line {first}). Join them, or"
            hint = "begin one further right or left, where the keys of its thing begin."
            raise SourceError(f"{message} {hint}", self.shown, value.line)
        else:
            self.keys[-1] = value


_TYPES: Final[Any] = yaml.resolver.Resolver()


def plain_data(tree: Located) -> Any:
    """Return what a tree holds as YAML 1.1 types it; raises ValueError for a wrong value."""
    if isinstance(tree, LocatedMap):
        return {key: plain_data(value) for key, _, value in tree.items()}
    if isinstance(tree, LocatedList):
        return [plain_data(item) for item in tree.items]
    if not tree.plain:
        return tree.text
    tag = _TYPES.resolve(yaml.ScalarNode, tree.text, (True, False))
    return yaml.constructor.SafeConstructor().construct_object(yaml.ScalarNode(tag, tree.text))
