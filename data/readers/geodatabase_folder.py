"""A File Geodatabase: a folder of tables with fixed names, of which a reader gets those that hold features."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..disk.copying import MAX_BYTES, copy_regular
from ..isolation.reply import BadReplyError, take_over
from .formats import FILE_GEODATABASE

if TYPE_CHECKING:
    from pathlib import Path

    from ..isolation.folder import ReadingFolder

GEODATABASE = "layer.gdb"
"""Name of the folder that a reader gets."""

_MEMBER = re.compile(r"gdb|timestamps|a[0-9a-f]{8}\.gdbtabl[ex]", re.IGNORECASE)


def is_geodatabase(folder: Path) -> bool:
    """Say whether a folder is a File Geodatabase, by its name or by the file that each of them has."""
    return folder.suffix.lower() in FILE_GEODATABASE.endings or (folder / "a00000001.gdbtable").is_file()


def is_member(name: str) -> bool:
    """Say whether a file of a File Geodatabase is one that a reader needs: tables, but neither indexes nor locks."""
    return _MEMBER.fullmatch(name) is not None


def copy_members(source: Path, folder: ReadingFolder) -> Path:
    """Copy the files of a File Geodatabase that a reader needs.

    Parameters
    ----------
    source
        The user's folder.
    folder
        Gets them, in :data:`GEODATABASE`.

    Returns
    -------
    Path
        The folder that the reader gets.

    Raises
    ------
    NotRegularError, TooLargeError, ChangedError, OSError
        A file cannot be copied.
    """
    copy = folder.inside / GEODATABASE
    copy.mkdir()
    left = MAX_BYTES
    for file in sorted(source.iterdir()):
        if is_member(file.name):
            target = copy / file.name.lower()
            copy_regular(file, target, left)
            left -= target.stat().st_size
    return copy


def take_members_over(folder: ReadingFolder) -> None:
    """Let a reader read the geodatabase that another one has unpacked.

    Parameters
    ----------
    folder
        Its ``outside`` holds the unpacked files.

    Raises
    ------
    BadReplyError
        There are none, or something that is no file.
    """
    names = {path.name for path in folder.outside.iterdir() if is_member(path.name)}
    copy = folder.inside / GEODATABASE
    try:
        copy.mkdir()
    except FileExistsError as error:
        raise BadReplyError("files") from error
    take_over(folder.outside, copy, names)
