"""Texts of the interface: all marked, all translated, none left over; a language is one file."""

from __future__ import annotations

import gettext
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import write_po

import messages
from govgraph.web.languages import LANGUAGES
from govgraph.web.pages import PAGES, missing_page, render_page, resource_page
from govgraph.web.pages.networks import network_page
from govgraph.web.pages.rendering import environment, view_of
from govgraph.web.translations import language_name, number, translations

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

ROOT = Path(__file__).parents[1]
NAMES = {
    "govgraph", "CC BY 4.0", "SPARQL", "PageRank", "GEXF", "PREFIX", "Pajek", "Cytoscape",
    "yEd, Cytoscape, igraph, R",
}  # fmt: skip
"""What is called the same in every language."""


def test_catalogues_have_every_text_and_nothing_else() -> None:
    marked = {message.id for message in messages.extracted() if message.id}
    faults = []
    for language, catalogue in messages.catalogues().items():
        for message in catalogue:
            texts = [message.string] if isinstance(message.string, str) else list(message.string)
            if message.id and (message.fuzzy or not all(texts)):
                faults.append(f"{language}: not translated: {message.id}")
            for text in texts if message.id else ():
                ids = [message.id] if isinstance(message.id, str) else message.id
                if set(re.findall(r"%\(\w+\)s", text)) != set(re.findall(r"%\(\w+\)s", ids[0])):
                    faults.append(f"{language}: other placeholders: {message.id}")
        ids = {message.id for message in catalogue if message.id}
        faults += [f"{language}: lacks {text} (python tests/messages.py)" for text in marked - ids]
        faults += [f"{language}: no longer used: {text}" for text in ids - marked]
    assert faults == []
    assert len(marked) > 200


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


def test_no_page_asks_for_a_text_that_no_catalogue_has(
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
    missing_page(view, every_language=True)
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


IN_THREE_LANGUAGES = """
import json, sys
from pathlib import Path
from starlette.applications import Starlette
from starlette.testclient import TestClient
from govgraph.web.server.server import create_app
from govgraph.web.site.writing import publish
from xss import hostile_graph
graph, folder = hostile_graph(), Path(sys.argv[1])
publish(graph, folder, "https://example.org/")
wanted = {"Accept": "text/html", "Accept-Language": "de"}
web = TestClient(create_app(graph), follow_redirects=False)
print(json.dumps({
    "served": web.get("/de/cases.html").text,
    "sent": web.get("/", headers=wanted).headers["location"],
    "published": {name: (folder / name).read_text("utf-8") for name in (
        "de/index.html", "de/case/hostile-0.html", "en/index.html", "404.html", "sitemap.xml")},
}))
"""


def test_one_file_makes_a_third_language(tmp_path: Path) -> None:
    package = tmp_path / "src" / "govgraph"
    shutil.copytree(
        ROOT / "src" / "govgraph", package, ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("data", "ontology", "queries", "web"):
        (tmp_path / name).symlink_to(ROOT / name)
    german = messages.catalogues()["es"]
    for message in german:
        if isinstance(message.id, str):
            message.string = {"Cases": "Fälle", "Start": "Anfang"}.get(message.id, message.id)
    with (package / "web" / "locales" / "de.po").open("wb") as stream:
        write_po(stream, german)
    ran = subprocess.run(
        [sys.executable, "-c", IN_THREE_LANGUAGES, str(tmp_path / "site")],
        env={**os.environ, "PYTHONPATH": f"{package.parent}{os.pathsep}{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    made = json.loads(ran.stdout)
    assert '<html lang="de">' in made["served"]
    assert "<h1>Fälle</h1>" in made["served"]
    assert made["sent"] == "/de/index.html"
    published = made["published"]
    assert 'aria-current="page">Anfang</a>' in published["de/index.html"]
    assert 'hreflang="de">Deutsch</a>' in published["en/index.html"]
    assert (
        '<link rel="alternate" hreflang="de" href="../de/index.html">'
        in (published["en/index.html"])
    )
    assert '<section lang="de"' in published["404.html"]
    assert "<loc>https://example.org/de/index.html</loc>" in published["sitemap.xml"]
    assert '<html lang="de">' in published["de/case/hostile-0.html"]


def test_every_language_but_english_has_a_catalogue() -> None:
    assert ("en", *messages.catalogues()) == LANGUAGES
