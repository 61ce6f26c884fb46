"""The documentation says what is: pages are current, examples run, links lead somewhere."""

from __future__ import annotations

import importlib
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from govgraph.cli import COMMANDS
from govgraph.coding.terms import load_terms

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
READ = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])


@pytest.fixture(scope="module", autouse=True)
def _pages() -> None:
    sys.path.insert(0, str(DOCS))


def module(name: str) -> ModuleType:
    return importlib.import_module(name)


PAGES = (
    "api.md", "recipes.md", "tour.ipynb", "terms.md", "queries.md", "competency.md", "model.md",
    "own-study.md", "coding.md", "commands.md", "compare.md", "python.md", "own-rdf.md",
    "architecture.md", "README.md", "figure.md",
)  # fmt: skip
LONG = ("commands.md", "python.md", "recipes.md", "coding.md", "tour.ipynb", "figure.md")
"""Pages whose examples take longest; `make test-all` runs them."""


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=[pytest.mark.whole] if page in LONG else []) for page in PAGES],
)
def test_a_page_is_current_and_its_examples_print_what_it_shows(
    page: str, kg: KnowledgeGraph
) -> None:
    generate = module("generate")
    assert set(generate.PAGES) == set(PAGES)
    assert generate.stale(page) == [], "run `make docs` and look at what changed"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_section_with_its_help(command: str) -> None:
    text = (DOCS / "commands.md").read_text("utf-8")
    section = text.partition(f"\n## govgraph {command}\n")[2].partition("\n## ")[0]
    # That the help is what --help prints is what the test above tells.
    assert (
        f"```sh\ngovgraph {command} --help\n```\n\n```text\nUsage: govgraph {command} " in section
    )


@cache
def anchors(page: Path) -> frozenset[str]:
    return frozenset(module("pages.markdown").anchors(page.read_text("utf-8")))


@pytest.mark.parametrize("page", READ, ids=lambda path: path.name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    markdown = module("pages.markdown")
    broken = []
    for line, target in markdown.links(page.read_text("utf-8")):
        path, _, fragment = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (fragment and fragment not in anchors(there)):
            broken.append(f"{page.name}:{line}: {target}")
    assert broken == []


def test_every_module_and_function_that_a_page_names_exists() -> None:
    """`file.py` or `folder/file.py:function`, in the package or the repository."""
    faults = []
    named = re.compile(r"`([\w/.*-]+\.py)(?::([A-Za-z]\w*))?`")
    for page in READ:
        for path, function in named.findall(page.read_text("utf-8")):
            texts = [
                file.read_text("utf-8")
                for folder in (ROOT / "src/govgraph", ROOT)
                for file in folder.glob(path)
            ]
            definition = rf"^\s*(?:def|class) {function}\b" if function else ""
            if "NAME" not in path and not any(
                re.search(definition, text, re.MULTILINE) for text in texts
            ):
                faults.append(f"{page.name}: {path}:{function}")
    assert faults == []


def test_every_key_that_a_coder_writes_is_explained() -> None:
    text = (DOCS / "coding.md").read_text("utf-8")
    written = set(re.findall(r"`(\w+)(?:`|:)", text))
    table = (DOCS / "terms.md").read_text("utf-8")
    inferred = set(re.findall(r"\[`(\w+)`\]\(#property-\w+\)¹?⁺", table))
    assert set(load_terms().keys) - written - inferred == set()


def test_every_word_of_a_case_file_has_an_entry() -> None:
    text = (DOCS / "terms.md").read_text("utf-8")
    terms = load_terms()
    for name in terms.classes:
        assert f'<a id="class-{name}">' in text
    for scheme in ("role", "sector", "verdict", "conflict-kind"):
        assert f'<a id="scheme-{scheme}">' in text
    assert "| `role/founder` | Founder | Fundador |" in text
    assert "| `sdg:16.7` |" in text


def test_the_coded_example_is_what_its_page_says(kg: KnowledgeGraph) -> None:
    import govgraph

    files = sorted(str(path) for path in (DOCS / "examples").glob("my-town*"))
    mine = govgraph.open(files)
    assert mine.validate(files).results == []
    rows = list(mine.query("who-takes-part", arrangement="Market Safety Roundtable"))
    assert {row["role"] for row in rows} == {"Adviser", "Convener", "Leader", "Member"}
    assert mine.query("""
        PREFIX gg: <https://w3id.org/govgraph/ontology#>
        ASK { <https://study.example/partnership/my-town-roundtable>
                a gg:PublicPrivateArrangement , gg:PoliceInvolvingArrangement }
    """)


# -- the machinery of the pages --------------------------------------------------------------------

PAGE = """\
```sh
echo one; echo two >&2
```

```text
something else
```

```python
x = 2
x + 1
```

```text
```

<!-- not run -->
```sh
exit 1
```

<!-- exits 3 -->
```sh
exit 3
```

```python
print(x)
```
"""


def test_examples_are_run_and_their_output_put_in() -> None:
    made = module("pages.blocks").rerun(PAGE, "page.md")
    expected = PAGE.replace("something else", "one\ntwo").replace("```text\n```", "```text\n3\n```")
    assert made == expected
    assert module("pages.blocks").rerun(made, "page.md") == made


@pytest.mark.parametrize("block", ["```sh\nfalse | cat\n```", "```python\n\n1 / 0\n```"])
def test_an_example_that_fails_names_page_and_line(block: str) -> None:
    blocks = module("pages.blocks")
    with pytest.raises(blocks.ExampleError, match=r"page\.md:3: "):
        blocks.rerun(f"Text.\n\n{block}\n", "page.md")


def test_an_excerpt_is_the_text_of_the_file_without_the_rest() -> None:
    excerpts = module("pages.excerpts")
    words = "docs/examples/my-town.yaml passage/my-town/1/2 keys id type says person/nobody"
    assert excerpts.excerpt(words.split()).splitlines() == [
        "id: passage/my-town/1/2",
        "type: Paragraph",
        "# …",
        "says:",
        "  # …",
    ]
    inner = "docs/examples/my-town.yaml place/my-town in passage/my-town/1/1 keys id within"
    assert excerpts.excerpt(inner.split()).splitlines() == [
        "id: place/my-town",
        "# …",
        "within: place/mexico",
    ]
    with pytest.raises(LookupError, match="place/nowhere"):
        excerpts.excerpt(["docs/examples/my-town.yaml", "place/nowhere"])


def test_anchors_are_those_of_github() -> None:
    markdown = module("pages.markdown")
    text = "# What do I write for …?\n## `case`\n## Case\n```\n# no\n```\n<a id='x'></a>\n"
    assert markdown.anchors(text) == {"what-do-i-write-for-", "case", "case-1"}
    assert markdown.anchors('### <a id="scheme-role"></a>Roles · Papeles') >= {"scheme-role"}
    assert list(markdown.links("`[a](b)` [c](d#e) ![f](g)")) == [(1, "d#e"), (1, "g")]


def test_a_command_without_a_section_gets_one() -> None:
    made = module("generate").with_all_commands("# Commands\n")
    assert [f"\n## govgraph {name}\n" in made for name in COMMANDS] == [True] * len(COMMANDS)
    assert "```sh\ngovgraph build --help\n```" in made
