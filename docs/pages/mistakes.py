"""What govgraph answers to the mistakes people make in a case file, as a table.

Each entry of mistakes.yaml says what to change in docs/examples/my-town.yaml (`find`, `write`)
and how to mend it (`remedy`). What can be read but breaks a rule (`rule: true`) is checked
against the shapes, all such entries in one file; `at` is the line the answer points to where it
is not the edited one.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import yaml

from govgraph import resources
from govgraph.coding.cases import load
from govgraph.coding.study import Sources
from govgraph.errors import SourceError
from govgraph.shapes.validation import as_text
from pages.markdown import cell, table

HERE: Final = Path(__file__).resolve().parent
EXAMPLE: Final = HERE.parent / "examples" / "my-town.yaml"
REGISTRIES: Final = ("actors.yaml", "places.yaml")
"""The bundled files the example refers to; the whole study is not needed to find a mistake."""
WORKS: Final = EXAMPLE.with_name("my-town-works.yaml")


@dataclass(frozen=True)
class Mistake:
    """One thing done wrong: what it is called, the edit that does it, and its remedy."""

    what: str
    find: str
    write: str
    remedy: str
    rule: bool = False
    at: str = ""


def mistakes() -> list[Mistake]:
    """Return the entries of mistakes.yaml."""
    entries: list[dict[str, Any]] = yaml.safe_load((HERE / "mistakes.yaml").read_text("utf-8"))
    return [Mistake(**entry) for entry in entries]


def mistakes_table() -> str:
    """Return the table: what was done wrong, what govgraph says, what to do."""
    text = EXAMPLE.read_text("utf-8")
    broken = _broken_rules([each for each in mistakes() if each.rule], text)
    rows = []
    for mistake in mistakes():
        answer = broken[mistake.what] if mistake.rule else _unreadable(mistake, text)
        shown = f"`` {cell(answer)} ``" if "`" in answer else f"`{cell(answer)}`"
        rows.append((cell(mistake.what), shown, cell(mistake.remedy)))
    return table(("What is wrong", "What govgraph says", "What to do"), rows).rstrip("\n")


def _edited(text: str, mistake: Mistake) -> str:
    if text.count(mistake.find) != 1:
        raise LookupError(f"{mistake.what}: {mistake.find!r} must stand once in my-town.yaml")
    return text.replace(mistake.find, mistake.write)


def _sources(folder: str, text: str) -> list[Path]:
    path = Path(folder) / EXAMPLE.name
    path.write_text(text, encoding="utf-8")
    return [*(resources.default_study() / name for name in REGISTRIES), WORKS, path]


def _unreadable(mistake: Mistake, text: str) -> str:
    """Return the one line that reading the edited file ends with."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            load(Sources(data=(*_sources(folder, _edited(text, mistake)),)))
        except SourceError as error:
            return str(error).replace(f"{folder}/", "")
    raise LookupError(f"{mistake.what}: the file is read without a complaint")


def _broken_rules(chosen: list[Mistake], text: str) -> dict[str, str]:
    """Return mistake -> the line of `govgraph validate` about it, all found in one run."""
    import govgraph

    for mistake in chosen:
        text = _edited(text, mistake)
    with tempfile.TemporaryDirectory() as folder:
        graph = govgraph.open([str(path) for path in _sources(folder, text)], bundled=False)
        results = graph.validate().results
    found = {}
    for mistake in chosen:
        wanted = mistake.at or mistake.write
        start = text[: text.rindex(wanted)].count("\n") + 1
        lines = range(start, start + wanted.rstrip("\n").count("\n") + 1)
        rows = [row for row in results if row.line in lines and row.path.endswith(EXAMPLE.name)]
        if len(rows) != 1:
            shown = "; ".join(f"{row.place} {row.message}" for row in rows) or "nothing"
            raise LookupError(f"{mistake.what}: expected one result, found {shown}")
        shown = as_text([replace(rows[0], path=EXAMPLE.name)]).strip()
        found[mistake.what] = shown.replace(rows[0].path.removesuffix(EXAMPLE.name), "")
    return found
