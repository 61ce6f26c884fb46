"""Texts of the interface: all marked, all translated, none left over; a language is one file."""

from __future__ import annotations

import ast
import gettext
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

import messages
from govgraph.errors import UsageError
from govgraph.network.files import explorer
from govgraph.network.files.explorer import page_data, write_html
from govgraph.network.measures.registry import ENTRIES, MEASURES
from govgraph.network.reading.values import about, tell
from govgraph.network.reading.words import NAMES as ATTRIBUTES
from govgraph.network.reading.words import word
from govgraph.texts import LANGUAGES, fitting, language_name, number, preference, translations
from govgraph.vocabulary import BASE
from govgraph.web.pages import PAGES, missing_page, render_page, resource_page
from govgraph.web.pages.networks import network_page
from govgraph.web.pages.queries import sparql_page
from govgraph.web.pages.rendering import environment, view_of
from test_picture import drawn, legend_of

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

ROOT = Path(__file__).parents[1]
NAMES = {
    "govgraph", "CC BY 4.0", "SPARQL", "PageRank", "GEXF", "PREFIX", "Cytoscape",
    "yEd, Cytoscape, igraph, R", "gzip", "Turtle", "VoID, DCAT", "SHA-256", "kB",
}  # fmt: skip
"""What is called the same in every language."""


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s|\$\d|\b(?:BASE|LANGUAGE|PATH|SLUG|TITLE)\b", text))


def test_catalogues_have_every_text_and_nothing_else() -> None:
    extracted = [message for message in messages.extracted() if message.id]
    marked = {message.id for message in extracted}
    places = {message.id: {path for path, _ in message.locations} for message in extracted}
    faults = []
    for language, catalogue in messages.catalogues().items():
        for message in catalogue:
            texts = [message.string] if isinstance(message.string, str) else list(message.string)
            if message.id and (message.fuzzy or not all(texts)):
                faults.append(f"{language}: not translated: {message.id}")
            for text in texts if message.id else ():
                ids = [message.id] if isinstance(message.id, str) else message.id
                if placeholders(text) != placeholders(ids[-1]):
                    faults.append(f"{language}: other placeholders: {message.id}")
            if (
                message.id in places
                and {path for path, _ in message.locations} != places[message.id]
            ):
                faults.append(f"{language}: another place (python tests/messages.py): {message.id}")
        ids = {message.id for message in catalogue if message.id}
        faults += [f"{language}: lacks {text} (python tests/messages.py)" for text in marked - ids]
        faults += [f"{language}: no longer used: {text}" for text in ids - marked]
    assert faults == []
    assert len(marked) > 200


def copied(one: Catalog, other: Catalog) -> float:
    """Return the share of texts that two catalogues have alike, leaving out what is a name."""
    texts = {message.id: message.string for message in one if message.id}
    others = {message.id: message.string for message in other if message.id}
    worded = [i for i in texts if i in others and i not in NAMES and re.search("[a-z]{3}", str(i))]
    return sum(texts[i] == others[i] for i in worded) / max(len(worded), 1)


def test_no_catalogue_is_a_copy_of_another_language() -> None:
    every = messages.catalogues()
    english = messages.extracted()
    for message in english:
        message.string = message.id
    every["en"] = english
    for one, other in combinations(every, 2):
        assert copied(every[one], every[other]) < 0.1, f"{one}.po repeats texts of {other}"
    half = messages.catalogues()["es"]
    for place, message in enumerate(half):
        if place % 4:
            message.string = "…"
    assert copied(half, every["es"]) > 0.2, "a quarter of a catalogue that is copied is noticed"


class Recorder(gettext.NullTranslations):
    """Asked for what a catalogue lacks; keeps it."""

    def __init__(self) -> None:
        super().__init__()
        self.lacking: set[str] = set()

    def gettext(self, message: str) -> str:
        self.lacking.add(message)
        return message

    def ngettext(self, one: str, many: str, count: int) -> str:
        self.lacking.add(one)
        return super().ngettext(one, many, count)


def test_nothing_asks_for_a_text_that_no_catalogue_has(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder()
    monkeypatch.setattr(translations("es"), "_fallback", recorder)
    for name in PAGES:
        render_page(name, kg, "es")
    view = view_of(kg, "es")
    things = ("case/bogota", "instrument/bogota-como-vamos", "work/study", "graph/metadata")
    for name in (*things, "passage/3.3/3", "query/timeline"):
        resource_page(kg, kg.names.by_id(name), "es")
    network_page(view, "actors")
    missing_page(view)
    network = kg.network("actors", lang="es")
    assert {entry.name for entry in ENTRIES} <= set(ATTRIBUTES)
    assert all(word(network, name) for name in MEASURES)
    legend_of(drawn(network))
    page_data(network)
    assert recorder.lacking - NAMES == set()


def unmarked(source: str) -> Iterator[str]:
    """Yield the texts that a reader would see of a template and that no catalogue knows."""
    pieces, marked = [], False
    previous = ""
    for _, kind, value in environment("en").lex(source):
        if previous == "block_begin" and kind == "name":
            marked = value == "trans" or (marked and value != "endtrans")
        previous = kind if kind != "whitespace" else previous
        if kind == "data":
            pieces.append("" if marked else value)
        elif kind in {"variable_begin", "block_begin"}:
            pieces.append("\0")
    text = re.sub(r"<(code|pre)\b.*?</\1>", "", "".join(pieces), flags=re.DOTALL)
    attributes = re.findall(r'\b(?:title|aria-label|data-label|alt|placeholder)="([^"]*)"', text)
    for shown in [*re.split(r"<[^>]*>|\0", text), *attributes]:
        words = re.sub(r"&\w+;", "", shown.replace("\0", "")).strip(" \n·.,:;()—–#")
        if re.search(r"[^\W\d_]{2}", words) and words not in NAMES:
            yield words


def test_every_text_of_a_template_is_marked() -> None:
    found = {
        path.name: texts
        for path in sorted((messages.WEB / "templates").glob("*.html"))
        if (texts := list(unmarked(path.read_text("utf-8"))))
    }
    assert found == {}
    assert list(unmarked('<p title="Seen">{{ _("x") }} too {% trans %}not{% endtrans %}</p>')) == [
        "too",
        "Seen",
    ]


def phrases(tree: ast.AST) -> Iterator[str]:
    """Yield constants of several words that are neither docstrings nor part of an error."""
    left_out = set()
    for node in ast.walk(tree):
        name = getattr(getattr(node, "func", None), "id", "")
        if isinstance(node, ast.Raise | ast.Expr) or name.endswith("Error"):
            left_out |= {id(below) for below in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            several = re.search(r"[a-z]{2,} [a-z]{2,}", node.value)
            if several and id(node) not in left_out and not set("<{*") & set(node.value):
                yield node.value


def test_every_phrase_of_pages_and_pictures_is_marked() -> None:
    marked = {str(text) for message in messages.extracted() for text in each(message.id)}
    source = messages.ROOT / "src" / "govgraph"
    folders = ("web/pages", "network/pictures", "compare")
    files = [path for folder in folders for path in sorted((source / folder).glob("*.py"))]
    found = {
        phrase
        for path in [*files, source / "network" / "files" / "explorer.py"]
        for phrase in phrases(ast.parse(path.read_text("utf-8")))
    }
    assert found - marked == {"picture network", "picture thumb", "upper left"}


def each(texts: Any) -> list[Any]:
    return list(texts) if isinstance(texts, tuple | list) else [texts]


STRING = r'"(?:[^"\\\n]|\\.)*"'


def test_every_text_of_javascript_is_marked() -> None:
    """In strings.js what stands as a value; elsewhere what has several words."""
    call = rf"\b(?:_|ngettext)\(\s*{STRING}(?:\s*[+,]\s*{STRING})*"
    faults = []
    for path in sorted((messages.ROOT / "web").glob("*/src/*.js")):
        text = re.sub(r"^\s*(?://|import|/?\*).*", "", path.read_text("utf-8"), flags=re.MULTILINE)
        rest = re.sub(call, "marked(", text)
        wanted = rf":\s*({STRING})" if path.name == "strings.js" else f"({STRING})"
        phrase = r"[a-z]{2}" if path.name == "strings.js" else r"[A-Za-z]{2,} [a-z]{2,}"
        faults += [found for found in re.findall(wanted, rest) if re.search(phrase, found)]
    assert faults == ['"yasgui answer"']


def test_nobody_asks_which_language_it_is() -> None:
    asking = re.compile(r"""language\s*[!=]=\s*["']|["']\s*[!=]=\s*language|\bsay\(""")
    files = [*(messages.WEB / "pages").glob("*.py"), *(messages.WEB / "templates").glob("*.html")]
    assert [path.name for path in files if asking.search(path.read_text("utf-8"))] == []


def test_numbers_and_languages_are_written_as_their_readers_do() -> None:
    assert (number(28629, "en"), number(28629, "es")) == ("28,629", "28.629")
    assert (number(0.5, "en", 3), number(0.0383, "es")) == ("0.500", "0,0383")
    assert [language_name(language) for language in ("en", "es", "zz")] == [
        "English",
        "Español",
        "Zz",
    ]


@pytest.mark.parametrize("language", sorted(messages.catalogues()))
def test_pictures_explorer_and_editor_speak_a_language(kg: KnowledgeGraph, language: str) -> None:
    said = {message.id: message.string for message in messages.catalogues()[language]}
    network = kg.network("actors", lang=language)
    legend = legend_of(drawn(network))
    for wanted in ("Size of nodes", "Weight of their ties", "Weight of ties"):
        assert said[wanted] in " ".join(legend).replace("\n", " ")
    data = page_data(network)
    assert data["lang"] == language
    assert data["words"]["betweenness"] == said["Betweenness"] != "Betweenness"
    assert data["texts"]["Colour by"] == said["Colour by"]
    one, many = said["%(num)s tie", "%(num)s ties"]
    assert {*data["texts"]["%(num)s tie"].values()} == {one, many}
    assert {i for i in data["texts"] if "%(num)s" not in i} <= set(said)
    stream = io.BytesIO()
    write_html(network, stream)
    (told,) = re.findall("<noscript>(.*)</noscript>", stream.getvalue().decode())
    assert html.unescape(told) == said[explorer._NOSCRIPT]
    editor = re.search(r'data-texts="([^"]*)"', sparql_page(view_of(kg, language)))
    assert editor is not None
    assert json.loads(html.unescape(editor[1]))["Run"] == said["Run"] != "Run"


def test_what_has_no_text_in_a_language_says_which_it_has(kg: KnowledgeGraph) -> None:
    network = kg.network("actors", lang="pt-BR")
    data = page_data(network)
    assert (data["lang"], data["texts"]) == ("en", {})
    assert network.graph["title"] == kg.network("actors").graph["title"]
    assert {*about(network, "languages").values()} == {"en"}
    assert "lang" not in data["nodes"][0]
    node = page_data(kg.network("actors", lang="es"))["nodes"][0]
    assert "lang" not in node
    labelled = nx.Graph([("a", "b")], lang="es")
    tell(labelled, languages={"a": "en", "b": "es"})
    assert [node.get("lang") for node in page_data(labelled)["nodes"]] == ["en", None]
    view = view_of(kg, "pt")
    assert view.link(f"{BASE}sector/police") == (
        '<a href="/pt/sector/police.html" lang="en">Police</a>'
    )
    assert view.told(kg.queries["timeline"], "summary").startswith('<span lang="en">')
    assert "<span lang" not in view_of(kg, "es").told(kg.queries["timeline"], "summary")


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ("es", ["es", "es-MX", "", "en", "fr"]),
        ("pt-BR", ["pt-BR", "pt", "pt-PT", "", "en-GB", "es"]),
        ("zh-Hant-TW", ["zh-Hant", "zh", "", "en"]),
        ("ES-mx", ["es-MX", "es", "es-AR", ""]),
        ("e", ["", "en", "es"]),
    ],
)
def test_the_language_that_fits_best(asked: str, order: list[str]) -> None:
    assert sorted(sorted(order), key=lambda tag: preference(asked, tag)) == order
    assert fitting({tag: f"in {tag}" for tag in reversed(order)}, asked)[0] == order[0]


@pytest.mark.parametrize("wrong", ["", "spanish", "e s", "es_MX", "es-", "1"])
def test_what_is_no_language_tag(kg: KnowledgeGraph, wrong: str) -> None:
    for ask in (partial(kg.network, "actors"), kg.compare):
        with pytest.raises(UsageError, match="no language tag: expected one such as"):
            ask(lang=wrong)


IN_ONE_MORE_LANGUAGE = """
import json, sys
from pathlib import Path
import pyoxigraph as ox
from starlette.applications import Starlette
from starlette.testclient import TestClient
from govgraph.texts import texts_of_page
from first_study import STUDY
from govgraph.vocabulary import RDFS
from govgraph.web.pages.reading import languages_of
from govgraph.web.server.server import create_app
from govgraph.web.site import publish
from xss import hostile_graph
graph, folder = hostile_graph(), Path(sys.argv[1])
node, label = ox.NamedNode(STUDY + "case/hostile-0"), ox.NamedNode(RDFS + "label")
graph.store.add(ox.Quad(node, label, ox.Literal("Wrogi", language="pl-PL"), node))
publish(graph, folder, "https://example.org/")
wanted = {"Accept": "text/html", "Accept-Language": "pl"}
web = TestClient(create_app(graph), follow_redirects=False)
print(json.dumps({
    "languages": languages_of(graph),
    "served": web.get("/pl/cases.html").text,
    "editor": web.get("/pl/sparql.html").text,
    "explorer": texts_of_page("explorer", "pl"),
    "sent": web.get("/", headers=wanted).headers["location"],
    "published": {name: (folder / name).read_text("utf-8") for name in (
        "pl/index.html", "pl/case/hostile-0.html", "en/index.html", "404.html", "sitemap.xml")},
}))
"""


@pytest.mark.whole
def test_one_file_makes_one_more_language(tmp_path: Path) -> None:
    package = tmp_path / "src" / "govgraph"
    shutil.copytree(
        ROOT / "src" / "govgraph", package, ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("data", "ontology", "queries", "web"):
        (tmp_path / name).symlink_to(ROOT / name)
    words = {"Cases": "Przypadki", "Start": "Początek", "Run": "Uruchom"}
    polish = messages.begun("pl")
    polish.update(messages.extracted(), no_fuzzy_matching=True)
    for message in polish:
        if isinstance(message.id, str) and message.id:
            message.string = words.get(message.id, message.id)
        elif message.id:
            message.string = ("%(num)s więź", "%(num)s więzi", "%(num)s więzów")
    with (package / "texts" / "locales" / "pl.po").open("wb") as stream:
        write_po(stream, polish)
    ran = subprocess.run(
        [sys.executable, "-c", IN_ONE_MORE_LANGUAGE, str(tmp_path / "site")],
        env={**os.environ, "PYTHONPATH": f"{package.parent}{os.pathsep}{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    made = json.loads(ran.stdout)
    assert "pl" in made["languages"]
    assert '<html lang="pl">' in made["served"]
    assert "<h1>Przypadki</h1>" in made["served"]
    assert "&#34;Run&#34;: &#34;Uruchom&#34;" in made["editor"]
    assert made["explorer"]["%(num)s tie"] == {
        "one": "%(num)s więź", "few": "%(num)s więzi", "many": "%(num)s więzów",
    }  # fmt: skip
    assert made["sent"] == "/pl/index.html"
    published = made["published"]
    assert 'aria-current="page">Początek</a>' in published["pl/index.html"]
    assert 'hreflang="pl">Polski</a>' in published["en/index.html"]
    assert (
        '<link rel="alternate" hreflang="pl" href="../pl/index.html">'
        in (published["en/index.html"])
    )
    assert "<loc>https://example.org/pl/index.html</loc>" in published["sitemap.xml"]
    assert '<html lang="pl">' in published["pl/case/hostile-0.html"]
    assert '<h1><span lang="pl-pl">Wrogi</span></h1>' in published["pl/case/hostile-0.html"]


def test_every_language_but_english_has_a_catalogue() -> None:
    assert ("en", *messages.catalogues()) == LANGUAGES
