"""A file in the zone of another province is found, and the right one named."""

from __future__ import annotations

import geopandas
import numpy as np
import pyproj
import pytest
import shapely

from blackspot.data.findings.collector import Findings
from blackspot.data.geodesy.crs import LONLAT
from blackspot.data.submissions.misplaced import report_misplaced

BOX = shapely.box(105.0, 20.8, 105.4, 21.2)


class _Communes:
    frame = geopandas.GeoDataFrame({"province_code": ["01", "02"]}, geometry=[BOX, BOX.buffer(3.0)], crs=4326)


def _squares(crs: pyproj.CRS) -> np.ndarray:
    lon, lat = np.meshgrid(np.linspace(105.02, 105.38, 12), np.linspace(20.82, 21.18, 12))
    boxes = shapely.box(lon.ravel(), lat.ravel(), lon.ravel() + 0.01, lat.ravel() + 0.01)
    return np.asarray(geopandas.GeoSeries(boxes, crs=4326).to_crs(crs).array, dtype=object)


def _misplaced(shapes: np.ndarray, crs: pyproj.CRS, provinces: frozenset[str] | None) -> list[str]:
    findings = Findings()
    report_misplaced(shapes, crs, _Communes, provinces, findings.about("x"))  # type: ignore[arg-type]
    return [item.message_en for item in findings.items]


@pytest.mark.parametrize("stated", [9211, 9212, 9207, 3405, 3406])
def test_the_meridian_of_another_province_is_found_and_the_right_one_named(stated: int) -> None:
    """A file of zone 105-45 read in another zone lies 26 km and more beside its province."""
    (message,) = _misplaced(_squares(pyproj.CRS(9210)), pyproj.CRS(stated), frozenset({"01"}))
    assert "EPSG:9210 (VN-2000 / TM-3 105-45) instead of EPSG" in message


def test_a_shift_that_was_written_into_degrees_is_measured() -> None:
    """Somebody else has read it in the wrong zone and exported degrees: 15 minutes are 26 km."""
    right = _squares(pyproj.CRS(9210))
    wrong = np.asarray(geopandas.GeoSeries(right, crs=9211).to_crs(4326).array, dtype=object)
    (message,) = _misplaced(wrong, LONLAT, frozenset({"01"}))
    assert "moved -26 km east" in message


@pytest.mark.parametrize("stated", [9210, 3405, 4326, 32648])
def test_a_file_in_its_place_is_left_alone(stated: int) -> None:
    """Whatever system it is in."""
    crs = pyproj.CRS(stated)
    assert [] == _misplaced(_squares(crs), crs, frozenset({"01"}))
    assert [] == _misplaced(_squares(crs), crs, None)
