"""What was used once is kept: the content of every submission with which a run was published.

::

    out/accepted/<sha256>-<of the name>/five.gpkg     one folder for each content and name

Copies, never links: a sender who writes over a file in place must not change what was kept. A folder appears in
one step, whole and on the disk, or not at all. Nothing here is trusted: it is compared with its hash before it
is used, and read as an untrusted file like any other.
"""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING

from ...errors import WorkplaceError
from ..disk.atomic import explained_os_errors, remove, sync_folder, sync_tree
from ..disk.copying import NotRegularError, TooLargeError, copy_regular
from ..disk.hashing import input_file, parts_of
from ..text.sentences import told

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ..disk.hashing import InputFile

ACCEPTED = "accepted"
_UNFINISHED = ".unfinished-"
_NAME_DIGITS = 8


class AcceptedFiles:
    """The kept submissions of an output folder, which the caller holds.

    Parameters
    ----------
    out
        The output folder.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = out / ACCEPTED

    def keep(self, file: InputFile) -> bool:
        """Keep a copy of an input, unless there is one.

        Parameters
        ----------
        file
            The input as it was hashed when the run began.

        Returns
        -------
        bool
            False when the input is not any more what was hashed; nothing is kept then.

        Raises
        ------
        WorkplaceError
            The disk is full or read-only, or the rights do not suffice.
        """
        if self.find(file) is not None:
            return True
        target = self.folder / key_of(file)
        draft = self.folder / f"{_UNFINISHED}{target.name}"
        with explained_os_errors(self.folder, told("errors", "doing.keep_copy")):
            remove(draft)
            draft.mkdir(parents=True)
            if not _copied(file, draft):
                remove(draft)
                return False
            sync_tree(draft)
            remove(target)  # there, but not what it should be
            os.rename(draft, target)  # noqa: PTH104 - os beside the syncs: the order of system calls is the point
            sync_folder(self.folder)
            sync_folder(self.out)
        return True

    def find(self, file: InputFile) -> Path | None:
        """Find the copy of an input, and make sure that it still is one.

        Parameters
        ----------
        file
            The input: its name and its hash.

        Returns
        -------
        Path or None
            None where there is no copy, or where it is another content or a link.
        """
        folder = self.folder / key_of(file)
        copy = folder / file.path.name
        try:
            if self.folder.is_symlink() or folder.is_symlink() or not _is_plain(copy):
                return None
            found = input_file(file.role, copy)
        except WorkplaceError:
            raise  # the disk failed: that says nothing about the copy
        except OSError:
            return None  # a copy that cannot be read is as good as none; the caller says so
        return copy if found.sha256 == file.sha256 else None

    def prune(self, wanted: Iterable[InputFile]) -> None:
        """Remove every copy but these, and whatever a killed run left behind.

        Parameters
        ----------
        wanted
            The inputs that may be needed again.

        Raises
        ------
        WorkplaceError
            The rights do not suffice, or the disk failed.
        """
        keys = {key_of(file) for file in wanted}
        with explained_os_errors(self.folder, told("errors", "doing.remove_copies")):
            if self.folder.is_symlink() or not self.folder.is_dir():
                return
            for entry in sorted(self.folder.iterdir()):
                if entry.name not in keys:
                    remove(entry)


def key_of(file: InputFile) -> str:
    """Name the folder of a copy: by its content, and by its name, which decides how some formats are read."""
    name = hashlib.sha256(os.fsencode(file.path.name)).hexdigest()
    return f"{file.sha256}-{name[:_NAME_DIGITS]}"


def _copied(file: InputFile, folder: Path) -> bool:
    """Copy the parts of an input and compare the copy with what was hashed."""
    copy = folder / file.path.name
    try:
        parts = parts_of(file.path)
        for name, part in sorted(parts.items()):
            target = copy / name if file.path.is_dir() else folder / part.name
            target.parent.mkdir(parents=True, exist_ok=True)
            copy_regular(part, target)
    except (FileNotFoundError, NotRegularError, TooLargeError):
        return False
    return _is_plain(copy) and input_file(file.role, copy).sha256 == file.sha256


def _is_plain(path: Path) -> bool:
    """Say whether this is a file or a folder itself, and no link to one."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)
