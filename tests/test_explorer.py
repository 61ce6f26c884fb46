"""The page of a network: what is in it, and what a reader can do with it in a real browser."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

import browsers
from govgraph import resources
from govgraph.errors import UsageError
from govgraph.network.files import explorer
from govgraph.network.files.explorer import page_data, write_html

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

    from govgraph import KnowledgeGraph

EVIL = '</script><script>document.title="caught"</script><img src="https://example.org/x.png">'


def invented() -> nx.Graph:
    """Return five actors of three sectors, tied from 1990, 2000 and 2010 on, and without years."""
    graph = nx.Graph(name="invented", title="Invented <town>", lang="en", description="Who meets?")
    graph.add_node(
        "actor/town",
        label="Town hall",
        sector="government",
        kind="LocalAuthority",
        passages=["passage/1/1"],
        louvain=1,
        start=1980,
    )
    graph.add_node(
        "actor/pólis", label="Policía de Ávila", sector="police", kind="PoliceForce", louvain=1
    )
    graph.add_node("actor/firm", label="Firm & Sons", sector="private", kind="Company", louvain=2)
    graph.add_node("actor/evil", label=EVIL, kind="Company", louvain=2)
    graph.add_node("actor/both", label="公私合作", sector="private + society", kind="Company")
    graph.add_edge(
        "actor/town",
        "actor/pólis",
        weight=3,
        kind="council",
        start=1990,
        end=1995,
        passages=["passage/2/1", "passage/2/2"],
        shared=["partnership/council"],
    )
    graph.add_edge(
        "actor/town", "actor/firm", weight=1, kind="contract", start=2000, passages=["passage/3/1"]
    )
    graph.add_edge("actor/firm", "actor/evil", weight=1, kind="contract", start=2010, end=2012)
    graph.add_edge("actor/firm", "actor/both", weight=2, kind="council")
    return graph  # fmt: skip


def page(graph: nx.Graph) -> str:
    stream = io.BytesIO()
    write_html(graph, stream)
    return stream.getvalue().decode()


# ------------------------------------------------------------------------------ the data


def test_page_holds_nodes_edges_years_and_colours() -> None:
    data = page_data(invented())
    town, police = data["nodes"][:2]
    assert (town["id"], town["label"], town["sector"]) == ("actor/town", "Town hall", "government")
    assert (town["community"], town["spells"]) == (1, [[1980, None]])
    assert "community" not in data["nodes"][4]
    assert town["size"] > police["size"]
    tie = data["edges"][0]
    assert (data["nodes"][tie["source"]]["id"], data["nodes"][tie["target"]]["id"]) == (
        "actor/town",
        "actor/pólis",
    )
    assert (tie["weight"], tie["spells"], tie["shared"]) == (
        3,
        [[1990, 1995]],
        ["partnership/council"],
    )
    assert tie["passages"] == ["passage/2/1", "passage/2/2"]
    assert "spells" not in data["edges"][3]
    assert data["years"] == [1980, 2012]
    assert data["colours"]["sector"]["police"] == "#332288"
    assert data["colourBy"] == "sector"


def test_values_that_json_cannot_hold() -> None:
    graph = nx.Graph()
    graph.add_node("a", betweenness=float("nan"), open=True)
    graph.add_node("b", betweenness=0.5)
    graph.add_edge("a", "b", weight=float("inf"))
    data = page_data(graph)
    assert "betweenness" not in data["nodes"][0].get("measures", {})
    assert data["nodes"][0]["facts"] == [["open", "✓"]]
    assert "weight" not in data["edges"][0]
    assert data["years"] is None
    json.dumps(data, allow_nan=False)


@pytest.mark.parametrize("size", [0, 1, 2])
def test_small_networks(size: int) -> None:
    assert len(page_data(nx.path_graph(size))["nodes"]) == size


def test_study_words_are_in_the_language_asked_for(kg: KnowledgeGraph) -> None:
    words = page_data(kg.network("actors", lang="es"))["words"]
    assert words["local-government"] == "Gobierno local"
    assert words["founder"] == "Fundador"


def test_page_without_its_code_says_what_builds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "__file__", "/nowhere/govgraph/resources.py")
    explorer._part.cache_clear()
    try:
        with pytest.raises(UsageError, match=r"run `make explorer`.*apt-get install nodejs npm"):
            page(invented())
    finally:
        explorer._part.cache_clear()


# ------------------------------------------------------------------------------ the file


@pytest.mark.browser
def test_page_is_one_file_that_refers_to_no_other() -> None:
    text = page(invented())
    assert text == page(invented())
    head = text[: text.index("<style>")]
    assert "default-src 'none'" in head
    assert "unsafe" not in head
    assert not re.search(r"<(?:link|img|iframe|script[^>]*\ssrc)\b", text)
    assert "@import" not in text
    assert "url(" not in text[text.index("<style>") : text.index("</style>")]
    assert text.count("<script") == 2
    assert "<title>Invented &lt;town&gt;</title>" in text
    data = text[text.index('id="data">') + len('id="data">') : text.index("</script>")]
    assert json.loads(data)["nodes"][3]["label"] == EVIL


@pytest.mark.browser
def test_page_carries_the_licences_of_what_is_in_it() -> None:
    text = page(invented())
    for name in ("sigma 3", "graphology 0", "events 3"):
        assert re.search(rf"^{re.escape(name)}\S*$", text, re.MULTILINE), name
    assert text.count("Permission is hereby granted, free of charge") >= 3


def test_lock_file_pins_everything_and_names_no_registry() -> None:
    lock = json.loads((Path(__file__).parents[1] / "web/explorer/package-lock.json").read_text())
    packages = {name: data for name, data in lock["packages"].items() if name}
    assert {"node_modules/sigma", "node_modules/graphology"} <= packages.keys()
    assert all(data["integrity"].startswith("sha512-") for data in packages.values())
    assert not any("resolved" in data for data in packages.values())


# ------------------------------------------------------------------------------ the browser


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with browsers.chromium() as started:
        yield started


@pytest.fixture
def opened(driver: Chrome, tmp_path: Path) -> Chrome:
    """Return the browser with the invented network open."""
    path = tmp_path / "invented.html"
    path.write_text(page(invented()), encoding="utf-8")
    browsers.open_page(driver, path)
    return driver


def find(driver: Chrome, selector: str) -> Any:
    return driver.find_element("css selector", selector)


def text_of(driver: Chrome, selector: str) -> str:
    return " ".join(find(driver, selector).text.split())


def wait(condition: Callable[[], bool], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "what was waited for did not come"
        time.sleep(0.05)


def drawn(driver: Chrome) -> tuple[list[int], list[int]]:
    """Return the nodes and edges that are drawn, as the drawing itself has them."""
    found: tuple[list[int], list[int]] = driver.execute_script(
        """const {data, view} = govgraphExplorer, {renderer} = view;
        const drawn = (items, read) =>
          items.map((item) => item.index).filter((index) => !read(index).hidden);
        return [drawn(data.nodes, (index) => renderer.getNodeDisplayData(index)),
          drawn(data.edges, (index) => renderer.getEdgeDisplayData(index))];"""
    )
    return found


def picture(driver: Chrome) -> bytes:
    """Return what the drawing looks like, once it has been drawn."""
    driver.execute_async_script(
        """const done = arguments[0];
        requestAnimationFrame(() => requestAnimationFrame(() => done()));"""
    )
    png: bytes = find(driver, "#canvas").screenshot_as_png
    return png


def slide(driver: Chrome, name: str, year: int) -> None:
    driver.execute_script(
        """const field = document.getElementById(arguments[0]);
        field.value = arguments[1]; field.dispatchEvent(new Event("input"));""",
        name,
        year,
    )


def status(driver: Chrome) -> str:
    return text_of(driver, "#status")


def keys(driver: Chrome, *pressed: str) -> None:
    from selenium.webdriver import ActionChains

    ActionChains(driver).send_keys(*pressed).perform()


def place(driver: Chrome, index: int) -> tuple[int, int]:
    """Return where a node is in the window."""
    x, y = driver.execute_script(
        """const {data, view} = govgraphExplorer, node = data.nodes[arguments[0]];
        const at = view.renderer.graphToViewport(node);
        const box = document.querySelector("#canvas").getBoundingClientRect();
        return [box.x + at.x, box.y + at.y];""",
        index,
    )
    return round(x), round(y)


def point(driver: Chrome, x: int, y: int, *, click: bool = False) -> None:
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.actions.action_builder import ActionBuilder

    builder = ActionBuilder(driver)
    builder.pointer_action.move_to_location(x - 3, y).move_to_location(x, y)
    builder.perform()
    if click:
        ActionChains(driver).click().perform()


@pytest.mark.browser
def test_page_opens_without_a_request_or_a_complaint(opened: Chrome) -> None:
    assert status(opened) == "5 of 5 nodes, 4 of 4 ties"
    assert opened.title == "Invented <town>"  # and no text became markup
    assert opened.execute_script("return document.images.length") == 0
    addresses = browsers.requests(opened)
    assert len(addresses) == 1
    assert addresses[0].startswith("file://")
    assert browsers.complaints(opened) == []
    # Something is drawn.
    assert opened.execute_script(
        """const {renderer} = govgraphExplorer.view; renderer.refresh();
        return renderer.getNodeDisplayData("0").color"""
    ) == "#0072b2"  # fmt: skip


@pytest.mark.browser
def test_page_can_open_no_connection(opened: Chrome) -> None:
    refused = opened.execute_async_script(
        """const done = arguments[0];
        document.addEventListener("securitypolicyviolation", (e) => done(e.violatedDirective));
        fetch("https://example.org/").catch(() => {});"""
    )
    assert refused == "connect-src"
    assert "connect-src" in browsers.complaints(opened)[0]["message"]


@pytest.mark.browser
def test_search_ignores_accents_and_case(opened: Chrome) -> None:
    search = find(opened, "#search")
    search.send_keys("POLICIA")
    assert text_of(opened, "#found") == "Policía de Ávila"
    assert text_of(opened, "#found-status") == "1 found"
    search.send_keys("\ue015\ue007")  # down, enter
    assert text_of(opened, "#details h2") == "Policía de Ávila"
    assert search.get_attribute("aria-expanded") == "false"
    search.clear()
    search.send_keys("nobody")
    assert text_of(opened, "#found-status") == "Nothing has that name."


@pytest.mark.browser
def test_pointing_at_a_node_tells_its_ties_and_their_passages(opened: Chrome) -> None:
    point(opened, *place(opened, 0))
    wait(lambda: text_of(opened, "#details").startswith("Town hall"))
    told = text_of(opened, "#details")
    assert "Class LocalAuthority Sector government" in told
    assert "passage/1/1" in told
    assert "2 ties Policía de Ávila council · weight 3 · 1990–1995 Shared: council" in told
    assert "Passages passage/2/1 passage/2/2" in told
    lit = "return [...govgraphExplorer.state.lit].sort().join()"
    assert opened.execute_script(lit) == "0,1,2"
    point(opened, 5, 5)
    wait(lambda: text_of(opened, "#details").startswith("Point at"))


@pytest.mark.browser
def test_choosing_a_node_keeps_it_and_leads_to_its_neighbours(opened: Chrome) -> None:
    point(opened, *place(opened, 0), click=True)
    point(opened, 5, 5)
    wait(lambda: text_of(opened, "#details h2") == "Town hall")
    find(opened, ".ties button").click()
    assert text_of(opened, "#details h2") == "Policía de Ávila"
    keys(opened, "\ue00c")  # escape
    assert text_of(opened, "#details").startswith("Point at")


@pytest.mark.browser
def test_pointing_at_a_tie_tells_its_passages(opened: Chrome) -> None:
    (x, y), (x2, y2) = place(opened, 0), place(opened, 1)
    point(opened, (x + x2) // 2, (y + y2) // 2)
    wait(lambda: "–" in text_of(opened, "#details h2, #details p"))
    told = text_of(opened, "#details")
    assert told.startswith("Town hall – Policía de Ávila council · weight 3")
    assert "passage/2/2" in told


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "value", "nodes", "edges"),
    [
        ("sector", "government", [1, 2, 3, 4], [2, 3]),
        ("sector", "", [0, 1, 2, 4], [0, 1, 3]),
        ("sector", "private", [0, 1, 3, 4], [0]),  # that of two sectors stays
        ("kind", "Company", [0, 1], [0]),
        ("tie", "contract", [0, 1, 2, 3, 4], [0, 3]),
    ],
)
def test_filters(opened: Chrome, name: str, value: str, nodes: list[int], edges: list[int]) -> None:
    before = picture(opened)
    box = find(opened, f'input[name="{name}"][value="{value}"]')
    box.click()
    assert status(opened) == f"{len(nodes)} of 5 nodes, {len(edges)} of 4 ties"
    assert drawn(opened) == [nodes, edges]
    assert picture(opened) != before
    box.click()
    assert status(opened) == "5 of 5 nodes, 4 of 4 ties"
    assert drawn(opened) == [[0, 1, 2, 3, 4], [0, 1, 2, 3]]


@pytest.mark.browser
def test_all_and_none(opened: Chrome) -> None:
    everything, nothing = opened.find_elements("css selector", '[data-filter="sector"] .all button')
    nothing.click()
    assert status(opened) == "0 of 5 nodes, 0 of 4 ties"
    assert drawn(opened) == [[], []]
    everything.click()
    assert status(opened) == "5 of 5 nodes, 4 of 4 ties"


@pytest.mark.browser
def test_years(opened: Chrome) -> None:
    slide(opened, "to", 1999)
    assert status(opened) == "5 of 5 nodes, 2 of 4 ties"  # the council, and what has no year
    assert drawn(opened) == [[0, 1, 2, 3, 4], [0, 3]]
    before = picture(opened)
    find(opened, "#undated").click()
    assert status(opened) == "1 of 5 nodes, 0 of 4 ties"  # only the town hall has a year
    assert drawn(opened) == [[0], []]
    assert picture(opened) != before
    find(opened, "#undated").click()
    slide(opened, "to", 2012)
    slide(opened, "from", 2011)
    assert status(opened) == "5 of 5 nodes, 3 of 4 ties"  # the council ended in 1995
    assert drawn(opened) == [[0, 1, 2, 3, 4], [1, 2, 3]]
    slide(opened, "from", 1980)
    find(opened, "#from").send_keys("\ue014")  # the right arrow is one year
    assert text_of(opened, 'output[for="from"]') == "1981"


@pytest.mark.browser
def test_years_play(opened: Chrome) -> None:
    find(opened, "#play").click()
    assert text_of(opened, 'output[for="to"]') in {"1980", "1981"}
    assert text_of(opened, "#play") == "Pause"
    wait(lambda: int(text_of(opened, 'output[for="to"]')) >= 1982)
    find(opened, "#play").click()
    assert text_of(opened, "#play") == "Play"
    assert drawn(opened) == [[0, 1, 2, 3, 4], [3]]  # the council begins in 1990


@pytest.mark.browser
@pytest.mark.parametrize(
    "name",
    [
        "actors",
        "sectors",
        *(pytest.param(n, marks=pytest.mark.whole) for n in ("participation", "sdg")),
    ],
)
def test_each_act_changes_what_is_drawn(
    driver: Chrome, kg: KnowledgeGraph, tmp_path: Path, name: str
) -> None:
    network = kg.network(name)
    path = tmp_path / f"{name}.html"
    path.write_text(page(network), encoding="utf-8")
    browsers.open_page(driver, path)
    every = drawn(driver)
    assert [*map(len, every)] == [len(network), network.number_of_edges()]
    pictures = [picture(driver)]
    find(driver, "#undated").click()
    dated = drawn(driver)
    data = page_data(network)
    assert dated[0] == [i for i, node in enumerate(data["nodes"]) if "spells" in node]
    assert len(dated[1]) < len(every[1])
    pictures.append(picture(driver))
    find(driver, "#undated").click()
    slide(driver, "to", data["years"][0])
    assert len(drawn(driver)[1]) < len(every[1])
    pictures.append(picture(driver))
    slide(driver, "to", data["years"][1])
    assert drawn(driver) == every
    find(driver, "[data-filter] .all button:nth-of-type(2)").click()  # none of the first list
    assert len(drawn(driver)[0]) < len(every[0])
    pictures.append(picture(driver))
    assert pictures[0] not in pictures[1:]


@pytest.mark.browser
def test_colour_and_size_can_be_chosen(opened: Chrome) -> None:
    from selenium.webdriver.support.select import Select

    colour = 'return govgraphExplorer.view.renderer.getNodeDisplayData("1").color'
    before = opened.execute_script(colour)
    choice = Select(find(opened, "#colour-by"))
    assert [option.text for option in choice.options] == ["Sector", "Class", "Community"]
    choice.select_by_value("community")
    wait(lambda: opened.execute_script(colour) != before)
    assert text_of(opened, ".legend") == "1 2"


@pytest.mark.browser
def test_everything_can_be_done_from_the_keyboard(opened: Chrome) -> None:
    camera = "return govgraphExplorer.view.renderer.getCamera().getState().ratio"
    keys(opened, "\ue004")  # tab: the drawing comes first
    focused = "return document.activeElement.id"
    assert opened.execute_script(focused) == "canvas"
    keys(opened, "+")
    wait(lambda: opened.execute_script(camera) < 0.8)
    keys(opened, "0")
    wait(lambda: opened.execute_script(camera) == 1)
    for _ in range(4):  # three buttons to zoom, then the search
        keys(opened, "\ue004")
    assert opened.execute_script(focused) == "search"
    keys(opened, "firm", "\ue007")
    assert text_of(opened, "#details h2") == "Firm & Sons"


@pytest.mark.browser
def test_every_control_has_a_name(opened: Chrome) -> None:
    find(opened, "#list summary").click()
    tree = opened.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    controls = {"button", "checkbox", "slider", "searchbox", "combobox", "ComboBoxSelect"}
    found = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in tree
        if node.get("role", {}).get("value") in controls
    ]
    assert len(found) > 15
    assert [role for role, name in found if not name.strip()] == []
    assert len(opened.find_elements("css selector", ".listing button")) == 5


@pytest.mark.browser
def test_page_fits_a_phone(opened: Chrome) -> None:
    size = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        opened.refresh()
        width = opened.execute_script("return document.documentElement.scrollWidth")
        assert width <= 360
        canvas = find(opened, "#canvas").size
        assert canvas["width"] == 360
        assert 300 < canvas["height"] < 600
        box = find(opened, 'input[name="sector"][value="police"]')
        box.click()
        assert status(opened) == "4 of 5 nodes, 3 of 4 ties"
    finally:
        opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.browser
def test_a_link_leads_to_a_node_of_the_study(
    driver: Chrome, kg: KnowledgeGraph, tmp_path: Path
) -> None:
    path = tmp_path / "actores.html"
    path.write_text(page(kg.network("actors", lang="es")), encoding="utf-8")
    browsers.open_page(driver, path, "#actor/el-tiempo")
    told = text_of(driver, "#details")
    assert told.startswith("El Tiempo")
    assert "passage/3.3/3" in told
    assert "En común: Bogotá Cómo Vamos" in told
    title = "Actores que participan en los mismos arreglos (grupos por caso)"
    assert text_of(driver, "h1") == title
    assert browsers.complaints(driver) == []


@pytest.mark.browser
def test_two_thousand_nodes(driver: Chrome, tmp_path: Path) -> None:
    graph = nx.barabasi_albert_graph(2000, 2, seed=7)
    positions = nx.random_layout(graph, seed=7)
    from govgraph.network.pictures.style import Style

    stream = io.BytesIO()
    write_html(graph, stream, Style({n: (x, y) for n, (x, y) in positions.items()}))
    path = tmp_path / "large.html"
    path.write_bytes(stream.getvalue())
    browsers.open_page(driver, path)
    assert status(driver) == "2000 of 2000 nodes, 3996 of 3996 ties"
    assert browsers.complaints(driver) == []


@pytest.mark.browser
def test_labels_stay_inside_and_off_other_nodes(opened: Chrome) -> None:
    """Labels are wrapped, not cut, and their places are inside of the drawing."""
    check = """
      const { view } = govgraphExplorer;
      const { width, height } = view.renderer.getDimensions();
      const seen = [];
      const canvas = document.querySelector("canvas.sigma-labels").getContext("2d");
      const draw = canvas.fillText.bind(canvas);
      canvas.fillText = (text, x, y) => {
        seen.push([text, x, x + canvas.measureText(text).width, y]);
        draw(text, x, y);
      };
      view.renderer.refresh();
      delete canvas.fillText;
      return seen.map(([text, left, right, y]) =>
        [text, left >= 0 && right <= width && y >= 0 && y <= height]);
    """
    told = opened.execute_script(check)
    assert "Town hall" in [text for text, _ in told]
    assert not any("…" in text for text, _ in told)
    assert all(inside for _, inside in told)


@pytest.mark.browser
def test_the_sites_header_and_chance_beside_a_measure(tmp_path: Path) -> None:
    graph = invented()
    known = {
        "degree": 2,
        "degree_expected": 1.5,
        "degree_z": 0.25,
        "member_of": ["partnership/a-b"],
    }
    graph.nodes["actor/town"].update(known)
    graph.nodes["actor/firm"].update(degree=3, degree_expected=1.25)
    site = explorer.Site("../x.html", "Tables", "../index.html", "A study", {})
    with (tmp_path / "x.html").open("wb") as stream:
        write_html(graph, stream, None, site)
    with browsers.chromium() as driver:
        browsers.open_page(driver, tmp_path / "x.html", "#actor/town")
        wait(lambda: text_of(driver, "#details h2") == "Town hall")
        assert text_of(driver, "header") == "A study ← Tables"
        assert find(driver, "header .brand").get_attribute("href").endswith("/index.html")
        told = text_of(driver, "#details")
        assert "2 (by chance 1.5, z 0.25)" in told
        assert "degree expected" not in told.lower()
        assert "member of a b" in told.lower()
