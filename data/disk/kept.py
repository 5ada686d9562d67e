"""Results kept between runs by what they were made of: a file for each, in place of what stood there before.

Whatever is kept here only ever saves time. A file that is damaged, stands under the name of another, or was made of
something else is made anew; see :mod:`.arrays`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from .arrays import read_arrays, write_arrays

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_ENDING = ".result"
_CONTENT = "content"
_HASHED_TOGETHER = 10_000  # geometries: one call for many is several times as fast
_MISSING = -1  # length of a geometry that is None


@dataclass(frozen=True, slots=True)
class KeptResults:
    """A folder with one file for each result; it may be deleted at any time.

    Attributes
    ----------
    folder
        Where the files are, made when first needed; None keeps nothing.
    made_by
        Versions of the programs that have a say in the results.
    slot
        Whose results these are. Those of a variant stand beside those of the series, unless they are the same.
    lend
        Puts a file of an earlier run at a path, by its name and its SHA-256 in hex, and says whether it could; None
        where no run has any.
    """

    folder: Path | None = None
    made_by: str = ""
    slot: str = ""
    lend: Callable[[Path, str], bool] | None = None

    def arrays(
        self, name: str, content: Sequence[str], make: Callable[[], Mapping[str, NDArray[Any]]]
    ) -> Mapping[str, NDArray[Any]]:
        """Read arrays that were made of the same content, or make and keep them.

        Parameters
        ----------
        name
            Of the result; each has its own file.
        content
            Everything that decides the result, in order; the versions of the programs do as well.
        make
            Gives arrays of numbers, booleans or bytes by name.
        """
        found = self.find(name, content)
        if found is None:
            found = make()
            self.keep(name, content, found)
        return found

    def has(self, name: str, content: Sequence[str]) -> bool:
        """Say whether there are arrays that were made of the same content; that they are whole is seen when they are read."""
        return any(True for _ in self._paths(name, content))

    def find(self, name: str, content: Sequence[str]) -> Mapping[str, NDArray[Any]] | None:
        """Read arrays that were made of the same content; None where there are none whole."""
        for path in self._paths(name, content):
            kept = read_arrays(path)
            if kept is not None:
                kept.pop(_CONTENT)
                return kept
        return None

    def _paths(self, name: str, content: Sequence[str]) -> Iterator[Path]:
        """Go through the files that say they were made of this content: that of the series, then one's own."""
        if self.folder is None:
            return
        key = self._key(content)
        for slot in dict.fromkeys(("", self.slot)):
            path = self._path(self.folder, name, slot)
            head = read_arrays(path, [_CONTENT])
            if head is not None and head.get(_CONTENT, np.zeros(0)).tobytes() == key:
                yield path

    def keep(self, name: str, content: Sequence[str], made: Mapping[str, NDArray[Any]]) -> None:
        """Keep arrays in place of what stood under the name."""
        if self.folder is not None:
            key = np.frombuffer(self._key(content), dtype=np.uint8)
            write_arrays(self._path(self.folder, name, self.slot), {**made, _CONTENT: key})

    def geometries(
        self, name: str, content: Sequence[str], make: Callable[[], NDArray[np.object_]]
    ) -> NDArray[np.object_]:
        """Read geometries, or make and keep them, as :meth:`arrays` does: same types, same coordinates."""
        found = self.find_geometries(name, content)
        if found is None:
            found = make()
            self.keep_geometries(name, content, found)
        return found

    def find_geometries(self, name: str, content: Sequence[str]) -> NDArray[np.object_] | None:
        """Read geometries that were made of the same content; None where there are none whole."""
        found = self.find(name, content)
        return None if found is None else unpacked(found)

    def keep_geometries(self, name: str, content: Sequence[str], made: NDArray[np.object_]) -> None:
        """Keep geometries in place of what stood under the name."""
        if self.folder is not None:
            self.keep(name, content, packed(made))

    def _key(self, content: Sequence[str]) -> bytes:
        text = json.dumps([self.made_by, *content], ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()

    @staticmethod
    def _path(folder: Path, name: str, slot: str) -> Path:
        return folder / f"{name}{slot}{_ENDING}"


NOTHING_KEPT: Final = KeptResults()
"""Makes every result anew."""


def packed(geometries: NDArray[np.object_]) -> dict[str, NDArray[Any]]:
    """Write geometries as bytes one after the other, and how many each has."""
    contents = [content or b"" for content in shapely.to_wkb(geometries).tolist()]
    length = np.array([len(content) or _MISSING for content in contents], dtype=np.int64)
    return {"length": length, "bytes": np.frombuffer(b"".join(contents), dtype=np.uint8)}


def unpacked(arrays: Mapping[str, NDArray[Any]]) -> NDArray[np.object_]:
    """Take back what :func:`packed` gave."""
    content, length = arrays["bytes"].tobytes(), arrays["length"]
    end = np.cumsum(np.maximum(length, 0))
    pieces = zip((end - np.maximum(length, 0)).tolist(), end.tolist(), strict=True)
    each = [content[start:stop] or None for start, stop in pieces]
    return np.asarray(shapely.from_wkb(np.array(each, dtype=object)), dtype=object)


def geometry_digest(geometries: NDArray[np.object_]) -> str:
    """Hash the coordinates of geometries, in their order (SHA-256, hex)."""
    digest = hashlib.sha256()
    for start in range(0, len(geometries), _HASHED_TOGETHER):
        contents = shapely.to_wkb(geometries[start : start + _HASHED_TOGETHER]).tolist()
        digest.update(np.array([len(content) for content in contents], np.int64).tobytes())
        digest.update(b"".join(contents))
    return digest.hexdigest()
