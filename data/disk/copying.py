"""A user's file copied under a name of our own: a regular file, never a link, hashed while it is copied."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING, BinaryIO

from ...errors import WorkplaceError, is_of_machine
from ..text.sentences import told
from .atomic import explained_os_errors, workplace_error

if TYPE_CHECKING:
    from collections.abc import Iterator
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
    WorkplaceError
        The copy cannot be written, or the disk of the file failed, twice: no fault of the file.
    OSError
        It cannot be read.
    """
    try:
        return _copied(source, target, limit_bytes)
    except WorkplaceError:
        target.unlink(missing_ok=True)  # a failing connection or a disk that was full for a moment
    return _copied(source, target, limit_bytes)


def sha256_of_regular(source: Path, limit_bytes: int = MAX_BYTES) -> str:
    """Hash the bytes of a regular file.

    Parameters
    ----------
    source
        The file; opened without following a link and without waiting for a pipe.
    limit_bytes
        The largest size that is read, however long the file grows meanwhile.

    Returns
    -------
    str
        The SHA-256 in hex.

    Raises
    ------
    NotRegularError
        It is no regular file.
    TooLargeError
        It is larger than the limit.
    WorkplaceError
        Its disk failed, twice.
    OSError
        It is missing or cannot be read.
    """
    try:
        return _hashed(source, limit_bytes)
    except WorkplaceError:
        return _hashed(source, limit_bytes)


def _hashed(source: Path, limit_bytes: int) -> str:
    total = hashlib.sha256()
    with open_regular(source) as stream:
        for chunk in _chunks(stream, source, limit_bytes):
            total.update(chunk)
    return total.hexdigest()


def _copied(source: Path, target: Path, limit_bytes: int) -> str:
    total = hashlib.sha256()
    size = 0
    with open_regular(source) as stream, _made(target) as sink:
        before = os.fstat(stream.fileno())
        for chunk in _chunks(stream, source, limit_bytes):
            size += len(chunk)
            total.update(chunk)
            with explained_os_errors(target, told("errors", "doing.copy", file=source.name)):
                sink.write(chunk)
                sink.flush()  # a full disk must be told here and not when the file is closed
        after = os.fstat(stream.fileno())
    if size != before.st_size or (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        raise ChangedError(0, "changed while it was read", str(source))
    return total.hexdigest()


def _made(target: Path) -> BinaryIO:
    with explained_os_errors(target, told("errors", "doing.make_copy")):
        return target.open("xb")


def _chunks(stream: BinaryIO, source: Path, limit_bytes: int) -> Iterator[bytes]:
    """Read a file in pieces, not more than a limit; what a failing disk says is no word about the file."""
    size = 0
    while True:
        try:
            chunk = stream.read(_CHUNK_BYTES)
        except OSError as error:
            if is_of_machine(error):
                raise workplace_error(source, told("errors", "doing.read_file"), error) from error
            raise
        if not chunk:
            return
        size += len(chunk)
        if size > limit_bytes:
            raise TooLargeError(0, "too large", str(source))
        yield chunk


def open_regular(source: Path) -> BinaryIO:
    """Open a regular file, and nothing that could keep a reader waiting.

    Parameters
    ----------
    source
        The file; no link is followed, and no pipe waited for.

    Returns
    -------
    BinaryIO
        Without a buffer.

    Raises
    ------
    NotRegularError
        It is no regular file.
    WorkplaceError
        Its disk failed.
    OSError
        It is missing or may not be read.
    """
    try:
        opened = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if source.is_symlink() or _is_socket(source):
            raise NotRegularError(error.errno, "no regular file", str(source)) from error
        if is_of_machine(error):
            raise workplace_error(source, told("errors", "doing.open_file"), error) from error
        raise
    mode = os.fstat(opened).st_mode
    if not stat.S_ISREG(mode):
        os.close(opened)
        raise NotRegularError(0, "no regular file", str(source))
    return os.fdopen(opened, "rb", buffering=0)


def _is_socket(source: Path) -> bool:
    return source.exists() and source.is_socket()
