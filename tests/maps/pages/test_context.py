"""What lies around black spots: cut to provinces, in order of importance, within the room of a page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from blackspot.maps.encoding.context import WORLD_PX, decode_context
from blackspot.maps.pages import page
from blackspot.maps.pages.context import KINDS, MARGIN_DEG, context_words, surroundings
from blackspot.maps.pages.store import read_map_data, write_map_layers
from context_layers import layer, made_layers
from page_country import facts

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.encoding.context import MapFeatures
    from blackspot.maps.pages.map_data import MapData

COMMUNES = gpd.GeoDataFrame(
    {"code": ["00101", "00201"], "province_code": ["01", "02"]},
    geometry=[shapely.box(105, 20, 106, 21), shapely.box(106, 20, 107, 21)],
    crs=4326,
)
SPOT = pd.DataFrame({"code": ["00101"], "lon": [105.5], "lat": [20.5]})
ENOUGH = 10**6


def line(west: float, east: float, lat: float = 20.5) -> shapely.LineString:
    return shapely.LineString([(west, lat), (east, lat)])


def features(found: dict[str, object], code: str) -> MapFeatures:
    return decode_context(found[code].content)  # type: ignore[attr-defined] # Surroundings


def longitudes(some: MapFeatures) -> list[list[float]]:
    """West and east of each line, degrees."""
    degrees = (some.points[:, 0] / WORLD_PX - 0.5) * 360
    pairs = zip(some.start[:-1], some.start[1:], strict=True)
    return [[float(degrees[a:b].min()), float(degrees[a:b].max())] for a, b in pairs]


def test_a_line_is_cut_where_the_province_and_its_margin_end() -> None:
    """A road across both provinces ends 0.02 degrees beyond each."""
    found = surroundings([layer("roads", [line(104, 108)])], COMMUNES, SPOT, ENOUGH)
    west = longitudes(features(found, "01"))
    assert [[105 - MARGIN_DEG, 106 + MARGIN_DEG]] == [pytest.approx(west[0], abs=1e-4)]
    east = longitudes(features(found, "02"))
    assert [[106 - MARGIN_DEG, 107 + MARGIN_DEG]] == [pytest.approx(east[0], abs=1e-4)]


def test_what_lies_elsewhere_is_in_no_province() -> None:
    """A road abroad, and a province with nothing around."""
    found = surroundings([layer("roads", [line(105.2, 105.6), line(100, 101)])], COMMUNES, SPOT, ENOUGH)
    assert {"01": {KINDS.index("roads"): 1}} == {code: dict(one.counts) for code, one in found.items()}


def test_pieces_of_one_road_are_one_line_and_the_longest_come_first() -> None:
    """Two pieces of one name make 0.4 degrees, more than the 0.3 of the other; a more important one is before both."""
    shapes = [line(105.5, 105.8, 20.3), line(105.2, 105.4), line(105.4, 105.6), line(105.1, 105.15, 20.8)]
    roads = layer("roads", shapes, ["B", "A", "A", "C"], [1.0, 1.0, 1.0, 0.0])
    some = features(surroundings([roads], COMMUNES, SPOT, ENOUGH), "01")
    assert ["C", "A", "B"] == some.name
    assert [105.2, 105.6] == pytest.approx(longitudes(some)[1], abs=1e-4)


def test_points_nearest_to_a_black_spot_come_first() -> None:
    """Of the province's own spots."""
    at = [shapely.Point(105.1, 20.1), shapely.Point(105.52, 20.5), shapely.Point(105.6, 20.5)]
    found = surroundings([layer("villages", at, ["far", "near", "between"])], COMMUNES, SPOT, ENOUGH)
    assert ["near", "between", "far"] == features(found, "01").name


def test_lines_are_drawn_with_fewer_points_within_a_pixel() -> None:
    """Of a wave of half a metre nothing stays; one of a kilometre keeps its turns."""
    x = np.linspace(105.2, 105.8, 4001)
    shapes = [
        shapely.LineString(np.column_stack([x, 20.2 + 5e-6 * np.sin(x * 5000)])),
        shapely.LineString(np.column_stack([x, 20.6 + 0.01 * np.sin(x * 200)])),
    ]
    some = features(
        surroundings([layer("rivers", shapes, ["calm", "winding"])], COMMUNES, SPOT, ENOUGH), "01"
    )
    count = dict(zip(some.name, np.diff(some.start).tolist(), strict=True))
    assert 2 == count["calm"]
    assert 100 < count["winding"] < 2000


def test_a_small_budget_keeps_the_most_important_and_counts_the_rest() -> None:
    """The block stays below three quarters of the budget, as it stands in base64."""
    roads = [line(105.1, 105.1 + 0.001 * at, 20.0 + 0.001 * at) for at in range(1, 801)]
    found = surroundings([layer("roads", roads)], COMMUNES, SPOT, 2000)["01"]
    content, said = found.fitted(ENOUGH)
    assert 1000 < len(content) <= 1500
    assert [("roads", 800)] == [(one["kind"], one["all"]) for one in said]
    kept = longitudes(decode_context(content))
    assert said[0]["shown"] == len(kept) < 800
    assert 0.8 == pytest.approx(kept[0][1] - kept[0][0], abs=1e-3)
    less, fewer = found.fitted(1000)
    assert len(less) <= 750
    assert 0 < fewer[0]["shown"] < said[0]["shown"]
    assert (b"", 0) == (found.fitted(0)[0], found.fitted(0)[1][0]["shown"])


def test_no_layer_is_nothing() -> None:
    """No province has an entry."""
    assert {} == surroundings([], COMMUNES, SPOT, ENOUGH)
    assert {} == surroundings([layer("roads", [line(1, 2)])], COMMUNES, SPOT, ENOUGH)


def with_context(country: MapData, budget: int = ENOUGH) -> MapData:
    around = surroundings(made_layers(), country.communes, country.black_spots, budget)
    return replace(country, context=around, about={**country.about, "context_budget_kb": budget // 1000})


def test_only_pages_of_provinces_have_it_and_two_builds_are_the_same(
    country: MapData, tmp_path: Path
) -> None:
    """The national page is byte for byte the one without."""
    built = []
    for name, data in (("a", with_context(country)), ("b", with_context(country)), ("plain", country)):
        (tmp_path / name).mkdir()
        page.build_pages(data, tmp_path / name)
        built.append({path.name: path.read_bytes() for path in (tmp_path / name).rglob("*.html")})
    one, again, plain = built
    assert one == again
    assert plain["map.html"] == one["map.html"]
    assert b"bs-context" in one["02.html"]
    assert b"bs-context" not in plain["02.html"]


def test_a_kept_run_gives_the_same_page(country: MapData, tmp_path: Path) -> None:
    """What is around is kept with the run, province by province."""
    data = with_context(country)
    page.build_pages(data, tmp_path, pages="provinces")
    before = (tmp_path / "maps" / "02.html").read_bytes()
    data.communes.to_parquet(tmp_path / "communes.parquet", index=False)
    data.black_spots.to_parquet(tmp_path / "black_spots.parquet", index=False)
    data.provinces.to_csv(tmp_path / "provinces.csv", index=False, encoding="utf-8-sig")
    write_map_layers(
        tmp_path, data.coverage, data.neighbours, about=data.about, previous=data.previous, former=data.former,
        context=data.context,
    )  # fmt: skip
    again = read_map_data(tmp_path)
    assert {code: one.content for code, one in data.context.items()} == {
        code: one.content for code, one in again.context.items()
    }
    page.build_pages(again, tmp_path, pages="provinces")
    assert before == (tmp_path / "maps" / "02.html").read_bytes()


def test_a_full_page_leaves_surroundings_out(
    country: MapData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a page may have at most is 2.5 million bytes; here it is less, so that few roads fill it."""
    assert page.WITH_CONTEXT_BYTES == 2_500_000
    monkeypatch.setattr(page, "WITH_CONTEXT_BYTES", 740_000)
    rng = np.random.default_rng(8)
    starts = rng.uniform([105.1, 15.3], [105.7, 15.5], (700, 1, 2))
    roads = layer("roads", shapely.linestrings(starts + rng.normal(0, 0.05, (700, 100, 2))).tolist())
    here = country.communes[country.communes["province_code"] == "02"]
    around = surroundings([roads], here, country.black_spots, ENOUGH)
    assert len(around["02"].content) > 220_000
    page.build_pages(replace(country, context=around), tmp_path, pages="provinces")
    size = (tmp_path / "maps" / "02.html").stat().st_size
    assert 640_000 < size <= 740_000
    (said,) = facts(tmp_path / "maps" / "02.html")["context"]["kinds"]
    assert 0 < said["shown"] < said["all"]


def test_every_kind_has_a_word() -> None:
    """In both languages."""
    for language in ("vi", "en"):
        assert {f"context.{kind}" for kind in KINDS} <= set(context_words()[language])
