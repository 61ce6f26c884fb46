"""The ontology by OWLAPI and HermiT: OWL 2 DL, its rules within RL, consistent, all satisfiable."""

from __future__ import annotations

from pathlib import Path

import pytest

from govgraph import KnowledgeGraph
from govgraph.assembly.building import write_build
from govgraph.coding.terms import ontology_files
from owl import harness

pytestmark = pytest.mark.java


@pytest.mark.parametrize("profile", ["DL", "RL"])
def test_all_modules_together_are_in_the_profile(profile: str) -> None:
    assert harness.profile_violations(ontology_files(), profile) == []


@pytest.mark.whole
def test_the_whole_dump_is_in_owl_2_dl_but_for_dates(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """OWL 2 has no datatype for a day: xsd:date is none of its own, and none may be made of it."""
    write_build(kg.store, tmp_path, "")
    headers = (tmp_path / "ontology.ttl").read_text("utf-8").count("a owl:Ontology")
    violations = harness.profile_violations([tmp_path / "govgraph.ttl"], "DL")
    assert (headers, [each for each in violations if "xsd:date" not in each]) == (1, [])


@pytest.mark.whole
def test_ontology_is_consistent_and_every_class_satisfiable() -> None:
    assert harness.unsatisfiable_classes(ontology_files()) == []
