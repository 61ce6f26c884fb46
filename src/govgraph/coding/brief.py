"""The brief way to write a case file -> the long one, which is YAML-LD.

id: {…}           where a list of things may stand: each by its id, with its keys
id: a text        a thing with that label; an id with a list is a passage and what it `says`
ids in a passage  what it `says`, but for a `sector`, which the coder `reads` into it; ids at the
                  top of a file are its `nodes`
label: a text     its label in the first language of the study; `name`: in every language; a list
                  has one for each language, in their order
participants      actors by their role, instead of a `participation` for each
numbers           numbers by what they measure, instead of an `observation` for each
sides             values of a conflict by the passage that holds them, instead of a `side` for each
value: 12 days    a number and its unit
defaults          atop of a file: what its things of a type have where they say nothing else

What has a label and no `type` is of the class that its id names: finding/x is a Finding.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from govgraph.coding.terms import Terms
from govgraph.coding.yaml_lines import Located, LocatedList, LocatedMap, LocatedScalar
from govgraph.errors import SourceError, did_you_mean

_LISTS: Final = {
    "participants": ("participation", "role", "participant"),
    "nonParticipants": ("nonParticipation", "roleNotTaken", "nonParticipant"),
    "numbers": ("observation", "measure", "value"),
    "sides": ("side", "heldIn", "conflictValue"),
}
"""A brief list -> the key of what it stands for, and there those of its own keys and values."""
READ: Final = "sector"
"""What no passage says: in brief a reading of the passage it stands in."""
BRIEF_KEYS: Final = ("name", *_LISTS)
_EXAMPLES: Final = {"numbers": "{members: 12 persons}", "sides": "{passage/report/1/3: in 2002}"}
_AMOUNTS: Final = ("value", "minimum", "maximum")
_AMOUNT: Final = re.compile(r"([+-]?[\d.,]+) +(\S+)")


def items_of(value: Located) -> list[Located]:
    """Return the values of a key that takes one or a list of them."""
    return value.items if isinstance(value, LocatedList) else [value]


class Unfolding:
    """Makes the tree of one file the long one.

    `languages` and `terms` are those of the study; a key of its own means what the study says.
    `described` are then the ids of what says or shows its type.
    """

    def __init__(self, shown: str, languages: Sequence[str], terms: Terms):
        self.shown, self.languages, self.terms = shown, languages, terms
        self.defaults: list[tuple[str, LocatedMap]] = []
        self.described: set[str] = set()

    def tree(self, tree: Located) -> Located:
        """Return the long tree of the file; raises SourceError for what cannot be read."""
        if isinstance(tree, LocatedMap) and "defaults" in tree.entries:
            self.read_defaults(*tree.entries.pop("defaults"))
        return self.map(tree, "nodes") if isinstance(tree, LocatedMap) else tree

    def read_defaults(self, line: int, value: Located) -> None:
        """Remember what things of a type have where they do not say otherwise."""
        by_type = value if isinstance(value, LocatedMap) else LocatedMap({"": (line, value)})
        for name, at, keys in by_type.items():
            if name not in self.terms.classes or not isinstance(keys, LocatedMap):
                near = did_you_mean(name, self.terms.classes)
                hint = " Begin it further left." if is_id(name) else near
                message = "`defaults` takes types with keys, such as {Finding: {case: case/a}}"
                raise SourceError(f"{message}, found {name!r}.{hint}", self.shown, at)
            if "id" in keys.entries:
                message = "`defaults` are of several things: remove `id`."
                raise SourceError(message, self.shown, keys.entries["id"][0])
            self.defaults.append((self.terms.classes[name], self.map(keys)))

    def map(self, tree: LocatedMap, gathering: str = "") -> LocatedMap:
        """Unfold a thing; what ids among its keys name goes under the key `gathering`, if any."""
        result = LocatedMap(line=tree.line)
        for key, line, value in self.said(tree, gathering):
            items = items_of(value)
            if key in result.entries:  # in the brief and in the long way, or several
                written = items_of(result.entries[key][1])
                texts = [item.text for item in written if isinstance(item, LocatedScalar)]
                items = [*written, *(i for i in items if getattr(i, "text", None) not in texts)]
            several = isinstance(value, LocatedList) or len(items) > 1
            result.entries[key] = (line, LocatedList(items, line) if several else items[0])
        id_, classes = result.get("id"), self.terms.classes
        if "type" not in result.entries and "label" in result.entries:
            kind = self.terms.by_kind.get(getattr(id_, "text", "").partition("/")[0], "Passage")
            if kind != "Passage":  # whose class its place says
                result.entries["type"] = (tree.line, LocatedScalar(kind, tree.line))
        if "type" in result.entries and isinstance(id_, LocatedScalar):
            self.described.add(id_.text)
        types = [getattr(item, "text", "") for item in items_of(result.get("type") or LocatedMap())]
        kinds = self.terms.with_superclasses(classes[name] for name in types if name in classes)
        for kind, keys in self.defaults:
            if kind in kinds:
                result.entries = {**keys.entries, **result.entries}
        return result

    def said(self, tree: LocatedMap, gathering: str) -> Iterator[tuple[str, int, Located]]:
        """Yield key, line and value of all that a thing says."""
        for key, line, value in tree.items():
            term = self.terms.keys.get(key)
            is_text = term is not None and term.kind == "@language"
            if gathering and is_id(key):
                yield from self.thing(key, line, value, gathering)
            elif is_id(key):
                message = f"{key!r} is no key of what begins on line {tree.line}. What has an id"
                remedy = "begins in the first column, or in a passage under `passages`: compare."
                raise SourceError(f"{message} {remedy}", self.shown, line)
            elif term is None and key in _LISTS:
                for item in self.listed(key, line, value):
                    yield _LISTS[key][0], item.line, self.map(item)
            elif self.languages and term is None and key == "name":
                in_languages = dict.fromkeys(self.languages, (line, value))
                yield "label", line, LocatedMap(in_languages, line)
            elif key == "label" and isinstance(value, LocatedList) and self.languages:
                yield key, line, self.in_order(value)
            elif self.languages and is_text and not isinstance(value, LocatedMap):
                yield key, line, LocatedMap({self.languages[0]: (line, value)}, line)
            elif not isinstance(value, LocatedScalar):
                yield key, line, self.values(value, "says" if key == "passages" else "")
            else:
                amount = _AMOUNT.fullmatch(value.text) if key in _AMOUNTS else None
                yield key, line, LocatedScalar(amount[1], line) if amount else value
                if amount:
                    yield "unit", line, LocatedScalar(amount[2], line)

    def thing(
        self, id_: str, line: int, value: Located, gathering: str
    ) -> Iterator[tuple[str, int, Located]]:
        """Yield what stands under an id, and apart what of it a passage does not say."""
        if gathering == "says" and isinstance(value, LocatedMap) and READ in value.entries:
            read = LocatedMap({READ: value.entries.pop(READ)}, line)
            yield "reads", line, self.named(id_, line, read, "")
            if not value.entries:
                return
        yield gathering, line, self.named(id_, line, value, "")

    def in_order(self, value: LocatedList) -> LocatedMap:
        """Return a text for each language of the study, listed in their order."""
        found, tags = len(value.items), ", ".join(self.languages)
        if found != len(self.languages):
            message = f"`label` lists one text for each language ({tags}), found {found}."
            raise SourceError(message, self.shown, value.line)
        texts = zip(self.languages, value.items, strict=True)
        return LocatedMap({tag: (item.line, item) for tag, item in texts}, value.line)

    def values(self, value: Located, gathering: str) -> Located:
        """Unfold what stands under a key."""
        if isinstance(value, LocatedList):
            return LocatedList([self.values(item, gathering) for item in value.items], value.line)
        if not isinstance(value, LocatedMap):
            return value
        ids = [key for key in value.entries if is_id(key)]
        if ids and (others := [key for key in value.entries if key not in ids]):
            line, first = value.entries[others[0]][0], value.entries[ids[0]][0]
            message = f"{others[0]!r} stands among ids ({ids[0]!r} on line {first})."
            remedy = "Begin it further right, where the keys of its thing begin."
            raise SourceError(f"{message} {remedy}", self.shown, line)
        if ids:
            things = [self.named(id_, line, entry, gathering) for id_, line, entry in value.items()]
            return LocatedList(things, value.line)
        return self.map(value, gathering)

    def named(self, id_: str, line: int, value: Located, gathering: str) -> Located:
        """Return the thing that stands under its id."""
        said: dict[str, tuple[int, Located]] = {}
        if isinstance(value, LocatedMap):
            said = value.entries
        elif isinstance(value, LocatedList) or not value.is_empty:
            said = {"says" if isinstance(value, LocatedList) else "label": (line, value)}
        if "id" in said:
            message = f"this is {id_!r} by the key that it stands under. Remove its `id`."
            raise SourceError(message, self.shown, said["id"][0])
        said = {"id": (line, LocatedScalar(id_, line)), **said}
        return self.map(LocatedMap(said, line), gathering)

    def listed(self, key: str, line: int, value: Located) -> Iterator[LocatedMap]:
        """Yield what each item of a brief list stands for."""
        name, first, second = _LISTS[key]
        by_key = value.items() if isinstance(value, LocatedMap) else [("", line, value)]
        for word, at, items in by_key:
            for item in items_of(items):
                keys = {first: (at, LocatedScalar(word, at))} if word else {}
                is_thing = is_id(word) and "label" in getattr(item, "entries", ())
                if isinstance(item, LocatedMap) and word and key in _EXAMPLES and not is_thing:
                    yield LocatedMap({**keys, **item.entries}, item.line)
                elif isinstance(item, LocatedScalar) and (word or key not in _EXAMPLES):
                    yield LocatedMap({**keys, second: (item.line, item)}, item.line)
                else:
                    example = _EXAMPLES.get(key, "{founder: actor/a}")
                    message = f"`{key}` is written as in {example}, " + (
                        f"unlike {word!r} here." if word else "and begins further right."
                    )
                    remedy = f"What is no part of it begins further left, or use `{name}`."
                    raise SourceError(f"{message} {remedy}", self.shown, at)


def is_id(key: str) -> bool:
    """Whether a key is the id of a thing; words of the context have neither sign."""
    return "/" in key or ":" in key
