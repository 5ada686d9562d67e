"""Building pages: which files, the same bytes, within their budgets, from a kept run as from a fresh one."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely

from blackspot.errors import WorkplaceError
from blackspot.maps.pages import page as page_module
from blackspot.maps.pages.headline import people_bounds, tiles
from blackspot.maps.pages.indicators import indicators, ordered_services
from blackspot.maps.pages.page import build_pages
from blackspot.maps.pages.payload import Detail, build_payload
from blackspot.maps.pages.shared import Shared
from blackspot.maps.pages.store import LAYERS_FILE, read_map_data, write_map_layers
from blackspot.maps.words.figures import number

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData


def facts(path: Path) -> dict[str, Any]:
    """Take the facts of a page."""
    found = re.search(r'id="bs-meta">([^<]*)<', path.read_text(encoding="utf-8"))
    assert found
    result: dict[str, Any] = json.loads(found[1])
    return result


def stored(data: MapData, folder: Path) -> Path:
    """Write the tables and layers of a run as a run folder has them."""
    data.communes.to_parquet(folder / "communes.parquet", index=False)
    data.black_spots.to_parquet(folder / "black_spots.parquet", index=False)
    data.provinces.to_csv(folder / "provinces.csv", index=False, encoding="utf-8-sig")
    write_map_layers(folder, data.coverage, data.neighbours, about=data.about, previous=data.previous)
    return folder


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("all", ["map.html", "maps/01.html", "maps/02.html", "maps/03.html", "maps/index.html"]),
        ("national", ["map.html"]),
        ("provinces", ["maps/01.html", "maps/02.html", "maps/03.html", "maps/index.html"]),
        ("none", []),
    ],
)
def test_the_set_of_pages(country: MapData, tmp_path: Path, wanted: Any, expected: list[str]) -> None:
    """Each choice writes its files, says which, and tells its progress from 0 to 1."""
    told: list[float] = []
    written = build_pages(country, tmp_path, pages=wanted, progress=lambda part, _what: told.append(part))
    assert expected == [path.relative_to(tmp_path).as_posix() for path in written]
    assert expected == sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html"))
    assert told == sorted(told)
    assert told[-1:] == ([1.0] if expected else [])


def test_the_same_data_give_the_same_bytes(country: MapData, pages: Path, tmp_path: Path) -> None:
    """A second build of everything differs in nothing."""
    build_pages(country, tmp_path)
    for path in pages.rglob("*.html"):
        assert path.read_bytes() == (tmp_path / path.relative_to(pages)).read_bytes()


def test_a_kept_run_gives_the_same_pages(country: MapData, pages: Path, tmp_path: Path) -> None:
    """Read back from its folder, a run has the same page to the byte."""
    folder = stored(country, tmp_path)
    again = read_map_data(folder)
    assert country.provinces["pop_failing"].tolist() == pytest.approx(
        again.provinces["pop_failing"].tolist(), rel=1e-15
    )
    assert again.provinces["province_code"].tolist() == ["01", "02", "03"]
    build_pages(again, folder)
    assert (pages / "map.html").read_bytes() == (folder / "map.html").read_bytes()


def test_the_layers_of_a_run_have_the_same_bytes_twice(country: MapData, tmp_path: Path) -> None:
    """The file that keeps coverage and neighbours depends on its content alone."""
    contents = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_map_layers(tmp_path / name, country.coverage, country.neighbours, about=country.about)
        contents.append((tmp_path / name / LAYERS_FILE).read_bytes())
    assert contents[0] == contents[1]


def test_a_run_without_neighbours_or_predecessor_is_read_back(country: MapData, tmp_path: Path) -> None:
    """What is not there stays away."""
    again = read_map_data(stored(replace(country, neighbours=None, previous=None, coverage=()), tmp_path))
    assert (again.neighbours, again.previous, again.coverage) == (None, None, ())


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_a_run_without_layers_is_named(country: MapData, tmp_path: Path, damage: str) -> None:
    """A missing or damaged file gives one sentence with the folder."""
    path = stored(country, tmp_path) / LAYERS_FILE
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(WorkplaceError, match="no usable map layers"):
        read_map_data(tmp_path)


def test_another_title_changes_both_languages(country: MapData, tmp_path: Path) -> None:
    """The title of the rebuilt pages is the one that was asked for."""
    build_pages(country.with_title("Bản đồ khác"), tmp_path, pages="national", language="en")
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "<title>Bản đồ khác</title>" in text
    assert '<html lang="en">' in text


def test_hostile_texts_run_nothing_while_pages_are_built(hostile_page: Path, hostile: MapData) -> None:
    """No template sees them: nothing is executed in Python, nothing is evaluated, nothing is lost."""
    text = hostile_page.read_text(encoding="utf-8")
    assert not (hostile_page.parent / "pwned").exists()
    assert "{{7*7}}" in text
    assert "<img" not in text
    assert facts(hostile_page)["title"]["vi"] == hostile.about["title"]["vi"]


def test_no_address_leads_out_of_any_page(pages: Path) -> None:
    """Links are relative; the policy stands in every file."""
    for path in pages.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "Content-Security-Policy" in text
        text = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
        assert [] == re.findall(r'(?:href|src)="(?!#|\.\./map\.html|[0-9A-Za-z_-]+\.html)[^"]*"', text)


def test_the_list_of_provinces_has_their_figures(pages: Path, country: MapData) -> None:
    """Name, link and numbers of each province; no zero where nothing is known."""
    text = (pages / "maps" / "index.html").read_text(encoding="utf-8")
    for row in country.provinces.to_dict("records"):
        assert f'<a href="{row["province_code"]}.html">{row["province_name"]}</a>' in text
        assert number(row["pop_total"], "vi") in text
    assert "Không có dữ liệu" in text
    assert '<a href="../map.html">' in text
    assert "<script" not in text


@pytest.mark.parametrize(
    ("budget", "reduced"),
    [(10_000_000, []), (1, ["coverage", "outlines", "shapes", "size"])],
)
def test_a_page_over_its_budget_gets_less_detail_and_says_so(
    country: MapData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, budget: int, reduced: list[str]
) -> None:
    """Coverage first, then outlines, then shapes; what was reduced stands in the page."""
    monkeypatch.setattr(page_module, "NATIONAL_BYTES", budget)
    monkeypatch.setattr(page_module, "FRAME_BYTES", 0)
    build_pages(country, tmp_path, pages="national")
    assert reduced == facts(tmp_path / "map.html")["reduced"]


def test_each_budget_gives_up_as_little_as_it_must(
    country: MapData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A budget of exactly one step's size takes that step: coverage, then outlines, then shapes, never out of turn."""
    shared, everything = Shared(country), np.arange(len(country.communes))
    monkeypatch.setattr(page_module, "FRAME_BYTES", 0)
    orders = []
    smallest = 10**9
    for step in page_module._NATIONAL_STEPS:
        size = build_payload(shared, everything, step, whole=True).size
        if size >= smallest:  # of so small a country some steps make nothing smaller
            continue
        smallest = size
        monkeypatch.setattr(page_module, "NATIONAL_BYTES", size)
        build_pages(country, tmp_path, pages="national")
        orders.append(facts(tmp_path / "map.html")["reduced"])
    assert orders[:3] == [[], ["coverage"], ["coverage", "outlines"]]
    assert ["coverage", "outlines", "shapes"] == orders[-1]
    assert all(before == after[: len(before)] for before, after in pairwise(orders))


def test_too_many_black_spots_are_shown_by_their_centre(
    country: MapData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the limit the national page leaves outlines out and says so; province pages keep them."""
    monkeypatch.setattr(page_module, "MOST_OUTLINES", 10)
    build_pages(country, tmp_path)
    assert ["outlines"] == facts(tmp_path / "map.html")["reduced"]
    assert [] == facts(tmp_path / "maps" / "01.html")["reduced"]


def test_detail_is_given_up_in_the_agreed_order() -> None:
    """Each step keeps at most as much as the one before, and coverage goes first."""
    for steps in (page_module._NATIONAL_STEPS, page_module._PROVINCE_STEPS):
        assert steps[1] == replace(steps[0], zoom=steps[0].zoom - 1)
        for before, after in pairwise(steps):
            assert after.zoom <= before.zoom
            assert after.tolerance >= before.tolerance
            assert after.outlines <= before.outlines
    assert page_module._NATIONAL_STEPS[0] == Detail(50, 10, spot_tolerance=250)


def test_a_province_code_cannot_leave_the_folder(country: MapData, tmp_path: Path) -> None:
    """A code that no file can be called gives its page the name of its bytes; the list links to it."""
    communes = country.communes.assign(province_code="../<i")
    written = build_pages(replace(country, communes=communes), tmp_path, pages="provinces")
    assert ["x-2e2e2f3c69.html", "index.html"] == [path.name for path in written]
    assert all(path.parent == tmp_path / "maps" for path in written)
    assert '<a href="x-2e2e2f3c69.html">' in written[1].read_text(encoding="utf-8")


def test_a_map_needs_communes(country: MapData, tmp_path: Path) -> None:
    """An empty table is refused in words."""
    with pytest.raises(ValueError, match="at least one commune"):
        build_pages(replace(country, communes=country.communes.iloc[:0]), tmp_path)


def test_a_run_without_spots_coverage_and_setting_still_has_pages(country: MapData, tmp_path: Path) -> None:
    """Only what the tables hold is shown; nothing is required beyond communes and people."""
    dropped = [name for name in country.communes if name.startswith(("is_", "reason_", "border_"))] + [
        "rank",
        "tier",
    ]
    bare = replace(
        country, communes=country.communes.drop(columns=dropped), black_spots=country.black_spots.iloc[:0], coverage=(),
        neighbours=None, previous=None, about={"services": ["5g"]},
    )  # fmt: skip
    build_pages(bare, tmp_path)
    page = facts(tmp_path / "map.html")
    assert page["spots"]["count"] == 0
    assert [item["id"] for item in page["indicators"]] == ["fails", "no.5g", "part.5g"]


def test_indicators_follow_the_profile_and_the_operators(country: MapData) -> None:
    """The profile's own first; double gap only where it is another thing; rules only with two operators."""
    about = country.about
    found = indicators(country.communes.columns, about, country.coverage)
    assert [item.id for item in found] == [
        "fails", "no.5g", "part.5g", "max.5g", "all.5g", "op.5g.sao_mai", "op.5g.hai_dang", "no.fibre", "op.fibre.cap_bien",
    ]  # fmt: skip
    silent = frozenset(country.communes["code"][country.communes["province_code"] == "03"])
    assert silent == next(item for item in found if item.id == "op.5g.hai_dang").silent
    assert next(item for item in found if item.id == "op.5g.sao_mai").silent == frozenset()
    mixed = {**about, "profile": {**about["profile"], "gap": "any"}}
    assert [item.id for item in indicators(country.communes.columns, mixed, ())][:2] == ["fails", "double"]
    names = [*country.communes.columns, "pop_covered_5g_at_least_2"]
    assert "min2.5g" in [item.id for item in indicators(names, about, ())]


def test_services_of_the_profile_come_first() -> None:
    """The others follow in their own order."""
    about = {"services": ["2g", "4g", "5g"], "profile": {"services": ["5g", "fibre"]}}
    assert ordered_services(about) == ("5g", "2g", "4g")


def test_people_without_data_widen_the_headline(country: MapData) -> None:
    """5 certainly lack both; 7 have no data, but only 10 could lack the second service: 5 to 10."""
    tile = tiles(Shared(country).indicators, country.communes)[0]
    figures = {
        "pop_failing": 5.0, "pop_total": 100.0, "pop_no_data_5g": 7.0, "pop_uncovered_5g": 20.0,
        "pop_no_data_fibre": 0.0, "pop_uncovered_fibre": 10.0,
    }  # fmt: skip
    assert people_bounds(tile, figures) == (5.0, 10.0)


def test_figures_are_the_exact_sums(country: MapData) -> None:
    """Countries and provinces add their communes; unknown people are left out, never counted as zero."""
    shared = Shared(replace(country, provinces=pd.DataFrame()))
    assert country.communes["pop_total"].sum() == pytest.approx(shared.figures["pop_total"], rel=1e-14)
    for at, code in enumerate(("01", "02", "03")):
        rows = country.communes[country.communes["province_code"] == code]
        assert rows["pop_failing"].sum() == pytest.approx(
            shared.province_figures[at]["pop_failing"], rel=1e-14
        )


def test_every_commune_has_a_place_for_its_label(country: MapData) -> None:
    """The point lies inside the commune's own ground."""
    points = Shared(country).label_points / 100_000
    near = shapely.buffer(country.communes.geometry.to_numpy(), 1e-4)
    assert shapely.contains_xy(near, points[:, 0], points[:, 1]).all()
