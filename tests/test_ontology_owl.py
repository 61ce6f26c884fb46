"""The ontology by OWLAPI and HermiT: OWL 2 DL, its rules within RL, consistent, all satisfiable."""

from __future__ import annotations

from pathlib import Path

import pytest

from lint.runner import modules
from owl import harness

pytestmark = pytest.mark.java

ONTOLOGY = Path(__file__).parents[1] / "ontology"
RULES = ("govgraph.ttl", "concepts.ttl", "sdg.ttl", "alignments.ttl")


def test_all_modules_are_owl_2_dl() -> None:
    assert harness.profile_violations(modules(ONTOLOGY), "DL") == []


def test_what_the_rules_use_is_owl_2_rl() -> None:
    assert harness.profile_violations([ONTOLOGY / name for name in RULES], "RL") == []


def test_ontology_is_consistent_and_every_class_satisfiable() -> None:
    assert harness.unsatisfiable_classes(modules(ONTOLOGY)) == []
