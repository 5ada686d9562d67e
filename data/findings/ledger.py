"""What is known of the inputs of one run besides findings: their hashes, and how they came to WGS 84."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


@dataclass(slots=True)
class Ledger:
    """Facts about inputs by their path, filled while they are read; all collectors of a run share one.

    Attributes
    ----------
    expected
        SHA-256 of each input when the run looked at it first; a reader refuses an input of another hash.
    read
        SHA-256 of the bytes that were really read, for each input that was.
    rows
        How many rows or features each vector file and table holds, used or not.
    operations
        How the coordinates of each input are brought to WGS 84.
    changed
        Ground that a repair changed or leaves in doubt, in EPSG:4326, for each input.
    mended
        Ground that closed rings and straightened arcs concern, in EPSG:4326, for each input.
    """

    expected: dict[Path, str] = field(default_factory=dict)
    read: dict[Path, str] = field(default_factory=dict)
    rows: dict[Path, int] = field(default_factory=dict)
    operations: dict[Path, Operation] = field(default_factory=dict)
    changed: dict[Path, NDArray[np.object_]] = field(default_factory=dict)
    mended: dict[Path, NDArray[np.object_]] = field(default_factory=dict)

    def note_read(self, path: Path, sha256: str) -> bool:
        """Note what was read of an input.

        Parameters
        ----------
        path
            The input.
        sha256
            Of the bytes that were copied to be read.

        Returns
        -------
        bool
            False when the run had seen other bytes before.
        """
        self.read[path] = sha256
        return self.expected.get(path, sha256) == sha256


@dataclass(frozen=True, slots=True)
class Operation:
    """How the coordinates of an input come to WGS 84.

    Attributes
    ----------
    crs
        The coordinate reference system, as people know it.
    name
        What PROJ calls the operation between the datums; empty where none is needed.
    code
        Its code such as ``EPSG:6960``; empty where it has none.
    accuracy_m
        Stated accuracy in metres; None where nobody states one.
    ballpark
        Nothing is shifted, because nobody knows by how much.
    grids
        Names of the grid files it uses; none for all systems of Viet Nam.
    area
        Where the operation is made for; empty where it is made for the whole earth.
    elsewhere
        The data lie outside that area.
    """

    crs: str
    name: str = ""
    code: str = ""
    accuracy_m: float | None = None
    ballpark: bool = False
    grids: tuple[str, ...] = ()
    area: str = ""
    elsewhere: bool = False
