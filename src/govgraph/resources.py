"""What this installation is: its version, and where its ontology, data and queries lie.

They are bundled in the wheel; in a checkout they lie beside `src`.
"""

from functools import cache
from pathlib import Path

from govgraph.errors import GovgraphError
from govgraph.files import is_file, is_folder

__version__ = "0.3.0"


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
    for folder in (package / "bundled" / part, package.parents[1] / "web" / part / "dist"):
        if (folder / name).is_file():
            return (folder / name).read_bytes()
    return None
