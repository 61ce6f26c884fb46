"""What would kill an engine, found before it reads a file, and what names need to know of it.

An engine's own stack overflows on what is nested too deep, which no exception tells; entities of
RDF/XML unfold without bound.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn
from xml.parsers import expat

from govgraph.errors import SourceError
from govgraph.rdf.dumps import CHUNK, LONGEST_TEXT, TOO_LONG, opened
from govgraph.rdf.formats import RdfFormat

DEEPEST: Final = 500
"""How deep elements of RDF/XML, braces of JSON-LD and triple terms may be nested."""
TOO_DEEP: Final = f"more than {DEEPEST} levels within one another. Give what is nested names."
LONGEST_ENTITY: Final = 200
"""Characters of an entity of RDF/XML: Protégé writes namespaces so."""
_BEGIN: Final = b"<<("
# What is not closed is a token to its end, or each quote in it would be tried anew.
_TURTLE: Final = re.compile(
    rb"#[^\n]*+|<(?!<)[^<>\"\s]*+>?|<<\(|\)>>|"
    rb'"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+(?:""")?|'
    rb"'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+(?:''')?|"
    rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"?|'
    rb"'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'?",
    re.DOTALL,
)
_JSON: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)


@dataclass
class Inspected:
    """Of a file of RDF: a digest of its content, unpacked, and whether it may have blank nodes."""

    digest: str
    may_have_blank_nodes: bool


def inspect(path: Path, rdf_format: RdfFormat, shown: str) -> Inspected:
    """Look through a file.

    Raises SourceError for what is nested too deep, too long, or has a DOCTYPE of more than texts.
    """
    sha = hashlib.sha256()
    xml = _xml(shown) if rdf_format.name == "rdfxml" else None
    is_json, may_have_blank_nodes = rdf_format.name == "jsonld", not rdf_format.lines
    end, begins, line, since_line_end = b"", 0, 1, 0
    with opened(path, shown) as stream:
        while chunk := stream.read(CHUNK):
            sha.update(chunk)
            around = end + chunk
            end = around[-2:]
            begins += around.count(_BEGIN)
            if xml is not None:
                _feed(xml, chunk, shown)
            elif rdf_format.lines:
                may_have_blank_nodes |= b"_:" in around
                first = chunk.find(b"\n")
                since_line_end += len(chunk) if first < 0 else first
                if since_line_end > LONGEST_TEXT:
                    raise SourceError(TOO_LONG, shown, line)
                if first >= 0:
                    line += chunk.count(b"\n")
                    since_line_end = len(chunk) - chunk.rfind(b"\n") - 1
    if xml is not None:
        _feed(xml, b"", shown, is_last=True)
    elif is_json or begins > DEEPEST:
        with opened(path, shown) as stream:
            _check_depth(stream.read(), shown, is_json=is_json)
    return Inspected(sha.hexdigest()[:12], may_have_blank_nodes)


def _xml(shown: str) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    depth = 0

    def refuse(what: str) -> NoReturn:
        remedy = "Take it out, or save the file as Turtle with a tool that you trust."
        raise SourceError(f"it has {what}. {remedy}", shown, parser.CurrentLineNumber)

    def doctype(name: str, system: str | None, public: str | None, inner: bool) -> None:
        if system or public:
            refuse("a DOCTYPE that lies in another file")

    def entity(name: str, is_part: bool, text: str | None, *_: object) -> None:
        # what unfolds without bound, or reads other files
        if is_part or text is None or "&" in text or "<" in text or len(text) > LONGEST_ENTITY:
            refuse(f"an entity {name!r} in its DOCTYPE that is more than a short text")

    def attributes(*_: object) -> None:
        refuse("attributes in its DOCTYPE, which would be added to what is written")

    def start(name: str, *_: object) -> None:
        nonlocal depth
        if depth == 0 and name in ("Ontology", "owl:Ontology"):
            message = "this is OWL/XML, not RDF. Save it as RDF/XML or Turtle: File, Save as … in"
            raise SourceError(f"{message} Protégé.", shown, parser.CurrentLineNumber)
        depth += 1
        if depth > DEEPEST:
            raise SourceError(TOO_DEEP, shown, parser.CurrentLineNumber)

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = doctype, entity
    parser.AttlistDeclHandler = attributes
    parser.StartElementHandler, parser.EndElementHandler = start, end
    return parser


def _feed(parser: expat.XMLParserType, chunk: bytes, shown: str, *, is_last: bool = False) -> None:
    try:
        parser.Parse(chunk, is_last)
    except expat.ExpatError as error:
        message = f"column {error.offset + 1}: not valid RDF: {expat.ErrorString(error.code)}."
        raise SourceError(message, shown, error.lineno) from None


def _check_depth(data: bytes, shown: str, *, is_json: bool) -> None:
    begin = (b"[", b"{") if is_json else (_BEGIN,)
    end = (b"]", b"}") if is_json else (b")>>",)
    depth = 0
    for match in (_JSON if is_json else _TURTLE).finditer(data):
        depth += (match[0] in begin) - (match[0] in end)
        if depth > DEEPEST:
            raise SourceError(TOO_DEEP, shown, data.count(b"\n", 0, match.start()) + 1)
