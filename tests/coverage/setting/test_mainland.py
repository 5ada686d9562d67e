"""Which parts hang together with the mainland."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.setting import mainland as connection
from blackspot.coverage.setting.mainland import off_mainland, part_area_km2
from blackspot.data.geodesy.places import metres_per_degree


def boxes(*corners: tuple[float, float, float, float]) -> np.ndarray:
    return np.array([shapely.box(*corner) for corner in corners], dtype=object)


def east_of(lon: float, lat: float, metres: float) -> float:
    """Give the longitude that lies so many metres east."""
    return float(pyproj.Geod(ellps="WGS84").fwd(lon, lat, 90.0, metres)[0])


def test_area_is_geodesic() -> None:
    """Within a thousandth for a part of 30 km at 21° and at 60° N."""
    parts = boxes((105.0, 21.0, 105.3, 21.3), (105.0, 60.0, 105.3, 60.3))
    geod = pyproj.Geod(ellps="WGS84")
    expected = [abs(geod.geometry_area_perimeter(part)[0]) / 1e6 for part in parts]
    assert expected == pytest.approx(part_area_km2(parts), rel=1e-3)


def test_parts_that_touch_are_connected_through_others() -> None:
    """A chain of four, and one part on its own."""
    chain = [(105 + i / 10, 21, 105.1 + i / 10, 21.1) for i in range(4)]
    assert off_mainland(boxes(*chain, (106, 21, 106.1, 21.1)), 1.0).tolist() == [False] * 4 + [True]


@pytest.mark.parametrize("latitude", [0.0, 21.0, 60.0])
def test_gap_is_measured_in_true_metres(latitude: float) -> None:
    """A channel of 150 m east-west counts as connected at 160 m and not at 140 m, at any latitude."""
    shore = east_of(105.0, latitude + 0.05, 150.0)
    parts = boxes(
        (104.0, latitude, 105.0, latitude + 0.1), (shore, latitude + 0.04, shore + 0.05, latitude + 0.06)
    )
    assert off_mainland(parts, 160.0).tolist() == [False, False]
    assert off_mainland(parts, 140.0).tolist() == [False, True]


def test_islands_can_be_stepping_stones() -> None:
    """An islet in the channel connects both shores when each half is narrow enough."""
    first, islet = east_of(105.0, 21.05, 150.0), east_of(105.0, 21.05, 250.0)
    far = east_of(islet, 21.05, 150.0)
    parts = boxes((104, 21, 105, 21.1), (first, 21.04, islet, 21.06), (far, 21.0, far + 0.1, 21.1))
    assert off_mainland(parts, 200.0).tolist() == [False, False, False]
    assert off_mainland(parts[[0, 2]], 200.0).tolist() == [False, True]


def test_mainland_is_the_largest_whole_not_the_largest_part() -> None:
    """Three small parts that touch outweigh one larger part."""
    small = [(105 + i / 10, 21, 105.1 + i / 10, 21.1) for i in range(3)]
    assert off_mainland(boxes(*small, (106, 21, 106.15, 21.15)), 1.0).tolist() == [False] * 3 + [True]


def test_area_not_degrees_decides_the_mainland() -> None:
    """Near the pole a part of more square degrees is smaller on the ground."""
    assert off_mainland(boxes((0, 0, 1, 1), (0, 70, 2, 71)), 0.0).tolist() == [False, True]


def test_no_parts() -> None:
    """Nothing is connected to nothing."""
    assert off_mainland(np.array([], dtype=object), 200.0).tolist() == []


PLACES = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=25, unique=True)


@given(PLACES, st.randoms(use_true_random=False), st.integers(1, 4))
def test_order_and_chunks_do_not_matter(places: list[tuple[int, int]], random: object, chunk: int) -> None:
    """Shuffled parts, measured few at a time, give the same answer, if one whole is the largest."""
    cells = [(105 + x * 0.011, 21 + y * 0.011, 105.01 + x * 0.011, 21.01 + y * 0.011) for x, y in places]
    mainland = (103.0, 21.0, 104.9995, 23.0)
    order = list(range(len(cells) + 1))
    random.shuffle(order)  # type: ignore[attr-defined]
    parts = boxes(*cells, mainland)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "_CHUNK_PAIRS", chunk)
        shuffled = off_mainland(parts[order], 115.0)
    assert np.array_equal(off_mainland(parts, 115.0)[order], shuffled)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(1, 25)), min_size=1, max_size=20),
    st.sampled_from([0.0, 60.0, 150.0]),
)
def test_whole_outlines_measured_pair_by_pair_say_the_same(
    places: list[tuple[int, int, int]], gap_m: float
) -> None:
    """Hexagons that overlap, touch and lie apart: every pair is measured, and connected through all others."""
    parts = np.array(
        [shapely.Point(x * 0.001, 21 + y * 0.001).buffer(r * 0.0004, quad_segs=2) for x, y, r in places]
        + [shapely.box(-1.0, 20.0, -0.012, 22.0)],
        dtype=object,
    )
    degree = metres_per_degree(np.array(21.03))
    flat = shapely.transform(parts, lambda xy: xy * np.array([degree.lon, degree.lat]))
    near = shapely.distance(flat[:, None], flat[None, :])
    whole = near <= gap_m
    for _ in parts:
        whole = whole @ whole
    apart = (~whole[-1]).tolist()
    doubtful = (np.abs(near - gap_m) < 0.1) & (near > 0)  # degrees are measured at another latitude
    if not doubtful.any():
        assert apart == off_mainland(parts, gap_m).tolist()
    assert not shapely.is_prepared(parts).any()
