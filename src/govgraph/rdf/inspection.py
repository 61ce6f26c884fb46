"""What would kill an engine, found before it reads a file, and what names need to know of it.

An engine's own stack overflows on what is nested too deep, which no exception tells; entities of
RDF/XML unfold without bound.
"""

from __future__ import annotations

import hashlib
import re
from typing import IO, Final
from xml.parsers import expat

from govgraph.errors import SourceError
from govgraph.rdf.dumps import CHUNK, LONGEST_TEXT, TOO_LONG
from govgraph.rdf.formats import RdfFormat

DEEPEST: Final = 500
"""How deep elements of RDF/XML, braces of JSON-LD and triple terms may be nested."""
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


class Inspector:
    """Reads a file of RDF once.

    digest                 of its content, unpacked
    may_have_blank_nodes   for files of lines: whether one is written
    may_be_deep            for other files: whether `check_depth` has to see all of it
    """

    def __init__(self, rdf_format: RdfFormat, shown: str):
        self.format, self.shown = rdf_format, shown
        self.may_have_blank_nodes = not rdf_format.lines
        self.may_be_deep = False
        self.digest = ""
        self._lines, self._since_line_end = 1, 0

    def read(self, stream: IO[bytes]) -> None:
        """Read all of it; raises SourceError for what is nested too deep, too long, or a DTD."""
        sha = hashlib.sha256()
        xml = self._xml() if self.format.name == "rdfxml" else None
        end, begins = b"", 0
        while chunk := stream.read(CHUNK):
            sha.update(chunk)
            around = end + chunk
            end = around[-2:]
            begins += around.count(_BEGIN)
            if self.format.lines:
                self.may_have_blank_nodes |= b"_:" in around
                self._check_lines(chunk)
            elif xml is not None:
                self._feed(xml, chunk)
        if xml is not None:
            self._feed(xml, b"", is_last=True)
        self.digest = sha.hexdigest()[:12]
        self.may_be_deep = self.format.name == "jsonld" or (begins > DEEPEST and xml is None)

    def check_depth(self, data: bytes) -> None:
        """Raise SourceError for braces or triple terms that are nested too deep."""
        is_json = self.format.name == "jsonld"
        token = _JSON if is_json else _TURTLE
        begin, end = (b"[{", b"]}") if is_json else (_BEGIN, b")>>")
        depth = 0
        for match in token.finditer(data):
            text = match[0]
            if text in begin:
                depth += 1
                if depth > DEEPEST:
                    raise self._too_deep(data.count(b"\n", 0, match.start()) + 1)
            elif text in end:
                depth -= 1

    def _xml(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        depth = 0

        def doctype(*_: object) -> None:
            message = (
                "it has a DOCTYPE, whose entities may unfold without bound or read other files."
                " Take it out, or save the file as Turtle with a tool that you trust."
            )
            raise SourceError(message, self.shown, parser.CurrentLineNumber)

        def start(*_: object) -> None:
            nonlocal depth
            depth += 1
            if depth > DEEPEST:
                raise self._too_deep(parser.CurrentLineNumber)

        def end(*_: object) -> None:
            nonlocal depth
            depth -= 1

        parser.StartDoctypeDeclHandler = doctype
        parser.StartElementHandler, parser.EndElementHandler = start, end
        return parser

    def _feed(self, parser: expat.XMLParserType, chunk: bytes, *, is_last: bool = False) -> None:
        try:
            parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            message = f"column {error.offset + 1}: not valid RDF: {expat.ErrorString(error.code)}."
            raise SourceError(message, self.shown, error.lineno) from None

    def _check_lines(self, chunk: bytes) -> None:
        """Raise SourceError for a line that engines do not read."""
        first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
        self._since_line_end += len(chunk) if first < 0 else first
        if self._since_line_end > LONGEST_TEXT:
            raise SourceError(TOO_LONG, self.shown, self._lines)
        if first >= 0:
            self._lines += chunk.count(b"\n")
            self._since_line_end = len(chunk) - last - 1

    def _too_deep(self, line: int) -> SourceError:
        message = f"more than {DEEPEST} levels within one another. Give what is nested names."
        return SourceError(message, self.shown, line)
