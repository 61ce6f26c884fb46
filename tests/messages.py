"""Texts of the interface in code, templates and JavaScript, and the catalogues that have them all.

`python tests/messages.py` puts new texts into every catalogue, untranslated, and takes out those
that are no longer used. A new language: `python tests/messages.py fr` begins its catalogue.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import babel
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from govgraph.coding.starting import in_language

ROOT = Path(__file__).parents[1]
WEB = ROOT / "src" / "govgraph" / "web"
LOCALES = ROOT / "src" / "govgraph" / "texts" / "locales"

_FOLDERS = ("src/govgraph", "web/explorer/src", "web/editor/src")
_METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2.ext.babel_extract"),
    ("**.js", "javascript"),
]
_OPTIONS = {"**/templates/**.html": {"trimmed": "true", "extensions": "jinja2.ext.i18n"}}
_DAY = datetime(2026, 11, 30, tzinfo=UTC)
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def extracted() -> Catalog:
    """Return the texts that code and templates mark, each with where it stands."""
    texts = Catalog()
    found = {
        (f"{folder}/{path}", message)
        for folder in _FOLDERS
        for path, _, message, *_ in extract_from_dir(
            ROOT / folder, _METHODS, _OPTIONS, keywords=_KEYWORDS
        )
    }
    templates = ROOT / "src/govgraph/templates"
    for template in sorted(templates.iterdir()):

        def noted(message: str, path: Path = template) -> str:
            found.add((str(path.relative_to(ROOT)), message))
            return message

        if template.suffix != ".csv":
            in_language(template.name, template.read_text("utf-8"), noted)
    for path, message in sorted(found, key=lambda text: (text[0], str(text[1]))):
        texts.add(message, locations=[(path, None)])
    return texts


def catalogues() -> dict[str, Catalog]:
    """Return the catalogues by language."""
    read = {}
    for path in sorted(LOCALES.glob("*.po")):
        with path.open("rb") as stream:
            read[path.stem] = read_po(stream, locale=path.stem.replace("-", "_"))
    return read


def begun(language: str) -> Catalog:
    """Return an empty catalogue of a language, with its plurals."""
    locale = babel.Locale.parse(language, sep="-")
    name = locale.english_name
    return Catalog(
        locale,
        header_comment=f"# Texts of the interface in {name}."
        " To add or drop texts: python tests/messages.py",
        project="govgraph",
        version="0.2",
        last_translator="govgraph",
        language_team=str(name),
        creation_date=_DAY,
        revision_date=_DAY,
        fuzzy=False,
    )


def main() -> None:
    """Write every catalogue anew: with the texts there are, and none that is not used."""
    new = {language: begun(language) for language in sys.argv[1:]}
    for language, catalogue in (new | catalogues()).items():
        catalogue.update(
            extracted(),
            no_fuzzy_matching=True,
            update_header_comment=False,
            update_creation_date=False,
        )
        catalogue.obsolete.clear()
        with (LOCALES / f"{language}.po").open("wb") as stream:
            write_po(stream, catalogue, width=98, ignore_obsolete=True, sort_output=True)


if __name__ == "__main__":
    main()
