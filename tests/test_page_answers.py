"""Every page shows the rows of the stored query of its question: none more, none less."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from govgraph.vocabulary import BASE, GG, SDG
from govgraph.web.pages import PAGES, render_page, resource_page
from govgraph.web.pages.rendering import view_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from govgraph import KnowledgeGraph

Row = dict[str, str]


@pytest.fixture(scope="module")
def pages(kg: KnowledgeGraph) -> dict[str, Element]:
    from html5rdf import HTMLParser

    parser = HTMLParser(namespaceHTMLElements=False)
    return {name: parser.parse(render_page(name, kg)) for name in PAGES}


@pytest.fixture(scope="module")
def ask(kg: KnowledgeGraph) -> Callable[..., list[Row]]:
    def answer(slug: str, **parameters: Any) -> list[Row]:
        result = kg.query(slug, **parameters)
        return [
            {
                name: getattr(term, "value", "")
                for name, term in zip(result.columns, row, strict=True)
            }
            for row in result.rows
        ]

    return answer


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def targets(element: Element) -> list[str]:
    """Return the addresses that links lead to."""
    return [link.get("href", "") for link in element.iter("a")]


@pytest.fixture(scope="module")
def address(kg: KnowledgeGraph) -> Callable[[str], str]:
    return view_of(kg, "en").href


def section(page: Element, heading: str) -> Element:
    return next(part for part in page.iter("section") if part.get("aria-labelledby") == heading)


def table_rows(part: Element) -> Iterator[list[Element]]:
    for body in part.iter("tbody"):
        for row in body.iter("tr"):
            yield [cell for cell in row if cell.tag in {"td", "th"}]


def shown(pages: dict[str, Element], name: str, heading: str) -> list[list[Element]]:
    return list(table_rows(section(pages[name], heading)))


def test_instruments_and_timeline(
    kg: KnowledgeGraph,
    address: Callable[[str], str],
    pages: dict[str, Element],
    ask: Callable[..., list[Row]],
) -> None:
    rows = ask("timeline")
    dated = shown(pages, "instruments", "dated")
    expected = {(row["year"], address(row["thing"]), address(row["passage"])) for row in rows}
    assert expected == {
        (text(cells[0]), targets(cells[1])[0], passage)
        for cells in dated
        for passage in targets(cells[4])
    }
    assert len(dated) == len({(row["year"], row["property"], row["thing"]) for row in rows})
    assert len({(row["year"], row["thing"]) for row in rows}) == 80
    counted = {row[0].value for row in kg.query("SELECT ?s { ?s a gg:Collection }").rows}
    drawn = {
        f"{row['year']}: {row['name']}"
        for row in rows
        if row["property"].rpartition("#")[2] not in {"endYear", "earliestYear", "latestYear"}
        if row["thing"] not in counted  # in that year, and did not begin in it
    }
    dots = pages["instruments"].iter("{http://www.w3.org/2000/svg}title")
    assert {text(title) for title in dots} == drawn
    assert any(not row["ofCase"] for row in rows)
    cases = {(address(row["thing"]), address(row["ofCase"])) for row in rows if row["ofCase"]}
    assert cases == {(targets(cells[1])[0], case) for cells in dated for case in targets(cells[3])}


def test_cases_and_their_numbers(
    kg: KnowledgeGraph,
    address: Callable[[str], str],
    pages: dict[str, Element],
    ask: Callable[..., list[Row]],
) -> None:
    table = next(pages["cases"].iter("table"))
    numbers = {text(cells[0]): [text(cell) for cell in cells[1:]] for cells in table_rows(table)}
    parts = ask("parts-of-cases")
    assert numbers == {
        row["name"]: [
            row["arrangements"],
            row["actors"],
            str(sum(p["case"] == row["case"] and p["kind"] == f"{GG}Finding" for p in parts)),
            row["passages"],
            str(sum(p["case"] == row["case"] and p["kind"] == f"{GG}Conflict" for p in parts)),
        ]
        for row in ask("cases")
    }
    for row in ask("cases"):
        card = resource_page(kg, row["case"]).partition('id="said"')[0]
        for part in parts:
            if part["case"] == row["case"]:
                assert f'href="{address(part["part"])}"' in card


def test_a_case_has_its_years_and_its_actors_by_sector(
    kg: KnowledgeGraph, address: Callable[[str], str], ask: Callable[..., list[Row]]
) -> None:
    from html5rdf import HTMLParser

    timeline = ask("timeline")
    for case in {row["ofCase"] for row in timeline if row["ofCase"]}:
        page = HTMLParser(namespaceHTMLElements=False).parse(resource_page(kg, case))
        rows = table_rows(next(page.iter("table")))
        assert {(text(row[0]), targets(row[1])[0]) for row in rows} == {
            (row["year"], address(row["thing"])) for row in timeline if row["ofCase"] == case
        }
    belgium = next(row["case"] for row in ask("cases") if row["name"] == "Belgium")
    page = HTMLParser(namespaceHTMLElements=False).parse(resource_page(kg, belgium))
    by_sector = next(page.iter("dl"))
    names = [text(term) for term in by_sector.iter("dt")]
    assert names == [*sorted(names[:-1]), "no sector"]
    shown_actors = {link for part in by_sector.iter("dd") for link in targets(part)}
    parts = ask("parts-of-cases")
    actors = {p["part"] for p in parts if p["case"] == belgium and p["kind"] == f"{GG}Actor"}
    assert shown_actors == {address(actor) for actor in actors}


def test_actors(
    address: Callable[[str], str], pages: dict[str, Element], ask: Callable[..., list[Row]]
) -> None:
    rows = ask("actors")
    for kind in ("Organisation", "Person", "ActorKind"):
        own = [row for row in rows if row["kind"] == f"{GG}{kind}"]
        listed = shown(pages, "actors", f"g-{kind}")
        assert len(listed) == len({row["actor"] for row in own})
        for column, name in ((1, "sector"), (2, "arrangement")):
            assert {(address(row["actor"]), address(row[name])) for row in own if row[name]} == {
                (targets(cells[0])[0], target)
                for cells in listed
                for target in targets(cells[column])
            }
    sectors = {row["sector"] for row in ask("sectors-at-a-glance")}
    expected = {row["actor"] for row in ask("actors-by-sector", sector=sorted(sectors))}
    of_actors = {row["actor"] for row in rows if row["sector"] and row["kind"] != f"{GG}ActorKind"}
    assert of_actors <= expected
    assert all("/collection/" in actor for actor in expected - of_actors), "counted, not named"


def test_the_start_counts_as_the_queries_do(
    address: Callable[[str], str], pages: dict[str, Element], ask: Callable[..., list[Row]]
) -> None:
    bars = {
        heading: {
            targets(row)[0]: text(row.findall("td")[0])
            for row in section(pages["index"], heading).iter("tr")
        }
        for heading in ("sectors", "targets")
    }
    sectors = ask("sectors-at-a-glance")
    counts = {address(row["sector"]): row["actors"] for row in sectors if row["actors"] != "0"}
    assert bars["sectors"] == counts
    things = {address(row["target"]): row["things"] for row in ask("sdg-targets")}
    listed = {target: count for target, count in bars["targets"].items() if target in things}
    assert listed == {target: things[target] for target in listed}
    assert len(listed) >= 5


def test_goals_and_alignments(
    address: Callable[[str], str],
    pages: dict[str, Element],
    ask: Callable[..., list[Row]],
    kg: KnowledgeGraph,
) -> None:
    from html5rdf import HTMLParser

    every = [row["target"] for row in ask("sdg-targets")] + [f"{SDG}16", f"{SDG}17"]
    rows = ask("sdg-alignments", target=every)
    counts = {targets(row)[0]: int(text(row.findall("td")[0])) for row in pages["goals"].iter("tr")}
    expected = {row["target"]: set[tuple[str, ...]]() for row in rows}
    for row in rows:
        alignment = (row["thing"], row["ground"], row["passage"])
        expected[row["target"]].add(tuple(map(address, alignment)))
    assert len(rows) > 100
    assert counts == {
        address(target): len({thing for thing, *_ in things}) for target, things in expected.items()
    }
    for target, things in expected.items():
        page = HTMLParser(namespaceHTMLElements=False).parse(resource_page(kg, target))
        shown_things = {
            (targets(cells[0])[0], basis, passage)
            for cells in table_rows(page)
            for basis in targets(cells[1])
            for passage in targets(cells[2])
        }
        assert shown_things == things


def test_conflicts_and_their_values(
    address: Callable[[str], str], pages: dict[str, Element], ask: Callable[..., list[Row]]
) -> None:
    conflicts = ask("conflicts")
    articles = {
        targets(article)[0]: article
        for article in pages["conflicts"].iter("article")
        if article.get("class") == "dispute"
    }
    assert set(articles) == {address(row["conflict"]) for row in conflicts}
    assert text(section(pages["conflicts"], "date"))
    held = {
        (conflict, targets(side)[0], value.tag, text(value))
        for conflict, article in articles.items()
        for side in article.iter("div")
        if side.get("class") == "side"
        for value in (*side.iter("q"), *side.iter("strong"))
    }
    assert held == {
        (address(row["conflict"]), address(row["passage"]), tag, row[column])
        for row in ask("conflicting-values")
        for tag, column in (("q", "value"), ("strong", "readAs"))
        if row.get(column)
    }


def test_claims(
    address: Callable[[str], str], pages: dict[str, Element], kg: KnowledgeGraph
) -> None:
    checks = sorted(
        (address(kg.names.expand(check.claim)), address(kg.names.expand(check.of)), check.computed)
        for check in kg.claims()
    )
    rows = list(table_rows(pages["claims"]))
    assert checks == sorted((targets(row[0])[0], targets(row[1])[0], text(row[3])) for row in rows)
    headings = [part.get("aria-labelledby") for part in pages["claims"].iter("section")]
    assert headings == ["does-not-hold", "cannot-be-recomputed", "holds-truncated", "holds"]
    first = {text(row[3]): text(row[2]) for row in shown(pages, "claims", "does-not-hold")}
    assert first["18"] == "19", "what is printed, and what the graph says instead"
    assert first["1979"] == "", "its sentence is its name already"


def test_passages_and_works_have_lists(
    pages: dict[str, Element],
    address: Callable[[str], str],
    ask: Callable[..., list[Row]],
    kg: KnowledgeGraph,
) -> None:
    counted = {text(link): link.get("href") for link in pages["index"].iter("a")}
    passages = ask("passages")
    assert counted[f"{len(passages)} passages"] == "/en/query/passages.html"
    assert counted[f"{len(ask('works')) - 1} works cited"] == "/en/query/works-of-cases.html"
    listed = resource_page(kg, f"{BASE}query/passages")
    assert all(f'href="{address(row["passage"])}"' in listed for row in passages)
    for row in ask("works-of-cases"):
        assert f'href="{address(row["work"])}"' in resource_page(kg, row["case"])
