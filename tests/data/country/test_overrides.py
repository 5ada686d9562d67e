"""Decisions about the people of single communes, from a table."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

import geopandas
import pytest
import shapely

from blackspot.data.country.communes import Communes
from blackspot.data.country.overrides import Override, read_overrides
from blackspot.data.findings.collector import Findings
from blackspot.data.project.population import OverridesSource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEAD = "code,basis,population,reason,date\n"


def _read(folder: Path, rows: str) -> tuple[Mapping[str, Override], Findings]:
    path = folder / "quyết định.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    codes = ["00004", "00008", "31000"]
    shapes = [shapely.box(105 + at, 21, 106 + at, 22) for at in range(3)]
    communes = Communes(geopandas.GeoDataFrame({"code": codes}, geometry=shapes, crs=4326))
    findings = Findings(folder)
    return read_overrides(OverridesSource(path=path), communes, findings), findings


def test_each_kind_of_decision(tmp_path: Path) -> None:
    """The raster's figure, the official one, or a number; codes keep their zeros."""
    rows = (
        "00004,raster,,bảng chính thức thiếu một thôn,2026-10-31\n"
        "00008,Official,,,2026-11-01\n"
        "31000,,12 345,đếm tại chỗ,2026-11-02\n"
    ).replace("Official,,,", "Official,,islands,")
    found, findings = _read(tmp_path, rows)
    assert () == findings.items
    assert ["raster", "official", "number"] == [found[code].basis for code in ("00004", "00008", "31000")]
    assert math.isnan(found["00004"].people)
    assert Override("number", 12345.0, "đếm tại chỗ", dt.date(2026, 11, 2)) == found["31000"]


@pytest.mark.parametrize(
    ("rows", "code", "row"),
    [
        ("99999,raster,,why,2026-10-31\n", "overrides.bad-code", "2"),
        ("00004,raster,,why,2026-10-31\n00004,official,,why,2026-10-31\n", "overrides.bad-code", "2"),
        (",raster,,why,2026-10-31\n", "overrides.bad-code", "2"),
        ("00004,,,why,2026-10-31\n", "overrides.no-figure", "2"),
        ("00004,raster,5,why,2026-10-31\n", "overrides.no-figure", "2"),
        ("00004,census,,why,2026-10-31\n", "overrides.no-figure", "2"),
        ("00004,,-5,why,2026-10-31\n", "overrides.no-figure", "2"),
        ("00004,,3.412,why,2026-10-31\n", "overrides.no-figure", "2"),  # 3 or 3,412: nobody can tell
        ("00004,raster,,,2026-10-31\n", "overrides.no-reason", "2"),
        ("00004,raster,,why,2026-10-31\n00008,raster,,why,31/10/2026\n", "overrides.no-reason", "3"),
    ],
)
def test_what_cannot_be_used(tmp_path: Path, rows: str, code: str, row: str) -> None:
    """Nothing of a table with a mistake counts; the finding names the first row."""
    found, findings = _read(tmp_path, rows)
    assert {} == found
    assert [(code, row)] == [(item.code, item.row) for item in findings.errors]


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Codes, figures and reasons of one table."""
    _, findings = _read(tmp_path, "99999,,,,\n")
    assert {"overrides.bad-code", "overrides.no-figure", "overrides.no-reason"} == {
        item.code for item in findings.errors
    }
