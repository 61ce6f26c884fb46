"""The brief way to write a case file -> the long one, which is YAML-LD.

id: {…}           where a list of things may stand: each by its id, with its keys
id: a text        a thing with that label; an id with a list is a passage and what it `says`
ids in a passage  what it `says`; ids at the top of a file are its `nodes`
name              a label that is the same in every language of the study
participants      actors by their role, instead of a `participation` for each
numbers           numbers by what they measure, instead of an `observation` for each
value: 12 days    a number and its unit
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from typing import Final

from govgraph.coding.yaml_lines import Located, LocatedList, LocatedMap, LocatedScalar
from govgraph.errors import SourceError

NAME: Final = "name"
_LISTS: Final = {
    "participants": ("participation", "role", "participant"),
    "nonParticipants": ("nonParticipation", "roleNotTaken", "nonParticipant"),
    "numbers": ("observation", "measure", "value"),
}
"""A brief list -> the key of what it stands for, and there those of its own keys and values."""
BRIEF_KEYS: Final = (NAME, *_LISTS)
_AMOUNT: Final = re.compile(r"([+-]?[\d.,]+) +(\S+)")

Said = tuple[str, int, Located]
"""A key, its line, its value."""


def items_of(value: Located) -> list[Located]:
    """Return the values of a key that takes one or a list of them."""
    return value.items if isinstance(value, LocatedList) else [value]


def unfolded(
    tree: Located, shown: str, languages: Sequence[str] = (), own: Container[str] = ()
) -> Located:
    """Return the tree of the file `shown` in the long way; raises SourceError for what is none.

    `languages` are those of the study, `own` the words that have a meaning without this.
    """
    unfolding = _Unfolding(shown, languages, own)
    return unfolding.map(tree, "nodes") if isinstance(tree, LocatedMap) else tree


class _Unfolding:
    def __init__(self, shown: str, languages: Sequence[str], own: Container[str]):
        self.shown, self.languages, self.own = shown, languages, own

    def map(self, tree: LocatedMap, gathering: str = "") -> LocatedMap:
        """Unfold a thing; what ids among its keys name goes under the key `gathering`, if any."""
        result = LocatedMap(line=tree.line)
        for key, line, value in self.said(tree, gathering):
            items = items_of(value)
            if key in result.entries:  # in the brief and in the long way, or several
                known = items_of(result.entries[key][1])
                texts = [item.text for item in known if isinstance(item, LocatedScalar)]
                items = [*known, *(i for i in items if getattr(i, "text", None) not in texts)]
            several = isinstance(value, LocatedList) or len(items) > 1
            result.entries[key] = (line, LocatedList(items, line) if several else items[0])
        return result

    def said(self, tree: LocatedMap, gathering: str) -> Iterator[Said]:
        for key, line, value in tree.items():
            if gathering and _is_id(key):
                yield gathering, line, self.named(key, line, value, "")
            elif key in self.own or key not in BRIEF_KEYS:
                amount = _AMOUNT.fullmatch(value.text) if isinstance(value, LocatedScalar) else None
                if amount and key in ("value", "minimum", "maximum"):
                    yield key, line, LocatedScalar(amount[1], line)
                    if not tree.get("unit"):
                        yield "unit", line, LocatedScalar(amount[2], line)
                else:
                    yield key, line, self.values(value, "says" if key == "passages" else "")
            elif key == NAME:
                in_each = dict.fromkeys(self.languages, (line, value))
                yield "label", line, LocatedMap(in_each, line) if in_each else value
            else:
                for item in self.listed(key, line, value):
                    yield _LISTS[key][0], item.line, self.map(item)

    def values(self, value: Located, gathering: str) -> Located:
        """Unfold what stands under a key."""
        if isinstance(value, LocatedList):
            return LocatedList([self.values(item, gathering) for item in value.items], value.line)
        if not isinstance(value, LocatedMap):
            return value
        if value.entries and all(map(_is_id, value.entries)):
            things = [self.named(id_, line, each, gathering) for id_, line, each in value.items()]
            return LocatedList(things, value.line)
        return self.map(value, gathering)

    def named(self, id_: str, line: int, value: Located, gathering: str) -> Located:
        """Return the thing that stands under its id."""
        said: dict[str, tuple[int, Located]] = {}
        if isinstance(value, LocatedMap):
            said = value.entries
        elif isinstance(value, LocatedList):
            said = {"says": (line, value)}
        elif not value.is_empty:
            said = {"label": (line, value)}
        if "id" in said:
            message = f"this is {id_!r} by the key that it stands under. Remove its `id`."
            raise SourceError(message, self.shown, said["id"][0])
        said = {"id": (line, LocatedScalar(id_, line)), **said}
        return self.map(LocatedMap(said, line), gathering)

    def listed(self, key: str, line: int, value: Located) -> Iterator[LocatedMap]:
        """Yield what each item of a brief list stands for."""
        name, first, second = _LISTS[key]
        by_key = value.items() if isinstance(value, LocatedMap) else [("", line, value)]
        for word, word_line, items in by_key:
            for item in items_of(items):
                keys = {first: (word_line, LocatedScalar(word, word_line))} if word else {}
                if isinstance(item, LocatedMap) and second == "value":
                    yield LocatedMap({**keys, **item.entries}, item.line)
                elif isinstance(item, LocatedScalar) and (word or second != "value"):
                    yield LocatedMap({**keys, second: (item.line, item)}, item.line)
                else:
                    example = "{members: 12 persons}" if second == "value" else "{founder: actor/a}"
                    message = f"`{key}` is written as in {example}. All else goes under `{name}`."
                    raise SourceError(message, self.shown, item.line)


def _is_id(key: str) -> bool:
    """Whether a key is the id of a thing; words of the context have neither sign."""
    return "/" in key or ":" in key
