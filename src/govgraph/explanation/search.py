"""From the words of a question to the statements it is about, and from these to their proofs.

The compiled rules run backwards: a head is bound to the goal and the body matched against what the
store holds. Proofs are sought by increasing height, so that the first found is the lowest and none
goes in a circle.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import pyoxigraph as ox

from govgraph.coding.terms import load_terms
from govgraph.errors import UsageError, did_you_mean, shortened, warn
from govgraph.explanation.proof import ClashProof, Proof, Source, sources_of
from govgraph.explanation.rendering import Renderer
from govgraph.queries import StoreResolver
from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.source_map import SourceMap
from govgraph.rdf.terms import GraphName, owl, rdf
from govgraph.reasoning import Clash
from govgraph.reasoning.rows import EQUALITY
from govgraph.reasoning.rule import TYPE, Atom, PatternTerm, Rule, unify
from govgraph.reasoning.rules_engine import rules_for_explaining
from govgraph.reasoning.schema import Fact, to_triple
from govgraph.vocabulary import GG, INFERRED_GRAPH, METADATA_GRAPH

Values = dict[ox.Variable, PatternTerm]

GREATEST_HEIGHT: Final = 100
"""Deeper proofs are not looked for; those of a closed schema are a few steps high."""
GREATEST_EFFORT: Final = 1_000_000
"""Rule applications looked at before a search gives up."""
EFFORT_FOR_OTHERS: Final = 20_000
"""The same, for all alternatives of one triple."""
ENOUGH: Final = 64
"""Steps that are tried after a proof was found, in search of a shorter one of its height."""


def find_statements(
    store: ox.Store, resolve: StoreResolver, subject: str, predicate: str = "", value: str = ""
) -> list[ox.Triple]:
    """Return the statements that fit, sorted; the one asked for even where it is not stored.

    `resolve` turns names into IRIs. Raises UsageError for a name that means nothing, with the
    nearest names.
    """
    node = _meant(resolve, subject)
    relation = _predicate(store, node, predicate, resolve.names) if predicate else None
    target = _value(resolve, store, (node, relation), value) if value else None
    if relation is not None and target is not None:
        return [ox.Triple(node, relation, target)]
    metadata = ox.NamedNode(METADATA_GRAPH)
    quads = store.quads_for_pattern(node, relation, target, None)
    return sorted({quad.triple for quad in quads if quad.graph_name != metadata}, key=str)


def _predicate(store: ox.Store, node: ox.NamedNode, text: str, names: Names) -> ox.NamedNode:
    terms = load_terms()
    if text in ("a", "type"):
        return rdf.type
    if text in terms.keys:
        return ox.NamedNode(terms.keys[text].iri)
    if ":" in text and names.is_name(text):
        return ox.NamedNode(names.expand(text))
    if own := _declared(store, text):
        return own
    used = {q.predicate.value for q in store.quads_for_pattern(node, None, None, None)}
    near = [names.shorten(iri).removeprefix("gg:") for iri in used]
    words = [re.split(r"[/#]", iri)[-1] for iri in used]
    hint = did_you_mean(text, [*terms.keys, *near, *words])
    hint = hint or f" Used here: {', '.join(sorted(near))}."
    raise UsageError(f"{text!r} is no property.{hint}")


def _declared(store: ox.Store, text: str) -> ox.NamedNode | None:
    """Return the property of a study's own that ends in a word, None where there is none."""
    for kind in (owl.ObjectProperty, owl.DatatypeProperty):
        for quad in store.quads_for_pattern(None, rdf.type, kind, None):
            subject = quad.subject
            if isinstance(subject, ox.NamedNode) and re.split(r"[/#]", subject.value)[-1] == text:
                return subject
    return None


def _value(
    resolve: StoreResolver, store: ox.Store, question: tuple[Any, Any], text: str
) -> ox.NamedNode | ox.Literal:
    """Return the value meant: one that is there as a literal, a class, or a thing by its name."""
    for quad in store.quads_for_pattern(*question, None, None):
        if isinstance(quad.object, ox.Literal) and quad.object.value == text:
            return quad.object
    classes = load_terms().classes
    if text in classes:
        return ox.NamedNode(classes[text])
    used = next(store.quads_for_pattern(None, question[1], None, None), None)
    if question[1] and used and isinstance(used.object, ox.Literal):
        return ox.Literal(text)  # which nothing has: it is a text or number, and no name
    return _meant(resolve, text)


def _meant(resolve: StoreResolver, text: str) -> ox.NamedNode:
    try:
        node = resolve(text, None)
    except UsageError as error:
        raise UsageError(f"{shortened(text)}: {error}") from None
    if node.value.startswith(GG) and (term := node.value.removeprefix(GG)) not in text:
        warn(f"{text!r} is read as gg:{term}, a term of the ontology that has this label.")
    return node


class Explainer:
    """Answers why for one store.

    Compiles the rules once; ask it as often as needed while the store stays as it is.
    """

    def __init__(self, store: ox.Store, sources: SourceMap | None = None, names: Names = NAMES):
        self.store = store
        self.source_map = sources
        self.places: dict[str, Source] = {}
        self.inferred_graph = ox.NamedNode(INFERRED_GRAPH)
        self.ruleset, self._unseen = rules_for_explaining(store)
        self.schema = self.ruleset.schema
        self.teller = Renderer(self.schema, names)
        self._by_key: dict[Any, list[Rule]] = defaultdict(list)
        self._complete: set[Any] = set()
        rules = [*self.ruleset.rules]
        if next(self.store.quads_for_pattern(None, owl.sameAs, None, None), None) is not None:
            rules += EQUALITY
        for rule in rules:
            if rule.head is not None:
                key = rule.head.key
                self._by_key[None if isinstance(key, ox.Variable) else key].append(rule)

    def rules(self, key: Any) -> list[Rule]:
        """Return the rules that give facts of `key`, those first that have least to look for."""
        if key not in self._complete:
            self._complete.add(key)
            following = [] if key in (None, TYPE) else self.ruleset.of_following_axioms(key)
            rules = [rule.rename("r") for rule in (*self._by_key.get(key, ()), *following)]
            self._by_key[key] = sorted(rules, key=_effort)
        return self._by_key[key]

    # -- questions -----------------------------------------------------------------------------

    def explain(self, triple: ox.Triple, every: bool = False, limit: int = 100) -> list[Proof]:
        """Return the shortest proof of a triple, or with `every` one for each way to its last step.

        Shortest first, at most `limit`; [] where the triple neither is asserted nor follows. An
        alternative that would take too long to trace back is left out.
        """
        goal = Atom(triple.subject, triple.predicate, triple.object)
        if not every:
            if not self.asserts(goal) and self.schema.derivation(tuple(goal)):  # type: ignore[arg-type]
                return [self.axiom(triple)]
            proof = Search(self).shortest(goal)
            return [proof] if proof else []
        proofs = [self.assertion(goal)] if self.asserts(goal) else []
        effort = EFFORT_FOR_OTHERS
        seen = set()
        for rule, premises in self.steps(goal):
            if len(proofs) >= limit:
                break
            if (rule.rows, premises) in seen or goal in premises:
                continue
            seen.add((rule.rows, premises))
            parts = []
            for premise in premises:
                proof = Search(self).shortest(premise)
                if proof is not None and any(step.triple == triple for step in proof.steps()):
                    other = Search(self, goal, effort)  # not by way of the goal
                    proof = other.shortest(premise)
                    effort = other.effort
                if proof is None:
                    break
                parts.append(proof)
            else:
                proofs.append(self.step(goal, rule, parts))
        return sorted(proofs, key=Proof.sort_key)

    def clash(self, clash: Clash) -> ClashProof:
        """Return the proofs of what a contradiction rests on."""
        axioms = tuple(map(self.axiom, clash.axioms))
        premises = tuple(proofs[0] for proofs in map(self.explain, clash.premises) if proofs)
        return ClashProof(clash.rule, clash.message, axioms, premises, self.teller)

    # -- facts ---------------------------------------------------------------------------------

    def graphs(self, atom: Atom) -> list[GraphName]:
        """Return the graphs that assert a triple."""
        terms: tuple[Any, ...] = atom
        subject, predicate, value = terms
        can_stand = isinstance(predicate, ox.NamedNode) and not isinstance(subject, ox.Literal)
        if atom.variables() or not can_stand:
            return []
        quads = self.store.quads_for_pattern(subject, predicate, value, None)
        return [quad.graph_name for quad in quads if quad.graph_name != self.inferred_graph]

    def asserts(self, atom: Atom) -> bool:
        """Whether any graph but the inferred one holds a triple."""
        return bool(self.graphs(atom))

    def assertion(self, atom: Atom) -> Proof:
        """Return the proof of an asserted triple."""
        triple, graphs = to_triple(atom), self.graphs(atom)
        sources = sources_of(self.store, triple, graphs, self.source_map, self.places)
        return Proof(triple, sources=sources or (Source(""),), teller=self.teller)

    def step(self, goal: Atom, rule: Rule, premises: list[Proof]) -> Proof:
        """Return the proof that ends with one application of a rule."""
        axioms = tuple(self.axiom(axiom) for axiom in rule.axioms)
        triple = to_triple(goal)
        return Proof(triple, rule.name, rule.folded, axioms, tuple(premises), teller=self.teller)

    def axiom(self, triple: ox.Triple) -> Proof:
        """Return the proof of a schema triple: asserted, or by the rows of table 9."""
        fact: Fact = (triple.subject, triple.predicate, triple.object)
        derivation = self.schema.derivation(fact)
        if derivation is not None:
            parts = tuple(self.axiom(to_triple(fact)) for fact in derivation.premises)
            return Proof(triple, derivation.rule, premises=parts, teller=self.teller)
        goal = Atom(*fact)
        proof = None if self.asserts(goal) else Search(self).shortest(goal)
        return proof or self.assertion(goal)

    # -- rules backwards -----------------------------------------------------------------------

    def steps(self, goal: Atom, lowest: bool = False) -> Iterator[tuple[Rule, tuple[Atom, ...]]]:
        """Yield the rule applications that end in `goal`, with premises the store holds.

        `lowest` asks for those whose premises are all asserted.
        """
        keys = (goal.key, TYPE, None) if goal.predicate == TYPE else (goal.key, None)
        for rule in (rule for key in keys for rule in self.rules(key)):
            assert rule.head is not None
            values = unify(rule.head, goal)
            if values is None:
                continue
            for matched in self._match([atom.bind(values) for atom in rule.body], {}, lowest):
                bound = rule.bind({**values, **matched}).bind(matched)
                if all(condition.holds(*condition.terms) for condition in bound.conditions):
                    yield rule, bound.body

    def _match(self, body: list[Atom], values: Values, lowest: bool) -> Iterator[Values]:
        """Yield the bindings under which every pattern holds."""
        if not body:
            yield values
            return
        # most known places first, and subjects before objects
        chosen = min(body, key=lambda a: (len(a.variables()), isinstance(a.subject, ox.Variable)))
        rest = [atom for atom in body if atom is not chosen]
        for fact in self._facts(chosen, lowest):
            more = unify(chosen, fact)
            if more is not None:
                following = [atom.bind(more) for atom in rest]
                yield from self._match(following, {**values, **more}, lowest)

    def _facts(self, atom: Atom, lowest: bool) -> Iterator[Atom]:
        """Yield the facts that fit a pattern, asserted ones only for the `lowest` step."""
        terms: Any = (None if isinstance(term, ox.Variable) else term for term in atom)
        subject, predicate, value = terms
        if isinstance(subject, ox.Literal):
            return
        last = None
        for quad in self.store.quads_for_pattern(subject, predicate, value, None):
            if lowest and quad.graph_name == self.inferred_graph:
                continue
            fact = Atom(quad.subject, quad.predicate, quad.object)
            if fact != last:
                yield fact
            last = fact
        for quad in self._unseen.quads_for_pattern(subject, predicate, value, None):
            yield Atom(quad.subject, quad.predicate, quad.object)


def _effort(rule: Rule) -> tuple[int, int]:
    """Return what puts the rules first that have least to look for."""
    open_variables = len(rule.variables()) - len(set(rule.head.variables() if rule.head else ()))
    return (open_variables, len(rule.body))


class Search:
    """One search for a shortest proof.

    `without` is a triple that the proof may not use; `effort` is how many more steps are looked at
    before it gives up.
    """

    def __init__(
        self, explainer: Explainer, without: Atom | None = None, effort: int = GREATEST_EFFORT
    ):
        self._explainer, self._without, self.effort = explainer, without, effort
        self._found: dict[Atom, Proof] = {}
        self._failed: dict[Atom, int] = {}

    def shortest(self, goal: Atom) -> Proof | None:
        """Return the lowest proof, and of those a shortest; None where there is none in reach."""
        seen = last_progress = 0
        for height in range(GREATEST_HEIGHT + 1):
            proof = self._prove(goal, height)
            if proof is not None or self.effort <= 0:
                return proof
            if len(self._found) + len(self._failed) > seen:
                seen, last_progress = len(self._found) + len(self._failed), height
            elif height > 2 * last_progress + 2:
                return None  # all there is was seen, and every circle walked round
        return None

    def _prove(self, goal: Atom, height: int) -> Proof | None:
        if goal == self._without:
            return None
        proof = self._found.get(goal)
        if proof is not None:
            return proof if proof.height <= height else None
        if self._explainer.asserts(goal):
            proof = self._found[goal] = self._explainer.assertion(goal)
            return proof
        for lower in range(self._failed.get(goal, 0) + 1, height + 1):
            proof = self._best_step(goal, lower)
            if proof is not None:
                self._found[goal] = proof
                return proof
            self._failed[goal] = lower
        return None

    def _best_step(self, goal: Atom, height: int) -> Proof | None:
        best: Proof | None = None
        tried = 0
        for rule, premises in self._explainer.steps(goal, lowest=height == 1):
            self.effort -= 1
            tried += best is not None
            if tried > ENOUGH or self.effort <= 0:
                break
            if goal in premises:
                continue
            proofs: list[Proof] = []
            for premise in premises:
                proof = self._prove(premise, height - 1)
                if proof is None:
                    break
                proofs.append(proof)
            else:
                step = self._explainer.step(goal, rule, proofs)
                if best is None or step.sort_key() < best.sort_key():
                    best = step
        return best
