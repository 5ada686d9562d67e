"""A user's file copied under a name of our own: a regular file, never a link, hashed while it is copied."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 8_000_000_000
_CHUNK_BYTES = 1 << 20


class NotRegularError(OSError):
    """What stands under the name is a link, a pipe, a device or a folder."""


class ChangedError(OSError):
    """Somebody wrote into the file while it was copied."""


class TooLargeError(OSError):
    """The file is larger than anything that is read."""


def copy_regular(source: Path, target: Path, limit_bytes: int = MAX_BYTES) -> str:
    """Copy a regular file and say what was copied.

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
    str
        SHA-256 of the copied bytes, in hex.

    Raises
    ------
    NotRegularError
        It is no regular file.
    TooLargeError
        It is larger than the limit.
    ChangedError
        It was written to meanwhile.
    OSError
        It cannot be read, or the copy cannot be written.
    """
    total = hashlib.sha256()
    size = 0
    try:
        opened = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if source.is_symlink():
            raise NotRegularError(error.errno, "a link", str(source)) from error
        raise
    before = os.fstat(opened)
    if not stat.S_ISREG(before.st_mode):
        os.close(opened)
        raise NotRegularError(0, "no regular file", str(source))
    with os.fdopen(opened, "rb", buffering=0) as stream, target.open("xb") as sink:
        while chunk := stream.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > limit_bytes:
                raise TooLargeError(0, "too large", str(source))
            total.update(chunk)
            sink.write(chunk)
        after = os.fstat(opened)
    if size != before.st_size or (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        raise ChangedError(0, "changed while it was read", str(source))
    return total.hexdigest()
