"""Runs a command again and again in forks of one process, in each of which another write fails.

Takes JSON on stdin: `library` (failing.c, preloaded), `old` (a folder to work in, with the output
of before), `arguments`, `some` (of how many writes; 0 is every one), `error` (negative: it is
killed there, and run once more). What costs time and writes nothing is done once. Prints a line of
JSON for each run: number of the write, exit status, what stood in the folder, what was said.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib
import json
import os
import random
import shutil
import sys
from pathlib import Path
from typing import Any

SLOW = {
    "build": ("govgraph.assembly.building:assemble", "govgraph.assembly.building:validate"),
    "publish": (
        "govgraph.commands.common:build",
        "govgraph.web.site:site_files",
        "govgraph.api.knowledge_graph:KnowledgeGraph.validate",
    ),
    "query": ("govgraph.api.knowledge_graph:assemble",),
}
"""What of a command takes long, and gives the same each time."""


def remember(name: str) -> None:
    """Have a function return what it returned when it was first called."""
    module, _, path = name.partition(":")
    owner: Any = importlib.import_module(module)
    *owners, last = path.split(".")
    for part in owners:
        owner = getattr(owner, part)
    original, kept = getattr(owner, last), []

    def remembered(*arguments: Any, **options: Any) -> Any:
        if not kept:
            found = original(*arguments, **options)
            kept.append(list(found) if last == "site_files" else found)
        return kept[0]

    setattr(owner, last, remembered)


def standing(folder: Path) -> dict[str, str]:
    """Return checksums of all files, and what links lead to, by path."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    } | {str(path): "" for path in folder.rglob(".writing.*")}


def run(work: Path, arguments: list[str], prepare: Any = lambda: None) -> tuple[int, str, str, int]:
    """Run a command in a fork; returns status, stdout, stderr and how many writes there were."""
    said = work.with_name("said")
    said.mkdir(exist_ok=True)
    child = os.fork()
    if child == 0:
        from govgraph import cli

        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(said / name, os.O_CREAT | os.O_TRUNC | os.O_WRONLY), number)
        sys.argv = ["govgraph", *arguments]
        writes = prepare()
        status = cli._status()
        sys.stdout.flush()
        (said / "writes").write_text(str(writes() if writes else 0)) if writes else None
        os._exit(status)
    _, status = os.waitpid(child, 0)
    writes_file = said / "writes"
    writes = int(writes_file.read_text()) if writes_file.exists() else 0
    return (
        os.waitstatus_to_exitcode(status),
        *((said / n).read_text() for n in ("out", "err")),
        writes,
    )


def main() -> None:
    asked = json.load(sys.stdin)
    library = ctypes.CDLL(asked["library"])
    old, arguments = Path(asked["old"]), asked["arguments"]
    work = old.with_name("work")
    for name in SLOW.get(arguments[0], ()):
        remember(name)

    def fresh() -> None:
        os.chdir("/")
        for folder in (work, os.environ["GOVGRAPH_CACHE"]):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(old, work, symlinks=True)
        os.chdir(work)

    fresh()
    sys.argv = ["govgraph", *arguments]
    from govgraph import cli

    stdout, sys.stdout = sys.stdout, Path(os.devnull).open("w")  # noqa: SIM115
    cli._status()  # which fills what is remembered
    sys.stdout = stdout
    fresh()

    def counting() -> Any:
        library.fail_from(0, 0)

        def count() -> int:
            found = library.writes_done()
            return int(found)

        return count

    status, out, err, writes = run(work, arguments, counting)
    print(json.dumps([0, status, standing(work), out, err, writes]), flush=True)
    points = range(1, writes + 1)
    if asked["some"] and asked["some"] < writes:
        points = sorted(random.Random(13).sample(points, asked["some"]))
    for point in points:
        fresh()

        def failing(point: int = point) -> None:
            library.fail_from(point, asked["error"])

        status, out, err, _ = run(work, arguments, failing)
        stood, again = standing(work), None
        if asked["error"] < 0:
            run(work, arguments)
            again = standing(work)
        print(json.dumps([point, status, stood, out, err, 0, again]), flush=True)


if __name__ == "__main__":
    main()
