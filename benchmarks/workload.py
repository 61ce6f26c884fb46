"""The files that one size is measured on, all in one folder."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from benchmarks.generator import plan_for, records, write_case_files, write_nquads
from govgraph import resources
from govgraph.assembly.assemble import choose_sources, read_ontology
from govgraph.coding.cases import load
from govgraph.coding.study import Sources
from govgraph.vocabulary import PREFIXES

STUDY = "study"
LARGEST_AS_CASE_FILES = 150_000
LARGEST_AS_TRIG = 1_500_000
"""Beyond these, only N-Quads are written: the other files are for engines not run there."""


@dataclass(frozen=True)
class Workload:
    """A size: `name` is "study" or the number of statements asked for."""

    folder: Path
    name: str
    statements: int
    errors: int | None = None

    @property
    def quads(self) -> Path:
        """The asserted statements as N-Quads."""
        return self.folder / "data.nq"

    @property
    def case_files(self) -> Sources:
        """The same as a coder writes them."""
        if self.name == STUDY:
            return choose_sources(studies=(resources.default_study(),))
        return Sources(data=(self.folder / "files",))

    @property
    def trig(self) -> Path:
        """The same with the ontology, for those who read RDF."""
        return self.folder / "asserted.trig"

    @property
    def output(self) -> Path:
        """What govgraph's own build of it wrote."""
        return self.folder / "output"

    @property
    def closure(self) -> Path:
        """Everything asserted and inferred, as N-Quads."""
        return self.output / "govgraph.nq"


def make(folder: Path, name: str, seed: int) -> Workload:
    """Write the files of a size into a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    workload = _study(folder) if name == STUDY else _generated(folder, name, seed)
    if workload.statements <= LARGEST_AS_TRIG:
        _write_trig(workload)
    content = {**asdict(workload), "folder": str(folder)}
    (folder / "workload.json").write_text(json.dumps(content), encoding="utf-8")
    return workload


def read(folder: Path) -> Workload:
    """Return the workload whose files lie in `folder`."""
    content = json.loads((folder / "workload.json").read_text(encoding="utf-8"))
    return Workload(**{**content, "folder": folder})


def _study(folder: Path) -> Workload:
    workload = Workload(folder, STUDY, 0)
    store = load(workload.case_files).store
    store.dump(str(workload.quads), format=ox.RdfFormat.N_QUADS)
    return replace(workload, statements=len(store))


def _generated(folder: Path, name: str, seed: int) -> Workload:
    data = records(plan_for(int(name), seed))
    count = write_nquads(data, folder / "data.nq")
    if count <= LARGEST_AS_CASE_FILES:
        write_case_files(data, folder / "files")
    return Workload(folder, name, count, sum(data.seeded.values()))


def _write_trig(workload: Workload) -> None:
    store = ox.Store()
    store.bulk_load(path=str(workload.quads), format=ox.RdfFormat.N_QUADS)
    store.bulk_extend(read_ontology())
    store.dump(str(workload.trig), format=ox.RdfFormat.TRIG, prefixes=PREFIXES)


if __name__ == "__main__":
    make(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
