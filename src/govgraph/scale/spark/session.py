"""Spark started quietly, and its failures told in one line instead of a Java stack trace."""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final

from govgraph.errors import GovgraphError
from govgraph.extras import needed
from govgraph.scale.spark.failures import explained, why_not_started

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

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
}


@contextmanager
def session(
    master: str | None = None, configuration: Mapping[str, str] | None = None
) -> Iterator[SparkSession]:
    """Start Spark, or take the session there is already, and explain what fails inside.

    `master` is local[N], spark://HOST:PORT, yarn or k8s://…; None is what spark-submit or Spark's
    own configuration says, else local[*]. Raises GovgraphError in one line where pyspark or Java
    is missing, the master does not answer, or a computation fails.
    """
    with needed("spark", "Networks on Spark"):
        import pyarrow  # noqa: F401  (of the same extra)
        from pyspark.sql import SparkSession
    running = SparkSession.getActiveSession()
    with tempfile.TemporaryFile() as log:
        spark = running or _start(master, configuration or {}, log)
        try:
            with explained():
                yield spark
        finally:
            if running is None:
                spark.stop()


def describe(spark: SparkSession) -> str:
    """Return which Spark computes where, for the user."""
    return f"Spark {spark.version} on {spark.sparkContext.master}"


def _start(master: str | None, configuration: Mapping[str, str], log: IO[bytes]) -> SparkSession:
    """Start a session whose JVM writes its log to a file."""
    # What pyspark thinks of the versions of other libraries is not for the user.
    warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")
    from pyspark import SparkConf
    from pyspark.sql import SparkSession

    conf = SparkConf()
    for name, value in _DEFAULTS.items():
        conf.setIfMissing(name, value)
    for name, value in configuration.items():
        conf.set(name, value)
    if master is not None:
        conf.set("spark.master", master)
    elif "PYSPARK_GATEWAY_PORT" not in os.environ:  # not started by spark-submit
        conf.setIfMissing("spark.master", "local[*]")
    if str(conf.get("spark.master", "")).startswith("local"):
        # Nobody else has to find the driver: it needs no name that resolves.
        conf.setIfMissing("spark.driver.host", "127.0.0.1")
        conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1")
    with _stderr_to(log):
        try:
            started: Any = SparkSession.builder.config(conf=conf).getOrCreate()
            started.sparkContext.setLogLevel("OFF")
        except Exception as error:  # pyspark and py4j have errors of many bases
            raise GovgraphError(f"Spark does not start: {why_not_started(error, log)}") from None
    return started  # type: ignore[no-any-return]


@contextmanager
def _stderr_to(file: IO[bytes]) -> Iterator[None]:
    """Let what is started here write its standard error to a file."""
    sys.stderr.flush()
    saved = os.dup(2)
    os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
