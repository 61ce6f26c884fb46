"""Chromium for tests: a headless browser that can reach no host, and what it logged.

Any error in the console of a page fails the test (`unheard`, asked by conftest.py), unless the test
asks for it itself with `complaints`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govgraph.resources import built_file

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--enable-unsafe-swiftshader", "--force-device-scale-factor=1",
    "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
_RUNNING: list[Chrome] = []
_UNHEARD: list[str] = []
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def _program(names: tuple[str, ...]) -> str | None:
    return next((found for name in names if (found := shutil.which(name))), None)


def missing() -> str | None:
    """Return why no browser can be driven, with the command that mends it; or None."""
    if _program(_CHROMIUM) is None or shutil.which("chromedriver") is None:
        return "no Chromium with ChromeDriver (apt-get install chromium chromium-driver)"
    if find_spec("selenium") is None:
        return "no selenium (pip install selenium)"
    if built_file("editor", "editor.js") is None:
        return "the SPARQL editor is not built (make editor)"
    if built_file("explorer", "explorer.js") is None:
        return "the page of networks is not built (make explorer)"
    return None


@contextmanager
def chromium(width: int = 1280, height: int = 900) -> Iterator[Chrome]:
    """Start a browser with a profile of its own; it ends with the block."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = str(_program(_CHROMIUM))
        for flag in (*_FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        _RUNNING.append(driver)
        try:
            yield driver
        finally:
            _RUNNING.remove(driver)
            driver.quit()


def open_page(driver: Chrome, path: Path, fragment: str = "") -> None:
    """Open a file, forgetting what was logged before."""
    open_address(driver, path.resolve().as_uri() + fragment)


def open_address(driver: Chrome, address: str, *, scripts: bool = True) -> None:
    """Open an address, with or without JavaScript, forgetting what was logged before."""
    _UNHEARD.extend(_errors(driver))  # of the page before
    driver.get("about:blank")
    for log in ("browser", "performance"):
        driver.get_log(log)
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})
    driver.get(address)


@contextmanager
def phone(driver: Chrome, width: int = 390, height: int = 800) -> Iterator[None]:
    """Make the window as small as a phone's while the block runs."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        yield
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def requests(driver: Chrome) -> list[str]:
    """Return the addresses asked for since the page was opened; data: addresses are none."""
    messages = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    addresses: list[str] = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]
    return [address for address in addresses if not address.startswith("data:")]


def unheard() -> list[str]:
    """Return the errors on any page since it was last asked that no test has asked for."""
    found = [*_UNHEARD, *(error for driver in _RUNNING for error in _errors(driver))]
    _UNHEARD.clear()
    return found


def _errors(driver: Chrome) -> list[str]:
    return [entry["message"] for entry in complaints(driver) if entry["level"] == "SEVERE"]


def complaints(driver: Chrome) -> list[dict[str, Any]]:
    """Return what the console holds; how fast a software renderer is, is no complaint."""
    return [entry for entry in driver.get_log("browser") if entry["source"] != "rendering"]
