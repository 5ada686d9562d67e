"""Which communes touch the land border, although it is drawn kilometres off their outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely

from blackspot.coverage.setting.border_contact import border_contact_km
from blackspot.coverage.setting.land_border import border_distance_km

if TYPE_CHECKING:
    from pathlib import Path

# Three communes side by side in the north, one behind them; in the east the sea.
NORTH = [shapely.box(105 + i / 5, 20.9, 105.2 + i / 5, 21.0) for i in range(3)]
BEHIND = shapely.box(105.0, 20.87, 105.6, 20.9)


def contact(
    *shapes: shapely.Geometry, line: shapely.Geometry, reach_km: float = 10.0, land: np.ndarray | None = None
) -> np.ndarray:
    frame = gpd.GeoDataFrame(geometry=list(shapes), crs=4326)
    lines = np.array([line], dtype=object)
    distance = border_distance_km(frame, lines)
    return border_contact_km(frame, lines, distance, reach_km=reach_km, other_land=land)


def test_only_outlines_that_nobody_shares_touch() -> None:
    """Their northern edge of 20.8 km is the border, although it is drawn 3 km off; behind them nobody touches."""
    border = shapely.LineString([(104.0, 21.027), (107.0, 21.027)])
    found = contact(*NORTH, BEHIND, line=border)
    assert (found[:3] > 20).all()
    assert found[1] == pytest.approx(20.8, abs=0.5)
    assert found[0] > found[1] + 5  # the first one's western edge, within reach
    assert 0 < contact(*NORTH, BEHIND, line=border, reach_km=20.0)[3]  # its own western edge, at 14 km


def test_the_reach_decides() -> None:
    """A border that is drawn 3 km off is touched within 4 km, and not within 2."""
    border = shapely.LineString([(104.0, 21.027), (107.0, 21.027)])
    assert (contact(*NORTH, line=border, reach_km=4.0) > 0.1).all()
    assert [0.0, 0.0, 0.0] == contact(*NORTH, line=border, reach_km=2.0).tolist()


def test_a_coast_beyond_the_end_of_the_border_does_not_touch() -> None:
    """The border ends at the sea, 1 km east of the second commune: the nearest point to the third one is its end."""
    border = shapely.LineString([(104.0, 21.01), (105.41, 21.01)])
    found = contact(*NORTH, line=border)
    assert (found[:2] > 20).all()
    assert found[2] < 1.5


def test_a_border_in_pieces_has_no_ends_between_them() -> None:
    """Pieces that meet within a kilometre go on; what lies beside their ends touches."""
    first = [(104.0, 21.01), (105.3, 21.01)]
    second = [(105.305, 21.01), (107.0, 21.01)]
    found = contact(*NORTH, line=shapely.MultiLineString([first, second]))
    assert found[1] == pytest.approx(20.8, abs=0.5)


def test_communes_drawn_from_two_sources_share_their_outlines() -> None:
    """Gaps and overlaps of 50 m between neighbours make no border."""
    behind = shapely.box(105.0, 20.87, 105.6, 20.8995)
    border = shapely.LineString([(104.9, 20.95), (105.7, 20.95)])
    within = contact(*NORTH, behind, line=border, reach_km=6.0)
    assert within[3] < 8.0  # its two short sides, and nothing of the 62 km it shares


def test_land_beside_the_project_is_no_border() -> None:
    """One province alone: with the land of its neighbour in the west the first commune touches in the north only."""
    border = shapely.LineString([(104.0, 21.027), (107.0, 21.027)])
    west = np.array([shapely.box(104.5, 20.5, 105.0, 21.0)], dtype=object)
    found = contact(*NORTH, BEHIND, line=border, land=west)
    assert found[0] == pytest.approx(20.8, abs=0.5)


def test_without_a_line_nothing_is_known() -> None:
    """NaN, not zero."""
    frame = gpd.GeoDataFrame(geometry=NORTH, crs=4326)
    for lines in (None, np.array([], dtype=object)):
        assert np.isnan(border_contact_km(frame, lines, np.full(3, np.nan), reach_km=5.0)).all()


@pytest.mark.slow
@pytest.mark.realdata
def test_vietnam(realdata: Path) -> None:
    """248 communes by law; by geometry these and two coasts, while 279 lie within 5 km of the same line.

    The 33 that lie within 5 km and do not touch have another commune between them and the border. Tô Châu and Hải Ninh
    have their coast beside the ends of the border. Nhi Sơn, Hiền Kiệt and Trung Lý touch, where the border is drawn 5 to
    8 km off.
    """
    folder = realdata / "vietnam"
    frame = gpd.read_parquet(folder / "communes_2026-07_full.parquet")
    source = gpd.read_file(folder / "ne_10m_vietnam_region.gpkg", layer="ne_10m_admin_0_boundary_lines_land")
    lines = source.geometry.to_numpy()
    distance = border_distance_km(frame, lines)
    assert 279 == (distance <= 5.0).sum()
    touches = {
        reach: set(frame["name"].to_numpy()[border_contact_km(frame, lines, distance, reach_km=reach) >= 0.1])
        for reach in (5.0, 10.0)
    }
    wide = frame[border_contact_km(frame, lines, distance, reach_km=10.0) >= 0.1]
    assert (250, 22) == (len(wide), wide["province_code"].nunique())
    assert {"Nhi Sơn", "Hiền Kiệt", "Trung Lý", "Hải Ninh"} == touches[10.0] - touches[5.0]


def test_no_search_tree_stays_with_the_communes() -> None:
    """They live to the end of the run, and their trees would be larger than they are."""
    shapes = [shapely.box(105 + i / 5, 20.9, 105.2 + i / 5, 21.0) for i in range(3)]
    contact(*shapes, line=shapely.LineString([(104.0, 21.0), (107.0, 21.0)]))
    assert not shapely.is_prepared(shapes).any()
