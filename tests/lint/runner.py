"""Runs the lint queries over the ontology files, with what is known and what is used beside them.

The default graph is the union of the ontology modules. `lint:known` holds the foreign terms and
namespaces that exist and our properties that are open on purpose; `lint:used` every IRI that the
ontology, the shapes, the context and the stored queries use, and in which file.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from lint.usage import RDF_TYPE, context_terms, sparql_terms, turtle_terms
from lint.vocabularies import foreign_terms, open_properties

GG = "https://w3id.org/govgraph/ontology#"
LINT = "urn:lint:"
QUERIES = sorted(Path(__file__).parent.glob("*.rq"))
KNOWN, USED, IN = (ox.NamedNode(LINT + name) for name in ("known", "used", "in"))


def store_of(root: Path) -> ox.Store:
    """Return a store with the ontology below `root`, what is known, and what is used."""
    store = ox.Store()
    for path in sorted((root / "ontology").rglob("*.ttl")):
        if "shapes" in str(path.relative_to(root)):
            continue
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    add_known(store)
    add_used(store, root)
    return store


def add_known(store: ox.Store) -> None:
    """Add what lint may take for granted to the graph `lint:known`."""
    terms, namespaces = foreign_terms()
    _add(store, terms, RDF_TYPE, "Term", KNOWN)
    _add(store, namespaces, RDF_TYPE, "Namespace", KNOWN)
    for end, names in open_properties().items():
        _add(store, {GG + name for name in names}, RDF_TYPE, f"Open{end.capitalize()}", KNOWN)


def add_used(store: ox.Store, root: Path) -> None:
    """Add the IRIs that the project's files use to the graph `lint:used`."""
    for path in sorted((root / "ontology").rglob("*.ttl")):
        uses = set(turtle_terms(path))
        _add(store, {iri for iri, _ in uses}, IN, _name(path, root), USED)
        _add(store, {iri for iri, as_term in uses if as_term}, RDF_TYPE, "InTermPosition", USED)
    for path in sorted((root / "ontology").glob("*.jsonld")):
        found = context_terms(path.read_text(encoding="utf-8"))
        _add(store, found, IN, _name(path, root), USED)
    for path in sorted((root / "queries").rglob("*.rq")):
        found = sparql_terms(path.read_text(encoding="utf-8"))
        _add(store, found, IN, _name(path, root), USED)


def findings(store: ox.Store, query: str) -> list[dict[str, str]]:
    """Return the rows of a lint query, sorted, unbound columns left out."""
    solutions = store.query(query)
    assert isinstance(solutions, ox.QuerySolutions), "a lint query is a SELECT"
    names = [variable.value for variable in solutions.variables]
    rows = [
        {
            name: value.value if isinstance(value, ox.NamedNode | ox.Literal) else str(value)
            for name, value in zip(names, solution, strict=True)
            if value is not None
        }
        for solution in solutions
    ]
    return sorted(rows, key=lambda row: sorted(row.items()))


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _add(
    store: ox.Store, iris: Iterable[str], predicate: ox.NamedNode, what: str, graph: ox.NamedNode
) -> None:
    value = ox.Literal(what) if predicate == IN else ox.NamedNode(LINT + what)
    store.extend(ox.Quad(ox.NamedNode(iri), predicate, value, graph) for iri in iris)
