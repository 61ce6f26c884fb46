"""Shapes compiled to SPARQL: one query for each constraint of each shape, which finds its results.

A query selects the focus nodes that do not conform, with the value that SHACL reports
(https://www.w3.org/TR/shacl/#validation-report). Shapes that are only asked (under sh:or, sh:and,
sh:not, sh:node and sh:qualifiedValueShape) become one logical expression. Classes are given with
all below them, so that no query follows rdfs:subClassOf by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import combinations, count
from typing import Any, Final

import pyoxigraph as ox

from govgraph.errors import GovgraphError
from govgraph.rdf.lists import members
from govgraph.vocabulary import RDF, SH

Node = Any  # the terms of pyoxigraph share no base class
Subclasses = Mapping[str, Set[str]]
"""Class -> the classes below it."""

FOCUS: Final = "?focus"
VALUE: Final = "?value"
VALUE_NODE: Final = "?value_node"
"""Stands for the variable of the value node until it is known."""
TYPE: Final = ox.NamedNode(f"{RDF}type")
COMPONENTS: Final = (
    *("class", "datatype", "nodeKind", "in", "minInclusive", "maxInclusive", "pattern"),
    *("languageIn", "and", "or", "not", "node", "hasValue", "minCount", "maxCount"),
    *("qualifiedMinCount", "qualifiedMaxCount", "disjoint", "lessThanOrEquals", "uniqueLang"),
    "sparql",
)
"""Parameters of the constraint components that are compiled."""
OTHER: Final = (
    *("path", "property", "qualifiedValueShape", "severity", "message", "name", "description"),
    *("flags", "targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode"),
)
KINDS: Final = {
    "IRI": "isIRI({0})",
    "BlankNode": "isBlank({0})",
    "Literal": "isLiteral({0})",
    "BlankNodeOrIRI": "!isLiteral({0})",
    "IRIOrLiteral": "!isBlank({0})",
    "BlankNodeOrLiteral": "!isIRI({0})",
}


@dataclass(frozen=True)
class Check:
    """One constraint of one shape: `query` selects ?focus, and what else `variables` name.

    `path` is the result path, "" for none and for one that is no property; `messages` are by
    language, with {?variable} where the query gives the words. `value` says what is reported:
    "focus", "value" or "" for nothing.
    """

    shape: str
    component: str
    path: str
    severity: str
    messages: tuple[tuple[str, str], ...]
    query: str
    variables: tuple[str, ...]
    value: str


def compile_shapes(shapes: ox.Store, below: Subclasses) -> list[Check]:
    """Return the checks of all shapes with a target, in a stable order.

    Raises GovgraphError for a shape that says more than is compiled.
    """
    return list(_Compiler(shapes, below).checks())


class _Compiler:
    def __init__(self, shapes: ox.Store, below: Subclasses):
        self.shapes, self.below = shapes, below
        self._numbers = count()

    def checks(self) -> Iterator[Check]:
        targets: dict[Node, list[str]] = {}
        for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode"):
            for quad in self.shapes.quads_for_pattern(None, _sh(name), None):
                targets.setdefault(quad.subject, []).append(self._target(name, quad.object))
        for shape in sorted(targets, key=str):
            alternatives = sorted(targets[shape])
            one = " UNION ".join(f"{{ {each} }}" for each in alternatives)
            yield from self._checks_of(shape, alternatives[0] if len(alternatives) == 1 else one)

    def _target(self, name: str, node: Node) -> str:
        """Return the pattern that finds the focus nodes (SHACL 2.1.3)."""
        if name == "targetClass":
            return self._is_a(FOCUS, node)
        if name == "targetSubjectsOf":
            return f"{FOCUS} {node} {self._fresh()}"
        if name == "targetObjectsOf":
            return f"{self._fresh()} {node} {FOCUS}"
        return f"VALUES {FOCUS} {{ {node} }}"

    def _checks_of(self, shape: Node, target: str) -> Iterator[Check]:
        self._known(shape)
        for part in self._objects(shape, "property"):
            yield from self._checks_of(part, target)
        for name in COMPONENTS:
            for parameter in self._objects(shape, name):
                yield self._check(shape, target, name, parameter)

    def _known(self, shape: Node) -> None:
        for quad in self.shapes.quads_for_pattern(shape, None, None):
            iri = quad.predicate.value
            if iri.startswith(SH) and iri[len(SH) :] not in (*COMPONENTS, *OTHER):
                raise GovgraphError(
                    f"{shape.value}: sh:{iri[len(SH) :]} cannot be asked of a store yet. Known:"
                    f" {', '.join(sorted(COMPONENTS))}."
                )

    def _check(self, shape: Node, target: str, name: str, parameter: Node) -> Check:
        path = self._path(shape)
        node = next(iter(self._objects(shape, "path")), None)
        speaks = parameter if name == "sparql" else shape
        variables: tuple[str, ...] = (FOCUS,)
        reported = ""
        if name == "sparql":
            body, variables = self._sparql(parameter, node)
            where, reported = f"{target} . {body}", "value"
        elif name == "lessThanOrEquals":
            other = self._fresh()
            variables, reported = (FOCUS, VALUE, other), "value"
            where = (
                f"{target} . {FOCUS} {path} {VALUE} . {FOCUS} {parameter} {other} "
                f"FILTER(!COALESCE({VALUE} <= {other}, false))"
            )
        elif name == "uniqueLang":
            one, other = self._fresh(), self._fresh()
            variables = (FOCUS, "?language")
            where = (
                f"{target} . {FOCUS} {path} {one} . {FOCUS} {path} {other} FILTER(lang({one}) != ''"
                f" && lang({one}) = lang({other}) && STR({one}) != STR({other}))"
                f" BIND(lang({one}) AS ?language)"
            )
        elif name in ("minCount", "maxCount", "hasValue") or name.startswith("qualified"):
            where = f"{target} FILTER(!{self._of_all(shape, name, parameter, FOCUS)})"
        elif path:
            variables, reported = (FOCUS, VALUE), "value"
            test = self._of_each(shape, name, parameter, FOCUS, VALUE)
            where = f"{target} . {FOCUS} {path} {VALUE} FILTER(!{test})"
        else:
            reported = "focus"
            test = self._of_each(shape, name, parameter, FOCUS, FOCUS)
            where = f"{target} FILTER(!{test})"
        [severity] = self._objects(shape, "severity") or [_sh("Violation")]
        return Check(
            shape.value,
            f"{SH}{_component(name)}ConstraintComponent",
            node.value if isinstance(node, ox.NamedNode) else "",
            severity.value[len(SH) :],
            tuple(sorted((m.language or "", m.value) for m in self._objects(speaks, "message"))),
            f"SELECT DISTINCT {' '.join(variables)} WHERE {{ {where} }}",
            variables,
            reported,
        )

    def _holds(self, shape: Node, term: str) -> str:
        """Return the expression for "the node conforms to the shape" (SHACL 3.1.2)."""
        self._known(shape)
        path = self._path(shape)
        tests = [self._holds(part, term) for part in self._objects(shape, "property")]
        for name in COMPONENTS:
            for parameter in self._objects(shape, name):
                whole = name in ("minCount", "maxCount") or name.startswith("qualified")
                if whole or (name == "hasValue" and path):
                    tests.append(self._of_all(shape, name, parameter, term))
                elif path:
                    value = self._fresh()
                    test = self._of_each(shape, name, parameter, term, value)
                    tests.append(f"!(EXISTS {{ {term} {path} {value} FILTER(!{test}) }})")
                else:
                    tests.append(self._of_each(shape, name, parameter, term, term))
        return f"({' && '.join(tests)})" if tests else "(true)"

    def _of_all(self, shape: Node, name: str, parameter: Node, term: str) -> str:
        """Return the expression for a constraint about all values of a path together."""
        path = self._path(shape)
        if name == "hasValue":
            return (
                f"(EXISTS {{ {term} {path} {parameter} }})" if path else f"({term} = {parameter})"
            )
        asked = ""
        if name.startswith("qualified"):
            [asked] = self._objects(shape, "qualifiedValueShape")
        number = int(parameter.value)
        if name.lower().endswith("mincount"):
            return self._at_least(number, path, asked, term)
        return f"(!{self._at_least(number + 1, path, asked, term)})"

    def _at_least(self, number: int, path: str, asked: Node, term: str) -> str:
        values = [self._fresh() for _ in range(number)]
        parts = [f"{term} {path} {value}" for value in values]
        tests = [f"!sameTerm({one}, {other})" for one, other in combinations(values, 2)]
        tests += [self._holds(asked, value) for value in values] if asked else []
        filters = f" FILTER({' && '.join(tests)})" if tests else ""
        return f"(EXISTS {{ {' . '.join(parts)}{filters} }})" if number else "(true)"

    def _of_each(self, shape: Node, name: str, parameter: Node, focus: str, value: str) -> str:
        """Return the expression for a constraint that each value node meets by itself."""
        if name in ("and", "or", "not", "node"):
            return self._logical(name, parameter, value)
        if name == "class":
            return f"(EXISTS {{ {self._is_a(value, parameter)} }})"
        if name == "disjoint":
            return f"(!(EXISTS {{ {focus} {parameter} {value} }}))"
        test = self._of_term(shape, name, parameter).replace(VALUE_NODE, value)
        if not test:
            raise GovgraphError(f"{shape.value}: sh:{name} cannot be asked inside another shape.")
        return test

    def _logical(self, name: str, parameter: Node, value: str) -> str:
        if name in ("not", "node"):
            return f"({'!' if name == 'not' else ''}{self._holds(parameter, value)})"
        between = " && " if name == "and" else " || "
        return f"({between.join(self._holds(e, value) for e in members(self.shapes, parameter))})"

    def _of_term(self, shape: Node, name: str, parameter: Node) -> str:
        """Return the expression for a constraint about the value node alone."""
        listed = members(self.shapes, parameter) if name in ("in", "languageIn") else []
        flags = "".join(f", {each}" for each in self._objects(shape, "flags"))
        kind = parameter.value[len(SH) :] if name == "nodeKind" else "IRI"
        languages = " || ".join(f"langMatches(lang({VALUE_NODE}), {each})" for each in listed)
        return {
            "datatype": f"COALESCE(datatype({VALUE_NODE}) = {parameter}, false)",
            "nodeKind": f"({KINDS[kind].format(VALUE_NODE)})",
            "in": f"({VALUE_NODE} IN ({', '.join(map(str, listed))}))",
            "minInclusive": f"COALESCE({VALUE_NODE} >= {parameter}, false)",
            "maxInclusive": f"COALESCE({VALUE_NODE} <= {parameter}, false)",
            "pattern": f"(!isBlank({VALUE_NODE}) && REGEX(STR({VALUE_NODE}), {parameter}{flags}))",
            "languageIn": f"COALESCE({languages}, false)",
            "hasValue": f"({VALUE_NODE} = {parameter})",
        }.get(name, "")

    def _sparql(self, constraint: Node, path: Node) -> tuple[str, tuple[str, ...]]:
        """Return pattern and variables of a SPARQL constraint (SHACL 5.2)."""
        [select] = self._objects(constraint, "select")
        found = re.fullmatch(r"\s*SELECT\s+([^{]*?)\s*(?:WHERE)?\s*\{(.*)\}\s*", select.value, re.S)
        if found is None:
            raise GovgraphError(f"{constraint.value}: sh:select is no plain SELECT.")
        text = re.sub(r"(?m)^\s*#.*$", "", found[2]).replace("$PATH", str(path))
        for prefixes in self._objects(constraint, "prefixes"):
            for declared in self._objects(prefixes, "declare"):
                [prefix] = self._objects(declared, "prefix")
                [namespace] = self._objects(declared, "namespace")
                full = rf"<{namespace.value}\1>"
                text = re.sub(rf"(?<![\w:<]){prefix.value}:(\w+)", full, text)
        renamed = re.sub(r"[?$]this\b", FOCUS, " ".join(text.split()))
        variables = re.sub(r"[?$]this\b", FOCUS, found[1]).split()
        return renamed, tuple(variables)

    def _is_a(self, term: str, kind: Node) -> str:
        below = sorted({kind.value, *self.below.get(kind.value, ())})
        if len(below) == 1:
            return f"{term} {TYPE} {kind}"
        found = self._fresh()
        return f"{term} {TYPE} {found} FILTER({found} IN ({', '.join(f'<{e}>' for e in below)}))"

    def _path(self, shape: Node) -> str:
        return next((self._steps(node) for node in self._objects(shape, "path")), "")

    def _steps(self, node: Node) -> str:
        """Return a path as SPARQL writes it (SHACL 2.3.1)."""
        if isinstance(node, ox.NamedNode):
            return str(node)
        for inverse in self._objects(node, "inversePath"):
            return f"^{self._steps(inverse)}"
        for head in self._objects(node, "alternativePath"):
            return f"({'|'.join(map(self._steps, members(self.shapes, head)))})"
        for name, sign in (("zeroOrMorePath", "*"), ("oneOrMorePath", "+"), ("zeroOrOnePath", "?")):
            for step in self._objects(node, name):
                return f"({self._steps(step)}){sign}"
        return f"({'/'.join(map(self._steps, members(self.shapes, node)))})"

    def _objects(self, subject: Node, name: str) -> list[Node]:
        quads = self.shapes.quads_for_pattern(subject, _sh(name), None)
        return sorted((quad.object for quad in quads), key=str)

    def _fresh(self) -> str:
        return f"?v{next(self._numbers)}"


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)


def _component(parameter: str) -> str:
    """Return the name of a constraint component by its parameter (SHACL, appendix D)."""
    return "SPARQL" if parameter == "sparql" else parameter[0].upper() + parameter[1:]
