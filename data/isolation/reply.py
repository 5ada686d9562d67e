"""What comes back from a reader, checked as if the file had written it: it may have.

Findings travel as codes and values, never as sentences; tables as Arrow IPC; arrays as ``.npy`` without pickle.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from .findings import Findings, plain
from .rules import RULES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from ..errors import Finding
    from .findings import FileFindings

_MAX_JSON_BYTES = 256_000_000
_PLACES = ("layer", "row", "column")
_KEYS = frozenset({"code", "count", "values", *_PLACES})
_TAKEN = frozenset({"code", "file", "count", *_PLACES})


class BadReplyError(ValueError):
    """A reader came to no end, or what it left is not what it should be."""


class RecordedFindings(Findings):
    """Collects findings in a reader, to be said again where they are wanted.

    Parameters
    ----------
    accept
        Codes of questions that were accepted: the reader goes on where it would stop.
    """

    def __init__(self, accept: Iterable[str] = ()) -> None:
        super().__init__(accept=accept)
        self.recorded: list[dict[str, Any]] = []

    def add(
        self,
        code: str,
        *,
        file: str | Path = "",
        layer: str = "",
        row: str = "",
        column: str = "",
        count: int = 1,
        **values: object,
    ) -> Finding:
        """Say one thing as :meth:`Findings.add` does, and keep what is needed to say it again."""
        worded = {name: _worded(value) for name, value in values.items()}
        self.recorded.append(
            {
                "code": code,
                "layer": plain(layer),
                "row": plain(row),
                "column": plain(column),
                "count": int(count),
                "values": worded,
            }
        )
        return super().add(code, file=file, layer=layer, row=row, column=column, count=count, **values)


def _worded(value: object) -> str | list[str]:
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | Path):
        members = [plain(member) for member in value]
        return sorted(members) if isinstance(value, set | frozenset) else members
    return plain(value)


def replay(recorded: object, about: FileFindings) -> None:
    """Say the findings of a reader about a file.

    Parameters
    ----------
    recorded
        What the reader recorded.
    about
        Told them; the name of the file is ours, not the reader's.

    Raises
    ------
    BadReplyError
        There is no such rule, or it asks for other values.
    """
    if not isinstance(recorded, list):
        raise BadReplyError("findings")
    for finding in recorded:
        if not _is_sound(finding):
            raise BadReplyError("findings")
        place = {name: finding[name] for name in _PLACES}
        about.findings.add(
            finding["code"], file=about.file, count=finding["count"], **place, **finding["values"]
        )


def _is_sound(finding: object) -> bool:
    if not isinstance(finding, dict) or finding.keys() != _KEYS or not isinstance(finding["code"], str):
        return False
    rule = RULES.get(finding["code"])
    values = finding["values"]
    worded = all(isinstance(finding[name], str) for name in _PLACES)
    if rule is None or not worded or type(finding["count"]) is not int or not isinstance(values, dict):
        return False
    known = all(isinstance(value, str) or _is_texts(value) for value in values.values())
    return known and not values.keys() & _TAKEN and rule.placeholders() <= values.keys() | _TAKEN


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(member, str) for member in value)


def texts(value: object) -> list[str]:
    """Make sure that a part of a reply is a list of texts.

    Parameters
    ----------
    value
        The part.

    Returns
    -------
    list of str
        The part itself.

    Raises
    ------
    BadReplyError
        It is anything else.
    """
    if not _is_texts(value):
        raise BadReplyError("texts")
    return list(value)  # type: ignore[call-overload, no-any-return] # just looked at


def load_json(path: Path) -> dict[str, Any]:
    """Read the one JSON of a reader.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    dict
        Its content, not checked any further.

    Raises
    ------
    BadReplyError
        It is missing, no regular file, too large or no JSON object.
    """
    try:
        with os.fdopen(_opened(path), "rb") as stream:
            found = json.loads(stream.read(_MAX_JSON_BYTES + 1))
    except (OSError, ValueError, RecursionError) as error:
        raise BadReplyError(type(error).__name__) from error
    if not isinstance(found, dict):
        raise BadReplyError("no object")
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
        raise BadReplyError(type(error).__name__) from error
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
        raise BadReplyError(type(error).__name__) from error
    return np.asarray(found)


def _opened(path: Path) -> int:
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise BadReplyError("no regular file")
    return opened
