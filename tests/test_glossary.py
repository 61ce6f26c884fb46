"""One Spanish word for one term: docs/glossary.md holds in ontology, shapes, queries, interface."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml

import messages
from govgraph.coding.terms import ontology_files

ROOT = Path(__file__).parents[1]
RULES = {
    "partnership": (r"(?<!private )\bpartnerships?\b", r"\bcolaborati|\bcolaboraci"),
    "alliance": (r"\balliances?\b", r"\balianza"),
    "public-private partnership": (r"public-private partnership", r"alianza público-privada"),
    "role": (r"\broles?\b", r"\bpapel"),
    "setting": (r"\bsettings?\b(?! a goal)", r"\bentorno"),
    "editorial statement": (r"\beditorial statements?\b", r"\bdeclaraci"),
    "claim": (r"\bclaims?\b", r"\bafirma"),
    "basis": (r"(?<!was the )\bbas[ei]s\b(?! of what)", r"\bfundament"),
    "alignment, aligned with (a goal)": (
        r"\baligned with|\balignments?\b(?! of (govgraph|the code))", r"\bvincul|enlace",
    ),
    "identity link": (r"\bidentity links?\b", r"enlaces? de identidad"),
    "finding": (r"\bfindings?\b", r"\bhallazgo"),
    "governance arrangement": (r"\bgovernance arrangements?\b", r"\barreglos? de gobernanza"),
    "passage": (r"\bpassages?\b", r"\bpasaje"),
    "secretariat": (r"\bsecretariats?\b", r"\bsecretaría"),
}  # fmt: skip
"""What an English text has, and its Spanish one must have then."""
CODE = re.compile(r"`[^`]*`|%\(\w+\)s|\b[a-z-]+/\S+|\((?:basis|sdg-alignments)\)|<[^>]*>")
"""What is the same in every language: keys, ids, placeholders."""


def texts_of_ontology() -> Iterator[tuple[str, str, str]]:
    for path in (*ontology_files(), *ontology_files(shapes=True)):
        texts: dict[Any, dict[str, str]] = {}
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            key, value = (str(quad.subject), quad.predicate), quad.object
            if isinstance(value, ox.Literal) and value.language:
                texts.setdefault(key, {})[value.language] = value.value
        for (subject, _), text in texts.items():
            if {"en", "es"} <= set(text):
                yield f"{path.name}: {subject}", text["en"], text["es"]


def texts_of_queries() -> Iterator[tuple[str, str, str]]:
    def pairs(header: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for key, value in header.items():
            if isinstance(value, dict):
                yield from pairs(value)
            elif f"{key}_es" in header:
                yield str(value), str(header[f"{key}_es"])

    for path in sorted((ROOT / "queries").rglob("*.rq")):
        lines = path.read_text(encoding="utf-8").splitlines()
        header = "\n".join(line[3:] for line in lines if line.startswith("#+"))
        for english, spanish in pairs(yaml.safe_load(header)):
            yield path.name, english, spanish


def texts_of_interface() -> Iterator[tuple[str, str, str]]:
    for message in messages.catalogues()["es"]:
        one = isinstance(message.id, str)
        ids = [message.id] if one else list(message.id)
        strings = [message.string] if one else list(message.string)
        for english, spanish in zip(ids, strings, strict=True):
            if english and not english.startswith("#"):  # comments of templates are full of codes
                yield "es.po", str(english), str(spanish)


TEXTS = [*texts_of_ontology(), *texts_of_queries(), *texts_of_interface()]


@pytest.mark.parametrize("term", RULES)
def test_an_english_word_has_its_spanish_one(term: str) -> None:
    asked, needed = RULES[term]
    faults, found = [], 0
    for where, english, spanish in TEXTS:
        plain = CODE.sub("", english)
        if re.search(asked, plain, re.IGNORECASE):
            found += 1
            if not re.search(needed, spanish, re.IGNORECASE):
                faults.append(f"{where}: {english!r} is {spanish!r}")
    assert faults == []
    assert found, "nothing is held by this rule"


def test_the_glossary_names_what_is_held() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+?) \|", text, re.MULTILINE)[2:]
    assert {english for english, _ in rows} - {"commune (of Germany)"} == set(RULES)
    for english, spanish in rows:
        if english in RULES:
            assert re.search(RULES[english][1], spanish), english


def test_no_communes_in_germany() -> None:
    text = (ROOT / "data/security-alliances/cases/germany.yaml").read_text(encoding="utf-8")
    assert "comuna" not in text.lower()
    assert "Municipios" in text
