"""Atomic writes, durable folders, and failed file operations explained in a sentence."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import BlackspotError, WorkplaceError, is_of_machine
from ..text.sentences import told

if TYPE_CHECKING:
    from collections.abc import Iterator

UNFINISHED_SUFFIX = ".unfinished"
"""Ending of the name a file has while it is being written."""

_READING = 0o555  # and running, for everybody who could before

_CAUSES = {
    errno.ENOSPC: ("full", "free_space"),
    errno.EDQUOT: ("quota", "free_space"),
    errno.EFBIG: ("file_size", "raise_size"),
    errno.EACCES: ("rights", "change_rights"),
    errno.EPERM: ("rights", "change_rights"),
    errno.EROFS: ("read_only", "other_folder"),
    errno.EIO: ("failed", "look"),
    errno.ESTALE: ("connection", "network"),
    errno.EMFILE: ("open_files", "raise_open_files"),
    errno.ENFILE: ("open_files", "close_programs"),
    errno.ENOTDIR: ("file_in_the_way", "move_file"),
    errno.EEXIST: ("file_in_the_way", "move_file"),
    errno.ENOLCK: ("no_locks", "local_disk"),
    errno.EOPNOTSUPP: ("no_locks", "local_disk"),
}
"""Texts of the catalogue: why an operation failed, and what to do about it."""


def workplace_error(path: Path, doing: str, error: OSError) -> WorkplaceError:
    """Make the error of a failed file operation: path, cause and cure in one sentence.

    Parameters
    ----------
    path
        The file or folder meant.
    doing
        What was being done, such as ``write the run``; a sentence of the catalogue is told in both languages.
    error
        What the system said.

    Returns
    -------
    WorkplaceError
        To be raised from ``error``.
    """
    known = _CAUSES.get(error.errno or 0)
    if known is None:
        cause, cure = (
            error.strerror or str(error) or type(error).__name__,
            told("errors", "cure.look_at_disk"),
        )
    else:
        cause, cure = told("errors", f"cause.{known[0]}"), told("errors", f"cure.{known[1]}")
    return WorkplaceError(told("errors", "disk", path=path, doing=doing, cause=cause, cure=cure))


@contextmanager
def explained_os_errors(path: Path, doing: str) -> Iterator[None]:
    """Raise every OSError of the block as a WorkplaceError whose sentence names ``path``, the cause and a cure.

    Parameters
    ----------
    path
        The file or folder that is worked on.
    doing
        What is being done, such as ``write the run``.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    """
    try:
        yield
    except BlackspotError:
        raise
    except OSError as error:
        raise workplace_error(path, doing, error) from error


def reason_of(path: Path, error: OSError) -> str:
    """Say why a file cannot be read, where that is the fault of the file.

    Parameters
    ----------
    path
        The file.
    error
        What the system said.

    Returns
    -------
    str
        Its words.

    Raises
    ------
    WorkplaceError
        The machine is at fault: no file may be refused for a full disk or a lost connection.
    """
    if isinstance(error, WorkplaceError):
        raise error
    if is_of_machine(error):
        raise workplace_error(path, told("errors", "doing.read_file"), error) from error
    return error.strerror or type(error).__name__


def bytes_if_there(path: Path) -> bytes | None:
    """Read a file that may not exist yet.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    bytes or None
        None where there is no such file.

    Raises
    ------
    WorkplaceError
        It cannot be read.
    """
    with explained_os_errors(path, told("errors", "doing.read_file")):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None


def write_atomically(path: Path, text: str) -> None:
    """Replace a file in one step; whoever reads it, even after a crash, sees the old or the new text.

    Parameters
    ----------
    path
        The file; its folder must exist.
    text
        The new content, written as UTF-8.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice; the old file is untouched.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}{UNFINISHED_SUFFIX}")
    with explained_os_errors(path, told("errors", "doing.write_file")):
        try:
            with unfinished.open("w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(unfinished, path)  # noqa: PTH105 - os beside os.fsync: the order of system calls is the point
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def remove(path: Path) -> None:
    """Remove a file, a link (not what it points to) or a folder; nothing there is fine.

    Parameters
    ----------
    path
        What is to go.

    Raises
    ------
    OSError
        The rights do not suffice, or the disk failed.
    """
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def protect_files(folder: Path) -> None:
    """Take away the right to write into the files of a folder, as far as the disk knows rights.

    The folders stay as they are, so that whoever may delete them still can, without changing rights before.

    Parameters
    ----------
    folder
        The folder; links in it are not followed.
    """
    for root, _, names in os.walk(folder):
        for name in names:
            path = Path(root, name)
            with suppress(
                OSError
            ):  # network shares without rights: what is published is proved by its hashes
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode & _READING)


def sync_folder(folder: Path) -> None:
    """Make the names inside a folder survive a power cut.

    Parameters
    ----------
    folder
        The folder whose entries were changed.

    Raises
    ------
    OSError
        The folder cannot be opened, or the disk failed.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Make every file and folder inside a folder, and the folder itself, survive a power cut.

    Parameters
    ----------
    folder
        The folder; links in it are not followed.

    Raises
    ------
    OSError
        Something cannot be opened, or the disk failed.
    """
    for root, _, names in os.walk(folder, topdown=False):
        for name in sorted(names):
            descriptor = os.open(os.path.join(root, name), os.O_RDONLY | os.O_NOFOLLOW)  # noqa: PTH118 - os.walk gives text
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
