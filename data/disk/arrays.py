"""Arrays kept on disk in one file: read one by one, and never believed when damaged.

A file is a head of two lines (a checksum, and what lies where, as JSON), then the arrays' bytes. Every
array has a checksum of its own, so that one is read, and proved whole, without touching the others.
"""

from __future__ import annotations

import json
import os
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from .atomic import explained_os_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[Any]]

UNFINISHED = ".part"
_MAGIC = b"blackspot arrays 1 "


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays; the same arrays give the same bytes, and a reader sees the old or the new file.

    Parameters
    ----------
    path
        The file; its folder is made where it is missing.
    arrays
        Numbers, booleans or bytes by name.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    """
    whole = {name: np.asarray(values, order="C") for name, values in arrays.items()}
    places, offset = {}, 0
    for name, values in whole.items():
        crc = zlib.crc32(values.reshape(-1).view(np.uint8).data)
        places[name] = [values.dtype.str, values.shape, offset, crc]
        offset += values.nbytes
    head = json.dumps(places, separators=(",", ":")).encode() + b"\n"
    with explained_os_errors(path, "keep results for later runs"):
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
    """Read what ``write_arrays`` wrote; None where there is no file, or a damaged or foreign one.

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
            places = json.loads(head)
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
