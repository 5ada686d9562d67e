"""The folder a reader works in."""

from __future__ import annotations

import pickle

from blackspot.data.isolation.folder import ReadingFolder


def test_a_reading_folder_is_removed_by_its_maker_only() -> None:
    """Who borrows it leaves it alone."""
    folder = ReadingFolder()
    borrowed = pickle.loads(pickle.dumps(folder))  # noqa: S301 - our own bytes
    assert folder.path == borrowed.path
    del borrowed
    assert folder.inside.is_dir()
    folder.close()
    assert not folder.path.exists()
