"""The ontology by OWLAPI and HermiT: OWL 2 DL, its rules within RL, consistent, all satisfiable."""

from __future__ import annotations

from pathlib import Path

import pytest

from lint.runner import modules
from owl import harness

pytestmark = pytest.mark.java

ONTOLOGY = Path(__file__).parents[1] / "ontology"


@pytest.mark.parametrize("profile", ["DL", "RL"])
def test_all_modules_together_are_in_the_profile(profile: str) -> None:
    assert harness.profile_violations(modules(ONTOLOGY), profile) == []


def test_ontology_is_consistent_and_every_class_satisfiable() -> None:
    assert harness.unsatisfiable_classes(modules(ONTOLOGY)) == []
