"""A coordinate reference system is a description, never a way to another file."""

from __future__ import annotations

import pyproj
import pytest

from blackspot.data.geodesy.crs import known_crs


@pytest.mark.parametrize(
    "text",
    [
        "+proj=longlat +ellps=bessel +nadgrids=/etc/passwd +type=crs",
        "+proj=longlat +ellps=bessel +nadgrids=@http://127.0.0.1:9/x +type=crs",
        "+proj=longlat +ellps=bessel +NADGRIDS=x.gsb +type=crs",
        "+proj=longlat +datum=WGS84 +geoidgrids=/etc/passwd +type=crs",
        "+init=/etc/passwd:x",
        "http://127.0.0.1:9/x",
        "/etc/passwd",
        "x" * 200_000,
    ],
)
def test_a_system_that_names_a_file_or_an_address_is_unknown(text: str) -> None:
    """PROJ would open what it names when the first point is transformed."""
    assert known_crs(text) is None


def test_a_bound_system_with_a_grid_file_is_unknown() -> None:
    """The same in the words of WKT, as a .prj file has it."""
    harmless = pyproj.CRS("+proj=longlat +ellps=bessel +towgs84=1,2,3 +type=crs").to_wkt()
    assert known_crs(harmless) is not None
    start = harmless.index("ABRIDGEDTRANSFORMATION")
    grid = 'ABRIDGEDTRANSFORMATION["x",METHOD["NTv2",ID["EPSG",9615]],PARAMETERFILE["grid","/etc/passwd"]]]'
    assert known_crs(harmless[:start] + grid) is None


def test_web_mercator_in_its_old_words_is_known() -> None:
    """It asks for the grid ``@null``, which is no file."""
    old = pyproj.CRS("EPSG:3857").to_wkt("WKT1_GDAL")
    assert "+nadgrids=@null" in old
    crs = known_crs(old)
    assert crs is not None
    assert 3857 == crs.to_epsg()
