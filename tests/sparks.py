"""What the tests of Spark share: whether it can run here, and one session for all of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SETTINGS = {
    "spark.sql.shuffle.partitions": "1",
    # Small data: compiling the plans, and the code, would take longer than running them.
    "spark.sql.codegen.wholeStage": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


def missing() -> str | None:
    """Return why Spark cannot run, or None."""
    if find_spec("pyspark") is None or find_spec("pyarrow") is None:
        return "no pyspark: run `make test`, which installs it"
    if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        return "no Java (apt-get install openjdk-17-jre-headless, or as your system does)"
    return None


@contextmanager
def running() -> Iterator[SparkSession]:
    """Start Spark as govgraph does."""
    from govgraph.scale.spark.session import session

    with session("local[1]", SETTINGS) as spark:
        yield spark
