"""Says whether what is installed here is the lowest that pyproject.toml allows (`make lowest`).

Prints each package of the tests with its bound and version. Ends with 1 where a version is higher
than its bound: no installation can have the bound, so that nothing can test it.
"""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def bounds() -> dict[str, str]:
    """Return package -> lower bound for all extras."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    lines = chain(project["dependencies"], *project["optional-dependencies"].values())
    requirements = [Requirement(line) for line in lines]
    return {
        requirement.name: specifier.version
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate()
        for specifier in requirement.specifier
        if specifier.operator == ">="
    }


def main() -> int:
    """Print the bounds that are installed; return 1 where one is not met exactly."""
    faults = 0
    for name, bound in sorted(bounds().items()):
        try:
            installed = version(name)
        except PackageNotFoundError:  # what only developers install
            continue
        untrue = Version(installed) != Version(bound)
        faults += untrue
        print(f"{name} >={bound}", f"but {installed} is the lowest" * untrue)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
