"""Rows of provinces among those of communes: told and left out, and never taken for another commune."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas
import pytest
import shapely

from blackspot.data.country.codes import CodeSystem
from blackspot.data.country.communes import Communes
from blackspot.data.country.lists import read_code_list
from blackspot.data.country.totals import read_totals
from blackspot.data.findings.collector import Findings
from blackspot.data.project.population import TotalsSource
from blackspot.data.project.profile import CodeList

if TYPE_CHECKING:
    from pathlib import Path

CODES = ["00004", "00008", "01273"]


def country(codes: list[str] = CODES, province: str = "04", system: CodeSystem = CodeSystem()) -> Communes:  # noqa: B008 - frozen
    """Province 04 has the last commune, province 01 the two others."""
    frame = geopandas.GeoDataFrame(
        {
            "code": codes,
            "name": ["Ba Đình", "Ngọc Hà", "Thục Phán"],
            "province_code": ["01", "01", province],
            "province_name": ["Hà Nội", "Hà Nội", "Cao Bằng"],
        },
        geometry=[shapely.box(at, 0, at + 1, 1) for at in range(3)],
        crs=4326,
    )
    return Communes(frame, system=system)


def table(folder: Path, *rows: str) -> Path:
    """Write a table of codes, figures and a column of names that no project file mentions."""
    named = [row if row.count(";") == 2 else f"{row};" for row in rows]
    path = folder / "totals.csv"
    path.write_text("\n".join(["code;population;đơn vị", *named, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rows", "people", "told"),
    [
        (["04;90", "01273;80"], {"01273": 80.0}, ["province-rows"]),
        (["4;90", "1273;80"], None, ["codes-short"]),
        (["4;90;Tỉnh Cao Bằng", "1273;80;Xã X"], {"01273": 80.0}, ["province-rows", "codes-padded"]),
        (["4;90;TP Cao Bằng", "1273;80"], {"01273": 80.0}, ["province-rows", "codes-padded"]),
        (["4;90;cao bằng", "1273;80"], {"01273": 80.0}, ["province-rows", "codes-padded"]),
        (["4;90;Ba Đình", "1273;80"], {"00004": 90.0, "01273": 80.0}, ["codes-padded"]),
        (["4;90;Phường Ba Đình", "1273;80"], {"00004": 90.0, "01273": 80.0}, ["codes-padded"]),
        (["1;90", "4;7;Ba Đình"], {"00004": 7.0}, ["province-rows", "codes-padded"]),
        (["04;90;Phường Ba Đình", "01273;80"], None, ["codes-short"]),
    ],
)
def test_names_decide_where_there_are_some_then_zeros(
    tmp_path: Path, rows: list[str], people: dict[str, float] | None, told: list[str]
) -> None:
    """04 never lost a zero, and is a province; 4 may be 04 or 00004, and is asked about without a name."""
    findings = Findings(tmp_path)
    totals = read_totals(TotalsSource(path=table(tmp_path, *rows)), country(), findings)
    found = {item.code for item in findings.items} - {"totals.missing-commune"}
    assert {f"totals.{name}" for name in told} == found
    assert people == (None if totals is None else totals.people)


def test_a_list_with_the_row_of_a_province(tmp_path: Path) -> None:
    """Its communes stand there themselves."""
    path = tmp_path / "border.csv"
    path.write_text("ma_xa,ten\n04,Tỉnh Cao Bằng\n01273,Xã Thục Phán\n", encoding="utf-8")
    findings = Findings(tmp_path)
    codes = read_code_list(CodeList(path=path, column="ma_xa"), country(), findings)
    assert frozenset({"01273"}) == codes
    (note,) = findings.items
    assert ("list.province-rows", "note", "2", 1) == (note.code, note.severity, note.row, note.count)
    assert "codes 04" in note.message_en


def test_without_communes_only_names_tell_a_province(tmp_path: Path) -> None:
    """Nothing else is known then."""
    path = tmp_path / "border.csv"
    path.write_text("code,ten\n04,Tỉnh Cao Bằng\n01273,Xã Thục Phán\n", encoding="utf-8")
    findings = Findings(tmp_path)
    assert frozenset({"01273"}) == read_code_list(CodeList(path=path), None, findings)


@pytest.mark.parametrize(
    ("system", "codes", "province"),
    [
        (CodeSystem(8, 2), ["09162000", "09163000", "04184118"], "04"),
        (CodeSystem(0, 0), ["VNM.1.2.1_1", "VNM.1.2.10_1", "VNM.4.1.1_1"], "VNM.4_1"),
    ],
)
def test_provinces_of_other_registers(
    tmp_path: Path, system: CodeSystem, codes: list[str], province: str
) -> None:
    """By the lengths of the project file."""
    path = tmp_path / "list.csv"
    path.write_text(f"code,n\n{province},x\n{codes[2]},y\n", encoding="utf-8")
    findings = Findings(tmp_path)
    known = country(codes, province, system)
    assert frozenset({codes[2]}) == read_code_list(CodeList(path=path), known, findings)
    assert ["list.province-rows"] == [item.code for item in findings.items]


def test_codes_of_any_length_without_a_register_are_all_taken(tmp_path: Path) -> None:
    """A column with the name of the province stands in every row then, and tells nothing."""
    path = tmp_path / "list.csv"
    path.write_text("code,tỉnh\nVNM.1.2.1_1,Tỉnh Cao Bằng\n", encoding="utf-8")
    codes = ["VNM.1.2.1_1", "VNM.1.2.2_1", "VNM.4.1.1_1"]
    known = replace(country(codes, "VNM.4_1", CodeSystem(0, 0)), registered=False)
    findings = Findings(tmp_path)
    assert frozenset({codes[0]}) == read_code_list(CodeList(path=path), known, findings)
    assert () == findings.items
