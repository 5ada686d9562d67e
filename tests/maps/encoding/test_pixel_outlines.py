"""Runs of pixels become the ground they cover, and no other."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from blackspot.maps.encoding.pixel_outlines import pixel_outlines
from blackspot.maps.encoding.pixel_rows import CoverageRows


def rows_of(*runs: tuple[int, int, int], zoom: int = 3) -> CoverageRows:
    """Make rows; each run is its row, start and end."""
    row, start, end = (np.array([run[at] for run in runs], dtype=np.int32) for at in range(3))
    return CoverageRows("Sao Mai", "5g", zoom, row, start, end)


def test_a_pixel_lies_where_web_mercator_puts_it() -> None:
    """The world of zoom 3 is 2,048 pixels wide; its middle is on the equator, where longitudes begin."""
    (outline,) = pixel_outlines(rows_of((1023, 1024, 1025)))
    side = 360 / 2048
    assert (0.0, 0.0, side, side) == pytest.approx(outline.bounds, abs=1e-5)
    (north,) = pixel_outlines(rows_of((0, 0, 1)))
    assert north.bounds[3] == pytest.approx(85.0511287798066)


def test_holes_and_bands_are_kept() -> None:
    """A ring of pixels has a hole; ground across the edge of a band is cut there and overlaps nowhere."""
    ring = [(255, 10, 13), (254, 10, 11), (254, 12, 13), (253, 10, 13), (256, 10, 13), (257, 50, 60)]
    outlines = pixel_outlines(rows_of(*sorted(ring)))
    assert 3 == len(outlines)
    assert [1, 0, 0] == [len(one.interiors) for one in outlines]
    assert shapely.area(outlines).sum() == pytest.approx(shapely.union_all(outlines).area)


def test_nothing_covered_has_no_outline() -> None:
    """An empty layer stays an empty layer."""
    assert 0 == len(pixel_outlines(rows_of()))
