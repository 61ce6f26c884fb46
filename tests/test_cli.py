"""The contract of the command line: streams, exit status, one line for each error."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from first_study import READING
from govgraph.cli import COMMANDS, group

ENVIRONMENT = {**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"}
BINARY = Path(sys.executable).with_name("govgraph")


def run(
    *arguments: str, stdin: str = "", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [BINARY, *arguments],
        input=stdin, capture_output=True, text=True, check=False, env=ENVIRONMENT, cwd=cwd,
    )  # fmt: skip
    done.stderr = done.stderr.replace(READING, "")
    return done


def test_every_command_helps_itself_is_listed_and_documented() -> None:
    listed = run("--help").stdout
    manual = (Path(__file__).parents[1] / "docs" / "commands.md").read_text("utf-8")
    faults = []
    for command in COMMANDS:
        done = CliRunner().invoke(group, [command, "--help"], prog_name="govgraph")
        if done.exit_code or not done.stdout.startswith(f"Usage: govgraph {command}"):
            faults.append(f"{command}: no help")
        if f"  {command} " not in listed or f"## govgraph {command}" not in manual:
            faults.append(f"{command}: not listed, or not in docs/commands.md")
    assert faults == []


def test_formats_named_in_options_are_those_of_the_tables() -> None:
    """The options name formats in words, as the tables would slow --help down."""
    from govgraph.commands.asking import query, validate
    from govgraph.results.formats import FORMATS
    from govgraph.shapes.validation import FORMATS as REPORTS

    named, chosen = (
        next(option for option in command.params if option.name == "format_name")
        for command in (query, validate)
    )
    assert isinstance(named, click.Option)
    words = re.findall(r"[\w-]+", (named.help or "").replace("graphs:", ""))
    assert [word for word in words if word not in FORMATS] == []
    assert isinstance(chosen, click.Option)
    listed = (chosen.help or "").partition("; by default")[0].replace("a report in RDF:", "")
    assert re.findall(r"[\w-]+", listed) == list(REPORTS)


@pytest.mark.parametrize("arguments", [["--help"], ["query", "--help"]])
def test_help_is_quick(arguments: list[str]) -> None:
    """Start-up imports nothing heavy: what costs more than all of govgraph itself."""
    code = (
        f"import sys, govgraph.cli; govgraph.cli.group.main({arguments}, standalone_mode=False);"
        "print(sorted(set(sys.modules) & {'pyoxigraph','rdflib','owlrl','pyshacl','networkx',"
        "'SPARQLWrapper','requests','pandas','rich','lxml','yaml'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_build_loads_no_client_of_stores_and_no_other_engine(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("<https://x.example/a> <https://x.example/b> 1 .", "utf-8")
    arguments = [
        "build",
        "--alone",
        "--data",
        str(tmp_path / "x.ttl"),
        "-o",
        str(tmp_path / "graph"),
    ]
    code = (
        f"import sys, govgraph.cli; govgraph.cli.group.main({arguments}, standalone_mode=False);"
        "print(sorted(set(sys.modules) & {'requests','rdflib','owlrl','networkx','pandas'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert (tmp_path / "graph" / "govgraph.nq").is_file()


def test_a_query_answers_on_stdout_and_nothing_else() -> None:
    done = run("query", "-", "--format", "csv", stdin="SELECT ?x { VALUES ?x { 1 2 } }")
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["x", "1", "2"], "")


def test_a_query_writes_the_format_its_output_names(tmp_path: Path) -> None:
    target = tmp_path / "answer.json"
    done = run("query", "-", "--output", str(target), stdin="SELECT ?x { VALUES ?x { 1 } }")
    assert (done.returncode, done.stdout) == (0, "")
    assert json.loads(target.read_text("utf-8"))["head"]["vars"] == ["x"]


WRONG = {
    "an unknown command": (["qury"], 2, "Did you mean 'query'"),
    "what is no command": (["export"], 2, "`pull` that of a store, `query -f` answers"),
    "an unknown option": (["query", "--nope"], 2, "No such option"),
    "an unknown query": (["query", "founders-off"], 2, "founders-of"),
    "no query": (["query", "-"], 3, "Found no query"),
    "an unknown parameter": (["query", "founders-of", "-p", "arangement=x"], 2, "arrangement"),
    "a parameter without value": (["query", "founders-of", "-p", "arrangement"], 2, "arrangement"),
    "a value that names nothing": (
        ["query", "founders-of", "-p", "arrangement=Bogota Como Vamoz"], 2, "bogota-como-vamos",
    ),
    "an unknown format": (["query", "founders-of", "-f", "exel"], 2, "exel"),
    "a format that does not fit": (["query", "founders-of", "-f", "ttl"], 2, "ttl"),
    "an unknown extension": (["query", "founders-of", "-o", "a.xyz"], 2, "xyz"),
    "an output folder that is a file": (
        ["query", "founders-of", "-o", "/dev/null/a.csv"], 3, "/dev/null/a.csv",
    ),
    "a missing folder": (["build", "--data", "nowhere"], 3, "no such file or folder"),
    "nothing to read": (["build", "--alone"], 2, "--data"),
    "a slug that is none": (["new", "case", "My Town"], 2, "slug"),
    "a missing query file": (["query", "missing.rq"], 3, "missing.rq"),
}  # fmt: skip


def test_wrong_use_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    faults = []
    for name, (arguments, status, message) in WRONG.items():
        done = run(*arguments, cwd=tmp_path)
        if done.returncode != status or message not in done.stderr or done.stdout:
            faults.append(f"{name}: {done}")
        if "Traceback" in done.stderr or list(tmp_path.iterdir()):
            faults.append(f"{name}: a traceback, or a file left behind")
    assert faults == []


def test_a_syntax_error_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "bad.rq").write_text("SELECT ?x\nWHERE { ?x a }\n", encoding="utf-8")
    done = run("query", "bad.rq", cwd=tmp_path)
    assert done.returncode == 3
    assert "bad.rq:2" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_new_case_validates_once_written(tmp_path: Path) -> None:
    done = run("new", "case", "my-town", cwd=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "my-town.yaml")
    done = run("validate", "my-town.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout
    assert run("new", "case", "my-town", cwd=tmp_path).returncode == 2


def test_validate_names_the_line_of_a_case_file(tmp_path: Path) -> None:
    run("new", "case", "my-town", cwd=tmp_path)
    path = tmp_path / "my-town.yaml"
    text = path.read_text("utf-8").replace("type: Area", "type: City")
    path.write_text(text, encoding="utf-8")
    line = next(i for i, row in enumerate(text.splitlines(), 1) if "type: City" in row)
    done = run("validate", "my-town.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith(f"my-town.yaml:{line}: Violation: place/my-town: ")
    for name in ("json", "csv", "ttl"):
        formatted = run("validate", "my-town.yaml", "--strict", "--format", name, cwd=tmp_path)
        assert formatted.returncode == 1
        assert "place/my-town" in formatted.stdout


def test_a_wrong_case_file_leaves_the_build_before_it_intact(tmp_path: Path) -> None:
    run("new", "case", "my-town", cwd=tmp_path)
    build = ("build", "--alone", "--data", "my-town.yaml", "--output", "out")
    run(*build, cwd=tmp_path)
    before = files_in(tmp_path / "out")
    text = (tmp_path / "my-town.yaml").read_text("utf-8")
    wrong = text.replace("startYear: 2021", 'startYear: "2021"')
    (tmp_path / "my-town.yaml").write_text(wrong, encoding="utf-8")
    done = run(*build, cwd=tmp_path)
    assert done.returncode == 3
    assert "my-town.yaml:" in done.stderr
    assert files_in(tmp_path / "out") == before


def files_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_answer_is_never_stale(tmp_path: Path) -> None:
    run("new", "case", "my-town", cwd=tmp_path)
    ask = (
        "query", "-", "--data", "my-town.yaml", "--format", "csv",
    )  # fmt: skip
    query = (
        "PREFIX gg: <https://w3id.org/govgraph/ontology#>\n"
        "SELECT ?y { <https://study.example/partnership/my-town-forum> gg:startYear ?y }"
    )
    assert run(*ask, stdin=query, cwd=tmp_path).stdout.split() == ["y", "2021"]
    path = tmp_path / "my-town.yaml"
    stamp = path.stat()
    text = path.read_text("utf-8").replace("startYear: 2021", "startYear: 2016")
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert run(*ask, stdin=query, cwd=tmp_path).stdout.split() == ["y", "2016"]


def test_a_closed_pipe_is_no_error() -> None:
    command = f"'{BINARY}' query homicide-rates | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert done.stderr in ("", READING)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full, as on Linux")
@pytest.mark.parametrize("words", ["query timeline -f csv", "queries", "--help", "query --help"])
def test_an_output_that_is_full_is_one_line(words: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [BINARY, *words.split()], stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            env=ENVIRONMENT,
        )  # fmt: skip
    assert done.returncode == 3
    assert done.stderr.removeprefix(READING).splitlines() == [
        "govgraph: the output cannot be written (No space left on device). Free some space, or"
        " write elsewhere."
    ]
