"""Files replaced in one step, and failures of the disk in words."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from blackspot.data.disk.atomic import explained_os_errors, sync_tree, workplace_error, write_atomically
from blackspot.errors import BusyError, WorkplaceError


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    """The new text stands there as UTF-8, and nothing else is left in the folder."""
    path = tmp_path / "status.json"
    write_atomically(path, "cũ\n")
    write_atomically(path, "mới\n")
    assert "mới\n".encode() == path.read_bytes()
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """When the disk fails in the middle the old text is still there, and no draft."""
    path = tmp_path / "latest.json"
    write_atomically(path, "old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, full)
    with pytest.raises(
        WorkplaceError, match=r"latest\.json: cannot write the file, the disk is full; free some space"
    ):
        write_atomically(path, "new")
    assert "old" == path.read_text()
    assert [path] == list(tmp_path.iterdir())


def test_the_text_is_on_the_disk_before_the_name_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order is: force the text, rename, force the name; any other order can lose both after a power cut."""
    calls: list[str] = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(
            os, name, lambda *args, name=name, real=real: (calls.append(name), real(*args))[1]
        )
    write_atomically(tmp_path / "a", "text")
    assert ["fsync", "replace", "fsync"] == calls


def test_an_error_of_ours_passes_unchanged(tmp_path: Path) -> None:
    """A sentence that was already found is not wrapped in another one."""
    error = BusyError("busy")
    with pytest.raises(BusyError) as caught, explained_os_errors(tmp_path, "write"):
        raise error
    assert error is caught.value


def test_a_mistake_of_the_program_is_not_called_a_failure_of_the_disk(tmp_path: Path) -> None:
    """Only what the system says is put into words."""
    with pytest.raises(KeyError), explained_os_errors(tmp_path, "write"):
        raise KeyError("x")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "the disk is full; free some space"),
        (errno.EDQUOT, "quota is used up; free some space"),
        (errno.EACCES, "there is no right to do so; change the rights"),
        (errno.EROFS, "the disk is read-only; choose another folder"),
        (errno.ENOTDIR, "a file stands where a folder is needed; move the file"),
        (errno.EIO, "the disk failed; look at the disk"),
        (errno.ELOOP, "Too many levels of symbolic links; look at the disk"),
    ],
)
def test_every_cause_has_a_cure(code: int, words: str) -> None:
    """What, why and what to do in one sentence."""
    sentence = str(workplace_error(Path("/x/out"), "publish the run", OSError(code, os.strerror(code))))
    assert sentence.startswith("/x/out: cannot publish the run, ")
    assert words in sentence
    assert sentence.endswith(".")


def test_a_library_that_gives_no_number_is_quoted() -> None:
    """Some writers raise OSError with nothing but words."""
    assert "cannot write, broken pipe in codec;" in str(
        workplace_error(Path("x"), "write", OSError("broken pipe in codec"))
    )


def test_sync_reaches_every_file_and_folder_from_the_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files and inner folders come before the folders that name them."""
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "02.html").write_text("x")
    (tmp_path / "a.csv").write_text("x")
    names: list[str] = []
    monkeypatch.setattr(
        os, "fsync", lambda number: names.append(Path(f"/proc/self/fd/{number}").readlink().name)
    )
    sync_tree(tmp_path)
    assert ["02.html", "maps", "a.csv", tmp_path.name] == names
