"""The search of a page, run in node: places by their names, those of before too, codes and coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from page_scripts import NODE, run

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.skipif(NODE is None, reason="no node")


def found(
    query: str, names: Sequence[str], former: Sequence[tuple[int, str, str]] = ()
) -> list[tuple[str, int]]:
    """Search communes of the province Núi, codes 00001 and so on: kind and row of each hit."""
    table = {
        "name": names,
        "code": [f"{at + 1:05d}" for at in range(len(names))],
        "province": [0] * len(names),
        "type": [1] * len(names),
    }
    before = {key: [row[at] for row in former] for at, key in enumerate(("row", "name", "place"))}
    expression = (
        "BS.find(BS.findIndex(args[0], [{ name: 'Núi', listed: true }], args[1], ['', 'xa']), args[2], 9)"
        ".map((hit) => [hit.kind, hit.row])"
    )
    return [(kind, row) for kind, row in run(expression, table, before, query)]


def test_exact_spelling_ranks_before_the_folded_one() -> None:
    """Who types the accents means them; where the tone stands makes no difference."""
    names = ["Xã Hoa", "Xã Hòa", "Xã Hóa", "Xã Hoá Sơn"]
    assert ("commune", 1) == found("hòa", names)[0]
    assert ("commune", 1) == found("hoà", names)[0]
    assert [0, 1, 2] == sorted(row for _, row in found("hoa nui", names)[:3])
    assert [("commune", 2)] == found("00003", names)
    assert [] == found("hx", names)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("phú quốc", 0),
        ("đặc khu phú quốc", 0),
        ("tp phu quoc", 0),
        ("Phu Quoc special zone", 0),
        ("phuquoc", 0),
        ("dackhuphuquoc", 0),
        ("phu q", 0),
        ("phu qouc", 0),
        ("phu quocc", 0),
        ("phu quo nui", 0),
        ("phi quok nui", None),
        ("Sapa", 1),
        ("xã xa dung", 2),
        ("2", 1),
        ("000", 0),
        ("ຫຼວງ", 3),
    ],
)
def test_search_forgives_types_joined_words_and_one_slip(query: str, expected: int | None) -> None:
    """Of two slips it forgives none; a code finds back its zeros; other scripts are found as they are written."""
    names = ["Phú Quốc", "Sa Pa", "Xa Dung", "ຫຼວງພະບາງ"]
    hits = found(query, names)
    assert (None if expected is None else ("commune", expected)) == (hits[0] if hits else None)


def test_a_former_name_leads_to_todays_communes_once_each() -> None:
    """Communes of today come before those that had the name, provinces before both; a district tells equal names apart."""
    former = [
        (0, "Phường Dương Đông", "Thành phố Phú Quốc, Tỉnh Kiên Giang"),
        (0, "Xã Dương Tơ", "Thành phố Phú Quốc, Tỉnh Kiên Giang"),
        (1, "Phường 1", "Quận 3, Thành phố Hồ Chí Minh"),
        (2, "Phường 1", "Quận 10, Thành phố Hồ Chí Minh"),
        (2, "Xã Núi", "Huyện Cao"),
    ]
    names = ["Phú Quốc", "Bàn Cờ", "Vườn Lài", "Núi"]
    assert [("former", 0)] == found("duong", names, former)
    assert ("former", 0) == found("Dương Đông", names, former)[0]
    assert ("former", 1) == found("phường 1 quận 3", names, former)[0]
    assert ("former", 2) == found("p 1 quan 10", names, former)[0]
    assert [("province", 0), ("commune", 3), ("former", 2)] == found("núi", names, former)[:3]


MERGED = [
    (0, "Xã Lũng Cú", "Huyện Đồng Văn, Tỉnh Hà Giang"),
    (1, "Xã Sủng Là", "Huyện Đồng Văn, Tỉnh Hà Giang"),
    (2, "Xã Hà Giang", "Huyện Đông Hưng, Tỉnh Thái Bình"),
    (2, "Xã Yên Phú", "Huyện Bắc Mê, Tỉnh Hà Giang"),
    (1, "Xã Cũ", "Thành phố Thủ Đức, Thành phố Hồ Chí Minh"),
]


def found_of_provinces(query: str) -> list[tuple[str, int]]:
    """Search communes of Tuyên Quang (rows 0 and 1) and of Hồ Chí Minh (row 2)."""
    table = {"name": ["Lũng Cú", "Sà Phìn", "Đông Quan"], "code": ["1", "2", "3"], "province": [0, 0, 1]}
    before = {key: [row[at] for row in MERGED] for at, key in enumerate(("row", "name", "place"))}
    expression = """(() => {
      const provinces = [{ name: 'Tuyên Quang', listed: true }, { name: 'Thành phố Hồ Chí Minh', listed: true }];
      return BS.find(BS.findIndex(args[0], provinces, args[1], ['', 'xa']), args[2], 9).map((hit) => [hit.kind, hit.row]);
    })()"""
    return [(kind, row) for kind, row in run(expression, table | {"type": [1, 1, 1]}, before, query)]


@pytest.mark.parametrize("query", ["Hà Giang", "tỉnh Hà Giang", "hagiang", "ha gaing"])
def test_a_province_of_before_leads_to_those_of_today(query: str) -> None:
    """The one that took most of its communes comes first, and before communes that had its name."""
    assert [("merged", 0), ("merged", 1), ("former", 2)] == found_of_provinces(query)[:3]


def test_a_province_that_is_still_there_is_none_of_before() -> None:
    """With or without its type, or by its initials alone."""
    for query in ("Hồ Chí Minh", "TP.HCM", "tphcm", "hcm"):
        hits = found_of_provinces(query)
        assert ("province", 1) == hits[0]
        assert "merged" not in {kind for kind, _ in hits}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("22.8, 104.9", [22.8, 104.9]),
        ("22 48 36 N, 104 54 0 E", [22.81, 104.9]),
        ("22 48 N 104 54 E", [22.8, 104.9]),
        ("104:54:00 Đ 22:48:36 B", [22.81, 104.9]),
        ("geo:22.8,104.9", [22.8, 104.9]),
        ("geo:22.80000,104.90000?z=12", [22.8, 104.9]),
        ("22 61 0 N, 104 54 0 E", None),
        ("22 48 36, 104 54 0", None),
        ("22.8 104.9", [22.8, 104.9]),
        ("22,8 104,9", [22.8, 104.9]),
        ("22,8; 104,9", [22.8, 104.9]),
        ("22.8,104.9", [22.8, 104.9]),
        ("(104.9, 22.8)", [22.8, 104.9]),
        ("22°48'N 104°54'E", [22.8, 104.9]),
        ("N 22.8 E 104.9", [22.8, 104.9]),
        ("22\u00b048\u203200\u2033B, 104\u00b054\u203200\u2033Đ", [22.8, 104.9]),
        ("22°48'36\"N104°54'0\"E", [22.81, 104.9]),
        ("104.9E 22.8N", [22.8, 104.9]),
        ("10°N 104°Đ", [10.0, 104.0]),
        ("-6.2, 106.8", [-6.2, 106.8]),
        ("6.2S 106.8E", [-6.2, 106.8]),
        ("22 104", None),
        ("phường 1 quận 3", None),
        ("22.8", None),
        ("22°61'N 104°E", None),
        ("95.1, 200.3", None),
        ("22.8N 104.9N", None),
    ],
)
def test_coordinates_are_read_as_people_write_them(query: str, expected: list[float] | None) -> None:
    """Decimal and in degrees, minutes, seconds; either order; Vietnamese and English sides."""
    at = run("BS.coordinates(args[0], [102, 8, 110, 24])", query)
    assert expected == (None if at is None else [round(at["lat"], 6), round(at["lng"], 6)])
