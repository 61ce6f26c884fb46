"""Proofs to read: a tree for the terminal, and data for JSON."""

import html
import re
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox

from govgraph.explanation.axioms import AxiomText, short_name
from govgraph.explanation.proof import ClashProof, Proof, Source
from govgraph.rdf.names import Names
from govgraph.rdf.terms import Term
from govgraph.reasoning.schema import Schema

Json = dict[str, Any]


class Renderer:
    """Writes proofs of one schema in short names."""

    def __init__(self, schema: Schema, names: Names):
        self._axioms, self._names = AxiomText(schema, names), names

    def statement(self, triple: ox.Triple) -> str:
        """Return a triple in short names."""
        return " ".join(map(self.short, (triple.subject, triple.predicate, triple.object)))

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
        lines = self._axiom_lines(proof.axioms, self.rows(proof))
        return [head, *lines, *self._branches(proof.premises)]

    def _axiom_lines(self, axioms: tuple[Proof, ...], rows: str) -> list[str]:
        text = self._axioms.line(axioms)
        lines = [f"  by {rows}: {text}" if text else f"  by {rows}"]
        for axiom in axioms:
            if not axiom.is_asserted:
                basis = self._axioms.line(axiom.leaves())
                lines.append(f"     which follows by {axiom.rule} from {basis}")
        return lines

    def _branches(self, premises: tuple[Proof, ...]) -> list[str]:
        lines = []
        for position, premise in enumerate(premises, 1):
            branch, stem = ("└─", "  ") if position == len(premises) else ("├─", "│ ")
            first, *others = self._tree(premise)
            lines += [f"  {branch} {first}", *(f"  {stem} {line}" for line in others)]
        return lines

    @staticmethod
    def rows(proof: Proof) -> str:
        """Return the row of the rules tables, and those folded into it."""
        return f"{proof.rule} ({', '.join(proof.folded)})" if proof.folded else proof.rule

    def source(self, source: Source) -> str:
        """Return on whose word: a graph, its document, the line it was coded on, and its source.

        What a paragraph cites as a whole is not the source of each of its statements.
        """
        place = source.reads or source.graph
        graph = self.short(ox.NamedNode(place)) if place else "the default graph"
        works = [
            f"{self.short(ox.NamedNode(work))} {printed}".strip()
            for work, printed in source.citations
            if work.partition(":")[0].isalpha()
        ]
        within = ", ".join(self.short(ox.NamedNode(work)) for work in source.documents)
        of = f" of {within}" if within else ""
        said = "coder's reading of" if source.reads else "said in"
        word = [self.short(ox.NamedNode(each)) for each in source.according_to]
        cites = ", according to" if word or source.is_sentence else "; the passage cites"
        cited = f"{cites} {'; '.join(word or works)}" if word or works else ""
        cited = cited or (", which cites nothing" if source.is_sentence else "")
        return f"{said} {graph}{of}{f' ({source.location})' if source.location else ''}{cited}"

    # -- data ----------------------------------------------------------------------------------

    def data(self, proof: Proof) -> Json:
        """Return a proof as JSON data; terms are written as in N-Triples."""
        triple = proof.triple
        result: Json = {
            "subject": str(triple.subject),
            "predicate": str(triple.predicate),
            "object": str(triple.object),
            "statement": self.statement(triple),
        }
        if proof.is_asserted:
            result["sources"] = [_source_data(source) for source in proof.sources]
            return result
        result |= {
            "rule": proof.rule,
            "folded": list(proof.folded),
            "axiom": self._axioms.line(proof.axioms),
            "axioms": [self.data(axiom) for axiom in proof.axioms],
            "premises": [self.data(premise) for premise in proof.premises],
        }
        return result

    def clash_data(self, clash: ClashProof) -> Json:
        """Return a contradiction as JSON data."""
        return {
            "rule": clash.rule,
            "message": clash.message,
            "axioms": [self.data(axiom) for axiom in clash.axioms],
            "premises": [self.data(premise) for premise in clash.premises],
        }


def _named(sources: Iterable[Source]) -> Iterable[str]:
    """Yield the IRIs that a line about sources may name."""
    for each in sources:
        works = [work for work, _ in each.citations if work.partition(":")[0].isalpha()]
        yield from filter(None, (each.graph, each.reads, *each.documents, *works))
        yield from each.according_to


def _source_data(source: Source) -> Json:
    place = source.location
    found = {
        "reads": source.reads,
        "accordingTo": list(source.according_to),
        "documents": list(source.documents),
        "citations": [{"work": work, "asPrinted": text} for work, text in source.citations],
        **({"file": place.path, "line": place.line} if place else {}),
    }
    return {"graph": source.graph, **{key: value for key, value in found.items() if value}}
