"""Rasters of one band: opened as GeoTIFF only, never beyond the file itself, read window by window."""

from __future__ import annotations

import math
import threading
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window as FileWindow

from ..errors import WorkplaceError
from .crs import check_coordinates, check_operation, settle_crs
from .vector_staging import exists

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyproj
    from numpy.typing import NDArray

    from .findings import FileFindings, Findings

_MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")  # TIFF and BigTIFF, both byte orders

# The GDAL inside rasterio is another one than pyogrio's and is told here. A side-car (.ovr, .aux.xml, .msk)
# can point anywhere, so none is looked for.
_OPTIONS = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "/nowhere",
    "GDAL_VRT_ENABLE_RAWRASTERBAND": "NO",
}

MAX_CELLS = 5_000_000_000  # the whole of Viet Nam at 30 m has 1.5 thousand million
_MAX_BLOCK_BYTES = 1 << 29  # one block is always unpacked as a whole
_BOMB_BYTES = 1 << 30
_BOMB_RATIO = 1000  # deflate cannot pack better; only a file without content unpacks to more
_HUGE = 1e30  # "no data" markers near the largest float32 are rounded differently by every writer
WINDOW_CELLS = 1 << 22  # 32 MiB as float64
_CACHE_BYTES = 1 << 26  # of unpacked blocks; left to itself GDAL takes a twentieth of the machine's memory


class Window(NamedTuple):
    """A block of cells: first row and column, and how many of each."""

    row0: int
    rows: int
    col0: int
    cols: int


@dataclass(frozen=True, slots=True)
class RasterFile:
    """What the header of a usable raster says.

    Attributes
    ----------
    path
        The GeoTIFF.
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

    def cache_bytes(self) -> int:
        """How much memory keeps every block from being unpacked twice: two rows of blocks, at least 64 MiB."""
        row_of_blocks = self.block_rows * self.width * np.dtype(self.dtype).itemsize
        return max(_CACHE_BYTES, 2 * row_of_blocks)

    def windows(self, cells: int = WINDOW_CELLS) -> Iterator[Window]:
        """Cover the raster with windows that follow its blocks, north to south, then west to east.

        Parameters
        ----------
        cells
            About how many cells a window may have; never less than one block.

        Yields
        ------
        Window
            Windows that do not overlap and leave nothing out.
        """
        block_rows, block_cols = min(self.block_rows, self.height), min(self.block_cols, self.width)
        cols = min(self.width, block_cols * max(1, cells // (block_rows * block_cols)))
        rows = min(self.height, block_rows * max(1, cells // (block_rows * cols)))
        for row0 in range(0, self.height, rows):
            for col0 in range(0, self.width, cols):
                yield Window(row0, min(rows, self.height - row0), col0, min(cols, self.width - col0))


class RasterCells:
    """Cells of a raster, for any number of threads: every thread has its own handle on the file.

    Parameters
    ----------
    raster
        The header.
    """

    def __init__(self, raster: RasterFile) -> None:
        self.raster = raster
        self._handles = threading.local()

    def __reduce__(self) -> tuple[type[RasterCells], tuple[RasterFile]]:
        """Let other processes open their own handles."""
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

        Raises
        ------
        WorkplaceError
            The file cannot be read any more.
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
        place = FileWindow(window.col0, first, window.cols, window.rows)
        try:
            handle = self._handle()
            with rasterio.Env(GDAL_CACHEMAX=raster.cache_bytes()):
                stored = handle.read(1, window=place)
                values: NDArray[np.float64] = stored.astype(np.float64)
                if raster.has_mask:
                    values[handle.read_masks(1, window=place) == 0] = np.nan
        except RasterioError as error:
            raise WorkplaceError(f"{raster.path}: cannot be read: {error}") from error
        for marker in raster.nodata:
            values[_is_marker(stored, marker)] = np.nan
        if raster.scale != 1.0 or raster.offset != 0.0:
            values = values * raster.scale + raster.offset
        return values[::-1] if raster.south_first else values

    def _handle(self) -> Any:  # noqa: ANN401 - rasterio ships no types
        handle = getattr(self._handles, "dataset", None)
        if handle is None:
            handle = self._handles.dataset = _open(self.raster.path)
        return handle


def open_raster(
    path: Path, *, crs: str = "", nodata: float | None = None, findings: Findings
) -> RasterFile | None:
    """Look at the header of a raster and judge whether its cells can be placed on the earth.

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
    if not exists(path, findings) or not _is_tiff(path, about):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # it gets a finding instead
        try:
            with _open(path) as dataset:
                header = _header(path, dataset, crs, about)
        except RasterioError as error:
            about.add("raster.unreadable", reason=reason_of(error, path))
            return None
    return header if header is None or nodata is None else _with_nodata(header, nodata, about)


def reason_of(error: BaseException, path: Path) -> str:
    """Say why a library failed, without the machine's folders in it.

    Parameters
    ----------
    error
        What was raised; the error it came from says more.
    path
        The file that was being read.

    Returns
    -------
    str
        The library's words in one line without a full stop, the file named by its last part only.
    """
    while error.__cause__ is not None:
        error = error.__cause__
    return " ".join(str(error).replace(str(path), path.name).split()).rstrip(".")


def _open(path: Path) -> Any:  # noqa: ANN401 - rasterio ships no types
    with rasterio.Env(**_OPTIONS):
        return rasterio.open(path, driver="GTiff")


def _is_tiff(path: Path, about: FileFindings) -> bool:
    if path.is_dir():
        about.add("raster.not-geotiff")
        return False
    try:
        with path.open("rb") as stream:
            head = stream.read(4)
    except OSError as error:
        about.add("raster.unreadable", reason=error.strerror or type(error).__name__)
        return False
    if head not in _MAGIC:
        about.add("raster.not-geotiff")
        return False
    return True


def _header(path: Path, dataset: Any, stated_crs: str, about: FileFindings) -> RasterFile | None:  # noqa: ANN401
    if not _safe(path, dataset, about):
        return None
    placed = _is_north_up(dataset, about)  # both are asked, so that one report says everything
    crs = _crs(dataset, stated_crs, about, placed=placed)
    if not placed or crs is None:
        return None
    affine = dataset.transform
    south_first = affine.e > 0
    if south_first:
        affine = Affine(affine.a, 0.0, affine.c, 0.0, -affine.e, affine.f + affine.e * dataset.height)
    scale, offset = float(dataset.scales[0]), float(dataset.offsets[0])
    if (scale, offset) != (1.0, 0.0):
        about.add("raster.scaled", scale=f"{scale:g}", offset=f"{offset:g}")
    block_rows, block_cols = dataset.block_shapes[0]
    return RasterFile(
        path=path,
        crs=crs,
        transform=affine,
        width=dataset.width,
        height=dataset.height,
        dtype=dataset.dtypes[0],
        nodata=() if dataset.nodata is None else (float(dataset.nodata),),
        has_mask=MaskFlags.per_dataset in dataset.mask_flag_enums[0],
        scale=scale,
        offset=offset,
        south_first=south_first,
        block_rows=block_rows,
        block_cols=block_cols,
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


def _safe(path: Path, dataset: Any, about: FileFindings) -> bool:  # noqa: ANN401 - rasterio ships no types
    """Refuse what must not be read at all: pointers to other files, several bands, bombs."""
    if dataset.tags(ns="OVERVIEWS"):
        about.add("raster.unsafe-content")
        return False
    bands = max(dataset.count, len(dataset.subdatasets))
    if bands != 1:
        about.add("raster.several-bands", bands=bands)
        return False
    if np.dtype(dataset.dtypes[0]).kind not in "iuf":
        about.add("raster.not-numbers", dtype=dataset.dtypes[0])
        return False
    size = np.dtype(dataset.dtypes[0]).itemsize
    cells = dataset.width * dataset.height
    unpacked = cells * size
    block = math.prod(dataset.block_shapes[0]) * size
    bomb = unpacked > _BOMB_BYTES and unpacked > _BOMB_RATIO * path.stat().st_size
    if cells > MAX_CELLS or block > _MAX_BLOCK_BYTES or bomb:
        about.add("raster.too-large", cells=cells, megabytes=unpacked >> 20)
        return False
    return True


def _is_north_up(dataset: Any, about: FileFindings) -> bool:  # noqa: ANN401 - rasterio ships no types
    affine = dataset.transform
    numbers = (affine.a, affine.b, affine.c, affine.d, affine.e, affine.f)
    if affine == Affine.identity() or not all(math.isfinite(number) for number in numbers):
        about.add("raster.not-georeferenced")
        return False
    if affine.b != 0 or affine.d != 0 or affine.a <= 0 or affine.e == 0:
        about.add("raster.rotated")
        return False
    return True


def _crs(dataset: Any, project: str, about: FileFindings, *, placed: bool) -> pyproj.CRS | None:  # noqa: ANN401
    stated = dataset.crs.to_wkt() if dataset.crs else None
    box = dataset.bounds  # bottom and top change places in a file that stores the south first
    bounds = np.array([[box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top)]])
    crs = settle_crs(stated, project, bounds, about)
    if crs is None or not placed:
        return None
    if not check_coordinates(bounds, crs, about, strict=False):
        return None
    check_operation(crs, bounds, about)
    return crs


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
