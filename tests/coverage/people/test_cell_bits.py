"""What every cell of the population grid has: right, compact, and read by any program that reads GeoTIFF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.windows import Window

from blackspot.coverage.burn.cells import cell_runs, single_cells, span_steps
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn
from blackspot.coverage.burn.spans import merge
from blackspot.coverage.people.cell_bits import CellLayers, cell_units, layer_tags, write_cell_bits
from blackspot.coverage.people.layers import LayerTable, OperatorService, Planned
from blackspot.data.project.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from blackspot.coverage.burn.spans import Spans
    from blackspot.data.submissions.reader import Submission

UTM48 = pyproj.CRS.from_epsg(32648)
ROWS, COLS = 600, 30
GRID = Grid(UTM48, Affine(1.0, 0, 0.0, 0, -1.0, ROWS), COLS, ROWS, 4)
NO_DATA = 255


@dataclass(frozen=True)
class Table:
    people: np.ndarray

    def read(self, row0: int, rows: int, col0: int, cols: int) -> np.ndarray:
        return self.people[row0 : row0 + rows, col0 : col0 + cols].copy()


@dataclass(frozen=True)
class Handed:
    """What of a submission is told."""

    operator: str
    service: str
    basis: str
    environment: str


def people() -> np.ndarray:
    rng = np.random.default_rng(2)
    table = rng.lognormal(0, 1, (ROWS, COLS))
    table[rng.random(table.shape) < 0.3] = 0.0
    table[rng.random(table.shape) < 0.3] = np.nan
    return table


def box(col0: float, row0: float, col1: float, row1: float) -> Spans:
    return burn(np.array([shapely.box(col0, ROWS - row1, col1, ROWS - row0)], dtype=object), UTM48, GRID)


def block(cols: slice, rows: slice) -> np.ndarray:
    inside = np.zeros((ROWS, COLS), bool)
    inside[rows, cols] = True
    return inside


COUNTRY = box(0, 0, 28.3, 600)
"""Its last column of cells lies in it by 0.3."""
SPANS = [box(3, 10, 20, 590), box(5.4, 100.4, 25.6, 300.6), box(0, 0, 30, 200), box(1, 1, 29, 5)]
LAYERS = LayerTable(
    (
        OperatorService("Sao Mai", "5g", (0,), None),
        OperatorService("Hải Đăng", "5g", (1,), (2,)),
        OperatorService("Biển Xanh", "5g", (), ()),
    ),
    (Planned("Hải Đăng", "5g", (3,)),),
)
PROFILE = Profile(id="5g", version="2", services=("5g",), counted_basis=("declared", "measured"))
SUBMISSIONS = cast(
    "Sequence[Submission]",
    [
        Handed("Sao Mai", "5g", "declared", "outdoor"),
        Handed("Hải Đăng", "5g", "measured", "indoor"),
        Handed("Hải Đăng", "5g", "declared", "outdoor"),
        Handed("Hải Đăng", "5g", "planned", "deep indoor"),
        Handed("Hải Đăng", "4g", "declared", "in car"),
    ],
)


def written(path: Path, **changes: Any) -> Path:
    given = {
        "people": Table(people()),
        "grid": GRID,
        "zones": COUNTRY,
        "spans": SPANS,
        "layers": LAYERS,
        "tags": layer_tags(LAYERS, SUBMISSIONS, PROFILE),
        "profile": PROFILE,
    }
    write_cell_bits(path, CellLayers(**(given | changes)))
    return path


def bands(path: Path) -> dict[str, np.ndarray]:
    with rasterio.open(path) as raster:
        assert {NO_DATA} == set(raster.nodatavals)
        return dict(zip(raster.descriptions, raster.read(), strict=True))


def test_the_first_band_says_where_people_live(tmp_path: Path) -> None:
    """Nobody and not known are two things."""
    table = people()
    expected = np.where(np.isnan(table), NO_DATA, table > 0)
    assert np.array_equal(expected, bands(written(tmp_path / "cells.tif"))["populated"])


def test_a_cell_is_covered_where_a_layer_covers_half_of_what_lies_in_the_country(tmp_path: Path) -> None:
    """By 0.4 it is not, by 0.6 it is; in the last column 0.3 of a cell are all there is, beyond it nothing is said."""
    found = bands(written(tmp_path / "cells.tif"))["Sao Mai 5g"]
    expected = np.where(block(slice(0, 29), slice(0, ROWS)), 0, NO_DATA)
    expected[10:590, 3:20] = 1
    assert np.array_equal(expected, found)
    edge = box(28, 0, 28.2, 600)  # 0.2 of the cells, two thirds of what lies in the country
    assert (bands(written(tmp_path / "edge.tif", spans=[edge, *SPANS[1:]]))["Sao Mai 5g"][:, 28] == 1).all()


def test_outside_its_extent_nothing_is_known_of_an_operator(tmp_path: Path) -> None:
    """Coverage there is coverage all the same; who speaks for nowhere has a band without data."""
    found = bands(written(tmp_path / "cells.tif"))
    expected = np.where(block(slice(0, 29), slice(0, 200)), 0, NO_DATA)
    expected[100:301, 5:26] = 1  # the outermost rows and columns are covered by 0.6
    for corner in ((100, 5), (100, 25), (300, 5), (300, 25)):
        expected[corner] = 0 if corner[0] < 200 else NO_DATA  # covered by 0.36
    assert np.array_equal(expected, found["Hải Đăng 5g"])
    assert (found["Biển Xanh 5g"] == NO_DATA).all()


def test_a_plan_has_a_band_of_its_own(tmp_path: Path) -> None:
    """It speaks for the whole country and is no coverage."""
    found = bands(written(tmp_path / "cells.tif"))["Hải Đăng 5g planned"]
    expected = np.where(block(slice(0, 29), slice(0, ROWS)), 0, NO_DATA)
    expected[1:5, 1:29] = 1
    assert np.array_equal(expected, found)


def test_every_band_says_what_it_is(tmp_path: Path) -> None:
    """Operators with their own letters, where the coverage comes from, and the rules."""
    with rasterio.open(written(tmp_path / "cells.tif")) as raster:
        named = ("populated", "Biển Xanh 5g", "Hải Đăng 5g", "Sao Mai 5g", "Hải Đăng 5g planned")
        assert named == raster.descriptions
        tags = [raster.tags(band) for band in raster.indexes]
        whole = raster.tags()
    coverage = {"service": "5g", "kind": "coverage"}
    plan = {"service": "5g", "kind": "planned"}
    assert [
        {},
        coverage | {"operator": "Biển Xanh"},
        coverage | {"operator": "Hải Đăng", "basis": "declared, measured", "environment": "indoor, outdoor"},
        coverage | {"operator": "Sao Mai", "basis": "declared", "environment": "outdoor"},
        plan | {"operator": "Hải Đăng", "basis": "planned", "environment": "deep indoor"},
    ] == tags
    profile = {"profile": "5g", "profile_version": "2", "profile_sha256": PROFILE.digest()}
    assert profile | {"AREA_OR_POINT": "Area", "meaning": whole["meaning"]} == whole
    assert "no data where it is not known" in whole["meaning"]


def test_the_cells_are_those_of_the_population(tmp_path: Path) -> None:
    """Same place, same system; and no band is taken for a colour."""
    with rasterio.open(written(tmp_path / "cells.tif")) as raster:
        assert (COLS, ROWS) == (raster.width, raster.height)
        assert GRID.transform == raster.transform
        assert GRID.crs == pyproj.CRS.from_wkt(raster.crs.to_wkt())
        assert {"gray", "undefined"} == {meaning.name for meaning in raster.colorinterp}


@pytest.mark.parametrize(("row0", "rows"), [(0, 1), (250, 20), (255, 2), (511, 89), (599, 1)])
def test_rows_are_read_across_tiles(tmp_path: Path, row0: int, rows: int) -> None:
    """Any window gives what the whole band gives there."""
    with rasterio.open(written(tmp_path / "cells.tif")) as raster:
        whole, part = raster.read(4), raster.read(4, window=Window(0, row0, COLS, rows))
    assert np.array_equal(whole[row0 : row0 + rows], part)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 11), st.integers(0, 5 * 4096), st.integers(0, 5 * 4096)).filter(
            lambda span: span[1] < span[2]
        ),
        max_size=30,
    )
)
def test_cells_are_measured_as_the_overlay_measures_them(given_spans: list[tuple[int, int, int]]) -> None:
    """The same units as by the sums over sorted spans, up to the right edge of the grid."""
    grid = Grid(UTM48, Affine(1.0, 0, 0.0, 0, -1.0, 3), 5, 3, 4)
    columns = np.array(given_spans, np.int64).reshape(-1, 3).T
    spans = merge(columns[0], columns[1], columns[2])
    runs = cell_runs(span_steps(spans.line // grid.sublines, spans.x0, spans.x1), 1)
    cells = single_cells(runs, np.ones(len(runs.strip), bool))
    expected = np.zeros((3, 5))
    expected[cells.strip, cells.col] = cells.units[:, 0]
    assert np.array_equal(expected, cell_units(spans, 0, 3, grid))
    assert np.array_equal(expected[1:2], cell_units(spans, 1, 1, grid))


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    """No times and no order of the machine in the file, and it is small."""
    one, other = written(tmp_path / "a.tif"), written(tmp_path / "b.tif")
    assert one.read_bytes() == other.read_bytes()
    assert one.stat().st_size < ROWS * COLS


def test_unknown_ground_takes_no_room(tmp_path: Path) -> None:
    """Without people and communes all is "no data", in little more than the list of tiles."""
    nowhere = box(0, 0, 0, 0)
    empty = written(tmp_path / "empty.tif", people=Table(np.full((ROWS, COLS), np.nan)), zones=nowhere)
    assert [{NO_DATA}] * 5 == [set(np.unique(band)) for band in bands(empty).values()]
    assert empty.stat().st_size < 4096


def test_a_run_without_layers_still_says_where_people_live(tmp_path: Path) -> None:
    """Every submission may be refused."""
    found = bands(written(tmp_path / "cells.tif", layers=LayerTable(()), spans=[], tags=[]))
    assert ["populated"] == list(found)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """By the error of the system, which the caller knows; here the folder is not there."""
    with pytest.raises(FileNotFoundError):
        written(tmp_path / "nowhere" / "cells.tif")


def test_progress_ends_at_one(tmp_path: Path) -> None:
    """Once per row of tiles."""
    told: list[float] = []
    cells = CellLayers(Table(people()), GRID, COUNTRY, [], LayerTable(()), [], PROFILE)
    write_cell_bits(tmp_path / "b.tif", cells, progress=lambda share, _: told.append(share))
    assert 3 == len(told)
    assert 1.0 == told[-1]
