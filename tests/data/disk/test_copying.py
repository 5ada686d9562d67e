"""Copies of files: hashed, bounded, never through a link."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from blackspot.data.disk.copying import NotRegularError, TooLargeError, copy_regular

if TYPE_CHECKING:
    from pathlib import Path


def test_a_copy_is_hashed_and_never_follows(tmp_path: Path) -> None:
    """A regular file within the limit is copied; a link, a pipe, a folder and a large file are not."""
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    os.mkfifo(tmp_path / "pipe")
    hashed = copy_regular(tmp_path / "a", tmp_path / "copy")
    assert "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" == hashed
    assert b"abc" == (tmp_path / "copy").read_bytes()
    for name in ("link", "pipe", "."):
        with pytest.raises(NotRegularError):
            copy_regular(tmp_path / name, tmp_path / "other")
    with pytest.raises(TooLargeError):
        copy_regular(tmp_path / "a", tmp_path / "more", limit_bytes=2)
