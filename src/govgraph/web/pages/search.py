"""Search by words: what has a page, by its names, notes and years in every language of the study.

The same entries answer on a server and, as a file that the script of the pages reads, on a static
site. Case and accents do not matter; `static/search.js` ranks as `found` does.
"""

import json
import re
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from govgraph.texts import N_
from govgraph.vocabulary import DCTERMS, GG, RDFS, SKOS
from govgraph.web.addresses import ONTOLOGY
from govgraph.web.pages.links import Links
from govgraph.web.pages.reading import folded, natural
from govgraph.web.pages.rendering import View

_NAMES: Final = (
    f"{RDFS}label", f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{DCTERMS}title", f"{GG}nameAsPrinted",
)  # fmt: skip
_MOST: Final = 100
"""Results that a page shows."""
_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 60
"""Letters of the longest name that is suggested for a mistyped one."""


class Entry(NamedTuple):
    """What can be found: its title, kind and address below the root of the site.

    `texts` are its other names and its notes, a line each; `names` and `notes` hold the plain words
    of each text between bars: "|el tiempo|diario|".
    """

    title: str
    kind: str
    address: str
    texts: tuple[str, str]
    names: str
    notes: str


def plain(texts: list[str]) -> str:
    """Return the words of texts without case, accents and punctuation, between bars."""
    plain_texts = (" ".join(_WORD.findall(folded(text))) for text in texts)
    return f"|{'|'.join(plain_texts)}|"


def entries(view: View) -> list[Entry]:
    """Return what can be found in the language of a page, in the order of its titles."""
    return view.reading.once(("search", view.language), lambda: _entries(view))


def _entries(view: View) -> list[Entry]:
    below = View(view.reading, Links("", view.language, public=view.links.public))
    page, query = view.gettext(N_("Page")), view.gettext(N_("Stored query"))
    made = [
        _entry(title, page, below.links.page(name), [], [])
        for name, title in view.sections.items()
        if name != "search"
    ]
    for iri, path in view.reading.described.items():
        slug = view.reading.slugs.get(iri, "")
        if path != ONTOLOGY or "#" in iri:
            kind, texts = _kind(view, iri), _texts(view, iri)
            if slug:
                asked, tags = view.graph.queries[slug], (view.language, *view.reading.languages)
                names = [slug, *filter(None, (asked.told("summary", tag)[1] for tag in tags))]
                kind, texts = query, (names, [str(view.told(asked, "question"))])
            made.append(_entry(view.label(iri), kind, below.href(iri), *texts))
    return sorted(made, key=lambda entry: (natural(entry.title), entry.address))


def _entry(title: str, kind: str, address: str, names: list[str], notes: list[str]) -> Entry:
    others, notes = ([*dict.fromkeys(texts)] for texts in (names, notes))
    others = [name for name in others if name != title]
    texts = ("\n".join(others), "\n".join(notes))
    return Entry(title, kind, address, texts, plain([title, *others]), plain(notes))


def _kind(view: View, iri: str) -> str:
    """Return what kind a thing is: a code's is its list, any other's a class that it is said of."""
    kinds = view.reading.iris(iri, "skos:inScheme")
    kinds = kinds or view.reading.iris(iri, "rdf:type", inferred=False)
    return view.label(kinds[0]) if kinds else ""


def _texts(view: View, iri: str) -> tuple[list[str], list[str]]:
    quads = view.reading.store.quads_for_pattern(ox.NamedNode(iri), None, None)
    said = sorted(
        (quad.predicate.value, quad.object.value)
        for quad in quads
        if isinstance(quad.object, ox.Literal)
    )
    names = [text for name, text in said if name in _NAMES]
    return names, [text for name, text in said if name not in _NAMES]


def found(view: View, text: str) -> list[Entry]:
    """Return what has all words of a text, what is called so first, then what begins so."""
    words = plain([text]).strip("|").split()
    asked = " ".join(words)

    def rank(entry: Entry) -> tuple[int, int]:
        starts = all(f" {word}" in entry.names or f"|{word}" in entry.names for word in words)
        in_names = all(word in entry.names for word in words)
        tests = [f"|{asked}|" in entry.names, entry.names.startswith(f"|{asked}"), starts, in_names]
        return [*tests, True].index(True), len(entry.title)

    hits = (e for e in entries(view) if all(word in e.names or word in e.notes for word in words))
    return sorted(hits, key=rank) if words else []


def near(view: View, text: str) -> list[Entry]:
    """Return what a mistyped text, or the end of an address, may have meant: five at most."""
    folder, _, name = re.sub(r"\.\w+$", "", text).rpartition("/")
    asked, beside = plain([name]).strip("|"), f"/{folder.rpartition('/')[2]}/"
    if not asked or len(asked) > _LONGEST:
        return []
    by_name: dict[str, list[Entry]] = {}
    for entry in entries(view):
        end = plain([entry.address.removesuffix(".html").rpartition("/")[2]])
        for known in f"{entry.names}{end}".strip("|").split("|"):
            by_name.setdefault(known, []).append(entry)
    matches = get_close_matches(asked, by_name, n=5, cutoff=0.7)
    hits = found(view, asked) or [entry for known in matches for entry in by_name[known]]
    return sorted(dict.fromkeys(hits), key=lambda entry: beside not in entry.address)[:5]


def render(view: View, text: str = "") -> str:
    """Return the page of results as HTML; without a server its script finds them."""
    hits = found(view, text)
    return view.render(
        "search",
        view.gettext("Search"),
        text=text,
        total=len(hits),
        hits=hits[:_MOST],
        near=near(view, text) if text and not hits else [],
    )


def index_file(view: View) -> bytes:
    """Return the entries as the script of the pages reads them."""
    kinds = sorted({entry.kind for entry in entries(view)})
    rows: list[list[Any]] = [
        [entry.title, kinds.index(entry.kind), entry.address, *entry.texts]
        for entry in entries(view)
    ]
    text = json.dumps({"kinds": kinds, "entries": rows}, ensure_ascii=False, separators=(",", ":"))
    return f"govgraphSearch({text});\n".encode()
