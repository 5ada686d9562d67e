"""The folder that goes back and forth between the program and one reader."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Self


class ReadingFolder:
    """A folder for one reading: ``inside`` takes the staged file, ``outside`` what comes back.

    Its maker removes it when the object goes, or by ``close``. Other processes may borrow it.

    Parameters
    ----------
    borrowed
        The folder that another process has made for its reading; without one, a new folder is made.
    """

    def __init__(self, borrowed: Path | None = None) -> None:
        self.path = borrowed or Path(tempfile.mkdtemp(prefix="blackspot-"))
        self.inside, self.outside = self.path / "in", self.path / "out"
        self._remove = None
        if borrowed is None:
            self._remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
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
