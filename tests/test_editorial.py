"""What the editors add: conflicts, decisions, goals and identities, each borne out by passages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest

from first_study import STUDY
from govgraph import KnowledgeGraph
from govgraph.vocabulary import BASE, GG, RDF, SDG

INCONSISTENCIES: dict[int, tuple[str, ...]] = {
    1: ("five-towns-initiative-name",),
    2: ("british-facts-under-netherlands", "country-of-comprehensive-policy"),
    3: ("list-of-european-cases", "countries-of-the-european-union"),
    4: ("national-prevention-bureau-name",),
    5: ("society-and-crime-year",),
    6: ("morgan-report-rejected-or-taken-up",),
    7: ("spp-year", "spp-shortly-afterwards"),
    8: ("belgian-contracts-year", "belgian-contracts-name"),
    9: (),  # Belgian police forces of the early 1990s and of 2016: different times, no conflict
    10: ("french-contracts-year",),
    11: ("french-security-law-name",),
    12: ("french-institute-name", "french-institute-year"),
    13: ("municipal-police-law-year",),
    14: ("french-policy-and-english-model", "morgan-report-and-french-model"),
    15: ("french-reports",),
    16: ("first-movers",),
    17: ("spanish-strategies", "programmes-of-every-country"),
    18: (
        "direct-election-of-mayors-year",
        "italian-committees-year",
        "unclosed-quotation-marks",
        "decree-law-14-source",
    ),
    19: ("german-councils-year", "german-councils-spelling"),
    20: ("danish-councils", "main-actors-in-europe"),
    21: ("national-council-homonym", "fes-homonym", "campos-2012-homonym"),
    22: ("founders-of-bogota-como-vamos", "chamber-of-commerce-name"),
    23: ("tijuana-decline",),
    24: ("operativo-tijuana-name", "operativo-tijuana-year"),
    25: (
        "nuevo-leon-or-monterrey",
        "alliance-for-security-name",
        "federal-or-state-government",
        "fuerza-civil-year",
        "triple-helix-or-triangle",
    ),
    26: ("countries-with-rates",),
    27: ("world-rate-source",),
    28: ("table-8.1-source",),
    29: ("table-8.3-source",),
    30: (
        "name-of-goal-16",
        "latin-american-countries",
        "security-indicators-and-rates",
        "cidac-without-year",
        "no-list-of-references",
    ),
}
"""Inconsistencies noticed in the study before it was coded, and the conflicts that hold them."""

SINGLE_VALUED = (
    "startYear", "endYear", "year", "onDate", "count", "nameAsPrinted", "value", "minimum",
    "maximum", "homicideRate",
)  # fmt: skip

Described = dict[str, set[str]]


def short(term: object) -> str:
    """Return an id of ours without the base, another IRI or a literal as it is."""
    value: str = getattr(term, "value", "")
    return value.removeprefix(GG).removeprefix(STUDY).removeprefix(BASE)


def instances(kg: KnowledgeGraph, name: str) -> dict[str, Described]:
    """Return the asserted things of a class: id -> property -> values."""
    of_class = kg.store.quads_for_pattern(None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(GG + name))
    found: dict[str, Described] = {}
    for node in {quad.subject for quad in of_class}:
        described: Described = defaultdict(set)
        for quad in kg.store.quads_for_pattern(node, None, None):
            if short(quad.graph_name).startswith("graph/editorial/"):
                described[short(quad.predicate)].add(short(quad.object))
        found[short(node)] = described
    return found


def owners(kg: KnowledgeGraph, key: str) -> dict[str, set[str]]:
    """Return editorial node -> what it hangs on by `key`."""
    found = defaultdict(set)
    for quad in kg.store.quads_for_pattern(None, ox.NamedNode(GG + key), None):
        if short(quad.graph_name) != "graph/inferred":
            found[short(quad.object)].add(short(quad.subject))
    return found


@pytest.fixture(scope="module")
def conflicts(kg: KnowledgeGraph) -> dict[str, Described]:
    return {
        name.removeprefix("conflict/"): each for name, each in instances(kg, "Conflict").items()
    }


@pytest.fixture(scope="module")
def coded(kg: KnowledgeGraph) -> dict[tuple[str, str, str], set[str]]:
    """Passage, subject, property -> values that the passage gives."""
    found = defaultdict(set)
    for quad in kg.store:
        if getattr(quad.graph_name, "value", "").startswith(f"{STUDY}passage/"):
            key = (short(quad.graph_name), short(quad.subject), short(quad.predicate))
            found[key].add(short(quad.object))
    return found


@pytest.fixture(scope="module")
def mentions(coded: dict[tuple[str, str, str], set[str]]) -> dict[str, set[str]]:
    """Passage -> everything it speaks of, itself included."""
    found: dict[str, set[str]] = defaultdict(set)
    for (passage, subject, _), values in coded.items():
        found[passage] |= {subject, *values}
    return found


def values_by_passage(
    conflict: Described, coded: dict[tuple[str, str, str], set[str]]
) -> Iterator[tuple[str, set[str]]]:
    for passage in sorted(conflict["between"]):
        values: set[str] = set()
        for subject in conflict["conflictSubject"]:
            for name in conflict["conflictProperty"]:
                values |= coded.get((passage, subject, name), set())
        yield passage, values


# Conflicts -----------------------------------------------------------------------------------


def test_each_inconsistency_is_a_conflict(conflicts: dict[str, Described]) -> None:
    listed = [name for names in INCONSISTENCIES.values() for name in names]
    assert sorted(INCONSISTENCIES) == list(range(1, 31))
    assert [number for number, names in INCONSISTENCIES.items() if not names] == [9]
    assert len(listed) == len(set(listed))
    assert not set(listed) - conflicts.keys()
    assert len(conflicts) == 91


def test_printed_names_and_dates_are_those_of_the_passages(
    conflicts: dict[str, Described], coded: dict[tuple[str, str, str], set[str]]
) -> None:
    kinds = {f"conflict-kind/{kind}" for kind in ("name", "date")}
    checked = 0
    for name, conflict in conflicts.items():
        if conflict["conflictKind"] & kinds:
            printed = set().union(*(values for _, values in values_by_passage(conflict, coded)))
            assert printed == conflict["conflictValue"], name
            checked += 1
    assert checked == 18


def test_names_in_conflict_differ(
    conflicts: dict[str, Described], coded: dict[tuple[str, str, str], set[str]]
) -> None:
    for name, conflict in conflicts.items():
        if conflict["conflictKind"] == {"conflict-kind/name"}:
            readings = [values for _, values in values_by_passage(conflict, coded)]
            assert len(set().union(*readings)) > 1, name
            assert any(values != readings[0] for values in readings), name


def test_sources_in_conflict_differ(
    conflicts: dict[str, Described], coded: dict[tuple[str, str, str], set[str]]
) -> None:
    for name, conflict in conflicts.items():
        if conflict["conflictKind"] == {"conflict-kind/attribution"}:
            readings = {
                frozenset(values) for _, values in values_by_passage(conflict, coded) if values
            }
            assert len(readings) > 1, name


def test_years_that_one_passage_lacks_are_missing_there(
    conflicts: dict[str, Described], coded: dict[tuple[str, str, str], set[str]]
) -> None:
    checked = []
    for name, conflict in conflicts.items():
        of_coverage = conflict["conflictKind"] == {"conflict-kind/coverage"}
        if of_coverage and conflict["conflictProperty"] == {"startYear"}:
            readings = [values for _, values in values_by_passage(conflict, coded)]
            assert set() in readings, name
            assert set().union(*readings) == conflict["conflictValue"], name
            checked.append(name)
    assert len(checked) == 3


def test_homonyms_are_two_things(conflicts: dict[str, Described]) -> None:
    for name, conflict in conflicts.items():
        if conflict["conflictKind"] == {"conflict-kind/homonym"}:
            assert len(conflict["conflictSubject"]) == 2, name


def test_a_passage_of_the_conflict_speaks_of_each_subject(
    conflicts: dict[str, Described], mentions: dict[str, set[str]]
) -> None:
    for name, conflict in conflicts.items():
        for subject in conflict["conflictSubject"]:
            assert any(subject in mentions[each] for each in conflict["between"]), (name, subject)


def test_every_disagreement_has_its_conflict(
    conflicts: dict[str, Described], coded: dict[tuple[str, str, str], set[str]]
) -> None:
    covered = {
        (subject, key)
        for conflict in conflicts.values()
        for subject in conflict["conflictSubject"]
        for key in conflict["conflictProperty"]
    }
    values: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (_, subject, key), given in coded.items():
        if key in SINGLE_VALUED:
            values[subject, key] |= given
    contested = {pair for pair, given in values.items() if len(given) > 1}
    assert len(contested) == 13
    assert not contested - covered


def test_the_printed_decline_is_truncated(kg: KnowledgeGraph) -> None:
    def value(name: str, key: str) -> float:
        node = ox.NamedNode(STUDY + name)
        (quad, *_) = kg.store.quads_for_pattern(node, ox.NamedNode(GG + key), None)
        return float(quad.object.value)

    first, last = (value(f"observation/tijuana-homicides-{year}", "value") for year in (2010, 2012))
    decline = 100 * (first - last) / first
    assert round(decline, 2) == 23.66
    assert int(decline) == value("claim/tijuana-decline", "printedValue") == 23


# Decisions -----------------------------------------------------------------------------------


def test_a_reading_is_preferred_where_it_was_decided(
    kg: KnowledgeGraph, conflicts: dict[str, Described]
) -> None:
    decisions = instances(kg, "EditorialDecision")
    preferring = {
        conflict.removeprefix("conflict/")
        for each in decisions.values()
        if each["prefers"]
        for conflict in each["decides"]
    }
    preferred = {
        name
        for name, each in conflicts.items()
        if each["conflictStatus"] == {"conflict-status/preferred"}
    }
    assert preferred == preferring
    assert preferred == {
        "british-facts-under-netherlands",
        "programme-of-pentagonal-consultation",
        "public-ministers-in-consultation",
        "world-row-of-table-8.2",
    }
    for name, each in decisions.items():
        assert each["restsOn"], name
        assert each["decides"] or each["about"], name


def test_what_the_study_leaves_open_stays_open(conflicts: dict[str, Described]) -> None:
    for name in ("five-towns-initiative-name", "spp-year", "belgian-contracts-year", "fes-homonym"):
        assert conflicts[name]["conflictStatus"] == {"conflict-status/unresolved"}


# Goals ---------------------------------------------------------------------------------------


def test_alignments_rest_on_passages_that_speak_of_the_thing(
    kg: KnowledgeGraph, mentions: dict[str, set[str]]
) -> None:
    aligned = owners(kg, "alignment")
    alignments = instances(kg, "SdgAlignment")
    assert len(alignments) == 206
    for name, each in alignments.items():
        (subject,) = aligned[name]
        assert len(each["basis"]) == len(each["target"]) == 1, name
        assert each["restsOn"], name
        for passage in each["restsOn"]:
            named = subject in mentions[passage] or each["target"] <= mentions[passage]
            assert named, (subject, passage)


def test_goals_are_explicit_where_the_study_names_them_and_targets_never(
    kg: KnowledgeGraph,
) -> None:
    passages = {f"{SDG}16": {"passage/1/5"}, f"{SDG}17": {"passage/1/6"}}
    for name, each in instances(kg, "SdgAlignment").items():
        (target,) = each["target"]
        if each["basis"] == {"basis/explicit-goal"}:
            assert each["restsOn"] == passages[target], name
        else:
            assert each["basis"] <= {"basis/paraphrase", "basis/topical"}, name
            assert "." in target, name


def test_targets_of_which_the_study_says_too_little_are_left_out(kg: KnowledgeGraph) -> None:
    used = {
        target.removeprefix(SDG)
        for each in instances(kg, "SdgAlignment").values()
        for target in each["target"]
    }
    assert used == {
        "16", "16.1", "16.2", "16.3", "16.4", "16.5", "16.6", "16.7", "16.10", "16.a",
        "17", "17.14", "17.16", "17.17",
    }  # fmt: skip


def test_no_passage_carries_an_editorial_statement(kg: KnowledgeGraph) -> None:
    for key in ("alignment", "target", "identityLink", "matches", "basis", "restsOn", "decides"):
        for quad in kg.store.quads_for_pattern(None, ox.NamedNode(GG + key), None):
            graph = short(quad.graph_name)
            assert graph.startswith(("graph/editorial/", "graph/reading/", "graph/inferred")), quad


def test_arrangements_of_latin_america_that_serve_partnerships(kg: KnowledgeGraph) -> None:
    result = kg.query(
        f"""PREFIX gg: <{GG}> PREFIX sdg: <{SDG}>
        SELECT DISTINCT ?arrangement {{
            ?arrangement gg:appliesIn <{STUDY}place/latin-america> ;
                gg:alignedWith sdg:17.17 ; gg:contributesToGoal sdg:17 .
        }} ORDER BY ?arrangement"""
    )
    assert [short(arrangement) for (arrangement,) in result.rows] == [
        "collection/tijuana-public-private-alliances",
        "instrument/bogota-como-vamos",
        "instrument/creation-of-fuerza-civil",
        "partnership/alliance-for-security",
        "partnership/alliance-for-sustainability",
        "partnership/tijuana-security-roundtables",
    ]


# Identities ----------------------------------------------------------------------------------

HOSTS = {
    "www.wikidata.org": "basis/same-name",
    "sws.geonames.org": "basis/same-name",
    "publications.europa.eu": "basis/code-list",
}


def test_identity_links_are_unique_and_rest_on_passages(
    kg: KnowledgeGraph, mentions: dict[str, set[str]]
) -> None:
    linked = owners(kg, "identityLink")
    matched, hosts = set(), set()
    links = instances(kg, "IdentityLink")
    assert len(links) == 55
    for name, each in links.items():
        (place,) = linked[name]
        (match,) = each["matches"]
        host = urlsplit(match).hostname or ""
        assert each["basis"] == {HOSTS[host]}, name
        assert match not in matched, match
        assert (place, host) not in hosts, name
        matched.add(match)
        hosts.add((place, host))
        for passage in each["restsOn"]:
            assert place in mentions[passage], (place, passage)


def test_the_netherlands_are_the_country_not_the_kingdom(kg: KnowledgeGraph) -> None:
    result = kg.query(
        f"""PREFIX gg: <{GG}>
        SELECT ?match {{ <{BASE}place/netherlands> gg:sameEntityAs ?match }} ORDER BY ?match"""
    )
    assert [match.value for (match,) in result.rows] == [
        "http://publications.europa.eu/resource/authority/country/NLD",
        "http://www.wikidata.org/entity/Q55",
        "https://sws.geonames.org/2750405/",
    ]


def test_every_country_of_table_8_2_has_its_wikidata_entry(kg: KnowledgeGraph) -> None:
    result = kg.query(
        f"""PREFIX gg: <{GG}>
        SELECT (COUNT(DISTINCT ?place) AS ?count) {{
            ?cell gg:refArea ?place .
            ?place gg:sameEntityAs ?match .
            FILTER STRSTARTS(STR(?match), "http://www.wikidata.org/entity/Q")
        }}"""
    )
    assert int(result.rows[0][0].value) == 24
