"""The fixed files of the site: style, icon, and the code of the SPARQL editor."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from govgraph.resources import built_file


@cache
def static_files() -> dict[str, bytes]:
    """Return the files of the package's folder `static` by name."""
    folder = files("govgraph.web") / "static"
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@cache
def editor_files() -> dict[str, bytes]:
    """Return the files of the SPARQL editor by name; none where npm has not built them."""
    built = {name: built_file("editor", name) for name in ("editor.css", "editor.js")}
    return {name: content for name, content in built.items() if content is not None}
