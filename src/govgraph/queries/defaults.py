"""What a stored query is asked of where nobody says: taken from the data at hand.

A parameter with `default: data` stands in its file as UNDEF, so that the query answers for all
things in any tool. Asked here without it, the query is asked of what gives it the most answers, of
several alike the first by IRI: a full answer wherever there is one, the same each time. With
`default: gg:Arrangement`, only of members of that class.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Protocol, TypeAlias, cast

from pyoxigraph import Literal

from govgraph.queries.parameters import Parameter
from govgraph.queries.running import View, run
from govgraph.queries.sparql import DataTerm, outline, scan, with_values
from govgraph.vocabulary import RDF, RDFS, SKOS

Terms: TypeAlias = dict[str, tuple[DataTerm, ...]]
"""Name of a parameter -> its values."""

_MEMBER: Final = (
    f"FILTER(EXISTS {{{{ {{0}} <{RDF}type>/<{RDFS}subClassOf>* <{{1}}> }}}}"
    f" || EXISTS {{{{ {{0}} <{SKOS}inScheme> <{{1}}> }}}})\n"
)


class Asked(Protocol):
    """What is to be known of a stored query."""

    @property
    def text(self) -> str:
        """Its SPARQL."""

    @property
    def path(self) -> Path | None:
        """Its file."""

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """What it takes."""


class Defaults:
    """The defaults that one graph gives, each looked up once.

    `language` is that of labels, "" where each query has its own.
    """

    def __init__(self, view: View, language: str = ""):
        self._view, self._language = view, language
        self._found: dict[tuple[str, tuple[str, ...]], Terms] = {}

    def missing(self, query: Asked, terms: Mapping[str, tuple[DataTerm, ...]]) -> Terms:
        """Return values for parameters of a query that `terms` gives none; {} where none is found.

        Raises as `run` does.
        """
        others = [each for each in query.parameters.values() if each.name not in terms]
        language = Literal(self._language)
        spoken: Terms = {each.name: (language,) for each in others if each.type == "lang"}
        names = tuple(each.name for each in others if each.from_data is not None)
        key = with_values(query.text, dict(terms)), names
        if names and key not in self._found:
            self._found[key] = self._fullest(query, *key)
        return {**(spoken if self._language else {}), **(self._found[key] if names else {})}

    def _fullest(self, query: Asked, text: str, names: tuple[str, ...]) -> Terms:
        """Return the values for which the pattern of a query matches most often."""
        parts = outline(text)
        variables = [f"?{name}" for name in names]
        members = [
            _MEMBER.format(f"?{name}", kind)
            for name in names
            if (kind := query.parameters[name].from_data)
        ]
        listed = " ".join(variables)
        rows = run(
            f"{text[: parts.start]}SELECT {listed} {{\n"
            f"{{ SELECT {listed} (COUNT(*) AS ?answers) {{ {_pattern(text[parts.start :])}\n}}"
            f" GROUP BY {listed} }}\n"
            f"FILTER({' && '.join(f'BOUND({variable})' for variable in variables)})\n"
            f"{''.join(members)}}} ORDER BY DESC(?answers) {listed} LIMIT 1",
            self._view,
            source=query.path,
        ).rows
        return {
            name: (cast(DataTerm, term),)
            for row in rows
            for name, term in zip(names, row, strict=True)
        }


def _pattern(text: str) -> str:
    """Return the graph pattern of a query without prologue: the group after WHERE, or the first."""
    groups = list(_groups(text))
    return next((group for follows, group in groups if follows), groups[0][1] if groups else "")


def _groups(text: str) -> Iterator[tuple[bool, str]]:
    """Yield what stands in each outermost pair of braces, and whether WHERE precedes it."""
    depth, begin, follows = 0, 0, False
    for token in scan(text):
        if token.lastgroup == "word" and not depth:
            follows = follows or token[0].upper() == "WHERE"
        elif token.lastgroup == "mark":
            depth += 1 if token[0] == "{" else -1
            if depth == 1 and token[0] == "{":
                begin = token.end()
            elif depth == 0:
                yield follows, text[begin : token.start()]
