"""What is known of an input once it was read, whether it can be used or not, and telling it to who wants to hear more."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

import numpy as np

from ..text.safe import plain
from ..text.sentences import told

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from ..geodesy.operation import Operation

log = logging.getLogger("blackspot")

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


def tell_read(
    facts: LayerFacts, used: int, kind: Literal["coverage", "communes", "figures", "lines"]
) -> None:
    """Tell how many rows of a file were read and used, and in which system its coordinates are.

    Parameters
    ----------
    facts
        What is known of the file.
    used
        How many of its rows, or patches of a raster, count.
    kind
        What the file is.
    """
    file = plain(facts.path.name)
    if facts.rows is None:
        log.info(told("reading", "signal", file=file, used=used))
    else:
        left = max(facts.rows - used, 0)
        log.info(told("reading", kind, file=file, rows=facts.rows, used=used, left=left))
    tell_placed(facts)


def tell_raster(facts: LayerFacts, width: int, height: int) -> None:
    """Tell how many cells a raster of people has, and in which system it is."""
    log.info(told("reading", "population", file=plain(facts.path.name), width=width, height=height))
    tell_placed(facts)


def tell_placed(facts: LayerFacts) -> None:
    """Tell in which system the coordinates of an input are, how they come to WGS 84, and what was repaired."""
    file, operation = plain(facts.path.name), facts.operation
    if operation is not None:
        named = " ".join(filter(None, (operation.name, f"({operation.code})" if operation.code else "")))
        key = "shifted" if named else "placed"
        log.debug(told("reading", key, file=file, crs=plain(operation.crs), operation=plain(named)))
    if len(facts.repaired):
        log.debug(told("reading", "repaired", file=file, count=len(facts.repaired)))
