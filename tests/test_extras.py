"""A package that is missing is answered with a command that installs it here, and in one line."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from govgraph import resources
from govgraph.errors import GovgraphError

ROOT = Path(__file__).parents[1]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
    "optional-dependencies"
]
CHECKOUT = "-m pip install -e '.[{}]'"
"""What follows the name of the interpreter, for who stands in the checkout."""


@pytest.mark.usefixtures("kg")
def test_a_command_without_its_extra_says_in_one_line_what_installs_it(tmp_path: Path) -> None:
    commands = {
        "uvicorn": ("web", "serve"),
        "jinja2": ("web", f"publish -o {tmp_path / 'site'}"),
        "pyarrow": ("parquet", f"query founders-of -o {tmp_path / 'founders.parquet'}"),
        "matplotlib": ("pictures", f"network actors -o {tmp_path / 'actors.png'}"),
    }
    runs = {
        package: subprocess.Popen(
            [sys.executable, "-c", _without(package), *shlex.split(arguments)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for package, (_, arguments) in commands.items()
    }  # fmt: skip
    faults = []
    for package, (extra, arguments) in commands.items():
        _, said = runs[package].communicate(timeout=60)
        lines = [line for line in said.splitlines() if line.startswith("govgraph: ")]
        right = len(lines) == 1 and f"need {package}. Install it: " in lines[0]
        if (
            runs[package].returncode != 3
            or not right
            or not said.endswith(f"{CHECKOUT.format(extra)}\n")
        ):
            faults.append((arguments, runs[package].returncode, said))
    assert faults == []


def _without(package: str) -> str:
    """Return a program that is govgraph in an environment without a package."""
    return f"import sys; sys.modules[{package!r}] = None; from govgraph.cli import main; main()"


def test_in_a_checkout_the_command_installs_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "executable", str(ROOT / ".venv/bin/python"))
    assert resources.install_command("web", "uvicorn") == (
        ".venv/bin/python -m pip install -e '.[web]'"
    )
    monkeypatch.chdir("/")
    monkeypatch.setattr(sys, "executable", "/opt/python/bin/python3")
    assert resources.install_command("web", "uvicorn") == (
        f"opt/python/bin/python3 -m pip install -e '{str(ROOT)[1:]}[web]'"
    )


def test_where_pip_is_missing_uv_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "find_spec", lambda name: None)
    assert resources.install_command("web", "x").startswith("uv pip install --python ")


def test_a_module_of_our_own_that_is_missing_is_a_fault() -> None:
    with pytest.raises(ModuleNotFoundError), resources.needed("web", "Servers"):
        import govgraph.nowhere  # type: ignore[import-not-found]  # noqa: F401


def test_an_unknown_module_is_named() -> None:
    message = r"^Servers need no_such_thing\. Install it: "
    with pytest.raises(GovgraphError, match=message), resources.needed("web", "Servers"):
        import no_such_thing.inside  # type: ignore[import-not-found]  # noqa: F401


def test_nobody_is_told_to_install_govgraph_from_an_index() -> None:
    told = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for pattern in (
            "*.md",
            "docs/*.md",
            "src/govgraph/**/*.py",
            "benchmarks/**/*.py",
            "Makefile",
        )
        for path in ROOT.glob(pattern)
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"pip install ['\"]?govgraph\b", line)
    ]
    assert told == []
