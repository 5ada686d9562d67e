"""The reply of a reading process, validated as untrusted input: a hostile file may have written it.

Findings travel as codes and values, never as sentences; tables as Arrow IPC; arrays as ``.npy`` without pickle.
"""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ...errors import is_of_machine
from ..disk.atomic import workplace_error
from ..text.sentences import told

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_MAX_JSON_BYTES = 256_000_000


class BadReplyError(ValueError):
    """A reader came to no end, or what it left is not what it should be."""


def load_json(path: Path) -> object:
    """Read the one JSON of a reader.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    object
        Its content, which :func:`.answers.checked` must look at.

    Raises
    ------
    BadReplyError
        It is missing, no regular file, too large or no JSON.
    """
    try:
        with os.fdopen(_opened(path), "rb") as stream:
            found: object = json.loads(stream.read(_MAX_JSON_BYTES + 1))
    except (OSError, ValueError, RecursionError) as error:
        raise _bad(path, error) from error
    return found


def save_table(path: Path, columns: Mapping[str, pa.ChunkedArray | pa.Array]) -> None:
    """Write columns for the way back.

    Parameters
    ----------
    path
        The file.
    columns
        Name to values, all of one length.
    """
    table = pa.table(dict(columns))
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def load_table(path: Path, names: Sequence[str]) -> pa.Table:
    """Read the table of a reader and check every buffer of it.

    Parameters
    ----------
    path
        The file.
    names
        The columns it must have, in this order.

    Returns
    -------
    pyarrow.Table
        Mapped from the disk; the file may be removed meanwhile.

    Raises
    ------
    BadReplyError
        It is missing, damaged or another table.
    """
    try:
        os.close(_opened(path))
        table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        table.validate(full=True)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _bad(path, error) from error
    if table.column_names != list(names):
        raise BadReplyError("columns")
    return table


def map_array(path: Path, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Map an array of a reader into memory.

    Parameters
    ----------
    path
        An ``.npy`` file.
    dtype, shape
        What it must be.

    Returns
    -------
    ndarray
        Read-only; the file may be removed meanwhile.

    Raises
    ------
    BadReplyError
        It is missing, damaged or another array.
    """
    found = _mapped(path)
    if found.dtype != dtype or found.shape != shape:
        raise BadReplyError("array")
    return found


def map_rows(path: Path, columns: int, most: int) -> NDArray[np.float64]:
    """Read rows of numbers of a reader.

    Parameters
    ----------
    path
        An ``.npy`` file.
    columns
        How many numbers a row must have.
    most
        How many rows there may be.

    Returns
    -------
    ndarray of float64, (n, columns)
        Read-only.

    Raises
    ------
    BadReplyError
        It is missing, damaged or another array.
    """
    found = _mapped(path)
    if found.dtype != np.float64 or found.ndim != 2 or found.shape[1] != columns or len(found) > most:
        raise BadReplyError("array")
    return found


def take_over(outside: Path, inside: Path, names: Collection[str]) -> None:
    """Let the next reader read what the last one wrote; everything else that it left is removed.

    Parameters
    ----------
    outside
        The folder that the last one wrote into.
    inside
        The folder that the next one reads.
    names
        Names that may be there.

    Raises
    ------
    BadReplyError
        There is nothing under these names, or something that is no file.
    """
    left = sorted(outside.iterdir())
    taken = [path for path in left if path.name in names]
    if not taken or not all(stat.S_ISREG(path.lstat().st_mode) for path in left):
        raise BadReplyError("files")
    for path in left:
        if path in taken:
            path.rename(inside / path.name)
        else:
            path.unlink()


def _mapped(path: Path) -> NDArray[Any]:
    try:
        os.close(_opened(path))
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise _bad(path, error) from error
    return np.asarray(found)


def _bad(path: Path, error: Exception) -> Exception:
    """Make the error of a reply that cannot be read; a failing machine is not the reader's fault."""
    if isinstance(error, OSError) and is_of_machine(error):
        return workplace_error(path, told("errors", "doing.read_answer"), error)
    return BadReplyError(type(error).__name__)


def _opened(path: Path) -> int:
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise BadReplyError("no regular file")
    return opened
