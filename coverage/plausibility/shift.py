"""Whether a delivery is the previous one, moved: the shift, and what usually causes such a shift.

The shift is found by cross-correlation of coarse pictures of both (by the fast Fourier transform), then
refined on the spans themselves.
"""

# ruff: noqa: PLC0415 - the library of transforms waits for two deliveries that are compared

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj

from ...data.geodesy.crs import LONLAT
from ...data.geodesy.transformers import transformer_between
from ...data.geodesy.units import METRES_PER_DEGREE
from ...data.text.sentences import Phrase, phrase
from ..burn.spans import CELL_UNITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .footprint import Footprint

_MOST_CELLS = 1024  # per side of the coarse pictures
_FARTHEST_SHARE = 0.5  # of the picture: a larger shift leaves nothing to compare
_DATUM_M = (190.0, 260.0)  # VN-2000 read as WGS 84, or the reverse, moves Viet Nam 223 to 226 m ...
_DATUM_AZIMUTH = 120.0  # ... to the south-east (119 to 121 degrees)
_SCALE = 0.0003  # between the scale factors 0.9996 (UTM) and 0.9999 (TM-3) at the central meridian
_MERIDIAN_DEG = 0.25  # TM-3 meridians stand 15 minutes apart


@dataclass(frozen=True, slots=True)
class Shift:
    """Where a delivery lies, seen from the previous one.

    ``east_m`` and ``north_m`` are metres on the ground; ``before`` and ``after`` the agreement (shared over
    united ground) as delivered and moved back; ``cause`` names what usually causes such a shift, or is ``?``.
    """

    east_m: float
    north_m: float
    before: float
    after: float
    cause: Phrase | str


def find_shift(now: Footprint, previous: Footprint) -> Shift:
    """Find the shift under which two footprints agree best.

    Parameters
    ----------
    now, previous
        Two footprints on the same grid.

    Returns
    -------
    Shift
        Zero where nothing agrees better than the delivery as it is.
    """
    before = now.agreement(previous)
    step = max(1, -(-max(now.grid.width, now.grid.height) // _MOST_CELLS))
    one, other = now.cells(step), previous.cells(step)
    row, col = _peak(one, other)
    cell_m = now.grid.transform.a
    lines, units = _refined(now, previous, round(row * step), round(col * step * CELL_UNITS), step)
    after = _agreement(now, previous, lines, units)
    if after <= before:
        return Shift(0.0, 0.0, before, before, "?")
    east, north = _on_the_ground(now, units * cell_m / CELL_UNITS, -lines * cell_m)
    return Shift(east, north, before, after, _cause(now, east, north))


def _peak(one: NDArray[np.float32], other: NDArray[np.float32]) -> tuple[float, float]:
    """Give the shift of ``other`` (rows, columns) under which the product with ``one`` is largest."""
    from scipy.fft import irfft2, next_fast_len, rfft2

    shape = [next_fast_len(2 * size, real=True) for size in one.shape]
    product = rfft2(one, shape) * np.conj(rfft2(other, shape))
    match = irfft2(product, shape)
    rows = np.minimum(np.arange(shape[0]), shape[0] - np.arange(shape[0]))
    cols = np.minimum(np.arange(shape[1]), shape[1] - np.arange(shape[1]))
    far = (rows[:, None] > one.shape[0] * _FARTHEST_SHARE) | (cols[None, :] > one.shape[1] * _FARTHEST_SHARE)
    match[far] = -1.0
    row, col = np.unravel_index(int(np.argmax(match)), match.shape)
    signed = [
        int(at) - size if at > size // 2 else int(at) for at, size in zip((row, col), shape, strict=True)
    ]
    return float(signed[0]), float(signed[1])


def _refined(now: Footprint, previous: Footprint, lines: int, units: int, step: int) -> tuple[int, int]:
    """Climb from a coarse shift to the best one: lines, and 1/4096 of a cell."""
    best = _agreement(now, previous, lines, units)
    reach = step
    while reach >= 1:
        moved = False
        for down, right in ((reach, 0), (-reach, 0), (0, reach * CELL_UNITS), (0, -reach * CELL_UNITS)):
            found = _agreement(now, previous, lines + down, units + right)
            if found > best:
                best, lines, units, moved = found, lines + down, units + right, True
                break
        if not moved:
            reach //= 2
    return lines, units


def _agreement(now: Footprint, previous: Footprint, lines: int, units: int) -> float:
    shared = now.shared_km2(previous.spans, shift_units=units, shift_lines=lines)
    united = now.area_km2 + previous.area_km2 - shared
    return shared / united if united > 0 else 0.0


def _centroid(footprint: Footprint) -> tuple[float, float]:
    """Give the centroid of the covered ground, in metres of the grid."""
    spans, transform = footprint.spans, footprint.grid.transform
    weight = spans.x1.astype(np.float64) - spans.x0
    x = np.average((spans.x0 + spans.x1.astype(np.float64)) / 2 / CELL_UNITS, weights=weight)
    line = np.average(spans.line, weights=weight)
    return transform.c + float(x) * transform.a, transform.f + (float(line) + 0.5) * transform.e


def _on_the_ground(footprint: Footprint, east_m: float, north_m: float) -> tuple[float, float]:
    """Turn a shift on the grid into metres on the ground at the centroid of the footprint."""
    x, y = _centroid(footprint)
    back = transformer_between(footprint.grid.crs, LONLAT)
    lon, lat = back.transform([x - east_m / 2, x + east_m / 2], [y - north_m / 2, y + north_m / 2])
    azimuth, _, distance = pyproj.Geod(ellps="WGS84").inv(lon[0], lat[0], lon[1], lat[1])
    return distance * math.sin(math.radians(azimuth)), distance * math.cos(math.radians(azimuth))


def _cause(footprint: Footprint, east_m: float, north_m: float) -> Phrase | str:
    """Name the mistake that makes such a shift."""
    distance = math.hypot(east_m, north_m)
    azimuth = math.degrees(math.atan2(east_m, north_m)) % 180.0  # either direction along the line
    if _DATUM_M[0] <= distance <= _DATUM_M[1] and abs(azimuth - _DATUM_AZIMUTH) <= 20.0:
        return "VN-2000 / WGS 84"
    x, y = _centroid(footprint)
    back = transformer_between(footprint.grid.crs, LONLAT)
    _, latitude = back.transform(x, y)
    northing_m = 110_574.0 * latitude
    if abs(abs(north_m) - _SCALE * northing_m) < 0.2 * _SCALE * northing_m and abs(north_m) > 3 * abs(east_m):
        return phrase("scale-factors")
    step_m = METRES_PER_DEGREE * math.cos(math.radians(latitude)) * _MERIDIAN_DEG
    steps = round(abs(east_m) / step_m)
    if (
        steps
        and abs(abs(east_m) - steps * step_m) < 0.03 * steps * step_m
        and abs(north_m) < 0.05 * abs(east_m)
    ):
        return phrase("meridians", minutes=15 * steps)
    return "?"
