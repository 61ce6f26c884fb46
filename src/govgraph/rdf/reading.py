"""RDF files -> quads, or a store: every quad in a named graph and no blank node without a name.

Files of lines without blank nodes go straight into the store, whatever their size; others are
read quad by quad, so that their blank nodes can be named by their canonical labels (RDFC-1.0).
Nothing is fetched: a context of JSON-LD that a file names and does not hold travels with govgraph,
or lies beside the file, and is named by a path.

The union of the graphs read has each triple once, as SPARQL 1.1 wants a default graph to be.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import pyoxigraph as ox

from govgraph.errors import SourceError, UsageError, warn
from govgraph.files import is_file
from govgraph.rdf.dumps import TOO_LONG, decoded, inspect, is_too_long, opened, unchanged
from govgraph.rdf.formats import RdfFormat, format_of, known_endings
from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.terms import GraphName, Term
from govgraph.resources import bundled

AnyNode = TypeVar("AnyNode", bound=Term | GraphName)
_CONTEXTS: Final = Path(__file__).parent / "contexts"
_KNOWN_CONTEXTS: Final = {
    "schema.org": "schema",
    "schema.org/docs/jsonldcontext": "schema",
    "www.w3.org/ns/activitystreams": "activitystreams",
    "www.w3.org/ns/anno": "anno",
    "www.w3.org/2018/credentials/v1": "credentials-v1",
    "www.w3.org/ns/credentials/v2": "credentials-v2",
    "www.w3.org/ns/csvw": "csvw",
    "www.w3.org/ns/did/v1": "did-v1",
    "w3id.org/govgraph/context": "",
}
"""Addresses without scheme and ending -> file; "" is our own."""
_DEEPEST_CONTEXTS: Final = 5


def load_rdf(
    store: ox.Store, path: Path, rdf_format: RdfFormat, shown: str, graph: str, taken: Counter[str]
) -> str:
    """Load a file; what lies in no graph comes into `graph`.

    Returns what the IRIs of its blank nodes begin with, which is its name and content: so the nodes
    of two files are two, in one load or in several, and those of one file read twice are the same.
    `taken` counts the files of one load: two that are alike are two. Raises SourceError, naming the
    file as `shown`, for what is not RDF.
    """
    with unchanged(path, shown):
        digest, may_have_blank_nodes = inspect(path, rdf_format, shown)
        if rdf_format.lines and not may_have_blank_nodes:
            with opened(path, shown) as stream, syntax_errors_named(shown):
                to_graph = ox.NamedNode(graph)
                store.bulk_load(stream, format=rdf_format.engine, to_graph=to_graph)
            return ""
        base, _, name = graph.partition("graph/editorial/")
        taken[f"{name}/{digest}"] += 1
        twin = f".{number}" if (number := taken[f"{name}/{digest}"]) > 1 else ""
        names = f"{base}.well-known/genid/{name}/{digest}{twin}/"
        with opened(path, shown) as stream:
            text = decoded(stream.read(), shown)  # names a byte that is not UTF-8
        if rdf_format.name == "jsonld":
            text = with_contexts(text, path.parent, shown)
        with syntax_errors_named(shown):
            parsed = ox.parse(text, format=rdf_format.engine, base_iri=base)
            quads = canonical(checked(parsed, shown))
            store.bulk_extend(named(quads, names, ox.NamedNode(graph)))
        return names


def read_quads(path: Path, form: RdfFormat, shown: str, base: str | None) -> Iterator[ox.Quad]:
    """Yield the quads of a file, their blank nodes renamed, so that those of two files are two.

    Raises SourceError.
    """
    with unchanged(path, shown):
        inspect(path, form, shown)
        with opened(path, shown) as stream, syntax_errors_named(shown):
            text: Any = stream
            if form.name == "jsonld":
                text = with_contexts(decoded(stream.read(), shown), path.parent, shown)
            quads = ox.parse(text, format=form.engine, base_iri=base, rename_blank_nodes=True)
            yield from checked(quads, shown)


def read_file(path: Path, shown: str, told: str = "") -> Iterator[ox.Quad]:
    """Yield the quads of a file, in the format that its ending says, or that which is told.

    Raises UsageError where that tells none, SourceError as `read_quads` does.
    """
    rdf_format = format_of(f"-.{told}" if told else path)
    if path.is_dir():
        raise UsageError(f"{shown}: a folder. Name the files in it.")
    if rdf_format is None:
        what = f"the ending {f'.{told}' if told else path.suffix!r} tells no RDF format"
        raise UsageError(f"{shown}: {what}. Known: {known_endings()}.")
    base = None if shown == "-" else path.absolute().as_uri()
    yield from read_quads(path, rdf_format, shown, base)


@contextmanager
def syntax_errors_named(shown: str) -> Iterator[None]:
    """Raise SourceError for what Oxigraph says of a file in other ways."""
    try:
        yield
    except SyntaxError as error:
        message = (error.msg or "").partition(": ")[2] if error.lineno else ""
        column = f"column {error.offset}: " if message and error.offset else ""
        line = error.lineno
        raise SourceError(f"{column}not valid RDF: {message or error.msg}.", shown, line) from None
    except MemoryError as error:
        if "buffer" not in str(error):
            raise
        raise SourceError(TOO_LONG, shown) from None


def checked(quads: Iterable[ox.Quad], shown: str) -> Iterator[ox.Quad]:
    """Yield quads, and warn if there is none.

    Raises SourceError for a text that engines would not read again.
    """
    is_empty = True
    for quad in quads:
        is_empty = False
        if isinstance(quad.object, ox.Literal) and is_too_long(quad.object.value):
            raise SourceError(f"{quad.subject} {quad.predicate}: {TOO_LONG}", shown)
        yield quad
    if is_empty:
        hint = " A key that no @context has is left out." if "json" in shown.lower() else ""
        warn(f"{shown}: it states nothing.{hint}")


def describes(store: ox.Store, iri: str) -> bool:
    """Tell whether a store says anything of an IRI; nothing is said of what is none."""
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return False
    return next(iter(store.quads_for_pattern(node, None, None, None)), None) is not None


def canonical(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads with canonical labels (RDFC-1.0) for their blank nodes."""
    result, anonymous = [], ox.Dataset()
    for quad in quads:
        if ox.BlankNode in (type(quad.subject), type(quad.object), type(quad.graph_name)):
            anonymous.add(quad)  # only these decide about the labels
        else:
            result.append(quad)
    anonymous.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return [*result, *sorted(anonymous, key=str)]


def named(quads: Iterable[ox.Quad], names: str, file_graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Yield quads with names for the default graph and every blank node.

    That of a blank node is `names` and its label.
    """

    def name(node: AnyNode) -> AnyNode | ox.NamedNode:
        if isinstance(node, ox.BlankNode):
            return ox.NamedNode(names + node.value)
        return file_graph if isinstance(node, ox.DefaultGraph) else node

    for quad in quads:
        yield ox.Quad(name(quad.subject), quad.predicate, name(quad.object), name(quad.graph_name))


def unite(store: ox.Store) -> None:
    """Give a store the union of its named graphs as its default graph."""
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")


@dataclass(frozen=True)
class UnionView:
    """A store whose default graph is the union (RDF merge) of its named graphs.

    Oxigraph's `use_default_graph_as_union` repeats a triple that several graphs hold, so that
    COUNT and SUM go wrong (SPARQL 1.1 Query, section 13.1, has a set of triples there).
    `quick` are queries that it answered at once, and of which there was nothing to warn.
    """

    store: ox.Store
    names: Names = NAMES
    quick: set[str] = field(default_factory=set, compare=False, repr=False)

    @classmethod
    def of(cls, store: ox.Store, names: Names = NAMES) -> Self:
        """Copy `store` and give it the union as its default graph."""
        view = ox.Store()
        view.bulk_extend(store)
        unite(view)
        return cls(view, names)


# -- contexts of JSON-LD -------------------------------------------------------------------------


def with_contexts(text: str, folder: Path, shown: str) -> str:
    """Return JSON-LD in which contexts stand where their addresses stood.

    `folder` is where files named by a path lie. Raises SourceError for a context that is unknown.
    """
    if '"@context"' not in text:
        return text
    try:
        tree = json.loads(text)
    except ValueError:
        return text  # the engine says where it is wrong
    return json.dumps(tree, ensure_ascii=False) if _put_contexts(tree, folder, shown, 0) else text


def _put_contexts(node: Any, folder: Path, shown: str, depth: int) -> bool:
    """Put contexts into a tree; tell whether there was one to put."""
    changed = False
    for value in node if isinstance(node, list) else ():
        changed |= _put_contexts(value, folder, shown, depth)
    for key, value in node.items() if isinstance(node, dict) else ():
        if key == "@context":
            parts = value if isinstance(value, list) else [value]
            if any(isinstance(part, str) for part in parts):
                contexts: list[Any] = []
                for part in parts:
                    put = _found_context(part, folder, shown, depth)
                    contexts += put if isinstance(put, list) else [put]
                node[key], changed = contexts, True
        changed |= _put_contexts(node[key], folder, shown, depth)
    return changed


def _found_context(name: Any, folder: Path, shown: str, depth: int) -> Any:
    if not isinstance(name, str):
        return name  # a context as it stands
    address = name.partition("://")[2].rstrip("/#")
    for ending in (".json", ".jsonld"):
        address = address.removesuffix(ending)
    path = Path(name)
    is_beside = ":" not in name and ".." not in path.parts and not path.is_absolute()
    if address in _KNOWN_CONTEXTS:
        tree = _context(_KNOWN_CONTEXTS[address])
    elif is_beside and is_file(folder / path) and depth < _DEEPEST_CONTEXTS:
        try:
            tree = json.loads((folder / path).read_text("utf-8-sig"))
        except (OSError, ValueError) as error:
            raise SourceError(f"the context {name!r} cannot be read ({error}).", shown) from None
        _put_contexts(tree, folder, shown, depth + 1)
    else:
        message = f"the context {name!r} is not known here, and nothing is fetched. Save it beside"
        raise SourceError(f'{message} this file, and give its file name as "@context".', shown)
    return tree.get("@context") if isinstance(tree, dict) else None


@cache
def _context(name: str) -> Any:
    path = _CONTEXTS / f"{name}.jsonld" if name else bundled("ontology") / "context.jsonld"
    return json.loads(path.read_text("utf-8"))
