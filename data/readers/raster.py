"""Rasters of one band: unpacked once by a process of its own, then mapped from the disk, window by window."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from affine import Affine

from ..errors import WorkplaceError
from .crs import check_coordinates, check_operation, settle_crs
from .crs_text import is_plain_crs
from .isolation import Workplace, isolated
from .isolation_reply import BadReplyError, map_array
from .raster_windows import Window, windows
from .staging import ChangedError, copy_regular
from .vector_staging import exists, is_as_before

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyproj
    from numpy.typing import NDArray

    from .findings import FileFindings, Findings

__all__ = ["RasterCells", "RasterFile", "Window", "open_raster"]

_HUGE = 1e30  # "no data" markers near the largest float32 are rounded differently by every writer
WINDOW_CELLS = 1 << 22  # 32 MiB as float64
_DTYPES = frozenset(
    (
        "int8",
        "uint8",
        "int16",
        "uint16",
        "int32",
        "uint32",
        "int64",
        "uint64",
        "float16",
        "float32",
        "float64",
    )
)


@dataclass(frozen=True, slots=True)
class RasterFile:
    """What the header of a usable raster says.

    Attributes
    ----------
    path
        The GeoTIFF, which is not needed any more.
    crs
        Its coordinate reference system.
    transform
        From (column, row) of cell corners to CRS coordinates; always north-up, also where the file
        stores its southernmost row first.
    width, height
        Columns and rows.
    dtype
        Type of the cells in the file, as numpy names it.
    nodata
        Values that mean no data, in units of the stored cells; empty where none is stated.
    has_mask
        The file carries a mask of its own.
    scale, offset
        A cell's value is ``stored * scale + offset``.
    south_first
        The file stores its southernmost row first.
    block_rows, block_cols
        Size of the blocks the file is packed in.
    place
        The folder that keeps the unpacked cells, for as long as this object lives.
    """

    path: Path
    crs: pyproj.CRS
    transform: Affine
    width: int
    height: int
    dtype: str
    nodata: tuple[float, ...] = ()
    has_mask: bool = False
    scale: float = 1.0
    offset: float = 0.0
    south_first: bool = False
    block_rows: int = 1
    block_cols: int = 1
    place: Workplace | None = field(default=None, repr=False, compare=False)

    def windows(self, cells: int = WINDOW_CELLS) -> Iterator[Window]:
        """Cover the raster with windows that follow its blocks, north to south, then west to east.

        Parameters
        ----------
        cells
            About how many cells a window may have; never less than one block.

        Returns
        -------
        iterator of Window
            Windows that do not overlap and leave nothing out.
        """
        return windows((self.height, self.width), (self.block_rows, self.block_cols), cells)


class RasterCells:
    """Cells of a raster, for any number of threads.

    Parameters
    ----------
    raster
        The header.

    Raises
    ------
    WorkplaceError
        The unpacked cells are gone.
    """

    def __init__(self, raster: RasterFile) -> None:
        self.raster = raster
        shape = (raster.height, raster.width)
        if raster.place is None:
            raise WorkplaceError(f"{raster.path}: has not been unpacked")
        try:
            folder = raster.place.outside
            self._stored = map_array(folder / "cells.npy", np.dtype(raster.dtype), shape)
            self._mask = (
                map_array(folder / "mask.npy", np.dtype(np.uint8), shape) if raster.has_mask else None
            )
        except BadReplyError as error:
            raise WorkplaceError(f"{raster.path}: the unpacked cells are gone: {error}") from error

    def __reduce__(self) -> tuple[type[RasterCells], tuple[RasterFile]]:
        """Let other processes map the cells themselves."""
        return type(self), (self.raster,)

    def read(self, window: Window) -> NDArray[np.float64]:
        """Read the values of a window.

        Parameters
        ----------
        window
            May reach outside the raster.

        Returns
        -------
        ndarray of float64, (rows, cols)
            NaN where there is no data and outside the raster.
        """
        raster = self.raster
        row0, row1 = max(0, window.row0), min(raster.height, window.row0 + window.rows)
        col0, col1 = max(0, window.col0), min(raster.width, window.col0 + window.cols)
        inside = Window(row0, row1 - row0, col0, col1 - col0)
        if inside == window and min(inside.rows, inside.cols) > 0:
            return self._values(window)
        out = np.full((max(0, window.rows), max(0, window.cols)), np.nan)
        if inside.rows > 0 and inside.cols > 0:
            rows = slice(row0 - window.row0, row1 - window.row0)
            cols = slice(col0 - window.col0, col1 - window.col0)
            out[rows, cols] = self._values(inside)
        return out

    def _values(self, window: Window) -> NDArray[np.float64]:
        raster = self.raster
        first = raster.height - window.row0 - window.rows if raster.south_first else window.row0
        here = np.s_[first : first + window.rows, window.col0 : window.col0 + window.cols]
        stored = self._stored[here]
        with np.errstate(invalid="ignore"):  # a damaged file may hold NaN of the signalling kind
            values: NDArray[np.float64] = stored.astype(np.float64)
        if self._mask is not None:
            values[self._mask[here] == 0] = np.nan
        for marker in raster.nodata:
            values[_is_marker(stored, marker)] = np.nan
        if raster.scale != 1.0 or raster.offset != 0.0:
            values = values * raster.scale + raster.offset
        return values[::-1] if raster.south_first else values


def open_raster(
    path: Path, *, crs: str = "", nodata: float | None = None, findings: Findings
) -> RasterFile | None:
    """Unpack a raster and judge whether its cells can be placed on the earth.

    The file is copied, and opened as GeoTIFF only by a process of its own (:mod:`.isolation`).

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

    Returns
    -------
    RasterFile or None
        None after an error finding.
    """
    about = findings.about(path)
    if not exists(path, findings):
        return None
    if path.is_dir():
        about.add("raster.not-geotiff")
        return None
    place = Workplace()
    header = _unpacked(path, place, about)
    raster = None if header is None else _placed(path, header, crs, place, about)
    if raster is None:
        place.close()
        return None
    return raster if nodata is None else _with_nodata(raster, nodata, about)


@dataclass(frozen=True, slots=True)
class Header:
    """What the header of a GeoTIFF says, as the process that read it tells.

    ``transform`` holds a, b, c, d, e, f of the affine transform; ``crs`` is empty where none is stated.
    """

    width: int
    height: int
    dtype: str
    transform: list[float]
    crs: str
    nodata: float | None
    has_mask: bool
    scale: float
    offset: float
    block_rows: int
    block_cols: int


def _checked(said: object) -> Header:
    """Take over a header as the reading process tells it, when every field is what it must be."""
    if not isinstance(said, dict) or said.keys() != {part.name for part in fields(Header)}:
        raise BadReplyError("header")
    counts = [said[name] for name in ("width", "height", "block_rows", "block_cols")]
    transform, nodata = said["transform"], said["nodata"]
    if not isinstance(transform, list) or len(transform) != 6:
        raise BadReplyError("header")
    numbers = [*transform, said["scale"], said["offset"], 0.0 if nodata is None else nodata]
    sound = (
        all(type(count) is int and count > 0 for count in counts)
        and all(type(number) in {int, float} for number in numbers)
        and isinstance(said["crs"], str)
        and said["dtype"] in _DTYPES
        and isinstance(said["has_mask"], bool)
    )
    if not sound:
        raise BadReplyError("header")
    return Header(**said)


def _unpacked(path: Path, place: Workplace, about: FileFindings) -> Header | None:
    try:
        sha256 = copy_regular(path, place.inside / "layer.tif")
    except ChangedError:
        about.add("file.changed")
        return None
    except OSError as error:
        about.add("raster.unreadable", reason=error.strerror or type(error).__name__)
        return None
    if not is_as_before(path, {"": sha256}, about.findings):
        return None
    reply = isolated("raster", place, about, {"file": "layer.tif", "name": path.name})
    if reply is None or reply.get("header") is None:
        return None
    try:
        return _checked(reply["header"])
    except BadReplyError as bad:
        about.add("file.reader-failed", reason=bad)
        return None


def _placed(
    path: Path, header: Header, stated_crs: str, place: Workplace, about: FileFindings
) -> RasterFile | None:
    affine = Affine(*header.transform)
    placed = _is_north_up(affine, about)  # both are asked, so that one report says everything
    crs = _crs(header, affine, stated_crs, about, placed=placed)
    if not placed or crs is None:
        return None
    south_first = affine.e > 0
    if south_first:
        affine = Affine(affine.a, 0.0, affine.c, 0.0, -affine.e, affine.f + affine.e * header.height)
    if (header.scale, header.offset) != (1.0, 0.0):
        about.add("raster.scaled", scale=f"{header.scale:g}", offset=f"{header.offset:g}")
    return RasterFile(
        path=path,
        crs=crs,
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
        place=place,
    )


def _with_nodata(header: RasterFile, nodata: float, about: FileFindings) -> RasterFile:
    """Let the value of the project file mean no data as well as that of the file."""
    if (
        header.nodata
        and header.nodata[0] != nodata
        and not (math.isnan(nodata) and math.isnan(header.nodata[0]))
    ):
        about.add("raster.nodata-twice", own=f"{header.nodata[0]:g}", project=f"{nodata:g}")
    return replace(header, nodata=tuple(dict.fromkeys([*header.nodata, nodata])))


def _is_north_up(affine: Affine, about: FileFindings) -> bool:
    numbers = (affine.a, affine.b, affine.c, affine.d, affine.e, affine.f)
    if affine == Affine.identity() or not all(math.isfinite(number) for number in numbers):
        about.add("raster.not-georeferenced")
        return False
    if affine.b != 0 or affine.d != 0 or affine.a <= 0 or affine.e == 0:
        about.add("raster.rotated")
        return False
    return True


def _crs(
    header: Header, affine: Affine, project: str, about: FileFindings, *, placed: bool
) -> pyproj.CRS | None:
    far = affine @ (header.width, header.height)
    xs, ys = sorted((affine.c, far[0])), sorted((affine.f, far[1]))
    bounds = np.array([[xs[0], ys[0], xs[1], ys[1]]])
    if header.crs and not is_plain_crs(header.crs):
        about.add("crs.unusable", stated=header.crs)
        return None
    crs = settle_crs(header.crs, project, bounds, about)
    if crs is None or not placed:
        return None
    if not check_coordinates(bounds, crs, about, strict=False):
        return None
    return check_operation(crs, bounds, about)


def _is_marker(stored: NDArray[Any], marker: float) -> NDArray[np.bool_]:
    """Find the cells that hold a "no data" marker, compared in the type they are stored in."""
    if math.isnan(marker):
        found = np.isnan(stored)
    elif stored.dtype.kind == "f" and abs(marker) > _HUGE:
        found = stored * math.copysign(1.0, marker) > stored.dtype.type(_HUGE)
    elif stored.dtype.kind == "f":
        found = stored == stored.dtype.type(marker)
    else:
        found = stored == marker
    result: NDArray[np.bool_] = found
    return result
