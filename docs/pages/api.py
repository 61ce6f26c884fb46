"""Makes api.md: what is public, from the docstrings of the library."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

import govgraph
from govgraph.compare import Comparison
from govgraph.explanation.proof import Proofs
from govgraph.queries.asking import Claims
from govgraph.shapes.validation import Report

HEAD: Final = """# The public library

What `govgraph` names is public, and so are the methods below; [python.md](python.md) shows them at
work and says what stays as it is. This page is made from the docstrings.
"""
MORE: Final = (Proofs, Claims, Comparison, Report)
"""Classes of what methods return, which nobody imports."""


def page() -> str:
    """Return the page."""
    names = ["open", *sorted(name for name in govgraph.__all__ if not name.startswith("_"))]
    parts = [HEAD]
    for name in names:
        parts += _section(f"govgraph.{name}", getattr(govgraph, name))
    for kind in MORE:
        parts += _section(kind.__name__, kind)
    return "\n".join(parts)


def _section(name: str, thing: Any) -> Iterator[str]:
    yield f"## {name}\n"
    if not inspect.isclass(thing):
        yield from _signature(name, thing)
    yield f"{inspect.getdoc(thing)}\n" if inspect.isfunction(thing) else _class_text(thing)
    if inspect.isclass(thing) and not issubclass(thing, Exception):
        for member, value in _members(thing):
            yield f"### {member}\n"
            if inspect.isfunction(value):
                yield from _signature(member, value)
            yield f"{inspect.getdoc(value)}\n"


def _class_text(thing: Any) -> str:
    """Return the docstring of a class, whose indented lists stand as they are."""
    return f"```text\n{inspect.getdoc(thing)}\n```\n"


def _members(kind: type) -> Iterator[tuple[str, Any]]:
    """Yield the public methods and properties of a class, those inherited from ours too."""
    seen: dict[str, Any] = {}
    for base in kind.__mro__:
        if base.__module__.startswith("govgraph"):
            for name, value in vars(base).items():
                seen.setdefault(name, value)
    for name, value in sorted(seen.items()):
        plain = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        known = inspect.isfunction(plain) or isinstance(plain, property | cached_property)
        if known and not name.startswith("_") and inspect.getdoc(plain):
            yield name, plain


def _signature(name: str, function: Any) -> Iterator[str]:
    signature = inspect.signature(function)
    kept = [each for each in signature.parameters.values() if each.name not in {"self", "cls"}]
    text = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(signature.replace(parameters=kept)))
    text = re.sub(r"<.*?>?>? at 0x\w+>", "…", text)
    yield f"```python\n{name.removeprefix('govgraph.')}{text}\n```\n"
