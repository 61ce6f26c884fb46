"""Contexts of JSON-LD that a file names and does not hold: those that travel with govgraph.

Nothing is fetched. What is not known here may lie beside the file, and be named by a path.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from govgraph.errors import SourceError
from govgraph.files import is_file
from govgraph.resources import bundled

_FOLDER: Final = Path(__file__).parent / "contexts"
_KNOWN: Final = {
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
_DEEPEST: Final = 5


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
    return json.dumps(tree, ensure_ascii=False) if _put(tree, folder, shown, 0) else text


def _put(node: Any, folder: Path, shown: str, depth: int) -> bool:
    """Put contexts into a tree; tell whether there was one to put."""
    changed = False
    for value in node if isinstance(node, list) else ():
        changed |= _put(value, folder, shown, depth)
    for key, value in node.items() if isinstance(node, dict) else ():
        if key == "@context":
            parts = value if isinstance(value, list) else [value]
            if any(isinstance(part, str) for part in parts):
                found: list[Any] = []
                for part in parts:
                    put = _found(part, folder, shown, depth) if isinstance(part, str) else part
                    found += put if isinstance(put, list) else [put]
                node[key], changed = found, True
        changed |= _put(node[key], folder, shown, depth)
    return changed


def _found(name: str, folder: Path, shown: str, depth: int) -> Any:
    address = name.partition("://")[2].rstrip("/#")
    for ending in (".json", ".jsonld"):
        address = address.removesuffix(ending)
    path = Path(name)
    is_beside = ":" not in name and ".." not in path.parts and not path.is_absolute()
    if address in _KNOWN:
        tree = _context(_KNOWN[address])
    elif is_beside and is_file(folder / path) and depth < _DEEPEST:
        try:
            tree = json.loads((folder / path).read_text("utf-8-sig"))
        except (OSError, ValueError) as error:
            raise SourceError(f"the context {name!r} cannot be read ({error}).", shown) from None
        _put(tree, folder, shown, depth + 1)
    else:
        message = f"the context {name!r} is not known here, and nothing is fetched. Save it beside"
        raise SourceError(f'{message} this file, and give its file name as "@context".', shown)
    return tree.get("@context") if isinstance(tree, dict) else None


@cache
def _context(name: str) -> Any:
    path = _FOLDER / f"{name}.jsonld" if name else bundled("ontology") / "context.jsonld"
    return json.loads(path.read_text("utf-8"))
