"""Cells measured exactly: lines between vertices, whose sums are areas and not samples."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

from blackspot.coverage.burn.claims import resolve_claims
from blackspot.coverage.burn.fine import FineCells, FineEdges, FineLines, cells_touched
from blackspot.coverage.burn.spans import CELL_UNITS
from table_raster import LONLAT, UTM48, TableRaster, box, grid_of

GRID = grid_of(TableRaster(np.zeros((6, 8))))
EVERY_CELL = FineCells(GRID, np.arange(GRID.width * GRID.height))


def outlines(*shapes: shapely.Geometry, crs: pyproj.CRS = UTM48) -> tuple[np.ndarray, pyproj.CRS]:
    return np.array(shapes, dtype=object), crs


def measured(fine: FineCells, edges: FineEdges, *layers: FineEdges) -> np.ndarray:
    """Ground of each owner in each fine cell, in cells."""
    lines = FineLines.of(edges, layers)
    spans = lines.spans(edges)
    cell = lines.cell[lines.numbers(spans)]
    area = (spans.x1 - spans.x0) / CELL_UNITS * lines.weight[lines.numbers(spans)]
    owners = int(spans.owner.max(initial=0)) + 1
    return np.bincount(cell * owners + spans.owner, area, len(fine) * owners).reshape(-1, owners)


def test_areas_of_trapezoids_are_exact() -> None:
    """A circle of 60 corners, smaller than the distance of two sub-lines: 1/4096 of a cell per line at most."""
    shape = shapely.Point(box(3.4, 2.4, 3.6, 2.6).centroid).buffer(8.0, quad_segs=15)
    found = measured(EVERY_CELL, EVERY_CELL.edges(outlines(shape)))
    assert pytest.approx(shape.area / 100**2, rel=3e-4) == found.sum()
    assert [2 * GRID.width + 3] == np.flatnonzero(found).tolist()


def test_a_square_in_a_corner_is_exact() -> None:
    """A tenth of a cell wide and high, at the cell's corner: a hundredth of the cell."""
    found = measured(EVERY_CELL, EVERY_CELL.edges(outlines(box(2, 3, 2.1, 3.1))))
    assert pytest.approx(0.01, rel=2e-3) == found[3 * GRID.width + 2, 0]
    assert pytest.approx(0.01, rel=2e-3) == found.sum()


def test_lines_lie_where_there_is_ground() -> None:
    """At least 64 of them, in two islands of one cell, and their weights are the islands' heights."""
    edges = EVERY_CELL.edges(outlines(box(1.1, 1.1, 1.2, 1.3), box(1.7, 1.8, 1.9, 1.9)))
    lines = FineLines.of(edges, [])
    assert 64 <= len(lines.cell) <= 64 + 2
    assert [GRID.width + 1] == np.unique(lines.cell).tolist()
    assert pytest.approx(0.3) == lines.weight.sum()
    inside = ((lines.height > 0.1) & (lines.height < 0.3)) | ((lines.height > 0.8) & (lines.height < 0.9))
    assert inside.all()
    assert (np.diff(lines.height) > 0).all()


def test_a_layer_that_ends_inside_small_ground_is_measured_there() -> None:
    """The upper third of an island is covered, though the layer's edge lies between two sub-lines."""
    ground = EVERY_CELL.edges(outlines(box(4.2, 4.2, 4.5, 4.5)))
    layer = EVERY_CELL.edges(outlines(box(0, 0, 8, 4.3)))
    lines = FineLines.of(ground, [layer])
    zones, covered = (lines.spans(edges) for edges in (ground, layer))
    reached = set(covered.line * 4096 + (covered.x0 >> 12))
    whole = lines.weight[lines.numbers(zones)].sum()
    there = sum(lines.weight[number] for number in lines.numbers(zones).tolist() if number in reached)
    assert pytest.approx(1 / 3, rel=1e-9) == there / whole


def test_neighbours_share_a_cell_without_gap_or_overlap() -> None:
    """Two communes with a ragged border: together they have the cell, and nothing is contested."""
    rng = np.random.default_rng(3)
    border = [(3.2 + 0.6 * rng.random(), 2 + row / 40) for row in range(41)]
    corner = [box(3, 2, 4, 3).bounds[0] - 300, box(3, 2, 4, 3).bounds[3] + 200]
    ragged = [(corner[0] + 100 * x, corner[1] - 100 * y) for x, y in border]
    west = shapely.Polygon([*ragged, (corner[0] + 300, ragged[-1][1]), (corner[0] + 300, ragged[0][1])])
    east = box(3, 2, 4, 3).difference(west)
    fine = FineCells(GRID, np.array([2 * GRID.width + 3]))
    edges = fine.edges(outlines(west, east))
    found = measured(fine, edges)[0]
    assert pytest.approx([west.area / 1e4, east.area / 1e4], abs=2e-4) == found.tolist()
    assert pytest.approx(1.0, abs=1e-12) == found.sum()
    lines = FineLines.of(edges, [])
    assert 0.0 == resolve_claims(*lines.spans(edges), lines.grid).contested_km2


def test_overlapping_parts_of_one_layer_count_once_and_holes_do_not() -> None:
    """Each polygon by the even-odd rule, then their union."""
    ring = box(1.1, 1.1, 1.9, 1.9).difference(box(1.4, 1.4, 1.6, 1.6))
    edges = FineEdges.joined(
        [EVERY_CELL.edges(outlines(ring)), EVERY_CELL.edges(outlines(box(1.5, 1.1, 1.7, 1.9)))]
    )
    lines = FineLines.of(edges, [])
    spans = lines.spans(edges)
    merged = resolve_claims(spans.line, spans.x0, spans.x1, np.zeros(len(spans.line), int), lines.grid)
    number = merged.line.astype(int) * 4096 + (merged.x0 >> 12)
    area = ((merged.x1 - merged.x0) / CELL_UNITS * lines.weight[number]).sum()
    assert pytest.approx(0.64 - 0.04 + 0.02, abs=2e-4) == area


def test_other_reference_systems_are_brought_over() -> None:
    """The same island in longitude and latitude has the same ground in the same cells."""
    shape = box(2.7, 2.7, 3.2, 3.3)
    back = pyproj.Transformer.from_crs(UTM48, LONLAT, always_xy=True)
    moved = shapely.transform(shape, lambda xy: np.column_stack(back.transform(xy[:, 0], xy[:, 1])))
    here, there = (
        measured(EVERY_CELL, EVERY_CELL.edges(each))
        for each in (outlines(shape), outlines(moved, crs=LONLAT))
    )
    np.testing.assert_allclose(here, there, atol=3e-4)
    assert pytest.approx(0.3, abs=3e-4) == there.sum()


def test_far_away_geometries_are_passed_over() -> None:
    """What comes near no fine cell, empty outlines and missing ones give no edge."""
    fine = FineCells(GRID, np.array([0]))
    shapes = outlines(shapely.Polygon(), box(40, 40, 41, 41), box(0.2, 0.2, 0.4, 0.4), shapely.Point(0, 0))
    edges = fine.edges(shapes)
    assert {2} == set(edges.owner.tolist())
    assert 0 == len(FineCells(GRID, np.zeros(0, np.int64)).edges(shapes).part)


def test_edges_survive_being_kept() -> None:
    """Named arrays there and back."""
    edges = EVERY_CELL.edges(outlines(box(1.5, 1.5, 3.5, 2.5)))
    again = FineEdges.from_arrays(edges.arrays())
    for one, other in zip(edges, again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_digest_tells_cells_apart() -> None:
    """Other cells have another hash, the same ones the same."""
    assert EVERY_CELL.digest == FineCells(GRID, np.arange(48)).digest
    assert EVERY_CELL.digest != FineCells(GRID, np.arange(47)).digest


def test_a_line_s_value_stands_in_its_cell() -> None:
    """More lines than a row of their grid holds are continued in the next one."""
    lines = FineLines(np.zeros(5000, np.int64), np.linspace(0, 1, 5000), np.full(5000, 1 / 5000))
    table = lines.table(np.arange(5000.0))
    assert (2, 4096) == table.shape == (lines.grid.height, lines.grid.width)
    assert 4999.0 == table[1, 4999 - 4096]
    assert 0.0 == table[1, -1]


def test_cells_touched_by_several_outlines_stand_once() -> None:
    """Two boxes that share cells."""
    touched = cells_touched(outlines(box(0.5, 0.5, 1.5, 0.7), box(0.6, 0.6, 0.9, 0.65)), GRID)
    assert [0, 1] == touched.tolist()
