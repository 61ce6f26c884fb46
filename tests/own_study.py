"""The small study of docs/examples/water: Portuguese, with codes and terms of its own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from govgraph.assembly.assemble import Assembly, assemble, choose_sources

EXAMPLE: Final = Path(__file__).parents[1] / "docs" / "examples" / "water"
BASE: Final = "https://agua.example.org/estudo/"
FILES: Final = {
    "study": "study.yaml",
    "codes": "codes/codes.csv",
    "terms": "ontology/terms.ttl",
    "shapes": "ontology/shapes/campaign.ttl",
    "case": "cases/quito.yaml",
}
STUDY, CODES, TERMS, SHAPES, CASE = ((EXAMPLE / path).read_text("utf-8") for path in FILES.values())


def own_study(folder: Path, **changes: str) -> Path:
    """Copy the study to `folder`; `changes` are other texts for its FILES."""
    copy = folder / "agua"
    shutil.copytree(EXAMPLE, copy, dirs_exist_ok=True)
    for name, text in changes.items():
        (copy / FILES[name]).write_text(text, encoding="utf-8")
    return copy


def assembled(folder: Path) -> Assembly:
    """Return the graph of a study."""
    return assemble(choose_sources(studies=[folder]))
