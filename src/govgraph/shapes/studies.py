"""The shapes of a study: its labels in its languages, and those of its folder `ontology/shapes`.

A text in the first language of a study is required of what lies below its base, those in the others
are asked for. Of what lies in no study, the shapes of the ontology ask one label in any language.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox

from govgraph.coding.study import Study
from govgraph.errors import SourceError
from govgraph.vocabulary import PREFIXES


class Wanted(NamedTuple):
    """A text that a thing should have in a language.

    `target` and `path` are SHACL's; `what` it is and `where` to write it in English and Spanish,
    `TAG` standing for the language.
    """

    target: str
    path: str
    what: tuple[str, str]
    where: tuple[str, str]


WANTED: Final = {
    "Label": Wanted(
        "sh:targetClass gg:Case , gg:Actor , gg:Arrangement , gg:Place , gg:Event , gg:Model ,"
        " gg:Finding , gg:Conflict , gg:Collection , gg:DerivedClaim , gg:StatisticalDataset",
        "rdfs:label",
        ("label", "etiqueta"),
        (
            "Add `label: {TAG: …}` where the thing is first named.",
            "Añada `label: {TAG: …}` donde se nombra por primera vez.",
        ),
    ),
    "CodeLabel": Wanted(
        "sh:targetClass skos:Concept , skos:ConceptScheme",
        "skos:prefLabel",
        ("label of this code", "etiqueta de este código"),
        (
            "Fill in the column `label.TAG` of its table of codes.",
            "Complete la columna `label.TAG` de su tabla de códigos.",
        ),
    ),
    "TermLabel": Wanted(
        "sh:targetClass owl:Class , owl:ObjectProperty , owl:DatatypeProperty",
        "rdfs:label",
        ("label of this term", "etiqueta de este término"),
        (
            'Add `rdfs:label "…"@TAG` where it is declared.',
            'Añada `rdfs:label "…"@TAG` donde se declara.',
        ),
    ),
    "CodingNote": Wanted(
        "sh:targetSubjectsOf gg:codingNote",
        "gg:codingNote",
        ("coding note", "nota de codificación"),
        ("Write it under `codingNote: {TAG: …}`.", "Escríbala en `codingNote: {TAG: …}`."),
    ),
    "DecisionReason": Wanted(
        "sh:targetClass gg:EditorialDecision",
        "rdfs:comment",
        ("reason for this decision", "razón de esta decisión"),
        ("Write it under `note: {TAG: …}`.", "Escríbala en `note: {TAG: …}`."),
    ),
}


def path_of(shape: str) -> str:
    """Return the IRI of the property that a shape made here is about, "" for any other shape."""
    match = re.fullmatch(r".*/shapes#(\w+)-.*", shape)
    prefix, _, name = WANTED[match[1]].path.partition(":") if match else ("", "", "")
    return f"{PREFIXES[prefix]}{name}" if prefix else ""


def shapes_of(studies: Sequence[Study]) -> list[ox.Triple]:
    """Return the shapes of studies; raises SourceError where a file of shapes is not Turtle."""
    result = [quad.triple for quad in ox.parse(_languages(studies), format=ox.RdfFormat.TURTLE)]
    for study in studies:
        for path in sorted(study.folder.glob("ontology/shapes/**/*.ttl")) if study.folder else ():
            try:
                quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=study.base)
                result += [quad.triple for quad in quads]
            except SyntaxError as error:
                shown = Path(study.name) / path.relative_to(study.folder or path)
                raise SourceError(f"not valid Turtle: {error.msg}.", shown, error.lineno) from None
    return result


def _languages(studies: Iterable[Study]) -> str:
    """Return in Turtle which texts the things of studies should have."""
    bases: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for study in studies:
        for number, tag in enumerate(study.languages):
            bases[tag, number == 0].append(study.base)
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    shapes = "@prefix shapes: <https://w3id.org/govgraph/shapes#> .\n"
    texts = (_shapes_of_language(tag, first, below) for (tag, first), below in bases.items())
    return prefixes + shapes + "".join(part for text in texts for part in text)


def _shapes_of_language(tag: str, is_first: bool, bases: Sequence[str]) -> Iterator[str]:
    """Yield the shapes for a language of the studies with these bases.

    Of what lies elsewhere they are content: the pattern of one base, or the text, must fit.
    """
    name = f"-{tag}-required" if is_first else f"-{tag}"
    severity = "Violation" if is_first else "Warning"
    escaped = "|".join(base.replace(".", "\\\\.").replace("+", "\\\\+") for base in bases)
    yield f"""
shapes:In{name} a sh:NodeShape ; sh:languageIn ( "{tag}" ) .
shapes:Below{name} a sh:NodeShape ; sh:pattern "^({escaped})" .
shapes:NotBelow{name} a sh:NodeShape ; sh:not shapes:Below{name} .
"""
    for kind, (target, path, (what, what_es), (where, where_es)) in WANTED.items():
        as_first = (", its study's first language", ", el primer idioma de su estudio")
        english, spanish = as_first if is_first else ("", "")
        yield f"""
shapes:{kind}{name} a sh:NodeShape ; {target} ;
    sh:or ( shapes:NotBelow{name} shapes:Has{kind}{name} ) ; sh:severity sh:{severity} ;
    sh:message
        '''There is no {what} in `{tag}`{english}. {where.replace("TAG", tag)}'''@en ,
        '''Falta la {what_es} en `{tag}`{spanish}. {where_es.replace("TAG", tag)}'''@es .
shapes:Has{kind}{name} a sh:PropertyShape ; sh:path {path} ;
    sh:qualifiedValueShape shapes:In{name} ; sh:qualifiedMinCount 1 .
"""
