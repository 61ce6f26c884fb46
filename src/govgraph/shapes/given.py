"""What is given to look at, as it was written, and shapes besides those of the ontology.

A store makes one type of all integers and IRIs of blank nodes, for both of which a shape may ask.
So what RDF files state is taken from the files, and only the rest from the store.

A study has texts in its languages, and shapes of its own in its folder `ontology/shapes`. A text in
its first language is required of what lies below its base, those in the others are asked for; of
what lies in no study, the shapes of the ontology ask one label in any language. What somebody
brings is looked through before use.
"""

import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from govgraph import resources
from govgraph.coding.source_files import SourceFile
from govgraph.coding.study import Study
from govgraph.errors import SourceError, counted, did_you_mean, warn
from govgraph.files import visible
from govgraph.queries.engine import check_syntax
from govgraph.rdf.formats import RdfFormat, format_of, shown_path
from govgraph.rdf.reading import canonical, load_rdf, read_file, read_quads
from govgraph.rdf.terms import owl, sh
from govgraph.reasoning import infer
from govgraph.shapes.engines import SHAPES, TARGETS, Shapes, check, text_of
from govgraph.vocabulary import BASE, METADATA_GRAPH, SH

Quads = Sequence[ox.Quad]
Says = dict[str, dict[str, set[tuple[str, str]]]]
"""A node -> files that speak of it -> predicates and values; none where it is only named."""
_GENID: Final = re.compile(rb"<(?>[^<>]*?/\.well-known/genid/)[^<>]*>")
NOT_APPLIED: Final = ("js", "rule")
"""What the names of terms begin with that no engine here applies."""
ENTAILMENT: Final = "http://www.w3.org/ns/entailment/"
_INNER: Final = re.compile(r"\{\s*SELECT\s+((?:(?!WHERE|\{).)*)", re.IGNORECASE | re.DOTALL)
WHY = {"WHY_EN": ", its study's first language", "WHY_ES": ", el primer idioma de su estudio"}


class Written:
    """The graphs of a store, if one is given, and what files of RDF state.

    `quads` has that by the name of the file; blank nodes are called b0, b1 … `inferred` is what
    follows, where shapes ask for it.
    """

    def __init__(self, store: ox.Store | None, files: Iterable[SourceFile] = ()):
        self.store, self.quads = store, dict[str, list[ox.Quad]]()
        self.inferred: list[ox.Triple] = []
        self._said, taken = ox.Store(), Counter[str]()
        self._blank: dict[bytes, bytes] = {}
        for file in files:
            if isinstance(file.kind, RdfFormat):
                where = (file.path, file.kind, file.shown)
                with warnings.catch_warnings(action="ignore"):  # which a build has said
                    genid = load_rdf(self._said, *where, file.graph, taken)
                    quads = canonical(read_quads(*where, file.study.base))
                self.quads[file.shown] = list(self._numbered(quads, genid))

    def _numbered(self, quads: Iterable[ox.Quad], genid: str) -> Iterator[ox.Quad]:
        labels: dict[Any, ox.BlankNode] = {}
        for quad in quads:
            nodes: list[Any] = [quad.subject, quad.object]
            for index, node in enumerate(nodes):
                if isinstance(node, ox.BlankNode):
                    if node not in labels:
                        labels[node] = ox.BlankNode(f"b{len(self._blank)}")
                        self._blank[f"<{genid}{node.value}>".encode()] = str(labels[node]).encode()
                    nodes[index] = labels[node]
            yield ox.Quad(nodes[0], quad.predicate, nodes[1], quad.graph_name)

    @property
    def uses_ours(self) -> bool:
        """Whether the files speak of something below the base of govgraph."""
        return any(
            isinstance(term, ox.NamedNode) and term.value.startswith(BASE)
            for quads in self.quads.values()
            for quad in quads
            for term in quad
        )

    def write(self, path: Path) -> None:
        """Write all of it but the metadata as N-Triples; what two graphs state stands twice."""
        form = ox.RdfFormat.N_TRIPLES
        with path.open("wb") as stream:
            for graph in (ox.DefaultGraph(), *self.store.named_graphs()) if self.store else ():
                if getattr(graph, "value", "") == METADATA_GRAPH:
                    continue
                if not self.quads:
                    self.store.dump(stream, format=form, from_graph=graph)  # type: ignore[union-attr]
                    continue
                said = set((self._said.dump(format=form, from_graph=graph) or b"").splitlines(True))
                text = self.store.dump(format=form, from_graph=graph) or b""  # type: ignore[union-attr]
                lines = (line for line in text.splitlines(True) if line not in said)
                stream.writelines(
                    _GENID.sub(lambda genid: self._blank.get(genid[0], genid[0]), line)
                    if b"/.well-known/genid/" in line
                    else line
                    for line in lines
                )
            rows = (quad.triple for quads in self.quads.values() for quad in quads)
            ox.serialize(chain(rows, self.inferred), stream, format=form)

    def who_says(self, nodes: set[str]) -> Says:
        """Return which files speak of nodes: IRIs, or labels of blank nodes."""
        result: Says = defaultdict(dict)
        for file, quads in self.quads.items():
            for quad in quads:
                if (subject := text_of(quad.subject)) in nodes:
                    said = (quad.predicate.value, text_of(quad.object))
                    result[subject].setdefault(file, set()).add(said)
                if (value := text_of(quad.object)) in nodes:
                    result[value].setdefault(file, set())
        return result


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
    template = (resources.bundled("ontology") / "shapes" / "languages.ttl.in").read_text("utf-8")
    texts = []
    for (tag, is_first), below in bases.items():
        words = {
            "NAME": f"-{tag}-required" if is_first else f"-{tag}",
            "TAG": tag,
            "BASES": "|".join(below).replace("\\", "\\\\"),
            "SEVERITY": "sh:Violation" if is_first else "sh:Warning",
            **{why: text if is_first else "" for why, text in WHY.items()},
        }
        texts.append(re.sub("|".join(words), lambda word: words[word[0]], template))  # noqa: B023
    return texts


@lru_cache(maxsize=16)
def _parsed(text: str) -> list[ox.Triple]:
    """Return the triples of a text: the same each time, blank nodes too."""
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]


def chosen_shapes(paths: Sequence[Path], data: Written) -> Shapes:
    """Return the shapes of files, or, where none are named, those that the data hold.

    What of them is not used or looks wrong is told as a warning. Raises SourceError for what is
    not RDF, and for a shape whose SPARQL cannot be run.
    """
    in_data = {name: quads for name, quads in data.quads.items() if number_of_shapes(quads)}
    given = {shown_path(path): list(read_file(path, shown_path(path))) for path in paths} or in_data
    for name in in_data.keys() - given.keys():
        number = counted(number_of_shapes(in_data[name]), "shape")
        warn(f"{name}: {number} in it not used, as --shapes names others.")
    for name, quads in data.quads.items():
        for quad in quads:
            if quad.predicate == sh.shapesGraph:
                warn(f"{name}: it asks for the shapes of {quad.object}. Name a copy with --shapes.")
    for name, quads in given.items():
        for message in _looked_through(name, quads, given):
            warn(f"{name}: {message}")
    rows = canonical(quad for quads in given.values() for quad in quads)
    shapes = frozenset(quad.triple for quad in rows)
    if regimes := {text_of(row.object) for row in shapes if row.predicate == sh.entailment}:
        if unknown := regimes - {f"{ENTAILMENT}RDFS", f"{ENTAILMENT}OWL-RL"}:
            raise SourceError(f"shapes ask for {min(unknown)}; RDFS and OWL-RL are what is here.")
        inferred = infer(quad for quads in data.quads.values() for quad in quads)
        data.inferred = [*inferred.axioms, *inferred.triples]
    return shapes


def number_of_shapes(quads: Quads) -> int:
    """Return how many shapes are said to be such, or have a target."""
    return len(
        {quad.subject for quad in quads if quad.object in SHAPES or quad.predicate in TARGETS}
    )


def _looked_through(name: str, quads: Quads, given: Mapping[str, Quads]) -> Iterator[str]:
    """Yield what to look at in the shapes of a file; raises SourceError for SPARQL that fails."""
    if not number_of_shapes(quads):
        yield "no shape in it."
    terms = {
        term.value.removeprefix(SH)
        for q in quads
        for term in (q.predicate, q.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(SH)
    }
    for term in sorted(terms):
        if term not in _vocabulary():
            yield f"sh:{term} is no term of SHACL.{did_you_mean(term, _vocabulary())}"
        elif term.startswith(NOT_APPLIED):
            yield f"sh:{term} is not applied here: it is no part of SHACL Core or SHACL-SPARQL."
    subjects = {quad.subject for quads_of_file in given.values() for quad in quads_of_file}
    for quad in quads:
        if quad.predicate == owl.imports and quad.object not in subjects:
            yield f"it imports {quad.object}, which is not fetched. Name a copy with --shapes."
    said = {(quad.subject, quad.predicate): text_of(quad.object) for quad in quads}
    declared = {said[n, p]: said.get((n, sh.namespace), "") for n, p in said if p == sh.prefix}
    for quad in quads:
        if quad.predicate in (sh.select, sh.ask) and isinstance(quad.object, ox.Literal):
            _try(quad.object.value, declared, name)
    alone = Written(None)
    alone.quads[name] = list(quads)
    for result in check(alone.write, _shapes_of_shapes())[0]:
        what = f"{result.focus} {result.path} {result.value}".replace("  ", " ")
        yield f"not well formed: {what.strip()}: breaks {result.broken} of SHACL ({result.shape})."


def _try(query: str, prefixes: Mapping[str, str], name: str) -> None:
    """Raise SourceError for SPARQL that does not run, or has an inner query without $this."""
    declared = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in prefixes.items())
    wrong = ""
    try:
        check_syntax(declared + query)
    except SourceError as error:
        wrong = error.message
    if any("this" not in selected and "*" not in selected for selected in _INNER.findall(query)):
        wrong = wrong or "An inner SELECT leaves out $this (SHACL 5.2.1)."
    if wrong:
        shown = " ".join(query.split())
        raise SourceError(f"the SPARQL of a shape fails. {wrong} It is: {shown}", name)


def _asset(name: str) -> frozenset[ox.Triple]:
    """Return what pySHACL has of the W3C's own files."""
    spec = find_spec("pyshacl")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    parsed = ox.parse(path=str(folder / "assets" / f"{name}.ttl"), format=ox.RdfFormat.TURTLE)
    return frozenset(quad.triple for quad in parsed)


@cache
def _shapes_of_shapes() -> Shapes:
    """Return these, but not the one that says "one of both": that a node is none tells no cause."""
    rows = (row for row in _asset("shacl-shacl") if row.predicate != sh.xone)
    shsh = "http://www.w3.org/ns/shacl-shacl#"
    node, path = (ox.NamedNode(f"{shsh}{name}ShapeShape") for name in ("Node", "Property"))
    targets = [(node, sh.targetClass, sh.NodeShape), (path, sh.targetSubjectsOf, sh.path)]
    return frozenset(rows).union(ox.Triple(*target) for target in targets)


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(text_of(row.subject).removeprefix(SH) for row in _asset("shacl"))
