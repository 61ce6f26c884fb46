"""What this installation is: its version, its ontology, data and queries, its optional packages.

They are bundled in the wheel; in a checkout they lie beside `src`. What is missing is answered with
a command that works here: a checkout installs its own extra; a wheel, which may come from no index,
names the packages that its metadata lists for the extra.
"""

import os
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from govgraph.errors import GovgraphError
from govgraph.files import is_file, is_folder

__version__ = "0.3.0"
_OF_EXTRA = re.compile(r"""(?P<package>[^;]+);.*\bextra\s*==\s*['"](?P<extra>[^'"]+)['"]""")


@cache
def bundled(folder: str) -> Path:
    """Return the path of the bundled `folder`: "ontology", "data" or "queries".

    Raises GovgraphError where the installation lacks it.
    """
    package = Path(__file__).parent
    for candidate in (package / "bundled" / folder, package.parents[1] / folder):
        if candidate.is_dir():
            return candidate
    raise GovgraphError(f"The folder {folder!r} is missing from this installation: reinstall it.")


def study_folder(path: Path) -> Path:
    """Return the folder of a study: a path, or else the name of a bundled one."""
    beside = bundled("data") / path
    return beside if not (is_file(path) or is_folder(path)) and is_folder(beside) else path


def default_study() -> Path:
    """Return the folder of the bundled study that is read where no other is."""
    data = bundled("data")
    return data / (data / "default").read_text("utf-8").strip()


def built_file(part: str, name: str) -> bytes | None:
    """Return a file of the code for browsers that npm builds; None where it is not built.

    `part` is a folder of `web/`: "explorer" or "editor".
    """
    package = Path(__file__).parent
    folders = (package / "bundled" / part, package.parents[1] / "web" / part / "dist")
    return next(((f / name).read_bytes() for f in folders if (f / name).is_file()), None)


@contextmanager
def needed(extra: str, purpose: str) -> Iterator[None]:
    """Import the packages of an extra within this.

    `purpose` is the plural subject of the message: "Parquet files". Raises GovgraphError with the
    command that installs the extra where a package is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in ("", "govgraph"):  # a fault of ours
            raise
        command = install_command(extra, package)
        raise GovgraphError(f"{purpose} need {package}. Install it: {command}") from None


def install_command(extra: str, package: str) -> str:
    """Return the command line that installs an extra into the environment that runs this.

    `package` is named where neither a checkout nor metadata tell what belongs to the extra.
    """
    checkout = Path(__file__).parents[2]
    if (checkout / "pyproject.toml").is_file():
        arguments = ["-e", f"{_from_here(checkout)}[{extra}]"]
    else:
        arguments = _packages(extra) or [package]
    python = _from_here(Path(sys.executable))
    if find_spec("pip") is None:  # an environment made by uv
        return shlex.join(["uv", "pip", "install", "--python", python, *arguments])
    return shlex.join([python, "-m", "pip", "install", *arguments])


def _packages(extra: str) -> list[str]:
    """Return the requirements of an extra by the metadata of the installed package."""
    from importlib import metadata  # slow to import

    try:
        requirements = metadata.requires("govgraph") or []
    except metadata.PackageNotFoundError:
        return []
    matches = map(_OF_EXTRA.match, requirements)
    return [match["package"].strip() for match in matches if match and match["extra"] == extra]


def _from_here(path: Path) -> str:
    """Return a path as one can type it in the current folder."""
    shown = os.path.relpath(path)
    return str(path) if shown.startswith(os.pardir) else shown
