"""Rules run to a fixpoint: stratum by stratum, and within one only over what is new.

Semi-naive evaluation (Abiteboul, Hull and Vianu, Foundations of Databases, section 13.1). A rule
that does not depend on what it gives runs once; the others again for each pattern of their body
that matches a fact of the last round. The rows eq-sym, eq-trans and eq-rep-*, which are about every
triple, are no rules here: what is the same forms groups, what is said of one member is said of all,
and only facts that mention a member of a group are copied.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import permutations
from typing import Any, Final

from govgraph.rdf.terms import owl
from govgraph.reasoning import tables
from govgraph.reasoning.hierarchy import components
from govgraph.reasoning.rule import TYPE, Atom, Condition, Key, Kind, Rule
from govgraph.reasoning.tables import LITERAL, MASK, SHIFT, Bindings, Facts, Slot, Table, match

Fresh = dict[Key, set[int]]
Groups = dict[int, list[int]]
"""What is the same: member -> all members of its group."""
MOST_FACTS: Final = 100_000_000
"""Inferred facts in all at which inference stops."""


class BoundReachedError(Exception):
    """The bound on facts was met before the fixpoint; its text says so."""


class Compiled:
    """A rule over numbers."""

    def __init__(self, rule: Rule, ids: tables.Numbers):
        self.rule, self.is_transitive = rule, _is_transitive(rule)
        self.variables = rule.variables()
        slots: dict[Any, int] = {v: -1 - i for i, v in enumerate(self.variables)}

        def places(*terms: Any) -> tuple[Slot, ...]:
            return tuple(slots[t] if t in slots else ids[t] for t in terms)

        def pattern(atom: Atom) -> tables.Pattern:
            is_type = isinstance(atom.key, tuple)
            return tables.Pattern(atom.key, places(*(atom[:1] if is_type else atom[::2])))

        self.patterns = [pattern(atom) for atom in rule.body]
        self.head = pattern(rule.head) if rule.head else None
        self.head_key: Key = rule.head.key if rule.head else None
        self.conditions: list[tuple[Condition, tuple[Slot, ...]]] = []
        for condition in rule.conditions:
            if condition.kind == Kind.SAME_VALUE:
                self.patterns.append(tables.Pattern(Kind.SAME_VALUE, places(*condition.terms)))
            else:
                self.conditions.append((condition, places(*condition.terms)))


def _is_transitive(rule: Rule) -> bool:
    """Whether a rule says that where two facts of a property lead, in turn, is one of its facts."""
    if rule.head is None or len(rule.body) != 2 or rule.conditions or rule.head.predicate == TYPE:
        return False
    (start, prop, end), middle = rule.head, rule.body[0].object
    steps = (Atom(start, prop, middle), Atom(middle, prop, end))
    return rule.body == steps and len({*rule.variables()}) == 3


class Fixpoint:
    """Tables of one store, and the rules that fill them."""

    def __init__(self, rules: Iterable[Rule], most: int, facts: Facts):
        self.facts, self.ids, self.most = facts, facts.ids, most
        self.rules = [Compiled(rule, facts.ids) for rule in rules]
        transitive = [compiled.head_key for compiled in self.rules if compiled.is_transitive]
        self._steps: dict[Key, tables.Index] = {key: defaultdict(list) for key in transitive}
        self.tables: dict[Key, Table] = {}
        self._derived = 0
        self._tests: dict[tuple[Kind, str], dict[tables.Row, bool]] = defaultdict(dict)

    def table(self, key: Key) -> Table:
        """Return the table of a class or property, with what is stated."""
        if key not in self.tables:
            table = Table(self.facts.tables.get(key, set()))
            self.tables[key] = tables.SameValues(self.ids) if key == Kind.SAME_VALUE else table
        return self.tables[key]

    def run(self) -> None:
        """Run all rules from what is asserted; raises BoundReachedError."""
        for compiled in self.rules:
            for pattern in compiled.patterns:
                self.table(pattern.key)
        for key in self._steps:
            self._close(key, set(self.table(key).facts))
        for once, again in strata(self.rules):
            fresh: Fresh = {}
            for compiled in (*once, *again):
                if not compiled.is_transitive:
                    self.add(compiled.head_key, self._facts(compiled), fresh)
            if again:
                self.repeat(again, fresh)

    def repeat(self, rules: list[Compiled], fresh: Fresh, total: Fresh | None = None) -> None:
        """Run rules over what is new until nothing is; all that became new goes to `total`."""
        uses: dict[Key, list[tuple[Compiled, int]]] = defaultdict(list)
        for compiled in rules:
            for position, premise in enumerate(() if compiled.is_transitive else compiled.patterns):
                uses[premise.key].append((compiled, position))
        while fresh:
            following: Fresh = {}
            for key, facts in fresh.items():
                delta = Table(facts)
                for compiled, position in uses[key]:
                    derived = self._facts(compiled, position, delta)
                    self.add(compiled.head_key, derived, following)
            if total is not None:
                for key, facts in following.items():
                    total.setdefault(key, set()).update(facts)
            fresh = following

    def add(self, key: Key, facts: set[int], fresh: Fresh) -> None:
        """Add derived facts to a table, and those that are new to `fresh`."""
        new = self.table(key).add(facts) if facts else facts
        if not new:
            return
        self._derived += len(new)
        self._check(0)
        if key in self._steps:
            new = self._close(key, new)
        fresh[key] = fresh[key] | new if key in fresh else new
        if TYPE in self.tables:
            self._bridge(key, new, fresh)

    def _close(self, key: Key, new: set[int]) -> set[int]:
        """Close a transitive property over facts that came to it; return them and all that is new.

        Right-linear: what is new is extended only by steps that transitivity did not give, so that
        every fact is found once for each step it can begin with.
        """
        table, steps = self.table(key), self._steps[key]
        for pair in new:
            steps[pair & MASK].append(pair >> SHIFT)
        ends, total = table.forward, set(new)
        self._check(sum(len(ends.get(pair & MASK, ())) for pair in new))
        longer = {pair & ~MASK | end for pair in new for end in ends.get(pair & MASK, ())}
        fresh = new | table.add(longer)
        most = max(map(len, steps.values()), default=0)
        while fresh:
            total |= fresh
            if len(total) + len(fresh) * most > self.most:
                pairs = sum(len(steps.get(pair >> SHIFT, ())) for pair in fresh)
                self._check(len(total) + pairs)
            fresh = table.add(
                {s << SHIFT | pair & MASK for pair in fresh for s in steps.get(pair >> SHIFT, ())}
            )
        self._derived += len(total) - len(new)
        return total

    def _check(self, waiting: int) -> None:
        if self._derived + waiting > self.most:
            raise BoundReachedError(
                f"inference stopped at the bound of {self.most:,} inferred triples: what was "
                "inferred is sound but not complete. Look for a chain or a transitive property "
                "over a dense graph."
            )

    def _bridge(self, key: Key, new: set[int], fresh: Fresh) -> None:
        """Keep `?x a ?c` and the tables of the classes the same."""
        if isinstance(key, tuple):
            kind = self.ids[key[1]]
            self.add(TYPE, {member << SHIFT | kind for member in new}, fresh)
        elif key == TYPE:
            by_kind: dict[int, set[int]] = defaultdict(set)
            for pair in new:
                by_kind[pair & MASK].add(pair >> SHIFT)
            for kind, members in by_kind.items():
                self.add(("type", self.ids.term(kind)), members, fresh)

    def _facts(
        self, compiled: Compiled, position: int | None = None, delta: Table | None = None
    ) -> set[int]:
        assert compiled.head is not None
        result: set[int] = set()
        for bindings in self.bindings(compiled, position, delta):
            result |= bindings.facts(compiled.head.slots)
            self._check(len(result))
        return result

    def bindings(
        self, compiled: Compiled, position: int | None = None, delta: Table | None = None
    ) -> Iterator[Bindings]:
        """Yield the bindings of a body, the pattern at `position` over what is new."""
        tables = [self.table(premise.key) for premise in compiled.patterns]
        if position is not None and delta is not None:
            tables[position] = delta
        for bindings in match(compiled.patterns, tables, position):
            for condition, slots in compiled.conditions:
                self._select(bindings, condition, slots)
            yield bindings

    def _select(self, bindings: Bindings, condition: Condition, slots: tuple[Slot, ...]) -> None:
        rows, places = bindings.rows, [bindings.column(slot) for slot in slots]
        values = zip(rows, zip(*places, strict=True), strict=True)
        if condition.kind == Kind.RESOURCE:
            bindings.rows = [row for row, nodes in values if not any(n & LITERAL for n in nodes)]
        elif condition.kind == Kind.DISTINCT:
            bindings.rows = [row for row, (one, other) in values if one != other]
        else:
            tests = self._tests[condition.kind, condition.datatype]
            for nodes in {*zip(*places, strict=True)} - tests.keys():
                tests[nodes] = condition.holds(*map(self.ids.term, nodes))
            bindings.rows = [row for row, nodes in values if tests[nodes]]


def strata(rules: Iterable[Compiled]) -> Iterator[tuple[list[Compiled], list[Compiled]]]:
    """Yield the rules that infer something, in the order in which they run.

    Each time those that run once come first, then those that feed each other: they run until
    nothing is new.
    """
    by_head: dict[Key, list[Compiled]] = defaultdict(list)
    leads: dict[Key, list[Key]] = defaultdict(list)
    for compiled in rules:
        if compiled.head is not None:
            by_head[compiled.head_key].append(compiled)
            leads.setdefault(compiled.head_key, [])
            for atom in compiled.rule.body:
                leads[atom.key].append(compiled.head_key)
    if TYPE in leads:  # `?x a ?c` depends on every class, and every class on it
        kinds = [key for key in leads if isinstance(key, tuple)]
        leads[TYPE] += kinds
        for key in kinds:
            leads[key].append(TYPE)
    for component in components(leads):
        members = set(component)
        once: list[Compiled] = []
        again: list[Compiled] = []
        for compiled in (compiled for key in component for compiled in by_head.get(key, ())):
            repeats = any(atom.key in members for atom in compiled.rule.body)
            (again if repeats else once).append(compiled)
        yield once, again


def saturate(engine: Fixpoint) -> None:
    """Add all that follows from `owl:sameAs` to the facts of `engine`, of which all are needed."""
    for key in engine.facts.tables:
        if key != TYPE:  # which is there by class
            engine.table(key)
    groups: Groups = {}
    fresh: Fresh = {}
    while True:
        regrouped = groups_of(engine.table(owl.sameAs).facts)
        changed = regrouped != groups
        groups = regrouped
        copies: Fresh = {}
        if changed:
            pairs = {a << SHIFT | b for group in groups.values() for a, b in permutations(group, 2)}
            engine.add(owl.sameAs, pairs, copies)
            tables = engine.tables.items()
            fresh = {key: table.facts for key, table in tables if key != Kind.SAME_VALUE}
        for key, facts in list(fresh.items()):
            _copy(engine, groups, key, facts, copies)
        if not copies:
            return
        fresh = {key: set(facts) for key, facts in copies.items()}
        engine.repeat([rule for rule in engine.rules if rule.head is not None], copies, fresh)


def _copy(engine: Fixpoint, groups: Groups, key: Key, facts: set[int], copies: Fresh) -> None:
    """eq-rep-s, eq-rep-p and eq-rep-o for facts of one table."""
    name = key[1] if isinstance(key, tuple) else key
    alike = [engine.ids.term(number) for number in groups.get(engine.ids[name], [])]
    if isinstance(key, tuple):
        members = {other for member in facts for other in groups.get(member, ())} | facts
        for term in alike or [name]:
            engine.add(("type", term), members - engine.table(("type", term)).facts, copies)
        return
    pairs = {
        s << SHIFT | o
        for pair in facts
        if pair >> SHIFT in groups or pair & MASK in groups
        for s in groups.get(pair >> SHIFT, (pair >> SHIFT,))
        for o in groups.get(pair & MASK, (pair & MASK,))
    }
    for term in alike or [name]:
        engine.add(term, pairs | facts if alike else pairs, copies)


def groups_of(pairs: set[int]) -> Groups:
    """Return the groups of terms that are the same (symmetric and transitive closure)."""
    neighbours: dict[int, list[int]] = defaultdict(list)
    for pair in pairs:
        neighbours[pair >> SHIFT].append(pair & MASK)
        neighbours[pair & MASK].append(pair >> SHIFT)
    groups = (sorted(group) for group in components(neighbours) if len(group) > 1)
    return {term: group for group in groups for term in group}
