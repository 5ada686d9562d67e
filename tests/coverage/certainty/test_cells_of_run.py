"""The cells of a run whose people depend on where edges lie: found band by band, with all the people of a commune."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine

from blackspot.coverage.blackspots.spots import SpotCells
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn
from blackspot.coverage.burn.spans import Spans
from blackspot.coverage.certainty.cells_of_run import cells_near_edges
from blackspot.coverage.certainty.gap_rule import GapRule
from blackspot.coverage.people.cell_bits import CellLayers
from blackspot.coverage.people.layers import LayerTable, OperatorService
from blackspot.data.disk.kept import NOTHING_KEPT, KeptResults
from blackspot.data.project.profile import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.coverage.certainty.near_edges import NearEdges

UTM48 = pyproj.CRS.from_epsg(32648)
ROWS, COLS, SIDE = 300, 40, 100.0
GRID = Grid(UTM48, Affine(SIDE, 0, 500_000.0, 0, -SIDE, 2_000_000.0), COLS, ROWS, 4)
PROFILE = Profile(services=("5g",))


class Raster:
    """So many people in every cell, none in the last columns."""

    def read(self, row0: int, rows: int, col0: int, cols: int) -> np.ndarray:
        people = np.full((ROWS, COLS), 3.0)
        people[:, 30:] = np.nan
        return people[row0 : row0 + rows, col0 : col0 + cols]


def box(west: float, north: float, east: float, south: float) -> shapely.Polygon:
    """Rectangle in columns and rows of the grid."""
    left, top = GRID.transform.c, GRID.transform.f
    return shapely.box(left + west * SIDE, top - south * SIDE, left + east * SIDE, top - north * SIDE)


def zones(*boxes: shapely.Polygon) -> Spans:
    """Communes, disjoint."""
    each = [burn(np.array([shape]), UTM48, GRID) for shape in boxes]
    owner = np.repeat(np.arange(len(each)), [len(one) for one in each]).astype(np.int32)
    line, x0, x1 = (np.concatenate([getattr(one, name) for one in each]) for name in ("line", "x0", "x1"))
    order = np.lexsort((x0, line))
    return Spans(line[order], x0[order], x1[order], owner[order])


def near(covered: shapely.Polygon, communes: Spans, count: int, *, extent: object = None, **options: object):  # noqa: ANN201
    item = OperatorService("Sao Mai", "5g", (0,), None if extent is None else (1,))
    spans = [burn(np.array([covered]), UTM48, GRID)]
    if extent is not None:
        spans.append(burn(np.array([extent]), UTM48, GRID))
    table = LayerTable((item,))
    kept = options.get("kept", NOTHING_KEPT)
    content = options.get("content", ("raster",))
    cells = CellLayers(Raster(), GRID, communes, spans, table, [], PROFILE, kept, content)  # type: ignore[arg-type]
    total = np.full(count, 1000.0) if "total" not in options else np.asarray(options["total"])
    spots = options.get("spots") or SpotCells(*(np.zeros(0, np.int32),) * 3, np.zeros(0, np.int64))
    rule = GapRule.of(table, PROFILE)
    return cells_near_edges(cells, total, spots, rule, (options.get("reach", 250.0),), "land")  # type: ignore[arg-type]


COUNTRY = zones(box(0, 0, 20, ROWS), box(20, 0, 30, ROWS))


def test_cells_within_reach_of_the_edge_are_found_on_both_sides() -> None:
    """The edge runs along column 10; 250 m and half a cell reach three columns; bands of rows leave no seam."""
    found = near(box(0, 0, 10, ROWS), COUNTRY, 2)
    assert 6 * ROWS == len(found)
    assert {0} == set(found.commune.tolist())
    assert [-250.0, -150.0, -50.0, 50.0, 150.0, 250.0] == pytest.approx(
        sorted(set(np.rint(found.distance_m[:, 0]).tolist()))
    )
    assert ROWS == np.count_nonzero(np.rint(found.distance_m[:, 0]) == -50.0)


def test_the_people_of_a_commune_are_those_of_its_table() -> None:
    """1,000 people on 20 columns, of which six lie near the edge."""
    found = near(box(0, 0, 10, ROWS), COUNTRY, 2)
    assert pytest.approx(1000.0 * 6 / 20, rel=1e-5) == float(found.people.sum())


def test_where_the_raster_has_nobody_people_lie_evenly() -> None:
    desert = zones(box(0, 0, 20, ROWS), box(30, 0, 40, ROWS))
    found = near(box(0, 0, 35, ROWS), desert, 2)
    assert {1} == set(found.commune.tolist())
    assert pytest.approx(1000.0 * 6 / 10, rel=1e-5) == float(found.people.sum())


def test_coverage_cut_off_along_a_coast_has_no_edge_there() -> None:
    """It covers the whole land, which ends inside the cells of column 19."""
    island = zones(box(4, 10, 19.4, 50))
    assert 0 == len(near(box(4, 10, 19.4, 50), island, 1))


def test_coverage_that_ends_with_what_is_known_has_no_edge_there() -> None:
    half = box(0, 0, 10, ROWS)
    assert 0 == len(near(half, COUNTRY, 2, extent=half))
    assert 0 < len(near(half, COUNTRY, 2, extent=box(0, 0, 20, ROWS)))


def test_cells_know_their_black_spot() -> None:
    rows = np.arange(5, dtype=np.int32)
    spots = SpotCells(np.zeros(5, np.int32), rows, np.full(5, 11, np.int32), np.full(5, 8, np.int64))
    found = near(box(0, 0, 10, ROWS), COUNTRY, 2, spots=spots)
    assert 5 == np.count_nonzero(found.spot == 8)
    assert len(found) - 5 == np.count_nonzero(found.spot == -1)


def test_a_commune_without_known_people_has_no_cells() -> None:
    found = near(box(0, 0, 10, ROWS), COUNTRY, 2, total=[np.nan, 50.0])
    assert 0 == len(found)


def test_without_layers_nothing_depends_on_edges() -> None:
    table = LayerTable(())
    cells = CellLayers(Raster(), GRID, COUNTRY, [], table, [], PROFILE)
    no_spots = SpotCells(*(np.zeros(0, np.int32),) * 3, np.zeros(0, np.int64))
    found = cells_near_edges(cells, np.full(2, 9.0), no_spots, GapRule.of(table, PROFILE), (), "land")
    assert 0 == len(found)


def same(one: NearEdges, other: NearEdges) -> bool:
    return all(np.array_equal(getattr(one, each.name), getattr(other, each.name)) for each in fields(one))


def test_what_was_kept_gives_the_same_cells_whatever_the_spots_and_the_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Official people and black spots come after what is kept; the cells are not looked for again."""
    kept, half = KeptResults(tmp_path), box(0, 0, 10, ROWS)
    rows = np.arange(ROWS, dtype=np.int32)
    spots = SpotCells(np.zeros(ROWS, np.int32), rows, np.full(ROWS, 11, np.int32), rows.astype(np.int64) // 7)
    cases: list[dict[str, object]] = [{}, {"total": [700.0, 50.0]}, {"spots": spots}]
    fresh = [near(half, COUNTRY, 2, **case) for case in cases]
    assert same(fresh[0], near(half, COUNTRY, 2, kept=kept))

    def unwanted(*_: object) -> None:
        raise AssertionError("the cells were looked for")

    monkeypatch.setattr("blackspot.coverage.certainty.cells_of_run._looked_for", unwanted)
    for case, expected in zip(cases, fresh, strict=True):
        assert same(expected, near(half, COUNTRY, 2, kept=kept, **case))


@pytest.mark.parametrize(
    "other",
    [{"reach": 150.0}, {"extent": box(0, 0, 15, ROWS)}, {"content": ("another",)}, {"covered": box(0, 0, 11, ROWS)},
     {"communes": zones(box(0, 0, 21, ROWS), box(21, 0, 30, ROWS))}],
)  # fmt: skip
def test_whatever_decides_the_cells_makes_them_anew(tmp_path: Path, other: dict[str, object]) -> None:
    """Reach, extent, people, coverage and communes: nothing of another run is taken for this one."""
    kept = KeptResults(tmp_path)
    usual: dict[str, object] = {"covered": box(0, 0, 10, ROWS), "communes": COUNTRY, "count": 2}
    near(**usual, kept=kept)  # type: ignore[arg-type]
    before = (tmp_path / "near-edges.result").read_bytes()
    found = near(**usual | other, kept=kept)  # type: ignore[arg-type]
    assert same(near(**usual | other), found)  # type: ignore[arg-type]
    assert before != (tmp_path / "near-edges.result").read_bytes()
