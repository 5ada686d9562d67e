"""Rural, border, island: which communes, and by which rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from blackspot.coverage.setting.classify import Geography, classify
from blackspot.coverage.setting.land_border import border_distance_km
from blackspot.data.project.profile import SettingRules

if TYPE_CHECKING:
    from pathlib import Path


GEOD = pyproj.Geod(ellps="WGS84")
MAINLAND = shapely.box(105.0, 20.0, 106.0, 21.0)


def communes_of(*shapes: shapely.Geometry, types: tuple[str | None, ...] = ()) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "code": [f"{number:05}" for number in range(len(shapes))],
            "type": list(types) or ["commune"] * len(shapes),
        },
        geometry=list(shapes),
        crs="EPSG:4326",
    )


def rules(**values: object) -> SettingRules:
    return SettingRules.model_validate(values)


def north_of(lat: float, metres: float) -> float:
    return float(GEOD.fwd(105.5, lat, 0.0, metres)[1])


def line(latitude: float) -> np.ndarray:
    """Draw a border line along a parallel, with no corners between its ends."""
    return np.array([shapely.LineString([(104.0, latitude), (107.0, latitude)])], dtype=object)


def test_rural_by_legal_type() -> None:
    """Communes and special zones are rural by default, wards are not, an unknown type is not decided."""
    frame = communes_of(*[MAINLAND] * 4, types=("commune", "ward", "special_zone", None))
    table = classify(frame, rules())
    assert table["is_rural"].tolist() == [True, False, True, False]
    assert table["is_rural_basis"].tolist() == ["legal_type"] * 3 + ["none"]
    assert classify(frame, rules(rural_types=("ward",)))["is_rural"].tolist() == [False, True, False, False]


def test_border_by_legal_list() -> None:
    """The list decides even where the line says otherwise; the distance is still measured."""
    near = communes_of(MAINLAND, shapely.box(105, 10, 106, 11))
    table = classify(near, rules(), Geography(border_codes=frozenset({"00001"}), border_lines=line(21.01)))
    assert table["is_border"].tolist() == [False, True]
    assert table["is_border_basis"].tolist() == ["legal_list", "legal_list"]
    assert table["border_distance_km"][0] < 2


def test_empty_legal_list_is_a_list() -> None:
    """A list without communes says that no commune is on the border."""
    table = classify(
        communes_of(MAINLAND), rules(), Geography(border_codes=frozenset(), border_lines=line(20.5))
    )
    assert table["is_border"].tolist() == [False]
    assert table["is_border_basis"].tolist() == ["legal_list"]


@pytest.mark.parametrize(("limit_km", "expected"), [(4.8, False), (5.2, True)])
def test_border_by_distance(limit_km: float, expected: bool) -> None:  # noqa: FBT001 - a drawn parameter
    """Five kilometres from the commune's edge to the line, in true metres."""
    table = classify(
        communes_of(MAINLAND),
        rules(border={"distance_km": limit_km}),
        Geography(border_lines=line(north_of(21.0, 5000.0))),
    )
    assert table["is_border"].tolist() == [expected]
    assert table["is_border_basis"].tolist() == ["land_border_distance"]
    assert table["border_distance_km"][0] == pytest.approx(5.0, abs=0.1)


def test_without_list_and_line_nobody_is_on_the_border() -> None:
    """And the basis says that nothing could decide."""
    for lines in (None, np.array([], dtype=object)):
        table = classify(communes_of(MAINLAND), rules(), Geography(border_lines=lines))
        assert table["is_border"].tolist() == [False]
        assert table["is_border_basis"].tolist() == ["none"]
        assert np.isnan(table["border_distance_km"]).all()


ISLAND = shapely.box(107.0, 20.0, 107.1, 20.1)
BOTH = shapely.MultiPolygon([shapely.box(106.0, 20.0, 106.05, 20.05), ISLAND])  # 30 km² ashore, 115 at sea


def test_island_by_legal_list() -> None:
    """The list decides even where geometry says otherwise."""
    table = classify(communes_of(MAINLAND, ISLAND), rules(), Geography(island_codes=frozenset({"00000"})))
    assert table["is_island"].tolist() == [True, False]
    assert table["is_island_basis"].tolist() == ["legal_list", "legal_list"]


def test_special_zones_are_islands_by_law() -> None:
    """Even where a bridge or a narrow channel connects them."""
    frame = communes_of(MAINLAND, shapely.box(106.0, 20.0, 106.1, 20.1), types=("commune", "special_zone"))
    table = classify(frame, rules())
    assert table["is_island"].tolist() == [False, True]
    assert table["is_island_basis"].tolist() == ["not_connected_by_area", "legal_type"]


def test_island_by_area_without_people() -> None:
    """A commune on both sides of the water is an island when most of its area is."""
    table = classify(communes_of(MAINLAND, ISLAND, BOTH), rules())
    assert table["is_island"].tolist() == [False, True, True]
    assert table["is_island_basis"].tolist() == ["not_connected_by_area"] * 3


@pytest.mark.parametrize(
    ("ashore", "at_sea", "expected", "basis"),
    [
        (600.0, 400.0, False, "not_connected_by_people"),
        (400.0, 600.0, True, "not_connected_by_people"),
        (0.0, 0.0, True, "not_connected_by_area"),
        (np.nan, np.nan, True, "not_connected_by_area"),
        (np.nan, 5.0, True, "not_connected_by_people"),
    ],
)
def test_island_by_people(ashore: float, at_sea: float, expected: bool, basis: str) -> None:  # noqa: FBT001
    """People decide where the commune has any; only parts of such communes are asked about."""
    asked: list[np.ndarray] = []

    def people_of(parts: np.ndarray) -> np.ndarray:
        asked.append(parts)
        return np.array([ashore, at_sea])

    table = classify(communes_of(MAINLAND, ISLAND, BOTH), rules(), Geography(people_of=people_of))
    assert [part.bounds for part in BOTH.geoms] == [part.bounds for part in asked[0]]
    assert table["is_island"].tolist() == [False, True, expected]
    assert table["is_island_basis"].tolist() == ["not_connected_by_area", "not_connected_by_area", basis]


def test_gap_of_the_rules_counts() -> None:
    """An island 900 m off is connected when the rules say a kilometre."""
    shore = GEOD.fwd(106.0, 20.05, 90.0, 900.0)[0]
    frame = communes_of(MAINLAND, shapely.box(shore, 20.0, shore + 0.1, 20.1))
    assert classify(frame, rules())["is_island"].tolist() == [False, True]
    assert classify(frame, rules(island={"gap_m": 1000.0}))["is_island"].tolist() == [False, False]


BRIDGE = np.array([shapely.LineString([(105.9, 20.05), (107.05, 20.05)])], dtype=object)


def test_a_bridge_makes_an_island_no_island() -> None:
    """It is marked as bridged; a special zone stays an island by law, and without links nobody asks."""
    frame = communes_of(MAINLAND, ISLAND, shapely.box(108.0, 20.0, 108.1, 20.1), ISLAND)
    frame.loc[3, "type"] = "special_zone"
    table = classify(frame, rules(), Geography(fixed_links=BRIDGE))
    assert table["is_island"].tolist() == [False, False, True, True]
    assert table["not_connected"].tolist() == [False, False, True, False]
    assert table["is_bridged_island"].tolist() == [False, True, False, True]
    assert "is_bridged_island" not in classify(frame, rules())


def test_a_bridge_that_ends_in_the_water_connects_nothing() -> None:
    """Its end must lie within the gap of the land; one that crosses an islet joins it as well."""
    short = np.array([shapely.LineString([(105.9, 20.05), (106.99, 20.05)])], dtype=object)
    islet = shapely.box(106.4, 20.0, 106.45, 20.1)
    frame = communes_of(MAINLAND, ISLAND, islet)
    table = classify(frame, rules(), Geography(fixed_links=short))
    assert table["is_island"].tolist() == [False, True, False]
    assert table["is_bridged_island"].tolist() == [False, False, True]


def test_rivers_make_no_islands() -> None:
    """Land between two arms of a river, 2 km wide each, is no island; the same land before the coast is one."""
    between = shapely.box(105.1, 20.42, 105.9, 20.5)
    river = shapely.box(105.05, 20.4, 106.0, 20.52)  # it runs into the sea in the east
    table = classify(communes_of(shapely.box(105.0, 20.0, 106.0, 21.0) - river, between, ISLAND), rules())
    assert [False, False, True] == table["is_island"].tolist()
    coast = shapely.box(105.0, 20.52, 106.0, 21.0)  # north of it only
    table = classify(communes_of(coast, between, ISLAND), rules())
    assert [False, True, True] == table["is_island"].tolist()


@pytest.mark.parametrize(
    ("rule", "rural", "basis"),
    [
        ("legal_type", [True, True, False, False, False], ["legal_type"] * 4 + ["none"]),
        (
            "degree_of_urbanisation",
            [False, False, False, True, True],
            ["degree_of_urbanisation", "none", "none", "degree_of_urbanisation", "degree_of_urbanisation"],
        ),
        (
            "either",
            [True, True, False, True, True],
            ["either", "legal_type", "legal_type", "either", "degree_of_urbanisation"],
        ),
        (
            "both",
            [False, True, False, False, True],
            ["both", "legal_type", "legal_type", "both", "degree_of_urbanisation"],
        ),
    ],
)
def test_rural_by_the_rule_of_the_project(rule: str, rural: list[bool], basis: list[str]) -> None:
    """Legal type, degree of urbanisation, either or both; where one is not known the other decides alone."""
    types = ("commune", "commune", "ward", "ward", None)
    urban = np.array(["city", "", "", "rural", "rural"], dtype=object)
    table = classify(communes_of(*[MAINLAND] * 5, types=types), rules(rural=rule), urbanisation=urban)
    assert rural == table["is_rural"].tolist()
    assert basis == table["is_rural_basis"].tolist()


def test_border_by_contact() -> None:
    """Of two communes within 5 km of the border only the one whose own outline it is touches it."""
    first = shapely.box(105.3, 20.9, 105.7, 20.98)
    second = shapely.box(105.0, 20.9, 106.0, 21.0) - first
    drawn = Geography(border_lines=line(21.01))
    table = classify(communes_of(first, second), rules(), drawn)
    assert [(True, False), (True, True)] == list(
        zip(table["is_border"].tolist(), table["border_touch"].tolist(), strict=True)
    )
    table = classify(communes_of(first, second), rules(border={"rule": "touch"}), drawn)
    assert [False, True] == table["is_border"].tolist()
    assert ["land_border_contact"] * 2 == table["is_border_basis"].tolist()
    assert "border_touch" not in classify(communes_of(first, second), rules())


@pytest.mark.slow
def test_vietnam(realdata: Path) -> None:
    """Every special zone is an island; the other islands are the island communes and two bay wards.

    By area the wards Hồng Gai and Nha Trang lie mostly on the islands of their bays; their people do not,
    so counting people takes them out.
    """
    frame = gpd.read_parquet(realdata / "vietnam" / "communes_2026-07_full.parquet")
    table = classify(frame, rules())
    islands = frame[table["is_island"].to_numpy()]
    assert (islands["type"] == "special_zone").sum() == 13
    others = islands.loc[islands["type"] != "special_zone", "name"]
    assert set(others) == {
        *("Vĩnh Thực", "Cái Chiên", "Tân Hiệp", "Nhơn Châu", "Tiên Hải", "Sơn Hải", "Hòn Nghệ"),
        *("Hồng Gai", "Nha Trang"),
    }
    lines = gpd.read_file(
        realdata / "vietnam" / "ne_10m_vietnam_region.gpkg", layer="ne_10m_admin_0_boundary_lines_land"
    )
    border = lines[(lines["adm0_left"] == "Vietnam") | (lines["adm0_right"] == "Vietnam")]
    distance_km = border_distance_km(frame, border.geometry.to_numpy())
    near = frame[distance_km < 12].to_crs("EPSG:32648")
    expected_km = near.distance(border.to_crs("EPSG:32648").union_all()) / 1000
    assert np.allclose(expected_km, distance_km[distance_km < 12], rtol=0.004, atol=0.1)
