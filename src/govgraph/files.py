"""Files that are whole or not there: written beside, then renamed."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from govgraph.errors import GovgraphError


def make_folder(path: Path) -> None:
    """Make a folder and those above it; raises GovgraphError naming it where that fails."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _failure(path, error) from None


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file beside `path` for writing and rename it to `path` when the block succeeds.

    Raises GovgraphError naming `path` where the disk is full, or it cannot be written.
    """
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _failure(path, error) from None
    try:
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
            Path(beside).chmod(0o644)
            Path(beside).replace(path)
        except OSError as error:
            raise _failure(path, error) from None
    finally:
        Path(beside).unlink(missing_ok=True)


@contextmanager
def written_together(folder: Path) -> Iterator[Path]:
    """Give a new folder to write files to; when the block succeeds, all come into `folder`.

    Until then, and if the block fails or is interrupted, `folder` is as it was, and not there if
    it was not. Raises GovgraphError, naming `folder`, where it cannot be written.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        with _filled(folder) as beside:
            yield beside
    except BaseException:
        for each in missing:
            with suppress(OSError):  # somebody else has put something there
                each.rmdir()
        raise


@contextmanager
def _filled(folder: Path) -> Iterator[Path]:
    """Do what `written_together` does, but leave the folder where it is made."""
    make_folder(folder)
    try:
        beside = Path(tempfile.mkdtemp(dir=folder, prefix=".writing."))
    except OSError as error:
        raise _failure(folder, error) from None
    try:
        try:
            yield beside
            for path in sorted(beside.iterdir()):
                path.replace(folder / path.name)
        except OSError as error:
            raise _failure(folder, error) from None
        except GovgraphError as error:
            raise GovgraphError(str(error).replace(str(beside), str(folder))) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _failure(path: Path, error: OSError) -> GovgraphError:
    remedy = {
        errno.ENOSPC: "The disk is full: free some space and run it again.",
        errno.EACCES: "You may not write there: choose another place with --output.",
        errno.ENOENT: "The folder does not exist: make it first, or correct the path.",
        errno.EROFS: "That place is read-only: choose another with --output.",
    }.get(error.errno or 0, "Check the path.")
    reason = error.strerror or "unknown reason"
    return GovgraphError(f"{path}: cannot be written ({reason}). {remedy}")
