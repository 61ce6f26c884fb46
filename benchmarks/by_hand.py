"""What one would write without govgraph: `python by_hand.py DATA.trig SHAPES_FOLDER OUTPUT`.

rdflib reads the statements and the ontology, owlrl infers, pySHACL validates, rdflib writes. It
needs nothing of govgraph but its shapes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import owlrl
import pyshacl
import rdflib

FORMATS = {"nq": "nquads", "trig": "trig", "jsonld": "json-ld"}


def main(data: Path, shapes_folder: Path, output: Path) -> None:
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data, format="trig")

    union = rdflib.Graph()
    for triple in dataset.triples((None, None, None)):
        union.add(triple)
    asserted = set(union)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(union)
    inferred = dataset.graph(rdflib.URIRef("https://w3id.org/govgraph/graph/inferred"))
    for triple in union:
        # owlrl also infers about literals, which RDF cannot say
        if triple not in asserted and not isinstance(triple[0], rdflib.Literal):
            inferred.add(triple)

    shapes = rdflib.Graph()
    for path in sorted(shapes_folder.glob("*.ttl")):
        shapes.parse(path, format="turtle")
    conforms, report, text = pyshacl.validate(union, shacl_graph=shapes, inplace=True)

    output.mkdir(parents=True, exist_ok=True)
    for extension, name in FORMATS.items():
        dataset.serialize(output / f"graph.{extension}", format=name)
    union.serialize(output / "graph.ttl", format="turtle")
    report.serialize(output / "report.ttl", format="turtle")
    (output / "report.txt").write_text(text, encoding="utf-8")
    print("conforms" if conforms else "does not conform")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
