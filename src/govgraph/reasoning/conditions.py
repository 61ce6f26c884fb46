"""Conditions on the terms a rule binds: the tests that triple patterns cannot say.

Literals are compared by value: OWL 2 (Structural Specification, section 4) gives decimals one
value space, shared by all integer types, and keeps it apart from float, double and strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from govgraph.reasoning.datatypes import differ, is_datatype, is_in, sparql_test

Node = Any

DISTINCT: Final = "distinct"
"""Two terms that are not the same term."""
RESOURCE: Final = "resource"
"""A term that is no literal."""
DIFFERENT_VALUES: Final = "different values"
"""Two literals with different values (dt-diff)."""
HAS_DATATYPE: Final = "has datatype"
"""A literal whose value lies in a datatype (dt-type2)."""
LACKS_DATATYPE: Final = "lacks datatype"
"""A literal whose value lies outside a datatype (dt-not-type)."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one or two terms; `datatype` is an IRI where the test needs one."""

    kind: str
    terms: tuple[Node, ...]
    datatype: str = ""

    def bind(self, values: Mapping[Node, Node]) -> Condition:
        """Return the condition with variables replaced."""
        return Condition(self.kind, tuple(values.get(t, t) for t in self.terms), self.datatype)

    def holds(self, *terms: Node) -> bool:
        """Whether the condition is true of `terms`, given in the order of `self.terms`."""
        if self.kind == RESOURCE:
            return not any(isinstance(term, ox.Literal) for term in terms)
        if self.kind == DISTINCT:
            return bool(terms[0] != terms[1])
        literals = [term for term in terms if isinstance(term, ox.Literal)]
        if len(literals) < len(terms):
            return False
        if self.kind == DIFFERENT_VALUES:
            return differ(literals[0], literals[1])
        if self.kind == HAS_DATATYPE:
            return is_in(literals[0], self.datatype)
        known = is_datatype(literals[0].datatype.value)
        return known and not is_in(literals[0], self.datatype)

    def sparql(self) -> str:
        """Return the condition as a SPARQL expression."""
        first, *others = (str(term) for term in self.terms)
        if self.kind == DISTINCT:
            return f"!sameTerm({first}, {others[0]})"
        if self.kind == RESOURCE:
            return " && ".join(f"!isLiteral({term})" for term in (first, *others))
        if self.kind == DIFFERENT_VALUES:
            literals = f"isLiteral({first}) && isLiteral({others[0]})"
            return (
                f"{literals} && COALESCE({first} != {others[0]}, !sameTerm({first}, {others[0]}))"
            )
        inside = sparql_test(first, self.datatype)
        return inside if self.kind == HAS_DATATYPE else f"isLiteral({first}) && !{inside}"
