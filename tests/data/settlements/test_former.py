"""Reading the names of before a reform: what leads nowhere is told, and everything else is kept once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from pydantic import ValidationError

from blackspot.data.country.communes import Communes
from blackspot.data.findings.collector import Findings
from blackspot.data.project.sections.former import FormerColumns, FormerSource
from blackspot.data.settlements.former import LONGEST_NAME, read_former
from small_country import box

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

COLUMNS = FormerColumns(name="ward", district="district", province="province", code="new")
HEADER = "ward,district,province,new\n"


def communes() -> Communes:
    frame = gpd.GeoDataFrame(
        {"code": ["00101", "00102"]}, geometry=[box(0, 0, 10, 10), box(10, 0, 20, 10)], crs=4326
    )
    return Communes(frame)


def read(folder: Path, rows: str, columns: FormerColumns = COLUMNS) -> tuple[pd.DataFrame | None, Findings]:
    """Read a table of these rows."""
    path = folder / "former.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    findings = Findings(folder)
    return read_former(FormerSource(path=path, columns=columns), communes(), findings), findings


def test_names_lead_to_codes_each_once_in_order(tmp_path: Path) -> None:
    """One commune may be in two of today, and a district without communes has its own name."""
    rows = "Xã B,Huyện H,Tỉnh T,00102\nXã A,Huyện H,Tỉnh T,00102\nXã A,Huyện H,Tỉnh T,00101\n"
    rows += "Xã A,Huyện H,Tỉnh T,00101\n,Huyện Đảo,Tỉnh T,00102\nXã  C ,,,00101\n"
    found, findings = read(tmp_path, rows)
    assert found is not None
    assert [
        ("00101", "Xã A", "Huyện H, Tỉnh T"),
        ("00101", "Xã C", ""),
        ("00102", "Huyện Đảo", "Tỉnh T"),
        ("00102", "Xã A", "Huyện H, Tỉnh T"),
        ("00102", "Xã B", "Huyện H, Tỉnh T"),
    ] == list(found[["code", "name", "place"]].itertuples(index=False, name=None))
    assert [] == [item.code for item in findings.items]


def test_what_leads_nowhere_is_told_and_left_out(tmp_path: Path) -> None:
    """No name, no code, a code of nobody: the row as a spreadsheet counts, and the code."""
    found, findings = read(tmp_path, "Xã A,H,T,00101\n,,T,00101\nXã B,H,T,\nXã C,H,T,99999\nXã D,H,T,99999\n")
    assert found is not None
    assert ["Xã A"] == found["name"].tolist()
    told = {item.code: item for item in findings.items}
    assert {"former.incomplete", "former.unknown-commune"} == set(told)
    assert "2 rows have no former name or no code: 3, 4." == told["former.incomplete"].message_en
    assert "2 rows lead to codes that no commune has: 99999." == told["former.unknown-commune"].message_en


@pytest.mark.parametrize("written", ["101", "101.0"])
def test_lost_zeros_come_back_and_are_told(tmp_path: Path, written: str) -> None:
    """As numbers of a spreadsheet; where that was done by hand alone, a run asks."""
    found, findings = read(tmp_path, f"Xã A,H,T,{written}\nXã B,H,T,102\n")
    assert [True] == [item.code in {"list.codes-padded", "list.codes-short"} for item in findings.items]
    assert (found is None) == ("list.codes-short" in {item.code for item in findings.items})


def test_only_names_and_codes_are_needed(tmp_path: Path) -> None:
    """District and province are optional; a name longer than any is cut."""
    long = "A" * (LONGEST_NAME + 50)
    found, _ = read(tmp_path, f"{long},H,T,00101\n", FormerColumns(name="ward", code="new"))
    assert found is not None
    assert [("00101", "A" * LONGEST_NAME, "")] == list(
        found[["code", "name", "place"]].itertuples(index=False, name=None)
    )


def test_a_column_that_is_not_there_refuses_the_table(tmp_path: Path) -> None:
    """Under the name the project file gives."""
    found, findings = read(tmp_path, "Xã A,H,T,00101\n", FormerColumns(name="ten", code="new"))
    assert found is None
    assert ["error"] == [item.severity for item in findings.items]


def test_unknown_keys_are_refused() -> None:
    """A typing error in the project file does not go unnoticed."""
    with pytest.raises(ValidationError):
        FormerSource.model_validate({"path": "x.csv", "colums": {}})
