"""Black spots: clusters of failing cells inside one commune."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.blackspots import find as blackspots
from blackspot.coverage.blackspots.distance import Coverage, CoverageFile
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn, burn_communes
from blackspot.data.project.profile import Profile
from spot_cells import COMMUNES, GRID, cells_of, country_of, find, places_of

if TYPE_CHECKING:
    import geopandas as gpd

    from blackspot.coverage.blackspots.spots import Country
    from blackspot.coverage.overlay.totals import FailingCells

LONLAT = pyproj.CRS.from_epsg(4326)


def coverage_of(*polygons: shapely.Geometry) -> Coverage:
    """Coverage of one file in longitude and latitude."""
    geometries = np.array(polygons, dtype=object)
    return Coverage(burn(geometries, LONLAT, GRID), (CoverageFile(geometries, LONLAT),))


def squares(*communes: shapely.Geometry) -> gpd.GeoDataFrame:
    """Give the three communes other ground."""
    return COMMUNES.iloc[: len(communes)].set_geometry(list(communes), crs=4326)


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


def test_area_and_outline_end_at_the_commune() -> None:
    """The commune ends in the middle of the spot's first cell: half of it and none of the second count."""
    communes = squares(shapely.box(105.0, 20.9, 105.055, 21.0), COMMUNES.geometry[1], COMMUNES.geometry[2])
    country = replace_zones(country_of(TWO, communes), communes.iloc[:1])
    cut = find(TWO, country=country, min_people=100.0).iloc[0]
    whole = find(TWO, min_people=100.0).iloc[0]
    assert whole["area_km2"] / 4 == pytest.approx(cut["area_km2"], rel=1e-3)
    assert shapely.equals_exact(
        shapely.box(105.05, 20.94, 105.055, 20.95), cut.geometry.geoms[0], 1e-9, normalize=True
    )


def replace_zones(country: Country, communes: gpd.GeoDataFrame) -> Country:
    """Burn the communes, as a run does."""
    return country._replace(zones=burn_communes(communes, GRID))


def test_ground_of_an_overlapping_commune_is_not_counted() -> None:
    """The second commune claims what the first has already: the western half of its cell."""
    communes = squares(shapely.box(105.0, 20.9, 105.105, 21.0), shapely.box(105.05, 20.85, 105.2, 20.95))
    cells = cells_of([(0, 5, 5, 10, 10, 0, 0), (1, 5, 10, 60, 60, 60, 60)])
    country = replace_zones(country_of(cells, communes), communes)
    second = find(cells, country=country).iloc[1]
    cell_km2 = float(GRID.cell_area_km2(np.array([5]), np.array([10]))[0])
    assert cell_km2 / 2 == pytest.approx(second["area_km2"], rel=1e-3)
    assert (105.105, 20.94, 105.11, 20.95) == pytest.approx(second.geometry.bounds, abs=1e-6)
    assert len(find(cells, country=country, min_area_km2=0.6 * cell_km2)) == 1


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


def test_small_clusters_are_dropped() -> None:
    """Below the least people or the least area nothing is a spot."""
    assert find(TWO, min_people=60.0)["pop"].tolist() == [120.0, 60.0]
    assert find(TWO, min_area_km2=2.0)["pop"].tolist() == [120.0]
    assert find(TWO, min_people=1000.0).empty


def test_nobody_fails() -> None:
    """No cells give an empty table with the same columns and CRS."""
    nowhere = {"5g": {"a": coverage_of()}}
    places = places_of(("Bản Một", 105.0, 21.0))
    spots, full = (
        find(cells, nowhere, country_of(cells)._replace(places=places)) for cells in (cells_of([]), TWO)
    )
    assert len(spots) == 0
    assert list(full.columns) == list(spots.columns)
    assert spots.crs.to_epsg() == 4326


def test_people_without_the_profile_gap_make_no_spot() -> None:
    """Cells where only another group fails are no part of a spot."""
    assert find(cells_of([(0, 5, 5, 100, 0, 100, 0)]), min_people=0.0).empty


def test_distances_to_every_operator_in_true_kilometres() -> None:
    """One covers the place itself, one a cell 10 columns east of it, and fibre is nowhere."""
    here, east = shapely.box(105.05, 20.94, 105.06, 20.95), shapely.box(105.15, 20.9, 105.16, 21.0)
    coverage = {
        "4g": {"a": coverage_of(here), "b": coverage_of(east)},
        "5g": {"a": coverage_of(east)},
        "fibre": {"a": coverage_of()},
    }
    first = find(TWO, coverage).iloc[0]
    _, _, metres = pyproj.Geod(ellps="WGS84").inv(105.055, 20.945, 105.15, 20.945)
    expected = {
        "4g": 0.0,
        "4g_a": 0.0,
        "4g_b": metres / 1000,
        "5g": metres / 1000,
        "5g_a": metres / 1000,
        "fibre": np.nan,
        "fibre_a": np.nan,
    }
    found = {
        name.removeprefix("distance_to_").removesuffix("_km"): first[name]
        for name in first.index
        if name.startswith("distance_to_")
    }
    assert list(expected) == list(found)
    assert expected == pytest.approx(found, abs=1e-4, nan_ok=True)


def test_the_nearest_place_is_named() -> None:
    """In a straight line on the ellipsoid, from the most populated cell."""
    places = places_of(("Bản Xa", 105.5, 20.9), ("Bản Gần", 105.055, 20.955))
    first = find(TWO, country=country_of(TWO)._replace(places=places)).iloc[0]
    _, _, metres = pyproj.Geod(ellps="WGS84").inv(105.055, 20.945, 105.055, 20.955)
    assert first["place_name"] == "Bản Gần"
    assert metres / 1000 == pytest.approx(first["place_distance_km"])
    assert "place_name" not in find(TWO).columns


def test_spot_id_is_the_commune_and_the_place() -> None:
    """The geohash of 105.055, 20.945 to seven characters, after the code."""
    assert find(TWO)["spot_id"].iloc[0] == "00001-w7dxnsf"


def test_spot_ids_survive_other_changes() -> None:
    """Other spots may come and go, and people may move inside: the id stays with its place."""
    alone = cells_of([(0, 5, 5, 100, 100, 0, 0), (0, 5, 6, 90, 90, 0, 0)])
    assert find(TWO)["spot_id"].iloc[0] == find(alone)["spot_id"].iloc[0]


def test_spot_ids_of_a_fine_grid_tell_its_cells_apart() -> None:
    """On cells of 11 m eight characters do not suffice; a spot's id does not depend on its neighbours."""
    fine = Grid(LONLAT, Affine(1e-4, 0.0, 105.0, 0.0, -1e-4, 21.0), 60, 60, 4)
    both = cells_of([(0, 2, 2, 10, 10, 0, 0), (0, 2, 4, 20, 20, 0, 0)])
    one = cells_of([(0, 2, 2, 10, 10, 0, 0)])
    spots, alone = (find(cells, country=country_of(cells, grid=fine)) for cells in (both, one))
    assert [15, 15] == spots["spot_id"].str.len().tolist()
    assert alone["spot_id"].tolist() == spots["spot_id"].tolist()[1:]


def test_a_large_cluster_is_divided() -> None:
    """Two villages in one cluster of 300 people, at most 200 each: two spots with one cluster id."""
    rows = [
        (0, 5, 5 + at, people, people, people, 0) for at, people in enumerate([30, 100, 20, 5, 20, 90, 35])
    ]
    cells = cells_of(rows)
    whole, parts = find(cells), find(cells, spot_people=200)
    assert [300.0] == whole["pop"].tolist()
    assert whole["spot_id"].tolist() == whole["cluster_id"].tolist()
    assert 300.0 == parts["pop"].sum()
    assert 2 == len(parts)
    assert {whole["spot_id"].iloc[0]} == set(parts["cluster_id"])
    assert parts["spot_id"].iloc[0] == parts["cluster_id"].iloc[0]  # the part that holds the cluster's peak
    assert shapely.intersection(*parts.geometry).area == 0
    assert find(cells, spot_people=0, spot_area_km2=0)["spot_id"].tolist() == whole["spot_id"].tolist()


def test_the_id_of_a_part_does_not_depend_on_the_others() -> None:
    """A third village at the other end changes nothing for the first two."""
    people = [30, 100, 20, 1, 20, 90, 35, 1, 40, 80, 40]
    rows = [(0, 5, 5 + at, number, number, number, 0) for at, number in enumerate(people)]
    two, three = find(cells_of(rows[:7]), spot_people=165), find(cells_of(rows), spot_people=165)
    assert set(two["spot_id"]) < set(three["spot_id"])


def test_people_never_exceed_those_of_the_commune() -> None:
    """Cells are kept with 24 bits: what they add up to is brought to the commune's own figure."""
    people = np.full(50, 7.3)
    cells = cells_of([(0, at // 10, at % 10, number, number, 0, 0) for at, number in enumerate(people)])
    exact = 50 * 7.3
    assert cells.failing[:, 0].astype(np.float64).sum() > exact
    country = country_of(cells)._replace(pop_failing=np.array([exact, 0.0, 0.0]))
    for most in (0, 20):
        total = float(find(cells, country=country, spot_people=most, spot_area_km2=0)["pop"].sum())
        assert total <= exact
        assert exact == pytest.approx(total, abs=1e-7)


def test_progress_rises_to_the_distances() -> None:
    """The caller hears of both steps."""
    heard: list[tuple[float, str]] = []
    blackspots.find_black_spots(
        TWO,
        ("fails", "5g", "fibre"),
        country_of(TWO),
        Profile(services=("5g",), min_people=1.0),
        {"5g": {"a": coverage_of()}},
        progress=lambda fraction, text: heard.append((fraction, text)),
    )
    assert heard == [(0.0, "Finding black spots"), (0.5, "Measuring distances to the nearest 5G")]


CELLS = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 9), st.integers(0, 9), st.floats(1, 500, width=32), st.floats(0, 1)
    ),
    max_size=60,
    unique_by=lambda cell: cell[:3],
)


def random_cells(drawn: list[tuple[int, int, int, float, float]]) -> FailingCells:
    return cells_of([(c, row, col, people, people * s, people * s, 0.0) for c, row, col, people, s in drawn])


SMALL = {"min_people": 20.0, "spot_people": 400.0, "spot_area_km2": 6.0}


@settings(max_examples=30)
@given(CELLS, st.randoms(use_true_random=False))
def test_order_of_cells_does_not_matter(
    drawn: list[tuple[int, int, int, float, float]], random: object
) -> None:
    """Shuffled cells give the same table, ids included, whole or divided."""
    shuffled = list(drawn)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(find(random_cells(drawn), **SMALL), find(random_cells(shuffled), **SMALL))


@settings(max_examples=30)
@given(CELLS)
def test_people_and_area_are_those_of_the_cells(drawn: list[tuple[int, int, int, float, float]]) -> None:
    """Nobody is lost or counted twice, outlines are valid and apart, ids unique, and chunks change nothing."""
    cells = random_cells(drawn)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blackspots, "_CHUNK_CELLS", 7)
        spots = find(cells, **SMALL | {"min_people": 0.0})
    belongs = (cells.failing[:, 0] > 0) & (cells.failing[:, 0] >= 0.5 * (1 - 1e-6) * cells.people)
    assert spots["pop"].sum() == pytest.approx(cells.failing[belongs, 0].sum(dtype=np.float64))
    area_km2 = GRID.cell_area_km2(cells.row[belongs], cells.col[belongs])
    assert spots["area_km2"].sum() == pytest.approx(area_km2.sum())
    assert shapely.is_valid(spots.geometry.to_numpy()).all()
    assert spots["spot_id"].is_unique
    for _, own in spots.groupby("code"):
        shapes = own.geometry.to_numpy()
        assert shapely.union_all(shapes).area == pytest.approx(shapely.area(shapes).sum())
    pd.testing.assert_frame_equal(find(cells, **SMALL | {"min_people": 0.0}), spots)


@settings(max_examples=30)
@given(CELLS)
def test_a_divided_cluster_keeps_its_people_exactly(drawn: list[tuple[int, int, int, float, float]]) -> None:
    """The spots of a cluster add up to what it has undivided, to the last bit, and none is too small."""
    cells = random_cells(drawn)
    whole = find(cells, min_people=20.0, spot_people=0, spot_area_km2=0).set_index("cluster_id")["pop"]
    parts = find(cells, **SMALL)
    pd.testing.assert_series_equal(
        whole.sort_index(), parts.groupby("cluster_id")["pop"].sum(), check_exact=True
    )
    assert (parts["pop"] >= 20.0 * (1 - 2e-6)).all()


@settings(max_examples=30)
@given(CELLS)
def test_a_province_alone_has_the_same_spots(drawn: list[tuple[int, int, int, float, float]]) -> None:
    """What the communes of one province have does not depend on those of another."""
    nation = find(random_cells(drawn), **SMALL)
    one = find(random_cells([cell for cell in drawn if cell[0] < 2]), **SMALL)
    expected = nation[nation["province_code"] == "01"].reset_index(drop=True)
    pd.testing.assert_frame_equal(expected, one)
