"""The ontology has none of the defects that our lint knows; the lint finds every one seeded."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from lint.runner import QUERIES, add_known, findings, store_of
from lint.usage import context_terms, sparql_terms, turtle_terms
from lint.vocabularies import foreign_terms, open_properties

ROOT = Path(__file__).parents[1]
SEEDS = Path(__file__).parent / "lint" / "seeds"
SEEDED = sorted(SEEDS.glob("*.trig"))
GG = "https://w3id.org/govgraph/ontology#"


@pytest.fixture(scope="module")
def ontology() -> ox.Store:
    return store_of(ROOT)


@pytest.fixture(scope="module")
def clean() -> bytes:
    return (SEEDS / "clean.ttl").read_bytes()


def query_of(seed: Path) -> str:
    """Return the lint query that a seed is for: `<query>.trig` or `<query>.<variant>.trig`."""
    return (SEEDS.parent / f"{seed.name.partition('.')[0]}.rq").read_text(encoding="utf-8")


def told(seed: str, directive: str) -> str | None:
    match = re.search(rf"^# {directive}:? ?(.*)$", seed, re.MULTILINE)
    return match[1] if match else None


def expand(names: str, seed: str) -> set[str]:
    prefixes = dict(re.findall(r"^PREFIX (\w+): <(.*)>$", seed, re.MULTILINE))
    full = set()
    for name in names.split():
        prefix, _, local = name.partition(":")
        full.add(name[1:-1] if name.startswith("<") else prefixes[prefix] + local)
    return full


def test_ontology(ontology: ox.Store) -> None:
    assert found_by_all_queries(ontology) == {}


def test_clean_ontology_passes(clean: bytes) -> None:
    store = ox.Store()
    store.load(clean, format=ox.RdfFormat.TURTLE)
    add_known(store)
    assert found_by_all_queries(store) == {}


def found_by_all_queries(store: ox.Store) -> dict[str, list[dict[str, str]]]:
    """Return what each query finds, under the sentence that says what it looks for."""
    texts = [query.read_text(encoding="utf-8") for query in QUERIES]
    return {text.splitlines()[0]: rows for text in texts if (rows := findings(store, text))}


def test_every_seeded_defect_is_found(clean: bytes) -> None:
    faults = []
    for seed in SEEDED:
        text = seed.read_text(encoding="utf-8")
        store = ox.Store()
        if told(text, "alone") is None:
            store.load(clean, format=ox.RdfFormat.TURTLE)
        store.load(text.encode(), format=ox.RdfFormat.TRIG)
        add_known(store)
        nodes = {row["focus"] for row in findings(store, query_of(seed))}
        expected = expand(told(text, "finds") or "", text)
        if nodes != expected:
            faults.append(f"{seed.name}: found {nodes} instead of {expected}")
    assert faults == []


def test_every_query_says_what_it_finds_and_has_a_seed() -> None:
    for query in QUERIES:
        first = query.read_text(encoding="utf-8").splitlines()[0]
        assert re.fullmatch(r"# [A-Z].*\.", first), query.name
    assert {query.stem for query in QUERIES} == {seed.name.partition(".")[0] for seed in SEEDED}


def test_header_seed_names_every_missing_property() -> None:
    store = ox.Store()
    store.load((SEEDS / "header.missing.trig").read_bytes(), format=ox.RdfFormat.TRIG)
    rows = findings(store, query_of(SEEDS / "header.missing.trig"))
    missing = [(row["property"].rpartition("/")[2], row["problem"]) for row in rows]
    assert sorted(missing) == [
        ("contributor", "missing"),
        ("created", "missing"),
        ("creator", "missing"),
        ("description", "missing in en"),
        ("description", "missing in es"),
        ("issued", "missing"),
        ("license", "missing"),
        ("owl#priorVersion", "missing"),
        ("owl#versionIRI", "missing"),
        ("preferredNamespacePrefix", "missing"),
        ("preferredNamespaceUri", "missing"),
        ("publisher", "missing"),
        ("source", "missing"),
        ("status", "missing"),
        ("title", "missing in es"),
    ]


def test_sparql_terms_are_read_with_their_prefixes() -> None:
    text = """#+ summary: not gg:inAComment
PREFIX gg: <https://w3id.org/govgraph/ontology#>
PREFIX sdg: <http://metadata.un.org/sdg/>
SELECT ?a WHERE { # nor gg:here
  ?a a gg:Council ; gg:hasSeat/gg:sits+ ?b ; ^<http://example.org/in-full> "gg:notHere" .
  ?b gg:target sdg:16.1 . FILTER(?a != gg:x.) FILTER(STR(?b) = 'gg:notThere#')
  OPTIONAL { ?b gg:last ?c }
}"""
    names = ("Council", "hasSeat", "sits", "target", "x", "last")
    assert sparql_terms(text) == {
        *(GG + name for name in names),
        "http://metadata.un.org/sdg/16.1",
        "http://example.org/in-full",
    }


def test_sparql_inside_turtle_is_read(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        '<urn:shape> sh:select "SELECT $this WHERE { $this gg:hasSit ?x }" .\n'
    )
    assert (f"{GG}hasSit", False) in set(turtle_terms(shapes))


def test_context_terms_are_read_from_identifiers_and_types() -> None:
    text = """{"@context": {"@version": 1.1, "gg": "https://w3id.org/govgraph/ontology#",
        "xsd": "http://www.w3.org/2001/XMLSchema#", "id": "@id", "Case": "gg:Case",
        "year": {"@id": "gg:year", "@type": "xsd:integer"},
        "place": {"@id": "gg:place", "@type": "@id"}}}"""
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    assert context_terms(text) == {f"{GG}Case", f"{GG}year", f"{GG}place", integer}


def test_open_properties_exist(ontology: ox.Store) -> None:
    listed = {GG + name for names in open_properties().values() for name in names}
    declared = {
        quad.subject.value
        for kind in ("ObjectProperty", "DatatypeProperty")
        for quad in ontology.quads_for_pattern(
            None, None, ox.NamedNode(f"http://www.w3.org/2002/07/owl#{kind}"), ox.DefaultGraph()
        )
        if isinstance(quad.subject, ox.NamedNode)
    }
    assert listed <= declared


@pytest.mark.parametrize(
    ("iri", "known"),
    [
        ("http://www.w3.org/ns/org#memberOf", True),
        ("http://www.w3.org/ns/org#memberOff", False),
        ("http://purl.org/dc/terms/title", True),
        ("http://www.w3.org/ns/dcat#DatasetSeries", True),
        ("http://purl.org/spar/fabio/Legislation", False),
        ("https://schema.org/Legislation", True),
        ("http://www.w3.org/ns/shacl#or", True),
    ],
)
def test_foreign_terms(iri: str, known: bool) -> None:
    terms, namespaces = foreign_terms()
    assert (iri in terms) is known
    assert any(iri.startswith(namespace) for namespace in namespaces)
