"""Files are whole or not there."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import re
import stat
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from govgraph import files
from govgraph.errors import GovgraphError, UsageError
from govgraph.files import MANIFEST, make_folder, manifest, written_together, written_whole


def test_a_file_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    with written_whole(target) as stream:
        stream.write(b"all")
        assert not target.exists()
    assert target.read_bytes() == b"all"
    assert [path.name for path in target.parent.iterdir()] == ["a.txt"]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"before")
    with pytest.raises(ZeroDivisionError), written_whole(target) as stream:
        stream.write(b"half")
        raise ZeroDivisionError
    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_an_interruption_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt), written_whole(target) as stream:
        stream.write(b"half")
        raise KeyboardInterrupt
    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_full_disk_is_named_with_the_remedy(tmp_path: Path) -> None:
    full = OSError(28, "No space left on device")
    with pytest.raises(GovgraphError, match=r"a\.txt: cannot be written .*free some space"):  # noqa: SIM117
        with written_whole(tmp_path / "a.txt"):
            raise full
    assert not list(tmp_path.iterdir())


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(GovgraphError, match=r"a\.txt: cannot be written .*make it first"):  # noqa: SIM117
        with written_whole(tmp_path / "missing" / "a.txt"):
            pass
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(GovgraphError, match="file/folder: cannot be written"):
        make_folder(tmp_path / "file" / "folder")
    with pytest.raises(GovgraphError, match=r"file.*cannot be written"):  # noqa: SIM117
        with written_whole(tmp_path / "file" / "a.txt"):
            pass


def found(folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder, but for the manifest."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def build(folder: Path, **files: str) -> None:
    with written_together(folder, "a") as new:
        for name, text in files.items():
            path = new / name.replace("_", "/")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")


@pytest.fixture(params=["exchanged", "file by file", "mounted"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Put in place in each way there is: by exchanging folders, and where that cannot be."""
    if request.param == "file by file":
        monkeypatch.setattr(files, "exchanged", lambda one, other: False)
    if request.param == "mounted":
        monkeypatch.setattr(Path, "is_mount", Path.is_dir)
    return str(request.param)


def test_what_was_made_goes_and_what_was_not_stays(way: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    build(folder, a="1", b="1", c_d="1", e="1")
    (folder / "mine").mkdir()
    (folder / "mine" / "note.txt").write_text("mine", encoding="utf-8")
    (folder / "link").symlink_to("nowhere")
    (folder / "c" / "mine").write_text("mine", encoding="utf-8")
    (folder / "e").write_text("changed by hand", encoding="utf-8")
    (folder / "b").chmod(0o640)
    inode, time = folder.stat().st_ino, (folder / "a").stat().st_mtime_ns
    assert sorted(manifest(folder)) == ["a", "b", "c/d", "e"]
    build(folder, a="1", b="2")
    assert found(folder) == {
        "a": b"1", "b": b"2", "c/mine": b"mine", "e": b"changed by hand", "mine/note.txt": b"mine",
    }  # fmt: skip
    assert (folder / "link").readlink() == Path("nowhere")
    assert folder.stat().st_ino == inode, "a shell or a mount that stands in it sees what is new"
    assert (folder / "a").stat().st_mtime_ns == time, "what is the same keeps its time"
    assert stat.S_IMODE((folder / "b").stat().st_mode) == 0o640
    assert manifest(folder) == {
        n: hashlib.sha256(t).hexdigest() for n, t in (("a", b"1"), ("b", b"2"))
    }
    assert [path.name for path in tmp_path.iterdir()] == ["out"], "nothing is left beside"
    assert not list(folder.rglob(".writing.*"))


def test_a_folder_without_manifest_keeps_what_it_has(way: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"before")
    (tmp_path / "mine.txt").write_bytes(b"mine")
    build(tmp_path, a="after", b="new")
    assert found(tmp_path) == {"a": b"after", "b": b"new", "mine.txt": b"mine"}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EPERM])
@pytest.mark.parametrize("call", ["link", "mkdir", "exchange"])
def test_a_full_disk_takes_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, call: str
) -> None:
    """Links that cannot be are done without; a disk that is full leaves what was made before."""
    folder = tmp_path / "out"
    build(folder, a="1", b="1")
    (folder / "mine").mkdir()
    (folder / "mine" / "note.txt").write_text("mine", encoding="utf-8")
    original = os.mkdir

    def failing(path: str, *rest: object, **options: object) -> None:
        if call == "link" or Path(path).name == "mine":
            raise OSError(number, os.strerror(number))
        original(path, *rest, **options)  # type: ignore[arg-type]

    if call == "exchange":
        library = SimpleNamespace(renameat2=lambda *given: -1)
        monkeypatch.setattr(ctypes, "CDLL", lambda *given, **options: library)
        monkeypatch.setattr(ctypes, "get_errno", lambda: number)
    else:
        monkeypatch.setattr(os, call, failing)
    if number == errno.EPERM:
        build(folder, a="2")
        assert found(folder) == {"a": b"2", "mine/note.txt": b"mine"}
        return
    with pytest.raises(GovgraphError, match=re.escape(os.strerror(number))):
        build(folder, a="2")
    assert found(folder) == {"a": b"1", "b": b"1", "mine/note.txt": b"mine"}


@pytest.mark.parametrize("failure", [ZeroDivisionError, KeyboardInterrupt, MemoryError])
def test_a_failure_leaves_all_files_as_they_were(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    build(tmp_path, a="before")
    with pytest.raises(failure), written_together(tmp_path, "a") as new:
        (new / "a").write_bytes(b"after")
        raise failure
    assert found(tmp_path) == {"a": b"before"}


def test_a_failure_leaves_no_folder_that_was_not_there(tmp_path: Path) -> None:
    wanted = tmp_path / "new" / "folder"
    with pytest.raises(ZeroDivisionError), written_together(wanted, "a.txt") as new:
        (new / "a.txt").write_bytes(b"after")
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())
    with pytest.raises(ZeroDivisionError), written_together(wanted, "a.txt"):
        (tmp_path / "new" / "mine.txt").write_bytes(b"mine")
        raise ZeroDivisionError
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["mine.txt"]
    with written_together(wanted, "a.txt") as new:
        (new / "a.txt").write_bytes(b"after")
    assert (wanted / "a.txt").read_bytes() == b"after"


def test_a_full_disk_is_named_by_the_file_that_was_wanted(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    expected = rf"^{folder}/a\.txt: cannot be written .*free some space"
    with pytest.raises(GovgraphError, match=expected):  # noqa: SIM117
        with written_together(folder, "a.txt") as new, written_whole(new / "a.txt"):
            raise OSError(28, "No space left on device")
    with pytest.raises(GovgraphError, match=rf"^{folder}: cannot be written .*free some space"):  # noqa: SIM117
        with written_together(folder, "a.txt"):
            raise OSError(28, "No space left on device")
    assert not list(tmp_path.iterdir())


def test_what_another_command_made_is_not_taken_for_ones_own(tmp_path: Path) -> None:
    build(tmp_path, a="1")
    with pytest.raises(UsageError, match="holds what another command wrote"):  # noqa: SIM117
        with written_together(tmp_path, "index.html"):
            pass
    assert found(tmp_path) == {"a": b"1"}


def test_a_folder_where_a_file_is_to_be_is_named(way: str, tmp_path: Path) -> None:
    build(tmp_path, a="1", b="1")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "mine").write_bytes(b"mine")
    with pytest.raises(GovgraphError, match="c is a folder there"):
        build(tmp_path, a="2", b="2", c="2")
    assert found(tmp_path) == {"a": b"1", "b": b"1", "c/mine": b"mine"}


def test_the_last_of_two_at_once_wins_whole(way: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    build(folder, a="0", b="0")
    with written_together(folder, "a") as first:
        (first / "a").write_bytes(b"1")
        build(folder, a="2", b="2", c="2")
        (first / "b").write_bytes(b"1")
    assert found(folder) == {"a": b"1", "b": b"1"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_takes_a_place_that_must_be_free(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder"
    with written_together(target) as new:
        (new / "a.txt").write_bytes(b"all")
        assert not target.exists()
    assert [path.name for path in target.iterdir()] == ["a.txt"]
    with pytest.raises(GovgraphError, match="cannot be written"), written_together(target) as new:
        (new / "b.txt").write_bytes(b"all")
    assert [path.name for path in target.iterdir()] == ["a.txt"]


def test_what_the_dead_left_is_taken_away_and_not_what_is_being_written(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "out"):
        (place / ".writing.0123abcd").mkdir(parents=True)
        (place / ".writing.0123abcd" / "a").write_bytes(b"half")
    (tmp_path / ".writing.4567abcd").write_bytes(b"half")
    (tmp_path / ".writing.of mine").write_bytes(b"mine")
    with written_whole(tmp_path / "b") as stream:
        build(tmp_path / "out", a="1")
        stream.write(b"all")
    assert found(tmp_path) == {"b": b"all", "out/a": b"1", ".writing.of mine": b"mine"}


def test_the_umask_is_obeyed_and_what_is_there_keeps_its_mode(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        for name in ("a", "b"):
            with written_whole(tmp_path / name):
                (tmp_path / "b").touch()
                (tmp_path / "b").chmod(0o664)
        build(tmp_path / "out", a="1")
    finally:
        os.umask(before)
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()}
    assert modes == {"a": "0o600", "b": "0o664", "out": "0o700"}
    assert (tmp_path / "out" / "a").stat().st_mode & 0o777 == 0o600


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "link").symlink_to("deep/target")
    for text in (b"1", b"2"):
        with written_whole(tmp_path / "link") as stream:
            stream.write(text)
        assert (tmp_path / "link").readlink() == Path("deep/target")
        assert found(tmp_path / "deep") == {"target": text}
    (tmp_path / "out").symlink_to("deep")
    build(tmp_path / "out", a="1")
    assert found(tmp_path / "deep") == {"target": b"2", "a": b"1"}
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(GovgraphError, match="loop: cannot be written"):  # noqa: SIM117
        with written_whole(tmp_path / "loop"):
            pass


def test_pipes_and_devices_are_written_to_as_they_are(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    read: list[bytes] = []
    reader.start()
    for path in (tmp_path / "pipe", Path("/dev/null")):
        with written_whole(path) as stream:
            stream.write(b"all")
        assert not path.is_file()
    reader.join()
    assert read == [b"all"]
    with pytest.raises(UsageError, match="is a folder: name a file in it"):  # noqa: SIM117
        with written_whole(tmp_path):
            pass
