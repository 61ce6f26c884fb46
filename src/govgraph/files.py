"""Files and folders that are whole or not there: written beside, then put in place in one step.

What is being written is called `.writing.` and eight letters, and its writer holds a lock on it: so
the next one knows what a dead writer left, and takes it away. What stands in place was brought to
the disk before. Everything here raises GovgraphError, which names the path asked for, where that
cannot be written.
"""

import errno
import filecmp
import hashlib
import os
import re
import secrets
import shutil
import signal
import stat
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from govgraph.errors import GovgraphError, UsageError

try:
    import fcntl
except ImportError:  # Windows: nothing is locked, and nothing that was left is taken away
    fcntl = None  # type: ignore[assignment]

WRITING: Final = ".writing."
MANIFEST: Final = ".govgraph-files"
"""Lists every file that was made for a folder, with its SHA-256; what else lies there stays."""
AT_ONCE: Final = 100
"""So many files are brought to the disk one by one; with more, all that the system holds is."""
STREAM: Final = re.compile(r"/dev/(stdin|stdout|stderr|fd/\d+)|/proc/[^/]+/fd/\d+")
BROKEN: Final = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
"""Where a disk says so, there is no other way in which it could be written."""
_LEFT: Final = re.compile(r"\.writing\.[a-z0-9_]{8}")


is_file, is_folder = os.path.isfile, os.path.isdir
"""Tell whether there is one, without an error for what no path can be, such as a loop."""


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


def is_stream(path: Path) -> bool:
    """Whether this is no file that could be replaced: a pipe, a device, what stdout leads to."""
    return bool(STREAM.fullmatch(str(path))) or (path.exists() and not path.is_file())


def check_output(path: Path) -> None:
    """Raise an error, before the work is done, where no file can be written to `path`."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file in it.")
    with _failures_named(path):
        if not is_stream(path):
            target = real(path)
            target.parent.stat()  # which says why there is none
            if target.is_symlink() or not os.access(target.parent, os.W_OK):
                code = errno.ELOOP if target.is_symlink() else errno.EACCES
                raise OSError(code, os.strerror(code))


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file beside `path` for writing; it takes the place of `path` when the block succeeds.

    Where `path` is a link, that of what it leads to. Pipes and devices are written to as they are.
    """
    check_output(path)
    with _failures_named(path), ExitStack() as stack:
        if is_stream(path):
            yield stack.enter_context(path.open("ab"))
            return
        target = real(path)
        new, handle = stack.enter_context(_begun(target.parent))
        stream = stack.enter_context(os.fdopen(handle, "wb", closefd=False))
        if target.exists():
            new.chmod(stat.S_IMODE(target.stat().st_mode))
        yield stream
        stream.flush()
        os.fsync(handle)
        new.replace(target)
        _sync(target.parent)


@contextmanager
def written_together(folder: Path, sign: str = "") -> Iterator[Path]:
    """Give a new folder to write files to; when the block succeeds, all come into `folder`.

    What an earlier run made there goes, what nobody made stays. Until then, and if the block fails
    or its process is killed, `folder` is as it was, and not there if it was not. The folder itself
    stays the same, for shells and servers that stand in it. `sign` is the file by which such a
    folder is known; without it, it has to be a new one, and no manifest is written.
    """
    shown, folder = folder, real(folder)
    if (before := manifest(folder)) and sign not in before:
        raise UsageError(f"{shown} holds what another command wrote: name another folder.")
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    parent = folder.parent
    if folder.is_dir():
        _take_away_what_was_left(folder)
        if folder.is_mount() or not os.access(parent, os.W_OK):  # it cannot be exchanged
            parent = folder
    try:
        make_folder(parent)
        with _failures_named(shown), _begun(parent, is_folder=True) as (new, _):
            try:
                yield new
            except GovgraphError as error:
                if str(new) not in str(error):
                    raise
                raise GovgraphError(str(error).replace(str(new), str(shown))) from None
            if sign:
                made = {p.relative_to(new).as_posix(): sha256(p) for p in _files(new)}
                (new / MANIFEST).write_text(manifest_text(made), "utf-8")
            _sync(*_files(new), new)
            with _alone(folder.parent):
                _put_in_place(new, folder)
                _sync(folder.parent)
    except BaseException:
        for path in missing:
            with suppress(OSError):  # somebody else has put something there
                path.rmdir()
        raise


def manifest(folder: Path) -> dict[str, str]:
    """Return the files that a run made in a folder and that are there, with their SHA-256 then."""
    return {name: sha for name, sha in _listed(folder).items() if (folder / name).is_file()}


def _listed(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / MANIFEST).read_text("utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise GovgraphError(f"{folder / MANIFEST}: cannot be read ({error}). Delete it.") from None
    made = {name: sha for sha, _, name in (line.partition("  ") for line in lines)}
    # A manifest that was meddled with must not lead out of the folder.
    return {name: made[name] for name in made if name and {"..", "/"}.isdisjoint(Path(name).parts)}


def manifest_text(digests: Mapping[str, str]) -> str:
    """Return checksums by name of file as `sha256sum --check` reads them, sorted by name."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))


def _put_in_place(new: Path, folder: Path) -> None:
    """Let the files of a new folder take the place of those made before."""
    now = _listed(new)
    if folders := [name for name in now if (folder / name).is_dir()]:
        raise IsADirectoryError(errno.EISDIR, f"{folders[0]} is a folder there")
    if not now or not folder.exists():
        new.rename(folder)
    elif (
        new.parent == folder.parent
        and carried(folder, new, _stale(folder, now))
        and exchanged(new, folder)
    ):
        with suppress(OSError):  # what stands in place is whole already
            _bring(folder, new, _link)
            exchanged(new, folder)
    else:
        _bring(new, folder, os.replace)


def _bring(source: Path, target: Path, put: Callable[[Path, Path], None]) -> None:
    """Put all that was made from one folder into another, but what is the same and keeps its time.

    What is no longer made is removed there.
    """
    now = _listed(source)
    for name in _stale(target, now):
        (target / name).unlink()
        with suppress(OSError):  # where something else is in it
            os.removedirs((target / name).parent)
    for name in (*sorted(now), MANIFEST):
        new, old = source / name, target / name
        if not (old.is_file() and filecmp.cmp(new, old, shallow=False)):
            old.parent.mkdir(parents=True, exist_ok=True)
            if old.is_file():
                new.chmod(stat.S_IMODE(old.stat().st_mode))
            put(new, old)


def _stale(folder: Path, now: Mapping[str, str]) -> list[str]:
    """Return what was made in a folder, is no longer, and was changed by nobody."""
    made = manifest(folder)
    return [name for name in made.keys() - now.keys() if sha256(folder / name) == made[name]]


def _link(new: Path, old: Path) -> None:
    beside = old.with_name(f"{WRITING}{secrets.token_hex(4)}")
    os.link(new, beside)
    beside.replace(old)


def carried(folder: Path, new: Path, ours: Iterable[str]) -> bool:
    """Link all that is not ours from a folder into a new one; whether that could be done."""
    left_out = {folder / name for name in ours}

    def skipped(place: str, names: list[str]) -> set[str]:
        beyond = new / Path(place).relative_to(folder)
        there = {n for n in names if (beyond / n).is_symlink() or is_file(beyond / n)}
        return there | {n for n in names if _LEFT.fullmatch(n) or Path(place, n) in left_out}

    try:
        shutil.copytree(folder, new, True, skipped, os.link, dirs_exist_ok=True)
    except OSError as error:  # a disk without links, or that of another in it
        for number in BROKEN:
            if number == error.errno or f"[Errno {number}]" in str(error):  # copytree gathers them
                raise OSError(number, os.strerror(number)) from None
        return False
    return True


def exchanged(one: Path, other: Path) -> bool:
    """Let two folders change names, in one step; False where the system or the disk cannot."""
    import ctypes

    try:
        rename: Callable[..., int] = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, TypeError, OSError):
        return False
    here, exchange = -100, 2
    done = rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0
    if not done and (number := ctypes.get_errno()) in BROKEN:
        raise OSError(number, os.strerror(number))
    return done


@contextmanager
def _begun(parent: Path, *, is_folder: bool = False) -> Iterator[tuple[Path, int]]:
    """Make a file or folder that is being written, locked, and remove it if it is there still."""
    _take_away_what_was_left(parent)
    while True:
        new = parent / f"{WRITING}{secrets.token_hex(4)}"
        if is_folder:
            new.mkdir()
        flags = os.O_RDONLY if is_folder else os.O_CREAT | os.O_EXCL | os.O_WRONLY
        handle = os.open(new, flags, 0o666)
        if _locked(handle, otherwise=True) and new.exists():
            break
        os.close(handle)  # taken for a left one before it was locked
    try:
        yield new, handle
    finally:
        remove(new)
        os.close(handle)


def _take_away_what_was_left(folder: Path) -> None:
    """Remove what was being written in a folder by those who are dead."""
    for path in [path for path in folder.iterdir() if _LEFT.fullmatch(path.name)]:
        with suppress(OSError):
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            if _locked(handle, otherwise=False) and os.fstat(handle).st_uid == os.geteuid():
                remove(path)
            os.close(handle)


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _locked(handle: int, *, otherwise: bool) -> bool:
    """Lock what is open; False where somebody else has, `otherwise` where nothing can be locked."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (OSError, AttributeError):
        return otherwise
    return True


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let nobody else put something in place in a folder meanwhile, nor a signal interrupt it."""
    with ExitStack() as stack:
        with suppress(OSError, AttributeError):
            handle = os.open(folder, os.O_RDONLY)
            stack.callback(os.close, handle)
            fcntl.flock(handle, fcntl.LOCK_EX)
        if threading.current_thread() is threading.main_thread():  # which alone gets signals
            for number in (signal.SIGINT, signal.SIGTERM):
                stack.callback(signal.signal, number, signal.signal(number, signal.SIG_IGN))
        yield


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sync(*paths: Path) -> None:
    """Have what was written on the disk, and not in memory alone."""
    if len(paths) > AT_ONCE:
        os.sync()
    for path in paths if len(paths) <= AT_ONCE and os.name == "posix" else ():
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _failures_named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        remedy = {
            errno.ENOSPC: "The disk is full: free some space and run it again.",
            errno.EACCES: "You may not write there: choose another place with --output.",
            errno.ENOENT: "The folder does not exist: make it first, or correct the path.",
            errno.EROFS: "That place is read-only: choose another with --output.",
        }.get(error.errno or 0, "Check the path.")
        reason = error.strerror or str(error)  # that of a database has only a text
        raise GovgraphError(f"{path}: cannot be written ({reason}). {remedy}") from None
