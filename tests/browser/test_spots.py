"""What the page says of a black spot."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.maps.pages.page import build_pages
from blackspot.maps.words.figures import number

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from blackspot.maps.pages.map_data import MapData

    Visit = Callable[..., Any]

FACTS = """() => Array.from(document.querySelectorAll('#card .pairs > div'), (div) => {
    const smalls = Array.from(div.children[1].querySelectorAll('small'), (small) => small.textContent);
    const whole = div.children[1].textContent;
    return [div.children[0].textContent, whole.slice(0, whole.length - smalls.join('').length), smalls];
})"""


def card_of(visit: Visit, path: Path, spot: str, language: str) -> dict[str, tuple[str, list[str]]]:
    """Open a page at a spot, and read the facts of its card by label: the text, and the lines below it."""
    page = visit(path, f"#l={language}&b={spot}").page
    page.wait_for_selector("#card .pairs")
    return {label: (text, below) for label, text, below in page.evaluate(FACTS)}


def km(value: float, language: str) -> str:
    """Write a distance as the page does."""
    if math.isnan(value):
        return {"vi": "không nơi nào có", "en": "there is none"}[language]
    return f"{value:.1f} km".replace(".", "," if language == "vi" else ".")


def a_spot(country: MapData, *, near: bool) -> pd.Series:
    """Take the first spot of a commune with several, with a place or without one."""
    spots = country.black_spots
    several = spots["code"].map(spots["code"].value_counts()) > 1
    return spots[several & ((spots["place_name"] != "") == near)].iloc[0]


@pytest.mark.browser
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_card_tells_each_operators_distance_the_place_and_the_cluster(
    visit: Visit, pages: Path, country: MapData, language: str
) -> None:
    """The figures of the table, in words of either language; of one operator alone only its service's distance."""
    spot = a_spot(country, near=True)
    own = country.black_spots[country.black_spots["code"] == spot["code"]]
    said = card_of(visit, pages / "map.html", spot["spot_id"], language)
    near, mobile, fibre, cluster, parts = {
        "en": (
            "Near",
            "To the nearest 5G",
            "To the nearest fibre",
            "Part of a cluster",
            "of {} black spots with {} people",
        ),
        "vi": ("Gần", "Cách nơi có 5G", "Cách nơi có cáp quang", "Thuộc cụm", "gồm {} điểm đen, {} người"),
    }[language]
    names = {"hai_dang": "Hải Đăng", "sao_mai": "Sao Mai"}
    each = sorted((spot[f"distance_to_5g_{slug}_km"], name) for slug, name in names.items())
    assert (f"{spot['place_name']} ({km(spot['place_distance_km'], language)})", []) == said[near]
    expected = (
        km(spot["distance_to_5g_km"], language),
        [f"{name}: {km(far, language)}" for far, name in each],
    )
    assert expected == said[mobile]
    assert (km(spot["distance_to_fibre_km"], language), []) == said[fibre]
    assert parts.format(len(own), number(own["pop"].sum(), language)) == said[cluster][0]


@pytest.mark.browser
def test_a_spot_without_a_place_says_nothing_of_it(visit: Visit, pages: Path, country: MapData) -> None:
    """Neither its card nor its row of the list."""
    spot = a_spot(country, near=False)
    assert "Near" not in card_of(visit, pages / "map.html", spot["spot_id"], "en")


@pytest.mark.browser
def test_the_list_names_the_places(visit: Visit, pages: Path) -> None:
    """Before the province, in small letters."""
    page = visit(pages / "map.html", "#v=spots").page
    page.wait_for_selector("#table tbody tr th small")
    shown = page.evaluate(
        "() => BS.spotOrder().slice(0, 10).map((i) => BS.spotPlace(i) ? BS.spotPlace(i)[0] : '')"
    )
    rows = page.evaluate(
        "() => Array.from(document.querySelectorAll('#table tbody tr th small'), (small) => small.textContent).slice(0, 10)"
    )
    assert any(shown)
    assert [name in row and ("·" in row) == bool(name) for name, row in zip(shown, rows, strict=True)] == [
        True
    ] * 10


@pytest.mark.browser
def test_runs_of_before_have_their_distances(visit: Visit, country: MapData, tmp_path: Path) -> None:
    """A run that was published without operators, places and clusters: one distance for each service."""
    newer = [
        name
        for name in country.black_spots
        if name.startswith(("place_", "cluster_", "distance_to_5g_")) and name != "distance_to_5g_km"
    ]
    build_pages(
        replace(country, black_spots=country.black_spots.drop(columns=newer)), tmp_path, pages="national"
    )
    spot = country.black_spots.iloc[1]
    said = card_of(visit, tmp_path / "map.html", spot["spot_id"], "en")
    services = ["To the nearest 5G", "To the nearest fibre"]
    assert services == [label for label in said if label.startswith("To the")]
    assert (km(spot["distance_to_5g_km"], "en"), []) == said[services[0]]
    assert not {"Near", "Part of a cluster"} & set(said)


BLUE = """() => {
    const canvas = document.querySelector('.leaflet-outline-pane canvas'), context = canvas.getContext('2d');
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    let blue = 0;
    for (let at = 0; at < pixels.length; at += 4) blue += pixels[at] < 40 && pixels[at + 2] > 140 && pixels[at + 3] > 200;
    return blue;
}"""


@pytest.mark.browser
def test_the_picked_spot_has_an_outline_from_near(visit: Visit, pages: Path, country: MapData) -> None:
    """Also when the page opens on it, before anything else has asked for the black spots; a ring from afar."""
    spot = country.black_spots.iloc[0]
    seen = []
    for zoom in (9, 13):
        at = f"{zoom:.2f}/{spot['lat']:.4f}/{spot['lon']:.4f}"
        page = visit(pages / "map.html", f"#s=0&b={spot['spot_id']}&m={at}").page
        page.wait_for_function("() => BS.app.spots")
        page.wait_for_timeout(300)
        seen.append(page.evaluate(BLUE))
    assert 50 < seen[0] < 400
    assert seen[1] > 2 * seen[0]
