"""Whether a build fits into memory: said before it begins, as the store aborts if it does not."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

NEEDED_PER_BYTE: Final = 9
"""Bytes a build takes at its peak for each byte of N-Quads it reads (docs/performance.md)."""


def warning(folders: Iterable[Path]) -> str | None:
    """Return what to say where building `folders` would take more memory than there is, or None."""
    needed = NEEDED_PER_BYTE * sum(_size(folder) for folder in folders)
    free = available()
    if free is None or needed <= free:
        return None
    return (
        f"this build may need {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are free. "
        "`govgraph build --store DIR` builds on disk."
    )


def available() -> int | None:
    """Return the bytes of memory this process may still take; None where the system does not say.

    The least of what the machine has free, the limit of the control group (a container's) and
    that of the process.
    """
    known = [size for size in (_machine(), _container(), _process()) if size is not None]
    return min(known, default=None)


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def _machine() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(li.split()[1]) * 1024 for li in lines if li.startswith("MemAvailable:")), None)


def _container() -> int | None:
    folder = Path("/sys/fs/cgroup")
    try:
        limit, used = ((folder / f"memory.{name}").read_text() for name in ("max", "current"))
        return int(limit) - int(used)
    except (OSError, ValueError):  # no control group, or one without a limit: "max"
        return None


def _process() -> int | None:
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit
