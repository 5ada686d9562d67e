"""Buffers against geodesics on the ellipsoid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from blackspot.data.geodesy.area import area_km2
from blackspot.data.geodesy.buffer import buffer_m

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


GEOD = pyproj.Geod(ellps="WGS84")
LONLAT = pyproj.CRS("EPSG:4326")


VN2000 = pyproj.CRS("EPSG:3405")


def array(*geometries: shapely.Geometry | None) -> NDArray[np.object_]:
    result = np.empty(len(geometries), dtype=object)
    result[:] = geometries
    return result


def geocentric(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    to_xyz = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    return np.column_stack(to_xyz.transform(lonlat[:, 0], lonlat[:, 1], np.zeros(len(lonlat))))


def outline(area: shapely.Geometry) -> NDArray[np.float64]:
    """Vertices of an area and the middles of its edges."""
    rings = shapely.get_rings(area)
    points = [shapely.get_coordinates(ring) for ring in rings]
    return np.concatenate([np.concatenate([ring, (ring[1:] + ring[:-1]) / 2]) for ring in points])


@given(st.floats(-170, 170), st.floats(-75, 75), st.floats(5, 100_000))
@settings(max_examples=60)
def test_a_disc_has_its_radius_all_round(lon: float, lat: float, metres: float) -> None:
    """Every vertex and every middle of an edge lies at the distance, within 0.1 %."""
    edge = outline(buffer_m(array(shapely.Point(lon, lat)), LONLAT, metres)[0])
    _, _, distance = GEOD.inv(np.full(len(edge), lon), np.full(len(edge), lat), edge[:, 0], edge[:, 1])
    assert np.abs(distance / metres - 1).max() < 1e-3


@given(
    st.floats(-170, 165),
    st.floats(-65, 62),
    st.lists(st.tuples(st.floats(0, 1.5), st.floats(0, 1.5)), min_size=2, max_size=6),
    st.floats(2_000, 20_000),
    st.integers(0, 2**32 - 1),
)
@example(
    0.0, 34.0, [(0.0, 0.0234375), (0.3125, 0.0), (1.0, 0.0)], 2000.0, 0
)  # one edge around a bend of 5 degrees
@settings(max_examples=25)
def test_a_buffer_ends_at_the_distance_and_has_no_gaps(
    lon: float, lat: float, bends: list[tuple[float, float]], metres: float, seed: int
) -> None:
    """Its outline is as far from the line as it says, and whatever is nearer lies inside."""
    line = shapely.LineString([(lon + east, lat + north) for east, north in bends])
    area = buffer_m(array(line), LONLAT, metres)[0]
    assert shapely.is_valid(area)
    if line.length == 0:
        dense = shapely.get_coordinates(line)
    else:
        dense = shapely.get_coordinates(shapely.segmentize(line, metres / 40 / 111_000))
    nearest, _ = cKDTree(geocentric(dense)).query(geocentric(outline(area)))
    assert np.abs(nearest / metres - 1).max() < 1.5e-3
    random = np.random.default_rng(seed)
    start = dense[random.integers(0, len(dense), 200)]
    reach = metres * 0.998 * np.sqrt(random.uniform(0, 1, 200))
    east, north, _ = GEOD.fwd(start[:, 0], start[:, 1], random.uniform(0, 360, 200), reach)
    assert shapely.contains_xy(area, east, north).all()


@pytest.mark.parametrize("lon", [0.0, 104.4, 107.999])
def test_a_line_that_runs_back_along_itself(lon: float) -> None:
    """A spur and back reaches what the spur alone reaches; GEOS alone loses a twentieth of it."""
    there = shapely.LineString([(lon, 11), (lon, 10)])
    back = shapely.LineString([(lon, 11), (lon, 10), (lon, 11)])
    one, both = buffer_m(array(there, back), LONLAT, 2000)
    assert area_km2(array(one))[0] == pytest.approx(area_km2(array(both))[0], rel=1e-6)


def test_a_line_through_many_tiles_is_one_piece() -> None:
    """From the far north to the cape, 1,700 km: one valid polygon of the right area."""
    line = shapely.LineString([(105.3, 23.3), (104.8, 8.6)])
    area = buffer_m(array(line), LONLAT, 3000)[0]
    assert area.geom_type == "Polygon"
    assert not area.interiors
    ends = line.coords
    _, _, length = GEOD.inv(*ends[0], *ends[1])
    expected = (length * 6000 + np.pi * 3000**2) / 1e6
    assert area_km2(array(area))[0] == pytest.approx(expected, rel=1e-3)


def test_metres_do_not_depend_on_the_system_of_the_file() -> None:
    """The same cable handed in as VN-2000 / UTM and as degrees reaches the same ground."""
    to_utm = pyproj.Transformer.from_crs(LONLAT, VN2000, always_xy=True)
    cable = shapely.segmentize(shapely.LineString([(106.1, 16.2), (107.9, 16.9)]), 0.001)
    moved = shapely.transform(cable, lambda xy: np.column_stack(to_utm.transform(xy[:, 0], xy[:, 1])))
    here, there = buffer_m(array(cable), LONLAT, 500)[0], buffer_m(array(moved), VN2000, 500)[0]
    differing = area_km2(array(shapely.symmetric_difference(here, there)))[0]
    assert differing < 1e-3 * area_km2(array(here))[0]


def test_every_shape_keeps_its_place_in_the_answer() -> None:
    """One area for each input: multiples, collections, spots, empty and missing ones."""
    disc = buffer_m(array(shapely.Point(105, 20)), LONLAT, 1000)[0]
    spot = shapely.LineString([(105, 20), (105, 20)])
    pair = shapely.MultiPoint([(105, 20), (108, 12)])
    mixed = shapely.GeometryCollection(
        [shapely.Point(105, 20), shapely.MultiLineString([[(105, 20), (105.1, 20)]])]
    )
    got = buffer_m(array(spot, shapely.LineString(), pair, None, mixed, shapely.Point(105, 20)), LONLAT, 1000)
    assert [shapely.equals_exact(got[0], disc, 1e-12), got[1].is_empty, got[3].is_empty] == [True, True, True]
    assert shapely.equals_exact(got[5], disc, 1e-12)
    disc_km2, pair_km2, mixed_km2 = area_km2(array(disc, got[2], got[4]))
    assert pair_km2 == pytest.approx(2 * disc_km2, rel=1e-3)
    assert mixed_km2 == pytest.approx(disc_km2 + 2 * GEOD.inv(105, 20, 105.1, 20)[2] / 1e3, rel=1e-3)


def test_nothing_in_nothing_out() -> None:
    """An empty layer gives an empty answer."""
    assert buffer_m(np.empty(0, dtype=object), LONLAT, 10).shape == (0,)


@pytest.mark.parametrize("place", [(180, 0), (-180, 5), (179.999, 60), (10, 89.99), (0, -90)])
def test_date_line_and_poles_do_not_crash(place: tuple[float, float]) -> None:
    """Nobody needs buffers there, and nobody needs a crash."""
    assert not buffer_m(array(shapely.Point(place)), LONLAT, 1000)[0].is_empty


def test_a_place_outside_the_projection_is_empty() -> None:
    """A coordinate that is nowhere on the earth reaches nothing."""
    nowhere = array(shapely.Point(1e12, 1e12), shapely.LineString([(1e12, 1e12), (2e12, 1e12)]))
    assert [area.is_empty for area in buffer_m(nowhere, VN2000, 10)] == [True, True]


@pytest.mark.parametrize("metres", [0, -1, float("nan"), float("inf")])
def test_a_distance_must_be_one(metres: float) -> None:
    """Zero, negative and endless distances are refused."""
    with pytest.raises(ValueError, match="no distance"):
        buffer_m(array(shapely.Point(0, 0)), LONLAT, metres)


def test_a_polygon_has_no_distance_around_it() -> None:
    """Areas are coverage already."""
    with pytest.raises(ValueError, match="an area already"):
        buffer_m(array(shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])), LONLAT, 10)


def test_no_false_holes_around_detailed_routes(realdata: Path) -> None:
    """GEOS leaves triangles inside the buffers of some of these routes; none may stay."""
    routes = geopandas.read_file(realdata / "fibre_west_africa/combined_lines.geojson")
    lines = np.asarray(routes.geometry[routes.status == "Operational"].dropna().array, dtype=object)[560:640]
    areas = buffer_m(lines, LONLAT, 3000)
    for line, area in zip(lines, areas, strict=True):
        holes = [ring for part in shapely.get_parts(area) for ring in part.interiors]
        if holes:
            dense = shapely.get_coordinates(shapely.segmentize(line, 0.001))
            tree = cKDTree(geocentric(dense))
            nearest = np.concatenate(
                [tree.query(geocentric(shapely.get_coordinates(ring)))[0] for ring in holes]
            )
            assert np.abs(nearest / 3000 - 1).max() < 2e-3
