"""docs/competency.md: forty questions of a scholar, the text's answers, how each is asked."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

import yaml

from pages.blocks import DOCS
from pages.markdown import slug

FOLDER: Final = DOCS.parent / "tests" / "competency"
HEAD: Final = """\
# Forty questions of a scholar

What a scholar of public governance would ask of the bundled study, with the answer that its text
gives and the command that asks the graph. Questions and answers were written from the text alone,
before its coding or any query was looked at; `tests/test_competency.py` holds the graph to them.
Made by `make docs` from `tests/competency/`; do not edit it here.

Every command takes `--format csv` and the other formats; `govgraph query NAME --help` and
[queries.md](queries.md) say what a query takes. A study of your own is asked the same way.
"""


def page() -> str:
    """Return the text of docs/competency.md."""
    questions = yaml.safe_load((FOLDER / "questions.yaml").read_text("utf-8"))
    asked = yaml.safe_load((FOLDER / "asked.yaml").read_text("utf-8"))
    return "\n".join([HEAD, *(_section(each, asked[each["id"]]) for each in questions)])


def _section(question: dict[str, Any], asked: list[dict[str, Any]]) -> str:
    commands = list(dict.fromkeys(_command(each) for each in asked))
    lines = [
        f"## {question['id'][1:].lstrip('0')}. {question['question']}",
        "",
        f"*{'; '.join(_values(question['answer']))}* ({question['where']})",
        "",
        "<!-- not run -->",
        "```sh",
        *commands,
        "```",
    ]
    used = [each["query"] for each in asked if "query" in each]
    links = dict.fromkeys(f"[{name}](queries.md#{slug(name)})" for name in used)
    if links:
        lines += ["", " · ".join(links)]
    lines += [f"\n**A gap:** {each['gap'].strip()}" for each in asked if "gap" in each]
    return "\n".join([*lines, ""])


def _values(answer: object) -> Iterator[str]:
    """Yield the values of an answer as a reader writes them."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            yield f"{name}: {', '.join(_values(value))}"
    elif isinstance(answer, list):
        for value in answer:
            yield from _values(value)
    else:
        yield str(answer)


def _command(asked: dict[str, Any]) -> str:
    if "query" in asked:
        given = (("--param", f"{name}={value}") for name, value in asked.get("with", {}).items())
        return shlex.join(["govgraph", "query", asked["query"], *chain.from_iterable(given)])
    if "compare" in asked:
        cases = [case.partition("/")[2] for case in asked["compare"]]
        words = ["govgraph", "compare", *cases, "--feature", asked["feature"], "--show", "evidence"]
        return shlex.join(words)
    return "govgraph claims"
