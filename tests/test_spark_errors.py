"""What goes wrong with pairs and Spark is one line that says what to do; no Spark is started."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from govgraph.cli import group
from govgraph.errors import GovgraphError, SourceError
from govgraph.scale.spark import failures, session

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

pytestmark = pytest.mark.usefixtures("kg")


def complaint(*arguments: str | Path) -> str:
    """Return the one line a command fails with."""
    done = CliRunner().invoke(group, [str(each) for each in arguments], catch_exceptions=True)
    assert isinstance(done.exception, GovgraphError), (done.exception, done.output)
    assert "\n" not in str(done.exception)
    return str(done.exception)


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.parquet"
    pq.write_table(pa.table({"source": ["a", "b"], "target": ["g", "g"]}), path)
    return path


# --- pairs from the store ----------------------------------------------------------------------


def test_pairs_are_the_rows_of_the_query(tmp_path: Path, kg: KnowledgeGraph) -> None:
    path = tmp_path / "actors.parquet"
    done = CliRunner().invoke(group, ["pairs", "actors", "-o", str(path)])
    assert done.stdout.split() == [str(path)]
    rows = kg.query("networks/actors").rows
    written = pq.read_table(path).to_pylist()
    assert [(row["source"], row["target"]) for row in written] == [
        (row[0].value, row[1].value)  # type: ignore[union-attr]
        for row in rows
    ]
    paper = [row for row in written if row["source"].endswith("actor/el-tiempo")]
    assert (paper[0]["start"], paper[0]["end"], paper[0]["kind"]) == (1998, None, "")
    before = path.read_bytes()
    CliRunner().invoke(group, ["pairs", "actors", "-o", str(path)])
    assert path.read_bytes() == before


def test_pairs_that_cannot_be(tmp_path: Path) -> None:
    output = tmp_path / "x.parquet"
    assert "not one of members of groups" in complaint("pairs", "influence", "-o", output)
    assert "Did you mean 'actors'" in complaint("pairs", "actor", "-o", output)
    assert "end it in .parquet" in complaint("pairs", "actors", "-o", tmp_path / "x.csv")
    assert "Make it first" in complaint("pairs", "actors", "-o", tmp_path / "no" / "x.parquet")
    query = tmp_path / "none.rq"
    query.write_text(
        "#+ network:\n#+   project: co-membership\n"
        "SELECT ?source ?target WHERE { ?source <http://example.org/none> ?target }"
    )
    output.write_bytes(b"mine")
    assert "no rows" in complaint("pairs", query, "-o", output)
    assert output.read_bytes() == b"mine"


# --- before Spark is started -------------------------------------------------------------------


def test_outputs_that_cannot_be(pairs: Path, tmp_path: Path) -> None:
    assert "end it in .parquet" in complaint("spark", pairs, "-o", "m.xlsx")
    assert "Remove it" in complaint("spark", pairs, "-o", _folder(tmp_path / "m.parquet"))
    assert "Make it first" in complaint("spark", pairs, "-o", tmp_path / "no" / "t.parquet")


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_requests_that_cannot_be(pairs: Path) -> None:
    assert "expected spark.NAME=VALUE" in complaint("spark", pairs, "--conf", "memory=8g")
    assert "no weighting 'newmann'. Did you mean 'newman'" in complaint(
        "spark", pairs, "--weighting", "newmann"
    )


def test_pyspark_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(GovgraphError, match=r"pip install -e '.*\[spark\]'"), session.session():
        pass


# --- what Spark says ---------------------------------------------------------------------------

TRACE = """An error occurred while calling o42.parquet.
: org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 3.0 failed
\tat org.apache.spark.scheduler.DAGScheduler.abort(DAGScheduler.scala:2898)
Caused by: java.io.IOException: No space left on device
\tat java.base/java.io.FileOutputStream.writeBytes(Native Method)
"""


def test_failures_of_spark_are_one_line() -> None:
    remedies = {
        TRACE: "The disk is full: free some space",
        "Caused by: java.lang.OutOfMemoryError: Java heap space": "spark.driver.memory=8g",
        "java.lang.UnsupportedClassVersionError: class file version 61.0": "needs Java 17 or newer",
        "[CANNOT_READ_FILE_FOOTER] Could not read file:/x.": "This is no Parquet file",
        "[PATH_NOT_FOUND] Path does not exist: hdfs://n/p. SQLSTATE: 42K03": "correct it",
        "java.lang.Exception: No FileSystem for scheme: s3a": "spark.jars.packages",
        "Caused by: java.net.ConnectException: Connection refused": "Nothing listens there",
        "something nobody has seen\n\tat a.b.C": "something nobody has seen.",
        "": "it gave no reason.",
    }
    meanings = {message: failures.meaning(message) for message in remedies}
    assert {m: remedy for m, remedy in remedies.items() if remedy not in meanings[m]} == {}
    assert [text for text in meanings.values() if "\n" in text or "\tat" in text] == []


def test_why_spark_did_not_start_is_what_its_jvm_printed() -> None:
    no_java = "line 71: /x/bin/java: No such file or directory"
    no_machine = "Error: Could not create the Java Virtual Machine."
    printed = {
        f"WARN something\n{no_machine}\n".encode(): no_machine,
        f"{no_java}\nline 97: bad\n".encode(): f"{no_java}. {failures._JAVA}",
        b"JAVA_HOME is not set\n": f"JAVA_HOME is not set. {failures._JAVA}",
    }
    error = RuntimeError("Java gateway process exited")
    reasons = {text: failures.why_not_started(error, io.BytesIO(text)) for text in printed}
    assert reasons == printed


def test_errors_of_govgraph_pass_through() -> None:
    with pytest.raises(SourceError, match="mine"), failures.explained():
        raise SourceError("mine")
    with pytest.raises(GovgraphError, match="Spark's JVM ended"), failures.explained():
        raise ConnectionResetError
