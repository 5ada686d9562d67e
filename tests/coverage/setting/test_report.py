"""Where legal lists and geometry disagree, one finding names the communes."""

from __future__ import annotations

import pandas as pd

from blackspot.coverage.setting.report import report_disagreement, report_special_zones
from blackspot.data.findings.collector import Findings

COLUMNS = ["code", "name", "is_border", "border_touch", "border_distance_km", "is_island", "not_connected"]


def table(*rows: tuple[object, ...], basis: str = "legal_list") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.assign(is_border_basis=basis, is_island_basis=basis)


def told(communes: pd.DataFrame) -> dict[str, str]:
    findings = Findings()
    report_disagreement(communes, findings.about("blackspot.toml"))
    return {item.code: item.message_en for item in findings.items}


def test_one_finding_names_both_sides() -> None:
    """The commune that only the list has, with its distance, and the one that only the geometry has."""
    found = told(
        table(
            ("00001", "Một", True, True, 0.0, False, False),
            ("00002", "Hai", True, False, 8.44, False, False),
            ("00003", "Ba", False, True, 1.0, True, False),
        )
    )
    border = found["setting.border-disagrees"]
    assert "agree on 1 communes" in border
    assert "1 stand in the list only: Hai (00002, 8.4 km)" in border
    assert "1 by geometry only: Ba (00003, 1.0 km)" in border
    assert "Ba (00003, 1.0 km)" in found["setting.island-disagrees"]
    assert "geometry only" not in found["setting.island-disagrees"]


def test_where_they_agree_or_only_one_speaks_nothing_is_told() -> None:
    """Nor without a border line, which leaves nothing to compare with."""
    row = ("00002", "Hai", True, False, 8.4, True, False)
    assert {} == told(table(("00001", "Một", True, True, 0.0, True, True)))
    assert {} == told(table(row, basis="land_border_distance"))
    unknown = ("00002", "Hai", True, False, float("nan"), True, True)
    assert {} == told(table(unknown))


def test_of_many_the_first_ten_are_named() -> None:
    """In the order of their codes, and how many more there are."""
    rows = [(f"{number:05}", f"X{number}", True, False, 9.0, True, True) for number in range(14)]
    border = told(table(*rows[::-1]))["setting.border-disagrees"]
    assert "X9 (00009, 9.0 km); … (+4)" in border
    assert "X10" not in border


def test_special_zones_of_another_type_are_told() -> None:
    """In Viet Nam only; a type that nobody knows is no contradiction."""
    communes = pd.DataFrame(
        {
            "code": ["06994", "07192", "11914"],
            "type": ["commune", "special_zone", None],
            "province_code": ["22", "22", "31"],
            "province_name": ["Tỉnh Quảng Ninh", "Tỉnh Quảng Ninh", "Thành phố Hải Phòng"],
        }
    )
    for frame, expected in ((communes, ["setting.special-zones"]), (communes.assign(province_name="X"), [])):
        findings = Findings()
        report_special_zones(frame, findings.about("communes.gpkg"))
        assert expected == [item.code for item in findings.items]
        assert not expected or "06994" in findings.items[0].message_en
