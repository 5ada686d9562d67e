"""Distances that were kept: the same as measured anew, and measured once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine

from blackspot.coverage import kept_spots as module
from blackspot.coverage.blackspots.describe import measured_km
from blackspot.coverage.blackspots.distance import Coverage, CoverageFile, distance_to_coverage_km
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn
from blackspot.coverage.kept_spots import KeptDistances
from blackspot.data.disk.kept import NOTHING_KEPT, KeptResults

if TYPE_CHECKING:
    from pathlib import Path

GRID = Grid(pyproj.CRS.from_epsg(4326), Affine(0.01, 0.0, 105.0, 0.0, -0.01, 21.0), 60, 60, 4)
FAR = shapely.box(105.31, 20.51, 105.36, 20.6).buffer(0.02, quad_segs=40)
NEAR = shapely.box(105.02, 20.9, 105.1, 20.95)


def coverage(*polygons: shapely.Geometry) -> Coverage:
    geometries = np.array(polygons, object)
    return Coverage(burn(geometries, GRID.crs, GRID), (CoverageFile(geometries, GRID.crs),))


def cells(count: int, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Choose cells, some of them twice and in no order."""
    return tuple(np.random.default_rng(seed).integers(0, 60, (2, count)).astype(np.int64))


def measured(kept: KeptResults, row: np.ndarray, col: np.ndarray, *covered: Coverage) -> list[bytes]:
    measuring = KeptDistances(GRID, kept)
    found = [measuring.km(row, col, one).tobytes() for one in covered]
    measuring.keep()
    return found


def noting(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note from how many places is measured from now on."""
    noted: list[int] = []

    def measure(grid: Grid, row: np.ndarray, *rest: object) -> np.ndarray:
        noted.append(len(row))
        return measured_km(grid, row, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "measured_km", measure)
    return noted


def test_what_was_kept_is_the_same_and_measured_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (row, col), both, kept = cells(300), (coverage(FAR), coverage(FAR, NEAR)), KeptResults(tmp_path)
    fresh = [distance_to_coverage_km(GRID.cell_centres_lonlat(row, col), one, GRID).tobytes() for one in both]
    assert fresh == measured(NOTHING_KEPT, row, col, *both)
    assert fresh == measured(kept, row, col, *both)
    noted = noting(monkeypatch)
    assert fresh == measured(kept, row, col, *both)
    assert [] == noted


def test_only_cells_that_are_new_are_measured_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (row, col), far, kept = cells(80), coverage(FAR), KeptResults(tmp_path)
    measured(kept, row, col, far)
    more = np.append(row, [59, 58]), np.append(col, [59, 59])
    fresh = measured(NOTHING_KEPT, *more, far)
    new = len({*zip(*(each.tolist() for each in more), strict=True)}) - len(
        {*zip(row.tolist(), col.tolist(), strict=True)}
    )
    noted = noting(monkeypatch)
    assert fresh == measured(kept, *more, far)
    assert [new] == noted
    assert measured(NOTHING_KEPT, row[:9], col[:9], far) == measured(kept, row[:9], col[:9], far)
    assert fresh == measured(kept, *more, far)
    assert [
        new,
        9,
    ] == noted  # the nine without anything kept: what other runs measured is not lost by a smaller one


@pytest.mark.parametrize("what", ["geometry", "spans", "crs"])
def test_another_coverage_is_measured_anew(tmp_path: Path, what: str) -> None:
    (row, col), far, kept = cells(50), coverage(FAR), KeptResults(tmp_path)
    measured(kept, row, col, far)
    moved = np.array([shapely.transform(FAR, lambda xy: xy + 0.003)], object)
    other = {
        "geometry": Coverage(far.spans, (CoverageFile(moved, GRID.crs),)),
        "spans": Coverage(coverage(FAR, NEAR).spans, far.files),
        "crs": Coverage(far.spans, (CoverageFile(far.files[0].geometries, pyproj.CRS.from_epsg(4756)),)),
    }[what]
    fresh = measured(NOTHING_KEPT, row, col, other)
    assert fresh != measured(NOTHING_KEPT, row, col, far)
    assert fresh == measured(kept, row, col, other)


def test_no_cells_and_no_coverage_give_what_they_give_without(tmp_path: Path) -> None:
    nothing, kept = np.zeros(0, np.int64), KeptResults(tmp_path)
    assert [b""] == measured(kept, nothing, nothing, coverage(FAR))
    row, col = cells(5)
    bare = Coverage(burn(np.zeros(0, object), GRID.crs, GRID), ())
    for _ in range(2):
        assert [np.full(5, np.nan).tobytes()] == measured(kept, row, col, bare)


def test_more_cells_than_there_is_room_for_leave_those_of_the_last_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_CELLS", 70)
    far, kept = coverage(FAR), KeptResults(tmp_path)
    measured(kept, *cells(60, seed=1), far)
    measured(kept, *cells(60, seed=2), far)
    noted = noting(monkeypatch)
    assert measured(kept, *cells(60, seed=2), far) == measured(NOTHING_KEPT, *cells(60, seed=2), far)
    assert [60] == noted  # without anything kept


@pytest.mark.parametrize("damage", ["cut off", "a bit"])
def test_a_damaged_file_is_found_and_made_anew(tmp_path: Path, damage: str) -> None:
    (row, col), far, kept = cells(90), coverage(FAR), KeptResults(tmp_path)
    fresh = measured(kept, row, col, far)
    path = tmp_path / "spot-distances.result"
    whole = path.read_bytes()
    at = len(whole) - 200
    path.write_bytes(whole[:at] + (b"" if damage == "cut off" else bytes([whole[at] ^ 1]) + whole[at + 1 :]))
    assert fresh == measured(kept, row, col, far)
    assert whole == path.read_bytes()
