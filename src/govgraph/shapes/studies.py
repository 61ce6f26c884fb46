"""The shapes of a study: texts in its languages, and those of its folder `ontology/shapes`.

A text in the first language of a study is required of what lies below its base, those in the others
are asked for. Of what lies in no study, the shapes of the ontology ask one label in any language.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path

import pyoxigraph as ox

from govgraph import resources
from govgraph.coding.study import Study
from govgraph.files import visible
from govgraph.rdf.formats import format_of, shown_path
from govgraph.rdf.reading import read_quads

WHY = {"WHY_EN": ", its study's first language", "WHY_ES": ", el primer idioma de su estudio"}


def shapes_of(studies: Sequence[Study]) -> list[ox.Triple]:
    """Return the shapes of studies; raises SourceError where a file of shapes is not RDF."""
    result = [triple for text in _languages(studies) for triple in _parsed(text)]
    for study in studies:
        for path in visible(study.folder / "ontology" / "shapes") if study.folder else ():
            if rdf_format := format_of(path, in_folder=True):
                shown = shown_path(Path(study.name) / path.relative_to(study.folder or path))
                quads = read_quads(path, rdf_format, shown, study.base)
                result += [quad.triple for quad in quads]
    return result


def _languages(studies: Iterable[Study]) -> list[str]:
    """Return in Turtle what each language of the studies asks for, by ontology/shapes."""
    bases: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for study in studies:
        for number, tag in enumerate(study.languages):
            bases[tag, number == 0].append(re.escape(study.base))
    texts = []
    for (tag, is_first), below in bases.items():
        words = {
            "NAME": f"-{tag}-required" if is_first else f"-{tag}",
            "TAG": tag,
            "BASES": "|".join(below).replace("\\", "\\\\"),
            "SEVERITY": "sh:Violation" if is_first else "sh:Warning",
            **{why: text if is_first else "" for why, text in WHY.items()},
        }
        texts.append(re.sub("|".join(words), lambda word: words[word[0]], _template()))  # noqa: B023
    return texts


@lru_cache(maxsize=16)
def _parsed(text: str) -> list[ox.Triple]:
    """Return the triples of a text: the same each time, blank nodes too."""
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]


@cache
def _template() -> str:
    path = resources.bundled("ontology") / "shapes" / "languages.ttl.in"
    return re.sub(r"(?m)^#.*\n", "", path.read_text("utf-8"))
