"""Queries answered by rdflib, the reference engine that must agree with ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pyparsing import ParseBaseException

from govgraph.errors import GovgraphError, SourceError
from govgraph.queries import run
from govgraph.results import Result

if TYPE_CHECKING:
    from rdflib import Dataset, Graph


class ReferenceView:
    """Answers queries by rdflib: over a Dataset(default_union=True), or a graph."""

    def __init__(self, dataset: Dataset | Graph):
        self.dataset = dataset

    def answer(self, text: str, source: Path | str | None = None) -> Result:
        """Return the answer to a query; raises as `run` does."""
        try:
            return Result.from_rdflib(self.dataset.query(text))
        except ParseBaseException as error:
            raise SourceError(f"{error.msg} (rdflib).", source, error.lineno) from None
        except GovgraphError:
            raise
        except Exception as error:  # rdflib raises bare Exception for much of what it refuses
            raise GovgraphError(f"{source}: {error} (rdflib).") from None


def run_rdflib(text: str, dataset: Dataset | Graph, *, source: Path | str | None = None) -> Result:
    """Answer a query as `run` does, but by rdflib."""
    return run(text, ReferenceView(dataset), source=source)
