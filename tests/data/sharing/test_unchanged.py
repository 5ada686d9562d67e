"""Files of two runs that are the same file on disk, and what may happen to one of them."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.data.runs.listing import list_runs, next_run_id
from blackspot.data.runs.manifest import added, damage, output_hashes, write_manifest
from blackspot.data.runs.output_folder import OutputFolder
from blackspot.data.runs.variants import variant_folder
from blackspot.data.sharing.unchanged import SMALLEST, earlier_runs, lend, share_unchanged

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGE = b"outline " * SMALLEST


def publish(out: Path, *, large: bytes = LARGE, series: Path | None = None) -> Path:
    """Publish a run with one large file, one small one, and one that is new each time."""
    with OutputFolder(out) as output:
        run_id = next_run_id(out, "a" * 64)
        draft = output.begin(run_id)
        (draft / "maps").mkdir()
        (draft / "maps/boundaries.parquet").write_bytes(large)
        (draft / "small.json").write_bytes(b"{}")
        (draft / "numbers.csv").write_bytes(run_id.encode() * SMALLEST)
        facts = {"run": run_id, "inputs_digest": run_id, "figures": {}, "findings": []}
        write_manifest(draft, facts | {"outputs": output_hashes(draft)})
        share_unchanged(draft, earlier_runs(series or out))
        return output.publish(draft, run_id)


def same(*runs: Path, name: str = "maps/boundaries.parquet") -> bool:
    return len({(run / name).stat().st_ino for run in runs}) == 1


def blocks(out: Path) -> int:
    """Count the bytes on disk as du does: a file once, however many names it has."""
    found = {
        (about := path.stat()).st_ino: about.st_blocks * 512 for path in out.rglob("*") if path.is_file()
    }
    return sum(found.values())


def test_an_unchanged_file_is_kept_once(tmp_path: Path) -> None:
    """Same bytes under the same name; what is new, or too small to matter, is a file of its own."""
    first, second, third = (publish(tmp_path) for _ in range(3))
    assert same(first, second, third)
    assert 3 == (first / "maps/boundaries.parquet").stat().st_nlink
    for name in ("numbers.csv", "small.json"):
        assert not same(first, second, name=name)
    for run in (first, second, third):
        assert () == damage(run)
        assert () == added(run)


def test_variants_share_with_their_series_and_with_each_other(tmp_path: Path) -> None:
    """What a variant has first, the next variant and the series may have from it."""
    variants = [publish(variant_folder(tmp_path, name), series=tmp_path) for name in ("gap-any", "gap-all")]
    assert same(*variants, publish(tmp_path))


def test_a_file_is_lent_before_it_is_written(tmp_path: Path) -> None:
    """By its hash, from a run that has it whole; the run that borrowed it is complete and shares it."""
    first = publish(tmp_path)
    digest = hashlib.sha256((first / "numbers.csv").read_bytes()).hexdigest()
    with OutputFolder(tmp_path) as output:
        draft = output.begin("000002-aaaaaa")
        assert not lend(earlier_runs(tmp_path), draft / "numbers.csv", "0" * 64)
        assert not lend(earlier_runs(tmp_path), draft / "others.csv", digest)
        assert not lend([], draft / "numbers.csv", digest)
        assert [] == list(draft.iterdir())
        assert lend(earlier_runs(tmp_path), draft / "numbers.csv", digest)
        facts = {"run": "000002-aaaaaa", "inputs_digest": "b", "figures": {}, "findings": []}
        write_manifest(draft, facts | {"outputs": output_hashes(draft)})
        assert ("numbers.csv",) == share_unchanged(draft, earlier_runs(tmp_path))
        second = output.publish(draft, "000002-aaaaaa")
    assert same(first, second, name="numbers.csv")
    assert () == damage(second) == added(second)


def test_a_damaged_file_is_not_lent(tmp_path: Path) -> None:
    """The bytes that are there now decide, not what the manifest says of them."""
    first = publish(tmp_path)
    path = first / "numbers.csv"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.chmod(0o644)
    path.write_bytes(b"else")
    assert not lend(earlier_runs(tmp_path), tmp_path / "numbers.csv", digest)
    assert not (tmp_path / "numbers.csv").exists()


def test_another_content_is_another_file(tmp_path: Path) -> None:
    """And a third run finds that of the first again."""
    first, second, third = publish(tmp_path), publish(tmp_path, large=LARGE + b"!"), publish(tmp_path)
    assert not same(first, second)
    assert same(first, third)


def test_both_stay_read_only(tmp_path: Path) -> None:
    """Rights belong to the file, not to its names."""
    first, second = publish(tmp_path), publish(tmp_path)
    for run in (first, second):
        mode = (run / "maps/boundaries.parquet").stat().st_mode
        assert 0 == mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)


@pytest.mark.parametrize("gone", [0, 1])
def test_deleting_a_run_does_not_touch_the_other(tmp_path: Path, gone: int) -> None:
    """Whichever goes, the other keeps the file, whole."""
    runs = [publish(tmp_path), publish(tmp_path)]
    shutil.rmtree(runs[gone])
    left = runs[1 - gone]
    assert () == damage(left)
    assert same(left, publish(tmp_path))


def test_a_file_written_to_is_found_in_every_run_and_reaches_no_new_one(tmp_path: Path) -> None:
    """The manifests of both runs tell, and the next run keeps its own bytes."""
    first, second = publish(tmp_path), publish(tmp_path)
    spoilt = first / "maps/boundaries.parquet"
    spoilt.chmod(0o644)
    with spoilt.open("r+b") as file:
        file.write(b"X")
    for run in (first, second):
        assert ("maps/boundaries.parquet is not the file that was written",) == damage(run)
    third = publish(tmp_path)
    assert () == damage(third)
    assert not same(second, third)
    assert same(third, publish(tmp_path))


@pytest.mark.parametrize("what", ["missing", "link", "folder", "unreadable manifest"])
def test_a_damaged_earlier_run_is_passed_over(tmp_path: Path, what: str) -> None:
    """Whatever stands in the place of the file, it is not shared."""
    first = publish(tmp_path / "out")
    path = first / "maps/boundaries.parquet"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(LARGE)
    if what == "unreadable manifest":
        (first / "manifest.json").chmod(0o644)
        (first / "manifest.json").write_bytes(b"{")
    else:
        path.unlink()
    if what == "link":
        path.symlink_to(elsewhere)
    if what == "folder":
        path.mkdir()
    second = publish(tmp_path / "out")
    assert () == damage(second)
    assert not (second / "maps/boundaries.parquet").is_symlink()
    assert 1 == (second / "maps/boundaries.parquet").stat().st_nlink
    assert 1 == elsewhere.stat().st_nlink


@pytest.mark.parametrize("error", [errno.EPERM, errno.EOPNOTSUPP, errno.EXDEV, errno.EMLINK, errno.ENOSPC])
def test_a_disk_without_hard_links_keeps_copies(
    tmp_path: Path, error: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The run is published all the same, and the log says what became of the file."""
    caplog.set_level("INFO", "blackspot")
    first = publish(tmp_path)

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "link", refuse)
    second = publish(tmp_path)
    assert not same(first, second)
    assert () == damage(second)
    assert () == added(second)
    assert "keeps its own copy of maps/boundaries.parquet" in caplog.text


@pytest.mark.parametrize("command", [["cp", "-a"], ["cp", "-r"], ["mv"]])
def test_the_output_folder_may_be_copied_and_moved(tmp_path: Path, command: Sequence[str]) -> None:
    """With its links or without, every run is whole where it is then, and the next one shares again."""
    before = tmp_path / "out"
    for _ in range(2):
        publish(before)
    subprocess.run([*command, str(before), str(tmp_path / "moved")], check=True)
    runs = [run.folder for run in list_runs(tmp_path / "moved")]
    assert [(), ()] == [damage(run) for run in runs]
    assert same(runs[1], publish(tmp_path / "moved"))


def test_a_run_folder_copied_alone_is_whole(tmp_path: Path) -> None:
    """It has no need of its neighbours, and they none of it."""
    publish(tmp_path / "out")
    second = publish(tmp_path / "out")
    shutil.copytree(second, tmp_path / "alone")
    shutil.rmtree(tmp_path / "out")
    assert () == damage(tmp_path / "alone")


def test_ten_runs_take_the_room_of_one_and_what_is_new(tmp_path: Path) -> None:
    """The large file counts once."""
    publish(tmp_path)
    one = blocks(tmp_path)
    for _ in range(9):
        publish(tmp_path)
    new = SMALLEST * len("000001-aaaaaa") + 10 * 4096
    assert one + 9 * new > blocks(tmp_path)


def die_at(point: str, out: Path) -> None:
    """Publish in this process, and be killed at a system call of sharing."""

    def deadly(name: str) -> None:
        real = getattr(os, name)

        def call(*args: Any, **options: Any) -> Any:
            if name == point.removeprefix("after ") and not point.startswith("after"):
                os._exit(9)
            result = real(*args, **options)
            if name == point.removeprefix("after "):
                os._exit(9)
            return result

        setattr(os, name, call)

    deadly("link")
    publish(out)


@pytest.mark.parametrize("point", ["link", "after link"])
def test_a_program_that_dies_while_sharing_leaves_nothing(tmp_path: Path, point: str) -> None:
    """The earlier run is whole, and the next one clears and shares."""
    first = publish(tmp_path)
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); import test_unchanged as t;"
        "t.die_at(sys.argv[2], Path(sys.argv[3]))"
    )
    command = [sys.executable, "-c", script, str(Path(__file__).parent), point, str(tmp_path)]
    assert 9 == subprocess.run(command, check=False).returncode
    assert () == damage(first)
    second = publish(tmp_path)
    assert 2 == (first / "maps/boundaries.parquet").stat().st_nlink
    assert same(first, second)
    assert () == added(second)
