"""Two SHACL engines behind one function: a native one by default, pySHACL as the reference.

Both hand back the report graph that the specification defines, read here in one way
(https://www.w3.org/TR/shacl/#results-validation-result).
"""

import importlib.util
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyoxigraph as ox

from govgraph.coding.terms import ontology_files
from govgraph.errors import GovgraphError, warn
from govgraph.rdf.terms import owl, rdf, rdfs, sh
from govgraph.vocabulary import BASE, SH

Shapes = frozenset[ox.Triple]
Statement = tuple[Any, ox.NamedNode, Any]
Said = Mapping[Any, Sequence[tuple[ox.NamedNode, Any]]]
"""What a graph says: node -> predicates and values."""

SHAPES: Final = frozenset({sh.NodeShape, sh.PropertyShape})
_TARGETS = "targetNode targetClass targetSubjectsOf targetObjectsOf target"
TARGETS: Final = frozenset(sh[name] for name in _TARGETS.split())
COUNTER: Final = ox.NamedNode(f"{BASE}shapes#counter")
ABOUT: Final = ox.NamedNode(f"{BASE}shapes#about")
"""Says of a shape without a path which property it is about."""
_TRUE: Final = ox.Literal(True)
_BLANK_NODES: Final = re.compile(r"(?m)^(?:_:(\S+)|<[^>]*>) <[^>]*> (?:_:(\S+) \.$)?")
_OF_THE_ENGINE: Final = re.compile(r"_:([01])_b([0-9]+)")
_OFTEN: Final = {sh.zeroOrMorePath: "*", sh.oneOrMorePath: "+", sh.zeroOrOnePath: "?"}


@dataclass(frozen=True, order=True)
class RawResult:
    """One result as an engine reports it: full IRIs, values as text, messages by language.

    `path` is in the syntax of SPARQL where it is more than one property; `shape` is the nearest
    that has a name. `broken` is what the shape asks for, where it has no message. `statements` are
    predicates and values of the result in the report, and what these lead to.
    """

    focus: str
    path: str
    component: str
    shape: str
    value: str
    severity: str
    messages: tuple[tuple[str, str], ...]
    broken: str = field(default="", compare=False)
    statements: tuple[Statement, ...] = field(default=(), compare=False, repr=False)


def available_engine() -> str:
    """Return "native", or "pyshacl" where the native engine has no wheel for this machine."""
    return "native" if importlib.util.find_spec("shacl") else "pyshacl"


def check(
    write: Callable[[Path], None], shapes: Shapes, engine: str | None = None, *, count: bool = False
) -> tuple[list[RawResult], set[str]]:
    """Return the results of a graph, sorted, and, to `count` them, the focus nodes targeted.

    `write` lays it down as N-Triples. Raises GovgraphError where the shapes cannot be applied.
    """
    try:
        with TemporaryDirectory(prefix="govgraph-") as folder:
            path = Path(folder) / "data.nt"  # read in a tenth of the memory of a text
            write(path)
            reports = [_report(path, _with_targets(shapes, count=count), engine)]
            others = shapes - ontology_shapes()
            if engine is None and any(row.predicate in (sh.select, sh.ask) for row in others):
                # the native engine compares no dates in SPARQL: what pySHACL finds besides is added
                with suppress(Exception):  # it raises anything at all of what it cannot do
                    reports.append(_pyshacl_report(path, _with_targets(others)))
    except OSError as error:
        reason = error.strerror or error
        raise GovgraphError(
            f"the graph could not be laid down for validation ({reason}). Free some space in the "
            "folder for temporary files, or name another in TMPDIR."
        ) from None
    results = {}
    for report in reversed(reports):  # of what both find, the first has the word
        alike = Counter[Any]()
        for result in _results(report, shapes):
            key = (result.focus, result.path, result.component, result.shape, result.value)
            alike[key] += 1
            results[key, alike[key]] = result
    targeted = {result.focus for result in results.values() if result.shape == COUNTER.value}
    return sorted(r for r in results.values() if r.shape != COUNTER.value), targeted


def text_of(term: Any) -> str:
    """Return the IRI, the lexical form of a literal, or the label of a blank node: "_:b0"."""
    return str(term) if isinstance(term, ox.BlankNode | ox.Triple) else str(term.value)


def _results(report: str, shapes: Shapes) -> Iterator[RawResult]:
    said: dict[Any, list[tuple[ox.NamedNode, Any]]] = defaultdict(list)
    for quad in ox.parse(report, format=ox.RdfFormat.N_TRIPLES):
        said[quad.subject].append((quad.predicate, quad.object))
    nodes = [value for rows in said.values() for name, value in rows if name == sh.result]
    yield from (_result(said, node, shapes) for node in nodes)


@lru_cache(maxsize=4)
def _with_targets(shapes: Shapes, *, count: bool = False) -> Shapes:
    """Return shapes that target themselves if they are classes, in RDFS or OWL.

    To `count` focus nodes, one shape more has all targets, and no node is as it asks.
    """
    typed = [(row.subject, row.object) for row in shapes if row.predicate == rdf.type]
    classes = {node for node, of in typed if of in SHAPES}
    classes &= {node for node, of in typed if of in (rdfs.Class, owl.Class)}
    every = shapes | {ox.Triple(shape, sh.targetClass, shape) for shape in classes}
    off = {r.subject for r in shapes if r.predicate == sh.deactivated and r.object == _TRUE}
    counted = (r for r in every if count and r.predicate in TARGETS and r.subject not in off)
    counter = {ox.Triple(COUNTER, row.predicate, row.object) for row in counted}
    return every.union(counter, [ox.Triple(COUNTER, sh["in"], rdf.nil)] if counter else [])


@cache
def ontology_shapes() -> Shapes:
    """Return the shapes of the ontology."""
    parsed = (
        ox.parse(path=str(p), format=ox.RdfFormat.TURTLE) for p in ontology_files(shapes=True)
    )
    return frozenset(quad.triple for quads in parsed for quad in quads)


def _text(triples: Iterable[ox.Triple]) -> str:
    return "".join(sorted(f"{triple} .\n" for triple in triples))


def _report(data: Path, shapes: Shapes, asked: str | None) -> str:
    if (asked or available_engine()) == "pyshacl":
        return _pyshacl_report(data, shapes)
    try:
        return _native_report(data, shapes)
    except ValueError as error:
        failure = f"the shapes could not be applied: {' '.join(str(error).split())}."
    if not asked:
        with suppress(GovgraphError):
            report = _pyshacl_report(data, shapes)
            warn(f"{failure} pySHACL applies them, and differs in what is not well formed.")
            return report
    raise GovgraphError(f"{failure} A study's own lie in ontology/shapes.")


def _native_report(data: Path, shapes: Shapes) -> str:
    compiled, blank = _compiled_shapes(shapes)
    report = compiled.validate_file(str(data)).serialize("ntriples")
    if "_:0_b" not in report and "_:1_b" not in report:
        return str(report)
    # It numbers the blank nodes of the shapes, then those of the data, as it comes upon them.
    labels = blank + _blank_nodes(data.read_text("utf-8")) if "_:0_b" in report else blank

    def named(match: re.Match[str]) -> str:
        number = int(match[2])
        return f"_:{labels[number]}" if number < len(labels) else match[0]

    return _OF_THE_ENGINE.sub(named, report)


def _blank_nodes(text: str) -> list[str]:
    """Return the labels of blank nodes in N-Triples, each once, in the order they stand there."""
    return list(
        dict.fromkeys(filter(None, (m[n] for m in _BLANK_NODES.finditer(text) for n in (1, 2))))
    )


@lru_cache(maxsize=2)
def _compiled_shapes(shapes: Shapes) -> tuple[Any, list[str]]:
    import shacl

    text = _text(shapes)
    return shacl.Shapes.from_text(text, "nt"), _blank_nodes(text)


def _pyshacl_report(data: Path, triples: Shapes) -> str:
    import pyshacl
    import rdflib

    def graph(text: str) -> rdflib.Graph:
        labels = {label: rdflib.BNode(label) for label in _blank_nodes(text)}
        return rdflib.Graph().parse(data=text, format="nt", bnode_context=labels)

    shapes = graph(_text(triples))
    try:
        _, report, text = pyshacl.validate(
            graph(data.read_text("utf-8")), shacl_graph=shapes, inplace=True
        )
    except (pyshacl.errors.ReportableRuntimeError, ValueError, re.error) as error:
        raise GovgraphError(f"the shapes could not be applied: {error}") from None
    if not isinstance(report, rdflib.Graph):
        raise GovgraphError(f"the shapes could not be applied: {text}")
    return report.serialize(format="nt")


def _result(said: Said, node: Any, shapes: Shapes) -> RawResult:
    values = {name.value.removeprefix(SH): value for name, value in said[node]}
    texts = (value for name, value in said[node] if name == sh.resultMessage)
    messages = [(_language_of(text, shapes), text.value) for text in texts]
    written = {name: text_of(value) for name, value in values.items()}
    shape, component = values.get("sourceShape"), written.get("sourceConstraintComponent", "")
    name, broken = _named(shape, component, shapes)
    path, about = values.get("resultPath"), _asked(shapes)[1].get((shape, ABOUT))
    return RawResult(
        focus=written.get("focusNode", ""),
        path=_path(said, about if about and not isinstance(path, ox.NamedNode) else path),
        component=component,
        shape=name,
        value=written.get("value", ""),
        severity=written.get("resultSeverity", "").removeprefix(SH),
        messages=tuple(sorted(messages)),
        broken=broken,
        statements=(*((node, *row) for row in said[node]), *_below(said, path)),
    )


def _below(said: Said, node: Any) -> Iterable[Statement]:
    """Yield what is said of the blank nodes of a path."""
    for name, value in said.get(node, ()) if isinstance(node, ox.BlankNode) else ():
        yield node, name, value
        yield from _below(said, value)


def _path(said: Said, node: Any, *, inner: bool = False) -> str:
    """Return an IRI, or a path as SPARQL writes it (SHACL 2.3.1)."""
    parts = dict(said.get(node, ())) if isinstance(node, ox.BlankNode) else {}
    if not parts:
        return str(node) if inner else getattr(node, "value", "")
    if rdf.first in parts:
        text = "/".join(_items(said, node))
        return f"({text})" if inner else text
    kind, value = next(iter(parts.items()))
    if kind == sh.alternativePath:
        return f"({'|'.join(_items(said, value))})"
    text = _path(said, value, inner=True)
    return f"^{text}" if kind == sh.inversePath else f"{text}{_OFTEN[kind]}"


def _items(said: Said, head: Any) -> list[str]:
    parts = dict(said.get(head, ()))
    if rdf.first not in parts:
        return []
    return [_path(said, parts[rdf.first], inner=True), *_items(said, parts.get(rdf.rest))]


@lru_cache(maxsize=2)
def _asked(shapes: Shapes) -> tuple[dict[Any, Any], dict[tuple[Any, Any], Any]]:
    """Return what leads to each blank node, and the value of each parameter of each shape."""
    above = {row.object: row.subject for row in shapes if isinstance(row.object, ox.BlankNode)}
    return above, {(row.subject, row.predicate): row.object for row in shapes}


def _named(shape: Any, component: str, shapes: Shapes) -> tuple[str, str]:
    """Return the name of the shape, or of the nearest above it that has one, and what it asks."""
    above, asked = _asked(shapes)
    asks = component.removesuffix("ConstraintComponent").rpartition("#")[2]
    asks = asks.lower() if asks.isupper() else asks[:1].lower() + asks[1:]
    value = asked.get((shape, sh[asks]), "")
    value = text_of(value) if isinstance(value, ox.Literal) else value
    broken = asks if isinstance(value, ox.BlankNode) else f"{asks} {value}".strip()
    for _ in range(100):  # shapes may lie in a circle
        shape = above.get(shape, shape)
    return shape.value if isinstance(shape, ox.NamedNode) else "", broken


def _language_of(message: ox.Literal, shapes: Shapes) -> str:
    """Return the language of a message; pySHACL drops the tag where it fills in a placeholder."""
    starts = (tag for start, tag in _message_starts(shapes) if message.value.startswith(start))
    return message.language or next(starts, "")


@lru_cache(maxsize=2)
def _message_starts(shapes: Shapes) -> list[tuple[str, str]]:
    """Return (text before the first placeholder, language) of each message, longest first."""
    messages = (triple.object for triple in shapes if triple.predicate == sh.message)
    texts = (message for message in messages if isinstance(message, ox.Literal))
    starts = {(text.value.partition("{")[0], text.language or "") for text in texts}
    return sorted(starts, key=lambda pair: (-len(pair[0]), pair[1]))
