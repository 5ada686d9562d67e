"""Communes against a register: what differs is told, what only looks different is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pytest
import shapely

from blackspot.data.checking.register import compare_register
from blackspot.data.country.communes import UNKNOWN_PROVINCE, Communes
from blackspot.data.findings.collector import Findings

if TYPE_CHECKING:
    from blackspot.errors import Finding

SIDE_DEG = 0.1  # about 10.4 km by 11.1 km at 21 degrees north


def _communes(count: int = 9, **columns: object) -> geopandas.GeoDataFrame:
    boxes = [shapely.box(105 + SIDE_DEG * n, 21, 105 + SIDE_DEG * (n + 1), 21.1) for n in range(count)]
    given = {
        "code": [f"{n:05}" for n in range(count)],
        "name": [f"Xã {n}" for n in range(count)],
        "province_code": "01",
        "area_km2": 115.0,
    }
    return geopandas.GeoDataFrame(given | columns, geometry=boxes, crs=4326)


def _told(frame: geopandas.GeoDataFrame) -> dict[str, Finding]:
    findings = Findings()
    compare_register(frame, Communes(_communes()), findings.about("xa.gpkg"))
    return {finding.code: finding for finding in findings.items}


def test_the_register_agrees_with_itself() -> None:
    """Nothing is told, and all codes are in both."""
    findings = Findings()
    assert 9 == compare_register(_communes(), Communes(_communes()), findings.about("x"))
    assert () == findings.items


def test_outlines_drawn_in_less_detail_are_no_difference() -> None:
    """Corners cut by 300 m, each commune in its own way, move no middle by much and none typically."""
    frame = _communes()
    chance = np.random.default_rng(3)
    shapes = [
        shapely.Polygon(shapely.get_coordinates(box)[:4] + chance.normal(0, 0.003, (4, 2)))
        for box in frame.geometry
    ]
    assert "register.place-differs" not in _told(frame.set_geometry(shapes, crs=4326))


@pytest.mark.parametrize(
    ("east_deg", "north_deg", "east", "north"),
    [(0.00187, -0.001, "+194", "-111"), (0.25, 0.0, "+25,973", "+0")],
)
def test_a_file_moved_as_a_whole_is_measured(
    east_deg: float, north_deg: float, east: str, north: str
) -> None:
    """The datum of VN-2000, and a meridian 15 minutes off: 0.25 degrees are 25.97 km at 21.05 degrees north."""
    frame = _communes()
    told = _told(frame.set_geometry(frame.translate(east_deg, north_deg), crs=4326))
    assert ["register.displaced"] == list(told)
    assert f"lies {east} m east and {north} m north" in told["register.displaced"].message_en


def test_single_communes_elsewhere_are_named() -> None:
    """Two outlines exchanged: these two, and no shift of the whole file."""
    frame = _communes()
    shapes = list(frame.geometry)
    shapes[0], shapes[3] = shapes[3], shapes[0]
    told = _told(frame.set_geometry(shapes, crs=4326))
    assert ["register.place-differs"] == list(told)
    assert "2 (codes 00000, 00003)" in told["register.place-differs"].message_en


def test_another_province_is_told_and_none_is_not() -> None:
    """A commune moved to province 02 is named; a file that says no provinces contradicts nothing."""
    told = _told(_communes(province_code=["02"] + ["01"] * 8))
    assert "00000: 02 / 01" in told["register.province-differs"].message_en
    assert {} == _told(_communes(province_code=UNKNOWN_PROVINCE))
