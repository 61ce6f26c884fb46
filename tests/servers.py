"""Real stores for tests: the `oxigraph` server and Virtuoso, each in a folder of its own.

    with servers.oxigraph(tmp_path) as endpoint: …
    with servers.virtuoso(tmp_path, max_rows=10_000) as endpoint: …

Both listen on free ports of 127.0.0.1, are waited for with a limit, and are always stopped. Tests
that use them carry the marker `oxigraph_server` or `virtuoso` (one worker then runs them all), and
mostly the fixtures `oxigraph_server` and `virtuoso_server` of conftest.py: empty ones that a whole
worker shares.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from govgraph.store.endpoint import Endpoint

START_LIMIT = 60.0
STOP_LIMIT = 15.0
PASSWORD = "dba"  # of Virtuoso's user dba, as it is made

VIRTUOSO_INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
ErrorLogLevel = 7
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
MaxClientConnections = 20
; no checkpoint of its own: a test is short, and a checkpoint holds every request up
CheckpointInterval = 0
DirsAllowed = .
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
MaxQueryMem = 500M

[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerRoot = .
MaxClientConnections = 20
ServerThreads = 20
Charset = UTF-8

[SPARQL]
ResultSetMaxRows = {max_rows}
MaxQueryCostEstimationTime = 4000
MaxQueryExecutionTime = 120
"""


def oxigraph_missing() -> str | None:
    """Return why the oxigraph server cannot run here, with the command that gets it."""
    return None if _oxigraph() else "no oxigraph server: pip install oxigraph"


def virtuoso_missing() -> str | None:
    """Return why Virtuoso cannot run here, with the command that gets it."""
    found = shutil.which("virtuoso-t") and shutil.which("isql-vt")
    return None if found else "no Virtuoso: apt-get install virtuoso-opensource"


def _oxigraph() -> str | None:
    return shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which(
        "oxigraph"
    )


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def oxigraph(
    folder: Path, *, union: bool = False, read_only: bool = False, port: int = 0
) -> Iterator[Endpoint]:
    """Run the oxigraph server over a database in `folder`, new or from before."""
    port = port or free_port()
    binary = _oxigraph()
    assert binary is not None, oxigraph_missing()
    action = "serve-read-only" if read_only else "serve"
    command = [binary, action, "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    if union:
        command.append("--union-default-graph")
    with _running(command, folder, folder.parent / f"{folder.name}.log") as process:
        url = f"http://127.0.0.1:{port}/query"
        _wait_for(url, process)
        yield Endpoint.of(url)


@contextmanager
def virtuoso(folder: Path, *, max_rows: int = 1_000_000) -> Iterator[Endpoint]:
    """Run Virtuoso over a database in `folder`, new or from before; writing needs no sign-in.

    `max_rows` is where it silently cuts results. `isql` runs SQL on it; user dba has PASSWORD.
    """
    http_port, sql_port = free_port(), free_port()
    ini = VIRTUOSO_INI.format(http_port=http_port, sql_port=sql_port, max_rows=max_rows)
    (folder / "virtuoso.ini").write_text(ini)
    (folder / "virtuoso.lck").unlink(missing_ok=True)
    command = ["virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"]
    with _running(command, folder, folder / "output.log") as process:
        url = f"http://127.0.0.1:{http_port}/sparql"
        _wait_for(url, process)
        isql(folder, 'GRANT SPARQL_UPDATE TO "SPARQL"', tolerate=True)
        yield Endpoint.of(url)


def isql(folder: Path, statement: str, *, tolerate: bool = False) -> str:
    """Run one SQL statement on the Virtuoso of a folder, as its user dba."""
    lines = (folder / "virtuoso.ini").read_text().splitlines()
    address = next(line for line in lines if line.startswith("ServerPort")).split(" = ")[1]
    done = subprocess.run(
        ["isql-vt", address, "dba", PASSWORD, f"exec={statement};"],
        capture_output=True, text=True, timeout=START_LIMIT, check=False,
    )  # fmt: skip
    assert tolerate or "Error" not in done.stderr, done.stderr
    return done.stdout


@contextmanager
def _running(command: list[str], folder: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return once the server answers anything at all."""
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        assert process.poll() is None, f"the server ended with status {process.returncode}"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"no server at {url} after {START_LIMIT} seconds")
