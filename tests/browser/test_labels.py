"""Names on the map: every province of the country has one, none lies over another, and lines lead to those that stand aside."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from blackspot.maps.pages.page import build_pages
from printed_pages import picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData

    Visit = Callable[..., Any]

PROVINCES = 34
LABELS = """() => {
  const EDGE = 1; /* pixels: where the map and its canvas lie is rounded differently */
  const canvas = document.querySelector('.leaflet-names-pane canvas').getBoundingClientRect(), map = BS.by('slot').getBoundingClientRect();
  const x = canvas.left - map.left, y = canvas.top - map.top, over = BS.covers();
  return BS.app.named.map((one) => {
    const [left, top, right, bottom] = [one.box[0] + x, one.box[1] + y, one.box[2] + x, one.box[3] + y];
    return { text: one.text, kind: one.kind, box: one.box, line: one.line || null,
      cut: left < -EDGE || top < -EDGE || right > map.width + EDGE || bottom > map.height + EDGE,
      covered: over.some((b) => b.left < right - EDGE && b.right > left + EDGE && b.top < bottom - EDGE && b.bottom > top + EDGE) };
  });
}"""
INK = """() => {
  const canvas = document.querySelector('.leaflet-names-pane canvas');
  return [canvas.toDataURL('image/png'), canvas.width / parseFloat(canvas.style.width)];
}"""


def overlapping(labels: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Name the pairs whose boxes share any ground."""
    return [
        (one["text"], other["text"])
        for at, one in enumerate(labels)
        for other in labels[at + 1 :]
        if min(one["box"][2], other["box"][2]) > max(one["box"][0], other["box"][0])
        and min(one["box"][3], other["box"][3]) > max(one["box"][1], other["box"][1])
    ]


def assert_all_named(visitor: Any, names: set[str]) -> list[dict[str, Any]]:
    """Check that these provinces are named, each once, in sight, apart from everything else."""
    visitor.page.wait_for_timeout(300)  # longer than anything that follows a move
    visitor.settle()
    labels: list[dict[str, Any]] = visitor.page.evaluate(LABELS)
    provinces = [one for one in labels if one["kind"] == "province"]
    assert sorted(names) == sorted(one["text"] for one in provinces)
    assert [] == overlapping(labels)
    assert [] == [one["text"] for one in provinces if one["cut"] or one["covered"]]
    return labels


@pytest.fixture(scope="module")
def crowded(country: MapData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of the made-up country in 34 provinces of about two communes each, with names of usual length."""
    communes, spots = country.communes.copy(), country.black_spots.copy()
    number = np.arange(len(communes)) % PROVINCES + 1
    communes["province_code"] = [f"{one:02d}" for one in number]
    communes["province_name"] = [f"Tỉnh Thứ {one:02d}" for one in number]
    code_of = communes.set_index("code")["province_code"]
    for name in {"province_code", "province_name"} & set(spots.columns):
        spots[name] = spots["code"].map(communes.set_index("code")[name])
    sums = communes.select_dtypes("number").groupby(code_of.to_numpy()).sum()
    sums.insert(0, "province_code", sums.index)
    sums.insert(1, "province_name", [f"Tỉnh Thứ {code}" for code in sums.index])
    kept = [name for name in country.provinces.columns if name in sums.columns]
    folder = tmp_path_factory.mktemp("crowded")
    data = replace(country, communes=communes, provinces=sums[kept].reset_index(drop=True), black_spots=spots)
    build_pages(data, folder, pages="national")
    return folder / "map.html"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("screen", [(1366, 768), (1093, 768)], ids=str)
def test_all_provinces_are_named_and_no_name_lies_over_another(
    visit: Visit, crowded: Path, screen: tuple[int, int], language: str
) -> None:
    """Names that have no room at their place stand aside, and a line leads from the place to each."""
    visitor = visit(crowded, f"#l={language}", width=screen[0], height=screen[1])
    visitor.page.evaluate("() => BS.app.map.setZoom(6.5, { animate: false })")
    labels = assert_all_named(visitor, {f"Tỉnh Thứ {one:02d}" for one in range(1, PROVINCES + 1)})
    aside = [one for one in labels if one["line"]]
    assert len(aside) > PROVINCES // 2
    points = visitor.page.evaluate(
        "() => Object.fromEntries(BS.app.provincePoints.map((p, at) => [BS.app.model.provinceNames[at], [p.x, p.y]]))"
    )
    view = visitor.page.evaluate(
        """() => { const map = BS.app.map, layer = BS.app.layers.names, origin = map.getPixelOrigin();
          return [Math.pow(2, map.getZoom()), origin.x + layer._bounds.min.x, origin.y + layer._bounds.min.y]; }"""
    )
    for one in aside:
        x, y, end_x, end_y = one["line"]
        place = np.array(points[one["text"]]) * view[0] - view[1:]
        assert [x, y] == pytest.approx(place, abs=1)
        box = one["box"]
        assert box[0] <= end_x <= box[2]
        assert box[1] <= end_y <= box[3]
    address, ratio = visitor.page.evaluate(INK)
    ink = picture(address)
    for one in labels:  # what is said to be written there is: dark letters in its box
        left, top, right, bottom = (round(side * ratio) for side in one["box"])
        assert ink[max(0, top) : bottom, max(0, left) : right].min() < 130, one["text"]
    assert [] == visitor.complaints
