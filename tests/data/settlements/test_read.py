"""Reading villages and facilities: everything that is odd is told, and no village is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from blackspot.data.country.communes import Communes
from blackspot.data.findings.collector import Findings
from blackspot.data.project.sections.settlements import (
    ReportedVillages,
    VillageColumns,
    VillagesSource,
)
from blackspot.data.settlements.read import read_villages
from blackspot.data.settlements.reported import read_reported
from small_country import box

if TYPE_CHECKING:
    from pathlib import Path


def communes() -> Communes:
    frame = gpd.GeoDataFrame(
        {"code": ["00101", "00102"]}, geometry=[box(0, 0, 10, 10), box(10, 0, 20, 10)], crs=4326
    )
    return Communes(frame)


def test_what_is_odd_is_told_and_kept(tmp_path: Path) -> None:
    """No name, a code of nobody, another commune, neither yes nor no, no number: six rows, six villages."""
    path = tmp_path / "villages.gpkg"
    gpd.GeoDataFrame(
        {
            "name": ["A", None, "C", "D", "E", "F"],
            "code": ["101", "00101", "99999", "00101", None, "00102"],
            "power": ["yes", "0", "maybe", "Có", None, "không"],
            "homes": ["12", "x", "-3", "4.0", None, "7"],
        },
        geometry=[
            *(box(n, 1, n + 1, 2) for n in (1, 2, 3, 12)),
            box(50, 1, 51, 2),
            box(13, 1, 14, 2),
        ],
        crs=4326,
    ).to_file(path)
    findings = Findings(tmp_path)
    columns = VillageColumns(code="code", has_grid_power="power", households="homes")
    found = read_villages(VillagesSource(path=path, columns=columns), communes(), findings)
    assert found is not None
    assert ["00101", "00101", "00101", "00101", "", "00102"] == found.table["code"].tolist()
    assert [True, False, None, True, None, False] == [
        None if pd.isna(value) else bool(value) for value in found.table["has_grid_power"]
    ]
    assert [12, None, None, 4, None, 7] == [
        None if pd.isna(value) else int(value) for value in found.table["households"]
    ]
    codes = {item.code for item in findings.items}
    assert {
        "settlements.no-name",
        "settlements.unknown-commune",
        "settlements.other-commune",
        "settlements.outside",
        "settlements.neither-yes-nor-no",
        "settlements.no-number",
    } <= codes


def test_reported_villages_keep_their_row(tmp_path: Path) -> None:
    """A row with a code of nobody stays: it cannot be located, and that is what is said of it."""
    path = tmp_path / "list.csv"
    path.write_text("name,code\nBản Một,00101\nBản Hai,77777\n,00102\n", encoding="utf-8")
    findings = Findings(tmp_path)
    found = read_reported(ReportedVillages(path=path), communes(), findings)
    assert found is not None
    assert ["Bản Một", "Bản Hai", ""] == found["name"].tolist()
    assert {"settlements.unknown-commune", "settlements.no-name"} == {item.code for item in findings.items}
