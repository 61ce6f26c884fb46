"""Texts of the interface in code and templates, and the catalogues that should have them all.

`python tests/messages.py` puts new texts into every catalogue, untranslated, and takes out those
that are no longer used. A new language: copy `es.po` to its code, such as `fr.po`, and translate.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).parents[1] / "src" / "govgraph" / "web"
LOCALES = WEB / "locales"

_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext.babel_extract")]
_OPTIONS = {"templates/**.html": {"trimmed": "true", "extensions": "jinja2.ext.i18n"}}
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def extracted() -> Catalog:
    """Return the texts that code and templates mark, each with where it stands."""
    texts = Catalog()
    found = extract_from_dir(WEB, _METHODS, _OPTIONS, keywords=_KEYWORDS)
    for path, _line, message, _comments, _context in sorted(found, key=lambda text: text[:2]):
        texts.add(message, locations=[(path, None)])
    return texts


def catalogues() -> dict[str, Catalog]:
    """Return the catalogues by language."""
    read = {}
    for path in sorted(LOCALES.glob("*.po")):
        with path.open("rb") as stream:
            read[path.stem] = read_po(stream, locale=path.stem)
    return read


def main() -> None:
    """Write every catalogue anew: with the texts there are, and none that is not used."""
    for language, catalogue in catalogues().items():
        catalogue.update(
            extracted(),
            no_fuzzy_matching=True,
            update_header_comment=False,
            update_creation_date=False,
        )
        catalogue.obsolete.clear()
        with (LOCALES / f"{language}.po").open("wb") as stream:
            write_po(stream, catalogue, width=98, ignore_obsolete=True)


if __name__ == "__main__":
    main()
