"""The folder a reader works in."""

from __future__ import annotations

import pickle

from blackspot.data.isolation.folder import ReadingFolder


def test_a_reading_folder_is_removed_by_its_maker_only() -> None:
    """Who borrows it leaves it alone."""
    place = ReadingFolder()
    borrowed = pickle.loads(pickle.dumps(place))  # noqa: S301 - our own bytes
    assert place.folder == borrowed.folder
    del borrowed
    assert place.inside.is_dir()
    place.close()
    assert not place.folder.exists()
