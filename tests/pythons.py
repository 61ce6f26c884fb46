"""Environments of the other supported Pythons, made by `make pythons`."""

from __future__ import annotations

import sys
from pathlib import Path

RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
OTHERS = [version for version in ("3.11", "3.12", "3.13") if version != RUNNING]
ROOT = Path(__file__).parents[1]


def other_pythons() -> dict[str, str]:
    """Return version -> interpreter of each environment that exists."""
    found = {version: ROOT / f".venv-{version}" / "bin" / "python" for version in OTHERS}
    return {version: str(path) for version, path in found.items() if path.exists()}


def missing() -> str | None:
    """Return why the tests on other Pythons cannot run, or None."""
    wanted = set(OTHERS) - other_pythons().keys()
    if not wanted:
        return None
    names = ", ".join(sorted(wanted))
    return f"no environment of Python {names} (make pythons, with those Pythons on the PATH)"
