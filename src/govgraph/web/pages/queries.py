"""Stored queries: the list of them, and one with its parameters as a form and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from govgraph.errors import GovgraphError, UsageError
from govgraph.queries import Parameter, StoredQuery
from govgraph.results import Result
from govgraph.vocabulary import PREFIXES, SDG
from govgraph.web.pages.files import editor_files
from govgraph.web.pages.names import short_iri
from govgraph.web.pages.rendering import View

Arguments: TypeAlias = Mapping[str, Sequence[str]]
Runner: TypeAlias = Callable[[str, Arguments], Result]
"""Answers a stored query by name; raises GovgraphError for what does not fit or takes too long."""

MOST_ROWS: Final = 500
"""Rows of an answer that a page shows; the data formats give all."""
MOST_CHOICES: Final = 250

_FOLDERS: Final = {
    "": ("Questions", "Preguntas"),
    "claims": ("Claims recomputed", "Afirmaciones recalculadas"),
    "compare": ("Features of cases", "Rasgos de los casos"),
    "networks": ("Networks", "Redes"),
    "networks/nodes": ("Nodes of networks", "Nodos de las redes"),
}


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


def query_page(
    view: View, slug: str, arguments: Arguments | None = None, run: Runner | None = None
) -> str:
    """Return the page of a stored query as HTML: a form, the answer, the SPARQL text.

    Without arguments the answer is that to the defaults, with labels in the language of the page.
    Raises UsageError for a query there is none of; what is wrong with an argument stands on the
    page.
    """
    if slug not in view.graph.queries:
        raise UsageError(f"There is no stored query {slug!r}: the list is on the page of queries.")
    query = view.graph.queries[slug]
    given = {k: [v for v in values if v] for k, values in (arguments or {}).items()}
    given = {name: values for name, values in given.items() if values}
    if "lang" in query.parameters:
        given.setdefault("lang", [view.language])
    result, error = None, ""
    try:
        result = (run or _runner(view))(slug, given)
    except GovgraphError as problem:
        error = str(problem)
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
        error=error,
    )


def _runner(view: View) -> Runner:
    return lambda slug, given: view.graph.query(slug, **{k: list(v) for k, v in given.items()})


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
        result=shown,
        total=len(result) if result is not None else 0,
        error=error,
        action=view.links.endpoint or f"{view.links.root}sparql",
        editor=bool((view.links.live or view.links.endpoint) and editor_files()),
        goals=SDG,
    )


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
