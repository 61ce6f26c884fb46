"""Spark started quietly, and its failures told in one line instead of a Java stack trace."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from govgraph.errors import GovgraphError, UsageError
from govgraph.extras import missing
from govgraph.scale.spark.failures import INSTALL_JAVA, explained, last_cause

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_MASTERS: Final = re.compile(
    r"local(\[(\d+|\*)(,\d+)?\])?|yarn|k8s://(https?://)?[^/:]+(:\d+)?|spark://[^/:,]+:\d+(,[^/:,]+:\d+)*"
)
_DEFAULTS: Final[Mapping[str, str]] = {
    "spark.app.name": "govgraph",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.ansi.enabled": "true",  # a sum that overflows fails instead of going round
    "spark.sql.session.timeZone": "UTC",
    # A plan that keeps how its parts lie is worth more here than one that is revised: pairs are
    # laid out once by member and once by group, and no iteration moves them again.
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.cleaner.periodicGC.interval": "5min",  # lets go of what earlier iterations left
    "spark.cleaner.referenceTracking.cleanCheckpoints": "true",
}


@contextmanager
def session(
    master: str | None = None, configuration: Mapping[str, str] | None = None
) -> Iterator[SparkSession]:
    """Start Spark, or take the session there is already, and explain what fails inside.

    `master` is local[N], spark://HOST:PORT, yarn or k8s://…; None is what spark-submit or Spark's
    own configuration says, else local[*]. Raises UsageError and GovgraphError in one line where
    pyspark or Java is missing, the master does not answer, or a computation fails.
    """
    _check_pyspark()
    if master is not None:
        check_master(master)
    running = _running()
    if running is None and "PYSPARK_GATEWAY_PORT" not in os.environ:
        _check_java()
    if master is not None:
        _check_reachable(master)
    with tempfile.TemporaryFile() as log:
        spark = running or _start(master, dict(configuration or {}), log)
        try:
            with explained():
                yield spark
        finally:
            if running is None:
                spark.stop()


def default_partitions(spark: SparkSession, pairs: int) -> int:
    """Return into how many parts to cut so many pairs: enough for all cores, none too large."""
    return max(spark.sparkContext.defaultParallelism, -(-pairs // 1_000_000))


def describe(spark: SparkSession) -> str:
    """Return which Spark computes where, for the user."""
    return f"Spark {spark.version} on {spark.sparkContext.master}"


def check_master(master: str) -> None:
    """Raise UsageError for what is no address of a master."""
    if not _MASTERS.fullmatch(master):
        hint = " Spark Connect is not supported." if master.startswith("sc://") else ""
        raise UsageError(
            f"--master {master!r} is no Spark master: expected local[N], spark://HOST:PORT, yarn"
            f" or k8s://HOST:PORT.{hint}"
        )


def _check_pyspark() -> None:
    for name in ("pyspark", "pyarrow"):
        if find_spec(name) is None:
            raise missing("spark", name, "Networks on Spark")


def _running() -> SparkSession | None:
    from pyspark.sql import SparkSession

    return SparkSession.getActiveSession()


def _check_java() -> None:
    """Raise GovgraphError where there is no Java; one that is too old says so when it starts."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None or not os.access(java, os.X_OK):
        found = f"JAVA_HOME is {home!r}, where there is none" if home else "there is none on PATH"
        raise GovgraphError(f"Spark needs Java 17 or newer: {found}. {INSTALL_JAVA}")


def _check_reachable(master: str) -> None:
    """Raise GovgraphError where nothing listens at a master, for which Spark would wait minutes."""
    failures = []
    for host, port in re.findall(r"([^/:,]+):(\d+)", master.partition("://")[2]):
        try:
            socket.create_connection((host, int(port)), timeout=5).close()
            return
        except (OSError, OverflowError) as error:
            failures.append(getattr(error, "strerror", None) or str(error))
    if failures:
        raise GovgraphError(
            f"{master}: no Spark master answers there ({failures[0]}). Start it, or correct"
            " --master."
        )


def _start(master: str | None, configuration: dict[str, str], log: IO[bytes]) -> SparkSession:
    """Start a session whose JVM writes its log nowhere."""
    # What pyspark thinks of the versions of other libraries is not for the user.
    warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")
    from pyspark import SparkConf
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    conf = SparkConf()
    for name, value in _DEFAULTS.items():
        conf.setIfMissing(name, value)
    for name, value in configuration.items():
        conf.set(name, value)
    if master is not None:
        conf.set("spark.master", master)
    elif "PYSPARK_GATEWAY_PORT" not in os.environ:
        conf.setIfMissing("spark.master", "local[*]")
    if str(conf.get("spark.master", "")).startswith("local"):
        # Nobody else has to find the driver: it needs no name that resolves.
        conf.setIfMissing("spark.driver.host", "127.0.0.1")
        conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1")
    with _stderr_to(log):
        try:
            started: Any = SparkSession.builder.config(conf=conf).getOrCreate()
            started.sparkContext.setLogLevel("OFF")
        except (PySparkException, Exception) as error:  # py4j has errors of many bases
            raise GovgraphError(f"Spark does not start: {last_cause(error, log)}") from None
    return started  # type: ignore[no-any-return]


@contextmanager
def _stderr_to(file: IO[bytes]) -> Iterator[None]:
    """Let what is started here write its standard error to a file."""
    sys.stderr.flush()
    kept = os.dup(2)
    os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
