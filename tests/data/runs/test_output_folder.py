"""Publication: whole or not at all; one writer at a time."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import publishing
from blackspot.data.runs.listing import list_runs
from blackspot.data.runs.manifest import damage
from blackspot.data.runs.output_folder import OutputFolder, is_held
from blackspot.errors import BusyError, WorkplaceError, published_before
from publishing import check_view, fill, publish

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def another_process(out: Path) -> Iterator[subprocess.Popen[str]]:
    script = (
        "import sys, time; from pathlib import Path; from blackspot.data.runs.output_folder import OutputFolder\n"
        "with OutputFolder(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(out)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert "held\n" == process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_published_run_is_whole_and_the_latest(tmp_path: Path) -> None:
    """Folder, pointer and link agree, and nothing unfinished is left."""
    out = tmp_path / "new" / "out"
    run_id = publish(out)
    assert "000001-aaaaaa" == run_id
    assert {"run": run_id, "path": f"runs/{run_id}"} == json.loads((out / "latest.json").read_text())
    assert f"runs/{run_id}" == str((out / "latest").readlink())
    assert () == damage(out / "latest")
    assert [".lock", "latest", "latest.json", "runs"] == sorted(path.name for path in out.iterdir())
    assert [run_id] == [path.name for path in (out / "runs").iterdir()]


def test_the_next_run_takes_over_and_the_old_one_stays(tmp_path: Path) -> None:
    """Both runs are whole; the pointers name the second."""
    first, second = publish(tmp_path), publish(tmp_path, "b" * 64)
    assert [first, second] == [run.id for run in list_runs(tmp_path)]
    check_view(tmp_path, {second})


def test_an_output_folder_that_was_moved_still_works(tmp_path: Path) -> None:
    """Pointers are relative."""
    run_id = publish(tmp_path / "a")
    (tmp_path / "a").rename(tmp_path / "b")
    check_view(tmp_path / "b", {run_id})


def test_order_of_publication(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All files are forced to the disk before the rename, the rename before the pointer, the pointer last."""
    calls: list[str] = []

    def watch(name: str) -> None:
        real = getattr(os, name)

        def call(*args: object) -> object:
            is_fsync = name == "fsync"
            where = str(Path(f"/proc/self/fd/{args[0]}").readlink()) if is_fsync else str(args[-1])
            calls.append(f"{name} {Path(where).name}")
            return real(*args)

        monkeypatch.setattr(os, name, call)

    with OutputFolder(tmp_path) as folder:
        temp = folder.begin("000001-aaaaaa")
        fill(temp, "000001-aaaaaa")
        for name in ("fsync", "rename", "replace"):
            watch(name)
        folder.publish(temp, "000001-aaaaaa")
    pointer = f"fsync .latest.json.{os.getpid()}.unfinished"
    assert calls == [
        "fsync 02.html",
        "fsync maps",
        "fsync communes.csv",
        "fsync manifest.json",
        "fsync map.html",
        "fsync .unfinished-000001-aaaaaa",
        "rename 000001-aaaaaa",
        "fsync runs",
        pointer,
        "replace latest.json",
        f"fsync {tmp_path.name}",
        "replace latest",
        f"fsync {tmp_path.name}",
    ]


@pytest.mark.parametrize("kind", ["changed", "cut", "missing", "added"])
def test_a_run_that_is_not_as_announced_is_not_published(tmp_path: Path, kind: str) -> None:
    """The old run stays the latest, and the sentence names the file."""
    old = publish(tmp_path)
    with OutputFolder(tmp_path) as folder:
        temp = folder.begin("000002-bbbbbb")
        fill(temp, "000002-bbbbbb")
        path = temp / "communes.csv"
        if kind == "changed":
            path.write_text(path.read_text().replace("0", "1"))
        elif kind == "cut":
            path.write_text("")
        elif kind == "missing":
            path.unlink()
        else:
            path = temp / "extra.csv"
            path.write_text("x")
        with pytest.raises(WorkplaceError, match=re.escape(path.name)):
            folder.publish(temp, "000002-bbbbbb")
        folder.discard(temp)
    assert [old] == [path.name for path in (tmp_path / "runs").iterdir()]
    check_view(tmp_path, {old})


@pytest.mark.parametrize("call", ["fsync", "rename", "replace"])
@pytest.mark.parametrize(
    ("code", "words"), [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "the disk is read-only")]
)
def test_a_disk_that_fails_leaves_a_whole_view(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, words: str
) -> None:
    """The error is a sentence, the pointers still name a whole run."""
    old = publish(tmp_path)

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    with OutputFolder(tmp_path) as folder:
        temp = folder.begin("000002-bbbbbb")
        fill(temp, "000002-bbbbbb")
        with monkeypatch.context() as patch:
            patch.setattr(os, call, fail)
            with pytest.raises(WorkplaceError, match=words):
                folder.publish(temp, "000002-bbbbbb")
    check_view(tmp_path, {old})


def test_a_second_writer_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    """Process number and time stand in the sentence; nothing is touched."""
    with another_process(tmp_path) as holder:
        with pytest.raises(
            BusyError, match=rf"process {holder.pid} on .*, since 20\d\d-.*; wait until it is done"
        ) as caught:
            publish(tmp_path)
        assert str(tmp_path) in str(caught.value)
        assert [] == list((tmp_path / "runs").iterdir())


def test_the_lock_dies_with_its_holder(tmp_path: Path) -> None:
    """After kill -9 of the holder the next run starts at once, without any unlocking."""
    with another_process(tmp_path) as holder:
        holder.kill()
        holder.wait()
        publish(tmp_path)
    publish(tmp_path)


def test_the_same_process_cannot_hold_the_folder_twice(tmp_path: Path) -> None:
    """A second use inside the first is busy, too, and does not free the first."""
    with OutputFolder(tmp_path):
        for _ in range(2):
            with pytest.raises(BusyError, match=f"process {os.getpid()} "), OutputFolder(tmp_path):
                pass
    with OutputFolder(tmp_path):
        pass


def test_an_error_inside_frees_the_folder(tmp_path: Path) -> None:
    """A run that fails does not hold up the next one."""
    with pytest.raises(KeyError), OutputFolder(tmp_path):
        raise KeyError("x")
    publish(tmp_path)


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOLCK, "this disk does not know locks"), (errno.ENOSYS, "use the output folder")],
)
def test_a_lock_that_cannot_be_had_is_no_fault_of_the_inputs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    """A disk without locks is told from another writer, and no lock is left behind."""

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", fail)
        with pytest.raises(WorkplaceError, match=words), OutputFolder(tmp_path):
            pass
    publish(tmp_path)


def test_on_a_full_disk_the_lock_holds_without_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the disk is full is told by whatever needs room, and can be noted."""

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", fail)
    with OutputFolder(tmp_path), pytest.raises(BusyError, match="it has just begun"), OutputFolder(tmp_path):
        pass


def test_whoever_looks_sees_whether_the_folder_is_held(tmp_path: Path) -> None:
    """Without a right to write; a disk that knows no locks may be held."""
    assert not is_held(tmp_path)
    with OutputFolder(tmp_path):
        assert is_held(tmp_path)
    assert not is_held(tmp_path)
    (tmp_path / ".lock").unlink()
    (tmp_path / ".lock").symlink_to(".lock")
    assert is_held(tmp_path)
    assert not is_held(tmp_path / "blackspot.toml" / "out")


def test_whoever_looks_keeps_no_run_from_beginning(tmp_path: Path) -> None:
    """Two that look all the time: a run gets the lock every time."""
    with OutputFolder(tmp_path):
        pass
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            is_held(tmp_path)

    watchers = [threading.Thread(target=look) for _ in range(2)]
    for watcher in watchers:
        watcher.start()
    try:
        for _ in range(20):
            with OutputFolder(tmp_path):
                pass
    finally:
        over.set()
        for watcher in watchers:
            watcher.join()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', "\x00\xff"])
def test_a_lock_file_nobody_understands_still_locks(tmp_path: Path, content: str) -> None:
    """The system's lock counts, not the words in the file."""
    with OutputFolder(tmp_path):
        (tmp_path / ".lock").write_text(content)
        with pytest.raises(BusyError, match="it has just begun"), OutputFolder(tmp_path):
            pass


def test_eight_at_once_publish_one_after_the_other_or_are_busy(tmp_path: Path) -> None:
    """However many start together, numbers are unique and everything is whole."""
    command = [sys.executable, publishing.__file__, str(tmp_path), "-1"]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(8)]
    outcomes = [(process.communicate()[1].decode(), process.returncode) for process in processes]
    done = sum(code == 0 for _, code in outcomes)
    assert done >= 1
    assert all(code == 0 or "BusyError" in words for words, code in outcomes)
    assert list(range(1, done + 1)) == [run.sequence for run in list_runs(tmp_path)]
    check_view(tmp_path, {list_runs(tmp_path)[-1].id})


def test_leftovers_are_cleared_without_following_links(tmp_path: Path) -> None:
    """Unfinished folders, files and links go; what a link points to stays, and so does what is not ours."""
    publish(tmp_path)
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("x")
    (tmp_path / "runs" / ".unfinished-000002-bbbbbb").mkdir()
    (tmp_path / "runs" / ".unfinished-000002-bbbbbb" / "half.csv").write_text("x")
    (tmp_path / "runs" / ".unfinished-link").symlink_to(precious)
    (tmp_path / ".status.json.123.unfinished").write_text("x")
    (tmp_path / "runs" / "my notes").mkdir()
    (tmp_path / ".hidden").write_text("x")
    with OutputFolder(tmp_path):
        pass
    assert ["000001-aaaaaa", "my notes"] == sorted(path.name for path in (tmp_path / "runs").iterdir())
    assert "x" == (precious / "file").read_text()
    assert (tmp_path / ".hidden").exists()
    assert not (tmp_path / ".status.json.123.unfinished").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_waits_until_a_published_run_is_noted(tmp_path: Path, number: signal.Signals) -> None:
    """It is obeyed when the folder is let go, and what it raises says which run was published."""

    class StoppedError(BaseException):
        pass

    def stop(*_: object) -> None:
        raise StoppedError

    noted: list[str] = []

    def publish_and_note() -> None:
        with OutputFolder(tmp_path) as folder:
            temp = folder.begin("000001-aaaaaa")
            fill(temp, "000001-aaaaaa")
            folder.publish(temp, "000001-aaaaaa")
            signal.raise_signal(number)
            noted.append("000001-aaaaaa")

    before = signal.signal(number, stop)
    try:
        with pytest.raises(StoppedError) as caught:
            publish_and_note()
    finally:
        assert stop is signal.signal(number, before)
    assert ["000001-aaaaaa"] == noted
    assert "000001-aaaaaa" == published_before(caught.value)
    publish(tmp_path)  # the folder is free


def test_a_run_that_cannot_be_named_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder goes back under its unfinished name: what was told to have failed does not appear later."""
    old = publish(tmp_path)

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with OutputFolder(tmp_path) as folder:
        temp = folder.begin("000002-bbbbbb")
        fill(temp, "000002-bbbbbb")
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", refuse)
            with pytest.raises(WorkplaceError, match="the disk is full"):
                folder.publish(temp, "000002-bbbbbb")
        assert temp.is_dir()
        folder.discard(temp)
    assert [old] == [run.id for run in list_runs(tmp_path)]


def test_a_run_is_published_once(tmp_path: Path) -> None:
    """The name of a run is never used again, and it is a name."""
    run_id = publish(tmp_path)
    with OutputFolder(tmp_path) as folder:
        with pytest.raises(ValueError, match="a run is published once"):
            folder.begin(run_id)
        with pytest.raises(ValueError, match="is no name of a run"):
            folder.begin("../x")


def test_without_the_lock_nothing_is_published(tmp_path: Path) -> None:
    """Forgetting the with statement is a mistake that shows at once."""
    with pytest.raises(ValueError, match="in a with statement"):
        OutputFolder(tmp_path).begin("000001-aaaaaa")


def test_begin_clears_an_earlier_try(tmp_path: Path) -> None:
    """A second try in the same process starts with an empty folder."""
    with OutputFolder(tmp_path) as folder:
        (folder.begin("000001-aaaaaa") / "half").write_text("x")
        assert [] == list(folder.begin("000001-aaaaaa").iterdir())


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path) -> None:
    """One sentence with the path."""
    (tmp_path / "out").write_text("x")
    with (
        pytest.raises(WorkplaceError, match="out: cannot use the output folder, a file stands where"),
        OutputFolder(tmp_path / "out"),
    ):
        pass
