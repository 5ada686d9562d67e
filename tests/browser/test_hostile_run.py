"""A project whose every text is hostile: the whole chain from the files to the pages and tables it writes."""

from __future__ import annotations

import csv
import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine

from blackspot.pipeline.run import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from blackspot.maps.summary.report import RunReport

    Visit = Callable[..., Any]

TOUR = (Path(__file__).parent / "tour.js").read_text(encoding="utf-8")
SIDE = 4
EVERYTHING = "<img src=x onerror=window.pwned=1>{{7*7}}{% An ${window.pwned=1}</script><script>window.pwned=1</script>=1+1"
MANY = "Ế" * 10_000
SEED = 57


def write_project(folder: Path, texts: tuple[str, ...]) -> Path:
    """Write 16 communes in three provinces, people, two operators, and no harmless text among them."""
    cells = [(x, y) for y in range(SIDE) for x in range(SIDE)]
    provinces = ["<i", "{{", "__"]
    communes = gpd.GeoDataFrame(
        {
            "{{code}}": [f"{at:05d}" if at else "<b>&'" for at in range(len(cells))],
            "<b>name": [texts[at % len(texts)] for at in range(len(cells))],
            "${province}": [provinces[at % 3] for at in range(len(cells))],
        },
        geometry=[shapely.box(105 + x / 10, 15 + y / 10, 105.1 + x / 10, 15.1 + y / 10) for x, y in cells],
        crs=4326,
    )
    communes.to_file(folder / "{{7*7}} <img src=x>.gpkg", layer="An")
    names = pd.DataFrame({"=code": provinces, "@name": [EVERYTHING, MANY, "__proto__"]})
    names.to_csv(folder / "provinces.csv", index=False)
    with rasterio.open(
        folder / "people.tif", "w", driver="GTiff", width=40, height=40, count=1, dtype="float32", crs=4326,
        nodata=-1, transform=Affine(0.01, 0, 105, 0, -0.01, 15.4),
    ) as people:  # fmt: skip
        people.write(np.full((40, 40), 10, "float32"), 1)
    for name, status in (("a", EVERYTHING), ("b", MANY)):
        covered = gpd.GeoDataFrame(
            {"<status>": [status, "no"]}, geometry=[shapely.box(105, 15, 105.22, 15.3)] * 2, crs=4326
        )
        covered.to_file(folder / f"{name}.gpkg", layer="x")
    write_context(folder, texts)
    (folder / "blackspot.toml").write_text(project_text(), encoding="utf-8")
    return folder / "blackspot.toml"


def write_context(folder: Path, texts: tuple[str, ...]) -> None:
    """Write roads and villages of the same names."""
    names = [EVERYTHING, MANY, *texts]
    at = np.linspace(105.02, 105.38, len(names))
    lines = [shapely.LineString([(x, 15.02), (x + 0.01, 15.38)]) for x in at]
    gpd.GeoDataFrame({"<b>": names}, geometry=lines, crs=4326).to_file(folder / "roads.gpkg")
    points = shapely.points(at, np.linspace(15.02, 15.38, len(names)))
    gpd.GeoDataFrame({"<b>": names}, geometry=points, crs=4326).to_file(folder / "villages.gpkg")


def project_text() -> str:
    """Write the project file; JSON's way of writing a text is TOML's too."""
    text = json.dumps(EVERYTHING)
    submissions = "".join(
        f"""
[[submissions]]
operator = {json.dumps(operator)}
service = "5g"
path = "{name}.gpkg"
layer = "x"
service_class = {json.dumps(status)}
environment = {json.dumps(status)}
vintage = 2026-10-31
where = {{ column = "<status>", values = [{json.dumps(status)}] }}
extent = {{ provinces = ["<i", "{{{{"] }}
"""
        for name, operator, status in (("a", EVERYTHING, EVERYTHING), ("b", MANY, MANY))
    )
    return f"""
[project]
title = {{ vi = {text}, en = {json.dumps(MANY)} }}
notice = {{ vi = {text}, en = {text} }}
[communes]
path = "{{{{7*7}}}} <img src=x>.gpkg"
layer = "An"
columns = {{ code = "{{{{code}}}}", name = "<b>name", province_code = "${{province}}", type = "" }}
[provinces]
path = "provinces.csv"
columns = {{ code = "=code", name = "@name" }}
[population]
path = "people.tif"
kind = "count"
vintage = {text}
source = {json.dumps(MANY)}
{submissions}
[profile]
id = {text}
version = {text}
services = ["5g"]
mobile_service = "5g"
[[map.context]]
kind = "roads"
path = "roads.gpkg"
name = "<b>"
[[map.context]]
kind = "villages"
path = "villages.gpkg"
name = "<b>"
"""


@pytest.fixture(scope="module")
def report(hostile_texts: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> RunReport:
    """The run of that project, in a folder where a payload would leave its mark."""
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return run(write_project(folder, hostile_texts))


def test_nothing_was_run_while_the_pages_were_built(
    report: RunReport, hostile_texts: tuple[str, ...]
) -> None:
    """No file of a payload, nothing evaluated, nothing lost but signs that turn the writing direction."""
    assert not list(report.folder.parents[2].glob("pwned*"))
    shown = report.communes.sort_values("code")["name"].tolist()
    assert sorted(re.sub("[\u202c\u202e]", "", text) for text in hostile_texts) == sorted(set(shown))
    text = (report.folder / "map.html").read_text(encoding="utf-8")
    assert "{{7*7}}" in text
    assert "<img" not in text
    assert ["index.html", "x-3c69.html", "x-7b7b.html", "__.html"] == sorted(
        (path.name for path in (report.folder / "maps").iterdir()),
        key=lambda name: (name[0] != "i", name[0] != "x", name),
    )


def test_no_cell_of_a_table_can_calculate(report: RunReport) -> None:
    """Whatever begins like a formula is text in every CSV file."""
    for name in ("communes", "provinces", "black_spots"):
        with (report.folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert len(cells) > 10
        assert [] == [cell[:60] for cell in cells if re.match(r"\s*[=+@\t]|\s*-(?![0-9])", cell)]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["map.html", "maps/x-3c69.html"])
def test_nothing_runs_in_the_browser_and_texts_are_shown_as_they_are(
    visit: Visit, report: RunReport, name: str
) -> None:
    """The tour leaves no trace; titles, notices, names, operators and sources are literal."""
    visitor = visit(report.folder / name)
    page = visitor.page
    assert EVERYTHING in page.inner_text("#title")
    assert EVERYTHING == page.inner_text("#notice")
    assert page.evaluate(TOUR) == "vi"
    assert page.evaluate("() => [window.pwned, ({}).pwned, ({}).x]") == [None, None, None]
    assert page.evaluate("() => document.querySelectorAll('img, svg, iframe, object, bdi *').length") == 0
    shown = page.evaluate(
        "() => BS.app.names.code.map((code) => { BS.set({ selected: code, spot: '' }); return document.querySelector('#card h2').textContent; })"
    )
    true = report.communes.sort_values("code").set_index("code")["name"]
    codes = page.evaluate("() => BS.app.names.code")
    for code, text in zip(codes, shown, strict=True):
        assert text == (true[code] if len(true[code]) <= 300 else true[code][:299] + "…")
    page.evaluate("() => BS.by('do-method').click()")
    method = page.inner_text("#dialog")
    assert EVERYTHING in method
    assert MANY[:200] in method
    assert visitor.complaints == []


@pytest.mark.parametrize("width", [1366, 390])
def test_long_texts_break_no_layout(visit: Visit, report: RunReport, width: int) -> None:
    """Ten thousand letters without a space make no page wider than its window and leave room for the map."""
    page = visit(report.folder / "map.html", "#l=en", width=width, height=844).page
    for step in (
        "() => {}",
        "() => BS.set({ selected: BS.app.names.code[15], service: '5g', operators: [] })",
        "() => BS.by('do-method').click()",
    ):
        page.evaluate(step)
        assert page.evaluate("() => document.scrollingElement.scrollWidth - innerWidth") <= 0
        assert page.evaluate("() => BS.by('slot').clientHeight") > 100


def test_the_list_of_provinces_is_plain(report: RunReport) -> None:
    """No script at all, the names escaped."""
    text = (report.folder / "maps" / "index.html").read_text(encoding="utf-8")
    assert "<img" not in text
    assert "<script" not in text
    assert "&lt;img src=x onerror=window.pwned=1&gt;{{7*7}}" in text


def garbage(chance: random.Random, valid: str) -> str:
    """Make an address: a damaged good one, pieces of programs, or noise."""
    words = [
        "__proto__", "constructor", "toString", "javascript:alert(1)", "<img src=x onerror=window.pwned=1>", "{{7*7}}", "${1}",
        "NaN", "Infinity", "-0", "1e309", "9" * 400, "", "\0", "\u202e", "\ud800", "%", "%E0%A4%A", "..", "99/99/999", "null", "[]", "0x10",
    ]  # fmt: skip
    kind = chance.randrange(4)
    if kind == 0:
        letters = list(valid)
        for _ in range(chance.randrange(1, 9)):
            letters[chance.randrange(len(letters))] = chance.choice("&=%#/.-_<>{}$\"' ~0aZ")
        return "".join(letters)
    if kind == 1:
        return "&".join(
            f"{chance.choice('miutpascoxbrvlz')}={chance.choice(words)}"
            for _ in range(chance.randrange(1, 16))
        )
    if kind == 2:
        return "&".join(
            f"{quote(chance.choice(words), errors='replace')}={quote(chance.choice(words), errors='replace')}"
            for _ in range(8)
        )
    return "".join(
        chr(chance.choice([chance.randrange(32, 127), chance.randrange(160, 0x2FFF)]))
        for _ in range(chance.randrange(1, 3000))
    )


@pytest.mark.slow
def test_60_garbage_addresses_are_ignored(visit: Visit, pages: Path) -> None:
    """No message, no exception, and the state holds only what the page knows."""
    valid = "m=9.00/15.4000/105.5000&i=no.5g&u=people&t=change&p=02&a=3&s=0&c=5g&o=sao_mai&x=00030&b=00030-w7g0001&r=-value&v=spots&l=en"
    visitor = visit(pages / "map.html", width=600, height=400)  # little to paint
    chance = random.Random(SEED)  # noqa: S311 - no secret
    addresses = [garbage(chance, valid) for _ in range(60)]
    wrong = visitor.page.evaluate(
        """async (addresses) => {
          const wrong = [], known = {
            indicator: BS.meta.indicators.map((one) => one.id), unit: ['share', 'people'], period: ['now', 'past', 'change', 'swipe'], language: ['vi', 'en'],
            tab: ['provinces', 'communes', 'spots'], sort: ['rank', 'name', 'value', 'change', 'people', 'spots'], service: ['', '5g', 'fibre'], province: [-1, 0, 1, 2],
            setting: [0, 1, 2, 3, 4, 5, 6, 7], selected: ['', ...BS.app.names.code], spots: [true, false], descending: [true, false],
          };
          const start = Object.keys(BS.app.state).sort().join();
          for (const address of addresses) {
            location.hash = address;
            await new Promise((done) => setTimeout(done, 5));
            const state = BS.app.state, middle = BS.app.map.getCenter();
            const good = Object.entries(known).every(([key, values]) => values.includes(state[key])) && Object.keys(state).sort().join() === start
              && state.operators.every((one) => ['sao_mai', 'hai_dang', 'cap_bien'].includes(one)) && /^[\\w.-]{0,64}$/.test(state.spot)
              && [BS.app.map.getZoom(), middle.lat, middle.lng].every(Number.isFinite) && !('pwned' in window) && ({}).x === undefined;
            if (!good) wrong.push(address);
          }
          return wrong;
        }""",
        addresses,
    )
    visitor.settle()
    assert [] == wrong
    assert visitor.complaints == []
