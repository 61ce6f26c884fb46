"""What stands at the top of a query file: `#+` comment lines of YAML (the convention of grlc).

It says what the query asks and takes, and what its answer must be; a study may promise more.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml
from pyoxigraph import Literal, NamedNode

from govgraph.coding.yaml_lines import LocatedMap, parse_yaml, plain_data
from govgraph.errors import SourceError, did_you_mean, shortened
from govgraph.files import slugs
from govgraph.rdf.dumps import read_text
from govgraph.rdf.names import Names
from govgraph.rdf.terms import Term
from govgraph.results import Result, canonical_term, display, to_python
from govgraph.texts import TAG
from govgraph.vocabulary import XSD

KEYS: Final = (
    "summary", "question", "description", "tags", "params", "inference", "expect", "network",
)  # fmt: skip
TEXTS: Final = ("summary", "question", "description")
"""Keys whose text is in English; `summary_es` is the same in Spanish, and so in any language."""
PROMISES: Final = "expect.yaml"
_KEYS: Final = ("rows", "min_rows", "contains", "boolean")
Cell: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True)
class Header:
    """A header read: its data, and its YAML, each line where it stands in the file."""

    data: Mapping[str, Any]
    content: str
    source: Path | str

    def error(self, message: str, *keys: str) -> SourceError:
        """Return a SourceError at the line of the key reached through `keys`."""
        node = parse_yaml(self.content, self.source)
        line = node.line
        for key in keys:
            if not isinstance(node, LocatedMap) or key not in node.entries:
                break
            line, node = node.entries[key]
        return SourceError(message, self.source, line)

    def value(
        self,
        *keys: str,
        expected: str,
        kind: type = object,
        fits: Callable[[Any], bool] = lambda value: True,
        default: Any = None,
    ) -> Any:
        """Return what stands under a key, reached through those before it, or `default`.

        Raises SourceError where it is of another kind or does not fit; `expected` says what would.
        """
        data: Any = self.data
        for key in keys[:-1]:
            data = data.get(key, {})
        value = data.get(keys[-1], default)
        if keys[-1] in data and not (isinstance(value, kind) and fits(value)):
            found = f"{keys[-1]}: found {shortened(repr(value))}"
            raise self.error(f"{found}, expected {expected}.", *keys)
        return value

    def text(self, *keys: str) -> str:
        """Return the text under a key on one line, "" where there is none."""
        text = self.value(*keys, expected="text in quotes", kind=str, default="")
        return " ".join(text.split())

    def texts(self, *keys: str, expected: str) -> list[str]:
        """Return the list of texts under a key, [] where there is none; raises as `value` does."""
        texts: list[str] = self.value(
            *keys,
            expected=expected,
            kind=list,
            fits=lambda value: all(isinstance(item, str) for item in value),
            default=[],
        )
        return texts

    def translated(self, *keys: str) -> dict[str, str]:
        """Return the texts under a key in other languages: "es" -> what stands under `…_es`."""
        data: Any = self.data
        for key in keys[:-1]:
            data = data.get(key, {})
        tags = [tag for key in data if (tag := _language(str(key), keys[-1]))]
        return {tag: self.text(*keys[:-1], f"{keys[-1]}_{tag}") for tag in tags}

    def described(self) -> dict[str, Any]:
        """Return the texts of the whole header by key, and as `translated` those in languages."""
        translated = {name: self.translated(name) for name in TEXTS}
        return {**{name: self.text(name) for name in TEXTS}, "translated": translated}

    def truth(self, *keys: str) -> bool | None:
        """Return the true or false under a key, None where there is none."""
        value: bool | None = self.value(*keys, expected="true or false", kind=bool)
        return value

    def check_keys(self, data: Any, known: tuple[str, ...], *keys: str) -> None:
        """Raise SourceError where `data` is no mapping or has a key that is not known."""
        where = ".".join(keys) or "The header"
        if not isinstance(data, dict):
            found = f"{where}: found {shortened(repr(data))}"
            raise self.error(f"{found}, expected keys with values.", *keys)
        texts = [text for text in TEXTS if text in known]
        for key in data:
            if key not in known and not any(_language(str(key), text) for text in texts):
                hint = did_you_mean(str(key)[:50], known)
                message = f"Unknown key {shortened(repr(key))} in the header.{hint}"
                raise self.error(f"{message} Known: {', '.join(sorted(known))}.", *keys, str(key))


def _language(key: str, text: str) -> str:
    """Return the language of a key such as `summary_pt-BR`, "" for one that is no translation."""
    tag = key.removeprefix(f"{text}_")
    return tag if tag != key and TAG.fullmatch(tag) else ""


def read_header(text: str, source: Path | str) -> Header | None:
    """Return the header at the top of a query text, or None where it has none.

    Raises SourceError, with the line in the file, for YAML that cannot be read and unknown keys.
    """
    lines = []
    for line in map(str.strip, text.split("\n")):
        if line and not line.startswith("#"):
            break
        # other lines stay as empty ones, so that those of the YAML are those of the file
        lines.append(line[2:].removeprefix(" ") if line.startswith("#+") else "")
    content = "\n".join(lines)
    if not re.search(r"^\s*[^\s#]", content, re.MULTILINE):
        return None
    header = header_of(content, source)
    header.check_keys(header.data, KEYS)
    return header


def header_of(content: str, source: Path | str) -> Header:
    """Return YAML read; raises SourceError, with the line, for what is none, and for no mapping."""
    tree = parse_yaml(content, source)
    try:
        data = plain_data(tree)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        message = f"a value of the header is not valid: {error}."
        raise SourceError(message, source, tree.line) from None
    header = Header(data if isinstance(data, dict) else {}, content, source)
    if not isinstance(data, dict):
        header.check_keys(data, ())
    return header


@dataclass(frozen=True)
class Expectation:
    """What the answer to a query must be.

    params           the arguments it is asked with; its defaults where there are none
    rows, min_rows   how many rows (triples of a graph), exactly or at least
    contains         rows it must hold, each some of its columns with their values
    boolean          the answer of an ASK query
    file             a CSV file of all its rows, in any order
    """

    rows: int | None = None
    min_rows: int | None = None
    contains: tuple[Mapping[str, Cell], ...] = ()
    boolean: bool | None = None
    file: Path | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


def read_expectation(header: Header, file: Path | None = None, key: str = "expect") -> Expectation:
    """Return what stands in a header under a key, and the rows of `file` where there is one.

    Raises SourceError for what cannot be expected.
    """
    data: Any = header.data.get(key, {})
    header.check_keys(data, _KEYS if key == "expect" else (*_KEYS, "params"), key)
    rows, least = (
        header.value(key, name, expected="a count", fits=lambda n: type(n) is int and n >= 0)
        for name in ("rows", "min_rows")
    )
    contains = header.value(
        key,
        "contains",
        expected="a list of rows, as in [{label: Springfield, year: 1998}]",
        kind=list,
        fits=lambda rows: all(isinstance(row, dict) for row in rows),
        default=(),
    )
    example = "arguments, as in {case: case/springfield}"
    params = header.value(key, "params", expected=example, kind=dict, default={})
    boolean = header.truth(key, "boolean")
    return Expectation(rows, least, tuple(contains), boolean, file, params)


def promises_of(
    folder: Path, known: Collection[str], own: Collection[str]
) -> dict[str, Expectation]:
    """Return by slug what a study expects of stored queries, be they its own or of any study.

    It stands in `expect.yaml` of its folder of expected answers and in CSV files beside; those of
    its `own` queries are theirs already. Raises SourceError for a query that is not `known`.
    """
    path = folder / PROMISES
    content = read_text(path, str(path)) if path.is_file() else "{}"
    header = header_of(content, path)
    files = slugs(folder, ".csv")
    for slug in (*header.data, *files):
        if slug not in known:
            message = f"There is no stored query {slug!r}.{did_you_mean(str(slug), known)}"
            if slug in header.data:
                raise header.error(message, slug)
            raise SourceError(message, files[slug])
    promised = dict.fromkeys((*header.data, *(slug for slug in files if slug not in own)))
    return {
        slug: read_expectation(header, None if slug in own else files.get(slug), slug)
        for slug in promised
    }


def unmet(expected: Expectation, result: Result) -> list[str]:
    """Return, one line each, what a result lacks of what is expected; [] if it is met.

    Rows are compared by value and in any order. Raises SourceError for a file of expected rows
    that cannot be read.
    """
    faults = []
    if expected.rows is not None and len(result) != expected.rows:
        faults.append(f"expected {expected.rows} rows, found {len(result)}")
    if expected.min_rows is not None and len(result) < expected.min_rows:
        faults.append(f"expected at least {expected.min_rows} rows, found {len(result)}")
    if expected.boolean is not None and result.boolean is not expected.boolean:
        answer = display(result.rows[0][0]) if result.kind == "ask" else f"{len(result)} rows"
        faults.append(f"expected the answer {str(expected.boolean).lower()}, found {answer}")
    faults += [fault for row in expected.contains if (fault := _missing(row, result))]
    return faults + (_different(expected.file, result, expected.rows) if expected.file else [])


def _missing(expected: Mapping[str, Cell], result: Result) -> str:
    for name in expected:
        if name not in result.columns:
            return f"expected the column {name!r}, found {', '.join(result.columns)}"
    cells = [(result.columns.index(name), value) for name, value in expected.items()]
    names = result.names
    if any(all(_equals(row[i], value, names) for i, value in cells) for row in result.rows):
        return ""
    shown = ", ".join(f"{name}: {value}" for name, value in expected.items())
    return f"expected a row with {shown}; there is none"


def _equals(term: Term | None, written: Cell, names: Names) -> bool:
    """Whether a term is what a header writes for it: short or full IRI, text or number."""
    if written is None or term is None:
        return written is None and term is None
    if isinstance(written, bool):
        return to_python(term) is written
    if isinstance(written, int | float):
        return canonical_term(term) == canonical_term(_decimal(str(written)))
    return str(written) in {str(to_python(term)), display(term, names), getattr(term, "value", "")}


def _different(path: Path, result: Result, count: int | None) -> list[str]:
    """Return how the rows of a result differ from those of a file.

    A file without rows promises nothing, unless it is said that there are none.
    """
    head, *rows = list(csv.reader(io.StringIO(read_text(path, str(path)), newline=""))) or [[]]
    if sorted(head) != sorted(result.columns):
        return [f"{path.name}: expected the columns {', '.join(head)}, found"
                f" {', '.join(result.columns)}"]  # fmt: skip
    if not rows and count != 0:
        return [f"{path.name}: no row is expected. Say `rows: 0` where that is right."]
    for number, row in enumerate(rows, start=2):
        if len(row) != len(head):
            raise SourceError(f"{len(row)} cells, expected {len(head)}.", path, number)
    order = [head.index(name) for name in result.columns]
    expected = Counter(tuple(_comparable(row[i]) for i in order) for row in rows)
    actual = Counter(tuple(_comparable(_csv(term)) for term in row) for row in result.rows)
    missing, extra = sorted((expected - actual).elements()), sorted((actual - expected).elements())
    lines = [f"{path.name}: missing row {', '.join(row)}" for row in missing[:3]]
    lines += [f"{path.name}: unexpected row {', '.join(row)}" for row in extra[:3]]
    rest = len(missing) + len(extra) - len(lines)
    return [*lines, f"{path.name}: and {rest} more rows differ"] if rest > 0 else lines


def _csv(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else display(term)


def _comparable(cell: str) -> str:
    """Return a cell of a CSV file, which has no types: numbers written one way."""
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", cell):
        return cell
    return canonical_term(_decimal(format(Decimal(cell), "f")))[1]


def _decimal(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(f"{XSD}decimal"))
