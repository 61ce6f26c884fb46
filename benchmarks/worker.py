"""One measurement in a process of its own: `python -m benchmarks.worker STAGE ENGINE FOLDER`.

Prints JSON: seconds of CPU (user and system, all threads) and of the wall, resident memory before
and at its peak, and what the task returned.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path

from benchmarks.measure import peak_memory
from benchmarks.tasks import TASKS
from benchmarks.workload import read


def main(stage: str, engine: str, folder: str) -> None:
    run = TASKS[stage, engine](read(Path(folder)))
    gc.collect()
    before, wall, cpu = peak_memory(), time.perf_counter(), time.process_time()
    answer = run()
    measured = {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "memory": peak_memory(),
        "prepared": before,
        "answer": answer,
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main(*sys.argv[1:4])
