"""A folder of results that appears whole or not at all, beside whatever else its parent holds."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ...errors import WorkplaceError
from .atomic import UNFINISHED_SUFFIX, explained_os_errors, remove, sync_folder, sync_tree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path


@contextmanager
def whole_folder(path: Path, own: Collection[str]) -> Iterator[Path]:
    """Offer an empty folder that takes the place of ``path`` once it is filled.

    Parameters
    ----------
    path
        The folder; made with those above it where it does not exist. One that holds earlier results is replaced.
    own
        Names of the files that such results have. A folder with anything else in it is left alone.

    Yields
    ------
    Path
        A folder beside it. Where filling it fails, it is removed, and what stood at ``path`` stays.

    Raises
    ------
    WorkplaceError
        There are other files in the folder, the disk is full or read-only, or the rights do not suffice.
    """
    final = path.resolve()  # a link stays a link
    draft, before = (final.with_name(f".{final.name}.{os.getpid()}{ending}") for ending in _ENDINGS)
    with explained_os_errors(path, "write the results"):
        _refuse_other_files(path, final, own)
        final.parent.mkdir(parents=True, exist_ok=True)
        remove(draft)
        draft.mkdir()
        try:
            yield draft
            sync_tree(draft)
            _swap(draft, final, before)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        sync_folder(final.parent)


_ENDINGS = (UNFINISHED_SUFFIX, f".before{UNFINISHED_SUFFIX}")


def _refuse_other_files(path: Path, final: Path, own: Collection[str]) -> None:
    others = (
        sorted(entry.name for entry in final.iterdir() if entry.name not in own) if final.is_dir() else []
    )
    if others or (final.exists() and not final.is_dir()):
        held = f"holds other files, such as {others[0]!r}" if others else "is a file"
        raise WorkplaceError(f"{path}: {held}; name a new folder, or an empty one.")


def _swap(draft: Path, final: Path, before: Path) -> None:
    """Put the new folder in the place of the old one; where that fails, the old one is put back."""
    if not final.exists():
        os.rename(draft, final)  # noqa: PTH104 - os beside the syncs: the order of system calls is the point
        return
    remove(before)
    os.rename(final, before)  # noqa: PTH104 - as above
    try:
        os.rename(draft, final)  # noqa: PTH104 - as above
    except OSError:
        os.rename(before, final)  # noqa: PTH104 - as above
        raise
    remove(before)
