"""The list of provinces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackspot.data.text.wording import RANGE
from blackspot.maps.words.figures import number

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData


def test_the_list_of_provinces_has_their_figures(pages: Path, country: MapData) -> None:
    """Name, link and numbers of each province; no zero where nothing is known."""
    text = (pages / "maps" / "index.html").read_text(encoding="utf-8")
    for row in country.provinces.to_dict("records"):
        assert f'<a href="{row["province_code"]}.html">{row["province_name"]}</a>' in text
        assert number(row["pop_total"], "vi") in text
    silent = country.provinces.set_index("province_code").loc["03"]
    unknown = f"0{RANGE}{number(silent['pop_no_data_5g'], 'vi')}"
    assert f"<td>{unknown} (0{RANGE}" in text
    assert "<td>0 (0%)</td>" not in text
    assert '<a href="../map.html">' in text
    assert "<script" not in text
