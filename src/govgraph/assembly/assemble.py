"""From source files to one store: data and ontology, what follows from them, and metadata.

The graph describes itself by VoID (https://www.w3.org/TR/void/; statistics, section 4), DCAT 2
(dcat:Distribution per dump) and PROV, with no time but that of the sources. What `study.yaml` does
not say, nobody is made to say.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from govgraph import resources
from govgraph.coding.cases import load
from govgraph.coding.study import (
    FILE,
    UNNAMED,
    Sources,
    Study,
    check_side_by_side,
    names_of_study,
    study_folder,
)
from govgraph.coding.study_file import read_study
from govgraph.coding.terms import is_common, ontology_quads
from govgraph.errors import GovgraphError
from govgraph.files import is_file, real
from govgraph.rdf import collector
from govgraph.rdf.names import Names
from govgraph.rdf.reading import UnionView, canonical, describes
from govgraph.rdf.source_map import SourceMap
from govgraph.rdf.terms import owl
from govgraph.rdf.writing import FORMATS
from govgraph.reasoning import Caution, Clash, infer
from govgraph.vocabulary import BASE, GG, INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH, PREFIXES

_ONTOLOGY = ox.NamedNode(GG[:-1])
_INFERENCE: Final = f"""
<{BASE}activity/inference> a prov:Activity ;
    prov:used <{GG.rstrip("#")}> ;
    rdfs:label "OWL 2 RL inference"@en , "Inferencia OWL 2 RL"@es .
<{INFERRED_GRAPH}> a prov:Entity ; prov:wasGeneratedBy <{BASE}activity/inference> .
"""

Progress = Callable[[str], None]
"""Called with the name of each stage as it begins."""


class LocalGraph:
    """A graph in memory, or in a database on disk that the store has open."""

    def __init__(
        self, store: ox.Store, sources: SourceMap | None = None, studies: tuple[Study, ...] = ()
    ):
        self.store, self.sources, self.studies = store, sources or SourceMap(), studies

    @cached_property
    def view(self) -> UnionView:
        """Every named graph, and as the default graph their union."""
        return UnionView.of(self.store, self.names)

    @cached_property
    def names(self) -> Names:
        """What its IRIs are called: ids of the first study are looked up in the graph itself."""
        main = self.studies[0] if self.studies else UNNAMED
        is_known = partial(is_common, is_described=self.describes)
        return names_of_study(main, self.studies, is_own=self.describes, is_common=is_known)

    def describes(self, iri: str) -> bool:
        """Tell whether anything is said of an IRI."""
        loaded = vars(self).get("store")  # else the view, which has the same: either will do
        return describes(self.view.store if loaded is None else loaded, iri)

    def __len__(self) -> int:
        return len(self.store)

    def __str__(self) -> str:
        return f"of {len(self):,} statements"


@dataclass
class Assembly(LocalGraph):
    """A graph just built: the files it was read from, contradictions, axioms that no rule uses."""

    store: ox.Store
    sources: SourceMap
    studies: tuple[Study, ...]
    files: list[str]
    clashes: list[Clash]
    cautions: list[Caution]


def choose_sources(
    data: Sequence[Path] = (), studies: Sequence[Path] = (), *, alone: bool = False
) -> Sources:
    """Return what to read: the studies named, else the one here or above, else the bundled one.

    `alone` leaves that one out. What of `data` is the folder of a study is read as that study, the
    rest as parts of the first. Where none is named and none lies here, that is the one that `data`
    lie in, or a temporary one, so that nothing of theirs becomes the bundled study's. Raises
    SourceErrors where a study.yaml is wrong.
    """
    folders = [resources.study_folder(path) for path in studies]
    beside = [path for path in data if is_file(path / FILE)]
    rest = tuple(path for path in data if path not in beside)
    unnamed: tuple[Study, ...] = ()
    if not folders and not alone:
        here = next(filter(None, map(study_folder, (Path.cwd(), *rest))), None)
        folders = [here or resources.default_study()]
        unnamed = (UNNAMED,) if rest and here is None else ()
    folders += beside
    chosen = tuple(map(read_study, dict.fromkeys(map(real, folders))))
    check_side_by_side(chosen)
    return Sources((*unnamed, *chosen), rest)


def check_named(study: Study) -> None:
    """Raise GovgraphError where there is no study.yaml, before names of nobody get abroad."""
    if study.is_temporary:
        remedy = "`govgraph new study NAME --base URL` writes a study for it."
        message = f"what lies in no study has names below {study.base}, which are nobody's"
        raise GovgraphError(f"{message}: it is not published or pushed. {remedy}")


@cache
def read_ontology() -> list[ox.Quad]:
    """Return the ontology as quads of its graph, blank nodes labelled canonically (RDFC-1.0).

    Of the headers of its files only the first is there: one document of OWL has one.
    """
    parts = {q.subject for q in ontology_quads() if q.object == owl.Ontology} - {_ONTOLOGY}
    return _in(ONTOLOGY_GRAPH, canonical(q for q in ontology_quads() if q.subject not in parts))


@collector.paused()
def assemble(
    sources: Sources,
    *,
    progress: Progress = lambda stage: None,
    store: ox.Store | None = None,
    described: bool = False,
) -> Assembly:
    """Read `sources`, infer what follows, describe the result.

    All is put into `store`, an empty one, or one in memory if none is given. RDF that lies in no
    study and speaks of nothing of govgraph's gets no ontology of ours, and is only to be
    `described` where that is asked for. Raises SourceErrors with everything that is wrong in the
    files. Contradictions in the sense of OWL are returned as clashes, not raised.
    """
    progress("read")
    data = load(sources, store=store)
    store = data.store
    is_ours = bool(sources.studies) or not data.is_all_rdf or speaks_of_ours(store)
    if is_ours:
        store.bulk_extend(read_ontology())
    progress("infer")
    inferred = infer(store)
    store.bulk_extend(inferred.quads(INFERRED_GRAPH))
    if is_ours or described:
        progress("describe")
        store.bulk_extend(_in(METADATA_GRAPH, describe(store, sources.studies)))
    return Assembly(
        store, data.sources, sources.studies, data.files, inferred.clashes, inferred.cautions
    )


def speaks_of_ours(store: ox.Store) -> bool:
    """Tell whether a store has the IRI of anything below the base of govgraph."""
    said = " || ".join(f"STRSTARTS(STR(?{name}), '{BASE}')" for name in ("s", "p", "o", "g"))
    return bool(store.query(f"ASK {{ GRAPH ?g {{ ?s ?p ?o }} FILTER({said}) }}"))


def _in(graph: str, statements: Iterable[ox.Triple | ox.Quad]) -> list[ox.Quad]:
    name = ox.NamedNode(graph)
    return [ox.Quad(row.subject, row.predicate, row.object, name) for row in statements]


# -- metadata ------------------------------------------------------------------------------------


def graph_sizes(store: ox.Store, pattern: str = "GRAPH ?key {?s ?p ?o}") -> dict[ox.NamedNode, int]:
    """Return the number of statements of each named graph, or of each `?key` of a pattern."""
    query = f"SELECT ?key (COUNT(*) AS ?count) WHERE {{ {pattern} }} GROUP BY ?key"
    rows: Any = store.query(query)
    return {row["key"]: int(row["count"].value) for row in rows}


def describe(store: ox.Store, studies: Sequence[Study] = ()) -> list[ox.Triple]:
    """Return the metadata triples of everything in `store`, which holds none yet; sorted.

    The first study's data set has the counts and dumps of all. The engine counts, so that no quad
    is copied.
    """
    main = studies[0] if studies else UNNAMED
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    about = (_about(study, names_of_study(study)) for study in studies or (UNNAMED,))
    parts = (f"<{main.dataset}> void:subset <{study.dataset}> .\n" for study in studies[1:])
    pieces = [prefixes, _INFERENCE, *about, *parts, *_dumps(main), *_statistics(store, main)]
    parsed = ox.parse("".join(pieces), format=ox.RdfFormat.TURTLE)
    return sorted({quad.triple for quad in parsed}, key=str)


def _about(study: Study, names: Names) -> str:
    texts = [("dcterms:title", study.title), ("dcterms:alternative", study.short_title)]
    values = [
        (predicate, str(ox.Literal(text, language=language)))
        for predicate, by_language in (*texts, ("dcterms:description", study.lede))
        for language, text in by_language.items()
    ]
    agents = [("dcterms:creator", agent) for agent in study.creators]
    agents += [("dcterms:publisher", study.publisher)] if study.publisher else []
    for predicate, agent in agents:
        values.append((predicate, f"<{agent.iri}>" if agent.iri else str(ox.Literal(agent.name))))
    values += [("dcterms:language", f'"{language}"') for language in study.languages]
    values += [("dcterms:source", f"<{names.expand(id_)}>") for id_ in study.documents]
    for predicate, value, form in (
        ("dcterms:license", study.licence, "<{}>"),
        ("dcat:contactPoint", study.contact, "<{}>"),
        ("owl:versionInfo", study.version, '"{}"'),
        ("dcterms:issued", study.issued, '"{}"^^xsd:date'),
        ("dcterms:modified", study.modified, '"{}"^^xsd:date'),
    ):
        values += [(predicate, form.format(value))] if value else []
    statements = "".join(f" ;\n    {predicate} {value}" for predicate, value in values)
    named = "".join(
        f"<{agent.iri}> a foaf:Agent ; foaf:name {ox.Literal(agent.name)} .\n"
        for _, agent in agents
        if agent.iri
    )
    return f"""
<{study.dataset}> a void:Dataset , dcat:Dataset , prov:Entity ;
    void:uriSpace "{study.base}" ;
    void:vocabulary dcterms: , gg: , org: , prov: , qb: , sdgo: , skos:{statements} .
{named}"""


def _dumps(study: Study) -> Iterator[str]:
    licence = f"dcterms:license <{study.licence}> ;" if study.licence else ""
    for entry in FORMATS:
        dump = f"<{study.base}dump/{study.file_name}.{entry.ending}>"
        yield f"""
<{study.dataset}> dcat:distribution {dump} ; void:dataDump {dump} .
{dump} a dcat:Distribution ;
    dcterms:title "{entry.title}"@en ; {licence}
    dcat:mediaType <https://www.iana.org/assignments/media-types/{entry.media_type}> ;
    dcat:accessURL {dump} .
"""


def _statistics(store: ox.Store, study: Study) -> Iterator[str]:
    dataset, names = f"<{study.dataset}>", names_of_study(study)
    classes = graph_sizes(store, "GRAPH ?g { ?s a ?key FILTER(isIRI(?key)) }")
    properties = graph_sizes(store, "GRAPH ?g { ?s ?key ?o }")
    yield f"{dataset} void:classes {len(classes)} ; void:properties {len(properties)} .\n"
    measures = {"triples": "*", "distinctSubjects": "?s", "distinctObjects": "?o"}
    asked = " ".join(f"(COUNT(DISTINCT {what}) AS ?{name})" for name, what in measures.items())
    query = f"SELECT {asked} WHERE {{ ?s ?p ?o }}"  # one way through all that is stored
    rows: Any = store.query(query, use_default_graph_as_union=True)
    [row] = rows
    yield from (f"{dataset} void:{name} {row[name].value} .\n" for name in measures)
    kinds = (("class", classes, "entities"), ("property", properties, "triples"))
    for kind, counts, measure in kinds:
        for term, count in counts.items():
            part = _part(names, kind, term.value)
            yield f"{dataset} void:{kind}Partition {part} .\n"
            yield f"{part} void:{kind} {term} ; void:{measure} {count} .\n"
    for graph, count in graph_sizes(store).items():
        if "/graph/" in graph.value:
            yield f"{dataset} void:subset {graph} .\n"
            yield f"{graph} a void:Dataset ; void:triples {count} .\n"


def _part(names: Names, kind: str, iri: str) -> str:
    prefix, local = names.split(iri)
    other = "".join(c if c.isalnum() else "-" for c in iri.partition("//")[2])
    return f"<{names.base}dataset#{kind}-{f'{prefix}-{local}' if prefix else other}>"
