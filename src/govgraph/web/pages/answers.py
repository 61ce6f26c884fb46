"""Pages of the rows of stored queries: cases, actors, years in a picture, goals, conflicts."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from govgraph.texts import N_, fitting
from govgraph.vocabulary import GG
from govgraph.web.pages.reading import natural
from govgraph.web.pages.rendering import Row, View, distinct, grouped_by, text_of

_MARGIN: Final = 3  # per cent of the width, at either end
_ROW: Final = 12  # pixels for a mark
_LINE: Final = 26  # pixels of the name of a row
_STEP: Final = 5  # years
_SHAPES: Final = {
    "instrument": Markup('<circle r="4.5"/>'),
    "partnership": Markup('<path d="M-4-4H4V4H-4Z"/>'),
    "organisation": Markup('<path d="M0-5 5 4H-5Z"/>'),
    "event": Markup('<path d="M0-5.5 5.5 0 0 5.5-5.5 0Z"/>'),
}
"""The shape of the mark of each kind of thing, so that it can be told in print as well."""


Dot = tuple[int, str, str]
"""The year of a thing, what it is called, and the kind that gives its mark shape and colour."""
_ACTOR_KINDS: Final = {
    "Organisation": N_("Organisations"),
    "Person": N_("Persons"),
    "ActorKind": N_("Kinds of actor, named without a name"),
}
_STATED: Final = {
    N_("Arrangements that contribute to it"): ("Arrangement",),
    N_("Arrangements, bodies and events that concern it"): ("Arrangement", "Actor", "Event"),
    N_("Numbers that concern it"): ("Observation", "CubeObservation", "StatisticalDataset"),
    N_("Findings that concern it"): ("Finding",),
    N_("What else concerns it"): (),
}
"""What can be said with an alignment -> the classes of what it is said of, the last of any."""
_VERDICTS: Final = ("does-not-hold", "cannot-be-recomputed", "holds-truncated", "holds")
_KINDS: Final = ("Instrument", "Partnership", "Organisation", "Event")
_NOT_DRAWN: Final = frozenset(f"{GG}{name}" for name in ("endYear", "earliestYear", "latestYear"))
"""Years that are the end of something, or a bound of a year that nobody gives."""


def timeline(rows: Mapping[str, list[Dot]], title: str) -> Markup:
    """Return a drawing of years for each row, at every width: a mark stands at its year exactly.

    What shares a year is stacked; the shape of a mark tells its kind.
    """
    dated = [year for dots in rows.values() for year, *_ in dots]
    if not dated:
        return Markup("")
    first = min(dated) // _STEP * _STEP
    last = -(-max(dated) // _STEP) * _STEP

    def x_of(year: int) -> str:
        return f"{_MARGIN + (100 - 2 * _MARGIN) * (year - first) / max(1, last - first):.2f}%"

    years = range(first, last + 1, _STEP)
    tick = Markup('<text x="{}" y="12"{}>{}</text>').format
    ticks = (tick(x_of(y), Markup(' class="five"') if y % 10 else "", y) for y in years)
    axis = Markup('<svg class="axis" height="16" aria-hidden="true">{}</svg>').format(
        Markup("").join(ticks)
    )
    line = Markup('<line class="grid" x1="{0}" x2="{0}" y1="0" y2="100%"/>').format
    grid = Markup("").join(line(x_of(year)) for year in years)
    lanes = Markup("").join(_lane(row, dots, grid, x_of) for row, dots in rows.items())
    whole = '<div class="lanes" role="group" aria-label="{}"><div></div>{}{}<div></div>{}</div>'
    return Markup(whole).format(title, axis, lanes, axis)


def _lane(row: str, dots: list[Dot], grid: Markup, x_of: Callable[[int], str]) -> Markup:
    """Return the name of a row and the drawing of its marks, those of a year one above another."""
    most = max(Counter(year for year, *_ in dots).values(), default=1)
    height = max(_ROW * most + _ROW // 2, _LINE)
    stacked: Counter[int] = Counter()
    mark = '<svg class="mark {}" x="{}" y="{}" width="1" height="1"><title>{}</title>{}</svg>'
    marks = []
    for year, title, kind in dots:
        y = height - _ROW * (stacked[year] + 0.75)
        stacked[year] += 1
        told = f"{year}: {title}"
        marks.append(Markup(mark).format(kind, x_of(year), y, told, _SHAPES[kind]))
    drawing = (
        '<div class="name">{0}</div><svg class="draw" height="{1}" role="img" aria-label="{2}">'
        "{3}{4}</svg>"
    )
    told = "; ".join(f"{year} {title}" for year, title, _ in dots)
    return Markup(drawing).format(row, height, f"{row}: {told}", grid, Markup("").join(marks))


def conflicts(view: View) -> str:
    """Return the page of conflicts as HTML, by kind.

    From the stored queries `conflicts`, and `conflicting-values` for what each passage says.
    """
    conflicts = view.rows("conflicts")
    sides = grouped_by(view.rows("conflicting-values"), "conflict")
    by_kind = grouped_by(conflicts, "kind")
    kinds = {
        kind: [
            _dispute(view, iri, sides.get((iri,), []))
            for iri in view.by_label(distinct(by_kind[kind,], "conflict"))
        ]
        for kind in view.by_label(distinct(conflicts, "kind"))
    }
    return view.render("conflicts", view.gettext("Conflicts"), kinds=kinds.items())


def _dispute(view: View, iri: str, sides: list[Row]) -> dict[str, Any]:
    """Return what is shown of a conflict: its passages, each with what it says."""
    reading = view.reading
    by_passage = sorted(grouped_by(sides, "passage").items(), key=lambda side: natural(*side[0]))
    return {
        "iri": iri,
        "note": view.text(iri, "rdfs:comment"),
        "subjects": reading.iris(iri, "conflictSubject"),
        "properties": reading.iris(iri, "conflictProperty"),
        "status": reading.iris(iri, "conflictStatus"),
        "sides": [
            (passage, [(text_of(row, "value"), text_of(row, "readAs")) for row in rows])
            for (passage,), rows in by_passage
        ],
        "decisions": reading.subjects("decides", iri),
    }


def goals(view: View) -> str:
    """Return the page of goals and targets as HTML."""
    reading, aligned = view.reading, alignments(view)
    goals = []
    for goal in reading.instances("sdgo:Goal"):
        targets = [goal, *reading.subjects("sdgo:isTargetOf", goal)]
        counts = {target: len(aligned.get(target, [])) for target in targets}
        if rows := most_first(lambda iri: view.link(iri, view.called(iri)), counts):
            goals.append((goal, rows))
    return view.render("goals", view.gettext("Goals and targets"), goals=goals)


def alignments(view: View) -> dict[str, list[dict[str, Any]]]:
    """Return what is aligned with each goal and target, from the stored query `sdg-alignments`.

    Each thing comes with its bases and the passages it rests on, in the order of their labels.
    """
    targets = [*view.reading.instances("sdgo:Goal"), *view.reading.instances("sdgo:Target")]
    rows = view.rows("sdg-alignments", target=targets) if targets else []
    aligned: dict[str, list[dict[str, Any]]] = {}
    for (target, thing), statements in grouped_by(rows, "target", "thing").items():
        aligned.setdefault(target, []).append(
            {
                "iri": thing,
                "bases": distinct(statements, "ground"),
                "passages": sorted(distinct(statements, "passage"), key=natural),
            }
        )
    for things in aligned.values():
        things.sort(key=lambda thing: (natural(view.label(thing["iri"])), thing["iri"]))
    return aligned


def by_statement(view: View, things: list[dict[str, Any]]) -> list[tuple[str, list[Any]]]:
    """Return what is aligned with a goal or target by what is said with it, each with a heading.

    An arrangement contributes to a goal that its passage names or says in other words; all else
    concerns it.
    """
    groups: dict[str, list[dict[str, Any]]] = {heading: [] for heading in _STATED}
    for thing in things:
        iri, topical = thing["iri"], thing["bases"] == [view.graph.names.by_id("basis/topical")]
        for heading, kinds in _STATED.items():
            of_kind = not kinds or any(iri in view.reading.instances(kind) for kind in kinds)
            if of_kind and not (topical and kinds == ("Arrangement",)):
                groups[heading].append(thing)
                break
    return [(view.gettext(heading), group) for heading, group in groups.items() if group]


class Dated(NamedTuple):
    """A year that passages give to a thing; `kind` is one of the classes a dot is coloured by."""

    year: int
    how: str
    thing: str
    kind: str
    cases: list[str]
    passages: list[str]


def dated_things(view: View) -> list[Dated]:
    """Return every year given to an arrangement, a body or an event, in order.

    From the stored query `timeline`: its rows of one year, property and thing are one of these.
    """
    kinds = {iri: kind for kind in reversed(_KINDS) for iri in view.reading.instances(kind)}
    dated = [
        Dated(
            int(year), how, thing, kinds.get(thing, ""),
            distinct(rows, "ofCase"), sorted(distinct(rows, "passage"), key=natural),
        )
        for (year, how, thing), rows in grouped_by(
            view.rows("timeline"), "year", "property", "thing"
        ).items()
    ]  # fmt: skip
    return sorted(dated, key=lambda item: (item.year, natural(view.label(item.thing)), item.how))


def timeline_of(view: View, dated: list[Dated]) -> Markup:
    """Return the timeline as a picture: a line for each case, a dot for each beginning."""
    begun = [item for item in dated if item.kind and item.how not in _NOT_DRAWN]
    rows: dict[str, list[Dot]] = {}
    for case in [*view.by_label({case for item in begun for case in item.cases}), ""]:
        of_case = [item for item in begun if case in (item.cases or [""])]
        dots = [(item.year, view.label(item.thing), item.kind.lower()) for item in of_case]
        rows |= {view.label(case) if case else view.gettext("no case"): dots} if dots else {}
    return timeline(rows, view.gettext("What began when, by case"))


def instruments(view: View) -> str:
    """Return the page of instruments as HTML."""
    dated = dated_things(view)
    undated = set(view.reading.instances("Arrangement")) - {item.thing for item in dated}
    return view.render(
        "instruments",
        view.gettext("Instruments on a timeline"),
        dated=dated,
        picture=timeline_of(view, dated),
        undated=view.by_label(undated),
    )


def most_first(named: Callable[[str], Markup], counts: dict[str, int]) -> list[tuple[Markup, int]]:
    """Return names of things with how many there are of each, but of what there is none of."""
    pairs = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(named(iri), count) for iri, count in pairs if count]


def cases(view: View) -> str:
    """Return the list of cases as HTML."""
    return view.render("cases", view.gettext("Cases"), cards=list(case_cards(view).values()))


def case_cards(view: View) -> dict[str, dict[str, Any]]:
    """Return what belongs to each case, from the stored queries `cases` and `parts-of-cases`."""
    return view.reading.once(("cases", view.language), lambda: _case_cards(view))


def _case_cards(view: View) -> dict[str, dict[str, Any]]:
    passages = {text_of(row, "case"): text_of(row, "passages") for row in view.rows("cases")}
    works = grouped_by(view.rows("works-of-cases"), "case")
    parts = grouped_by(view.rows("parts-of-cases"), "case", "kind")
    dated = dated_things(view)
    cards: dict[str, dict[str, Any]] = {
        case: {
            "iri": case,
            "passages": passages[case],
            "dated": [item for item in dated if case in item.cases],
            "works": distinct(works.get((case,), []), "work"),
            **{
                kind: view.by_label(distinct(parts.get((case, f"{GG}{kind}"), []), "part"))
                for kind in ("Arrangement", "Actor", "Finding", "Conflict")
            },
        }
        for case in view.by_label(passages)
    }
    for card in cards.values():
        sectors: dict[str, list[str]] = {}
        for actor in card["Actor"]:
            for sector in view.reading.iris(actor, "sector") or [""]:
                sectors.setdefault(sector, []).append(actor)
        named = view.by_label(sectors.keys() - {""})
        card["sectors"] = {name: sectors[name] for name in (*named, "") if name in sectors}
    return cards


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
    return view.render("actors", view.gettext("Actors"), groups=groups)


def claims(view: View) -> str:
    """Return the study's derived claims as HTML, recomputed from its facts: first what fails."""
    expand, reading = view.graph.names.expand, view.reading
    by_verdict: dict[str, list[tuple[Any, str]]] = {verdict: [] for verdict in _VERDICTS}
    checks = view.graph.claims()
    for check in sorted(checks, key=lambda each: (natural(each.passage), each.claim, each.of)):
        own = check.printed in reading.texts(expand(check.claim), "rdfs:label")
        by_verdict[check.verdict].append((check, "" if own else check.printed))
    unchecked = set(reading.instances("DerivedClaim")) - {expand(check.claim) for check in checks}
    return view.render(
        "claims",
        view.gettext("Claims with verdicts"),
        by_verdict=by_verdict,
        expand=expand,
        unchecked=view.by_label(unchecked),
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
