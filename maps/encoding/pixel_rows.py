"""Ground an operator covers, as runs of pixels on the web-mercator grid: small, and drawn without guessing."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyproj
from affine import Affine

from ...coverage.burn.grid import Grid
from ...coverage.burn.polygons import burn
from ...coverage.burn.spans import CELL_UNITS
from ...data.disk.kept import NOTHING_KEPT, geometry_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from ...data.disk.kept import KeptResults
    from ...progress import Progress

TILE = 256
"""Pixels of the world at zoom 0."""

STORED_ZOOM = 11
"""Zoom at which coverage is kept: pixels of 76 m at the equator."""

_MERCATOR = pyproj.CRS.from_epsg(3857)
_HALF_WORLD_M = 20037508.342789244  # pi times the radius of the sphere of EPSG:3857
_MOST_LATITUDE = 85.0511287798066


class Runs(NamedTuple):
    """Runs of pixels ``start <= x < end`` of rows, sorted by row and start, apart from one another."""

    row: NDArray[np.integer]
    start: NDArray[np.integer]
    end: NDArray[np.integer]


@dataclass(frozen=True, slots=True, eq=False)
class CoverageRows:
    """One operator's coverage of one service on the pixel grid of a web-mercator zoom.

    Attributes
    ----------
    operator, service
        Whose coverage of what.
    zoom
        The world is ``256 * 2**zoom`` pixels wide, x from 180° W to the east, y from the north.
    row, start, end
        int32 (k,): covered pixels ``start <= x < end`` of row ``row``, sorted, not touching.
    basis, vintage
        What the submission says of itself; empty where it does not say.
    no_data_codes
        Codes of the communes the operator said nothing about, sorted.
    """

    operator: str
    service: str
    zoom: int
    row: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    basis: str = ""
    vintage: str = ""
    no_data_codes: tuple[str, ...] = ()

    def coarser(self, zoom: int) -> CoverageRows:
        """Give the same coverage at a lower zoom: a pixel is covered when at least half of it is.

        Raises
        ------
        ValueError
            The zoom is higher than that of these rows.
        """
        if zoom == self.zoom:
            return self
        if zoom > self.zoom:
            raise ValueError(f"rows of zoom {self.zoom} hold no detail for zoom {zoom}")
        runs = _halved(Runs(self.row, self.start, self.end), 1 << (self.zoom - zoom))
        return self._with(runs, zoom=zoom)

    def clipped(self, bounds: Sequence[float]) -> CoverageRows:
        """Keep what lies in a box.

        Parameters
        ----------
        bounds
            West, south, east, north in degrees, EPSG:4326.
        """
        box = PixelBox.around(bounds, self.zoom)
        inside = (self.row >= box.y0) & (self.row < box.y1) & (self.end > box.x0) & (self.start < box.x1)
        runs = Runs(
            self.row[inside],
            np.maximum(self.start[inside], box.x0),
            np.minimum(self.end[inside], box.x1),
        )
        return self._with(runs)

    def _with(
        self, runs: Runs, *, zoom: int | None = None, no_data_codes: tuple[str, ...] | None = None
    ) -> CoverageRows:
        row, start, end = (column.astype(np.int32) for column in runs)
        return replace(
            self,
            row=row,
            start=start,
            end=end,
            zoom=self.zoom if zoom is None else zoom,
            no_data_codes=self.no_data_codes if no_data_codes is None else no_data_codes,
        )


class PixelBox(NamedTuple):
    """Pixels ``x0 <= x < x1``, ``y0 <= y < y1`` of a zoom."""

    x0: int
    y0: int
    x1: int
    y1: int

    @classmethod
    def around(cls, bounds: Sequence[float], zoom: int) -> PixelBox:
        """Give the smallest box of whole pixels around a box in degrees (west, south, east, north)."""
        west, south, east, north = (float(edge) for edge in bounds)
        size = TILE << zoom
        x0, x1 = ((edge + 180.0) / 360.0 * size for edge in (west, east))
        y0, y1 = (_mercator_y(edge) * size for edge in (north, south))
        return cls(
            max(0, math.floor(x0)), max(0, math.floor(y0)), min(size, math.ceil(x1)), min(size, math.ceil(y1))
        )


def coverage_rows(  # noqa: PLR0913 - a layer and what it says of itself
    geometries: NDArray[np.object_],
    crs: pyproj.CRS,
    *,
    bounds: Sequence[float],
    operator: str,
    service: str,
    zoom: int = STORED_ZOOM,
    basis: str = "",
    vintage: str = "",
    no_data_codes: Iterable[str] = (),
    kept: KeptResults = NOTHING_KEPT,
    name: str = "coverage",
    progress: Progress = None,
) -> CoverageRows:
    """Put polygons on the pixel grid: a pixel is covered when half of its centre line is.

    Parameters
    ----------
    geometries
        Polygons and multipolygons in ``crs``; they may be invalid and may overlap.
    crs
        Their CRS.
    bounds
        West, south, east, north of the communes in degrees; nothing outside is kept.
    operator, service, basis, vintage, no_data_codes
        As in :class:`CoverageRows`.
    zoom
        Of the pixel grid.
    kept, name
        Has the pixels of the same polygons in an earlier run, under a name for each layer.
    progress
        Told the share done and a word, from 0 to 1.
    """

    def burned() -> dict[str, NDArray[np.int32]]:
        return _pixels(geometries, crs, bounds, zoom, progress)._asdict()

    if kept.folder is None:
        pixels: Mapping[str, NDArray[np.int32]] = burned()
    else:
        content = (geometry_digest(geometries), crs.to_wkt(), repr(list(bounds)), str(zoom))
        pixels = kept.arrays(name, content, burned)
    silent = tuple(sorted(no_data_codes))
    return CoverageRows(
        operator, service, zoom, pixels["row"], pixels["start"], pixels["end"], basis, vintage, silent
    )


def _pixels(
    geometries: NDArray[np.object_],
    crs: pyproj.CRS,
    bounds: Sequence[float],
    zoom: int,
    progress: Progress,
) -> Runs:
    """Burn polygons on the pixel grid, int32."""
    box = PixelBox.around(bounds, zoom)
    pixel_m = 2 * _HALF_WORLD_M / (TILE << zoom)
    corner = Affine(
        pixel_m, 0.0, box.x0 * pixel_m - _HALF_WORLD_M, 0.0, -pixel_m, _HALF_WORLD_M - box.y0 * pixel_m
    )
    grid = Grid(_MERCATOR, corner, box.x1 - box.x0, box.y1 - box.y0, sublines=1)
    spans = burn(geometries, crs, grid, progress=progress)
    half = CELL_UNITS // 2
    runs = Runs(
        spans.line.astype(np.int64) + box.y0,
        (spans.x0.astype(np.int64) + half) // CELL_UNITS + box.x0,
        (spans.x1.astype(np.int64) + half) // CELL_UNITS + box.x0,
    )
    return Runs(*(column.astype(np.int32) for column in _joined(runs)))


def united(layers: Sequence[CoverageRows]) -> CoverageRows:
    """Unite rows of one operator and service, for several submissions of the same thing.

    Raises
    ------
    ValueError
        There are none, or they differ in operator, service or zoom.
    """
    if not layers or len({(layer.operator, layer.service, layer.zoom) for layer in layers}) > 1:
        raise ValueError("only rows of one operator, service and zoom can be united")
    runs = Runs(
        *(
            np.concatenate([getattr(layer, name).astype(np.int64) for layer in layers])
            for name in Runs._fields
        )
    )
    silent = set.intersection(*(set(layer.no_data_codes) for layer in layers))
    return layers[0]._with(_joined(runs), no_data_codes=tuple(sorted(silent)))  # noqa: SLF001 - its own module


def _mercator_y(latitude: float) -> float:
    """Share of the world from the north, 0 to 1."""
    sine = math.sin(math.radians(min(_MOST_LATITUDE, max(-_MOST_LATITUDE, latitude))))
    return 0.5 - math.atanh(sine) / (2 * math.pi)


def _joined(runs: Runs) -> Runs:
    """Join runs that touch or overlap; empty ones vanish. Any order."""
    return _where_at_least(runs.row, [(runs.start, 1), (runs.end, -1)], 1)


def _halved(runs: Runs, factor: int) -> Runs:
    """Shrink by a whole factor: pixels of which at least half is covered.

    A run adds to a coarse pixel the number of its fine ones. Along a row that number is a function with at
    most four steps per run, so the steps are added up instead of the pixels.
    """
    start, end = (edge.astype(np.int64) for edge in (runs.start, runs.end))
    first, last = start // factor, end // factor
    into_first = (first + 1) * factor - start
    into_last = end - last * factor
    steps: list[tuple[NDArray[np.integer], NDArray[np.int64] | int]] = [
        (first, into_first),
        (first + 1, factor - into_first),
        (last, into_last - factor),
        (last + 1, -into_last),
    ]
    return _where_at_least(runs.row.astype(np.int64) // factor, steps, (factor * factor + 1) // 2)


def _where_at_least(
    row: NDArray[np.integer],
    steps: Sequence[tuple[NDArray[np.integer], NDArray[np.int64] | int]],
    least: int,
) -> Runs:
    """Give the runs in which the sum of the steps up to a pixel is at least ``least``."""
    row = row.astype(np.int64)
    place = np.concatenate([(row << 32) | at for at, _ in steps])
    change = np.concatenate([np.broadcast_to(np.asarray(by, np.int64), row.shape) for _, by in steps])
    order = np.argsort(place, kind="stable")
    place, height = place[order], np.cumsum(change[order])
    if not len(place):
        return Runs(place, place, place)
    is_last = np.append(place[1:] != place[:-1], [True])  # after the last step of a place
    place, covered = place[is_last], height[is_last] >= least
    turns = np.flatnonzero(np.diff(covered, prepend=False))
    opening, closing = place[turns[::2]], place[turns[1::2]]
    x_mask = (1 << 32) - 1
    return Runs(opening >> 32, opening & x_mask, closing & x_mask)
