"""Coverage as rows of pixels: drawn, made coarser, united, clipped."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from blackspot.maps.encoding.pixel_rows import TILE, CoverageRows, PixelBox, coverage_rows, united
from map_shapes import rows_of


def cells_of(rows: CoverageRows, height: int, width: int) -> np.ndarray:
    """Make the grid of flags of rows."""
    cells = np.zeros((height, width), dtype=bool)
    for row, start, end in zip(rows.row, rows.start, rows.end, strict=True):
        assert not cells[row, start:end].any()
        cells[row, start:end] = True
    return cells


@given(arrays.arrays(bool, st.tuples(st.integers(1, 16), st.integers(1, 20))), st.integers(1, 3))
def test_a_coarse_pixel_is_covered_when_half_of_it_is(cells: np.ndarray, levels: int) -> None:
    """The sparse sum gives what counting pixels gives."""
    factor = 1 << levels
    padded = np.zeros(tuple(-(-side // factor) * factor for side in cells.shape), dtype=bool)
    padded[: cells.shape[0], : cells.shape[1]] = cells
    height, width = (side // factor for side in padded.shape)
    counted = padded.reshape(height, factor, width, factor).sum(axis=(1, 3))
    expected = counted * 2 >= factor * factor
    coarse = rows_of(cells, zoom=8).coarser(8 - levels)
    assert expected.tolist() == cells_of(coarse, height, width).tolist()
    assert coarse.zoom == 8 - levels


def test_rows_hold_no_detail_they_never_had() -> None:
    """A finer zoom than the rows' own is refused."""
    with pytest.raises(ValueError, match="no detail"):
        rows_of(np.ones((2, 2), bool)).coarser(9)


@given(arrays.arrays(bool, (6, 11)), arrays.arrays(bool, (6, 11)))
def test_united_rows_cover_what_either_covers(first: np.ndarray, second: np.ndarray) -> None:
    """The union of two submissions, with touching runs joined."""
    both = united([rows_of(first), rows_of(second)])
    assert (first | second).tolist() == cells_of(both, 6, 11).tolist()
    edges = np.diff((first | second).astype(np.int8), axis=1, prepend=0)
    assert int((edges == 1).sum()) == len(both.row)


def test_only_rows_of_one_layer_unite() -> None:
    """Different zooms or nothing at all cannot be united."""
    with pytest.raises(ValueError, match="one operator"):
        united([])
    with pytest.raises(ValueError, match="one operator"):
        united([rows_of(np.ones((2, 2), bool)), rows_of(np.ones((2, 2), bool), zoom=7)])


def test_polygons_land_on_their_pixels() -> None:
    """A box of whole pixels covers exactly these pixels; half a pixel more is rounded."""
    zoom, size = 8, TILE << 8
    lon = [x / size * 360 - 180 for x in (40_000, 40_010)]
    lat = [np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / size)))) for y in (30_005, 30_000)]
    rows = coverage_rows(
        np.array([shapely.box(lon[0], lat[0], lon[1], lat[1])], dtype=object),
        pyproj.CRS.from_epsg(4326),
        bounds=(lon[0] - 1, lat[0] - 1, lon[1] + 1, lat[1] + 1),
        operator="Sao Mai",
        service="5g",
        zoom=zoom,
        no_data_codes=["00002", "00001"],
    )
    assert rows.row.tolist() == [30_000, 30_001, 30_002, 30_003, 30_004]
    assert set(zip(rows.start.tolist(), rows.end.tolist(), strict=True)) == {(40_000, 40_010)}
    assert rows.no_data_codes == ("00001", "00002")


def test_clipped_rows_stay_inside_the_box() -> None:
    """Runs that reach over the edge are cut there."""
    rows = rows_of(np.ones((4, 40), bool), x0=40_000, y0=30_000)
    size = TILE << 8
    west, east = ((40_010 + shift) / size * 360 - 180 for shift in (0.5, 4.5))
    box = PixelBox.around((west, -80, east, 80), 8)
    clipped = rows.clipped((west, -80, east, 80))
    assert (box.x0, box.x1) == (40_010, 40_015)
    assert set(zip(clipped.start.tolist(), clipped.end.tolist(), strict=True)) == {(40_010, 40_015)}
