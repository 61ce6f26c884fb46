"""Stored queries: the list of them, and one with its parameters as a form and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias
from urllib.parse import urlencode

from govgraph.errors import GovgraphError, UsageError
from govgraph.queries import Parameter, StoredQuery, StoreResolver
from govgraph.queries.running import run
from govgraph.results import Result
from govgraph.vocabulary import PREFIXES, SDG
from govgraph.web.pages.files import editor_files
from govgraph.web.pages.names import short_iri
from govgraph.web.pages.rendering import View

Arguments: TypeAlias = Mapping[str, Sequence[str]]

MOST_ROWS: Final = 500
"""Rows of an answer that a page shows; the data formats give all."""
MOST_CHOICES: Final = 250

_ROW_FORMATS: Final = {"csv": "CSV", "tsv": "TSV", "json": "JSON", "xml": "XML"}
_GRAPH_FORMATS: Final = {"ttl": "Turtle", "nt": "N-Triples", "jsonld": "JSON-LD"}
_FOLDERS: Final = {
    "": ("Questions", "Preguntas"),
    "claims": ("Claims recomputed", "Afirmaciones recalculadas"),
    "compare": ("Features of cases", "Rasgos de los casos"),
    "networks": ("Networks", "Redes"),
    "networks/nodes": ("Nodes of networks", "Nodos de las redes"),
}


@dataclass(frozen=True)
class Answer:
    """What became of a query: the SPARQL text that was run, with its result or its error.

    text     "" where an argument did not fit, so that nothing was run
    status   what a server says with it: 200, or the status of the error
    headers  those of the error, such as Retry-After
    """

    text: str = ""
    result: Result | None = None
    error: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """A parameter as a form shows it: its value, and the choices where they are few."""

    parameter: Parameter
    description: str
    value: str
    choices: list[tuple[str, str]]


def render(view: View) -> str:
    """Return the list of stored queries as HTML."""
    title = view.say("Stored queries", "Consultas guardadas")
    return view.render(
        "queries.html", "queries", title, folders=_folders(view), summary=summary(view)
    )


def _folders(view: View) -> list[tuple[str, list[StoredQuery]]]:
    """Return the stored queries by folder, each folder by its name."""
    folders: dict[str, list[StoredQuery]] = {name: [] for name in _FOLDERS}
    for slug, query in sorted(view.graph.queries.items()):
        folders.setdefault(slug.rpartition("/")[0], []).append(query)
    return [
        (view.say(*_FOLDERS.get(name, (name, name))), found)
        for name, found in folders.items()
        if found
    ]


def summary(view: View) -> Callable[[StoredQuery], str]:
    """Return what gives the summary of a query in the language of the page."""
    return lambda query: (view.language == "es" and query.summary_es) or query.summary or query.slug


def given_to(view: View, query: StoredQuery, arguments: Arguments) -> dict[str, list[str]]:
    """Return what a form gives a query: nothing for empty fields, the language of the page."""
    given = {name: [each for each in values if each] for name, values in arguments.items()}
    given = {name: values for name, values in given.items() if values}
    if "lang" in query.parameters:
        given.setdefault("lang", [view.language])
    return given


def answered(view: View, query: StoredQuery, given: Arguments) -> Answer:
    """Return the answer to a stored query, run here and now."""
    text = ""
    try:
        arguments = {name: list(values) for name, values in given.items()}
        text = query.bind(arguments, StoreResolver(view.graph.view))
        return Answer(text, run(text, view.graph.view, source=query.path))
    except GovgraphError as error:
        return Answer(text, error=str(error), status=400)


def query_page(
    view: View, slug: str, arguments: Arguments | None = None, answer: Answer | None = None
) -> str:
    """Return the page of a stored query as HTML: a form, the answer, the SPARQL text that was run.

    Without arguments the answer is that to the defaults, with labels in the language of the page;
    `answer` is that to the arguments, where it was found elsewhere. Raises UsageError for a query
    there is none of; what is wrong with an argument stands on the page.
    """
    if slug not in view.graph.queries:
        raise UsageError(f"There is no stored query {slug!r}: the list is on the page of queries.")
    query = view.graph.queries[slug]
    given = given_to(view, query, arguments or {})
    answer = answer or answered(view, query, given)
    result = answer.result
    shown = result and Result(result.kind, result.columns, result.rows[:MOST_ROWS])
    spanish = view.language == "es"
    return view.render(
        "query.html",
        f"query/{slug}",
        summary(view)(query),
        section="queries",
        query=query,
        question=(spanish and query.question_es) or query.question,
        description=(spanish and query.description_es) or query.description,
        fields=[_field(view, each, given) for each in query.parameters.values()],
        result=shown,
        total=len(result) if result is not None else 0,
        error=answer.error,
        sparql=replace(query, text=answer.text or query.text).sparql,
        was_run=bool(answer.text),
        data=_data(view, query, given) if result is not None else [],
    )


def _data(view: View, query: StoredQuery, given: Arguments) -> list[tuple[str, str]]:
    """Return (format, address) of an answer as data, which only a server has."""
    if not view.links.live:
        return []
    fields = urlencode(given, doseq=True)
    asked = f"?{fields}" if fields else ""
    formats = _GRAPH_FORMATS if query.kind == "graph" else _ROW_FORMATS
    path = f"query/{query.slug}"
    return [(name, f"{view.links.data(path, each)}{asked}") for each, name in formats.items()]


def _field(view: View, parameter: Parameter, given: Arguments) -> Field:
    spanish = view.language == "es"
    described = (spanish and parameter.description_es) or parameter.description
    value = ", ".join(given.get(parameter.name, ())) or parameter.default_text
    return Field(parameter, described, value, _choices(view, parameter, value))


def _choices(view: View, parameter: Parameter, value: str) -> list[tuple[str, str]]:
    """Return (value, label) of what a parameter can be; [] where there is no short list of it."""
    if parameter.type == "lang":
        return [("en", "English"), ("es", "Español")]
    if parameter.type == "boolean":
        return [("true", view.say("yes", "sí")), ("false", "no")]
    if parameter.type != "iri" or parameter.class_iri is None:
        return []
    reading = view.reading
    members = set(reading.subjects("rdf:type", parameter.class_iri))
    members |= set(reading.subjects("skos:inScheme", parameter.class_iri))
    if not 0 < len(members) <= MOST_CHOICES:
        return []
    found = [
        (short_iri(each), view.label(each)) for each in reading.by_label(members, view.language)
    ]
    known = {name for name, _ in found}
    return found if not value or value in known else [(value, value), *found]


def sparql_page(view: View, text: str = "", result: Result | None = None, error: str = "") -> str:
    """Return the page with a form for SPARQL as HTML, and an answer where there is one."""
    shown = result and Result(result.kind, result.columns, result.rows[:MOST_ROWS])
    return view.render(
        "sparql.html",
        "sparql",
        view.say("Ask in SPARQL", "Pregunte en SPARQL"),
        text=text or _example(view),
        prefixes=[(name, PREFIXES[name]) for name in sorted(PREFIXES)],
        folders=_folders(view),
        summary=summary(view),
        example_of=lambda query: _in_language(view, query),
        result=shown,
        total=len(result) if result is not None else 0,
        error=error,
        action=view.links.endpoint or f"{view.links.root}sparql",
        editor=bool((view.links.live or view.links.endpoint) and editor_files()),
        goals=SDG,
    )


def _in_language(view: View, query: StoredQuery) -> str:
    """Return the SPARQL text of a stored query that asks for labels in the page's language."""
    given = {"lang": view.language} if "lang" in query.parameters else {}
    return replace(query, text=query.bind(given)).sparql


def _example(view: View) -> str:
    return (
        "PREFIX gg: <https://w3id.org/govgraph/ontology#>\n"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "SELECT ?case ?label ?passage WHERE {\n"
        "  ?case a gg:Case ; rdfs:label ?label .\n"
        "  GRAPH ?passage { ?case gg:place ?place }\n"
        f'  FILTER(LANG(?label) = "{view.language}")\n'
        "}\nORDER BY ?label ?passage\n"
    )
