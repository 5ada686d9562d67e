"""How coordinates come to WGS 84: every zone of VN-2000, old datums, and systems typed by hand."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest

from blackspot.data.findings.collector import Findings
from blackspot.data.geodesy.crs import LONLAT, VN2000_ZONES
from blackspot.data.geodesy.crs_choice import check_operation
from blackspot.data.geodesy.operation import operation_at, with_datum_shift

# EPSG 6960, coordinate frame: metres, seconds of arc, parts per million.
SHIFT_M = (-191.90441429, -39.30318279, -111.45032835)
TURN_SECONDS = (-0.00928836, 0.01975479, -0.00427372)
SCALE_PPM = 0.252906278
SEMI_MAJOR_M, FLATTENING = 6378137.0, 1 / 298.257223563


def _typed(datum: str, *, shift: str = "", name: str = "x", base: str = "x") -> pyproj.CRS:
    """A zone as people type it into a .prj file."""
    return pyproj.CRS(
        f'PROJCS["{name}",GEOGCS["{base}",DATUM["{datum}",SPHEROID["WGS_1984",6378137.0,298.257223563]{shift}],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
        'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
        'PARAMETER["Central_Meridian",105.75],PARAMETER["Scale_Factor",0.9999],'
        'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


def _place(crs: pyproj.CRS, lon: float = 105.8, lat: float = 21.0) -> tuple[float, float]:
    """Coordinates of a place on VN-2000's own longitude and latitude, in a system of that datum."""
    base = crs.geodetic_crs
    x, y = pyproj.Transformer.from_crs(base, crs, always_xy=True).transform(lon, lat)
    return float(x), float(y)


def _by_hand(lon: float, lat: float) -> tuple[float, float]:
    """Bring VN-2000 longitude and latitude to WGS 84 by the seven published parameters."""
    e2 = FLATTENING * (2 - FLATTENING)
    sine, cosine = math.sin(math.radians(lat)), math.cos(math.radians(lat))
    normal = SEMI_MAJOR_M / math.sqrt(1 - e2 * sine**2)
    at = np.array(
        [
            normal * cosine * math.cos(math.radians(lon)),
            normal * cosine * math.sin(math.radians(lon)),
            normal * (1 - e2) * sine,
        ]
    )
    rx, ry, rz = np.radians(np.array(TURN_SECONDS) / 3600)
    turn = np.array([[1, rz, -ry], [-rz, 1, rx], [ry, -rx, 1]])  # coordinate frame: the axes turn
    x, y, z = np.array(SHIFT_M) + (1 + SCALE_PPM * 1e-6) * turn @ at
    found = math.atan2(z, math.hypot(x, y))
    for _ in range(10):
        radius = SEMI_MAJOR_M / math.sqrt(1 - e2 * math.sin(found) ** 2)
        found = math.atan2(z + e2 * radius * math.sin(found), math.hypot(x, y))
    return math.degrees(math.atan2(y, x)), math.degrees(found)


def _codes(crs: pyproj.CRS, x: float, y: float) -> tuple[list[str], pyproj.CRS]:
    findings = Findings()
    used, _ = check_operation(crs, np.array([[x, y, x, y]]), findings.about("x"))
    return [item.code for item in findings.items], used


@pytest.mark.parametrize("epsg", VN2000_ZONES)
def test_every_zone_of_vn2000_is_shifted_by_the_published_parameters(epsg: int) -> None:
    """Within a millimetre of the formula, 220 to 230 m from where no shift would put it, good to 1 m."""
    crs = pyproj.CRS.from_epsg(epsg)
    x, y = _place(crs)
    codes, used = _codes(crs, x, y)
    lon, lat = pyproj.Transformer.from_crs(used, LONLAT, always_xy=True).transform(x, y)
    geod = pyproj.Geod(ellps="WGS84")
    assert geod.inv(lon, lat, *_by_hand(105.8, 21.0))[2] < 0.001
    assert 220 < geod.inv(lon, lat, 105.8, 21.0)[2] < 230
    assert ["crs.operation"] == codes
    operation = operation_at(crs, x, y)
    assert ("VN-2000 to WGS 84 (2)", "EPSG:6960", 1.0) == (
        operation.name,
        operation.code,
        operation.accuracy_m,
    )
    assert (False, ()) == (operation.ballpark, operation.grids)


def test_the_zones_are_all_that_epsg_has() -> None:
    """Two of UTM and eighteen of 3 degrees; deprecated twins do not count."""
    names = [pyproj.CRS.from_epsg(code).name for code in VN2000_ZONES]
    found = pyproj.database.query_crs_info(
        auth_name="EPSG", pj_types=pyproj.enums.PJType.PROJECTED_CRS, allow_deprecated=False
    )
    official = {info.name for info in found if info.name.startswith("VN-2000 / ")}
    assert official == set(names)


@pytest.mark.parametrize("epsg", [3148, 4131, 4147, 2044])
def test_a_known_operation_is_preferred_to_none(epsg: int) -> None:
    """Indian 1960 and Hanoi 1972 in the north are moved by 40 to 600 m, where PROJ alone would move nothing."""
    crs = pyproj.CRS.from_epsg(epsg)
    x, y = pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True).transform(105.8, 21.0)
    codes, used = _codes(crs, x, y)
    assert ["crs.low-accuracy"] == codes
    lon, lat = pyproj.Transformer.from_crs(used, LONLAT, always_xy=True).transform(x, y)
    assert 40 < pyproj.Geod(ellps="WGS84").inv(lon, lat, 105.8, 21.0)[2] < 600
    assert operation_at(crs, x, y).ballpark
    plain = pyproj.Transformer.from_crs(used, "EPSG:3857", always_xy=True).transform(x, y)
    expected = pyproj.Transformer.from_crs(LONLAT, "EPSG:3857", always_xy=True).transform(lon, lat)
    assert plain == pytest.approx(expected, abs=0.01)  # the same on the way to any other system


def test_pulkovo_in_viet_nam_is_warned_about() -> None:
    """Its parameters are made for Russia, however exact they are there."""
    crs = pyproj.CRS.from_epsg(28418)
    x, y = pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True).transform(105.8, 21.0)
    assert ["crs.low-accuracy"] == _codes(crs, x, y)[0]
    assert operation_at(crs, x, y).elsewhere


@pytest.mark.parametrize("datum", ["VN2000", "VN_2000", "Vietnam_2000", "Viet_Nam_2000", "VN-2000 datum"])
def test_vn2000_by_any_name_is_shifted(datum: str) -> None:
    """PROJ knows some of the names only together with others; the official parameters are used, and it is told."""
    crs = _typed(datum, base="GCS_x")  # the prefix makes it a file of ESRI's, whose names PROJ looks up apart
    x, y = _place(crs)
    codes, used = _codes(crs, x, y)
    assert ["crs.vn2000-parameters-missing"] == codes
    lon, lat = pyproj.Transformer.from_crs(used, LONLAT, always_xy=True).transform(x, y)
    assert _by_hand(105.8, 21.0) == pytest.approx((lon, lat), abs=1e-8)


@pytest.mark.parametrize(
    ("crs", "code"),
    [
        (_typed("D_Vietnam_2000"), "crs.operation"),
        (_typed("D_WGS_1984", name="VN2000_105_45"), "crs.vn2000-without-shift"),
        (_typed("D_WGS_1984"), "crs.vn2000-without-shift"),
        (_typed("D_unknown"), "crs.no-datum"),
        (_typed("x", shift=",TOWGS84[0,0,0,0,0,0,0]"), "crs.zero-shift"),
        (_typed("x", shift=",TOWGS84[25,-141,-78,0,0,0,0]"), "crs.unknown-accuracy"),
        (
            _typed(
                "x",
                shift=",TOWGS84[-191.90441429,-39.30318279,-111.45032835,-0.00928836,0.01975479,-0.00427372,0.252906278]",
            ),
            "crs.operation",
        ),
        (pyproj.CRS("+proj=utm +zone=48 +a=6377000 +b=6356000 +type=crs"), "crs.no-datum"),
    ],
)
def test_what_is_typed_by_hand_is_judged(crs: pyproj.CRS, code: str) -> None:
    """Each way to leave out the 224 m of VN-2000 has its own words; the right parameters need none."""
    source = crs.source_crs if crs.is_bound else crs
    assert [code] == _codes(crs, *_place(source))[0]


@pytest.mark.parametrize("epsg", [4326, 32648, 3857])
def test_systems_on_wgs_84_need_no_word(epsg: int) -> None:
    """Nothing is shifted, and rightly so."""
    crs = pyproj.CRS.from_epsg(epsg)
    x, y = pyproj.Transformer.from_crs(LONLAT, crs, always_xy=True).transform(105.8, 21.0)
    assert [] == _codes(crs, x, y)[0]
    assert with_datum_shift(crs, x, y) is crs


def test_the_operation_is_given_with_the_system() -> None:
    """What the manifest states of an input."""
    crs = pyproj.CRS.from_epsg(9210)
    x, y = _place(crs)
    _, operation = check_operation(crs, np.array([[x, y, x, y]]), Findings().about("xã.shp"))
    assert ("EPSG:9210 (VN-2000 / TM-3 105-45)", "EPSG:6960") == (operation.crs, operation.code)
