"""The ontology by OWLAPI and HermiT: OWL 2 DL, its rules within RL, consistent, all satisfiable."""

from __future__ import annotations

import pytest

from govgraph.coding.terms import ontology_files
from owl import harness

pytestmark = pytest.mark.java


@pytest.mark.parametrize("profile", ["DL", "RL"])
def test_all_modules_together_are_in_the_profile(profile: str) -> None:
    assert harness.profile_violations(ontology_files(), profile) == []


def test_ontology_is_consistent_and_every_class_satisfiable() -> None:
    assert harness.unsatisfiable_classes(ontology_files()) == []
