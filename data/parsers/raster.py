"""A staged GeoTIFF opened by GDAL, in the child process: its header, and its cells unpacked."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import rasterio
import rasterio.features
import shapely.geometry
from affine import Affine
from rasterio.enums import MaskFlags
from rasterio.errors import RasterioError
from rasterio.windows import Window as FileWindow

from ..geodesy.crs import LONLAT
from ..isolation.answers import RasterAnswer, TracedAnswer
from ..isolation.folder import ReadingFolder
from ..isolation.reply import save_table
from ..readers.facts import LayerFacts
from ..readers.raster_cells import RasterCells, RasterFile, windows
from ..readers.signal import OUTLINES, SENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from ..findings.collector import FileFindings
    from ..readers.raster_cells import RasterWindow

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
_WINDOW_CELLS = 1 << 22


def read_raster(path: Path, outside: Path, about: FileFindings) -> RasterAnswer | None:
    """Look at the header of a raster and unpack its cells into ``cells.npy``, and a mask into ``mask.npy``.

    Parameters
    ----------
    path
        The staged file.
    outside
        The folder for the cells.
    about
        Told why it cannot be read.

    Returns
    -------
    RasterAnswer or None
        What the header says; None after an error finding.
    """
    with path.open("rb") as stream:
        if stream.read(4) not in _MAGIC:
            about.add("raster.not-geotiff")
            return None
    try:
        with rasterio.Env(**_OPTIONS), rasterio.open(path, driver="GTiff") as dataset:
            if not _is_safe(path, dataset, about):
                return None
            header = _header(dataset)
            _unpack(dataset, header, outside)
    except RasterioError as error:
        about.add("raster.unreadable", reason=_reason(error, path, about))
        return None
    return header


def _reason(error: BaseException, path: Path, about: FileFindings) -> str:
    """Say why GDAL failed, in one line without a full stop, the file called as its owner calls it."""
    while error.__cause__ is not None:
        error = error.__cause__
    said = str(error).replace(str(path), str(about.file)).replace(path.name, str(about.file))
    return " ".join(said.split()).rstrip(".")


def _is_safe(path: Path, dataset: Any, about: FileFindings) -> bool:  # noqa: ANN401 - rasterio ships no types
    """Refuse what must not be read at all: pointers to other files, several bands, bombs."""
    if dataset.tags(ns="OVERVIEWS"):
        about.add("raster.unsafe-content")
        return False
    bands = max(dataset.count, len(dataset.subdatasets))
    if bands != 1 and (not about.ask("raster.several-bands", bands=bands) or dataset.subdatasets):
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


def _header(dataset: Any) -> RasterAnswer:  # noqa: ANN401 - rasterio ships no types
    block_rows, block_cols = dataset.block_shapes[0]
    return RasterAnswer(
        width=dataset.width,
        height=dataset.height,
        dtype=dataset.dtypes[0],
        transform=list(dataset.transform[:6]),
        crs=dataset.crs.to_wkt() if dataset.crs else "",
        nodata=None if dataset.nodata is None else float(dataset.nodata),
        has_mask=MaskFlags.per_dataset in dataset.mask_flag_enums[0],
        scale=float(dataset.scales[0]),
        offset=float(dataset.offsets[0]),
        block_rows=block_rows,
        block_cols=block_cols,
        says_rssi=_says_rssi(dataset),
    )


def _says_rssi(dataset: Any) -> bool:  # noqa: ANN401 - rasterio ships no types
    """Say whether the words beside the cells speak of RSSI, and not of RSRP."""
    words = [dataset.descriptions[0] or "", *dataset.tags().values(), *dataset.tags(1).values()]
    said = " ".join(words).upper()
    return "RSSI" in said and "RSRP" not in said


def _unpack(dataset: Any, header: RasterAnswer, outside: Path) -> None:  # noqa: ANN401 - rasterio ships no types
    """Write all cells as they are stored, in the order of the file, a window at a time."""
    shape = (header.height, header.width)
    cells = _Sheet(outside / "cells.npy", np.dtype(header.dtype), shape)
    mask = _Sheet(outside / "mask.npy", np.dtype(np.uint8), shape) if header.has_mask else None
    blocks = (header.block_rows, header.block_cols)
    for window in windows(shape, blocks, _WINDOW_CELLS):
        place = FileWindow(window.col0, window.row0, window.cols, window.rows)
        cells.write(window.row0, window.col0, dataset.read(1, window=place))
        if mask is not None:
            mask.write(window.row0, window.col0, dataset.read_masks(1, window=place))
    for sheet in (cells, mask):
        if sheet is not None:
            sheet.close()


class _Sheet:
    """An ``.npy`` file that is filled piece by piece, without being mapped into memory.

    Parameters
    ----------
    path
        The file.
    dtype, shape
        What it will hold.
    """

    def __init__(self, path: Path, dtype: np.dtype[Any], shape: tuple[int, int]) -> None:
        self._file = path.open("xb")
        described = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._file, described)
        self._begins = self._file.tell()
        self._width, self._dtype = shape[1], dtype

    def write(self, row0: int, col0: int, piece: NDArray[Any]) -> None:
        """Write a block of cells."""
        piece = np.ascontiguousarray(piece, dtype=self._dtype)
        rows = [piece] if piece.shape[1] == self._width else list(piece)
        step = self._width * self._dtype.itemsize
        at = self._begins + row0 * step + col0 * self._dtype.itemsize
        for row in rows:
            self._file.seek(at)
            self._file.write(row.data)
            at += step

    def close(self) -> None:
        """Write what is left."""
        self._file.close()


_AT_ONCE = 10_000  # outlines that are kept as objects


def trace(
    outside: Path, cells: Mapping[str, Any], *, lowest: float, highest: float | None, negated: bool
) -> TracedAnswer:
    """Trace the cells whose values lie in a range.

    Parameters
    ----------
    outside
        Holds the unpacked cells and gets the file :data:`OUTLINES`.
    cells
        From :func:`described`.
    lowest, highest
        Cells from the one to the other are covered, both included; None sets no upper end.
    negated
        Values are negated first.

    Returns
    -------
    TracedAnswer
        Counts of cells.
    """
    raster = RasterFile(
        facts=LayerFacts(outside),
        crs=LONLAT,  # not used: outlines stay in the raster's own coordinates
        transform=Affine(*cells["transform"]),
        nodata=tuple(cells["nodata"]),
        folder=ReadingFolder(outside.parent),
        **{name: cells[name] for name in SENT},
    )
    stored = RasterCells(raster)
    known = covered = 0
    outlines: list[bytes] = []
    for window in raster.windows():
        values = stored.read(window)
        here = int(np.count_nonzero(~np.isnan(values)))
        if not here:
            continue
        if negated:
            values = -values
        above = values >= lowest  # false for NaN, which is no data
        if highest is not None:
            above &= values <= highest
        known += here
        covered += int(np.count_nonzero(above))
        for some in _outlines(above, window, raster):
            outlines.extend(shapely.to_wkb(some, byte_order=1).tolist())
    save_table(outside / OUTLINES, {"wkb": pa.array(outlines, type=pa.large_binary())})
    return TracedAnswer(known=known, covered=covered)


def _outlines(
    above: NDArray[np.bool_], window: RasterWindow, raster: RasterFile
) -> Iterator[NDArray[np.object_]]:
    if not above.any():
        return
    corner = raster.transform * Affine.translation(window.col0, window.row0)
    shapes = rasterio.features.shapes(above.astype(np.uint8), mask=above, connectivity=4, transform=corner)
    while some := [shapely.geometry.shape(shape) for shape, _ in itertools.islice(shapes, _AT_ONCE)]:
        yield np.array(some, dtype=object)
