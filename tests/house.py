"""The figures of the house, computed from its source: `python tests/house.py` prints them.

A module may import from its own room and from rooms below it (docs/architecture.md). Every import
counts, also one inside a function or under TYPE_CHECKING. A circle is a set of modules that all
import each other, directly or through others of the set.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import networkx as nx

SOURCE: Final = Path(__file__).parents[1] / "src" / "govgraph"

FLOORS: Final = (
    ("errors", "vocabulary", "files", "resources"),
    ("texts",),
    ("rdf",),
    ("coding",),
    ("reasoning",),
    ("results",),
    ("queries",),
    ("explanation", "shapes"),
    ("assembly",),
    ("network",),
    ("compare",),
    ("store",),
    ("web",),
    ("api",),
    ("commands",),
    ("__init__", "__main__", "cli"),
)
"""Rooms from the ground up. Two rooms of one floor do not import from each other; the loose
modules of the first and the last floor may."""

LIMITS: Final = {
    "circles of modules": 0,
    "arrows up": 0,
    "modules at the root": 8,
    "longest file": 400,
    "lines": 30_000,
    # The design wants this below 30,000 too: lower it with every cut, and never raise it.
    "lines with templates": 30_000,
}

Figure = tuple[int, list[str]]
"""A number, and what it counts: for a limit that is broken, what to mend."""


@dataclass(frozen=True)
class House:
    """A package: its folder, its name, and its rooms from the ground up."""

    source: Path = SOURCE
    package: str = "govgraph"
    floors: tuple[tuple[str, ...], ...] = FLOORS

    @cached_property
    def modules(self) -> dict[str, Path]:
        """Return the file of each module, by names such as "rdf.names" and "rdf.__init__"."""
        return {
            ".".join(path.relative_to(self.source).with_suffix("").parts): path
            for path in sorted(self.source.rglob("*.py"))
        }

    @cached_property
    def imports(self) -> nx.DiGraph:
        """Return the modules, with an edge from each to all that it imports, and its line."""
        graph = nx.DiGraph()
        graph.add_nodes_from(self.modules)
        for module, path in self.modules.items():
            for line, imported in self._imported(ast.parse(path.read_text("utf-8"))):
                if imported != module and not graph.has_edge(module, imported):
                    graph.add_edge(module, imported, line=line)
        return graph

    def _imported(self, tree: ast.Module) -> Iterator[tuple[int, str]]:
        """Yield line and name of each module of the package that a module imports."""
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                if f"{name}.".startswith(f"{self.package}."):
                    yield node.lineno, self._module_of(name.removeprefix(self.package)[1:])

    def _module_of(self, name: str) -> str:
        """Return the module a dotted name leads to: "rdf.names.shorten" lies in "rdf.names"."""
        while name:
            for module in (name, f"{name}.__init__"):
                if module in self.modules:
                    return module
            name = name.rpartition(".")[0]
        return "__init__"

    def floor(self, module: str) -> int | None:
        """Return the number of a module's floor, None where the order does not name its room."""
        room = module.partition(".")[0]
        return next((n for n, rooms in enumerate(self.floors) if room in rooms), None)

    def circles(self) -> list[str]:
        """Return each circle as the names of its modules."""
        sets = nx.strongly_connected_components(self.imports)
        return sorted(" <-> ".join(sorted(modules)) for modules in sets if len(modules) > 1)

    def arrows_up(self) -> list[str]:
        """Return the imports that lead to a higher floor, or to another room of the same one."""
        loose = {*self.floors[0], *self.floors[-1]}
        faults = []
        for module, imported, line in self.imports.edges(data="line"):
            rooms = {name.partition(".")[0] for name in (module, imported)}
            here, there = self.floor(module) or 0, self.floor(imported) or 0
            if there > here or (there == here and len(rooms) == 2 and not rooms <= loose):
                faults.append(f"{self._shown(module)}:{line} imports {imported}")
        return sorted(faults)

    def lengths(self) -> list[tuple[int, str]]:
        """Return the lines of each file, the longest file first."""
        counts = {
            module: len(path.read_text("utf-8").splitlines())
            for module, path in self.modules.items()
        }
        return sorted(((n, self._shown(module)) for module, n in counts.items()), reverse=True)

    def figures(self) -> dict[str, Figure]:
        """Return every figure that has a limit."""
        circles, arrows, lengths = self.circles(), self.arrows_up(), self.lengths()
        root = [module for module in self.modules if "." not in module]
        longest = [f"{path}: {n}" for n, path in lengths if n > LIMITS["longest file"]]
        return {
            "circles of modules": (len(circles), circles),
            "arrows up": (len(arrows), arrows),
            "modules at the root": (len(root), root),
            "longest file": (lengths[0][0], longest),
            "lines": (sum(n for n, _ in lengths), self._rooms(lengths)),
            "lines with templates": (sum(n for n, _ in lengths) + self._templates(), []),
        }

    def _templates(self) -> int:
        """Return the lines of all files that stand in a folder of templates."""
        paths = (path for path in self.source.rglob("templates/*") if path.is_file())
        return sum(len(path.read_text("utf-8").splitlines()) for path in paths)

    def _rooms(self, lengths: list[tuple[int, str]]) -> list[str]:
        """Return the lines of each room, in the order of the floors."""
        rooms = [room for floor in self.floors for room in floor]
        sums = {
            room: sum(n for n, path in lengths if path.split("/")[0].removesuffix(".py") == room)
            for room in rooms
        }
        return [f"{n:6,} {room}" for room, n in sums.items() if n]

    def _shown(self, module: str) -> str:
        return self.modules[module].relative_to(self.source).as_posix()


def main() -> int:
    """Print each figure with its limit, and what is wrong; return 1 where a limit is broken."""
    house = House()
    broken = 0
    for name, (value, details) in house.figures().items():
        wrong = value > LIMITS[name]
        broken += wrong
        print(f"{name:<20} {value:>7,}  of at most {LIMITS[name]:,}")
        if wrong or name == "lines":
            print("".join(f"    {detail}\n" for detail in details), end="")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
