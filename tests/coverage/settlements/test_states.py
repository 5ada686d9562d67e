"""Villages and facilities of a small country whose coverage is known by hand: states, shares, lists and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from blackspot.data.settlements.write import read_counts
from blackspot.maps.summary.run import run_summary
from blackspot.pipeline import run as pipeline
from fake_pipeline import FakeReport
from small_country import NORTH, STEP, WEST, box, write_country

if TYPE_CHECKING:
    from pathlib import Path

# Four communes of 10 x 10 cells. 5G covers rows 0 to 4, and boxes at (2, 2, 6, 6) and (12, 1, 16, 5); in the southern
# province 02 nobody knows of one operator.
VILLAGES = [
    # name, commune, west, south, east, north in cells, power, difficult, households
    ("Bản Một", "00101", (0, 0, 2, 2), "có", "không", 40),  # all covered
    ("Bản Hai", "00101", (7, 3, 9, 5), "không", "có", 30),  # its centre lies on the edge of row 4
    ("Bản Ba", "00101", (7, 7, 9, 9), "không", "có", 20),  # nothing
    ("Thôn Bốn", "00102", (12, 3.5, 14, 5.5), "có", "có", 10),  # centre in the second box, a quarter below it
    ("Thôn Năm", "00201", (2, 12, 4, 14), "", "?", None),  # nobody knows
    ("Thôn Sáu", "", (30, 30, 31, 31), "1", "0", -4),  # in no commune
]
MORE = """
[villages]
path = "villages.gpkg"
columns = { name = "ten", code = "ma", has_grid_power = "dien", is_extremely_difficult = "dbkk", households = "ho" }
reported = { path = "reported.csv", columns = { name = "ten", code = "ma" } }
[[facilities]]
kind = "school"
path = "schools.geojson"
[[facilities]]
kind = "clinic"
path = "clinics.geojson"
name = "ten"
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish the small country with villages, a list and facilities."""
    folder = tmp_path_factory.mktemp("villages")
    path = write_country(folder)
    path.write_text(path.read_text(encoding="utf-8") + MORE, encoding="utf-8")
    names, codes, boxes, power, difficult, households = zip(*VILLAGES, strict=True)
    gpd.GeoDataFrame(
        {"ten": names, "ma": codes, "dien": power, "dbkk": difficult, "ho": households},
        geometry=[box(*one) for one in boxes],
        crs=4326,
    ).to_file(folder / "villages.gpkg")
    listed = [
        ("ban ba", "00101"),
        ("Bản Một", "00101"),
        ("Nam", "00201"),
        ("Bản Xa", "00101"),
        ("Bản Ba", "00102"),
    ]
    pd.DataFrame(listed, columns=["ten", "ma"]).to_csv(folder / "reported.csv", index=False)
    points(folder / "schools.geojson", "name", [("=1+1", 1, 1), ("Trường Hai", 8, 8)])
    points(folder / "clinics.geojson", "ten", [("Trạm", 3, 13)])
    return pipeline.run(path, pages="none").folder


def points(path: Path, column: str, places: list[tuple[str, float, float]]) -> None:
    at = [shapely.Point(WEST + x * STEP, NORTH - y * STEP) for _, x, y in places]
    gpd.GeoDataFrame({column: [name for name, _, _ in places]}, geometry=at, crs=4326).to_file(path)


def table(run: Path, name: str) -> pd.DataFrame:
    text = {"code": str, "province_code": str}
    return pd.read_csv(run / f"{name}.csv", dtype=text, encoding="utf-8-sig", keep_default_na=False)


def test_the_state_of_every_village(run: Path) -> None:
    """By the centre first, then by the people all over it."""
    found = table(run, "villages")
    found = found[found["state"] != ""].set_index("name")
    expected = {
        "Bản Một": "covered",
        "Bản Ba": "no_signal",
        "Thôn Bốn": "partly_covered",
        "Thôn Năm": "no_data",
        "Thôn Sáu": "no_data",
    }
    assert expected == {name: found.loc[name, "state"] for name in expected}
    share = found["uncovered_share"].astype(float)
    assert 0.0 == share["Bản Một"]
    assert 1.0 == share["Bản Ba"]
    assert 0.5 == pytest.approx(share["Bản Hai"], abs=0.03)
    assert 0.25 == pytest.approx(share["Thôn Bốn"], abs=0.03)
    assert 1.0 == float(found.loc["Thôn Năm", "no_data_share"])
    assert "00101" == found.loc["Bản Ba", "code"]
    assert "" == found.loc["Thôn Sáu", "code"]


def test_the_list_of_reported_villages_is_compared_one_by_one(run: Path) -> None:
    """Accents, case and the word for village do not matter; the commune does."""
    found = table(run, "villages")
    said = {(row["name"], row["code"]): row["reported"] for _, row in found.iterrows()}
    assert "listed_confirmed" == said["Bản Ba", "00101"]
    assert "listed_covered" == said["Bản Một", "00101"]
    assert "listed_no_data" == said["Thôn Năm", "00201"]
    assert "not_listed" == said["Thôn Bốn", "00102"]
    assert "not_locatable" == said["Bản Xa", "00101"]
    assert "not_locatable" == said["Bản Ba", "00102"]


def test_counts_are_those_of_the_reports(run: Path) -> None:
    """Every village is in one row of its province, by power and difficulty; the states add up."""
    found = table(run, "village_counts")
    assert len(VILLAGES) == found["villages"].sum()
    states = found[["no_signal", "partly_covered", "covered", "no_data"]].sum(axis=1)
    assert found["villages"].tolist() == states.tolist()
    rows = found.set_index(["province_code", "grid_power", "extreme_difficulty"])
    assert 1 == rows.loc[("01", "yes", "no"), "covered"]
    assert 2 == rows.loc[("01", "no", "yes"), "villages"]
    assert 1 == rows.loc[("02", "not_stated", "not_stated"), "no_data"]


def test_facilities_by_kind_and_setting(run: Path) -> None:
    """A signal or none; names cannot become formulas."""
    found = table(run, "facilities").set_index("name")
    assert "covered" == found.loc["'=1+1", "state"]
    assert "no_signal" == found.loc["Trường Hai", "state"]
    assert "no_data" == found.loc["Trạm", "state"]
    counts = (
        table(run, "facility_counts").groupby("kind")[["facilities", "no_signal", "covered", "no_data"]].sum()
    )
    assert [2, 1, 1, 0] == counts.loc["school"].tolist()
    assert [1, 0, 0, 1] == counts.loc["clinic"].tolist()


def test_points_know_of_parts_only_with_a_radius(tmp_path: Path) -> None:
    """The centre of a village alone decides, unless somebody says how far it reaches."""
    path = write_country(tmp_path)
    points(tmp_path / "villages.geojson", "name", [("Bản", 8, 3.5)])
    section = '[villages]\npath = "villages.geojson"\n'
    text = path.read_text(encoding="utf-8")
    path.write_text(text + section, encoding="utf-8")
    row = table(pipeline.run(path, pages="none").folder, "villages").iloc[0]
    assert ("covered", "", "00101") == (row["state"], row["uncovered_share"], row["code"])
    path.write_text(text + section + "radius_m = 1000.0\n", encoding="utf-8")
    row = table(pipeline.run(path, pages="none").folder, "villages").iloc[0]
    assert "partly_covered" == row["state"]
    assert 0.1 < float(row["uncovered_share"]) < 0.4


def test_the_counts_are_said_on_the_terminal(run: Path) -> None:
    """As many as the tables have; nothing where a project names neither."""
    found = read_counts(run)
    expected = {"facilities": 3, "no_signal": 1, "covered": 1, "no_data": 1}
    assert expected == found["facilities"]
    assert len(VILLAGES) == found["villages"]["villages"]
    assert table(run, "village_counts")["no_signal"].sum() == found["villages"]["no_signal"]
    said = [line for block in run_summary(FakeReport(settlements=found), "vi") for line in block.lines]
    assert any(
        line.startswith(f"Thôn, bản: {found['villages']['no_signal']} trên {len(VILLAGES)} ") for line in said
    )
    assert {} == read_counts(run.parent)
