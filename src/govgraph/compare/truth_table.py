"""The crisp-set truth table of Qualitative Comparative Analysis (Ragin 1987).

Cases with the same conditions form a configuration. Its outcome is 1 or 0 where its cases agree,
C where they contradict each other, and ? where no case has it (a remainder). A case of which a
condition or the outcome is not known, or contested, belongs to no configuration: it is listed
apart. Columns are those of the QCA package of R: the conditions, OUT, n, incl, PRI, cases.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from govgraph.compare.comparison import Case, Column, Comparison, State
from govgraph.errors import UsageError

MOST_CONDITIONS: Final = 12
"""Above this a table with its remainders has more than 4,096 rows."""
_RESERVED: Final = frozenset({"CASE", "CASES", "OUT", "N", "INCL", "PRI", "DCC", "STATUS"})
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True)
class Configuration:
    """A row: values of the conditions, outcome ("1", "0", "C" or "?"), cases, consistency.

    `inclusion` is the share of its cases that have the outcome, None for a remainder; in crisp
    sets the PRI score is the same number.
    """

    values: tuple[int, ...]
    outcome: str
    cases: tuple[str, ...]
    inclusion: float | None


@dataclass(frozen=True)
class TruthTable:
    """Conditions and outcome by the names R knows them by, rows, and the cases left out.

    `data` holds for every case its states in the order of `conditions`, then of the outcome.
    """

    conditions: tuple[str, ...]
    outcome: str
    rows: tuple[Configuration, ...]
    data: tuple[tuple[Case, tuple[State, ...]], ...]

    @property
    def left_out(self) -> tuple[tuple[Case, tuple[State, ...]], ...]:
        """The cases that belong to no configuration, with what is known of them."""
        return tuple((case, states) for case, states in self.data if not _complete(states))

    def status(self, states: Sequence[State]) -> str:
        """Say of a case what keeps it out: "complete", or "missing A; contradictory B"."""
        names = (*self.conditions, self.outcome)
        words = {State.MISSING: "missing", State.CONTRADICTORY: "contradictory"}
        lacking = {
            word: [name for name, state in zip(names, states, strict=True) if state is wrong]
            for wrong, word in words.items()
        }
        texts = [f"{word} {', '.join(names)}" for word, names in lacking.items() if names]
        return "; ".join(texts) or "complete"


def truth_table(
    comparison: Comparison, outcome: str, conditions: Sequence[str], *, complete: bool = False
) -> TruthTable:
    """Return the truth table of an outcome; with `complete`, also the remainders.

    A condition is the name of a feature ("level:local"), or "NAME=feature" to give it a name of
    its own. Raises UsageError for an unknown feature, no or too many conditions, one that is
    the outcome too or given twice, and a name that the QCA package cannot take.
    """
    if not conditions:
        raise UsageError("A truth table needs at least one condition: name it with --condition.")
    if len(conditions) > MOST_CONDITIONS:
        raise UsageError(
            f"{len(conditions)} conditions are too many for {len(comparison.cases)} cases:"
            f" expected at most {MOST_CONDITIONS}."
        )
    parts = [text.rpartition("=") for text in (*conditions, outcome)]
    specs = [(name, comparison.column(feature)) for name, _, feature in parts]
    names = _names(specs)
    data = tuple(
        (case, tuple(comparison.state(case, column) for _, column in specs))
        for case in comparison.cases
    )
    members: dict[tuple[int, ...], list[tuple[str, int]]] = defaultdict(list)
    for case, states in data:
        if _complete(states):
            *values, result = map(int, states)
            members[tuple(values)].append((case.slug, result))
    every = product((0, 1), repeat=len(conditions)) if complete else sorted(members)
    rows = tuple(_configuration(values, members[values]) for values in every)
    return TruthTable(names[:-1], names[-1], rows, data)


def _complete(states: Sequence[State]) -> bool:
    return all(state.known for state in states)


def _configuration(values: tuple[int, ...], members: list[tuple[str, int]]) -> Configuration:
    """Return the row of cases that have these conditions, each with its outcome."""
    if not members:
        return Configuration(values, "?", (), None)
    cases, outcomes = zip(*members, strict=True)
    outcome = "C" if len(set(outcomes)) > 1 else str(outcomes[0])
    return Configuration(values, outcome, cases, sum(outcomes) / len(outcomes))


def _names(specs: list[tuple[str, Column]]) -> tuple[str, ...]:
    """Return a name for R for each column: the one asked for, else made of value or feature."""
    if twice := _repeated(column.name for _, column in specs):
        raise UsageError(f"The feature {twice!r} is given twice: leave one of them out.")
    short = [_r_name(column.value or column.feature) for _, column in specs]
    names = []
    for (own, column), made in zip(specs, short, strict=True):
        plain = short.count(made) == 1 and made not in _RESERVED and _NAME.fullmatch(made)
        name = own or (made if plain else _r_name(column.feature + column.value))
        if not _NAME.fullmatch(name) or name.upper() in _RESERVED:
            raise UsageError(
                f"The QCA package cannot take the name {name!r} of {column.name!r}: expected a"
                f" letter, then letters and digits. Give another: NAME={column.name}."
            )
        names.append(name)
    if twice := _repeated(names):
        raise UsageError(f"Two features have the name {twice!r}. Give one another: NAME=feature.")
    return tuple(names)


def _repeated(names: Iterable[str]) -> str:
    return next((name for name, number in Counter(names).items() if number > 1), "")


def _r_name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", text).upper()
