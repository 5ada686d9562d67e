"""What lies around black spots, on the page of a province: seen, named, explained, and taken away by a switch."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

from blackspot.maps.encoding.context import decode_context
from blackspot.maps.pages.context import KINDS, context_words, surroundings
from blackspot.maps.pages.page import build_pages
from context_layers import layer, made_layers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from blackspot.maps.pages.map_data import MapData

    Visit = Callable[..., Any]

BLACK_SPOT = "#m=13/{lat}/{lng}&l=en"
LEGEND = "() => Array.from(document.querySelectorAll('#legend .sign'), (one) => one.nextSibling.textContent)"
CANVAS = """(pane) => {
  const canvas = document.querySelector(`.leaflet-${pane}-pane canvas`), size = [canvas.height, canvas.width];
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let text = '';
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return [size, btoa(text)];
}"""
READ = "() => new Promise((done) => BS.withContext(done)).then(() => BS.app.context && true)"


@pytest.fixture(scope="module")
def built(country: MapData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the made country with its roads, rivers and villages, as many as 2,500 bytes hold."""
    around = surroundings(made_layers(), country.communes, country.black_spots, 2500)
    folder = tmp_path_factory.mktemp("context")
    build_pages(replace(country, context=around, about={**country.about, "context_budget_kb": 2}), folder)
    return folder / "maps" / "02.html"


def painted(page: Any, pane: str) -> NDArray[np.uint8]:
    """Take what stands on the canvas of a pane: red, green, blue, opacity."""
    size, content = page.evaluate(CANVAS, pane)
    return np.frombuffer(base64.b64decode(content), dtype=np.uint8).reshape(*size, 4)


def test_every_kind_is_drawn_and_named_until_the_switch_takes_it_away(visit: Visit, built: Path) -> None:
    """Canvas, legend, address and names follow the switch in the list of layers."""
    visitor = visit(built, "#l=en")
    page = visitor.page
    page.evaluate(READ)
    visitor.settle()
    words = context_words()["en"]
    shown = page.evaluate("() => BS.app.meta.context.kinds.filter((one) => one.shown).map((one) => one.kind)")
    assert list(KINDS) == shown
    assert [words[f"context.{kind}"] for kind in KINDS] == page.evaluate(LEGEND)
    drawn = painted(page, "context")[..., 3] > 0
    assert drawn.mean() > 0.002
    page.click("#do-filters")
    page.evaluate("() => { BS.by('more').open = true; }")
    page.click("#spots label:has(input[value=context])")
    visitor.settle()
    assert not painted(page, "context")[..., 3].any()
    assert [] == page.evaluate(LEGEND)
    page.wait_for_function("() => location.hash.includes('e=0')")
    page.reload()
    page.wait_for_function("() => window.BS && BS.readyAt")
    assert page.evaluate("() => BS.app.state.context") is False
    assert [] == [said for said in visitor.complaints if "willReadFrequently" not in said]  # this test reads


def test_what_the_page_decodes_is_what_was_written(visit: Visit, built: Path, country: MapData) -> None:
    """Kinds, names and places, to half a pixel of the finest zoom."""
    page = visit(built).page
    page.evaluate(READ)
    found = page.evaluate(
        "() => { const c = BS.app.context; return [c.kind, c.name, Array.from(c.start), Array.from(c.wx), Array.from(c.wy)]; }"
    )
    around = surroundings(made_layers(), country.communes, country.black_spots, 2500)
    some = decode_context(around["02"].content)
    kinds = page.evaluate("() => BS.CONTEXT_KINDS")
    assert (list(KINDS), some.kind.tolist(), some.name, some.start.tolist()) == (kinds, *found[:3])
    assert (some.points / 2**14).T.tolist() == found[3:]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_method_and_sources_say_what_had_no_room(visit: Visit, built: Path, language: str) -> None:
    """With counts of every kind."""
    page = visit(built, f"#l={language}").page
    kinds = page.evaluate("() => BS.app.meta.context.kinds")
    words = context_words()[language]
    left = [one for one in kinds if one["shown"] < one["all"]]
    assert left
    said = page.inner_text("#sources")
    page.click("#do-method")
    method = page.inner_text("#dialog")
    for one in left:
        name = words[f"context.{one['kind']}"]
        slots = {"{kind}": name, "{left}": str(one["all"] - one["shown"]), "{all}": str(one["all"])}
        assert re.sub(r"{\w+}", lambda slot: slots[slot[0]], words["context.leftOf"]) in said  # noqa: B023
    for one in kinds:
        line = words["context.shown"].replace("{shown}", str(one["shown"])).replace("{all}", str(one["all"]))
        assert line in method


def test_names_of_villages_stand_on_the_map_and_hostile_ones_run_nothing(
    visit: Visit, country: MapData, tmp_path: Path, hostile_texts: tuple[str, ...]
) -> None:
    """Markup is written as it is, a name that never ends is cut, direction overrides are gone."""
    count = len(hostile_texts)
    at = shapely.points(np.linspace(105.1, 105.7, count), np.full(count, 15.42)).tolist()
    roads = [shapely.LineString([(105.1, 15.3 + 0.005 * n), (105.7, 15.3 + 0.005 * n)]) for n in range(count)]
    layers = [layer("villages", at, hostile_texts), layer("roads", roads, hostile_texts)]
    around = surroundings(layers, country.communes, country.black_spots, 100_000)
    build_pages(replace(country, context=around), tmp_path, pages="provinces")
    visitor = visit(tmp_path / "maps" / "02.html", "#m=11/15.4/105.4")
    page = visitor.page
    page.evaluate(READ)
    visitor.settle()
    named = page.evaluate("() => BS.app.named.filter((one) => one.kind === 'around').map((one) => one.text)")
    assert named
    assert max(map(len, named)) <= 44
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", "".join(named))
    assert page.evaluate("() => window.pwned") is None
    assert 0 == page.evaluate("() => document.querySelectorAll('#stage img, #legend img, svg').length")
    assert [] == visitor.complaints


def luminance(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Relative luminance, WCAG 2.2: sRGB from 0 to 255, shape (..., 3)."""
    share = colours / 255.0
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def test_black_spots_stand_out_from_every_class_and_from_what_lies_around(
    visit: Visit, built: Path, country: MapData
) -> None:
    """Hatch and outline against the white halo, and against the faded colours: at least 3 to 1, measured on the screen."""
    spots = country.black_spots
    here = spots[spots["code"].isin(country.communes.loc[country.communes["province_code"] == "02", "code"])]
    for _, spot in here.groupby("code").first().head(6).iterrows():
        visitor = visit(built, BLACK_SPOT.format(lat=round(spot["lat"], 4), lng=round(spot["lon"], 4)))
        page = visitor.page
        page.evaluate(READ)
        visitor.settle()
        marks, ground = painted(page, "marks"), painted(page, "ground")
        solid = marks[..., 3] == 255
        light = luminance(marks[..., :3].astype(np.float64))
        dark, white = solid & (light < 0.03), solid & (light > 0.97)
        assert min(dark.sum(), white.sum()) > 200
        ratio = (np.median(light[white]) + 0.05) / (np.median(light[dark]) + 0.05)
        assert ratio >= 3
        under = luminance(ground[dark][:, :3].astype(np.float64)[ground[dark][:, 3] == 255])
        assert len(under)
        assert (under.min() + 0.05) / (np.median(light[dark]) + 0.05) >= 3


def test_the_hatch_stays_on_land(visit: Visit, built: Path) -> None:
    """Where a black spot is filled there is a commune below it."""
    visitor = visit(built, "#m=11/15.4/105.4&l=en")
    marks, ground = painted(visitor.page, "marks"), painted(visitor.page, "ground")
    dark = (marks[..., 3] == 255) & (luminance(marks[..., :3].astype(np.float64)) < 0.03)
    assert dark.any()
    assert (ground[dark][:, 3] > 0).mean() > 0.99
