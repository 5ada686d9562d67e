"""Varints, coverage rows, topology and simplification: what goes in comes out, small and exact."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from blackspot.maps.encoding.pixel_rows import TILE, CoverageRows, PixelBox, coverage_rows, united
from blackspot.maps.encoding.rows import decode_rows, encode_rows
from blackspot.maps.encoding.shapes import NumberColumn, encode_numbers, encode_spots, encode_topology
from blackspot.maps.encoding.simplify import MOST_FEATURE_ERROR, simplified
from blackspot.maps.encoding.topology import QUANTUM_PER_DEGREE, build_topology
from blackspot.maps.encoding.varint import deflate, inflate, pack, pack_signed, unpack, zigzag
from page_decoder import decode_numbers, decode_spots, decode_topology, unzigzag

WHOLE = arrays.arrays(np.int64, st.integers(0, 60), elements=st.integers(-(2**62), 2**62))


def rows_of(cells: np.ndarray, x0: int = 0, y0: int = 0, zoom: int = 8) -> CoverageRows:
    """Make rows of a grid of flags."""
    edges = np.diff(cells.astype(np.int8), axis=1, prepend=0, append=0)
    row, start = np.nonzero(edges == 1)
    _, end = np.nonzero(edges == -1)
    columns = (column.astype(np.int32) for column in (row + y0, start + x0, end + x0))
    return CoverageRows("Sao Mai", "5g", zoom, *columns)


def cells_of(rows: CoverageRows, height: int, width: int) -> np.ndarray:
    """Make the grid of flags of rows."""
    cells = np.zeros((height, width), dtype=bool)
    for row, start, end in zip(rows.row, rows.start, rows.end, strict=True):
        assert not cells[row, start:end].any()
        cells[row, start:end] = True
    return cells


def test_small_numbers_take_one_byte_and_300_two() -> None:
    """The layout: seven bits a byte, least significant first, the top bit means more follows."""
    assert bytes([0, 127, 0x80, 0x01, 0xAC, 0x02]) == pack([0, 127, 128, 300])


def test_signed_numbers_fold_around_zero() -> None:
    """0, -1, 1, -2 become 0, 1, 2, 3."""
    assert zigzag(np.array([0, -1, 1, -2])).tolist() == [0, 1, 2, 3]


@given(WHOLE)
def test_signed_numbers_come_back(values: np.ndarray) -> None:
    """Pack and unpack are inverse for any 63-bit number."""
    assert values.tolist() == unzigzag(unpack(pack_signed(values))).tolist()


def test_negative_numbers_need_folding() -> None:
    """A negative number is refused instead of being written as a huge one."""
    with pytest.raises(ValueError, match="zigzag"):
        pack([3, -1])


def test_cut_bytes_are_refused() -> None:
    """Bytes that end inside a number are no numbers."""
    with pytest.raises(ValueError, match="inside a number"):
        unpack(bytes([0x80]))


@given(st.binary(max_size=500))
def test_deflate_comes_back(data: bytes) -> None:
    """Raw deflate without a header."""
    assert data == inflate(deflate(data))


@given(arrays.arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 14))))
def test_rows_come_back(cells: np.ndarray) -> None:
    """Encoding keeps every run, empty rows in between included."""
    rows = rows_of(cells, x0=700, y0=90)
    found = decode_rows(encode_rows(rows))
    for name in ("row", "start", "end"):
        assert getattr(rows, name).tolist() == getattr(found, name).tolist()


def test_other_bytes_are_no_rows() -> None:
    """A length that does not fit is noticed."""
    with pytest.raises(ValueError, match="no coverage rows"):
        decode_rows(deflate(pack([0, 3, 0, 2, 1])))


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


def test_two_squares_share_one_arc() -> None:
    """Neighbours keep their border once: three arcs, used four times."""
    topology = build_topology(np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], dtype=object))
    assert topology.arcs == 3
    assert len(topology.arc_of) == 4
    used, times = np.unique(
        np.where(topology.arc_of < 0, ~topology.arc_of, topology.arc_of), return_counts=True
    )
    assert used.tolist() == [0, 1, 2]
    assert sorted(times.tolist()) == [1, 1, 2]


def lattice(seed: int, side: int = 5) -> np.ndarray:
    """Make neighbours that share every corner, with points along their borders, a hole and an island."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(side + 1) * 0.1, np.arange(side + 1) * 0.1)
    x, y = x + rng.uniform(-0.02, 0.02, x.shape), y + rng.uniform(-0.02, 0.02, y.shape)
    shapes = []
    for r in range(side):
        for c in range(side):
            ring = [(r, c), (r, c + 1), (r + 1, c + 1), (r + 1, c), (r, c)]
            points = []
            for (r0, c0), (r1, c1) in pairwise(ring):
                low, high = sorted([(r0, c0), (r1, c1)])
                steps = np.linspace(0, 1, 12)[:, None]
                a, b = (np.array([x[at], y[at]]) for at in (low, high))
                wave = np.sin(steps * 9 * np.pi) * 0.0004
                line = a + (b - a) * steps + wave
                points.append((line if (r0, c0) == low else line[::-1])[:-1])
            shapes.append(shapely.Polygon(np.concatenate(points)))
    hole = shapely.Point(0.25, 0.25).buffer(0.01, quad_segs=16)
    shapes = [shape.difference(hole) for shape in shapes] + [hole]
    shapes.append(
        shapely.MultiPolygon([shapely.Point(1.0 + k / 50, 0.3).buffer(0.0003 * (k + 1)) for k in range(4)])
    )
    return np.array(shapes, dtype=object)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_topology_keeps_every_shape(seed: int) -> None:
    """Put together again, every shape is the original to a quantum."""
    shapes = lattice(seed)
    again = build_topology(shapes).polygons()
    for before, after in zip(shapes, again, strict=True):
        assert shapely.hausdorff_distance(before, after) < 1.5 / QUANTUM_PER_DEGREE
        assert before.symmetric_difference(shapely.make_valid(after)).area < 1e-5


def test_topology_comes_back_from_its_bytes() -> None:
    """Python's decoder gives the arrays that were encoded."""
    topology = build_topology(lattice(4))
    found = decode_topology(encode_topology(topology))
    for name in ("points", "arc_start", "arc_of", "ring_start", "feature_start"):
        assert getattr(topology, name).tolist() == getattr(found, name).tolist()


def test_a_subset_is_the_same_shapes() -> None:
    """Some features of a topology, in another order, with only the arcs they need."""
    shapes = lattice(5)
    chosen = np.array([7, 3, 26])
    part = build_topology(shapes).subset(chosen)
    for before, after in zip(shapes[chosen], part.polygons(), strict=True):
        assert shapely.hausdorff_distance(before, after) < 1.5 / QUANTUM_PER_DEGREE
    assert part.arcs < build_topology(shapes).arcs


def test_areas_are_those_of_shapely() -> None:
    """Outer rings less holes, in square quanta."""
    shapes = lattice(6)
    expected = shapely.area(shapes) * QUANTUM_PER_DEGREE**2
    np.testing.assert_allclose(expected, build_topology(shapes).feature_area(), rtol=2e-3)


def test_no_part_is_lost_even_below_a_quantum() -> None:
    """An islet smaller than a metre becomes the smallest triangle there is; a hole of that size closes."""
    islet = shapely.box(5.0, 5.0, 5.000001, 5.000001)
    land = shapely.box(0, 0, 1, 1).difference(shapely.box(0.5, 0.5, 0.500001, 0.500001))
    topology = build_topology(
        np.array([shapely.MultiPolygon([shapely.box(2, 2, 3, 3), islet]), land], dtype=object)
    )
    assert np.diff(topology.feature_start).tolist() == [2, 1]
    assert topology.ring_area()[1] == 0.5


@pytest.mark.parametrize("tolerance", [20.0, 60.0, 200.0])
def test_simplified_shapes_keep_area_parts_and_shared_borders(tolerance: float) -> None:
    """Fewer points; areas within the limit; every ring keeps ground; neighbours still share arcs."""
    topology = build_topology(lattice(7))
    coarse = simplified(topology, tolerance)
    assert len(coarse.points) < 0.95 * len(topology.points)
    error = np.abs(coarse.feature_area() - topology.feature_area()) / topology.feature_area()
    assert error.max() <= MOST_FEATURE_ERROR
    assert (coarse.ring_area() > 0.7 * topology.ring_area()).all()
    assert coarse.arc_of.tolist() == topology.arc_of.tolist()
    ends = np.stack([coarse.points[coarse.arc_start[:-1]], coarse.points[coarse.arc_start[1:] - 1]])
    assert (
        ends.tolist()
        == np.stack(
            [topology.points[topology.arc_start[:-1]], topology.points[topology.arc_start[1:] - 1]]
        ).tolist()
    )


def test_no_tolerance_changes_nothing() -> None:
    """Full detail is the topology itself."""
    topology = build_topology(lattice(8))
    assert simplified(topology, 0) is topology


def test_nothing_at_all_has_a_topology() -> None:
    """No features, no arcs, no error."""
    empty = build_topology(np.zeros(0, dtype=object))
    assert (empty.arcs, empty.features) == (0, 0)
    assert decode_topology(encode_topology(empty)).features == 0


def test_numbers_come_back_with_their_unknowns() -> None:
    """NaN stays NaN, zero stays zero, the rest is right to half a unit."""
    columns = (NumberColumn("pop_total", 1000), NumberColumn("rank", 1))
    values = {
        "pop_total": np.array([0.0, 1234.5678, np.nan, 5e6]),
        "rank": np.array([1.0, np.nan, 3.0, 3321.0]),
    }
    found = decode_numbers(encode_numbers(columns, values), columns, 4)
    np.testing.assert_allclose(values["pop_total"], found["pop_total"], atol=0.0005)
    np.testing.assert_array_equal(values["rank"], found["rank"])


def test_spots_come_back() -> None:
    """Outlines of one and of two parts with a hole, and one without an outline."""
    ring = shapely.box(0, 0, 0.03, 0.03).difference(shapely.box(0.01, 0.01, 0.02, 0.02))
    pair = shapely.MultiPolygon([shapely.box(1, 1, 1.01, 1.01), shapely.box(1.01, 1.01, 1.02, 1.02)])
    spots = decode_spots(
        encode_spots(
            np.array([ring, pair, None], dtype=object), np.array([2, 2, 5]), [np.array([10, 20, 30])]
        )
    )
    assert spots.commune.tolist() == [2, 2, 5]
    assert spots.numbers.tolist() == [[10, 20, 30]]
    assert spots.ring_start.tolist() == [0, 2, 4, 4]
    assert np.diff(spots.point_start).tolist() == [4, 4, 4, 4]
    assert set(map(tuple, spots.points[8:12].tolist())) == {
        (10000, 10000),
        (10000, 10100),
        (10100, 10100),
        (10100, 10000),
    }
