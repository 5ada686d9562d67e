"""Names of provinces: by code, from a table or a layer, or a sentence that says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import pytest
import shapely

from blackspot.data.country.provinces import read_province_names
from blackspot.data.findings.collector import Findings
from blackspot.data.project.models import ProvincesSource

if TYPE_CHECKING:
    from pathlib import Path


def read(folder: Path, *rows: str, header: str = "code,name") -> tuple[dict[str, str] | None, dict[str, int]]:
    """Read a table; give the names, and how often each code is said."""
    path = folder / "tỉnh.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    findings = Findings(folder)
    names = read_province_names(ProvincesSource(path=path), findings)
    return None if names is None else dict(names.names), {item.code: item.count for item in findings.items}


def test_a_good_table(tmp_path: Path) -> None:
    """Codes stay text, names lose the spaces around and are composed."""
    names, codes = read(tmp_path, "01,  Hà   Nội ", "79,Hồ Chi\u0301 Minh")
    assert {"01": "Hà Nội", "79": "Hồ Chí Minh"} == names
    assert {} == codes


def test_lost_zeros_are_put_back_with_a_word(tmp_path: Path) -> None:
    """A spreadsheet took 01 for a number."""
    names, codes = read(tmp_path, "1,Hà Nội", "4,Cao Bằng", "79,Hồ Chí Minh")
    assert {"01": "Hà Nội", "04": "Cao Bằng", "79": "Hồ Chí Minh"} == names
    assert {"communes.codes-padded": 2} == codes


def test_rows_without_code_or_name_are_left_out_and_told(tmp_path: Path) -> None:
    """Half a row names nothing."""
    names, codes = read(tmp_path, "01,Hà Nội", "02,", ",Lào Cai")
    assert {"01": "Hà Nội"} == names
    assert {"provinces.row-left-out": 2} == codes


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("01,Hà Nội", "1,Hà Nội"), {"provinces.duplicate-code": 1}),
        (("01,Hà Nội", "123,X", "a,Y"), {"communes.bad-code": 2}),
        (("01,A", "01,B", "123,X"), {"communes.bad-code": 1, "provinces.duplicate-code": 1}),
    ],
)
def test_codes_that_name_two_provinces_or_none_are_refused(
    tmp_path: Path, rows: tuple[str, ...], expected: dict[str, int]
) -> None:
    """Both mistakes are told at once."""
    assert (None, expected) == read(tmp_path, *rows)


def test_a_missing_column_is_refused(tmp_path: Path) -> None:
    """The reader of tables says which there are."""
    names, codes = read(tmp_path, "01,Hà Nội", header="ma,name")
    assert names is None
    assert {"column.missing": 1} == codes


def test_a_layer_gives_the_names_without_its_shapes(tmp_path: Path) -> None:
    """The outline of a province is made of its communes, so the one in the file is not used."""
    path = tmp_path / "tỉnh.gpkg"
    frame = geopandas.GeoDataFrame(
        {"code": ["01", "04"], "name": ["Hà Nội", "Cao Bằng"]},
        geometry=[shapely.box(105, 20, 106, 21), shapely.box(106, 22, 107, 23)],
        crs=4326,
    )
    frame.to_file(path)
    findings = Findings(tmp_path)
    found = read_province_names(ProvincesSource(path=path), findings)
    assert found is not None
    assert ({"01": "Hà Nội", "04": "Cao Bằng"}, 2) == (found.names, found.facts.rows)
    assert () == tuple(findings.items)
