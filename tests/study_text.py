"""The text of the first study, where it lies beside this checkout: it is not published with it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

SECTIONS = {
    "Abstract": "abstract/1", "Resumen": "abstract/2", "1. Introduction": "1",
    "2. European Union Case": "2",
    "2.1 Public policies": "2.1", "Netherlands": "2.1/netherlands", "Belgium": "2.1/belgium",
    "France": "2.1/france", "Spain": "2.1/spain", "Italy": "2.1/italy", "Germany": "2.1/germany",
    "2.2 Security strategies": "2.2", "3. Case: Bogotá": "3", "3.1 Social capital": "3.1",
    "3.2 A call": "3.2", "3.3 Social Responsibility": "3.3", "4. Tijuana Case": "4",
    "5. Fuerza Civil": "5", "6. Results": "6", "6.1 Convergences": "6.1",
    "6.2 Divergences": "6.2", "7. Conclusions": "7",
}  # fmt: skip
"""How the heading of a section begins -> the section."""


@cache
def study_text() -> str:
    """Return the text; where it does not lie in `shared/source` above, the test is skipped."""
    for folder in Path(__file__).resolve().parents:
        if texts := sorted((folder / "shared" / "source").glob("*.txt")):
            return texts[0].read_text("utf-8")
    pytest.skip("the text of the study does not lie in ../shared/source: nothing is compared")


def plain(text: str) -> str:
    """Return a text without its line breaks."""
    return " ".join(text.split())


@cache
def paragraphs() -> dict[str, str]:
    """Return the text of each paragraph by the id of its passage; tables have none.

    A paragraph begins after a line of blanks or, where a page begins, with a blank.
    """
    found: dict[str, list[str]] = {}
    section, begins, skipped, table = "", True, False, False
    for line in filter(None, study_text().split("\n")):
        words = line.strip()
        if heading := next((name for name in SECTIONS if _is_heading(words, name)), ""):
            section, skipped, table = SECTIONS[heading], True, False
        elif re.match(r"Table 8\.[123] [A-Z]", words):
            table = True
        elif table or words.startswith("Note:"):
            table, skipped = not words.startswith(("Source:", "Note:")), True
        elif not words or words.isdecimal():
            begins, skipped = True, False
        elif section and (not skipped or line.startswith(" ")):
            if begins or line.startswith(" "):
                found.setdefault(section, []).append("")
            found[section][-1] += f" {words}"
            begins = skipped = False
    abstracts = {f"passage/{key}": " ".join(found.pop(key)) for key in ("abstract/1", "abstract/2")}
    return abstracts | {
        f"passage/{section}/{number}": plain(text)
        for section, texts in found.items()
        for number, text in enumerate(texts, 1)
    }


def _is_heading(line: str, name: str) -> bool:
    return line.startswith(name) if name[0].isdecimal() else line == name
