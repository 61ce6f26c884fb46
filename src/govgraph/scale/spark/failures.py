"""What went wrong inside Spark, in one line with its remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

from govgraph.errors import GovgraphError

_JAVA: Final = (
    "Spark needs Java 17 or newer: install it (on Debian: apt install openjdk-17-jre-headless) or"
    " set JAVA_HOME."
)
_MEMORY: Final = (
    "give more with --conf spark.driver.memory=8g (on a cluster spark.executor.memory), or cut"
    " finer with --conf spark.sql.shuffle.partitions=N."
)
_CONNECTOR: Final = (
    "Spark has no connector for this kind of address: add its package with --conf"
    " spark.jars.packages=…"
)
_REMEDIES: Final = {
    "No space left on device": "The disk is full: free some space, or name another with --conf"
    " spark.local.dir=FOLDER.",
    "OutOfMemoryError": f"Out of memory: {_MEMORY}",
    "UnsupportedClassVersionError": _JAVA,
    "java: No such file": _JAVA,
    "JAVA_HOME is not set": _JAVA,
    "PATH_NOT_FOUND": "There is nothing at this path: correct it, or write it with"
    " `govgraph pairs NAME -o FILE.parquet`.",
    "UNABLE_TO_INFER_SCHEMA": "There are no Parquet files in this folder.",
    "CANNOT_READ_FILE_FOOTER": "This is no Parquet file: `govgraph pairs` writes them.",
    "PATH_ALREADY_EXISTS": "There is something at this path: remove it, or name another.",
    "No FileSystem for scheme": _CONNECTOR,
    "FileSystem not found": _CONNECTOR,
    "UnknownHostException": "The host is not known: correct the address.",
    "Connection refused": "Nothing listens there: start the server, or correct the address.",
    "on a stopped SparkContext": "The master does not answer: start it, or correct --master.",
    "Permission denied": "You may not write or read there: choose another place.",
    "ARITHMETIC_OVERFLOW": "A sum is larger than a number can be: the weights are too large.",
}
"""A part of Spark's message -> what it means and what to do."""

_EXCEPTION: Final = re.compile(
    r"(?<![\w.$])(?:Caused by: )?(?:[\w$]++\.)*+(\w+(?:Error|Exception)): (.+)"
)
LONGEST: Final = 300
"""Characters of a cause that are shown."""


@contextmanager
def explained() -> Iterator[None]:
    """Turn what Spark raises inside the block into a GovgraphError of one line."""
    from py4j.protocol import Py4JError, Py4JNetworkError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JNetworkError, ConnectionError):
        raise GovgraphError(
            f"Spark's JVM ended while it computed, as it does where memory runs out: {_MEMORY}"
        ) from None
    except (Py4JError, PySparkException) as error:
        raise GovgraphError(f"Spark gave up: {meaning(str(error))}") from None


def meaning(text: str) -> str:
    """Return what a message of Spark says, in one line, with a remedy where one is known.

    That is the innermost cause of a stack trace, else the first line.
    """
    causes = _EXCEPTION.findall(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    cause = causes[-1][1] if causes else lines[0] if lines else "it gave no reason"
    cause = re.sub(r"(?<!\s)\s*+SQLSTATE: \w++\.?", "", cause).strip().rstrip(".")
    cause = f"{cause}." if len(cause) <= LONGEST else f"{cause[:LONGEST]}…"
    remedy = next((remedy for part, remedy in _REMEDIES.items() if part in text), None)
    return f"{cause} {remedy}" if remedy else cause


def why_not_started(error: Exception, log: IO[bytes]) -> str:
    """Return why Spark did not start, from the error or from what its JVM printed."""
    log.seek(0)
    printed = log.read().decode("utf-8", "replace")
    for text in (str(error), printed):
        if any(part in text for part in _REMEDIES) or _EXCEPTION.search(text):
            return meaning(text)
    lines = [line for line in printed.splitlines() if line.strip()]
    return meaning(lines[-1] if lines else str(error))
