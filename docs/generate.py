"""Makes the pages of docs/ anew: `python docs/generate.py` (or `make docs`), `--check` to compare.

Four pages are generated whole (api.md, terms.md, queries.md, competency.md), and the cells of
tour.ipynb are run. In the written ones, and in README.md, examples are run and what they print is
put in, pieces of case files and graphs are pasted, and a command that has no section in commands.md
gets one.
"""

from __future__ import annotations

import difflib
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pages import api, competency, notebook, queries, terms
from pages.blocks import DOCS, ExampleError, rerun
from pages.excerpts import paste

from govgraph.cli import COMMANDS

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

GENERATED: Final = ("api.md", "tour.ipynb", "terms.md", "queries.md", "competency.md")
WRITTEN: Final = (
    "model.md", "own-study.md", "coding.md", "commands.md", "compare.md", "python.md",
    "own-rdf.md", "recipes.md", "architecture.md", "README.md", "figure.md",
)  # fmt: skip
PAGES: Final = (*GENERATED, *WRITTEN)


def path_of(page: str) -> Path:
    """Return the file of a page: README.md stands above docs/."""
    return DOCS.parent / page if page == "README.md" else DOCS / page


@cache
def bundled_graph() -> KnowledgeGraph:
    """Return the built graph of the bundled data."""
    import govgraph

    return govgraph.open()


def render(page: str) -> str:
    """Return the text a page should have; raises ExampleError where an example fails."""
    if page == "api.md":
        return api.page()
    if page == "terms.md":
        return terms.page()
    if page == "queries.md":
        return queries.page(bundled_graph())
    if page == "competency.md":
        return competency.page()
    text = path_of(page).read_text("utf-8")
    if page == "tour.ipynb":
        return notebook.run(text)
    if page == "commands.md":
        text = with_all_commands(text)
    text = paste(text, page, lambda: bundled_graph().store)
    return rerun(text, page)


def with_all_commands(text: str) -> str:
    """Return the page of commands with a section, in its place, for each that has none."""
    following = ""
    for name in reversed(COMMANDS):
        heading = f"\n## govgraph {name}\n"
        if heading not in text:
            section = f"{heading}\n```sh\ngovgraph {name} --help\n```\n\n```text\n```\n"
            before, found, after = text.partition(following) if following else (text, "", "")
            text = f"{before}{section}{found}{after}"
        following = heading
    return text


def stale(page: str) -> list[str]:
    """Return the lines in which a page differs from what it should be, [] where it does not."""
    path = path_of(page)
    found = path.read_text("utf-8") if path.exists() else ""
    expected = render(page)
    return list(
        difflib.unified_diff(
            found.splitlines(), expected.splitlines(), page, "made anew", lineterm="", n=1
        )
    )


def main(arguments: list[str]) -> int:
    """Write the pages named (all without a name), or with --check tell which are not current."""
    check = "--check" in arguments
    chosen = [each for each in arguments if each != "--check"] or list(PAGES)
    behind = 0
    for page in chosen:
        try:
            if check:
                changes = stale(page)
                behind += bool(changes)
                print("\n".join(changes) or f"{page}: current")
            else:
                path_of(page).write_text(render(page), encoding="utf-8")
                print(page)
        except ExampleError as error:
            behind += 1
            print(error, file=sys.stderr)
    return 1 if behind else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
