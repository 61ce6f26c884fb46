"""What npm builds for the pages: pinned, licensed, within the policy, and in the wheel."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from govgraph.web.pages.rendering import editor_files

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(("part", "wanted"), [("editor", "@zazuko/yasgui"), ("explorer", "sigma")])
def test_a_lock_file_pins_everything_and_names_no_registry(part: str, wanted: str) -> None:
    lock = json.loads((ROOT / "web" / part / "package-lock.json").read_text())
    packages = {name: data for name, data in lock["packages"].items() if name}
    assert f"node_modules/{wanted}" in packages
    assert all(data["integrity"].startswith("sha512-") for data in packages.values())
    assert not any("resolved" in data for data in packages.values())


@pytest.mark.browser  # which needs the editor built
def test_the_editor_carries_the_licences_of_what_is_in_it() -> None:
    for name, content in editor_files().items():
        notice = content.decode().partition("*/")[0]
        assert notice.startswith("/*! This file contains:"), name
        for package in (
            "@zazuko/yasgui",
            "codemirror",
            "jquery",
            "datatables.net",
            "n3",
            "dompurify",
        ):
            assert re.search(rf"^{re.escape(package)} [0-9.]+$", notice, re.MULTILINE), package


@pytest.mark.browser
def test_the_editor_writes_no_style_and_knows_no_foreign_prefixes() -> None:
    code = editor_files()["editor.js"].decode().partition("*/")[2]
    assert "text-decoration:underline" not in code
    assert "onlyfans" not in code  # prefix.cc lists what anyone enters
    assert "http://prefix.cc/" not in code
