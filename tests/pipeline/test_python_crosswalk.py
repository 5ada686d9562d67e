"""People of older communes in newer ones, from frames and a raster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine

import blackspot
from blackspot.coverage.change.crosswalk import carried
from blackspot.errors import ArgumentError
from small_country import CELLS, NORTH, STEP, WEST, box, frame

if TYPE_CHECKING:
    from pathlib import Path

FIVES = (np.full((CELLS, CELLS), 5.0), Affine(STEP, 0, WEST, 0, -STEP, NORTH), "EPSG:4326")


def old() -> gpd.GeoDataFrame:
    """Three communes of 10, 5 and 5 columns."""
    return frame([box(0, 0, 10, 20), box(10, 0, 15, 20), box(15, 0, 20, 20)], code=["a", "b", "c"]).set_index(
        "code"
    )


def test_weights() -> None:
    """The first is divided 6 to 4, the second goes to the newer one as a whole, the third lies in none."""
    new = frame([box(0, 0, 6, 20), box(6, 0, 15, 20)], code=["x", "y"]).set_index("code").to_crs(3405)
    found = blackspot.crosswalk(old(), new, FIVES)
    expected = [
        ("a", "x", 600.0, 0.6),
        ("a", "y", 400.0, 0.4),
        ("b", "y", 500.0, 1.0),
        ("c", "", 500.0, 1.0),
    ]
    main = found[found["people"] > 1.0].fillna({"new": ""})
    assert [(one[:2], [True, True, False, False][at]) for at, one in enumerate(expected)] == [
        ((one.old, one.new), one.crosses_split) for one in main.itertuples()
    ]
    np.testing.assert_allclose([one[2:] for one in expected], main[["people", "share"]], rtol=1e-4)
    assert 2000.0 == pytest.approx(found["people"].sum())


def test_an_older_commune_where_no_cell_is_is_not_lost() -> None:
    """It stands there without a newer one."""
    far = pd.concat([old(), frame([box(90, 0, 95, 5)], code=["far"]).set_index("code")])
    found = blackspot.crosswalk(gpd.GeoDataFrame(far), old(), FIVES).set_index("old")
    assert (0.0, 1.0) == tuple(found.loc["far", ["people", "share"]])
    assert ["far"] == found.index[found["new"].isna()].tolist()


def test_codes_that_stand_twice() -> None:
    """They could not be told apart."""
    twice = old().rename(index={"b": "a"})
    with pytest.raises(ArgumentError, match="old has labels"):
        blackspot.crosswalk(twice, old(), FIVES)
    with pytest.raises(ArgumentError, match="communes has labels"):
        blackspot.crosswalk(old(), twice, FIVES)


def test_the_communes_of_2009_in_those_of_today(realdata: Path) -> None:
    """Nobody of the census is lost, 11,163 communes of then in 3,321 of today; most were not divided."""
    census = gpd.read_parquet(realdata / "vietnam" / "communes_2009_census.parquet")
    today = gpd.read_parquet(realdata / "vietnam" / "communes_2026-07_light.parquet").set_index("code")
    people = realdata / "vietnam" / "vnm_ppp_2020_1km_Aggregated_UNadj.tif"
    found = blackspot.crosswalk(census, today, people, subline_spacing_m=100.0)
    share = found.groupby("old")["share"].sum()
    assert len(census) == len(share)
    assert 1.0 == pytest.approx(share.min()) == pytest.approx(share.max())
    table = pd.DataFrame({"code": census.index, "population": census["population"].fillna(0.0)})
    newer = carried(table, found.assign(new=found["new"].fillna("")))
    assert census["population"].sum() == pytest.approx(newer["population"].sum(), rel=1e-12)
    beyond = newer.loc[newer["code"] == "", "population"].sum()
    assert beyond < 0.002 * census["population"].sum()  # islets and coasts that are drawn otherwise today
    assert found.groupby("old")["crosses_split"].first().mean() < 0.25
