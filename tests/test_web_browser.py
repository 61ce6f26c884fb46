"""The site in Debian's Chromium, with and without JavaScript: what a reader can do, and that the
browser asks no other host for anything and finds nothing against the content security policy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import browsers
from govgraph.web.pages import PAGES
from govgraph.web.site import publish
from serving import Server, serving
from xss import CORPUS, IRIS, hostile_graph

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

pytestmark = pytest.mark.browser

KINDS = (
    *PAGES,
    "case/bogota",
    "instrument/bogota-como-vamos",
    "passage/table-8.2/guatemala/p1",
    "sdg/16.7",
    "query/timeline",
    "network/actors",
    "network/actors/explorer",
    "nowhere",
)
"""A page of every kind."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with browsers.chromium() as started:
        yield started


def find(driver: Chrome, selector: str) -> WebElement:
    return driver.find_element("css selector", selector)


def every(driver: Chrome, selector: str) -> list[WebElement]:
    return driver.find_elements("css selector", selector)


def text_of(driver: Chrome, selector: str) -> str:
    return " ".join(find(driver, selector).text.split())


def wait(condition: Callable[[], Any], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "what was waited for did not come"
        time.sleep(0.05)


def check_quiet(driver: Chrome, root: str) -> None:
    """Check that nothing was asked of another host, and that the console holds no complaint."""
    asked = browsers.requests(driver)
    assert asked
    assert [each for each in asked if not each.startswith(root)] == []
    assert browsers.complaints(driver) == []


# ------------------------------------------------------------------------------ the editor


def edited(driver: Chrome, server: Server, text: str, language: str = "en") -> None:
    """Open the editor and write a query into it."""
    browsers.open_address(driver, f"{server.url}{language}/sparql.html")
    driver.execute_script(
        "document.querySelector('.editor .CodeMirror').CodeMirror.setValue(arguments[0])", text
    )


def run(driver: Chrome) -> str:
    """Run the query in the editor; return what is then said of the answer."""
    find(driver, "button.run").click()
    wait(lambda: find(driver, ".status").text not in {"", "Asking…", "Preguntando…"})
    return find(driver, ".status").text


def test_an_example_is_run_and_its_answer_leads_on(driver: Chrome, server: Server) -> None:
    from selenium.webdriver.support.ui import Select

    browsers.open_address(driver, f"{server.url}en/sparql.html")
    Select(find(driver, "#example")).select_by_visible_text("Founders of an arrangement")
    assert run(driver) == "5 rows"  # of all arrangements
    assert len(every(driver, ".answer tbody tr")) == 5
    link = driver.find_element("link text", "actor/el-tiempo")
    assert link.get_attribute("href") == f"{server.url}en/actor/el-tiempo.html"
    assert "query=" in driver.current_url  # to share, or to come back to
    check_quiet(driver, server.url)
    link.click()
    wait(lambda: text_of(driver, "h1") == "El Tiempo")
    check_quiet(driver, server.url)


def test_the_editor_speaks_spanish(driver: Chrome, server: Server) -> None:
    edited(driver, server, 'SELECT * { VALUES ?x { 1 2 "All" } }', "es")
    assert run(driver) == "3 filas"
    shown = text_of(driver, ".answer")
    for english in ("Table", "Simple view", "Ellipse", "Page size", "Showing", "Response"):
        assert english not in shown
    assert "Filas 1 a 3 de 3" in shown
    assert text_of(driver, ".answer tbody").endswith("All")  # data are not translated
    said = [each.get_attribute("aria-label") for each in every(driver, ".answer [aria-label]")]
    for spanish in ("Páginas de la respuesta", "Página anterior", "Página siguiente", "x: ordenar"):
        assert spanish in said
    for english in ("First", "Last", "Next", "Previous", "pagination", "Activate", "View "):
        assert english not in " ".join(each or "" for each in said)
    check_quiet(driver, server.url)


@pytest.mark.parametrize(
    ("query", "said", "shown"),
    [
        ("ASK { ?s ?p ?o }", "Yes", "Yes"),
        ("CONSTRUCT { ?s a gg:Case } { ?s a gg:Case }", "13 rows", "case/bogota"),
        ("SELECT ?x { VALUES ?x {} }", "0 rows", "No rows"),
    ],
)
def test_every_form_of_answer(
    driver: Chrome, server: Server, query: str, said: str, shown: str
) -> None:
    prefix = "PREFIX gg: <https://w3id.org/govgraph/ontology#>\n"
    edited(driver, server, prefix + query)
    assert run(driver) == said
    assert shown in text_of(driver, ".answer")
    check_quiet(driver, server.url)


def test_a_mistake_is_told_with_line_and_column(driver: Chrome, server: Server) -> None:
    edited(driver, server, "SELECT nonsense")
    assert run(driver) == "The query was refused."
    assert "line 1, column" in text_of(driver, ".answer [role=alert]")
    mark = find(driver, ".parseErrorIcon")  # and by the editor itself, before it was asked
    driver.execute_script("arguments[0].onmouseover()", mark)
    assert "This line is invalid" in text_of(driver, ".yasqe_tooltip")
    told = browsers.complaints(driver)
    assert [each["source"] for each in told] == ["network"]  # the status 400 alone


def test_names_are_completed_from_the_graph_and_prefixes_added(
    driver: Chrome, server: Server
) -> None:
    from selenium.webdriver import ActionChains

    edited(driver, server, "")
    driver.execute_script("document.querySelector('.editor .CodeMirror').CodeMirror.focus()")
    ActionChains(driver).send_keys("SELECT * { ?x a gg:Arr").perform()
    wait(lambda: every(driver, ".CodeMirror-hint"))
    assert "gg:Arrangement" in [each.text for each in every(driver, ".CodeMirror-hint")]
    written = driver.execute_script(
        "return document.querySelector('.editor .CodeMirror').CodeMirror.getValue()"
    )
    assert written.startswith("PREFIX gg: <https://w3id.org/govgraph/ontology#>")
    check_quiet(driver, server.url)


def test_the_editor_has_names_and_lets_go_of_the_keyboard(driver: Chrome, server: Server) -> None:
    from selenium.webdriver import ActionChains

    edited(driver, server, "ASK {}")
    driver.execute_script("document.querySelector('.editor .CodeMirror').CodeMirror.focus()")
    focused = "return document.activeElement.id || document.activeElement.className"
    assert driver.execute_script(focused) == "editor-field"
    ActionChains(driver).send_keys("\ue004").perform()
    assert driver.execute_script(focused) == "run"
    run(driver)
    tree = driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    controls = {"button", "checkbox", "combobox", "textbox", "ComboBoxSelect", "searchbox"}
    named = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in tree
        if node.get("role", {}).get("value") in controls
    ]
    assert ("textbox", "Query") in named
    assert [role for role, name in named if not name.strip()] == []


@pytest.mark.parametrize("scripts", [True, False])
def test_the_plain_form_answers_on_its_page(
    driver: Chrome, server: Server, *, scripts: bool
) -> None:
    address = f"{server.url}en/sparql.html?query=SELECT%20(1%2B1%20AS%20?two)%20{{}}&run=1"
    browsers.open_address(driver, address, scripts=scripts)
    assert text_of(driver, "#answer ~ .wide tbody") == "2"
    check_quiet(driver, server.url)


def test_a_query_is_written_without_scripts(driver: Chrome, server: Server) -> None:
    browsers.open_address(driver, f"{server.url}es/sparql.html", scripts=False)
    area = find(driver, "#query")
    area.clear()
    area.send_keys("SELECT (6*7 AS ?n) {}")
    driver.find_element("name", "run").click()
    wait(lambda: every(driver, "#answer"))
    assert text_of(driver, "#answer ~ .wide tbody") == "42"
    check_quiet(driver, server.url)


# ------------------------------------------------------------------------------ other pages


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_typed_is_found(driver: Chrome, server: Server, *, scripts: bool) -> None:
    from selenium.webdriver.common.keys import Keys

    browsers.open_address(driver, f"{server.url}en/case/bogota.html", scripts=scripts)
    field = find(driver, "form.search input")
    field.send_keys("el tiempo" if scripts else "bogota como vamos")
    if scripts:
        wait(lambda: every(driver, "form.search li a"))
        field.send_keys(Keys.ARROW_DOWN)
        driver.switch_to.active_element.send_keys(Keys.ENTER)
        wait(lambda: driver.current_url.endswith("/en/actor/el-tiempo.html"))
    else:
        field.send_keys(Keys.ENTER)
        wait(lambda: every(driver, ".found li"))
        assert text_of(driver, ".found li").startswith("Bogotá Cómo Vamos")
    check_quiet(driver, server.url)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_form_of_parameters(driver: Chrome, server: Server, *, scripts: bool) -> None:
    from selenium.webdriver.support.ui import Select

    browsers.open_address(driver, f"{server.url}en/query/timeline.html", scripts=scripts)
    Select(find(driver, "#p-case")).select_by_value("case/bogota")
    find(driver, "form.parameters button").click()
    wait(lambda: "case=case" in driver.current_url)
    rows = [each.text for each in every(driver, "#answer ~ .wide tbody tr")]
    assert any("Bogotá Cómo Vamos" in each for each in rows)
    assert not any("Netherlands" in each for each in rows)
    check_quiet(driver, server.url)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_resource_its_proof_and_its_passage(
    driver: Chrome, server: Server, *, scripts: bool
) -> None:
    address = f"{server.url}en/instrument/bogota-como-vamos.html"
    browsers.open_address(driver, address, scripts=scripts)
    find(driver, "#inferred > summary").click()
    why = find(driver, "#inferred details.proof")
    why.find_element("css selector", "summary").click()
    assert "§3.3" in why.text
    check_quiet(driver, server.url)
    why.find_element("partial link text", "§3.3").click()
    wait(lambda: "passage/3.3" in driver.current_url)
    assert "What this passage says" in find(driver, "main").text
    check_quiet(driver, server.url)


def test_a_network_is_seen_explored_and_leads_to_pages(driver: Chrome, server: Server) -> None:
    browsers.open_address(driver, f"{server.url}en/networks.html")
    driver.find_element("partial link text", "same arrangements").click()
    wait(lambda: every(driver, ".picture.network"))
    assert len(every(driver, ".picture.network .node")) == 104
    driver.find_element("link text", "Explore this network").click()
    wait(lambda: every(driver, "#status"))
    assert text_of(driver, "#status") == "104 of 104 nodes, 125 of 125 ties"
    check_quiet(driver, server.url)
    browsers.open_address(driver, f"{driver.current_url}#actor/el-tiempo")
    page = driver.find_element("link text", "passage/3.3/3").get_attribute("href")
    assert page == f"{server.url}en/passage/3.3/3.html"
    driver.find_element("link text", "actor/el-tiempo").click()
    wait(lambda: text_of(driver, "h1") == "El Tiempo")
    check_quiet(driver, server.url)


def test_a_network_without_scripts(driver: Chrome, server: Server) -> None:
    address = f"{server.url}es/network/actors.html"
    browsers.open_address(driver, address, scripts=False)
    assert find(driver, ".picture.network").size["height"] > 300
    assert text_of(driver, "#nodes ~ table tbody tr").startswith("Policía · Países Bajos Policía 8")
    driver.find_element("link text", "Explorar esta red").click()
    wait(lambda: "explorer" in driver.current_url)
    driver.find_element("partial link text", "Imagen").click()
    wait(lambda: driver.current_url == address)
    check_quiet(driver, server.url)


@pytest.mark.parametrize(
    "languages",
    [
        pytest.param((language,), id=language, marks=pytest.mark.whole)
        for language in ("en", "es")
    ] + [pytest.param(("en", "es"), id="in turn")],
)  # fmt: skip
def test_every_kind_of_page_fits_a_phone(
    driver: Chrome, server: Server, languages: tuple[str, ...]
) -> None:
    wide = "return document.documentElement.scrollWidth"
    with browsers.phone(driver):
        for name, language in zip(KINDS, cycle(languages), strict=False):
            browsers.open_address(driver, f"{server.url}{language}/{name}.html")
            assert driver.execute_script(wide) <= 390, name
            told = browsers.complaints(driver)
            assert [each for each in told if "404" not in each["message"]] == [], name
            asked = browsers.requests(driver)
            assert all(each.startswith(server.url) for each in asked), name


# ------------------------------------------------------------------------------ hostile data

OPENED = "for (const each of document.querySelectorAll('details')) each.open = true"
CAUGHT = "return window.caught ?? null"


@pytest.mark.whole
def test_no_script_in_the_data_runs(driver: Chrome, tmp_path: Path) -> None:
    """From files, which have no policy of their own: the pages alone must hold."""
    publish(hostile_graph(), tmp_path, "https://example.org/")
    names = [f"case/hostile-{number}" for number in range(len(CORPUS))]
    for name in (*names, "index", "cases", "networks", "network/everything"):
        browsers.open_page(driver, tmp_path / "en" / f"{name}.html")
        driver.execute_script(OPENED)
        assert driver.execute_script(CAUGHT) is None, name
        assert every(driver, "main img, main iframe, main script, main style") == []
        check_quiet(driver, "file://")


def test_no_script_in_an_answer_runs(driver: Chrome, server: Server) -> None:
    literals = " ".join('"{}"'.format(each.replace('"', '\\"')) for each in CORPUS)
    iris = " ".join(f'"{each}"' for each in IRIS)
    values = f"VALUES ?text {{ {literals} }} VALUES ?code {{ {iris} }}"
    edited(driver, server, f"SELECT ?text (IRI(?code) AS ?iri) {{ {values} }}")
    assert run(driver) == f"{len(CORPUS) * len(IRIS)} rows"
    for link in every(driver, ".answer td a")[:6]:
        driver.execute_script("arguments[0].removeAttribute('target'); arguments[0].click()", link)
    assert driver.execute_script(CAUGHT) is None
    assert every(driver, ".answer img, .answer iframe, .answer script") == []
    assert [each for each in browsers.requests(driver) if not each.startswith(server.url)] == []
    told = {entry["message"] for entry in browsers.complaints(driver)}
    assert all("Content Security Policy" in message for message in told)


def test_the_comparison_fits_a_printed_page(driver: Chrome, server: Server) -> None:
    """A4 has 718 pixels of 1/96 inch between margins of a centimetre."""
    driver.get(f"{server.url}en/comparison.html")
    size = {"width": 718, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    try:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        widths = driver.execute_script(
            "return [...document.querySelectorAll('table.matrix')].map(t => t.offsetWidth)"
        )
        room = driver.execute_script("return document.querySelector('main').clientWidth")
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert len(widths) > 5
    assert max(widths) <= room


def test_rows_of_a_long_table_are_filtered(driver: Chrome, server: Server) -> None:
    """By words without their accents and by the values of a column, both; what is seen counts."""
    from selenium.webdriver.support.ui import Select

    browsers.open_address(driver, f"{server.url}en/instruments.html")
    rows = "[...document.querySelectorAll('table.lined tbody tr')].filter(r => r.offsetHeight)"
    texts = f"return {rows}.map(r => r.textContent)"
    everything = driver.execute_script(texts)
    form = driver.find_element("css selector", ".filters")
    cases = form.find_element("css selector", "select[aria-label=Case]")
    Select(cases).select_by_visible_text("Nuevo León, Mexico")
    of_case = driver.execute_script(texts)
    assert of_case == [text for text in everything if "Nuevo León, Mexico" in text]
    assert form.text.endswith(f"{len(of_case)} / {len(everything)}")
    form.find_element("css selector", "input").send_keys("MONTERREY alliance leon")
    assert driver.execute_script(texts) == [
        text for text in of_case if "onterrey" in text and "lliance" in text
    ]
    driver.get(f"{server.url}en/case/tijuana.html")  # few rows need no filter
    assert driver.find_elements("css selector", ".filters") == []
