"""The pointers to the latest run: repaired, moved back, left alone where they are somebody's own, and not needed."""

from __future__ import annotations

import errno
import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from blackspot.data.runs.listing import latest_id
from blackspot.data.runs.output_folder import OutputFolder
from publishing import check_view, publish

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "harm", ["no pointer", "broken pointer", "no link", "wrong link", "pointer to nothing"]
)
def test_pointers_are_repaired(tmp_path: Path, harm: str) -> None:
    """Whatever happened to the pointers, the next run finds the newest whole run."""
    old, new = publish(tmp_path), publish(tmp_path, "b" * 64)
    pointer, link = tmp_path / "latest.json", tmp_path / "latest"
    if harm == "no pointer":
        pointer.unlink()
    elif harm == "broken pointer":
        pointer.write_text("{")
    elif harm == "pointer to nothing":
        pointer.write_text('{"run": "000009-ffffff"}')
    else:
        link.unlink()
        if harm == "wrong link":
            link.symlink_to(f"runs/{old}")
    with OutputFolder(tmp_path):
        check_view(tmp_path, {new})
        assert f"runs/{new}" == str(link.readlink())


def test_a_newer_run_that_is_damaged_is_not_pointed_to(tmp_path: Path) -> None:
    """A half copied run folder does not become the latest, and does not hold up the next run."""
    old, new = publish(tmp_path), publish(tmp_path, "b" * 64)
    (tmp_path / "latest.json").unlink()
    (tmp_path / "runs" / new / "communes.csv").write_text("half")
    with OutputFolder(tmp_path):
        assert old == latest_id(tmp_path)
    (tmp_path / "runs" / new / "manifest.json").unlink()
    assert "000003-cccccc" == publish(tmp_path, "c" * 64)


def point_back(out: Path, run_id: str) -> None:
    with OutputFolder(out) as folder:
        folder.point_back_to(run_id)


def test_an_earlier_run_that_is_the_latest_again_stays_so(tmp_path: Path) -> None:
    """A start does not take the newer one for a run that was not made known; what is published then takes over."""
    first, second = publish(tmp_path), publish(tmp_path, "b" * 64)
    point_back(tmp_path, first)
    pointer = {"run": first, "path": f"runs/{first}", "settled": second}
    for _ in range(2):
        assert pointer == json.loads((tmp_path / "latest.json").read_text())
        check_view(tmp_path, {first})
        with OutputFolder(tmp_path):
            pass
    third = publish(tmp_path, "c" * 64)
    assert "000003-cccccc" == third
    check_view(tmp_path, {third})
    assert {"run": third, "path": f"runs/{third}"} == json.loads((tmp_path / "latest.json").read_text())


def test_a_run_published_after_one_is_the_latest_again_is_made_known(tmp_path: Path) -> None:
    """Killed between its publication and the pointer, it is found by the next start."""
    first, second = publish(tmp_path), publish(tmp_path, "b" * 64)
    point_back(tmp_path, first)
    pointer = (tmp_path / "latest.json").read_bytes()
    third = publish(tmp_path, "c" * 64)
    (tmp_path / "latest.json").write_bytes(pointer)
    with OutputFolder(tmp_path):
        check_view(tmp_path, {third})
    assert second != third


def test_the_latest_again_may_be_deleted_like_any_other(tmp_path: Path) -> None:
    """Then the newest is the latest, and no number is given twice even where that is deleted too."""
    first, second = publish(tmp_path), publish(tmp_path, "b" * 64)
    point_back(tmp_path, first)
    shutil.rmtree(tmp_path / "runs" / first)
    with OutputFolder(tmp_path):
        check_view(tmp_path, {second})
    point_back(tmp_path, second)
    first = publish(tmp_path, "d" * 64)
    point_back(tmp_path, second)
    shutil.rmtree(tmp_path / "runs" / first)
    assert "000004-eeeeee" == publish(tmp_path, "e" * 64)


def test_nothing_is_rewritten_when_nothing_is_wrong(tmp_path: Path) -> None:
    """Holding the folder leaves pointer and link as they are."""
    publish(tmp_path)
    before = [(tmp_path / name).lstat().st_mtime_ns for name in ("latest", "latest.json")]
    with OutputFolder(tmp_path):
        pass
    assert before == [(tmp_path / name).lstat().st_mtime_ns for name in ("latest", "latest.json")]


def test_a_folder_called_latest_is_left_alone(tmp_path: Path) -> None:
    """Somebody's own folder of that name is not replaced; latest.json says it all."""
    (tmp_path / "latest").mkdir()
    (tmp_path / "latest" / "mine").write_text("x")
    run_id = publish(tmp_path)
    assert "x" == (tmp_path / "latest" / "mine").read_text()
    assert run_id == latest_id(tmp_path)


@pytest.mark.parametrize(
    "code", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EACCES, errno.EIO, errno.ENOSPC]
)
def test_a_disk_without_links_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """A memory stick refuses links, network shares do so with errors of their own; the run is published all the same."""

    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "symlink", refuse)
    run_id = publish(tmp_path)
    assert run_id == latest_id(tmp_path)
    assert not (tmp_path / "latest").exists()


def test_a_link_that_cannot_be_moved_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No link is better than one to an old run."""
    publish(tmp_path)

    def refuse(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    with monkeypatch.context() as patch:
        patch.setattr(os, "symlink", refuse)
        run_id = publish(tmp_path, "b" * 64)
    assert run_id == latest_id(tmp_path)
    assert not (tmp_path / "latest").is_symlink()
    publish(tmp_path, "c" * 64)
    assert "runs/000003-cccccc" == str((tmp_path / "latest").readlink())
