"""Descriptions of reference systems that a reader sends: plain ones, or refused before PROJ sees them."""

from __future__ import annotations

import json

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.data.geodesy.crs import known_crs
from blackspot.data.geodesy.crs_text import is_plain_crs, try_crs


@pytest.mark.parametrize(
    "code", ["EPSG:4326", "EPSG:3405", "EPSG:5899", "EPSG:9205", "EPSG:32648", "ESRI:102100", "OGC:CRS84"]
)
def test_every_usual_spelling_of_a_system_is_plain(code: str) -> None:
    """Code, both kinds of WKT, PROJJSON and PROJ text, as libraries write them."""
    crs = pyproj.CRS(code)
    words = [code, crs.name, crs.to_wkt(), crs.to_wkt("WKT1_GDAL"), crs.to_wkt("WKT1_ESRI"), crs.to_json()]
    with pytest.warns(UserWarning, match="lose important projection information"):
        words.append(crs.to_proj4())
    words.append(crs.to_wkt("WKT1_GDAL", pretty=True))
    assert [] == [word for word in words if not is_plain_crs(word)]
    for word in words:
        try_crs(word)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/etc/passwd",
        "init=/etc/passwd:x",
        "+init=epsg:4326",
        "+proj=longlat +nadgrids=/etc/passwd",
        "proj=longlat nadgrids=@x",
        "+proj=pipeline +step +proj=hgridshift +grids=x",
        'GEOGCS["a",DATUM["b"',
        'GEOGCS["a"]]',
        "A[" * 60 + "]" * 60,
        "A[" + "1," * 10_001 + "1]",
        "{" + '"a":{' * 60 + "}" * 61,
        "[" * 200_000,
        json.dumps({"a": list(range(20_000))}),
        "http://127.0.0.1/x",
        "EPSG:4326\0",
        "x" * 200_000,
        'PARAMETERFILE["x","/etc/passwd"]',
    ],
)
def test_what_names_files_or_has_no_end_is_not_plain(text: str) -> None:
    """None of it reaches PROJ in the program."""
    assert not is_plain_crs(text)
    try_crs(text)
    try_crs(None)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    """What passes is parsed or refused by PROJ without an exception that nobody expects."""
    if is_plain_crs(text):
        found = known_crs(text)
        assert found is None or np.isfinite(found.area_of_use.bounds[0] if found.area_of_use else 0.0)
