"""Measures networks of pairs on Spark beside igraph: time, growth, memory, and greatest difference.

`python -m benchmarks.spark [--members N ...] [--hub K] [--master URL]`. Each size runs in a Spark
of its own. Times are processor seconds, of Spark's JVM and of this process, so that what else the
machine does matters little; seconds on the clock stand beside them. `--hub K` adds one group of
K members.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import functions as F  # noqa: N812

from benchmarks.networks import memberships, project
from govgraph.scale.spark import measures
from govgraph.scale.spark.components import components
from govgraph.scale.spark.measuring import cut
from govgraph.scale.spark.memberships import read_memberships
from govgraph.scale.spark.reading import read_pairs
from govgraph.scale.spark.session import describe, session


class Clock:
    """Writes down the processor seconds and the seconds on the clock of each step."""

    def __init__(self, process: int | None = None):
        self.process = process
        self.laps: dict[str, tuple[float, float]] = {}

    def processor(self) -> float:
        """Return the processor seconds so far: of this process, and of another (Linux only)."""
        used = time.process_time()
        if self.process is not None:
            fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
            used += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return used

    def __call__(self, name: str, work: Callable[[], Any]) -> Any:
        """Do some work and write down its seconds."""
        start, used = time.perf_counter(), self.processor()
        result = work()
        self.laps[name] = (self.processor() - used, time.perf_counter() - start)
        return result

    def __str__(self) -> str:
        laps = [f"{name} {used:.2f} ({clock:.1f})" for name, (used, clock) in self.laps.items()]
        total = [sum(column) for column in zip(*self.laps.values(), strict=True)]
        return ", ".join([*laps, f"all {total[0]:.1f} ({total[1]:.1f})"])


def on_spark(path: Path, master: str) -> tuple[Clock, dict[str, Any]]:
    """Measure a file of pairs; returns seconds by step, and the values in the order of members."""
    with session(master, {"spark.driver.memory": "6g"}) as spark:
        clock = Clock(spark.sparkContext._gateway.proc.pid)  # type: ignore[union-attr]
        print(describe(spark))
        pairs = read_pairs(spark, str(path))
        cut(spark, pairs.count())
        network = clock("reading", lambda: read_memberships(pairs))
        strength = clock("strength", lambda: measures.strength(network).localCheckpoint())
        rank, rounds, _ = clock("pagerank", lambda: measures.pagerank(network, strength))
        roots, hooks = clock("components", lambda: components(network))
        values = network.members.withColumn("id", F.col("node").cast("long"))
        for frame in (strength, rank, roots.withColumnRenamed("root", "component")):
            values = values.join(frame, "member")
        values = values.select("id", "strength", "weighted_pagerank", "component").sort("id")
        columns: dict[str, Any] = dict(
            zip(values.columns, zip(*map(tuple, values.collect()), strict=True), strict=True)
        )
        columns["rounds"] = (rounds, hooks)
        runtime = spark._jvm.java.lang.Runtime.getRuntime()  # type: ignore[union-attr]
        columns["jvm"] = (runtime.totalMemory() - runtime.freeMemory()) / 1e9
    return clock, columns


def on_igraph(members: Any, groups: Any) -> tuple[Clock, dict[str, Any]]:
    """Measure the same with SciPy and igraph."""
    import igraph

    clock = Clock()
    one, other, weight = clock("projection", lambda: project(members, groups))
    count = int(members.max()) + 1
    graph = clock("to igraph", lambda: igraph.Graph(count, np.stack([one, other], axis=1).tolist()))
    weights = weight.astype(float).tolist()
    rank = clock("pagerank", lambda: graph.pagerank(damping=measures.DAMPING, weights=weights))
    component = clock("components", lambda: graph.connected_components().membership)
    strength = graph.strength(weights=weights)
    return clock, {"strength": strength, "weighted_pagerank": rank, "component": component}


def compare(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Print how far Spark's values are from igraph's."""
    for name in ("strength", "weighted_pagerank"):
        difference = np.abs(np.asarray(ours[name], float) - np.asarray(theirs[name], float))
        print(f"  {name}: greatest difference {difference.max():.1e}")
    pairs = len(set(zip(ours["component"], np.asarray(theirs["component"]), strict=True)))
    sizes = {len(set(ours["component"])), len(set(np.asarray(theirs["component"]))), pairs}
    print(f"  components: {'the same' if len(sizes) == 1 else 'DIFFERENT'} ({pairs})")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, nargs="+", default=[100_000])
    parser.add_argument("--hub", type=int, default=0)
    parser.add_argument("--no-igraph", action="store_true")
    parser.add_argument("--master", default="local[2]")
    options = parser.parse_args()
    for size in options.members:
        members, groups = memberships(size)
        if options.hub:
            hub = np.arange(options.hub) * (size // options.hub)
            members = np.concatenate([members, hub])
            groups = np.concatenate([groups, np.full(options.hub, groups.max() + 1)])
        members = np.unique(members, return_inverse=True)[1]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pairs.parquet"
            texts = [pa.array(numbers.astype("int64")) for numbers in (members, groups)]
            pq.write_table(pa.table(texts, names=["source", "target"]), path)
            print(f"\n{size:,} members, {len(members):,} pairs, {path.stat().st_size:,} bytes")
            laps, ours = on_spark(path, options.master)
        print(f"  rounds {ours['rounds']}; JVM {ours['jvm']:.2f} GB")
        print(f"  Spark: {laps}")
        if not options.no_igraph:
            laps, theirs = on_igraph(members, groups)
            print(f"  igraph: {laps}")
            compare(ours, theirs)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"  greatest memory of this process {most:.2f} GB, without the JVM")


if __name__ == "__main__":
    main()
