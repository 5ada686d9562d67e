"""The overlay on random polygons: equal to exact intersection, and deaf to how polygons are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from affine import Affine
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from blackspot.coverage.burn.cells import cell_runs, span_steps
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn, burn_communes
from blackspot.coverage.burn.spans import CELL_UNITS, Spans, union
from blackspot.coverage.overlay.bands import overlay

if TYPE_CHECKING:
    from blackspot.coverage.overlay.totals import Overlay

UTM48 = pyproj.CRS.from_epsg(32648)
SIZE = 12  # cells each way
GRID = Grid(UTM48, Affine(1.0, 0, 0.0, 0, -1.0, SIZE), SIZE, SIZE, 16)
PEOPLE = np.random.default_rng(1).lognormal(1.0, 1.0, (SIZE, SIZE))

Ring = list[tuple[float, float]]
Rings = list[Ring]

corner = st.tuples(*[st.floats(-1.5, SIZE + 1.5, allow_nan=False, width=32)] * 2)
lattice_corner = st.tuples(*[st.integers(-2, 4 * SIZE + 2).map(lambda quarter: quarter / 4)] * 2)
rings = st.lists(corner | lattice_corner, min_size=3, max_size=9)
layers = st.lists(rings, min_size=1, max_size=4)
relaxed = settings(max_examples=60, deadline=None)


@dataclass(frozen=True)
class Table:
    """People held in memory."""

    people: np.ndarray

    def read(self, row0: int, rows: int, col0: int, cols: int) -> np.ndarray:
        return self.people[row0 : row0 + rows, col0 : col0 + cols].copy()


def burned(*drawn: Ring) -> Spans:
    return burn(np.array([shapely.Polygon(ring) for ring in drawn], dtype=object), UTM48, GRID)


def same(one: Spans, other: Spans) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("line", "x0", "x1"))


def exact(ring: Ring) -> shapely.Geometry:
    """Ground of a ring by the even-odd rule: faces of its lines that an odd number of edges encloses."""
    lines = shapely.union_all([shapely.LineString([*ring, ring[0]])])
    faces = np.array(shapely.get_parts(shapely.polygonize([lines])), dtype=object)
    return shapely.union_all([face for face in faces if _odd(ring, face.representative_point())])


def _odd(ring: Ring, point: shapely.Point) -> bool:
    """Whether a ray to the right crosses the ring an odd number of times."""
    start, end = np.array(ring), np.roll(np.array(ring), -1, axis=0)
    crosses = (start[:, 1] > point.y) != (end[:, 1] > point.y)
    start, end = start[crosses], end[crosses]
    x = start[:, 0] + (point.y - start[:, 1]) / (end[:, 1] - start[:, 1]) * (end[:, 0] - start[:, 0])
    return bool((x > point.x).sum() % 2)


def exact_people(ground: shapely.Geometry, people: np.ndarray) -> float:
    rows, cols = np.divmod(np.arange(SIZE * SIZE), SIZE)
    cells = shapely.box(cols, SIZE - rows - 1, cols + 1, SIZE - rows)
    return float((shapely.area(shapely.intersection(cells, ground)) * people.ravel()).sum())


def halves() -> gpd.GeoDataFrame:
    """Two communes with a crooked border, some way inside the grid."""
    border = [(6.2, 0.7), (5.1, 4.3), (7.7, 6.2), (5.9, 11.4)]
    west = shapely.Polygon([(0.6, 0.7), *border, (0.6, 11.4)])
    east = shapely.Polygon([(11.1, 11.4), *border[::-1], (11.1, 0.7)])
    return gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=[west, east], crs=UTM48)


FRAME = halves()
ZONES = burn_communes(FRAME, GRID)


def count(spans: list[Spans], edge_cells: str = "share") -> Overlay:
    return overlay(
        Table(PEOPLE), GRID, ZONES, spans, n_communes=2, edge_cells=edge_cells, groups=None  # type: ignore[arg-type]
    )  # fmt: skip


def bound_cells(drawn: Rings) -> float:
    """The stated bound: a tenth of a sub-line's distance along every edge, and a bit per vertex.

    Crossings are exact, so only the ends of edges are uncertain: each by about a sub-line's distance
    times its period (a quarter of a cell at sixteen sub-lines).
    """
    vertices = sum(len(ring) for ring in drawn)
    length = sum(shapely.Polygon(ring).length for ring in drawn)
    return length / 16 * 0.1 + vertices * (1 / 16) * (1 / 4) + 1e-3


@relaxed
@given(drawn=layers)
def test_ground_equals_the_exact_union(drawn: Rings) -> None:
    """Area of the union of arbitrary, self-crossing rings."""
    ground = shapely.union_all([exact(ring) for ring in drawn])
    expected = shapely.area(shapely.intersection(ground, shapely.box(0, 0, SIZE, SIZE)))
    spans = burned(*drawn)
    actual = (spans.x1.astype(np.int64) - spans.x0).sum() / CELL_UNITS / GRID.sublines
    assert abs(actual - expected) <= bound_cells(drawn)


@relaxed
@given(drawn=layers)
def test_people_equal_the_exact_intersection(drawn: Rings) -> None:
    """People per commune inside a layer, weighted cell by cell."""
    ground = shapely.union_all([exact(ring) for ring in drawn])
    result = count([burned(*drawn)])
    covered = result.people[:, result.masks == 1].sum(axis=1)
    for commune, shape in enumerate(FRAME.geometry):
        expected = exact_people(shapely.intersection(ground, shape), PEOPLE)
        assert abs(covered[commune] - expected) <= bound_cells(drawn) * PEOPLE.max()


@relaxed
@given(drawn=layers, seed=st.integers(0, 99))
def test_the_way_of_drawing_does_not_matter(drawn: Rings, seed: int) -> None:
    """Order, duplicates, direction, start vertex and repeated vertices change not one unit."""
    first = burned(*drawn)
    rng = np.random.default_rng(seed)
    other = []
    for ring in [drawn[index] for index in rng.permutation(len(drawn))] + drawn[:1]:
        turn = int(rng.integers(len(ring)))
        again = ring[turn:] + ring[:turn]
        if rng.random() < 0.5:
            again = again[::-1]
        other.append([vertex for vertex in again for _ in range(int(rng.integers(1, 4)))])
    assert same(first, burned(*other))


@relaxed
@given(drawn=layers)
def test_batches_do_not_matter(drawn: Rings) -> None:
    """Parts burned one at a time and merged are the parts burned together."""
    assert same(burned(*drawn), union([burned(ring) for ring in drawn]))


@relaxed
@given(drawn=layers, cut=st.floats(0.5, SIZE - 0.5))
def test_disjoint_parts_add_up(drawn: Rings, cut: float) -> None:
    """Cut every ring along a meridian: both sides together are the whole, to a unit per crossing."""
    ground = shapely.union_all([exact(ring) for ring in drawn])
    assume(ground.area > 0)
    sides = [
        shapely.intersection(ground, side)
        for side in (shapely.box(-9, -9, cut, SIZE + 9), shapely.box(cut, -9, SIZE + 9, SIZE + 9))
    ]
    whole, left, right = (burn(np.array([shape], dtype=object), UTM48, GRID) for shape in (ground, *sides))
    units = [int((spans.x1.astype(np.int64) - spans.x0).sum()) for spans in (whole, left, right)]
    slack = 4 * (len(whole) + len(left) + len(right)) + 0.02 * CELL_UNITS * GRID.sublines
    assert abs(units[0] - units[1] - units[2]) <= slack


@relaxed
@given(drawn=layers)
def test_shares_of_cells_stay_between_nothing_and_all(drawn: Rings) -> None:
    """No cell is filled more than once, no sum is negative, and runs never overlap."""
    spans = burned(*drawn)
    runs = cell_runs(span_steps(spans.line // GRID.sublines, spans.x0, spans.x1), 1)
    assert np.all(runs.units > 0)
    assert np.all(runs.units <= CELL_UNITS * GRID.sublines)
    filled = ((runs.col1 - runs.col0) * runs.units[:, 0]).sum()
    assert filled == (spans.x1.astype(np.int64) - spans.x0).sum()
    follows = runs.strip[1:] == runs.strip[:-1]
    assert np.all(runs.col0[1:][follows] >= runs.col1[:-1][follows])


@relaxed
@given(one=layers, other=layers, edge_cells=st.sampled_from(["land", "share"]))
def test_combinations_agree_with_single_layers(one: Rings, other: Rings, edge_cells: str) -> None:
    """Either = one + other - both; every sum is at most the commune; all sums make the raster."""
    first, second = burned(*one), burned(*other)
    both = count([first, second], edge_cells)
    total = both.people.sum(axis=1)

    def people(wanted: np.ndarray) -> np.ndarray:
        return both.people[:, wanted].sum(axis=1)

    has_one, has_other = (both.masks & np.uint64(1)) > 0, (both.masks & np.uint64(2)) > 0
    either = count([burned(*one, *other)], edge_cells)
    covered = either.people[:, either.masks == 1].sum(axis=1)
    np.testing.assert_allclose(covered, people(has_one | has_other), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        people(has_one) + people(has_other) - people(has_one & has_other), covered, rtol=1e-9, atol=1e-9
    )
    np.testing.assert_allclose(total, count([], edge_cells).people.sum(axis=1), rtol=1e-9)
    assert np.all(both.people >= 0)
    np.testing.assert_allclose(both.people_raster, total.sum() + both.people_outside, rtol=1e-9)
    np.testing.assert_allclose(both.people_raster, PEOPLE.sum(), rtol=1e-12)


@relaxed
@given(ring=rings)
def test_every_subline_is_crossed_an_even_number_of_times(ring: Ring) -> None:
    """Rings with corners on lattice lines, jumps and cell borders never leave a span open."""
    spans = burned(ring)
    assert np.all(spans.x1 > spans.x0)
    assert np.all(spans.x0 >= 0)
    assert np.all(spans.x1 <= SIZE * CELL_UNITS)
    assert np.all((spans.line >= 0) & (spans.line < GRID.lines))
