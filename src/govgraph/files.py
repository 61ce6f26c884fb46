"""Files and folders that are whole or not there: written beside, then renamed.

Everything here raises GovgraphError, which names the path asked for, where it cannot be written.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from govgraph.errors import GovgraphError


def is_file(path: Path) -> bool:
    """Tell whether there is a file, without an error for what no path can be, such as a loop."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: Path) -> bool:
    """Tell whether there is a folder, as `is_file` does."""
    return os.path.isdir(path)  # noqa: PTH112


def real(path: Path) -> Path:
    """Return the path without links; that of a loop of links is what it is."""
    return Path(os.path.realpath(path))


def visible(folder: Path, pattern: str = "*") -> list[Path]:
    """Return what lies in a folder, at any depth, and is not hidden, sorted."""
    paths = sorted(folder.rglob(pattern))
    return [p for p in paths if not any(n.startswith(".") for n in p.relative_to(folder).parts)]


def slugs(folder: Path, ending: str) -> dict[str, Path]:
    """Return the files of an ending in a folder, by their paths in it without that."""
    paths = visible(folder, f"*{ending}")
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in paths}


def make_folder(path: Path) -> None:
    """Make a folder and those above it."""
    with _failures_named(path):
        path.mkdir(parents=True, exist_ok=True)


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file beside `path` for writing and rename it to `path` when the block succeeds."""
    with _failures_named(path):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        new = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
            new.chmod(0o644)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)


@contextmanager
def written_together(folder: Path) -> Iterator[Path]:
    """Give a new folder to write files to; when the block succeeds, all come into `folder`.

    Other files of `folder` stay. Until then, and if the block fails or is interrupted, `folder` is
    as it was, and not there if it was not.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        make_folder(folder)
        with _new_folder(folder, folder / ".writing.") as new:
            yield new
            with _not_interrupted():  # else some files were new and some old
                for path in sorted(new.iterdir()):
                    path.replace(folder / path.name)
    except BaseException:
        for path in missing:
            with suppress(OSError):  # somebody else has put something there
                path.rmdir()
        raise


@contextmanager
def _not_interrupted() -> Iterator[None]:
    """Let Ctrl-C do nothing during the block, which takes no time; only the main thread gets it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def replaced_folder(folder: Path) -> Iterator[Path]:
    """Give a new folder to fill; when the block succeeds, it takes the place of `folder`.

    Until then, and if the block fails or is interrupted, `folder` is as it was. What a process
    that was killed amid the exchange has set aside is put back by the next one.
    """
    make_folder(folder.parent)
    aside = folder.with_name(f".{folder.name}.replaced")
    with _new_folder(folder, folder.with_name(f".{folder.name}.")) as new:
        if aside.exists() and not folder.exists():
            aside.rename(folder)
        yield new
        new.chmod(0o755)
        if folder.is_dir() and any(folder.iterdir()):
            shutil.rmtree(aside, ignore_errors=True)
            folder.rename(aside)
        new.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _new_folder(folder: Path, beginning: Path) -> Iterator[Path]:
    """Make a folder whose path has this beginning, and remove it; errors name `folder` instead."""
    with _failures_named(folder):
        new = Path(tempfile.mkdtemp(dir=beginning.parent, prefix=beginning.name))
        try:
            yield new
        except GovgraphError as error:
            raise GovgraphError(str(error).replace(str(new), str(folder))) from None
        finally:
            shutil.rmtree(new, ignore_errors=True)


@contextmanager
def _failures_named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _failure(path, error) from None


def _failure(path: Path, error: OSError) -> GovgraphError:
    remedy = {
        errno.ENOSPC: "The disk is full: free some space and run it again.",
        errno.EACCES: "You may not write there: choose another place with --output.",
        errno.ENOENT: "The folder does not exist: make it first, or correct the path.",
        errno.EROFS: "That place is read-only: choose another with --output.",
    }.get(error.errno or 0, "Check the path.")
    reason = error.strerror or "unknown reason"
    return GovgraphError(f"{path}: cannot be written ({reason}). {remedy}")
