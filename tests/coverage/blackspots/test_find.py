"""Black spots: clusters of failing cells inside one commune."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.blackspots import find as blackspots
from blackspot.coverage.blackspots.find import find_black_spots
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.spans import CELL_UNITS, Spans, empty_spans, merge
from blackspot.coverage.overlay.totals import FailingCells
from blackspot.data.project.profile import Profile

GRID = Grid(pyproj.CRS.from_epsg(4326), Affine(0.01, 0.0, 105.0, 0.0, -0.01, 21.0), 60, 60, 4)
COMMUNES = gpd.GeoDataFrame(
    {
        "code": ["00001", "00004", "00010"],
        "name": ["Một", "Hai", "Ba"],
        "province_code": ["01", "01", "02"],
        "province_name": ["Tỉnh A", "Tỉnh A", "Tỉnh B"],
    },
    geometry=[shapely.box(104.9, 20.3, 105.7, 21.1)] * 3,  # around the whole grid: every cell lies inside
    crs="EPSG:4326",
)


def cells_of(rows: list[tuple[int, int, int, float, float, float, float]]) -> FailingCells:
    """Make cells of (commune, row, col, people, failing, without 5G, without fibre)."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 7)
    commune, row, col = table[:, :3].T.astype(np.int32)
    numbers = table[:, 3:].astype(np.float32)
    return FailingCells(commune, row, col, numbers[:, 0], numbers[:, 1:])


def find(cells: FailingCells, coverage: dict[str, Spans] | None = None, **rules: object) -> pd.DataFrame:
    profile = Profile.model_validate({"services": ("5g", "fibre"), "min_people": 1.0, **rules})
    groups = ("fails", "5g", "fibre")
    return find_black_spots(cells, groups, GRID, COMMUNES, profile, coverage or {"5g": empty_spans()})


TWO = cells_of(
    [
        (0, 5, 5, 100, 80, 100, 90),
        (0, 6, 6, 40, 40, 40, 10),  # touches the first at a corner
        (0, 5, 9, 30, 30, 30, 30),
        (1, 5, 6, 60, 60, 20, 60),  # touches the first, in another commune
    ]
)


def test_cells_that_touch_are_one_spot_inside_a_commune() -> None:
    """Corners join, commune borders cut."""
    spots = find(TWO)
    assert spots["code"].tolist() == ["00001", "00001", "00004"]
    assert spots["pop"].tolist() == [120.0, 30.0, 60.0]
    assert spots["name"].tolist() == ["Một", "Một", "Hai"]
    assert spots["province_code"].tolist() == ["01", "01", "01"]


def test_place_is_the_centre_of_the_cell_with_most_failing_people() -> None:
    """Not the centre of the cluster, which may be empty water."""
    first = find(TWO).iloc[0]
    assert (105.055, 20.945) == pytest.approx((first["lon"], first["lat"]))


def test_area_is_geodesic_and_the_outline_is_made_of_cells() -> None:
    """Two cells of a hundredth of a degree near 21° N, in degrees EPSG:4326."""
    first = find(TWO).iloc[0]
    geod = pyproj.Geod(ellps="WGS84")
    expected = sum(abs(geod.geometry_area_perimeter(part)[0]) / 1e6 for part in first.geometry.geoms)
    assert expected == pytest.approx(first["area_km2"], rel=1e-6)
    assert (105.05, 20.93, 105.07, 20.95) == pytest.approx(first.geometry.bounds)
    assert find(TWO).crs.to_epsg() == 4326


def test_area_ends_at_the_commune_and_the_outline_does_not() -> None:
    """The commune ends in the middle of the spot's first cell: half of it and none of the second count."""
    narrow = COMMUNES.copy()
    narrow.loc[0, "geometry"] = shapely.box(105.0, 20.9, 105.055, 21.0)
    profile = Profile(services=("5g",), min_people=100.0)
    whole = find(TWO, min_people=100.0)
    cut = find_black_spots(TWO, ("fails", "5g", "fibre"), GRID, narrow, profile, {})
    assert whole["area_km2"].iloc[0] / 4 == pytest.approx(cut["area_km2"].iloc[0], rel=1e-3)
    assert shapely.equals(whole.geometry.iloc[0], cut.geometry.iloc[0])


def test_missing_names_what_at_least_half_of_the_people_lack() -> None:
    """100 of 120 lack fibre and 140 5G in the first; in commune 2 only 20 of 60 lack 5G."""
    assert find(TWO)["missing"].tolist() == ["5g,fibre", "5g,fibre", "fibre"]


def test_a_cell_needs_enough_failing_people() -> None:
    """80 % fail in the first cell: it belongs at 0.8, not at 0.81; the corner is then gone."""
    assert find(TWO, min_cell_share=0.8)["pop"].tolist() == [120.0, 30.0, 60.0]
    assert find(TWO, min_cell_share=0.81)["pop"].tolist() == [40.0, 30.0, 60.0]


@settings(max_examples=25)
@given(st.floats(0.015625, 1e6, width=32))
def test_a_share_of_exactly_the_limit_belongs(people: float) -> None:
    """All people failing is enough for a limit of 1, however the figure is rounded."""
    slightly_less = np.nextafter(np.float32(people), np.float32(0))
    cells = cells_of([(0, 1, 1, people, float(slightly_less), 0, 0)])
    assert len(find(cells, min_cell_share=1.0, min_people=0.0)) == 1


def test_small_spots_are_dropped() -> None:
    """Below the least people or the least area nothing is a spot."""
    assert find(TWO, min_people=60.0)["pop"].tolist() == [120.0, 60.0]
    assert find(TWO, min_area_km2=2.0)["pop"].tolist() == [120.0]
    assert find(TWO, min_people=1000.0).empty


def test_nobody_fails() -> None:
    """No cells give an empty table with the same columns and CRS."""
    spots = find(cells_of([]), {"5g": empty_spans(), "fibre": empty_spans()})
    full = find(TWO, {"5g": empty_spans(), "fibre": empty_spans()})
    assert len(spots) == 0
    assert list(full.columns) == list(spots.columns)
    assert spots.crs.to_epsg() == 4326


def test_people_without_the_profile_gap_make_no_spot() -> None:
    """Cells where only another group fails are no part of a spot."""
    assert find(cells_of([(0, 5, 5, 100, 0, 100, 0)]), min_people=0.0).empty


def test_distances_for_every_service_in_true_kilometres() -> None:
    """5G covers a cell 10 columns east; fibre is nowhere; 4G covers the place itself."""
    lines = np.arange(5 * 4, 6 * 4)
    east = merge(lines, np.full(4, 15 * CELL_UNITS), np.full(4, 16 * CELL_UNITS))
    here = merge(lines, np.full(4, 5 * CELL_UNITS), np.full(4, 6 * CELL_UNITS))
    spots = find(TWO, {"5g": east, "fibre": empty_spans(), "4g": here})
    _, _, metres = pyproj.Geod(ellps="WGS84").inv(105.055, 20.945, 105.15, 20.945)
    assert metres / 1000 == pytest.approx(spots["distance_to_5g_km"].iloc[0], abs=0.05)
    assert np.isnan(spots["distance_to_fibre_km"]).all()
    assert spots["distance_to_4g_km"].iloc[0] == 0.0


def test_spot_id_is_the_commune_and_the_place() -> None:
    """The geohash of 105.055, 20.945 to seven characters, after the code."""
    assert find(TWO)["spot_id"].iloc[0] == "00001-w7dxnsf"


def test_spot_ids_survive_other_changes() -> None:
    """Other spots may come and go, and people may move inside: the id stays with its place."""
    alone = cells_of([(0, 5, 5, 100, 100, 0, 0), (0, 5, 6, 90, 90, 0, 0)])
    assert find(TWO)["spot_id"].iloc[0] == find(alone)["spot_id"].iloc[0]


def test_spot_ids_of_a_fine_grid_stay_unique() -> None:
    """Two spots of one commune within 150 m: the larger keeps the short id, the other gets a longer one."""
    fine = Grid(pyproj.CRS.from_epsg(4326), Affine(1e-4, 0.0, 105.0, 0.0, -1e-4, 21.0), 60, 60, 4)
    cells = cells_of([(0, 2, 2, 10, 10, 0, 0), (0, 2, 4, 20, 20, 0, 0)])
    profile = Profile(services=("5g",), min_people=1.0)
    spots = find_black_spots(cells, ("fails", "5g", "fibre"), fine, COMMUNES, profile, {})
    assert [13, 18] == spots["spot_id"].str.len().tolist()
    assert spots["spot_id"].iloc[1].startswith(spots["spot_id"].iloc[0])
    assert spots["pop"].tolist() == [20.0, 10.0]


def test_progress_rises_to_the_distances() -> None:
    """The caller hears of both steps."""
    heard: list[tuple[float, str]] = []
    profile = Profile(services=("5g",), min_people=1.0)
    find_black_spots(
        TWO,
        ("fails", "5g", "fibre"),
        GRID,
        COMMUNES,
        profile,
        {"5g": empty_spans()},
        progress=lambda fraction, text: heard.append((fraction, text)),
    )
    assert heard == [(0.0, "black spots"), (0.5, "distance to 5g")]


CELLS = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 9), st.integers(0, 9), st.floats(1, 500, width=32), st.floats(0, 1)
    ),
    max_size=60,
    unique_by=lambda cell: cell[:3],
)


def random_cells(drawn: list[tuple[int, int, int, float, float]]) -> FailingCells:
    return cells_of([(c, row, col, people, people * s, people * s, 0.0) for c, row, col, people, s in drawn])


@settings(max_examples=40)
@given(CELLS, st.randoms(use_true_random=False))
def test_order_of_cells_does_not_matter(
    drawn: list[tuple[int, int, int, float, float]], random: object
) -> None:
    """Shuffled cells give the same table, ids included."""
    shuffled = list(drawn)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(find(random_cells(drawn)), find(random_cells(shuffled)))


@settings(max_examples=40)
@given(CELLS)
def test_people_and_area_are_those_of_the_cells(drawn: list[tuple[int, int, int, float, float]]) -> None:
    """Nobody is lost or counted twice, outlines are valid, ids unique, and chunks change nothing."""
    cells = random_cells(drawn)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blackspots, "_CHUNK_CELLS", 7)
        spots = find(cells, min_people=0.0)
    belongs = (cells.failing[:, 0] > 0) & (cells.failing[:, 0] >= 0.5 * (1 - 1e-6) * cells.people)
    assert spots["pop"].sum() == pytest.approx(cells.failing[belongs, 0].sum(dtype=np.float64))
    area_km2 = GRID.cell_area_km2(cells.row[belongs], cells.col[belongs])
    assert spots["area_km2"].sum() == pytest.approx(area_km2.sum())
    assert shapely.is_valid(spots.geometry.to_numpy()).all()
    assert spots["spot_id"].is_unique
    pd.testing.assert_frame_equal(find(cells, min_people=0.0), spots)
