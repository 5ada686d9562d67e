"""Arrays kept on disk in one file: read one by one, and never believed when damaged.

A file is a head of two lines (a checksum, and its own name and what lies where, as JSON), then the arrays'
bytes. Every array has a checksum of its own, so that one is read, and proved whole, without touching the
others. A file under the name of another is found by the name inside: names say what content was made of.

What is kept here only ever saves time. So nothing of it may stop a run: what cannot be read counts as missing,
and what cannot be written is told once and done without.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import WorkplaceError
from ..text.sentences import told
from .atomic import explained_os_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[Any]]

UNFINISHED = ".part"
_MAGIC = b"blackspot arrays 2 "

log = logging.getLogger("blackspot")
_told: set[Path] = set()


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays, where the disk lets it: the same arrays give the same bytes, and a reader sees the old or the new file.

    A disk that is full or read-only keeps nothing; the log tells so.

    Parameters
    ----------
    path
        The file; its folder is made where it is missing.
    arrays
        Numbers, booleans or bytes by name.
    """
    try:
        _write(path, arrays)
    except WorkplaceError as error:
        _tell(path.parent, error.args[0])


def _tell(folder: Path, words: str) -> None:
    """Say once for a folder that it keeps nothing: there may be a thousand files."""
    if folder not in _told:
        _told.add(folder)
        log.warning(told("errors", "warning.slower", error=words))


def _write(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    whole = {name: np.asarray(values, order="C") for name, values in arrays.items()}
    places, offset = {}, 0
    for name, values in whole.items():
        crc = zlib.crc32(values.reshape(-1).view(np.uint8).data)
        places[name] = [values.dtype.str, values.shape, offset, crc]
        offset += values.nbytes
    head = json.dumps([_own_name(path), places], separators=(",", ":")).encode() + b"\n"
    with explained_os_errors(path, told("errors", "doing.keep_for_later")):
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}{UNFINISHED}")
        try:
            with unfinished.open("wb") as file:
                file.write(_MAGIC + b"%08x\n" % zlib.crc32(head) + head)
                for values in whole.values():
                    file.write(values.reshape(-1).view(np.uint8).data)
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise


def read_arrays(path: Path, names: Iterable[str] | None = None) -> Arrays | None:
    """Read what ``write_arrays`` wrote; None where there is no file, or a damaged, foreign or renamed one.

    Parameters
    ----------
    path
        The file.
    names
        The arrays wanted; those the file does not have are left out. None reads all.
    """
    try:
        with path.open("rb") as file:
            first, head = file.readline(64), file.readline()
            if first != _MAGIC + b"%08x\n" % zlib.crc32(head):
                return None
            start = file.tell()
            found: Arrays = {}
            own_name, places = json.loads(head)
            if own_name != _own_name(path):
                return None
            for name in places if names is None else [name for name in names if name in places]:
                dtype, shape, offset, crc = places[name]
                values = np.empty(shape, dtype)
                raw = values.reshape(-1).view(np.uint8)
                file.seek(start + offset)
                if file.readinto(raw.data) != raw.nbytes or zlib.crc32(raw.data) != crc:
                    return None
                found[name] = values
            return found
    except OSError:
        return None  # unreadable counts as missing: what is kept only ever saves time


def forget_unfinished(folder: Path) -> None:
    """Delete what was left half written by a process that was killed; nobody may be writing there."""
    for left in folder.glob(f"*{UNFINISHED}"):
        forget(left)


def mark_as_used(path: Path) -> None:
    """Note that a kept file was of use now, where the disk lets it."""
    with contextlib.suppress(OSError):  # a read-only disk: nothing on it is ever pruned either
        os.utime(path)


def forget(path: Path) -> None:
    """Delete a kept file, where the disk lets it; it may be gone already."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        _tell(path.parent, told("errors", "warning.undeleted", path=path, words=error.strerror))


def _own_name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
