"""What the editors add: conflicts, decisions, goals and identities, each borne out by passages."""

from __future__ import annotations

import re
from collections import defaultdict
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest

from first_study import STUDY
from govgraph import KnowledgeGraph
from govgraph.vocabulary import BASE, DCTERMS, GG, RDF, SDG
from study_text import paragraphs, plain, study_text

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
"""Inconsistencies noticed in the study before it was coded: the conflicts and notes of them."""

PADDING = {
    "safer-cities-name", "spp-name", "operativo-tijuana-name", "alliance-for-security-name",
    "chamber-of-commerce-name", "provincial-committees-name", "name-of-goal-16",
    "german-councils-spelling", "unclosed-quotation-marks", "direct-election-of-mayors-year",
    "italian-committees-year", "operativo-tijuana-year", "fuerza-civil-year",
    "society-and-crime-year", "french-institute-year", "cidac-without-year",
    "no-list-of-references", "ministry-of-the-interior-homonym", "campos-2012-homonym",
    "van-swaaningen-2005-homonym", "bogota-como-vamos-homonym", "danish-councils",
    "decree-law-14-source", "morgan-report-and-french-model", "mexican-years-of-violence",
    "case-of-the-wider-research", "latin-american-countries",
}  # fmt: skip
"""What was once called a conflict and is none."""

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
def sides(kg: KnowledgeGraph) -> dict[str, Described]:
    return instances(kg, "ConflictingValue")


@pytest.fixture(scope="module")
def notes(kg: KnowledgeGraph) -> dict[str, Described]:
    return {
        name.removeprefix("note/"): each for name, each in instances(kg, "EditorialNote").items()
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


# Conflicts and notes -------------------------------------------------------------------------


def test_each_inconsistency_is_a_conflict_or_a_note(
    conflicts: dict[str, Described], notes: dict[str, Described]
) -> None:
    listed = [name for names in INCONSISTENCIES.values() for name in names]
    assert sorted(INCONSISTENCIES) == list(range(1, 31))
    assert [number for number, names in INCONSISTENCIES.items() if not names] == [9]
    assert len(listed) == len(set(listed))
    assert not set(listed) - conflicts.keys() - notes.keys()
    assert not conflicts.keys() & notes.keys()
    assert (len(conflicts), len(notes)) == (58, 37)


def test_no_homonym_silence_or_misprint_is_a_conflict(
    conflicts: dict[str, Described], kg: KnowledgeGraph
) -> None:
    assert not PADDING & conflicts.keys()
    assert {kind for each in conflicts.values() for kind in each["conflictKind"]} == {
        f"conflict-kind/{kind}"
        for kind in (
            "anachronism", "arithmetic", "attribution", "date", "duplication",
            "internal-contradiction", "name", "number", "scope", "wording",
        )
    }  # fmt: skip
    contested = {str(row["thing"]) for row in kg.query("contested-entities")}
    assert f"{STUDY}actor/be-spp" in contested
    assert not {f"{SDG}16", f"{STUDY}work/cidac", f"{STUDY}work/study"} & contested


def test_each_side_is_one_passage_and_one_value(
    conflicts: dict[str, Described], sides: dict[str, Described]
) -> None:
    held = [side for each in conflicts.values() for side in each["side"]]
    assert len(held) == len(set(held)) == len(sides)
    for name, each in conflicts.items():
        assert len(each["side"]) > 1, name
    for name, side in sides.items():
        assert len(side["heldIn"]) == 1, name
        assert len(side["conflictValue"]) <= 1, name
        assert len(side["conflictValue"] | side["readAs"]) >= 1, name
    only_read = {name for name, side in sides.items() if not side["conflictValue"]}
    assert len(only_read) == 4  # counts and empty cells, which no passage prints


def test_each_value_in_conflict_stands_in_its_passage_in_these_words(
    sides: dict[str, Described],
) -> None:
    whole, texts = plain(study_text()), paragraphs()
    strange = [
        (name, value)
        for name, side in sides.items()
        for passage in side["heldIn"]
        for value in side["conflictValue"]
        if value not in texts.get(re.sub("/s[0-9]+[a-z]?$", "", passage), whole)
    ]
    assert strange == []
    assert len(sides) > 120


def test_names_and_years_in_conflict_are_those_that_the_passages_give(
    conflicts: dict[str, Described],
    sides: dict[str, Described],
    coded: dict[tuple[str, str, str], set[str]],
) -> None:
    checked = 0
    for name, conflict in conflicts.items():
        for key in conflict["conflictProperty"] & {"nameAsPrinted", "startYear"}:
            for side in conflict["side"]:
                ((passage,), (value,)) = sides[side]["heldIn"], sides[side]["conflictValue"]
                given = set().union(
                    *(
                        coded.get((passage, thing, key), set())
                        for thing in conflict["conflictSubject"]
                    )
                )
                if given:
                    assert any(each in value for each in given) or key == "startYear", (name, side)
                    checked += any(each in value for each in given)
    assert checked == 21


def test_a_range_of_years_is_the_editors(kg: KnowledgeGraph) -> None:
    for key in ("earliestYear", "latestYear"):
        for quad in kg.store.quads_for_pattern(None, ox.NamedNode(GG + key), None):
            assert short(quad.graph_name).startswith("graph/reading/"), quad


def test_what_follows_from_a_dated_sentence_is_dated_alike(kg: KnowledgeGraph) -> None:
    """The Belgian policy of 1985 and the British Act of 1998 have their years as readings."""
    found = {
        (short(quad.subject), short(quad.object), short(quad.graph_name).partition("/2.1/")[0])
        for name in ("be-national-crime-prevention-policy", "uk-crime-and-disorder-act")
        for quad in kg.store.quads_for_pattern(
            ox.NamedNode(f"{STUDY}instrument/{name}"), ox.NamedNode(f"{GG}startYear"), None
        )
    }
    assert found == {
        ("instrument/be-national-crime-prevention-policy", "1985", "graph/reading"),
        ("instrument/uk-crime-and-disorder-act", "1998", "graph/reading"),
    }
    services = ox.NamedNode(f"{STUDY}collection/be-three-police-services")
    given = {short(quad.predicate) for quad in kg.store.quads_for_pattern(services, None, None)}
    assert not given & {"startYear", "earliestYear", "latestYear", "dateAsPrinted"}


def test_homonyms_are_two_things(notes: dict[str, Described]) -> None:
    homonyms = [each for each in notes.values() if each["noteKind"] == {"note-kind/homonym"}]
    assert len(homonyms) == 8
    assert all(len(each["about"]) == 2 for each in homonyms)


def test_a_passage_of_the_conflict_speaks_of_each_subject(
    conflicts: dict[str, Described], sides: dict[str, Described], mentions: dict[str, set[str]]
) -> None:
    for name, conflict in conflicts.items():
        for subject in conflict["conflictSubject"]:
            between = {passage for side in conflict["side"] for passage in sides[side]["heldIn"]}
            assert any(subject in mentions[each] for each in between), (name, subject)


def test_every_disagreement_has_its_conflict_or_its_note(
    conflicts: dict[str, Described],
    notes: dict[str, Described],
    coded: dict[tuple[str, str, str], set[str]],
) -> None:
    covered = {
        (subject, key)
        for each in (*conflicts.values(), *notes.values())
        for subject in each["conflictSubject"] | each["about"]
        for key in each["conflictProperty"] | each["noteProperty"]
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
        "world-row-of-table-8.2",
    }
    for name, each in decisions.items():
        assert each["restsOn"], name
        assert each["decides"] or each["about"], name


def test_what_the_study_leaves_open_stays_open(conflicts: dict[str, Described]) -> None:
    for name in ("five-towns-initiative-name", "spp-year", "belgian-contracts-year"):
        assert conflicts[name]["conflictStatus"] == {"conflict-status/unresolved"}


# Goals ---------------------------------------------------------------------------------------


def test_alignments_rest_on_passages_that_speak_of_the_thing(
    kg: KnowledgeGraph, mentions: dict[str, set[str]]
) -> None:
    aligned = owners(kg, "alignment")
    alignments = instances(kg, "SdgAlignment")
    assert len(alignments) == 195
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
        "17", "17.16", "17.17",
    }  # fmt: skip


def test_only_national_institutions_are_a_paraphrase_of_the_target_that_speaks_of_them(
    kg: KnowledgeGraph,
) -> None:
    aligned = owners(kg, "alignment")
    alignments = instances(kg, "SdgAlignment")
    bases: dict[str, set[str]] = {"basis/paraphrase": set(), "basis/topical": set()}
    for name, each in alignments.items():
        if each["target"] == {f"{SDG}16.a"}:
            (basis,), (thing,) = each["basis"], aligned[name]
            bases[basis].add(thing)
    assert bases["basis/paraphrase"] == {
        "actor/be-spp",
        "actor/nl-national-prevention-bureau",
        "instrument/be-national-crime-prevention-policy",
        "partnership/be-national-council-for-crime-prevention",
        "partnership/de-german-forum-for-crime-prevention",
        "partnership/dk-national-council-for-crime-prevention",
    }
    # Of the Czech one the passage says that it is there, and no more.
    assert {
        "actor/fuerza-civil", "collection/dk-local-councils",
        "partnership/cz-crime-prevention-committee",
    } <= bases["basis/topical"]  # fmt: skip


def test_every_alignment_has_its_reason(kg: KnowledgeGraph) -> None:
    alignments = kg.query(
        f"""PREFIX gg: <{GG}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?alignment (MIN(?note) AS ?reason) {{
            ?alignment a gg:SdgAlignment . OPTIONAL {{ ?alignment rdfs:comment ?note }}
        }} GROUP BY ?alignment"""
    )
    assert len(alignments.rows) == 195
    for alignment, reason in alignments.rows:
        assert reason, alignment
        assert len(reason.value) <= 90, reason


def test_the_goals_that_the_study_takes_up_are_among_those_of_the_united_nations(
    kg: KnowledgeGraph,
) -> None:
    goals = kg.query(
        f"""PREFIX gg: <{GG}>
        SELECT ?goal {{
            <{STUDY}instrument/sustainable-development-goals> gg:contributesToGoal ?goal
        }} ORDER BY ?goal"""
    )
    assert [goal.value for (goal,) in goals.rows] == [f"{SDG}16", f"{SDG}17"]


def test_only_arrangements_contribute_to_a_goal(kg: KnowledgeGraph) -> None:
    """What numbers, events and findings are about concerns a goal; none of them serves it."""
    others = kg.query(
        f"""PREFIX gg: <{GG}>
        SELECT ?thing {{
            ?thing gg:contributesToGoal ?goal FILTER NOT EXISTS {{ ?thing a gg:Arrangement }}
        }}"""
    )
    assert not others.rows
    for thing in (
        "event/nuevo-leon-organised-crime-attacks",
        "observation/latin-america-homicide-deaths",
        "finding/tijuana-strategic-for-drug-trade",
        "dataset/homicide-americas",
    ):
        concerns = kg.query(f"ASK {{ <{STUDY}{thing}> <{GG}concernsGoal> <{SDG}16> }}")
        assert concerns.boolean, thing
        assert not kg.query("serves-goal", thing=thing, goal="sdg:16").boolean, thing
        assert not kg.explain(f"{STUDY}{thing}", f"{GG}contributesToGoal", f"{SDG}16")
    arrangement = "instrument/bogota-como-vamos"
    assert kg.query("serves-goal", thing=arrangement, goal="sdg:16").boolean
    (proof,) = kg.explain(f"{STUDY}{arrangement}", f"{GG}contributesToGoal", f"{SDG}16")
    premises = {short(premise.triple.predicate) for premise in proof.premises}
    assert {"alignment", "target"} <= premises
    topical = "partnership/be-pentagonal-consultation"
    assert kg.query(f"ASK {{ <{STUDY}{topical}> <{GG}concernsGoal> <{SDG}16> }}").boolean
    assert not kg.query("serves-goal", thing=topical, goal="sdg:16").boolean


def test_a_recommendation_to_a_country_is_no_feature_of_it(kg: KnowledgeGraph) -> None:
    """Spain is told to let citizens take part and to act in the triangle; it does not do so."""
    rows = kg.query("sdg-by-case").rows
    targets = {
        target.value.removeprefix(SDG) for case, _, target, *_ in rows if "case/spain" in case.value
    }
    assert targets == {"16.a"}


# Where ---------------------------------------------------------------------------------------


def places(kg: KnowledgeGraph, thing: str, key: str) -> set[str]:
    rows = kg.query(f"SELECT ?place {{ <{STUDY}{thing}> <{key}> ?place }}").rows
    return {short(place).removeprefix(BASE).removeprefix("place/") for (place,) in rows}


def test_what_applies_in_a_place_applies_within_what_lies_around_it_and_not_in_it(
    kg: KnowledgeGraph,
) -> None:
    ban = "instrument/rotterdam-begging-ban"
    assert places(kg, ban, f"{GG}appliesIn") == {"rotterdam"}
    assert places(kg, ban, f"{DCTERMS}spatial") == {"rotterdam"}
    assert places(kg, ban, f"{GG}appliesWithin") == {
        "rotterdam", "netherlands", "european-union", "europe", "world",
    }  # fmt: skip
    assert not any(
        "inferred" in quad.graph_name.value
        for quad in kg.store.quads_for_pattern(None, ox.NamedNode(f"{GG}appliesIn"), None)
    )


def test_no_passage_carries_an_editorial_statement(kg: KnowledgeGraph) -> None:
    for key in ("alignment", "target", "identityLink", "matches", "basis", "restsOn", "decides"):
        for quad in kg.store.quads_for_pattern(None, ox.NamedNode(GG + key), None):
            graph = short(quad.graph_name)
            assert graph.startswith(("graph/editorial/", "graph/reading/", "graph/inferred")), quad


def test_arrangements_of_latin_america_that_serve_partnerships(kg: KnowledgeGraph) -> None:
    result = kg.query(
        f"""PREFIX gg: <{GG}> PREFIX sdg: <{SDG}>
        SELECT DISTINCT ?arrangement {{
            ?arrangement gg:appliesWithin <{STUDY}place/latin-america> ;
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

HOSTS = {"www.wikidata.org": "basis/same-name", "sws.geonames.org": "basis/same-name"}


def test_identity_links_are_unique_and_rest_on_passages(
    kg: KnowledgeGraph, mentions: dict[str, set[str]]
) -> None:
    linked = owners(kg, "identityLink")
    authors = {name: each["author"] for name, each in instances(kg, "Work").items()}
    matched, hosts = set(), set()
    links = instances(kg, "IdentityLink")
    assert len(links) == 55 - 4 + 4
    for name, each in links.items():
        (place,) = linked[name]
        (match,) = each["matches"]
        host = urlsplit(match).hostname or ""
        assert each["basis"] == {HOSTS[host]}, name
        assert match not in matched, match
        assert (place, host) not in hosts, name
        matched.add(match)
        hosts.add((place, host))
        works = {work for work, actors in authors.items() if place in actors}
        for passage in each["restsOn"]:
            assert mentions[passage] & {place, *works}, (place, passage)


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


def test_every_country_has_its_entry_in_the_list_of_the_european_union(kg: KnowledgeGraph) -> None:
    result = kg.query(
        f"""PREFIX gg: <{GG}>
        SELECT ?place ?match {{
            ?place a gg:Country .
            OPTIONAL {{
                ?place gg:sameEntityAs ?match FILTER CONTAINS(STR(?match), "/authority/country/")
            }}
        }}"""
    )
    codes = {short(place): match and match.value.rpartition("/")[2] for place, match in result.rows}
    assert len(codes) == 33
    assert None not in codes.values()
    assert codes["place/spain"] == "ESP"
    assert codes["place/mexico"] == "MEX"
    assert codes["place/united-kingdom"] == "GBR"


def test_bodies_and_a_person_are_linked_where_an_entry_was_seen(kg: KnowledgeGraph) -> None:
    result = kg.query(
        f"""PREFIX gg: <{GG}>
        SELECT ?actor ?match {{ ?actor a gg:Actor ; gg:sameEntityAs ?match }} ORDER BY ?actor"""
    )
    assert {short(actor): match.value.rpartition("/")[2] for actor, match in result.rows} == {
        "actor/united-nations": "Q1065",
        "actor/us-department-of-justice": "Q1553390",
        "actor/who": "Q7817",
        "person/margaret-thatcher": "Q7416",
    }


def test_what_is_linked_is_no_concept(kg: KnowledgeGraph) -> None:
    concepts = kg.query(
        f"""PREFIX gg: <{GG}> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?thing {{ ?thing gg:sameEntityAs ?match . {{ ?thing a skos:Concept }}
            UNION {{ ?match a skos:Concept }} UNION {{ ?thing skos:exactMatch ?match }} }}"""
    )
    assert not concepts.rows
    assert kg.query(
        f"ASK {{ <{BASE}place/mexico> <https://schema.org/sameAs> "
        "<http://www.wikidata.org/entity/Q96> }"
    ).boolean


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
