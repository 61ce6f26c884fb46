"""Goals, targets and indicators of the United Nations, which nobody has to describe.

IRIs and codes in `ontology/goals.csv` are the UN's; the labels are govgraph's own.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import pyoxigraph as ox

from govgraph import resources
from govgraph.coding.places import COMMONS_GRAPH
from govgraph.rdf.names import NAMES
from govgraph.vocabulary import SDG


@cache
def common_goals() -> Mapping[str, Mapping[str, str]]:
    """Return the rows of the table by IRI: each says its `goal` and what it is `within`."""
    with (resources.bundled("ontology") / "goals.csv").open(encoding="utf-8", newline="") as file:
        return {SDG + row["id"]: row for row in csv.DictReader(file)}


def missing(store: ox.Store, languages: Sequence[str]) -> Iterator[ox.Quad]:
    """Yield what the commons say of each goal that `store` names, or names a part of, as a whole.

    So one can ask which targets of a goal are not served. Of other goals nothing is said.
    """
    named = {
        row["goal"]
        for iri, row in common_goals().items()
        if any(store.quads_for_pattern(None, None, ox.NamedNode(iri), None))
    }
    for iri, row in common_goals().items():
        for predicate, value in _facts(row, languages) if row["goal"] in named else ():
            property_ = ox.NamedNode(NAMES.expand(predicate))
            yield ox.Quad(ox.NamedNode(iri), property_, value, ox.NamedNode(COMMONS_GRAPH))


def _facts(
    row: Mapping[str, str], languages: Sequence[str]
) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
    names = [("rdf:type", f"sdgo:{row['type']}"), ("rdf:type", "skos:Concept")]
    if row["within"]:
        above = f"sdg:{row['within']}"
        names += [(f"sdgo:is{row['type']}Of", above), ("skos:broader", above)]
    if row["wikidata"]:
        names += [("skos:exactMatch", f"wd:{row['wikidata']}")]
    for predicate, name in names:
        yield predicate, ox.NamedNode(NAMES.expand(name))
    yield "skos:inScheme", ox.NamedNode(SDG.removesuffix("/"))
    yield "skos:notation", ox.Literal(row["SDGCodeCompact"] or row["id"])
    for code in ("SDGCodeCompact", "SDGCode", "SDGCodePerm"):
        if row[code]:
            datatype = ox.NamedNode(NAMES.expand(f"sdgo:{code}"))
            yield "skos:notation", ox.Literal(row[code], datatype=datatype)
    tags = dict.fromkeys(tag.partition("-")[0] for tag in languages)
    for tag in [tag for tag in tags if row.get(f"label.{tag}")] or ["en"]:
        yield "rdfs:label", ox.Literal(row[f"label.{tag}"], language=tag)
