"""Builds the page's code (`web/explorer`, with npm) into the distributions.

An editable installation leaves it to `make explorer`, so that none needs Node.js; neither does a
wheel made from a source distribution, which carries the built code. Without npm a wheel is built
that can do everything but write pages, and says so.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ExplorerHook(BuildHookInterface):
    """Runs npm where the code is not built, and puts it into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is missing; raises CalledProcessError where npm is there and fails."""
        if version == "editable":
            return
        source = Path(self.root) / "web/explorer"
        built = source / "dist"
        if not (built / "explorer.js").is_file():
            self._build(source)
        if self.target_name == "wheel" and (built / "explorer.js").is_file():
            build_data["force_include"][str(built)] = "govgraph/bundled/explorer"

    def _build(self, source: Path) -> None:
        npm = shutil.which("npm")
        if npm is None:
            self.app.display_warning(
                "npm is missing, so `govgraph network --output file.html` will not work:"
                " install Node.js and npm, and build again."
            )
            return
        for command in (["ci"], ["run", "build"]):
            subprocess.run([npm, *command], cwd=source, check=True)
