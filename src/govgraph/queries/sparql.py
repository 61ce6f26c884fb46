"""What govgraph reads of a SPARQL text without parsing it: its form, prefixes and VALUES blocks.

A scanner over the terminals of SPARQL 1.1 (section 19.8) that tell strings, IRIs, comments and
names apart; the grammar itself is left to the engines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias
from typing import Literal as OneOf

from pyoxigraph import BlankNode, Literal, NamedNode

Form: TypeAlias = OneOf["select", "ask", "construct", "describe", "update", "unknown"]
DataTerm: TypeAlias = NamedNode | Literal | None  # a term of a VALUES block; None is UNDEF
Terms: TypeAlias = dict[str, tuple[DataTerm, ...]]  # name of a parameter -> its values

_FORMS: Final[dict[str, Form]] = {
    "SELECT": "select",
    "ASK": "ask",
    "CONSTRUCT": "construct",
    "DESCRIBE": "describe",
    **dict.fromkeys(
        ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"),
        "update",
    ),
}

_CHANGING: Final = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
"""Functions whose value is another one each time."""

# What may be a prefix is read to its end at once, whether or not a colon follows: otherwise
# "a-a-a-…" would be read again from each letter on.
_TOKEN: Final = re.compile(
    r'''
      (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<string> """(?:"{0,2}(?:[^"\\]|\\.))*""" | \'\'\'(?:'{0,2}(?:[^'\\]|\\.))*\'\'\'
                | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' )
    | (?P<other> \#[^\n\r]* | \\["\'] )
    | (?P<variable> [?$]\w+ )
    | (?P<blank> _:[\w.-]+ )
    | (?=[^\W\d_]|:) (?P<words> [^\W\d_](?:[\w.-]*[\w-])? )?
      (?P<name> : (?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)* )?
    | (?P<mark> [{}] )
    | (?P<parenthesis> [()] )
    ''',
    re.VERBOSE | re.DOTALL,
)

_WORD: Final = re.compile(r"(?P<word>[^\W\d_]\w*)")

_SELECT_ALL: Final = re.compile(r"SELECT\s+(?:(?:DISTINCT|REDUCED)\s+)?\*", re.IGNORECASE)


@dataclass(frozen=True)
class ValuesBlock:
    """A block `VALUES ?variable { data }`; start and end are where the data lies in the text."""

    variable: str
    start: int
    end: int


@dataclass(frozen=True)
class Outline:
    """The outline of a query text.

    has_from    it names its own dataset (FROM, FROM NAMED)
    has_order   its rows come in an order (ORDER BY outside any subquery)
    has_service it asks another endpoint
    selects_all it is SELECT *, which leaves the order of columns open
    unmatched   offset of a brace without its partner, if there is one
    start       offset of the word that tells the form: what precedes is the prologue
    names       prefixes used, each with the offset of its first use
    """

    form: Form
    prefixes: dict[str, str]
    values: tuple[ValuesBlock, ...]
    names: dict[str, int]
    unmatched: int | None
    start: int
    selects_all: bool
    has_from: bool
    has_order: bool
    has_service: bool


def scan(text: str) -> Iterator[re.Match[str]]:
    """Yield the terminals of a text but for comments; `lastgroup` tells their kind."""
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "words":
            yield from _WORD.finditer(text, *token.span())
        elif token.lastgroup != "other":
            yield token


@lru_cache(maxsize=512)
def outline(text: str) -> Outline:
    """Read the outline of a query text; the text need not be valid SPARQL."""
    tokens = list(scan(text))
    form: Form = "unknown"
    prefixes: dict[str, str] = {}
    names: dict[str, int] = {}
    outer_words: set[str] = set()
    words: set[str] = set()
    blocks: list[ValuesBlock] = []
    opened: list[int] = []
    unmatched = None
    start = 0
    last_mark = None
    for index, token in enumerate(tokens):
        content = token[0]
        if token.lastgroup == "mark":
            if content == "{":
                opened.append(index)
            elif opened:
                brace = opened.pop()
                if brace == last_mark:  # nothing is nested in it
                    blocks += _values(text, tokens, brace, token.start())
            elif unmatched is None:
                unmatched = token.start()
            last_mark = index
        elif token.lastgroup == "name":
            names.setdefault(content.split(":", 1)[0], token.start())
        elif token.lastgroup == "word":
            word = content.upper()
            words.add(word)
            if not opened:
                outer_words.add(word)
            if form == "unknown" and word in _FORMS:
                form, start = _FORMS[word], token.start()
            names_it = tokens[index + 1 : index + 3] if word == "PREFIX" else []
            if [token.lastgroup for token in names_it] == ["name", "iri"]:
                prefixes[names_it[0][0].removesuffix(":")] = names_it[1][0][1:-1]
    return Outline(
        form,
        prefixes,
        tuple(blocks),
        names,
        tokens[opened[-1]].start() if opened else unmatched,
        start,
        selects_all=_SELECT_ALL.match(text, start) is not None,
        has_from="FROM" in outer_words,
        has_order="ORDER" in outer_words,
        has_service="SERVICE" in words,
    )


def _values(text: str, tokens: list[re.Match[str]], brace: int, end: int) -> Iterator[ValuesBlock]:
    """Yield the block of one variable whose data lie between the token `brace` and `end`."""
    if brace < 2:
        return
    values, variable = tokens[brace - 2 : brace]
    between = text[values.end() : variable.start()]
    if values[0].upper() == "VALUES" and variable.lastgroup == "variable" and "(" not in between:
        yield ValuesBlock(variable[0][1:], tokens[brace].end(), end)


def write_term(term: DataTerm) -> str:
    """Return a term as SPARQL text that every engine reads back as the same term.

    The text is the RDF library's; only its code point escapes are respelled. Some engines (rdflib)
    replace those before they read strings, as SPARQL 1.1 section 19.2 can be read: then an escaped
    backslash followed by u0022 would end the string, and four digits swallow what follows them.
    """
    if term is None:
        return "UNDEF"
    if isinstance(term, BlankNode):
        raise TypeError("a blank node cannot be data of a query")
    return re.sub(r"\\\\([uU])|\\u([0-9A-Fa-f]{4})|\\.", _respelled, str(term))


def _respelled(escape: re.Match[str]) -> str:
    if escape[1]:
        return f"\\\\\\U{ord(escape[1]):08X}"
    return f"\\U0000{escape[2]}" if escape[2] else escape[0]


def with_values(text: str, terms: Terms) -> str:
    """Return the text with the data of each VALUES block of the named variables replaced.

    A variable without one gets it, at the beginning of the pattern. Lines keep their numbers, so
    that an error in the query still tells its line.
    """
    pieces = []
    last = 0
    for variable in sorted(terms.keys() - {block.variable for block in outline(text).values}):
        begin = next((begin for begin, _ in groups(text)), 0)
        data = " ".join(map(write_term, terms[variable]))
        text = f"{text[:begin]} VALUES ?{variable} {{ {data} }} {text[begin:]}"
    for block in outline(text).values:
        if block.variable not in terms:
            continue
        lines = "\n" * text.count("\n", block.start, block.end)
        data = " ".join(map(write_term, terms[block.variable]))
        pieces += [text[last : block.start], f" {data} {lines}"]
        last = block.end
    return "".join([*pieces, text[last:]])


def groups(text: str) -> list[tuple[int, int]]:
    """Return begin and end of what stands in outermost pairs of braces: the pattern comes first."""
    start = outline(text).start
    blocks: list[tuple[bool, int, int]] = []
    depth, begin, follows = 0, 0, False
    for token in scan(text[start:]):
        if token.lastgroup == "word" and not depth:
            follows = follows or token[0].upper() == "WHERE"
        elif token.lastgroup == "mark":
            depth += 1 if token[0] == "{" else -1
            if depth == 1 and token[0] == "{":
                begin = token.end()
            elif depth == 0:
                blocks.append((not follows, start + begin, start + token.start()))
    return [extent for _, *extent in sorted(blocks)]  # type: ignore[misc]


def lasts(text: str) -> bool:
    """Whether a query has the same answer each time, as long as the data stay the same."""
    return not any(
        token[0].upper() in _CHANGING for token in scan(text) if token.lastgroup == "word"
    )


def line_of(text: str, offset: int) -> int:
    """Return the line (from 1) in which `offset` lies."""
    return text.count("\n", 0, offset) + 1
