"""Stored queries read from files: one file, or a folder of them as a library."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast

from pyoxigraph import NamedNode

from govgraph import resources
from govgraph.coding.study import QUERY, Study
from govgraph.errors import SourceError, UsageError, did_you_mean, shortened
from govgraph.files import slugs, visible
from govgraph.queries.engine import check_syntax, empty_store, for_engine
from govgraph.queries.header import Expectation, Header, promises_of, read_expectation, read_header
from govgraph.queries.parameters import (
    ANY,
    TYPES,
    Argument,
    Described,
    Parameter,
    Resolver,
    Translated,
    resolve_iri,
)
from govgraph.queries.sparql import DataTerm, Form, Terms, line_of, outline, scan, write_term
from govgraph.rdf.dumps import read_text
from govgraph.rdf.formats import path_in_iri
from govgraph.results import Kind, Result, Tabular
from govgraph.vocabulary import BASE

_PARAMETER_KEYS: Final = ("type", "class", "default", "description")


@dataclass(frozen=True, repr=False)
class StoredQuery(Described):
    """A query of a file, with what its header says of it.

    slug        its name: the path inside its library without `.rq`, as in "claims/doubling"
    text        SPARQL as it stands in the file, header included; runs in any tool
    form        "select", "ask", "construct" or "describe"
    inference   whether its answer rests on inferred statements
    expect      what its answer must be
    promises    what studies expect it to answer, be it with arguments
    base        what its IRI begins with: govgraph's, or that of the study whose query it is
    translated  summary, question and description in other languages, see `Described`
    """

    slug: str
    path: Path | None
    text: str = field(repr=False)
    form: Form
    summary: str = ""
    question: str = ""
    description: str = ""
    translated: Translated = field(default_factory=dict, repr=False)
    tags: tuple[str, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    inference: bool = False
    expect: Expectation = field(default_factory=Expectation)
    promises: tuple[Expectation, ...] = ()
    base: str = BASE

    def __hash__(self) -> int:
        return hash((self.slug, self.text))

    def __repr__(self) -> str:
        lines = [f"{self.slug}: {self.question}" if self.question else self.sparql.strip()]
        lines += [
            f"  {each.name} ({each.type}): {each.default_text or 'any'}  {each.description}"
            for each in self.parameters.values()
        ]
        return "\n".join([*lines, f"Ask it: kg.query({self.slug!r}, …)"])

    @property
    def iri(self) -> NamedNode:
        """Its IRI."""
        return NamedNode(f"{self.base}{QUERY}{path_in_iri(self.slug)}")

    @property
    def kind(self) -> Kind:
        """The kind of result it gives, for `results.check_suits` before it is run."""
        return "graph" if self.form in {"construct", "describe"} else cast(Kind, self.form)

    @property
    def sparql(self) -> str:
        """The SPARQL text without the header."""
        lines = self.text.splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith("#+"))

    def terms(self, arguments: Mapping[str, Argument], resolve: Resolver = resolve_iri) -> Terms:
        """Return the RDF terms of the arguments (what the data give besides: see `Defaults`).

        Raises UsageError for a parameter the query does not have and a value that does not fit.
        """
        terms: Terms = {}
        for name, argument in arguments.items():
            parameter = self.parameters.get(name)
            is_own = parameter is None and (self.path is None or not self.parameters)
            if is_own and any(token[0] in {f"?{name}", f"${name}"} for token in scan(self.text)):
                parameter = Parameter(name, ANY, None, (None,))
            if parameter is None:
                takes = [f"{taken.name} ({taken.type})" for taken in self.parameters.values()]
                message = f"The query {self.slug!r} has no parameter {shortened(name)!r}."
                hint = did_you_mean(name[:50], self.parameters)
                raise UsageError(f"{message}{hint} It takes {', '.join(takes) or 'none'}.")
            terms[name] = parameter.terms(argument, resolve)
        return terms


class Queries(Tabular, dict[str, StoredQuery]):
    """Stored queries by name; a table of them too."""

    @property
    def result(self) -> Result:
        """A row for each query: name, question, parameters, tags."""
        columns = ("name", "question", "parameters", "tags")
        rows = (
            (slug, query.question, " ".join(query.parameters), " ".join(query.tags))
            for slug, query in self.items()
        )
        return Result.of_rows(columns, rows)

    def __missing__(self, name: object) -> StoredQuery:
        hint = did_you_mean(str(name), self) or f" There are: {', '.join(self)}."
        raise UsageError(f"There is no {shortened(repr(name))} here.{hint}")


def load_query(
    path: str | os.PathLike[str], *, root: Path | None = None, check: bool = True
) -> StoredQuery:
    """Read a query file; its slug is its path inside `root`, else its name.

    Without `check`, SPARQL that is not valid is left for `run` to find. Raises SourceError, with
    file and line, for a file that cannot be read, a header that is no YAML or says what does not
    fit, a parameter without a VALUES line, a VALUES line of one variable that is no parameter,
    and SPARQL that is not valid.
    """
    path = Path(path)
    text = read_text(path, str(path))
    slug = (path.relative_to(root) if root else Path(path.name)).with_suffix("").as_posix()
    rows = root / "expected" / f"{slug}.csv" if root else None
    query = parse_query(text, slug=slug, path=path, check=check)
    if rows is None or not rows.is_file():
        return query
    return replace(query, expect=replace(query.expect, file=rows))


@lru_cache(maxsize=512)
def parse_query(
    text: str, *, slug: str = "query", path: Path | None = None, check: bool = True
) -> StoredQuery:
    """Read a query from text, as `load_query` does; `path` is what errors name."""
    text = text.replace("\r\n", "\n")
    source = path or f"<{slug}>"
    header = read_header(text, source)
    parts = outline(text)
    if parts.form in {"update", "unknown"}:
        found = "a SPARQL update, which changes data" if parts.form == "update" else "no query"
        message = f"Found {found}: expected SELECT, ASK, CONSTRUCT or DESCRIBE."
        raise SourceError(message, source, line_of(text, parts.start))
    if check:
        check_syntax(text, source)
    described: dict[str, Any] = {}
    if header is not None:
        described = header.described()
        described["tags"] = tuple(header.texts("tags", expected="a list such as [actors]"))
        described["parameters"] = _parameters(header, text)
        described["inference"] = bool(header.truth("inference"))
        described["expect"] = read_expectation(header)
    return StoredQuery(slug, path, text, parts.form, **described)


def _parameters(header: Header, text: str) -> dict[str, Parameter]:
    declared: Any = header.data.get("params") or {}
    header.check_keys(declared, tuple(declared) if isinstance(declared, dict) else (), "params")
    names = [block.variable for block in outline(text).values]
    for name, block in zip(names, outline(text).values, strict=True):
        if name not in declared:
            message = (
                f"VALUES ?{name} is no parameter of the header: declare '{name}' under params,"
            )
            message += f" or write VALUES (?{name}) {{ (…) }} for a table that stays."
            raise SourceError(message, header.source, line_of(text, block.start))
    parameters = {}
    for name, data in declared.items():
        if name not in names:
            shown, hint = shortened(name), did_you_mean(str(name)[:50], names)
            message = f"The parameter {shown!r} has no line VALUES ?{shown} {{ … }} in the query."
            raise header.error(f"{message}{hint}", "params", str(name))
        parameters[name] = _parameter(header, name, data, _data(text, name, header))
    return parameters


def _data(text: str, name: str, header: Header) -> tuple[DataTerm, ...]:
    """Return the terms of a parameter's VALUES blocks, read by the RDF library."""
    blocks = [block for block in outline(text).values if block.variable == name]
    defaults = []
    for block in blocks:
        data = text[block.start : block.end]
        query = f"{text[: outline(text).start]}SELECT ?x {{ VALUES ?x {{ {data}\n}} }}"
        try:
            defaults.append(tuple(row["x"] for row in empty_store().query(for_engine(query).text)))  # type: ignore[union-attr]
        except SyntaxError:
            check_syntax(text, header.source)  # which names the line
            message = f"VALUES ?{name} holds what is no list of terms."
            raise SourceError(message, header.source, line_of(text, block.start)) from None
    if len(set(defaults)) > 1:
        message = f"The VALUES blocks of ?{name} differ: give all the same default."
        raise SourceError(message, header.source, line_of(text, blocks[1].start))
    if not defaults[0]:
        message = f"VALUES ?{name} is empty: give a default, or UNDEF for any."
        raise SourceError(message, header.source, line_of(text, blocks[0].start))
    return defaults[0]


def _parameter(header: Header, name: str, data: Any, default: tuple[DataTerm, ...]) -> Parameter:
    where = ("params", name)
    header.check_keys(data, _PARAMETER_KEYS, *where)
    kind = data.get("type", "string")
    if str(kind) not in TYPES:
        hint = did_you_mean(str(kind)[:50], TYPES)
        message = f"type: found {shortened(kind)!r}, expected one of {', '.join(TYPES)}.{hint}"
        raise header.error(message, *where, "type")
    class_iri = _class(header, name, data, "class")
    if "default" in data and default != (None,):
        message = f"`default: data` needs VALUES ?{name} {{ UNDEF }}; a fixed default stands there."
        raise header.error(message, *where, "default")
    is_any = data.get("default") == "data"
    parameter = Parameter(
        name,
        kind,
        class_iri,
        default,
        header.text(*where, "description"),
        {"description": header.translated(*where, "description")},
        class_iri or "" if is_any else _class(header, name, data, "default"),
    )
    for term in default:
        if not parameter.accepts(term):
            shown = shortened(write_term(term))
            message = f"VALUES ?{name} holds {shown}, which does not fit its type {kind!r}."
            raise header.error(message, *where)
    return parameter


def _class(header: Header, name: str, data: Any, key: str) -> str | None:
    if key not in data:
        return None
    try:
        return resolve_iri(str(data[key])).value
    except UsageError as error:
        message = f"{key}: {shortened(data[key])!r} is {shortened(error)}"
        raise header.error(message, "params", name, key) from None


def load_library(folder: str | os.PathLike[str]) -> dict[str, StoredQuery]:
    """Return the queries of a folder and its subfolders by slug, sorted.

    SPARQL is not checked before a query is run. Raises SourceError as `load_query` does, and
    where there is no such folder.
    """
    root = Path(folder)
    if not root.is_dir():
        raise SourceError("There is no such folder of queries.", root)
    queries = (load_query(path, root=root, check=False) for path in visible(root, "*.rq"))
    return {query.slug: query for query in sorted(queries, key=lambda query: query.slug)}


def load_libraries(studies: Iterable[Study]) -> Queries:
    """Return the queries that are about any study, and those of some studies, by slug.

    What a study promises of any of them (`queries/expected/`) is among their `promises`. Raises
    SourceError where two have one name, and for a promise of a query there is none of.
    """
    queries = load_library(resources.bundled("queries"))
    folders = {study.base: study.folder / "queries" for study in studies if study.folder}
    folders = {base: folder for base, folder in folders.items() if folder.is_dir()}
    for base, folder in folders.items():
        for slug, query in load_library(folder).items():
            if slug in queries:
                message = f"{queries[slug].path} has the same name. Give this query another."
                raise SourceError(message, query.path)
            queries[slug] = replace(query, base=base)
    for folder in folders.values():
        promises = promises_of(folder / "expected", queries, slugs(folder, ".rq"))
        for slug, promise in promises.items():
            query = queries[slug]
            queries[slug] = replace(query, promises=(*query.promises, promise))
    return Queries(sorted(queries.items()))


def find_query(library: Mapping[str, StoredQuery], name: str) -> StoredQuery:
    """Return the query of that slug, or the only one whose slug ends in it.

    Raises UsageError with what was perhaps meant.
    """
    name = name.removesuffix(".rq").strip("/")
    if name in library:
        return library[name]
    matches = [slug for slug in library if slug.endswith(f"/{name}")]
    if len(matches) == 1:
        return library[matches[0]]
    if matches:
        raise UsageError(f"Several queries are named {name!r}: {', '.join(matches)}. Give one.")
    ends = [slug.rpartition("/")[2] for slug in library]
    near = did_you_mean(name, library) or did_you_mean(name, ends)
    message = f"There is no stored query {shortened(name)!r}.{near}"
    raise UsageError(f"{message} `govgraph queries`, kg.queries list them.")
