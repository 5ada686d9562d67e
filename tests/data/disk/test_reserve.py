"""The room that is kept for the note of a full disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackspot.data.disk.reserve import RESERVE, RESERVE_BYTES, free_reserve, keep_reserve
from machine_trouble import fill_up, small_disk

if TYPE_CHECKING:
    from pathlib import Path


def test_room_is_kept_once_and_given_back_once(tmp_path: Path) -> None:
    """It takes up blocks of the disk, and not only a length."""
    assert not free_reserve(tmp_path)
    assert keep_reserve(tmp_path)
    first = (tmp_path / RESERVE).stat()
    assert (RESERVE_BYTES, True) == (first.st_size, first.st_blocks * 512 >= RESERVE_BYTES)
    assert keep_reserve(tmp_path)
    assert first.st_mtime_ns == (tmp_path / RESERVE).stat().st_mtime_ns
    assert free_reserve(tmp_path)
    assert not free_reserve(tmp_path)


def test_a_full_disk_keeps_none(tmp_path: Path) -> None:
    """No half of it stays either."""
    with small_disk(tmp_path / "disk", 512) as disk:
        fill_up(disk / "somebody's")
        assert not keep_reserve(disk)
        assert not (disk / RESERVE).exists()


def test_a_folder_without_the_right_to_write(tmp_path: Path) -> None:
    """It is no mistake yet: the run will say so."""
    assert not keep_reserve(tmp_path / "missing")
