"""What is skipped is listed with the command that gets it; CI, which may skip nothing, fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from owl import harness

TESTS = Path(__file__).parent
SAMPLE = """
import pytest

def test_runs():
    pass

@pytest.mark.skip(reason="needs a thing: run `make thing`")
@pytest.mark.parametrize("number", [1, 2])
def test_needs_a_thing(number):
    pass
"""


def run(folder: Path, sample: str, *options: str, no_skip: str = "") -> tuple[int, str]:
    """Run pytest with our conftest on a file that holds `sample`."""
    shutil.copy(TESTS / "conftest.py", folder)
    (folder / "test_sample.py").write_text(sample)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, str(folder)],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(TESTS),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # plug-ins take longer to load than this to run
            "GOVGRAPH_NO_SKIP": no_skip,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_skipped_tests_are_listed(tmp_path: Path) -> None:
    code, output = run(tmp_path, SAMPLE)
    assert code == 0
    assert "2 in test_sample.py: needs a thing: run `make thing`" in output.splitlines()


def test_nothing_skipped_is_said(tmp_path: Path) -> None:
    code, output = run(tmp_path, "def test_runs(): pass", no_skip="1")
    assert code == 0
    assert "Nothing was skipped." in output.splitlines()


@pytest.mark.whole
@pytest.mark.parametrize(
    "options", [(), ("-p", "xdist", "-n", "2")], ids=["one process", "workers"]
)
def test_a_run_that_must_skip_nothing_fails(tmp_path: Path, options: tuple[str, ...]) -> None:
    code, output = run(tmp_path, SAMPLE, *options, no_skip="1")
    assert code == 1
    assert "The run fails: GOVGRAPH_NO_SKIP=1 allows no skipped test." in output.splitlines()


def test_optional_tests_may_be_skipped_even_then(tmp_path: Path) -> None:
    sample = SAMPLE.replace("@pytest.mark.skip", "@pytest.mark.optional\n@pytest.mark.skip")
    code, output = run(tmp_path, sample, no_skip="1")
    assert code == 0
    assert "2 in test_sample.py: needs a thing: run `make thing`" in output.splitlines()


def test_owl_checks_name_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harness, "jars", tuple)
    assert harness.missing() == "needs the OWL API jars and JPype: run `make owl-tools`"


@pytest.mark.java
def test_owl_checks_name_a_missing_java(monkeypatch: pytest.MonkeyPatch) -> None:
    import jpype

    def no_java() -> str:
        raise jpype.JVMNotFoundException

    monkeypatch.setattr(jpype, "getDefaultJVMPath", no_java)
    assert harness.missing() == ("needs a Java runtime: run `apt-get install default-jre-headless`")
