"""What is known of an input once it was read, whether it can be used or not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from ..geodesy.operation import Operation

F_co = TypeVar("F_co", covariant=True)


def _no_ground() -> NDArray[np.object_]:
    return np.empty(0, dtype=np.object_)


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What is known of one layer of a file, of a raster or of a table, as far as reading got.

    Attributes
    ----------
    path
        The input as it was named.
    layer
        The layer: the one that was read, or the one asked for where reading never came to it; may be empty.
    sha256
        Of the content that was read, as :func:`blackspot.data.disk.hashing.input_file` counts it; empty where
        nothing could be copied.
    rows
        How many features it holds, used or not; None for rasters and where nobody could count them.
    operation
        The operation that brings its coordinates to WGS 84; None for tables and where none was chosen.
    is_shapefile
        It is a layer of a format in which the direction of a ring says whether it is a hole.
    repaired
        Ground that repairs changed or leave in doubt, EPSG:4326; pieces may overlap.
    """

    path: Path
    layer: str = ""
    sha256: str = ""
    rows: int | None = None
    operation: Operation | None = None
    is_shapefile: bool = False
    repaired: NDArray[np.object_] = field(default_factory=_no_ground, compare=False)

    def with_repaired(self, ground: NDArray[np.object_]) -> LayerFacts:
        """Add ground that another repair changed or leaves in doubt, EPSG:4326."""
        return replace(self, repaired=np.concatenate([ground, self.repaired]))


@dataclass(frozen=True, slots=True)
class Refused(Generic[F_co]):
    """An input that cannot be used, after an error finding, and what is known of it all the same."""

    facts: F_co
