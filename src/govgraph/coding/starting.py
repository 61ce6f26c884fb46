"""Files to start from: templates, filled in for the languages of a study.

The examples in them are names that mean nothing in any language ("Alfa", "Forum 21"), so that a
label may be tagged with any. In a template stand

LABEL(text)         the text in each language: a language map in YAML, cells of a table
LABEL, DEFINITION   in the head of a table: a column for each language
LANGUAGE            the first language; other words in capitals: what is asked for or chosen

Comments, and pages of Markdown, are in the first language where the interface has it.
"""

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import resources
from itertools import zip_longest
from pathlib import Path
from textwrap import dedent, indent
from typing import Final

from govgraph.coding.study import FILE, Study, study_folder
from govgraph.coding.study_file import read_study, study_of_text
from govgraph.errors import SourceError, SourceErrors, UsageError
from govgraph.files import make_folder, written_together, written_whole
from govgraph.resources import default_study
from govgraph.texts import N_, translations

KINDS: Final = {
    "case": ("cases", "case.yaml"),
    "table": ("tables", "table.csv"),
    "codes": ("codes", "codes.csv"),
    "query": ("queries", "query.rq"),
}
"""What can be started in a study: the folder it lies in, and the template."""
LONGEST: Final = 100
_NO_LICENCE: Final = N_(
    "# licence: https://creativecommons.org/licenses/by/4.0/   # until you choose one, none is said"
)
_FIRST: Final = {
    "README.md": "README.md",
    "cases/first-case.yaml": "case.yaml",
    "codes/first-codes.csv": "codes.csv",
    "documents/README.md": "documents.md",
    "queries/first-query.rq": "query.rq",
}
"""What a new study holds beside study.yaml, and the template of each."""


def start_study(
    folder: str | Path,
    *,
    base: str,
    languages: Sequence[str],
    title: str = "",
    creators: Sequence[str] = (),
    orcids: Sequence[str] = (),
    licence: str = "",
) -> list[Path]:
    """Write a study that validates as it stands; returns its files.

    Raises UsageError for what cannot stand in its study.yaml, for a folder that is there, and for
    a base that a study beside it or a bundled one has.
    """
    folder = Path(folder)
    _check_free(folder)
    if outer := study_folder(folder.parent):
        raise UsageError(f"{folder} would lie in the study {outer}. Go to a folder outside it.")
    if len(orcids) > len(creators):
        raise UsageError("an --orcid belongs to the --creator before it: name the creator too.")
    lacking = translations(next(iter(languages), "")).gettext(_NO_LICENCE)
    values = {
        "TITLE": title or folder.name.replace("-", " ").capitalize(),
        "BASE": base,
        "CREATORS": _creators(creators, orcids),
        "LICENCE": f"licence: {_quoted(licence)}" if licence else lacking,
    }
    text = _filled_in("study.yaml", languages, values)
    try:
        study = study_of_text(text, folder)
    except SourceErrors as mistakes:
        raise UsageError("\n".join(dict.fromkeys(e.message for e in mistakes.errors))) from None
    _check_base(study)
    with written_together(folder) as new:
        (new / FILE).write_text(text, "utf-8")
        for name, template in _FIRST.items():
            path = new / name
            path.parent.mkdir(exist_ok=True)
            slug = path.stem.replace("first-codes", "first")
            text = _filled_in(template, study.languages, {**values, "SLUG": slug, "PATH": name})
            path.write_text(text, "utf-8")
        _check_free(folder)  # which somebody else may have made meanwhile
    return [folder / FILE, *(folder / name for name in _FIRST)]


def start_file(kind: str, slug: str, output: Path | None = None) -> Path:
    """Write a file of one of KINDS; returns its path.

    It lies in the study here or above, in the folder for its kind; in `output` where that is given,
    and here where there is no study. Raises UsageError where it is there already.
    """
    place, template = KINDS[kind]
    folder = study_folder(Path.cwd())
    if output is None:
        output = Path(os.path.relpath(folder / place)) if folder else Path()
    path = (output / ((slug.strip("./") and slug) or "-")).with_suffix(Path(template).suffix)
    _check_free(path)
    languages = read_study(folder).languages if folder else ("en",)
    make_folder(output)
    with written_whole(path) as stream:
        values = {"SLUG": slug, "PATH": str(path)}
        stream.write(_filled_in(template, languages, values).encode())
        _check_free(path)  # which somebody else may have made meanwhile
    return path


def _check_base(study: Study) -> None:
    """Raise UsageError where a bundled study, or one beside, has the base of a new one."""
    assert study.folder is not None
    for folders in (default_study().parent, study.folder.parent):
        for path in sorted(folders.glob(f"*/{FILE}")):
            with suppress(SourceError):  # what is wrong in another study is not said here
                base = read_study(path.parent).base
                if base.startswith(study.base) or study.base.startswith(base):
                    other = f"{base}, that of {path.parent}"
                    raise UsageError(f"the base {study.base} overlaps {other}. Take another.")


def _check_free(path: Path) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.stem):
        message = f"{path.stem!r} is no slug: use lower-case letters, digits and hyphens, as in"
        raise UsageError(f"{message} my-town.")
    if len(path.name) > LONGEST:
        raise UsageError(f"{path.stem[:20]}… is too long for a name: {LONGEST} letters are enough.")
    if os.path.lexists(path):
        raise UsageError(f"{path} exists already. Choose another name, or remove it first.")


def _filled_in(template: str, languages: Sequence[str], values: Mapping[str, str]) -> str:
    text = resources.files("govgraph").joinpath("templates", template).read_text("utf-8")
    text = in_language(template, text, translations(languages[0]).gettext)
    in_table, in_yaml = template.endswith(".csv"), template == "study.yaml"
    words = {
        "LANGUAGES": f"[{', '.join(map(_quoted, languages))}]",
        "LANGUAGE": _quoted(languages[0]) if in_yaml else languages[0],
        "LABEL": ",".join(f"label.{language}" for language in languages),
        "DEFINITION": ",".join(f"definition.{language}" for language in languages),
        **values,
    }
    if in_yaml:
        words |= {word: _quoted(values[word]) for word in ("TITLE", "BASE")}
        words["TITLE"] += "".join(f"   # {language}: …" for language in languages[1:])

    def word(match: re.Match[str]) -> str:
        if match["label"] is None:
            return words[match[0]]
        if in_table:
            return ",".join([match["label"]] * len(languages))
        pairs = (f"{language}: {_quoted(match['label'])}" for language in languages)
        return f"{{{', '.join(pairs)}}}"

    pattern = "|".join(sorted(words, key=len, reverse=True))
    return re.sub(rf"LABEL\((?P<label>[^)]*)\)|{pattern}", word, text)


def in_language(template: str, text: str, gettext: Callable[[str], str]) -> str:
    """Return a template with what it tells its reader as `gettext` has it.

    That is each comment of YAML or SPARQL, lines below one another as one, and each paragraph of
    Markdown.
    """

    def told(match: re.Match[str]) -> str:
        before, said = match[0][: -len(match[0].lstrip(" "))], dedent(match[0])
        return indent(gettext(said.rstrip("\n")), before) + "\n" * said.endswith("\n")

    is_page = template.endswith(".md")
    return re.sub(r"(?:.+\n)+" if is_page else r"(?m)(?:^ *#(?!\+).*\n)+|(?<=\S) +# .*", told, text)


def _quoted(text: str) -> str:
    """Return a text as YAML: in quotes, but for most language tags (`no` is none to others)."""
    is_plain = re.fullmatch(r"[a-z]{2}(-[a-z]+)?", text) and text != "no"
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _creators(names: Sequence[str], orcids: Sequence[str]) -> str:
    if not names:
        return '# creators:\n#   - {name: "…", orcid: "0000-0002-1825-0097"}'
    lines = ["creators:"]
    for name, orcid in zip_longest(names, orcids, fillvalue=""):
        more = f", orcid: {_quoted(orcid)}" if orcid else ""
        lines.append(f"  - {{name: {_quoted(name)}{more}}}")
    return "\n".join(lines)
