"""The folder that goes back and forth between the program and one reader."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
import weakref
from pathlib import Path
from typing import Self

_PREFIX, _BEGUN = "blackspot-reading-", "blackspot-begun-"
_LOCK = ".lock"
_BEGUN_SECONDS = 3600.0  # nobody takes so long from a name to a lock
_swept: set[tuple[int, str]] = set()  # process and folder for temporary files


class ReadingFolder:
    """A folder for one reading: ``inside`` takes the staged file, ``outside`` what comes back.

    Its maker removes it when the object goes, or by ``close``. Other processes may borrow it. A lock in it, which
    the system frees when its maker dies, tells the folders in use from what a killed program left behind: that
    is cleared when a program makes its first folder.

    Parameters
    ----------
    borrowed
        The folder that another process has made for its reading; without one, a new folder is made.
    """

    def __init__(self, borrowed: Path | None = None) -> None:
        self._remove = None
        if borrowed is None:
            self.path, lock = _made()
            self._remove = weakref.finalize(self, _removed, self.path, lock, os.getpid())
        else:
            self.path = borrowed
        self.inside, self.outside = self.path / "in", self.path / "out"
        if borrowed is None:
            self.inside.mkdir()
            self.outside.mkdir()

    def __reduce__(self) -> tuple[type[ReadingFolder], tuple[Path]]:
        """Lend the folder to another process."""
        return type(self), (self.path,)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the folder now."""
        if self._remove is not None:
            self._remove()


def _made() -> tuple[Path, int]:
    """Make a folder that is locked before it has the name by which others find it; also give its lock."""
    temporary = tempfile.gettempdir()
    if (os.getpid(), temporary) not in _swept:
        _swept.add((os.getpid(), temporary))
        _sweep(Path(temporary))
    begun = Path(tempfile.mkdtemp(prefix=_BEGUN))
    lock = os.open(begun / _LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with contextlib.suppress(OSError):  # a disk without locks: then nobody can sweep it either
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return begun.rename(begun.with_name(_PREFIX + begun.name.removeprefix(_BEGUN))), lock


def _removed(folder: Path, lock: int, maker: int) -> None:
    """Remove a folder, unless this is a fork of the process that made it."""
    if os.getpid() == maker:
        shutil.rmtree(folder, ignore_errors=True)
    os.close(lock)


def _sweep(temporary: Path) -> None:
    """Remove the folders of this user whose makers are dead."""
    for entry in sorted(temporary.glob(f"{_PREFIX}*")):
        if _is_own(entry) and _is_abandoned(entry):
            shutil.rmtree(entry, ignore_errors=True)
    for entry in sorted(temporary.glob(f"{_BEGUN}*")):
        if _is_own(entry) and time.time() - entry.lstat().st_mtime > _BEGUN_SECONDS:
            shutil.rmtree(entry, ignore_errors=True)


def _is_own(folder: Path) -> bool:
    """Say whether this is a folder itself, of this user: in a folder that everybody may write into nothing else is believed."""
    with contextlib.suppress(FileNotFoundError):
        found = folder.lstat()
        return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return False


def _is_abandoned(folder: Path) -> bool:
    """Say whether nobody holds the lock of a folder any more."""
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False  # its maker is removing it just now, or it is none of ours
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(lock)
    return True
