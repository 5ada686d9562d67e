"""The land border out of areas: the outline of neighbours beside the mainland, and never a coast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from blackspot.coverage.setting.border_of_areas import border_lines
from blackspot.coverage.setting.classify import LAND_BORDER_DISTANCE, LEGAL_LIST, NONE
from blackspot.coverage.setting.land_border import border_distance_km
from blackspot.coverage.setting.report import report_border
from blackspot.data.findings.collector import Findings
from blackspot.data.project.profile import BorderRules, SettingRules
from blackspot.data.project.sections.values import VectorSource

if TYPE_CHECKING:
    from pathlib import Path

# A coast in the east, a neighbour in the west, sea in the north and south; an island 4 km off the neighbour's coast.
COMMUNES = [
    shapely.box(105.0, 20.0, 105.1, 20.5),  # at the border
    shapely.box(105.1, 20.0, 105.2, 20.5),  # inland
    shapely.box(105.2, 20.0, 105.3, 20.5),  # at the coast
    shapely.box(104.5, 20.54, 104.6, 20.6),  # the island
]
COUNTRY = shapely.MultiPolygon([shapely.box(105.0, 20.0, 105.3, 20.5), COMMUNES[3]])
NEIGHBOUR = shapely.box(104.0, 20.0, 105.0, 20.5)
ISLET = shapely.box(105.305, 20.1, 105.31, 20.2)  # of nobody's, half a kilometre off the coast


def flagged(*areas: shapely.Geometry, neighbours: list[shapely.Geometry] | None = None) -> list[bool]:
    """Which communes lie within 5 km of the border."""
    frame = gpd.GeoDataFrame(geometry=COMMUNES, crs=4326)
    beside = None if neighbours is None else np.array(neighbours, dtype=object)
    lines = border_lines(np.array(areas, dtype=object), frame, beside, distance_km=5.0, gap_m=200.0)
    return (border_distance_km(frame, lines) <= 5.0).tolist()


BORDER_ONLY = [True, False, False, False]


def test_lines_stay_as_they_are() -> None:
    """Whatever lies around."""
    lines = np.array([shapely.LineString([(105, 20), (105, 21)])], dtype=object)
    frame = gpd.GeoDataFrame(geometry=COMMUNES, crs=4326)
    found = border_lines(lines, frame, np.array([NEIGHBOUR]), distance_km=5.0, gap_m=200.0)
    assert found is lines


@pytest.mark.parametrize(
    "areas",
    [
        (COUNTRY, NEIGHBOUR),
        (NEIGHBOUR,),
        (COUNTRY, NEIGHBOUR, ISLET),
        (shapely.MultiPolygon([NEIGHBOUR, shapely.box(110, 10, 111, 11)]), COUNTRY),
        (shapely.box(105.0, 20.0, 105.15, 20.5), shapely.box(105.15, 20.0, 105.3, 20.5), NEIGHBOUR),
    ],
)
def test_the_outline_of_the_neighbour_counts_beside_the_mainland(areas: tuple[shapely.Geometry, ...]) -> None:
    """Neither the coast, nor the island that the neighbour's coast faces, nor an islet."""
    assert BORDER_ONLY == flagged(*areas)


def test_the_country_alone_has_no_border_that_could_be_found() -> None:
    """Unless something says who lies beside it."""
    assert [False] * 4 == flagged(COUNTRY)
    assert BORDER_ONLY == flagged(COUNTRY, neighbours=[NEIGHBOUR])
    assert BORDER_ONLY == flagged(COUNTRY, neighbours=[COUNTRY, NEIGHBOUR])


def test_the_country_is_known_by_the_part_that_is_run() -> None:
    """One province of a large country: the country holds all its communes, though they are a small part of it."""
    assert BORDER_ONLY == flagged(shapely.box(105.0, 15.0, 112.0, 20.5), NEIGHBOUR)


def told(flags: list[bool], basis: str, **rules: object) -> list[str]:
    """Report four communes."""
    findings = Findings()
    source = VectorSource(path="border.gpkg")  # type: ignore[arg-type] # it becomes a path
    border = BorderRules(land_border=source, **rules)  # type: ignore[arg-type] # of several kinds
    table = pd.DataFrame({"is_border": flags, "is_border_basis": basis})
    report_border(table, SettingRules(border=border), findings.about("blackspot.toml"))
    return [item.code for item in findings.items]


def test_what_is_told() -> None:
    """A border that could not be found, and one that flags more than usual; a legal list is right by law."""
    assert [] == told([True, False, False, False], LAND_BORDER_DISTANCE)
    assert ["setting.much-border"] == told([True, True, False, False], LAND_BORDER_DISTANCE)
    assert [] == told([True, True, False, False], LAND_BORDER_DISTANCE, most_share=0.5)
    assert [] == told([True] * 4, LEGAL_LIST)
    assert ["setting.border-without-neighbours"] == told([False] * 4, NONE)


def test_viet_nam(realdata: Path) -> None:
    """The countries of Natural Earth flag the same communes as its border lines, all but one; with coasts 913."""
    communes = gpd.read_parquet(realdata / "vietnam/communes_2026-07_light.parquet").to_crs(4326)
    region = realdata / "vietnam/ne_10m_vietnam_region.gpkg"
    lines = gpd.read_file(region, layer="ne_10m_admin_0_boundary_lines_land").geometry.to_numpy()
    countries = gpd.read_file(region, layer="countries10_vnm_lao_khm_chn_tha").geometry.to_numpy()
    found = border_lines(countries, communes, None, distance_km=5.0, gap_m=200.0)
    by_lines = border_distance_km(communes, lines) <= 5.0
    by_areas = border_distance_km(communes, found) <= 5.0
    assert (279, 279) == (by_lines.sum(), (by_lines & by_areas).sum())
    assert 280 == by_areas.sum()
