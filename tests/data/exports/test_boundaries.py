"""Outlines in full, apart from the numbers; runs of older programs have them among the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import pytest
import shapely

from blackspot.data.exports.boundaries import BOUNDARIES, read_communes

if TYPE_CHECKING:
    from pathlib import Path

FULL = [shapely.box(0, 0, 1, 1).segmentize(0.1), shapely.box(1, 0, 2, 1).segmentize(0.1)]
PLAIN = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]


def table(shapes: list[shapely.Polygon], **columns: list[object]) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame({"code": ["00001", "00002"], **columns}, geometry=shapes, crs="EPSG:4326")


@pytest.mark.parametrize("apart", [True, False])
def test_communes_come_with_their_outlines_in_full(tmp_path: Path, apart: bool) -> None:  # noqa: FBT001 - a case
    """From a file of their own, or as older programs kept them."""
    table(PLAIN if apart else FULL, pop_total=[1.5, 2.5]).to_parquet(tmp_path / "communes.parquet")
    if apart:
        table(FULL).to_parquet(tmp_path / BOUNDARIES)
    communes = read_communes(tmp_path)
    assert ["code", "pop_total", "geometry"] == communes.columns.tolist()
    assert [1.5, 2.5] == communes["pop_total"].tolist()
    assert communes.geometry.geom_equals_exact(table(FULL).geometry, 0).all()
    assert communes.crs == "EPSG:4326"


def test_outlines_of_other_communes_are_refused(tmp_path: Path) -> None:
    """Never the outline of a neighbour."""
    table(PLAIN).to_parquet(tmp_path / "communes.parquet")
    table(FULL[::-1]).iloc[::-1].to_parquet(tmp_path / BOUNDARIES)
    with pytest.raises(ValueError, match="other communes"):
        read_communes(tmp_path)
