"""Rasters of one band: unpacked once by a process of its own, then mapped from the disk, window by window."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine

from ..disk.atomic import reason_of
from ..disk.copying import ChangedError, copy_regular
from ..disk.hashing import ANYTHING, Expected
from ..geodesy.crs_choice import check_coordinates, check_operation, choose_crs
from ..geodesy.crs_text import is_plain_crs
from ..isolation.answers import RasterAnswer
from ..isolation.client import isolated
from ..isolation.folder import ReadingFolder
from .facts import LayerFacts, Refused
from .raster_cells import RasterCells, RasterFile, RasterWindow
from .staging import exists, sha256_as_expected

if TYPE_CHECKING:
    from pathlib import Path

    from ..findings.collector import FileFindings, Findings
    from ..geodesy.operation import Placed

__all__ = ["RasterCells", "RasterFile", "RasterWindow", "open_raster"]
_NO_TURN = 1e-3  # of a cell, over the whole raster


def open_raster(
    path: Path,
    *,
    crs: str = "",
    nodata: float | None = None,
    findings: Findings,
    expected: Expected = ANYTHING,
) -> RasterFile | Refused[LayerFacts]:
    """Unpack a raster and judge whether its cells can be placed on the earth.

    The file is copied, and opened as GeoTIFF only by a process of its own (:mod:`blackspot.data.isolation`).

    Parameters
    ----------
    path
        A GeoTIFF with one band.
    crs
        What the project file says, for files that state no coordinate reference system.
    nodata
        What the project file says means no data, in units of the stored cells.
    findings
        Told everything that is wrong.
    expected
        What the file must be.

    Returns
    -------
    RasterFile or Refused
        Refused after an error finding.
    """
    about, facts = findings.about(path), LayerFacts(path)
    if not exists(path, findings):
        return Refused(facts)
    if path.is_dir():
        about.add("raster.not-geotiff")
        return Refused(facts)
    folder = ReadingFolder()
    facts = replace(facts, sha256=_copied(path, folder, about, expected))
    header = _unpacked(path, folder, about) if facts.sha256 else None
    raster = None if header is None else _placed(facts, header, crs, folder, about)
    if raster is None:
        folder.close()
        return Refused(facts)
    return raster if nodata is None else _with_nodata(raster, nodata, about)


def _copied(path: Path, folder: ReadingFolder, about: FileFindings, expected: Expected) -> str:
    """Copy a file under a name of our own and give its hash; empty after an error finding."""
    try:
        sha256 = copy_regular(path, folder.inside / "layer.tif")
    except ChangedError:
        about.add("file.changed")
        return ""
    except OSError as error:
        about.add("raster.unreadable", reason=reason_of(path, error))
        return ""
    return sha256_as_expected(path, {"": sha256}, about.findings, expected) or ""


def _unpacked(path: Path, folder: ReadingFolder, about: FileFindings) -> RasterAnswer | None:
    return isolated("raster", folder, about, {"file": "layer.tif", "name": path.name}, RasterAnswer)


def _placed(
    facts: LayerFacts, header: RasterAnswer, stated_crs: str, folder: ReadingFolder, about: FileFindings
) -> RasterFile | None:
    affine = _without_traces(Affine(*header.transform), header)
    north_up = _is_north_up(affine, about)  # both are asked, so that one report says everything
    placed = _located(header, affine, stated_crs, about, north_up=north_up)
    if placed is None:
        return None
    south_first = affine.e > 0
    if south_first:
        affine = Affine(affine.a, 0.0, affine.c, 0.0, -affine.e, affine.f + affine.e * header.height)
    if (header.scale, header.offset) != (1.0, 0.0):
        about.add("raster.scaled", scale=header.scale, offset=header.offset)
    return RasterFile(
        facts=replace(facts, operation=placed.operation),
        crs=placed.crs,
        transform=affine,
        width=header.width,
        height=header.height,
        dtype=header.dtype,
        nodata=() if header.nodata is None else (header.nodata,),
        has_mask=header.has_mask,
        scale=header.scale,
        offset=header.offset,
        south_first=south_first,
        block_rows=header.block_rows,
        block_cols=header.block_cols,
        says_rssi=header.says_rssi,
        folder=folder,
    )


def _with_nodata(header: RasterFile, nodata: float, about: FileFindings) -> RasterFile:
    """Let the value of the project file mean no data as well as that of the file."""
    if (
        header.nodata
        and header.nodata[0] != nodata
        and not (math.isnan(nodata) and math.isnan(header.nodata[0]))
    ):
        about.add("raster.nodata-twice", own=header.nodata[0], project=nodata)
    return replace(header, nodata=tuple(dict.fromkeys([*header.nodata, nodata])))


def _without_traces(affine: Affine, header: RasterAnswer) -> Affine:
    """Leave out a rotation that moves no cell of the raster by a thousandth of itself: the trace of some rounding."""
    turned = abs(affine.b) * header.height <= _NO_TURN * abs(affine.a)
    if turned and abs(affine.d) * header.width <= _NO_TURN * abs(affine.e):
        return Affine(affine.a, 0.0, affine.c, 0.0, affine.e, affine.f)
    return affine


def _is_north_up(affine: Affine, about: FileFindings) -> bool:
    numbers = (affine.a, affine.b, affine.c, affine.d, affine.e, affine.f)
    if affine == Affine.identity() or not all(math.isfinite(number) for number in numbers):
        about.add("raster.not-georeferenced")
        return False
    if affine.b != 0 or affine.d != 0 or affine.a <= 0 or affine.e == 0:
        about.add("raster.rotated")
        return False
    return True


def _located(
    header: RasterAnswer, affine: Affine, project: str, about: FileFindings, *, north_up: bool
) -> Placed | None:
    far = affine @ (header.width, header.height)
    xs, ys = sorted((affine.c, far[0])), sorted((affine.f, far[1]))
    bounds = np.array([[xs[0], ys[0], xs[1], ys[1]]])
    if header.crs and not is_plain_crs(header.crs):
        about.add("crs.unusable", stated=header.crs)
        return None
    crs = choose_crs(header.crs, project, bounds, about)
    if crs is None or not north_up:
        return None
    if not check_coordinates(bounds, crs, about, strict=False):
        return None
    return check_operation(crs, bounds, about)
