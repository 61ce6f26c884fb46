"""Stored queries: the list of them, and one with its parameters as a form and its answer."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

from govgraph.errors import GovgraphError, UsageError
from govgraph.queries import Parameter, StoredQuery, StoreResolver
from govgraph.queries.running import run
from govgraph.results import Result, display
from govgraph.texts import N_, language_name, texts_of_page
from govgraph.vocabulary import BASE, PREFIXES
from govgraph.web.pages.reading import languages_of
from govgraph.web.pages.rendering import View, editor_files

Arguments: TypeAlias = Mapping[str, Sequence[str]]

MOST_ROWS: Final = 500
"""Rows of an answer that a page shows; the data formats give all."""
MOST_CHOICES: Final = 250
_EXAMPLE: Final = """\
PREFIX gg: <https://w3id.org/govgraph/ontology#>
SELECT ?case ?place ?passage WHERE {
  ?case a gg:Case .
  GRAPH ?passage { ?case gg:place ?place }
} ORDER BY ?case ?passage
"""

_PLACE: Final = re.compile(r"line ([0-9]+), column ([0-9]+)")
_ROW_FORMATS: Final = {"csv": "CSV", "tsv": "TSV", "json": "JSON", "xml": "XML"}
_GRAPH_FORMATS: Final = {"ttl": "Turtle", "nt": "N-Triples", "jsonld": "JSON-LD"}
_FOLDERS: Final = {
    "": N_("Questions"),
    "claims": N_("Claims recomputed"),
    "compare": N_("Features of cases"),
    "networks": N_("Networks"),
    "networks/nodes": N_("Nodes of networks"),
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


def render(view: View) -> str:
    """Return the list of stored queries as HTML."""
    return view.render("queries", view.gettext("Stored queries"), folders=_folders(view))


def _folders(view: View) -> list[tuple[str, list[StoredQuery]]]:
    folders: dict[str, list[StoredQuery]] = {name: [] for name in _FOLDERS}
    for slug, query in sorted(view.reading.queries.items()):
        folders.setdefault(slug.rpartition("/")[0], []).append(query)
    return [
        (view.gettext(_FOLDERS.get(name, name)), queries)
        for name, queries in folders.items()
        if queries
    ]


def filled_in(view: View, query: StoredQuery, arguments: Arguments) -> dict[str, list[str]]:
    """Return what a form gives a query: nothing for empty fields, the language of the page."""
    filled = {name: [text for text in texts if text] for name, texts in arguments.items()}
    filled = {name: texts for name, texts in filled.items() if texts}
    if "lang" in query.parameters:
        filled.setdefault("lang", [view.label_language])
    return filled


def answered(view: View, query: StoredQuery, arguments: Arguments) -> Answer:
    """Return the answer to a stored query, run here and now."""
    text = ""
    try:
        values = {name: list(texts) for name, texts in arguments.items()}
        text = view.graph.defaults.bind(query, values, StoreResolver(view.graph.view))
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
    filled = filled_in(view, query, arguments or {})
    answer = answer or answered(view, query, filled)
    arguments_used = {**_from_data(view, query, filled), **filled}
    return view.render(
        "query",
        query.told("summary", view.language)[1] or query.slug,
        path=f"query/{slug}",
        section="queries",
        query=query,
        description=view.told(query, "question"),
        question=view.told(query, "question"),
        more=view.told(query, "description"),
        fields=[_field(view, parameter, arguments_used) for parameter in query.parameters.values()],
        result=answer.result,
        most_rows=MOST_ROWS,
        error=answer.error,
        sparql=replace(query, text=answer.text or query.text).sparql,
        was_run=bool(answer.text),
        data=_data(view, query, filled) if answer.result is not None else [],
    )


def _from_data(view: View, query: StoredQuery, arguments: Arguments) -> Arguments:
    """Return the values that the data give to parameters left out."""
    try:
        given = {name: list(texts) for name, texts in arguments.items()}
        terms = view.graph.defaults.terms(query, given, StoreResolver(view.graph.view))
    except GovgraphError:  # what is wrong with an argument stands on the page already
        return {}
    shown = {name: [display(term, view.graph.names) for term in terms[name]] for name in terms}
    return {name: texts for name, texts in shown.items() if name not in arguments}


def _data(view: View, query: StoredQuery, arguments: Arguments) -> list[tuple[str, str]]:
    """Return (format, address) of an answer as data, which only a server has."""
    if not view.links.live:
        return []
    fields = urlencode(arguments, doseq=True)
    suffix = f"?{fields}" if fields else ""
    formats = _GRAPH_FORMATS if query.kind == "graph" else _ROW_FORMATS
    path = f"query/{query.slug}"
    return [(name, f"{view.links.data(path, end)}{suffix}") for end, name in formats.items()]


def _field(view: View, parameter: Parameter, arguments: Arguments) -> dict[str, Any]:
    """Return a parameter as a form shows it: its value, and the choices where they are few."""
    value = ", ".join(arguments.get(parameter.name, ())) or parameter.default_text
    return {
        "parameter": parameter,
        "description": view.told(parameter, "description"),
        "value": value,
        "choices": _choices(view, parameter, value),
    }


def _choices(view: View, parameter: Parameter, value: str) -> list[tuple[str, str]]:
    if parameter.type == "lang":
        return [(language, language_name(language)) for language in languages_of(view.graph)]
    if parameter.type == "boolean":
        return [("true", view.gettext("yes")), ("false", view.gettext("no"))]
    if parameter.type != "iri" or parameter.class_iri is None:
        return []
    reading = view.reading
    members = set(reading.subjects("rdf:type", parameter.class_iri))
    members |= set(reading.subjects("skos:inScheme", parameter.class_iri))
    if not 0 < len(members) <= MOST_CHOICES:
        return []
    choices = {view.short(iri): view.label(iri) for iri in view.by_label(members)}
    extra = [] if not value or value in choices else [(value, value)]
    return [*extra, *choices.items()]


def sparql_page(view: View, text: str = "", result: Result | None = None, error: str = "") -> str:
    """Return the page with a form for SPARQL as HTML, and an answer where there is one."""
    return view.render(
        "sparql",
        view.gettext("Ask in SPARQL"),
        text=text or _EXAMPLE,
        prefixes=[(name, PREFIXES[name]) for name in sorted(PREFIXES)],
        folders=_folders(view),
        result=result,
        most_rows=MOST_ROWS,
        error=error,
        mistake=_mistake(text, error),
        action=view.links.endpoint or f"{view.links.root}sparql",
        places=[*view.reading.paths.folders.items(), (BASE, "")],
        editor_texts=json.dumps(texts_of_page("editor", view.language), ensure_ascii=False),
        editor=bool((view.links.live or view.links.endpoint) and editor_files()),
    )


def _mistake(text: str, error: str) -> tuple[str, str, str] | None:
    """Return the line of a query that an error names, up to its place, at it and after it."""
    place = _PLACE.search(error)
    lines = text.splitlines()
    if place is None or not 0 < int(place[1]) <= len(lines):
        return None
    line, at = lines[int(place[1]) - 1], max(int(place[2]) - 1, 0)
    return line[:at], line[at : at + 1], line[at + 1 :]
