"""Seeded data in the shape of the study, for tests/rules/governance.ttl: a graph a passage."""

from __future__ import annotations

import random

import pyoxigraph as ox

import rules

NAMESPACE = "https://example.org/gov#"
BASE = "https://example.org/"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"
SECTORS = {
    "government": "PublicBody",
    "police": "PoliceForce",
    "private": "Company",
    "society": "Organisation",
}


def store(triples: int, seed: int = 1) -> ox.Store:
    """Return a store of about so many triples and the ontology, the same for the same seed."""
    result = ox.Store()
    result.bulk_load("".join(lines(triples, seed)).encode(), format=ox.RdfFormat.N_QUADS)
    ontology = ox.NamedNode(f"{BASE}graph/ontology")
    path = str(rules.FOLDER / "governance.ttl")
    result.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=ontology)
    return result


def lines(triples: int, seed: int) -> list[str]:
    """Return N-Quads: places, then cases with actors, instruments and participations."""
    draw = random.Random(seed)
    result: list[str] = []

    def say(subject: str, predicate: str, value: str, graph: str) -> None:
        result.append(f"{subject} {predicate} {value} {graph} .\n")

    editorial = _iri("graph/editorial")
    places = max(3, triples // 500)
    for number in range(places):
        say(_iri(f"place/{number}"), TYPE, _term("Place"), editorial)
        if number:
            above = _iri(f"place/{(number - 1) // 8}")
            say(_iri(f"place/{number}"), _term("within"), above, editorial)
    case = actors = 0
    while len(result) < triples:
        place = _iri(f"place/{draw.randrange(places)}")
        say(_iri(f"case/{case}"), TYPE, _term("Case"), editorial)
        say(_iri(f"case/{case}"), _term("place"), place, editorial)
        for _ in range(6):
            sector, actor = draw.choice(list(SECTORS)), _iri(f"actor/{actors}")
            say(actor, TYPE, _term(SECTORS[sector]), editorial)
            say(actor, LABEL, f'"Actor {actors}"@en', editorial)
            if sector != "police":  # inferred from the class
                say(actor, _term("sector"), _term(sector), editorial)
            actors += 1
        for number in range(5):
            _instrument(say, draw, case, number, actors, places)
        case += 1
    return result


def _instrument(
    say: object, draw: random.Random, case: int, number: int, actors: int, places: int
) -> None:
    assert callable(say)
    passage, this = _iri(f"passage/{case}.{number}"), _iri(f"instrument/{case}-{number}")
    say(this, TYPE, _term(draw.choice(["Programme", "Council", "Instrument"])), passage)
    say(this, LABEL, f'"Programme {case} {number}"@en', passage)
    say(this, _term("startYear"), f'"{draw.randrange(1970, 2020)}"^^{INTEGER}', passage)
    say(this, _term("case"), _iri(f"case/{case}"), passage)
    say(this, _term("appliesIn"), _iri(f"place/{draw.randrange(places)}"), passage)
    if number and draw.random() < 0.5:
        earlier = _iri(f"instrument/{case}-{number - 1}")
        say(this, _term(draw.choice(["follows", "replaces"])), earlier, passage)
    if draw.random() < 0.3:
        say(this, _term("target"), _term(draw.choice(["target-16.1", "target-16.7"])), passage)
    for each in range(3):
        part = _iri(f"participation/{case}-{number}-{each}")
        popular = int(actors * draw.random() ** 3)  # a power law: few actors are everywhere
        chosen = popular if draw.random() < 0.5 else actors - 1 - draw.randrange(6)
        say(this, _term("participation"), part, passage)
        say(part, _term("participant"), _iri(f"actor/{chosen}"), passage)
        say(part, _term("role"), _term(f"role-{draw.choice('abcdef')}"), passage)
        if draw.random() < 0.4:
            say(part, _term("mode"), _term(draw.choice(["permanent", "sporadic"])), passage)
    if draw.random() < 0.3:  # the same said in a second passage
        again = _iri(f"passage/{case}.{number}b")
        say(this, _term("participation"), part, again)


def _iri(path: str) -> str:
    return f"<{BASE}{path}>"


def _term(name: str) -> str:
    return f"<{NAMESPACE}{name}>"
