"""Lists of codes, and lines that lie around the communes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import pandas as pd
import pyogrio
import pytest
import shapely

from blackspot.data.country.communes import Communes
from blackspot.data.country.lists import read_code_list, read_lines
from blackspot.data.findings.collector import Findings
from blackspot.data.project.profile import CodeList
from blackspot.data.project.sections.values import VectorSource

if TYPE_CHECKING:
    from pathlib import Path


def _communes() -> Communes:
    codes = ["00004", "00008", "31000"]
    shapes = [shapely.box(105 + i, 21, 106 + i, 22) for i in range(3)]
    return Communes(geopandas.GeoDataFrame({"code": codes}, geometry=shapes, crs=4326))


def _list(folder: Path, text: str, column: str = "code") -> tuple[frozenset[str], Findings]:
    path = folder / "biên giới.csv"
    path.write_text(text, encoding="utf-8")
    findings = Findings(folder)
    return read_code_list(CodeList(path=path, column=column), _communes(), findings), findings


def _codes(findings: Findings) -> list[str]:
    return [finding.code for finding in findings.items]


def test_codes_are_read_as_text(tmp_path: Path) -> None:
    """Leading zeros stay; other columns and their commas do not disturb."""
    codes, findings = _list(tmp_path, 'stt,mã,tên\n1,00004,"Ba Đình, cũ"\n2,31000,Vân Đồn\n', "mã")
    assert frozenset({"00004", "31000"}) == codes
    assert [] == _codes(findings)


def test_codes_that_a_spreadsheet_made_numbers_are_mended_with_a_warning(tmp_path: Path) -> None:
    """4 is 00004, counted."""
    codes, findings = _list(tmp_path, "code\n4\n8.0\n31000\n")
    assert frozenset({"00004", "00008", "31000"}) == codes
    assert [("list.codes-padded", "warning", 2)] == [(f.code, f.severity, f.count) for f in findings.items]


def test_a_workbook_is_read_like_a_table_of_text(tmp_path: Path) -> None:
    """Lists come as XLSX too."""
    pd.DataFrame({"code": ["00004", "00008"]}).to_excel(tmp_path / "x.xlsx", index=False)
    source = CodeList(path=tmp_path / "x.xlsx")
    assert frozenset({"00004", "00008"}) == read_code_list(source, _communes(), Findings())


def test_unknown_codes_are_an_error_that_names_them(tmp_path: Path) -> None:
    """A list from before the reform must not be taken for a short list."""
    codes, findings = _list(tmp_path, "code\n00004\n99999\n88888\nx\n")
    assert frozenset({"00004"}) == codes
    (finding,) = findings.errors
    assert ("list.unknown-code", "code", 3) == (finding.code, finding.column, finding.count)
    assert "codes that no commune has: 88888, 99999, x (3 in all)." == finding.message_en
    assert "biên giới.csv" == finding.file


def test_rows_without_a_code_are_an_error_that_counts_like_a_spreadsheet(tmp_path: Path) -> None:
    """The header is row 1, and blank lines keep their number."""
    _, findings = _list(tmp_path, "code,name\n00004,a\n\n,b\n00008,c\n")
    assert ["list.missing-code"] == _codes(findings)
    assert "rows without a code: 4." == findings.items[0].message_en


def test_a_code_that_stands_twice_counts_once_with_a_note(tmp_path: Path) -> None:
    """A set is a set."""
    codes, findings = _list(tmp_path, "code\n00004\n00004\n")
    assert frozenset({"00004"}) == codes
    assert [("list.repeated-code", "note")] == [(f.code, f.severity) for f in findings.items]


@pytest.mark.parametrize("text", ["ma\n00004\n", ""])
def test_a_list_without_the_column_or_without_content_is_refused(tmp_path: Path, text: str) -> None:
    """Nothing is read, and the error says what is there."""
    codes, findings = _list(tmp_path, text)
    assert frozenset() == codes
    assert findings.errors


def test_a_missing_list_is_refused(tmp_path: Path) -> None:
    """A path that leads nowhere is no empty list."""
    findings = Findings()
    assert frozenset() == read_code_list(CodeList(path=tmp_path / "x.csv"), _communes(), findings)
    assert ["file.missing"] == _codes(findings)


def test_lines_come_out_in_degrees(tmp_path: Path) -> None:
    """A land border in VN-2000 is brought to longitude and latitude, and keeps the course that it has there."""
    line = shapely.LineString([(105, 22), (105.01, 22.01)])
    frame = geopandas.GeoDataFrame(geometry=[line], crs=4326).to_crs(3405)
    pyogrio.write_dataframe(frame, tmp_path / "x.gpkg")
    findings = Findings()
    (read,) = read_lines(VectorSource(path=tmp_path / "x.gpkg"), findings).geometry
    assert ["crs.operation"] == _codes(findings)
    assert shapely.hausdorff_distance(line, read) < 1e-5


def test_points_are_neither_a_border_nor_land(tmp_path: Path) -> None:
    """The wrong layer was named; the answer is empty and an error stands."""
    frame = geopandas.GeoDataFrame(geometry=[shapely.Point(105, 22)], crs=4326)
    pyogrio.write_dataframe(frame, tmp_path / "x.gpkg")
    findings = Findings()
    assert 0 == len(read_lines(VectorSource(path=tmp_path / "x.gpkg"), findings).geometry)
    assert ["geometry.wrong-type"] == _codes(findings)


def test_only_land_can_be_asked_for(tmp_path: Path) -> None:
    """Neighbours are areas: a line among them is refused there."""
    frame = geopandas.GeoDataFrame(geometry=[shapely.LineString([(105, 22), (106, 23)])], crs=4326)
    pyogrio.write_dataframe(frame, tmp_path / "x.gpkg")
    findings = Findings()
    assert 0 == len(read_lines(VectorSource(path=tmp_path / "x.gpkg"), findings, ("polygon",)).geometry)
    assert ["geometry.wrong-type"] == _codes(findings)


def test_the_real_land_border_and_neighbours_are_read(realdata: Path) -> None:
    """Natural Earth: 14 border lines, 5 countries."""
    path = realdata / "vietnam/ne_10m_vietnam_region.gpkg"
    findings = Findings()
    border = read_lines(VectorSource(path=path, layer="ne_10m_admin_0_boundary_lines_land"), findings)
    land = read_lines(
        VectorSource(path=path, layer="countries10_vnm_lao_khm_chn_tha"), findings, ("polygon",)
    )
    assert (14, 5) == (len(border.geometry), len(land.geometry))
    assert [] == _codes(findings)
