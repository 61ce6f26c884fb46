"""Builds the code of pages (`web/explorer`, `web/editor`, with npm) into the distributions.

An editable installation leaves it to `make explorer editor`, so that none needs Node.js; neither
does a wheel made from a source distribution, which carries the built code. Without npm a wheel is
built that lacks the pages of networks and the editor of queries, and says so.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PARTS = ("explorer", "editor")


class PageCodeHook(BuildHookInterface):
    """Runs npm where the code is not built, and puts it into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is missing; raises CalledProcessError where npm is there and fails."""
        if version == "editable":
            return
        for part in PARTS:
            source = Path(self.root) / "web" / part
            built = source / "dist"
            if not (built / f"{part}.js").is_file():
                self._build(source)
            if self.target_name == "wheel" and (built / f"{part}.js").is_file():
                build_data["force_include"][str(built)] = f"govgraph/bundled/{part}"

    def _build(self, source: Path) -> None:
        npm = shutil.which("npm")
        if npm is None:
            self.app.display_warning(
                f"npm is missing, so the code of {source.name} is left out (pages of networks, the"
                " editor of queries): install Node.js and npm, and build again."
            )
            return
        for command in (["ci"], ["run", "build"]):
            subprocess.run([npm, *command], cwd=source, check=True)
