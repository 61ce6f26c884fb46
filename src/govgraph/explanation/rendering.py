"""Proofs to read: axioms in the Manchester syntax of OWL 2, a tree for the terminal, data for JSON.

All names are short, as a reader knows them.
"""

import html
import re
from collections.abc import Iterable
from typing import Any, Final

import pyoxigraph as ox

from govgraph.explanation.proof import ClashProof, Proof, Source
from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.terms import Term, owl, rdf, rdfs
from govgraph.reasoning.schema import Schema, is_nameless
from govgraph.vocabulary import XSD

Json = dict[str, Any]
RELATIONS: Final = {
    rdfs.subClassOf: "SubClassOf",
    owl.equivalentClass: "EquivalentTo",
    owl.disjointWith: "DisjointWith",
    owl.complementOf: "EquivalentTo not",
    rdfs.subPropertyOf: "SubPropertyOf",
    owl.equivalentProperty: "EquivalentTo",
    owl.propertyDisjointWith: "DisjointWith",
    owl.inverseOf: "InverseOf",
    rdfs.domain: "Domain",
    rdfs.range: "Range",
}
RESTRICTIONS: Final = {
    owl.someValuesFrom: "some",
    owl.allValuesFrom: "only",
    owl.hasValue: "value",
    owl.maxCardinality: "max",
    owl.maxQualifiedCardinality: "max",
}
PARTS: Final = {owl.intersectionOf: " and ", owl.unionOf: " or ", owl.oneOf: ", "}
LISTS: Final = {
    owl.propertyChainAxiom: ("SubPropertyChain", " o "),
    owl.hasKey: ("HasKey", ", "),
    **{predicate: ("EquivalentTo", between) for predicate, between in PARTS.items()},
}
"""What stands before a list, and between its members."""
_PLAIN: Final = frozenset({f"{XSD}integer", f"{XSD}decimal", f"{XSD}date"})


def short_name(node: Term, names: Names = NAMES) -> str:
    """Return the shortest way to write a term: an id, a CURIE, a number, or N-Triples."""
    if isinstance(node, ox.Literal) and node.datatype.value in _PLAIN:
        return node.value
    if not isinstance(node, ox.NamedNode):
        return str(node)
    short = names.shorten(node.value)
    return "a" if short == "rdf:type" else short


class Renderer:
    """Writes proofs of one schema in short names."""

    def __init__(self, schema: Schema, names: Names):
        self._schema, self._names = schema, names

    def statement(self, triple: ox.Triple) -> str:
        """Return a triple in short names."""
        return " ".join(map(self.short, triple))

    def short(self, term: Term) -> str:
        """Return the shortest way to write a term."""
        return short_name(term, self._names)

    # -- text ----------------------------------------------------------------------------------

    def text(self, proofs: Iterable[Proof]) -> str:
        """Return proofs as trees, the alternatives one under the other."""
        return "\n\n".join("\n".join(self._tree(proof)) for proof in proofs) + "\n"

    def html(self, proofs: Iterable[Proof]) -> str:
        """Return the same for a page: each name is a link to what it names."""
        text = self.text(proofs := list(proofs))
        named = {
            self.short(term): term.value
            for step in (step for proof in proofs for step in proof.steps())
            for term in (*step.triple, *map(ox.NamedNode, _named(step.sources)))
            if isinstance(term, ox.NamedNode) and term.value.startswith(("http://", "https://"))
        }
        pieces = (
            f'<a href="{html.escape(named[piece])}">{html.escape(piece)}</a>'
            if piece in named
            else html.escape(piece)
            for piece in re.split(r"([\s();,]+)", text)
        )
        return f'<pre style="font-family: monospace; white-space: pre">{"".join(pieces)}</pre>'

    def clash_text(self, clash: ClashProof) -> str:
        """Return a contradiction: the axioms, then the statements with their proofs."""
        lines = self._axiom_lines(clash.axioms, clash.rule)
        lines = [f"contradiction by {clash.rule}", *lines, *self._branches(clash.premises)]
        return "\n".join(lines) + "\n"

    def _tree(self, proof: Proof) -> list[str]:
        head = self.statement(proof.triple)
        if proof.is_asserted:
            return [head, *(f"  {self.source(source)}" for source in proof.sources)]
        rows = f"{proof.rule} ({', '.join(proof.folded)})" if proof.folded else proof.rule
        lines = self._axiom_lines(proof.axioms, rows)
        return [head, *lines, *self._branches(proof.premises)]

    def _axiom_lines(self, axioms: tuple[Proof, ...], rows: str) -> list[str]:
        text = self.axioms(axioms)
        lines = [f"  by {rows}: {text}" if text else f"  by {rows}"]
        for axiom in axioms:
            if not axiom.is_asserted:
                basis = self.axioms(axiom.leaves())
                lines.append(f"     which follows by {axiom.rule} from {basis}")
        return lines

    def _branches(self, premises: tuple[Proof, ...]) -> list[str]:
        lines = []
        for position, premise in enumerate(premises, 1):
            branch, stem = ("└─", "  ") if position == len(premises) else ("├─", "│ ")
            first, *others = self._tree(premise)
            lines += [f"  {branch} {first}", *(f"  {stem} {line}" for line in others)]
        return lines

    def source(self, source: Source) -> str:
        """Return on whose word: a graph, its document, the line it was coded on, and its source.

        What a paragraph cites as a whole is not the source of each of its statements.
        """
        graph_iri = source.reads or source.graph
        graph = self.short(ox.NamedNode(graph_iri)) if graph_iri else "the default graph"
        works = [
            f"{self.short(ox.NamedNode(work))} {printed}".strip()
            for work, printed in source.citations
            if work.partition(":")[0].isalpha()
        ]
        within = ", ".join(self.short(ox.NamedNode(work)) for work in source.documents)
        of = f" of {within}" if within else ""
        said = "coder's reading of" if source.reads else "said in"
        word = [self.short(ox.NamedNode(actor)) for actor in source.according_to]
        cites = ", according to" if word or source.is_sentence else "; the passage cites"
        cited = f"{cites} {'; '.join(word or works)}" if word or works else ""
        cited = cited or (", which cites nothing" if source.is_sentence else "")
        cited += (
            f"; coder's {self.short(ox.NamedNode(source.certainty))}" if source.certainty else ""
        )
        return f"{said} {graph}{of}{f' ({source.location})' if source.location else ''}{cited}"

    # -- axioms ---------------------------------------------------------------------------------

    def axioms(self, proofs: Iterable[Proof]) -> str:
        """Return the axioms of one rule as one line; parts of a shown expression are left out."""
        axioms = [proof.triple for proof in proofs]
        shown = [axiom for axiom in axioms if axiom.predicate in RELATIONS]
        if len(shown) > 1:  # what only places an expression that another shows, is left out
            shown = [a for a in shown if not (is_nameless(a.subject) and is_nameless(a.object))]
        shown = shown or [axiom for axiom in axioms if axiom.predicate not in RESTRICTIONS]
        return "; ".join(dict.fromkeys(self._axiom(axiom) for axiom in shown or axioms))

    def _axiom(self, axiom: ox.Triple) -> str:
        subject, predicate, value = axiom.subject, axiom.predicate, axiom.object
        name = self._name(subject)
        if predicate in RELATIONS:
            relation = f"{RELATIONS[predicate]} {self._name(value)}"
        elif predicate in LISTS:
            word, between = LISTS[predicate]
            relation = f"{word} {self._list(value, between)}"
        elif predicate in (owl.members, owl.distinctMembers):
            return f"all different: {self._list(value, ', ')}"
        elif predicate == rdf.type:
            kind = self.short(value).removeprefix("owl:")  # "transitive" of TransitiveProperty
            is_of_property = kind.endswith("Property")
            relation = f"is {kind.removesuffix('Property').lower() if is_of_property else kind}"
        else:
            relation = f"{self.short(predicate)} {self._name(value)}"
        return f"{name} {relation}"

    def _name(self, node: Term) -> str:
        if not is_nameless(node):
            return self.short(node)
        for predicate, between in PARTS.items():
            for head in self._schema.objects(node, predicate):
                return f"({self._list(head, between)})"
        for other in self._schema.objects(node, owl.complementOf):
            return f"(not {self._name(other)})"
        for prop in self._schema.objects(node, owl.inverseOf):
            return f"(inverse {self._name(prop)})"
        for prop in self._schema.objects(node, owl.onProperty):
            for predicate, word in RESTRICTIONS.items():
                for value in self._schema.objects(node, predicate):
                    of = [self._name(kind) for kind in self._schema.objects(node, owl.onClass)]
                    return f"({' '.join([self._name(prop), word, self._name(value), *of])})"
        return "(unnamed)"

    def _list(self, head: Term, between: str) -> str:
        return between.join(self._name(member) for member in self._schema.members(head))

    # -- data ----------------------------------------------------------------------------------

    def data(self, proof: Proof) -> Json:
        """Return a proof as JSON data; terms are written as in N-Triples."""
        names = ("subject", "predicate", "object")
        result: Json = dict(zip(names, map(str, proof.triple), strict=True))
        result["statement"] = self.statement(proof.triple)
        if proof.is_asserted:
            return result | {"sources": [_source_data(source) for source in proof.sources]}
        return result | {
            "rule": proof.rule,
            "folded": list(proof.folded),
            "axiom": self.axioms(proof.axioms),
            "axioms": [self.data(axiom) for axiom in proof.axioms],
            "premises": [self.data(premise) for premise in proof.premises],
        }


def _named(sources: Iterable[Source]) -> Iterable[str]:
    """Yield the IRIs that a line about sources may name."""
    for source in sources:
        works = [work for work, _ in source.citations if work.partition(":")[0].isalpha()]
        yield from filter(None, (source.graph, source.reads, *source.documents, *works))
        yield from source.according_to


def _source_data(source: Source) -> Json:
    location = source.location
    entries = {
        "reads": source.reads,
        "certainty": source.certainty,
        "accordingTo": list(source.according_to),
        "documents": list(source.documents),
        "citations": [{"work": work, "asPrinted": text} for work, text in source.citations],
        **({"file": location.path, "line": location.line} if location else {}),
    }
    return {"graph": source.graph, **{key: value for key, value in entries.items() if value}}
