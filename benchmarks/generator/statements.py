"""A node of a case file as lines of N-Quads, by the same context, without going through JSON-LD.

What govgraph itself reads from the case files is the same: see tests/test_benchmarks.py.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from govgraph.coding.study import UNNAMED, names_of_study
from govgraph.coding.terms import Term, is_common, load_terms
from govgraph.vocabulary import RDF, XSD

Node = dict[str, Any]

TYPE = f"<{RDF}type>"
ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r"})


class Writer:
    """Writes nodes; remembers the IRIs of terms it has seen."""

    def __init__(self) -> None:
        self.terms = load_terms()
        is_described = self.terms.described.__contains__
        is_known = partial(is_common, is_described=is_described)
        self.names = names_of_study(UNNAMED, is_common=is_known)
        self.iris: dict[str, str] = {}

    def lines(self, node: Node, graph: str) -> list[str]:
        """Return the statements of a node and of all within it, one a line."""
        result: list[str] = []
        self._node(node, f"<{graph}>", result)
        return result

    def _node(self, node: Node, graph: str, out: list[str]) -> str:
        subject = self._iri(node["id"])
        if "type" in node:
            out.append(f"{subject} {TYPE} <{self.terms.classes[node['type']]}> {graph} .\n")
        for name, value in node.items():
            if name in ("id", "type"):
                continue
            term = self.terms.keys[name]
            if term.kind == "@graph":
                for each in value:
                    self._node(each, graph, out)
                continue
            for text in self._values(term, value, graph, out):
                out.append(f"{subject} <{term.iri}> {text} {graph} .\n")
        return subject

    def _values(self, term: Term, value: Any, graph: str, out: list[str]) -> list[str]:
        if term.kind == "@language":
            return [f"{_quoted(text)}@{language}" for language, text in value.items()]
        items = value if isinstance(value, list) else [value]
        if term.kind == "@id":
            return [self._thing(term, each, graph, out) for each in items]
        if term.kind == "@vocab":
            return [f"<{self.terms.keys[each].iri}>" for each in items]
        if term.kind in ("", f"{XSD}string"):
            return [_quoted(each) for each in items]
        return [f'"{each}"^^<{term.kind}>' for each in items]

    def _thing(self, term: Term, value: Any, graph: str, out: list[str]) -> str:
        if not isinstance(value, dict):
            return self._iri(value)
        return self._node(value, self._iri(value["id"]) if term.name == "passages" else graph, out)

    def _iri(self, text: str) -> str:
        iri = self.iris.get(text)
        if iri is None:
            iri = self.iris[text] = f"<{self.names.expand(text)}>"
        return iri


def _quoted(text: str) -> str:
    return f'"{text.translate(ESCAPES)}"'
