"""What went wrong inside Spark, in one line with its remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

from govgraph.errors import GovgraphError

INSTALL_JAVA: Final = (
    "Install it (on Debian: apt install openjdk-17-jre-headless) or set JAVA_HOME."
)
_MEMORY: Final = (
    "give more with --conf spark.driver.memory=8g (on a cluster spark.executor.memory), or cut"
    " finer with --partitions."
)
_CONNECTOR: Final = (
    "Spark has no connector for this kind of address: add its package with --conf"
    " spark.jars.packages=…"
)
_REMEDIES: Final = {
    "No space left on device": "The disk is full: free some space, or name another with --conf"
    " spark.local.dir=FOLDER.",
    "OutOfMemoryError": f"Out of memory: {_MEMORY}",
    "UnsupportedClassVersionError": f"This Java is too old, Spark needs 17. {INSTALL_JAVA}",
    "PATH_NOT_FOUND": "There is nothing at this path: correct it.",
    "UNABLE_TO_INFER_SCHEMA": "There are no Parquet files in this folder.",
    "CANNOT_READ_FILE_FOOTER": "This is no Parquet file.",
    "PATH_ALREADY_EXISTS": "There is something at this path: remove it, or name another.",
    "No FileSystem for scheme": _CONNECTOR,
    "FileSystem not found": _CONNECTOR,
    "UnknownHostException": "The host is not known: correct the address.",
    "Connection refused": "Nothing listens there: start the server, or correct the address.",
    "All masters are unresponsive": "The master does not answer: correct --master.",
    "Permission denied": "You may not write or read there: choose another place.",
    "ARITHMETIC_OVERFLOW": "A sum is larger than a number can be: the weights are too large.",
}
"""A part of Spark's message -> what it means and what to do."""

_EXCEPTION: Final = re.compile(r"(?:Caused by: )?(?:[\w.$]+\.)?(\w+(?:Error|Exception)): (.+)")


@contextmanager
def explained() -> Iterator[None]:
    """Turn what Spark raises inside the block into a GovgraphError of one line."""
    from py4j.protocol import Py4JError, Py4JNetworkError
    from pyspark.errors import PySparkException

    try:
        yield
    except Py4JNetworkError:
        raise GovgraphError(
            f"Spark's JVM ended while it computed, as it does where memory runs out: {_MEMORY}"
        ) from None
    except (Py4JError, PySparkException) as error:
        raise GovgraphError(f"Spark gave up: {meaning(str(error))}") from None
    except ConnectionError:
        raise GovgraphError("Spark's JVM ended while it computed: run it again.") from None


def meaning(text: str) -> str:
    """Return what a message of Spark says, in one line, with a remedy where one is known."""
    remedy = next((remedy for part, remedy in _REMEDIES.items() if part in text), None)
    cause = _cause(text)
    return f"{cause} {remedy}" if remedy and cause else remedy or cause or "it gave no reason."


def last_cause(error: BaseException, log: IO[bytes]) -> str:
    """Return why Spark did not start, from the error or from what its JVM printed."""
    log.seek(0)
    printed = log.read().decode("utf-8", "replace")
    for text in (str(error), printed):
        if any(part in text for part in _REMEDIES) or _EXCEPTION.search(text):
            return meaning(text)
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    return meaning(lines[-1] if lines else str(error))


def _cause(text: str) -> str:
    """Return the innermost cause of a stack trace, else the first line."""
    causes = _EXCEPTION.findall(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    cause = str(causes[-1][1] if causes else lines[0] if lines else "")
    cause = re.sub(r"\s*SQLSTATE: \w+\.?", "", cause).strip()
    cause = cause if len(cause) <= 300 else f"{cause[:300]}…"
    return cause if cause.endswith((".", "…", "")) and cause[-1:] in ".…" else f"{cause}."
