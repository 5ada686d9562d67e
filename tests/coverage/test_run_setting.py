"""The setting of a run's communes, from the project file to the published tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from blackspot.pipeline import run as pipeline
from small_country import box, change, frame, write_country

if TYPE_CHECKING:
    from pathlib import Path

MORE = """
[setting.border]
land_border = { path = "border.gpkg" }
belt_km = 11.0
[setting.island]
fixed_links = { path = "bridges.gpkg" }
[setting.lists.area]
path = "areas.csv"
value = "area"
decree = "272/2025/NĐ-CP"
[setting.lists.old]
path = "areas.csv"
valid_to = 2025-12-31
[profile]
"""
NEW = [
    *("border_touch", "border_distance_people_km", "border_belt_share", "not_connected", "is_bridged_island"),
    *("dou_l1", "dou_l2", "dou_unstable", "list_area"),
]


@pytest.fixture
def country(tmp_path: Path) -> Path:
    """The small country, with its border in the north and a list of areas."""
    path = write_country(tmp_path)
    west, _, east, north = box(-5, 0, 25, 20).bounds
    frame([shapely.LineString([(west, north), (east, north)])]).to_file(tmp_path / "border.gpkg")
    frame([shapely.LineString([(west, north), (west, north + 1)])]).to_file(tmp_path / "bridges.gpkg")
    (tmp_path / "areas.csv").write_text("code,area\n00201,III\n00102,I\n", encoding="utf-8")
    change(path, "[profile]\n", MORE)
    return path


def test_columns_of_the_setting_stand_in_every_table(country: Path) -> None:
    """In CSV, GeoParquet, GeoPackage and the workbook; a list that is not in force has none."""
    run = pipeline.run(country, pages="none")
    table = pd.read_csv(run.folder / "communes.csv", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    rows = table.set_index("code").sort_index()
    assert [name for name in NEW if name in table.columns] == NEW
    assert "list_old" not in table.columns
    assert ["", "I", "III", ""] == rows["list_area"].tolist()
    assert ["rural"] * 4 == rows["dou_l1"].tolist()  # 5 people in a square kilometre
    assert ["mostly_uninhabited"] * 4 == rows["dou_l2"].tolist()
    # The northern communes reach 11.1 km south of the border: their people live 5.6 km off on average.
    assert ["true", "true", "false", "false"] == rows["border_touch"].tolist()
    assert [5.536, 5.536] == pytest.approx(
        rows["border_distance_people_km"].astype(float).tolist()[:2], abs=0.1
    )
    assert [1.0, 1.0, 0.0, 0.0] == pytest.approx(rows["border_belt_share"].astype(float).tolist(), abs=0.11)
    others = [
        gpd.read_parquet(run.folder / "communes.parquet"),
        gpd.read_file(run.folder / "blackspot.gpkg", layer="communes"),
    ]
    assert all(set(NEW) <= set(other.columns) for other in others)
    book = openpyxl.load_workbook(run.folder / "blackspot.xlsx", read_only=True)
    words = {
        str(cell) for sheet in book for row in sheet.iter_rows(max_row=6, values_only=True) for cell in row
    }
    assert any("Degree of urbanisation, level 2" in word for word in words)
    assert "list.not-in-force" in {item.code for item in run.findings}


def test_the_rural_rule_of_the_project_decides(country: Path) -> None:
    """By the degree of urbanisation the ward among these fields is rural, too."""
    by_type = pipeline.run(country, pages="none")
    by_people = pipeline.run(country, pages="none", overrides=['setting.rural="degree_of_urbanisation"'])
    flags = [run.communes.set_index("code")["is_rural"].sort_index().tolist() for run in (by_type, by_people)]
    assert [[True, True, True, False], [True] * 4] == flags


def test_people_decide_and_coverage_does_not(country: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other coverage takes the setting from the run before; another year of people does not."""
    pipeline.run(country, pages="none")
    asked = []
    monkeypatch.setattr(
        "blackspot.coverage.run_setting.people_on_squares",
        lambda *_: asked.append(1) or pytest.fail("asked again"),
    )
    frame([box(0, 0, 20, 7)], kind=["computed"]).to_file(country.parent / "five.gpkg", mode="w")
    pipeline.run(country, pages="none")
    assert [] == asked
