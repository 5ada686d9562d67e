"""A little room that is kept free on purpose: on a full disk it is given back, so that the failure can be written down."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger("blackspot")

RESERVE: Final = ".reserve"
RESERVE_BYTES: Final = 256 * 1024
"""Room for the status and a few pages of the history with its log."""


def keep_reserve(folder: Path) -> bool:
    """Take up a little room in a folder, for later.

    Parameters
    ----------
    folder
        An output folder, held by the caller.

    Returns
    -------
    bool
        False where there is no room for it any more, which is nobody's mistake yet.
    """
    path = folder / RESERVE
    try:
        if path.stat().st_size == RESERVE_BYTES:
            return True
    except OSError:
        log.debug("%s: no room is kept yet", path)
    try:
        with path.open("wb") as stream:
            os.posix_fallocate(stream.fileno(), 0, RESERVE_BYTES)  # blocks of the disk, not only a length
    except OSError as error:
        log.debug("%s: no room can be kept (%s)", path, error)
        free_reserve(folder)
        return False
    return True


def free_reserve(folder: Path) -> bool:
    """Give the room back.

    Parameters
    ----------
    folder
        The output folder.

    Returns
    -------
    bool
        False where there was none.
    """
    try:
        (folder / RESERVE).unlink()
    except OSError:
        return False
    return True
