"""The study's derived claims, each recomputed from its facts by a query of `queries/claims/`.

Such a query returns a row for each thing it asks about (?of, where it says): ?claim ?printed
?computed ?verdict ?passage. Its summary says what is counted. The verdicts are the concepts of
scheme/verdict: holds, holds-truncated, does-not-hold, cannot-be-recomputed (then ?computed is left
unbound).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from govgraph.errors import GovgraphError
from govgraph.queries.asking import QueryableGraph
from govgraph.rdf.names import NAMES, Names
from govgraph.results import Result, Tabular

COLUMNS: Final = ("claim", "of", "counted", "printed", "computed", "verdict", "passage")
_SELECTED: Final = ("claim", "printed", "computed", "verdict", "passage")
VERDICTS: Final = ("holds", "holds-truncated", "does-not-hold", "cannot-be-recomputed")


@dataclass(frozen=True)
class ClaimCheck:
    """One claim: of whom it is, what is counted, what is printed and computed, and the verdict."""

    query: str
    question: str
    counted: str
    claim: str
    printed: str
    computed: str
    verdict: str
    passage: str
    of: str = ""


class Claims(Tabular, list[ClaimCheck]):
    """The claims of a study, each recomputed; a table too."""

    def __init__(self, checks: Iterable[ClaimCheck], names: Names = NAMES):
        super().__init__(checks)
        self.names = names

    @property
    def result(self) -> Result:
        """A row for each claim."""
        rows = ([getattr(check, name) for name in COLUMNS] for check in self)
        return Result.of_rows(COLUMNS, rows, self.names)


def check_claims(graph: QueryableGraph) -> Claims:
    """Run every claim query; raises GovgraphError where one does not answer in its form."""
    checks = []
    for slug, query in sorted(graph.queries.items()):
        if not slug.startswith("claims/"):
            continue
        result = graph.query(slug)
        if set(_SELECTED) - set(result.columns):
            expected = " ".join(f"?{name}" for name in _SELECTED)
            raise GovgraphError(f"{query.path}: a claim query selects {expected}.")
        for row in result:
            names = set(COLUMNS) & set(result.columns)
            cells = {name: row[name] for name in names}
            values = {
                name: "" if cell is None else graph.names.abbreviate(str(cell))
                for name, cell in cells.items()
            }
            verdict = values["verdict"] = values["verdict"].removeprefix("verdict/")
            if verdict not in VERDICTS:
                known = ", ".join(VERDICTS)
                raise GovgraphError(f"{query.path}: unknown verdict {verdict!r}; known: {known}.")
            checks.append(ClaimCheck(slug, query.question, query.summary, **values))
    return Claims(checks, graph.names)
