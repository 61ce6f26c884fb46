"""Parts of the study, small enough for a slow reference engine, or for a site, in a test run."""

from __future__ import annotations

import re
from functools import cache

import pyoxigraph as ox

from govgraph import KnowledgeGraph
from govgraph.assembly.assemble import LocalGraph
from govgraph.explanation import Explainer
from govgraph.reasoning import Rule, compile_rules
from govgraph.reasoning.schema import to_triple
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH
from rules_in_sparql import atom_sparql, condition_sparql

NOT_DATA = {INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH}


def copy_of(kg: KnowledgeGraph, *, without: set[str]) -> ox.Store:
    """Return a copy of the graph that lacks some named graphs."""
    store = ox.Store()
    store.bulk_extend(quad for quad in kg.store if name_of(quad) not in without)
    return store


def name_of(quad: ox.Quad) -> str:
    """Return the IRI of the graph of a statement, "" for the default graph."""
    return str(getattr(quad.graph_name, "value", ""))


def premises(store: ox.Store, rule: Rule) -> list[ox.Triple]:
    """Return the statements of the first place, by name, where a rule fires; [] where it does not.

    `store` holds what was inferred, too.
    """
    variables = rule.variables()
    patterns = " . ".join(atom_sparql(atom) for atom in rule.body)
    filters = "".join(f" FILTER({condition_sparql(condition)})" for condition in rule.conditions)
    names = " ".join(map(str, variables))
    query = f"SELECT {names} WHERE {{ {patterns}{filters} }} ORDER BY {names} LIMIT 1"
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    for solution in solutions:
        values = {variable: solution[variable.value] for variable in variables}
        return [to_triple(atom.bind(values)) for atom in rule.body]
    return []


def firing(store: ox.Store) -> dict[Rule, list[ox.Triple]]:
    """Return each rule that fires on a store, and the statements it fires on for one."""
    rules = compile_rules(store).rules
    return {rule: found for rule in rules if (found := premises(store, rule))}


@cache
def where_every_rule_fires(kg: KnowledgeGraph) -> tuple[ox.Triple, ...]:
    """Return asserted statements, axioms too, on which each rule fires that fires on the study."""
    store = copy_of(kg, without={METADATA_GRAPH})
    explainer = Explainer(store)
    statements = {triple for found in firing(store).values() for triple in found}
    proofs = [proof for triple in statements for proof in explainer.explain(triple)]
    return tuple(sorted({leaf.triple for proof in proofs for leaf in proof.leaves()}, key=str))


def axioms(kg: KnowledgeGraph) -> list[ox.Quad]:
    """Return the ontology without its texts, from which nothing follows."""
    return [
        quad
        for quad in kg.store.quads_for_pattern(None, None, None, ox.NamedNode(ONTOLOGY_GRAPH))
        if not isinstance(quad.object, ox.Literal)
    ]


def fifth_of_the_study(kg: KnowledgeGraph) -> ox.Store:
    """Return a fifth of the passages, what is inferred from them, and the ontology.

    One case of the first study is there with all its passages.
    """
    names = sorted({name_of(quad) for quad in kg.store} - NOT_DATA)
    chosen = {*names[2::5], *(name for name in names if name.endswith("/tijuana"))}
    data = [quad for quad in kg.store if name_of(quad) in chosen]
    store = ox.Store()
    store.extend([*data, *axioms(kg)])
    inferred = ox.NamedNode(INFERRED_GRAPH)
    for subject in {quad.subject for quad in data}:
        store.extend(kg.store.quads_for_pattern(subject, None, None, inferred))
    return store


def one_case_of_the_study(kg: KnowledgeGraph) -> KnowledgeGraph:
    """Return Bogotá with its passages, all actors, the ontology and the metadata, as a graph."""
    bogota = re.compile(r"/(actors|bogota|passage/3\.3(/.*)?)$")
    kept = {name for name in map(name_of, kg.store) if bogota.search(name)}
    store = copy_of(kg, without={name_of(quad) for quad in kg.store} - kept - NOT_DATA)
    inferred = ox.NamedNode(INFERRED_GRAPH)
    said = {quad.subject for quad in store if name_of(quad) in kept}
    for quad in list(store.quads_for_pattern(None, None, None, inferred)):
        if quad.subject not in said:
            store.remove(quad)
    return KnowledgeGraph(LocalGraph(store, kg.sources, kg.studies))
