"""Table 4: what it means that two terms are the same, or are not (eq-*).

eq-ref (everything is the same as itself) is not written down; where it makes a contradiction, it
is folded into the rule that reports it.
"""

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from govgraph.rdf.namespaces import owl
from govgraph.reasoning.rows import X, Y, Z, pairs_of_all
from govgraph.reasoning.rule import Atom, Rule
from govgraph.reasoning.schema import Schema

P, Q = ox.Variable("p"), ox.Variable("q")

EQUALITY: Final = (
    Rule("eq-sym", (), (Atom(X, owl.sameAs, Y),), Atom(Y, owl.sameAs, X)),
    Rule(
        "eq-trans",
        (),
        (Atom(X, owl.sameAs, Y), Atom(Y, owl.sameAs, Z)),
        Atom(X, owl.sameAs, Z),
    ),
    Rule("eq-rep-s", (), (Atom(X, owl.sameAs, Y), Atom(X, P, Z)), Atom(Y, P, Z)),
    Rule("eq-rep-p", (), (Atom(P, owl.sameAs, Q), Atom(X, P, Y)), Atom(X, Q, Y)),
    Rule("eq-rep-o", (), (Atom(Y, owl.sameAs, Z), Atom(X, P, Y)), Atom(X, P, Z)),
)
"""The rules that hold without any axiom; they are needed only where something is the same."""


def rules(schema: Schema) -> Iterator[Rule]:
    """Yield the rules that report things both the same and different."""
    different = Atom(X, owl.differentFrom, Y)
    yield Rule("eq-diff1", (), (Atom(X, owl.sameAs, Y), different), None)
    yield Rule("eq-diff1", (), (Atom(X, owl.differentFrom, X),), None, (), ("eq-ref",))
    for row, listed in (("eq-diff2", owl.members), ("eq-diff3", owl.distinctMembers)):
        for axioms, one, other in pairs_of_all(schema, owl.AllDifferent, listed):
            if one == other:
                yield Rule(row, axioms, (), None, (), ("eq-ref",))
            elif not isinstance(one, ox.Literal) and not isinstance(other, ox.Literal):
                yield Rule(row, axioms, (Atom(one, owl.sameAs, other),), None)
