"""Files are whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from govgraph.errors import GovgraphError
from govgraph.files import make_folder, replaced_folder, written_together, written_whole


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


def test_files_appear_together_beside_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"before")
    (tmp_path / "mine.txt").write_bytes(b"mine")
    with written_together(tmp_path) as folder:
        (folder / "a.txt").write_bytes(b"after")
        (folder / "b.txt").write_bytes(b"new")
        assert (tmp_path / "a.txt").read_bytes() == b"before"
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert found == {"a.txt": b"after", "b.txt": b"new", "mine.txt": b"mine"}


@pytest.mark.parametrize("failure", [ZeroDivisionError, KeyboardInterrupt, MemoryError])
def test_a_failure_leaves_all_files_as_they_were(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    (tmp_path / "a.txt").write_bytes(b"before")
    with pytest.raises(failure), written_together(tmp_path) as folder:
        (folder / "a.txt").write_bytes(b"after")
        raise failure
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.txt": b"before"}


def test_a_failure_leaves_no_folder_that_was_not_there(tmp_path: Path) -> None:
    wanted = tmp_path / "new" / "folder"
    with pytest.raises(ZeroDivisionError), written_together(wanted) as folder:
        (folder / "a.txt").write_bytes(b"after")
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())
    with pytest.raises(ZeroDivisionError), written_together(wanted):
        (tmp_path / "new" / "mine.txt").write_bytes(b"mine")
        raise ZeroDivisionError
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["mine.txt"]
    with written_together(wanted) as folder:
        (folder / "a.txt").write_bytes(b"after")
    assert (wanted / "a.txt").read_bytes() == b"after"


def test_a_full_disk_is_named_by_the_file_that_was_wanted(tmp_path: Path) -> None:
    expected = rf"^{tmp_path}/a\.txt: cannot be written .*free some space"
    with pytest.raises(GovgraphError, match=expected):  # noqa: SIM117
        with written_together(tmp_path) as folder, written_whole(folder / "a.txt"):
            raise OSError(28, "No space left on device")
    with pytest.raises(GovgraphError, match=rf"^{tmp_path}: cannot be written .*free some space"):  # noqa: SIM117
        with written_together(tmp_path):
            raise OSError(28, "No space left on device")
    assert not list(tmp_path.iterdir())


def test_a_folder_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder"
    for name in ("a.txt", "b.txt"):
        with replaced_folder(target) as folder:
            (folder / name).write_bytes(b"all")
            assert not (target / name).exists()
        assert [path.name for path in target.iterdir()] == [name]
        assert [path.name for path in target.parent.iterdir()] == ["folder"]


@pytest.mark.parametrize("failure", [ZeroDivisionError, KeyboardInterrupt, MemoryError])
def test_a_failure_leaves_the_folder_that_was_there(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    (target / "a.txt").write_bytes(b"before")
    with pytest.raises(failure), replaced_folder(target) as folder:
        (folder / "b.txt").write_bytes(b"half")
        raise failure
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
    assert [path.name for path in target.iterdir()] == ["a.txt"]


def test_a_folder_set_aside_by_a_killed_process_is_put_back(tmp_path: Path) -> None:
    (tmp_path / ".folder.replaced").mkdir()
    (tmp_path / ".folder.replaced" / "a.txt").write_bytes(b"before")
    with pytest.raises(ZeroDivisionError), replaced_folder(tmp_path / "folder"):
        raise ZeroDivisionError
    assert (tmp_path / "folder" / "a.txt").read_bytes() == b"before"


def test_a_full_disk_is_named_by_the_folder_that_was_asked_for(tmp_path: Path) -> None:
    with pytest.raises(GovgraphError, match=rf"^{tmp_path}/x/a\.txt: cannot be written"):  # noqa: SIM117
        with replaced_folder(tmp_path / "x") as folder, written_whole(folder / "a.txt"):
            raise OSError(28, "No space left on device")
