"""A user's file copied under a name of our own: a regular file, never a link, never more than a limit."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 8_000_000_000
_CHUNK_BYTES = 8 << 20


class NotRegularError(OSError):
    """What stands under the name is a link, a pipe, a device or a folder."""


class TooLargeError(OSError):
    """The file is larger than anything that is read."""


def copy_regular(source: Path, target: Path, limit_bytes: int = MAX_BYTES) -> int:
    """Copy a regular file.

    The file is opened before it is looked at, so that nobody can put something else in its place between.

    Parameters
    ----------
    source
        The user's file; opened without following a link and without waiting for a pipe.
    target
        A name that does not exist yet.
    limit_bytes
        The largest size that is copied, however long the file grows meanwhile.

    Returns
    -------
    int
        How many bytes were copied.

    Raises
    ------
    NotRegularError
        It is no regular file.
    TooLargeError
        It is larger than the limit.
    OSError
        It cannot be read, or the copy cannot be written.
    """
    try:
        opened = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if source.is_symlink():
            raise NotRegularError(error.errno, "a link", str(source)) from error
        raise
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise NotRegularError(0, "no regular file", str(source))
    size = 0
    with os.fdopen(opened, "rb", buffering=0), target.open("xb", buffering=0) as sink:
        while count := _copy_some(opened, sink.fileno()):
            size += count
            if size > limit_bytes:
                raise TooLargeError(0, "too large", str(source))
    return size


def _copy_some(source: int, target: int) -> int:
    """Copy the next bytes, inside the kernel where it can; give how many, 0 at the end."""
    if sys.platform == "linux":
        with contextlib.suppress(
            OSError, AttributeError
        ):  # not between all file systems; what is wrong is told below
            return os.copy_file_range(source, target, _CHUNK_BYTES)
    chunk = os.read(source, _CHUNK_BYTES)
    left = memoryview(chunk)
    while left:
        left = left[os.write(target, left) :]
    return len(chunk)
