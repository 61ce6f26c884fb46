"""Where the bundled ontology, data and queries are: in the wheel, or beside a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from govgraph.errors import GovgraphError


@cache
def bundled(folder: str) -> Path:
    """Return the path of the bundled `folder`: "ontology", "data" or "queries".

    Raises GovgraphError where the installation lacks it.
    """
    package = Path(__file__).parent
    for candidate in (package / "bundled" / folder, package.parents[1] / folder):
        if candidate.is_dir():
            return candidate
    raise GovgraphError(f"The folder {folder!r} is missing from this installation: reinstall it.")
