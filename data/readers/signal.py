"""Rasters of signal strength into the polygons above a threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...errors import WorkplaceError
from ..disk.hashing import ANYTHING, Expected
from ..isolation.answers import TracedAnswer
from ..isolation.client import isolated
from ..isolation.reply import BadReplyError, load_table
from ..isolation.wkb import parse_wkb
from ..text.sentences import phrase
from .facts import LayerFacts, Refused
from .raster import open_raster

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pyproj
    from numpy.typing import NDArray

    from ..findings.collector import Findings
    from .raster_cells import RasterFile


@dataclass(frozen=True, slots=True)
class SignalArea:
    """The cells of a raster at or above a threshold.

    Attributes
    ----------
    geometry
        Polygons along the edges of cells, in ``crs``. A patch that crosses a reading window is in pieces
        that touch.
    crs
        Coordinate reference system of the raster.
    facts
        What is known of the raster.
    """

    geometry: NDArray[np.object_]
    crs: pyproj.CRS
    facts: LayerFacts


def read_signal(
    path: Path, threshold: float, *, crs: str, findings: Findings, expected: Expected = ANYTHING
) -> SignalArea | Refused[LayerFacts]:
    """Trace the cells of a raster that reach a threshold.

    Parameters
    ----------
    path
        A GeoTIFF.
    threshold
        Cells of this value and above are covered, in the raster's own unit.
    crs
        What the project file says, for files that state no coordinate reference system.
    findings
        Told every problem, and when all cells or none reach the threshold.
    expected
        What the file must be.

    Returns
    -------
    SignalArea or Refused
        Refused after an error finding.
    """
    raster = open_raster(path, crs=crs, findings=findings, expected=expected)
    if isinstance(raster, Refused):
        return raster
    about = findings.about(path)
    folder = raster.folder
    if folder is None:
        raise WorkplaceError(f"{path}: has not been unpacked")
    arguments = {"cells": described(raster), "threshold": threshold}
    traced = isolated("trace", folder, about, arguments, TracedAnswer)
    if traced is None:
        return Refused(raster.facts)
    try:
        geometry = parse_wkb(load_table(folder.outside / OUTLINES, ["wkb"]).column("wkb"))
    except BadReplyError as bad:
        about.add("file.reader-failed", reason=bad)
        return Refused(raster.facts)
    if traced.known == raster.width * raster.height and not raster.nodata and not raster.has_mask:
        about.add("coverage.no-nodata")
        return Refused(raster.facts)
    values = phrase("values", lowest=traced.lowest, highest=traced.highest) if traced.known else "-"
    if not len(geometry):
        about.add("coverage.nothing-reaches-threshold", threshold=threshold, values=values)
        return Refused(raster.facts)
    if traced.covered == traced.known:
        about.add("coverage.all-reaches-threshold", threshold=threshold, values=values)
    return SignalArea(geometry, raster.crs, raster.facts)


OUTLINES = "outlines.arrow"
"""Name of the file that takes the outlines: a column ``wkb``."""

SENT = ("width", "height", "dtype", "has_mask", "scale", "offset", "south_first", "block_rows", "block_cols")


def described(raster: RasterFile) -> dict[str, Any]:
    """Say what :func:`trace` needs to know of a raster, in types of JSON.

    Parameters
    ----------
    raster
        An unpacked raster.
    """
    sent = {name: getattr(raster, name) for name in SENT}
    return sent | {"nodata": list(raster.nodata), "transform": list(raster.transform[:6])}
