"""The pages of the navigation by name, and those that are little more than the rows of a query."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from govgraph.errors import UsageError, did_you_mean
from govgraph.queries.asking import VERDICTS
from govgraph.texts import N_, fitting
from govgraph.vocabulary import GG
from govgraph.web.graph import PublishedGraph
from govgraph.web.pages import conflicts, goals, instruments, networks, ontology, queries
from govgraph.web.pages.links import Links
from govgraph.web.pages.pictures import bar
from govgraph.web.pages.reading import natural
from govgraph.web.pages.rendering import View, distinct, grouped_by, text_of, view_of

_ACTOR_KINDS: Final = {
    "Organisation": N_("Organisations"),
    "Person": N_("Persons"),
    "ActorKind": N_("Kinds of actor, named without a name"),
}
_MOST_INVOLVED: Final = 12

_COUNTED: Final = {
    "Case": "cases", "Actor": "actors", "Arrangement": "instruments", "Participation": "actors",
    "Finding": "cases", "Passage": "queries", "Work": "queries", "Conflict": "conflicts",
}  # fmt: skip
"""What the first page counts, and the page that has it."""


def start(view: View) -> str:
    """Return the first page as HTML: what is in the graph, at a glance."""
    documents = [view.graph.names.expand(id_) for id_ in view.study.documents]
    number = {
        kind: len(set(view.reading.instances(kind)).difference(documents)) for kind in _COUNTED
    }
    titles = {
        "Case": view.ngettext("case", "cases", number["Case"]),
        "Actor": view.ngettext("actor or group", "actors and groups", number["Actor"]),
        "Arrangement": view.ngettext(
            "partnership or instrument", "partnerships and instruments", number["Arrangement"]
        ),
        "Participation": view.ngettext("participation", "participations", number["Participation"]),
        "Finding": view.ngettext("finding", "findings", number["Finding"]),
        "Passage": view.ngettext("passage", "passages", number["Passage"]),
        "Work": view.ngettext("work cited", "works cited", number["Work"]),
        "Conflict": view.ngettext("conflict", "conflicts", number["Conflict"]),
    }
    rows = view.rows("sectors-at-a-glance")
    sectors = {text_of(row, "sector"): int(text_of(row, "actors")) for row in rows}
    return view.render(
        "index",
        view.told_by_study(view.study.title).striptags() or view.brand,
        statements=len(view.graph),
        counts=[
            (number[kind], titles[kind], view.links.page(page) if page in view.sections else "")
            for kind, page in _COUNTED.items()
            if number[kind]
        ],
        citation=view.citation(),
        documents=documents,
        cases=view.by_label(view.reading.instances("Case")),
        sectors=_most_first(sectors),
        targets=_most_first({iri: len(things) for iri, things in goals.alignments(view).items()}),
        picture=instruments.picture(view, instruments.dated_things(view)),
        network=networks.small_picture(view, "actors"),
        queries=len(view.reading.queries),
        bar=bar,
    )


def _most_first(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Return things with how many there are of each, without those of which there is none."""
    pairs = [(iri, count) for iri, count in counts.items() if count]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def cases(view: View) -> str:
    """Return the list of cases as HTML, from the stored queries `cases` and `parts-of-cases`."""
    passages = {text_of(row, "case"): text_of(row, "passages") for row in view.rows("cases")}
    parts = grouped_by(view.rows("parts-of-cases"), "case", "kind")
    cards = [
        {
            "iri": case,
            "passages": passages[case],
            **{
                kind: view.by_label(distinct(parts.get((case, f"{GG}{kind}"), []), "part"))
                for kind in ("Arrangement", "Actor", "Finding", "Conflict")
            },
        }
        for case in view.by_label(passages)
    ]
    return view.render("cases", view.gettext("Cases"), cards=cards)


def comparison(view: View) -> str:
    """Return the comparison of the cases as HTML: features down, cases across."""
    compared, names = view.graph.compare(lang=view.language), view.graph.names
    features: dict[str, list[tuple[str, list[tuple[str, list[str]]]]]] = {}
    for column in compared.columns:
        cells = [compared.cells[case.id, column.name] for case in compared.cases]
        states = [
            (cell.state.value, [names.expand(passage) for passage in cell.passages])
            for cell in cells
        ]
        features.setdefault(column.feature_label, []).append((column.label, states))
    return view.render(
        "comparison",
        view.gettext("Comparison of the cases"),
        cases=[names.expand(case.id) for case in compared.cases],
        features=features,
    )


def actors(view: View) -> str:
    """Return the page of actors as HTML: their sectors, and what they take part in, by kind."""
    rows = grouped_by(view.rows("actors"), "kind", "actor")
    groups: list[tuple[str, str, list[tuple[str, list[str], list[str]]]]] = []
    for name, heading in _ACTOR_KINDS.items():
        iris = view.by_label(actor for kind, actor in rows if kind == f"{GG}{name}")
        own = [(actor, rows[f"{GG}{name}", actor]) for actor in iris]
        entries = [(actor, distinct(r, "sector"), distinct(r, "arrangement")) for actor, r in own]
        groups.append((name, view.gettext(heading), entries))
    involved = _most_first({actor: len(p) for *_, entries in groups for actor, _, p in entries})
    most = involved[0][1] if involved else 1
    return view.render(
        "actors",
        view.gettext("Actors"),
        groups=groups,
        involved=[(iri, count, bar(count, most)) for iri, count in involved[:_MOST_INVOLVED]],
    )


def claims(view: View) -> str:
    """Return the study's derived claims as HTML, recomputed from its facts, with verdicts."""
    checks = sorted(
        view.graph.claims(), key=lambda check: (natural(check.passage), check.claim, check.of)
    )
    counts = Counter(check.verdict for check in checks)
    expand = view.graph.names.expand
    checked = {expand(check.claim) for check in checks}
    return view.render(
        "claims",
        view.gettext("Claims with verdicts"),
        checks=checks,
        expand=expand,
        counts=[(verdict, counts[verdict]) for verdict in VERDICTS],
        unchecked=view.by_label(set(view.reading.instances("DerivedClaim")) - checked),
    )


def validation(view: View) -> str:
    """Return the validation report as HTML: whether the graph keeps the shapes, and where not."""
    report, names = view.graph.validate(), view.graph.names
    rows: list[tuple[Any, str, str]] = [
        (
            row,
            names.expand(row.focus) if names.is_name(row.focus) else "",
            view.said(*fitting({"en": row.message, "es": row.message_es}, view.language)),
        )
        for row in report.results
    ]
    return view.render(
        "validation",
        view.gettext("Validation report"),
        conforms=report.conforms,
        rows=rows,
        statements=len(view.graph),
    )


PAGES: Final[dict[str, Callable[[View], str]]] = {
    "index": start,
    "cases": cases,
    "comparison": comparison,
    "actors": actors,
    "instruments": instruments.render,
    "goals": goals.render,
    "networks": networks.render,
    "conflicts": conflicts.render,
    "claims": claims,
    "queries": queries.render,
    "sparql": queries.sparql_page,
    "ontology": ontology.render,
    "validation": validation,
}
"""Name of each page, as in its address, and what makes it."""


def render_page(
    name: str, graph: PublishedGraph, language: str = "en", links: Links | None = None
) -> str:
    """Return a page of the navigation as HTML.

    Raises UsageError for a page there is none of.
    """
    view = view_of(graph, language, links)
    if name not in view.sections:
        raise UsageError(f"There is no page {name!r}.{did_you_mean(name, view.sections)}")
    return PAGES[name](view)


def missing_page(view: View, path: str = "index", *, every_language: bool = False) -> str:
    """Return the page for an address at which there is nothing, with the way back.

    `path` is that of the page in other languages that it links to. `every_language` has it say
    so in all of them, for hosts that know one such page only.
    """
    others = view.other_languages if every_language else []
    views = [view, *(View(view.reading, view.links.within(language)) for language in others)]
    parts = [
        (
            part,
            part.gettext("There is no such page"),
            part.gettext("The address may be mistyped, or the thing may not be in the graph."),
        )
        for part in views
    ]
    return view.render("missing", parts[0][1], path=path, section="", views=parts)
