"""Outlines of spots."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.blackspots.lattice import Lattice
from blackspot.coverage.blackspots.outlines import cell_side_degrees, clipped, outlines
from blackspot.coverage.burn.grid import Grid
from blackspot.data.geodesy.area import area_km2

DEGREES = Grid(pyproj.CRS.from_epsg(4326), Affine(1.0, 0.0, 100.0, 0.0, -1.0, 20.0), 60, 30, 4)


def lattice_of(filled: np.ndarray) -> Lattice:
    row, col = (index.astype(np.int32) for index in np.nonzero(filled))
    return Lattice(np.zeros(len(row), dtype=np.int32), row, col)


def outline_of(*picture: str) -> shapely.MultiPolygon:
    """Draw a picture that is one cluster; the cell in row r, column c spans 100 + c and 20 - r."""
    lattice = lattice_of(np.array([[letter == "#" for letter in line] for line in picture]))
    (outline,) = outlines(lattice, np.zeros(len(lattice), dtype=np.int64), DEGREES)
    return outline


def test_one_cell_is_its_square() -> None:
    """Four corners, anticlockwise, in degrees."""
    outline = outline_of("#")
    assert shapely.equals(outline, shapely.box(100, 19, 101, 20))
    assert outline.geom_type == "MultiPolygon"
    assert shapely.is_ccw(outline.geoms[0].exterior)
    assert shapely.get_num_coordinates(outline) == 5


def test_straight_edges_have_no_corners_between() -> None:
    """A row of cells is one rectangle of four corners."""
    assert shapely.get_num_coordinates(outline_of("####")) == 5


def test_holes_are_left_out() -> None:
    """A ring of cells has a hole, clockwise."""
    outline = outline_of("###", "#.#", "###")
    (ring,) = outline.geoms
    assert outline.area == 8
    assert len(ring.interiors) == 1
    assert not shapely.is_ccw(ring.interiors[0])


def test_cells_that_share_a_corner_are_parts() -> None:
    """A corner does not make one polygon: the outline stays valid."""
    outline = outline_of("#.", ".#")
    assert len(outline.geoms) == 2
    assert outline.is_valid


def test_hole_that_touches_the_outside_at_a_corner() -> None:
    """The empty middle meets the empty corner in one point: a hole, not a ring that touches itself."""
    outline = outline_of("##.", "#.#", "###")
    (part,) = outline.geoms
    assert outline.is_valid
    assert len(part.interiors) == 1
    assert outline.area == 7


def test_island_in_a_hole_is_its_own_part() -> None:
    """A cell inside a ring belongs to the cluster only by its corner, but is drawn."""
    outline = outline_of("####.", "#..#.", "#.#.#", "#####")
    assert outline.is_valid
    assert outline.area == 14


def test_clusters_keep_their_numbers() -> None:
    """The outlines come in the order of the clusters, whatever the order of the cells."""
    lattice = lattice_of(np.array([[1, 0, 1], [0, 0, 1]]))
    first, second = outlines(lattice, np.array([1, 0, 0]), DEGREES)
    assert shapely.equals(first, shapely.box(102, 18, 103, 20))
    assert shapely.equals(second, shapely.box(100, 19, 101, 20))


def test_projected_grids_give_degrees_and_keep_the_corners() -> None:
    """On a UTM grid the outline is in EPSG:4326 and follows every cell corner, as straight lines bend."""
    utm = Grid(pyproj.CRS.from_epsg(32648), Affine(1000.0, 0.0, 500000.0, 0.0, -1000.0, 2300000.0), 9, 9, 4)
    lattice = lattice_of(np.ones((1, 4), dtype=bool))
    (outline,) = outlines(lattice, np.zeros(4, dtype=np.int64), utm)
    to_lonlat = pyproj.Transformer.from_crs(32648, 4326, always_xy=True)
    lon, lat = to_lonlat.transform([500000, 504000], [2299000, 2300000])
    assert (lon[0], lat[1]) == pytest.approx((outline.bounds[0], outline.bounds[3]), abs=1e-5)
    assert shapely.get_num_coordinates(outline) == 11


PICTURES = st.lists(st.lists(st.booleans(), min_size=7, max_size=7), min_size=1, max_size=7).map(np.array)


@given(PICTURES.filter(lambda picture: picture.any()))
def test_outlines_are_the_union_of_their_cells(picture: np.ndarray) -> None:
    """Valid, and exactly the ground of the cells, for any picture."""
    lattice = lattice_of(picture)
    cluster = lattice.clusters(diagonal=True)
    drawn = outlines(lattice, cluster, DEGREES)
    assert shapely.is_valid(drawn).all()
    for number, outline in enumerate(drawn):
        row, col = lattice.row[cluster == number], lattice.col[cluster == number]
        cells = shapely.box(100 + col, 19 - row, 101 + col, 20 - row)
        assert len(cells) == outline.area
        assert shapely.equals(outline, shapely.union_all(cells))


def cut(
    drawn: list[shapely.Geometry], shapes: list[shapely.Geometry], owner: list[int], own: list[float]
) -> list:
    """Clip outlines; ``own`` is the share of each that is its commune's own ground."""
    whole = shapely.multipolygons([[one] for one in drawn])
    own_km2 = np.array(own) * area_km2(whole)
    return list(clipped(whole, np.array(shapes, dtype=object), np.array(owner), own_km2, DEGREES))


def test_outlines_end_at_the_commune() -> None:
    """Wholly inside, half inside, but for a hole, and inside a commune of two parts."""
    drawn = [shapely.box(x, 0, x + 1, 1) for x in (1, 3.5, 10, 20)]
    holed = shapely.box(9, -1, 12, 2).difference(shapely.box(10.2, 0.2, 10.7, 0.7))
    parts = shapely.MultiPolygon([shapely.box(19, -1, 20.25, 2), shapely.box(20.5, -1, 22, 2)])
    communes = [shapely.box(0, -1, 4, 2), holed, parts]
    found = cut(drawn, communes, [0, 0, 1, 2], [1, 0.5, 0.75, 0.75])
    assert [1.0, 0.5, 0.75, 0.75] == pytest.approx([one.area for one in found])
    assert all(one.is_valid and one.geom_type == "MultiPolygon" for one in found)
    assert [1, 1, 1, 2] == [len(one.geoms) for one in found]
    assert all(shapely.is_ccw(part.exterior) for one in found for part in one.geoms)


def test_an_outline_that_only_touches_its_commune_stays_whole() -> None:
    """The commune has a sliver of the cell that its simplified border misses: rather the cell than nothing."""
    (found,) = cut([shapely.box(1, 0, 2, 1)], [shapely.box(0, 0, 1, 1)], [0], [1e-4])
    assert shapely.equals(found, shapely.box(1, 0, 2, 1))


def test_ground_counted_for_an_earlier_commune_is_taken_out() -> None:
    """Also where the outline lies wholly inside its own commune, and only of communes before it."""
    shapes = [shapely.box(2, -1, 2.5, 2), shapely.box(0, -1, 4, 2), shapely.box(2.5, -1, 3, 2)]
    (found,) = cut([shapely.box(1.5, 0, 3.5, 1)], shapes, [1], [0.75])
    assert [shapely.box(1.5, 0, 2, 1).bounds, shapely.box(2.5, 0, 3.5, 1).bounds] == sorted(
        part.bounds for part in found.geoms
    )


def test_borders_are_kept_to_a_part_of_a_cell() -> None:
    """A border with a corner every thousandth of a cell has few of them on an outline."""
    shore = [(x / 1000, 0.5 + 0.001 * (x % 2)) for x in range(4001)]
    (found,) = cut([shapely.box(1, 0, 3, 1)], [shapely.Polygon([*shore, (4, -2), (0, -2)])], [0], [0.5])
    assert shapely.get_num_coordinates(found) < 20
    assert 1.0 == pytest.approx(found.area, abs=2 * 0.02)


def test_sides_of_cells_in_degrees() -> None:
    """A kilometre is nowhere less than 1/111.7 of a degree; of unequal sides the shorter one."""
    utm = Grid(pyproj.CRS.from_epsg(32648), Affine(1000.0, 0.0, 0.0, 0.0, -2000.0, 0.0), 9, 9, 4)
    assert 1 / 111.7 == pytest.approx(cell_side_degrees(utm))
    assert 1.0 == cell_side_degrees(DEGREES)
