"""What went wrong inside Spark, in one line with its remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

from govgraph.errors import GovgraphError

_KNOWN: Final = (
    ("No space left on device",
     "The disk is full: free some space, or name another with --conf spark.local.dir=FOLDER."),
    ("OutOfMemoryError",
     "Out of memory: give more with --conf spark.driver.memory=8g (on a cluster"
     " spark.executor.memory), or cut finer with --partitions."),
    ("is bigger than spark.driver.maxResultSize",
     "The result is too large for the driver: --conf spark.driver.maxResultSize=4g."),
    ("PATH_NOT_FOUND", "There is nothing at this path: correct it."),
    ("UNABLE_TO_INFER_SCHEMA", "There are no Parquet files in this folder."),
    ("CANNOT_READ_FILE_FOOTER", "This is no Parquet file."),
    ("is not a Parquet file", "This is no Parquet file."),
    ("PATH_ALREADY_EXISTS", "There is something at this path: remove it, or name another."),
    ("No FileSystem for scheme",
     "Spark has no connector for this kind of address: add its package with"
     " --conf spark.jars.packages=…"),
    ("ClassNotFoundException: Class org.apache.hadoop.fs",
     "Spark has no connector for this kind of address: add its package with"
     " --conf spark.jars.packages=…"),
    ("UnknownHostException", "The host is not known: correct the address."),
    ("Connection refused", "Nothing listens there: start the server, or correct the address."),
    ("All masters are unresponsive", "The master does not answer: correct --master."),
    ("Permission denied", "You may not write or read there: choose another place."),
    ("AccessControlException", "You may not write or read there: choose another place."),
    ("SparkContext was shut down", "Spark was stopped: run it again."),
    ("ARITHMETIC_OVERFLOW", "A sum is larger than a number can be: the weights are too large."),
)  # fmt: skip
"""A part of Spark's message -> what it means and what to do."""

_CAUSE: Final = re.compile(r"(?:Caused by: )?(?:[\w.$]+\.)?(\w+(?:Error|Exception)): (.+)")


@contextmanager
def explained() -> Iterator[None]:
    """Turn what Spark raises inside the block into a GovgraphError of one line."""
    from py4j.protocol import Py4JError, Py4JNetworkError
    from pyspark.errors import PySparkException

    try:
        yield
    except Py4JNetworkError:
        raise GovgraphError(
            "Spark's JVM ended while it computed, as it does where memory runs out: give more with"
            " --conf spark.driver.memory=8g, or cut finer with --partitions."
        ) from None
    except (Py4JError, PySparkException) as error:
        raise GovgraphError(f"Spark gave up: {meaning(str(error))}") from None
    except ConnectionError:
        raise GovgraphError("Spark's JVM ended while it computed: run it again.") from None


def meaning(text: str) -> str:
    """Return what a message of Spark says, in one line, with a remedy where one is known."""
    remedy = next((remedy for part, remedy in _KNOWN if part in text), None)
    said = _said(text)
    return f"{said} {remedy}" if remedy and said else remedy or said or "it gave no reason."


def last_cause(error: BaseException, noise: IO[bytes]) -> str:
    """Return why Spark did not start, from the error or from what its JVM printed."""
    noise.seek(0)
    printed = noise.read().decode("utf-8", "replace")
    for text in (str(error), printed):
        if any(part in text for part, _ in _KNOWN) or _CAUSE.search(text):
            return meaning(text)
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    return meaning(lines[-1] if lines else str(error))


def _said(text: str) -> str:
    """Return the innermost cause of a stack trace, else the first line."""
    causes = _CAUSE.findall(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = str(causes[-1][1] if causes else lines[0] if lines else "")
    said = re.sub(r"\s*SQLSTATE: \w+\.?", "", said).strip()
    said = said if len(said) <= 300 else f"{said[:300]}…"
    return said if said.endswith((".", "…", "")) and said[-1:] in ".…" else f"{said}."
