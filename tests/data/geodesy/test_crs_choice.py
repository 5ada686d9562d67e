"""Which system a file has: stated, missing, with its axes exchanged."""

from __future__ import annotations

import numpy as np
import pyproj

from blackspot.data.findings.collector import Findings
from blackspot.data.geodesy.crs import LONLAT
from blackspot.data.geodesy.crs_choice import check_coordinates, choose_crs


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


def test_exchanged_axes_are_found_without_an_area_of_use() -> None:
    """A system typed by hand has no area; northing first still lies outside Viet Nam, and inside when exchanged."""
    crs = _typed("D_Vietnam_2000")
    x, y = _place(crs)
    findings = Findings()
    assert not check_coordinates(np.array([[y, x, y, x]]), crs, findings.about("x"), strict=False)
    assert ["crs.axes-exchanged"] == [item.code for item in findings.items]
    assert check_coordinates(np.array([[x, y, x, y]]), crs, Findings().about("x"), strict=False)


def test_degrees_without_a_system_are_asked_about() -> None:
    """Nobody guesses; who accepts it reads them as WGS 84. Metres name the zones they could be in."""
    degrees = np.array([[105.0, 20.8, 105.4, 21.2]])
    asked = Findings()
    assert choose_crs(None, "", degrees, asked.about("x")) is None
    assert ["ask"] == [item.severity for item in asked.items]
    accepted = Findings(accept=["crs.missing-degrees"])
    assert LONLAT == choose_crs(None, "", degrees, accepted.about("x"))
    metres = Findings(accept=["crs.missing-degrees"])
    assert choose_crs(None, "", np.array([[5e5, 2.3e6, 5.1e5, 2.31e6]]), metres.about("x")) is None
    assert "EPSG:3405" in metres.items[0].cure_en
