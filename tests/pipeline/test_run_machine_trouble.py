"""What is wrong with the machine is never held against a submission, and never published."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import TYPE_CHECKING

import pytest

from blackspot.data.disk import copying
from blackspot.data.isolation import client
from blackspot.data.runs.listing import latest_id
from blackspot.data.runs.status import read_status
from blackspot.errors import WORKPLACE, WorkplaceError, exit_code
from blackspot.pipeline import run as pipeline
from machine_trouble import killed_readers, small_disk
from small_country import box, write_country, write_coverage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small country with one published run, and a new delivery that no run has seen."""
    path = write_country(tmp_path)
    assert 0 == pipeline.run(path, pages="none").exit_code
    write_coverage(tmp_path / "five.gpkg", box(0, 0, 12, 12))
    return path


def check_that_nothing_was_published(project: Path, error: Exception) -> None:
    """The old run stays, watchers are told, and the next night takes the delivery as if nothing had been."""
    out = project.parent / "out"
    before = latest_id(out)
    assert WORKPLACE == exit_code(error)
    assert 1 == len(list((out / "runs").iterdir()))
    assert ("failure", WORKPLACE) == (read_status(out)["last"], read_status(out)["last_failure"]["exit_code"])  # type: ignore[index] # as it is written
    report = pipeline.run(project, pages="none")
    assert (True, 0) == (report.published, report.exit_code)
    assert before != report.run_id
    assert {"delivered"} == {entry.state for entry in report.submissions}


def test_a_full_folder_for_temporary_files(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of any size: from no room for a single copy to room for nearly all of what the reader gives back."""
    failed = 0
    for kilobytes in range(16, 260, 24):
        with small_disk(tmp_path / "disk", kilobytes) as disk:
            monkeypatch.setattr(tempfile, "tempdir", str(disk))
            try:
                report = pipeline.run(project, pages="none")
            except WorkplaceError as error:
                failed += 1
                last = error
            else:
                assert 0 == report.exit_code, (kilobytes, [item.sentence() for item in report.findings])
                break
        client._stop()
    monkeypatch.undo()
    client._stop()
    assert failed > 3
    assert WORKPLACE == exit_code(last)
    assert {"delivered"} == {entry.state for entry in report.submissions}


def test_a_reader_that_is_killed_again_and_again(project: Path) -> None:
    """As where the machine has no memory left."""
    with killed_readers(1000) as killed, pytest.raises(WorkplaceError, match="was killed") as caught:
        pipeline.run(project, pages="none")
    assert 2 == len(killed)
    check_that_nothing_was_published(project, caught.value)


def test_a_reader_that_is_killed_once_is_started_again(project: Path) -> None:
    """The run ends as any other."""
    with killed_readers(1) as killed:
        report = pipeline.run(project, pages="none")
    assert 1 == len(killed)
    assert (True, 0) == (report.published, report.exit_code)


@pytest.mark.parametrize("number", [5, 116, 23])
def test_a_disk_that_fails_under_an_input(
    project: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """EIO, ESTALE, ENFILE: wherever the bytes of inputs are read."""
    real = copying.open_regular

    def opened(source: Path) -> object:
        if source.name == "five.gpkg":
            raise copying.workplace_error(source, "open", OSError(number, os.strerror(number)))
        return real(source)

    with monkeypatch.context() as patch:
        patch.setattr(copying, "open_regular", opened)
        with pytest.raises(WorkplaceError, match=r"five\.gpkg") as caught:
            pipeline.run(project, pages="none")
    check_that_nothing_was_published(project, caught.value)


@pytest.mark.parametrize("kind", ["pipe", "device", "folder of everything"])
@pytest.mark.parametrize("name", ["five.gpkg", "other.geojson"])
def test_an_input_that_never_ends_is_refused(project: Path, kind: str, name: str) -> None:
    """Nobody waits for a pipe, and no link is followed, whatever it leads to."""
    path = project.parent / name
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero" if kind == "device" else "/")
    report = pipeline.run(project, pages="none")
    assert 3 == report.exit_code
    assert {"file.not-regular"} == {item.code for item in report.findings if item.severity == "error"}
    states = {entry.path: entry.state for entry in report.submissions}
    assert "last_good" == states[name]


def test_a_population_that_never_ends_is_refused(project: Path) -> None:
    """No submission: nothing is published."""
    (project.parent / "people.tif").unlink()
    os.mkfifo(project.parent / "people.tif")
    with pytest.raises(ValueError, match="pipe"):
        pipeline.run(project, pages="none")
    shutil.rmtree(project.parent / "out")
