"""Which features are communes: filters, lakes without a code, islands with that of their commune, other registers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot.data.country.communes import Communes, read_communes
from blackspot.data.findings.collector import Findings
from blackspot.data.project.models import CommunesSource
from commune_files import codes_of, read_back, refusal_of, three_communes

if TYPE_CHECKING:
    from pathlib import Path


def test_a_lake_without_a_code_is_asked_about_and_left_out(tmp_path: Path) -> None:
    """Ground without a commune may hide people; accepted, the others stay."""
    frame = three_communes(code=[None, "00004", "00008"])
    (finding,) = refusal_of(frame, tmp_path).errors
    assert ("communes.missing-code", "ask", 1) == (finding.code, finding.severity, finding.count)
    assert "115 km²" in finding.message_en
    findings = Findings(tmp_path, ["communes.missing-code"])
    communes = read_communes(CommunesSource(path=tmp_path / "xã.gpkg"), None, findings)
    assert isinstance(communes, Communes)
    assert ["00004", "00008"] == communes.frame["code"].tolist()
    assert {"note"} == {item.severity for item in findings.items}


def test_without_any_code_there_is_nothing_to_leave_out(tmp_path: Path) -> None:
    """The wrong column was named."""
    findings = refusal_of(three_communes(code=[None, "", None]), tmp_path)
    assert ["communes.no-code-at-all"] == codes_of(findings)


def test_a_filter_leaves_out_what_is_no_commune(tmp_path: Path) -> None:
    """As for submissions; what goes is told, and a filter that keeps nothing is an error."""
    frame = three_communes(code=[None, "00004", "00008"], cap=["hồ", "xã", "xã"])
    communes, findings = read_back(frame, tmp_path, where={"column": "cap", "values": ("xã",)})
    assert communes is not None
    assert ["00004", "00008"] == communes.frame["code"].tolist()
    assert ["communes.filtered"] == codes_of(findings)
    findings = refusal_of(frame, tmp_path, where={"column": "cap", "values": ("huyện",)})
    assert ["communes.filter-keeps-nothing"] == codes_of(findings)


def test_an_island_with_the_code_of_its_commune_belongs_to_it(tmp_path: Path) -> None:
    """Two features with one code, name, province and type are parts of one commune."""
    frame = three_communes(
        code=["00008", "00004", "00008"],
        name=["Ngọc Hà", "Ba Đình", "Ngọc Hà"],
        province_code=["01"] * 3,
        type=["ward"] * 3,
        km2=[7.0, 1.0, 8.0],
    )
    communes, findings = read_back(frame, tmp_path, columns={"area_km2": "km2"})
    assert communes is not None
    assert ["00004", "00008"] == communes.frame["code"].tolist()
    whole = communes.frame.geometry[1]
    assert [pytest.approx(0.01)] * 2 == [part.area for part in whole.geoms]
    assert [False, True] == communes.frame["area_official_km2"].isna().tolist()
    assert [("communes.parts-merged", 1)] == [(item.code, item.count) for item in findings.items]


def test_parts_that_touch_are_one_ground(tmp_path: Path) -> None:
    """Neither a repair nor an overlap: their common edge goes."""
    frame = three_communes(code=["31000", "00004", "00004"], name=["Vân Đồn", "Ba Đình", "Ba Đình"])
    communes, findings = read_back(frame, tmp_path)
    assert communes is not None
    assert "Polygon" == communes.frame.geometry[0].geom_type
    assert ["communes.parts-merged"] == codes_of(findings)


@pytest.mark.parametrize(
    ("codes", "province", "widths"),
    [
        (["09162000", "09163000", "09184118"], "09", {"code_width": 8}),
        (["150101", "150102", "150103"], "15", {"code_width": 6}),
        (["2A004", "2A006", "13055"], "2A", {}),
        (["VN10101", "VN10102", "VN10103"], "VN101", {"code_width": 7, "province_code_width": 5}),
        (["VNM.1.2.10_1", "VNM.1.2.1_1"], "VNM.1_1", {"code_width": 0, "province_code_width": 0}),
        (["11.01.01.2001", "11.01.01.2002"], "11", {"code_width": 13}),
        (["1.0", "1.10", "1.2"], "1.0", {"code_width": 0, "province_code_width": 0}),
    ],
)
def test_codes_of_other_registers(
    tmp_path: Path, codes: list[str], province: str, widths: dict[str, int]
) -> None:
    """They stand as they are, and nothing is said of them, once the project file says how long they are."""
    frame = three_communes()[: len(codes)].assign(code=codes, province_code=province)
    communes, findings = read_back(frame, tmp_path, **widths)
    assert communes is not None
    assert sorted(codes) == communes.frame["code"].tolist()
    assert {province} == set(communes.frame["province_code"])
    assert [] == codes_of(findings)


@pytest.mark.parametrize(
    ("codes", "key"),
    [
        (["09162000", "09163000", "09184118"], "code_width = 8"),
        (["VNM.1.2.1_1", "VNM.1.2.2_1", "VNM.1.3.1_1"], "code_width = 0"),
        (["1234567", "123456", "12345"], "code_width = 0"),
    ],
)
def test_the_cure_names_the_key(tmp_path: Path, codes: list[str], key: str) -> None:
    """Of codes of one length without signs that length, else any."""
    (finding,) = refusal_of(three_communes(code=codes), tmp_path).errors
    assert ("communes.bad-code", True) == (finding.code, f"state {key} in [communes]" in finding.cure_en)


@pytest.mark.parametrize("code", ["x" * 41, "1\u202e2", "1\n2"])
def test_codes_of_any_length_are_no_text_of_any_kind(tmp_path: Path, code: str) -> None:
    """Neither endless nor with signs that cannot be printed."""
    findings = refusal_of(three_communes(code=[code, "00004", "00008"]), tmp_path, code_width=0)
    assert "communes.bad-code" in codes_of(findings)


def test_official_areas_as_text(tmp_path: Path) -> None:
    """With decimal commas, as Vietnamese tables have them; what is no number is told, and is no area."""
    frame = three_communes(km2=["1.234,5", "12,5", "3.412"])
    communes, findings = read_back(frame, tmp_path, columns={"area_km2": "km2"})
    assert communes is not None
    assert [12.5, 3412.0, 1234.5] == communes.frame["area_official_km2"].tolist()
    assert [] == codes_of(findings)
    communes, findings = read_back(
        three_communes(km2=["3.412", "?", "7"]), tmp_path, columns={"area_km2": "km2"}
    )
    assert communes is not None
    assert [True, False, True] == communes.frame["area_official_km2"].isna().tolist()
    (told,) = findings.items
    assert ("communes.area-unclear", "warning", 2) == (told.code, told.severity, told.count)
