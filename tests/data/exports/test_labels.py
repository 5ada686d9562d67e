"""Columns in words."""

from __future__ import annotations

import pytest

from blackspot.data.exports.labels import column_label


@pytest.mark.parametrize(
    ("column", "vietnamese", "english"),
    [
        ("pop_total", "Dân số", "People"),
        ("pop_covered_5g", "Dân số có 5G", "People with 5G"),
        (
            "pop_covered_5g_max_operator",
            "Dân số có 5G, nhà mạng lớn nhất",
            "People with 5G, largest operator",
        ),
        ("pop_covered_5g_all", "Dân số có 5G của mọi nhà mạng", "People with 5G from every operator"),
        (
            "pop_covered_5g_at_least_2",
            "Dân số có 5G của ít nhất 2 nhà mạng",
            "People with 5G from at least 2 operators",
        ),
        ("pop_covered_fibre_sao_mai", "Dân số có cáp quang của sao mai", "People with fibre from sao mai"),
        ("pop_covered_5g_viet_all", "Dân số có 5G của viet all", "People with 5G from viet all"),
        ("pop_no_data_fibre", "Dân số không có dữ liệu cáp quang", "People without data on fibre"),
        ("distance_to_5g_km", "Khoảng cách đến nơi có 5G (km)", "Distance to 5G (km)"),
        ("is_island_basis", "Căn cứ xác định (hải đảo)", "Basis of the flag (island)"),
        ("tier_1_communes", "Số xã thuộc nhóm ưu tiên 1", "Communes in priority tier 1"),
        ("something_else", "", ""),
    ],
)
def test_columns_in_words(column: str, vietnamese: str, english: str) -> None:
    """Columns made from services and operators are understood, too."""
    assert (vietnamese, english) == column_label(column)
