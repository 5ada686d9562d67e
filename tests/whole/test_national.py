"""The whole country on real inputs: every commune, every identity, against exact geometry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import exactextract
import geopandas as gpd
import numpy as np
import pytest
import shapely

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from blackspot.coverage.analysis import Analysis
    from blackspot.data.reading import Inputs

pytestmark = pytest.mark.slow

NOT_SUBMITTED = ["12", "14", "96"]  # provinces that one operator's 5G file leaves out


@pytest.fixture(scope="module")
def country(national: Any) -> tuple[Inputs, Analysis]:
    """The national example, read and analysed."""
    return national.inputs, national.analysis


def test_every_commune_is_there_and_adds_up(country: tuple[Inputs, Analysis]) -> None:
    """3,321 rows; covered, uncovered and no data give the total; provinces and country are exact sums."""
    _, analysis = country
    communes, provinces = analysis.communes, analysis.provinces
    assert 3321 == len(communes)
    assert 34 == len(provinces)
    for service in ("4g", "5g", "fibre"):
        states = communes[[f"pop_{state}_{service}" for state in ("covered", "uncovered", "no_data")]].sum(
            axis=1
        )
        known = communes["pop_total"].notna()
        np.testing.assert_allclose(communes["pop_total"][known], states[known], atol=1e-6)
        column = f"pop_uncovered_{service}"
        by_code = communes.groupby("province_code")[column].sum()
        np.testing.assert_allclose(
            by_code.to_numpy(), provinces.set_index("province_code")[column][by_code.index], rtol=1e-12
        )
        assert pytest.approx(provinces[column].sum(), rel=1e-12) == analysis.figures[column]
    raster, outside = analysis.figures["people_raster"], analysis.figures["people_outside"]
    assert pytest.approx(raster, rel=1e-9) == communes["pop_total"].sum() + outside


def test_only_a_single_cell_is_a_larger_black_spot_than_the_profile_asks(
    country: tuple[Inputs, Analysis],
) -> None:
    """At most 5,000 people and 25 km², or one cell of a town; and the people of the clusters, no more, no fewer."""
    _, analysis = country
    spots = analysis.black_spots
    large = spots[(spots["pop"] > 5000 * (1 + 1e-6)) | (spots["area_km2"] > 25 * (1 + 1e-6))]
    assert 10_000 < len(spots)
    assert [] == large.loc[large["area_km2"] > 0.9, "spot_id"].tolist()
    assert pytest.approx(spots["pop"].sum(), rel=1e-12) == analysis.communes["pop_in_black_spots"].sum()


def test_archipelagos_beyond_the_raster_are_unknown_not_zero(country: tuple[Inputs, Analysis]) -> None:
    """All 13 special zones are there; Hoàng Sa and Trường Sa have no population figure from the raster."""
    communes = country[1].communes
    zones = communes[communes["type"] == "special_zone"]
    assert 13 == len(zones)
    unknown = communes[communes["pop_total"].isna()]
    assert {"Hoàng Sa", "Trường Sa"} == {name.removeprefix("Đặc khu ") for name in unknown["name"]}
    assert unknown["covered_share_5g"].isna().all()
    assert unknown["is_island"].all()


def test_provinces_that_were_not_submitted_have_no_data(country: tuple[Inputs, Analysis]) -> None:
    """Where one operator handed nothing in, nobody is called uncovered."""
    provinces = country[1].provinces.set_index("province_code")
    left_out = provinces.loc[NOT_SUBMITTED]
    assert (left_out["pop_no_data_5g"] > 0).all()
    assert [0.0] * 3 == left_out["pop_uncovered_5g"].tolist()
    assert (provinces.drop(index=NOT_SUBMITTED)["pop_no_data_5g"] == 0).all()


def test_people_agree_with_exact_cell_shares(country: tuple[Inputs, Analysis]) -> None:
    """99 % of the communes lie within 0.1 % of exactextract, all within 0.5 %.

    Where the delivered communes overlap each other, people are counted once, for the lower code; the
    oracle is given the same ground.
    """
    inputs, analysis = country
    frame = inputs.communes.frame.set_index("code").geometry
    people = analysis.communes.set_index("code")["pop_total"].dropna()
    assert 3319 == len(people)
    shapes = frame[people.index]
    error = (people / people_inside(shapes, inputs.population.facts[0].path) - 1).abs()
    assert np.quantile(error, 0.99) <= 1e-3
    suspects = error.index[error > 1e-3]
    settled = without_overlaps(suspects, frame)
    error[suspects] = (people[suspects] / people_inside(settled, inputs.population.facts[0].path) - 1).abs()
    assert error.max() <= 5e-3


def test_shares_agree_with_exact_intersection(country: tuple[Inputs, Analysis]) -> None:
    """100 random communes, every layer: median within 0.02 points, every one within 0.5."""
    inputs, analysis = country
    frame = inputs.communes.frame
    known = np.flatnonzero(analysis.communes["pop_total"].to_numpy() > 0)
    sample = np.sort(np.random.default_rng(57).choice(known, 100, replace=False))
    shapes = shapely.make_valid(shapely.remove_repeated_points(frame.geometry.to_numpy()[sample]))
    errors = []
    for submission in inputs.submissions:
        column = f"pop_covered_{submission.service}_{slug_of(submission.operator)}"
        exact = covered_people(
            submission.geometries, submission.crs.to_epsg(), shapes, inputs.population.facts[0].path
        )
        rows = analysis.communes.iloc[sample]
        errors.append(np.abs(rows[column].to_numpy() - exact) / rows["pop_total"].to_numpy() * 100)
    points = np.concatenate(errors)
    assert 700 == len(points)
    assert np.median(points) <= 0.02
    assert points.max() <= 0.5


def slug_of(operator: str) -> str:
    """Column word of the three invented operators."""
    return {"Sao Mai": "sao_mai", "Hải Đăng": "hai_dang", "Biển Xanh": "bien_xanh"}[operator]


def people_inside(shapes: gpd.GeoSeries, raster: Path) -> pd.Series[float]:
    """People of each shape by exact shares of cells; exactextract stumbles over repeated vertices."""
    clean = gpd.GeoDataFrame(
        {"code": shapes.index}, geometry=shapely.remove_repeated_points(shapes.to_numpy()), crs=4326
    )
    sums = exactextract.exact_extract(str(raster), clean, ["sum"], include_cols=["code"], output="pandas")
    return sums.set_index("code")["sum"]


def without_overlaps(codes: pd.Index[str], frame: gpd.GeoSeries) -> gpd.GeoSeries:
    """Take from some communes the ground that one with a lower code claims as well."""
    settled = frame[codes].copy()
    for code in codes:
        near = frame[frame.intersects(frame[code]) & (frame.index < code)]
        settled[code] = shapely.difference(frame[code], shapely.union_all(near.to_numpy()))
    return settled


def covered_people(
    coverage: NDArray[np.object_], epsg: int, communes: NDArray[np.object_], raster: Path
) -> NDArray[np.float64]:
    """People of each commune inside the union of a layer, by exact intersection and exact cell shares."""
    parts = shapely.get_parts(gpd.GeoSeries(coverage, crs=epsg).to_crs(4326).to_numpy())
    parts = shapely.make_valid(parts, method="structure", keep_collapsed=False)
    tree = shapely.STRtree(parts)
    inside = []
    for commune in communes:
        near = shapely.make_valid(shapely.clip_by_rect(parts[tree.query(commune)], *commune.bounds))
        clipped = shapely.intersection(shapely.union_all(near), commune)
        polygons = [
            part for part in shapely.get_parts(clipped) if part.geom_type == "Polygon" and part.area > 1e-12
        ]
        inside.append(shapely.remove_repeated_points(shapely.MultiPolygon(polygons)))
    frame = gpd.GeoDataFrame({"row": range(len(inside))}, geometry=inside, crs=4326)
    frame = frame[~frame.is_empty]
    sums = exactextract.exact_extract(str(raster), frame, ["sum"], include_cols=["row"], output="pandas")
    people = np.zeros(len(inside))
    people[sums["row"].to_numpy(dtype=int)] = np.nan_to_num(sums["sum"].to_numpy(dtype=float))
    return people
