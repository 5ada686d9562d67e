"""The page of the whole country in Chromium: what it decodes and what it shows is what the run computed."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import math
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

from blackspot.data.geodesy.area import area_km2
from blackspot.maps.encoding.rows import decode_rows
from blackspot.maps.encoding.shapes import NumberColumn
from blackspot.maps.encoding.varint import inflate
from blackspot.maps.pages.page import build_pages
from blackspot.maps.pages.store import read_map_data
from expected_page import SETTINGS, TILES_OF, expected_card, expected_tile
from page_decoder import decode_numbers, decode_spots, decode_topology

from .test_labels import assert_all_named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import ArrayLike

    from expected_page import Row

pytestmark = pytest.mark.slow

SEED = 57
NOT_SUBMITTED = {"12", "14", "96"}  # provinces that one operator's 5G file leaves out

DECODE = """async () => {
  const digest = async (values) => {
    const bytes = Float64Array.from(values, (value) => (Number.isNaN(value) ? -1 : value)).buffer;
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((b) => b.toString(16).padStart(2, '0')).join('');
  };
  const found = {}, note = async (key, values) => { found[key] = await digest(values); };
  const rows = BS.app.names.code.length;
  for (const element of document.querySelectorAll('script[type="application/octet-stream"]')) {
    const id = element.id, bytes = await BS.inflate(BS.bytes(element.textContent));
    if (['bs-shapes', 'bs-country', 'bs-neighbours', 'bs-strip'].includes(id)) {
      const t = BS.decodeTopology(bytes);
      for (const key of ['x', 'y', 'arcStart', 'arcOf', 'ringStart', 'featureStart']) await note(`${id}.${key}`, t[key]);
    } else if (id === 'bs-numbers') {
      for (const [name, values] of BS.decodeNumbers(bytes, BS.meta.columns, rows)) await note(`${id}.${name}`, values);
    } else if (id === 'bs-spots') {
      const s = BS.decodeSpots(bytes);
      for (const key of ['commune', 'ringStart', 'pointStart', 'x', 'y']) await note(`${id}.${key}`, s[key]);
      for (let at = 0; at < s.numbers.length; at++) await note(`${id}.${at}`, s.numbers[at]);
    } else if (id.startsWith('bs-cover-')) {
      const r = BS.decodeRows(bytes), row = new Int32Array(r.start.length);
      for (let k = 0; k < r.rows; k++) row.fill(r.first + k, r.offset[k], r.offset[k + 1]);
      await note(`${id}.row`, row); await note(`${id}.start`, r.start); await note(`${id}.end`, r.end);
    } else await note(id, bytes); /* JSON: both sides read it with their own parser, so the bytes must be the same */
  }
  return found;
}"""

SHAPES = """() => {
  const t = BS.app.shapes.t, text = (values) => {
    const bytes = new Uint8Array(Int32Array.from(values).buffer); let made = '';
    for (let at = 0; at < bytes.length; at += 32768) made += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(made);
  };
  return Object.fromEntries(['x', 'y', 'arcStart', 'arcOf', 'ringStart', 'featureStart'].map((key) => [key, text(t[key])]));
}"""

CARDS = """async ([codes, language]) => {
  BS.set({ language });
  await new Promise((done) => BS.withTexts(done));
  return codes.map((code) => {
    BS.set({ selected: code, spot: '' });
    const card = document.querySelector('#card'), text = (query) => (card.querySelector(query) || { innerText: '' }).innerText;
    card.querySelectorAll('details').forEach((one) => { one.open = true; });
    return { name: text('h2'), where: text('.where'), people: text('.people b'), rank: text('.rank b'), reason: text('.rank bdi'), tags: [...card.querySelectorAll('.tags li')].map((one) => one.textContent),
      tables: [...card.querySelectorAll('.facts')].map((table) => ({ head: table.tHead.rows[0].cells[0].innerText,
        rows: [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent)) })) };
  });
}"""

TILES = """([views, language]) => { BS.set({ language }); return views.map(([province, setting]) => {
  BS.set({ province, setting });
  return [...document.querySelectorAll('#tiles .tile')].map((tile) => ({ label: tile.querySelector('dt').innerText,
    value: tile.querySelector('b').innerText, notes: [...tile.querySelectorAll('dd span')].map((span) => span.innerText) }));
}); }"""


@pytest.fixture(scope="module")
def communes(national_run: Path, national: Any) -> dict[str, Row]:
    """``communes.csv`` as it was written, texts by column, by code; and who may lack what for want of data."""
    with (national_run / "communes.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {row["code"]: row for row in csv.DictReader(file)}
    for row, unsure in zip(found.values(), national.analysis.unsure.to_dict("records"), strict=True):
        row |= {str(name): "" if math.isnan(people) else str(people) for name, people in unsure.items()}
    return found


@pytest.fixture(scope="module")
def sample(communes: dict[str, Row]) -> list[Row]:
    """100 communes drawn at random, and one of each awkward kind."""
    drawn = np.random.default_rng(SEED).choice(sorted(communes), 100, replace=False).tolist()
    kinds = (
        lambda row: row["pop_total"] == "",
        lambda row: row["province_code"] in NOT_SUBMITTED and float(row["pop_no_data_5g"] or 0) > 100,
        lambda row: row["pop_total"] and float(row["pop_failing"]) == 0,
        lambda row: row["pop_total"] and float(row["pop_covered_5g"]) == 0,
        lambda row: row["black_spot_count"] == "0",
        lambda row: row["type"] == "special_zone" and row["pop_total"],
        lambda row: row["is_border"] == "true",
    )
    drawn += [next(code for code, row in communes.items() if kind(row)) for kind in kinds]
    return [communes[code] for code in drawn]


@contextmanager
def tab(chromium: Any) -> Iterator[Any]:
    """Open a tab without a network; its pages must complain about nothing."""
    context = chromium.new_context(offline=True, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [] == complaints


@pytest.fixture(scope="module")
def country(chromium: Any, national_run: Path) -> Iterator[Any]:
    """The open national page."""
    with tab(chromium) as page:
        yield opened(page, national_run / "map.html")


def opened(page: Any, path: Path) -> Any:
    """Open a page and wait until it has read its data."""
    page.goto(path.as_uri())
    page.wait_for_function("() => window.BS && BS.readyAt", timeout=60_000)
    return page


# --- The decoders


def test_both_decoders_read_the_same_from_every_block(country: Any, national_run: Path) -> None:
    """Every coordinate, number, black spot and coverage row of the sealed page: Python's and JavaScript's are equal."""
    assert decoded_by_python(national_run / "map.html") == country.evaluate(DECODE)


def decoded_by_python(path: Path) -> dict[str, str]:
    """Hash everything the page holds, as ``DECODE`` does."""
    text = path.read_text(encoding="utf-8")
    facts = json.loads(re.findall(r'id="bs-meta">([^<]*)<', text)[0])
    found: dict[str, str] = {}

    def note(key: str, values: ArrayLike) -> None:
        numbers = np.nan_to_num(np.asarray(values, dtype="<f8"), nan=-1.0)
        found[key] = hashlib.sha256(np.ascontiguousarray(numbers).tobytes()).hexdigest()

    for name, content in re.findall(r'type="application/octet-stream" id="([a-z0-9-]+)">([^<]*)<', text):
        block = base64.b64decode(content)
        if name in {"bs-shapes", "bs-country", "bs-neighbours", "bs-strip"}:
            shapes = decode_topology(block)
            note(f"{name}.x", shapes.points[:, 0])
            note(f"{name}.y", shapes.points[:, 1])
            note(f"{name}.arcStart", shapes.arc_start)
            note(f"{name}.arcOf", shapes.arc_of)
            note(f"{name}.ringStart", shapes.ring_start)
            note(f"{name}.featureStart", shapes.feature_start)
        elif name == "bs-numbers":
            columns = [NumberColumn(**column) for column in facts["columns"]]
            for column, values in decode_numbers(block, columns, 3321).items():
                note(f"{name}.{column}", values)
        elif name == "bs-spots":
            spots = decode_spots(block)
            note(f"{name}.commune", spots.commune)
            note(f"{name}.ringStart", spots.ring_start)
            note(f"{name}.pointStart", spots.point_start)
            note(f"{name}.x", spots.points[:, 0])
            note(f"{name}.y", spots.points[:, 1])
            for at, values in enumerate(spots.numbers):
                note(f"{name}.{at}", values)
        elif name.startswith("bs-cover-"):
            for column, values in decode_rows(block)._asdict().items():
                note(f"{name}.{column}", values)
        else:
            note(name, np.frombuffer(inflate(block), np.uint8))
    return found


def test_the_decoded_numbers_are_those_of_the_table(national_run: Path, communes: dict[str, Row]) -> None:
    """Every number of every commune, to the half thousandth it is kept to."""
    text = (national_run / "map.html").read_text(encoding="utf-8")
    facts = json.loads(re.findall(r'id="bs-meta">([^<]*)<', text)[0])
    columns = [NumberColumn(**column) for column in facts["columns"]]
    content = base64.b64decode(re.findall(r'id="bs-numbers">([^<]*)<', text)[0])
    table = decode_numbers(content, columns, len(communes))
    shown = {name for name in next(iter(communes.values())) if name.startswith("pop_")}
    shown -= {"pop_source", "pop_basis", "pop_disputed"}
    assert shown <= set(table)
    for column in columns:
        true = np.array([float(row[column.name] or "nan") for row in communes.values()])
        np.testing.assert_allclose(table[column.name], true, rtol=0, atol=0.5001 / column.per_unit)


def test_what_javascript_decodes_keeps_every_area_and_every_island(
    country: Any, communes: dict[str, Row], national: Any
) -> None:
    """Areas within 0.5 % over 5 km²; no commune, no part and no island of a special zone is lost."""
    coded = country.evaluate(SHAPES)
    parts = {key: np.frombuffer(base64.b64decode(text), "<i4") for key, text in coded.items()}
    rings = np.array([ring_of(parts, ring) for ring in range(len(parts["ringStart"]) - 1)], dtype=object)
    owner = np.repeat(np.arange(len(communes)), np.diff(parts["featureStart"]))
    around = outer_rings(rings, owner)
    area = np.bincount(owner, area_km2(rings) * np.where(around % 2, -1, 1))
    true = np.array([float(row["area_km2"]) for row in communes.values()])
    assert np.abs(area / true - 1)[true > 5].max() < 0.005
    assert (area > 0).all()

    shapes = national.inputs.communes.frame.geometry.to_numpy()
    parts_of, part_owner = shapely.get_parts(shapes, return_index=True)
    gaps = np.bincount(part_owner, shapely.get_num_interior_rings(parts_of)).astype(int)
    lost = shapely.get_num_geometries(shapes) + gaps - np.bincount(owner)
    assert (lost <= gaps).all()  # every part is there
    assert 0 <= lost.min() <= lost.sum() <= 10  # a few gaps inside a commune are narrower than a metre
    zones = [at for at, row in enumerate(communes.values()) if row["type"] == "special_zone"]
    assert 13 == len(zones)
    assert 0 == lost[zones].sum()
    for zone in zones:
        near = shapely.buffer(
            shapely.multipolygons(rings[owner == zone]), 0.0006
        )  # the page's tolerance, 60 m
        islands = shapely.point_on_surface(shapely.get_parts(shapes[zone]))
        assert shapely.intersects(near, islands).all()


def ring_of(parts: dict[str, Any], ring: int) -> Any:
    """Build the polygon inside one ring, degrees."""
    lines = []
    for use in parts["arcOf"][parts["ringStart"][ring] : parts["ringStart"][ring + 1]].tolist():
        arc = ~use if use < 0 else use
        points = slice(parts["arcStart"][arc], parts["arcStart"][arc + 1])
        line = np.stack([parts["x"][points], parts["y"][points]], axis=1) / 1e5
        lines.append(line[::-1] if use < 0 else line)
    return shapely.Polygon(np.concatenate(lines))


def outer_rings(rings: Any, owner: Any) -> Any:
    """Count for each ring the rings of its own commune that lie around it: odd for a hole."""
    ground = shapely.make_valid(rings)
    inner, outer = shapely.STRtree(ground).query(shapely.point_on_surface(ground), predicate="within")
    inner, outer = inner[inner != outer], outer[inner != outer]
    return np.bincount(inner[owner[inner] == owner[outer]], minlength=len(rings))


# --- The numbers


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_cards_of_100_communes_show_the_table(
    country: Any, sample: list[Row], communes: dict[str, Row], language: str
) -> None:
    """As a person reads it: name, people, every figure and share, rank and reason, in the language's way of writing."""
    cards = country.evaluate(CARDS, [[row["code"] for row in sample], language])
    for row, card in zip(sample, cards, strict=True):
        assert expected_card(row, language, communes.values()) == card


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_headline_follows_the_filters(country: Any, communes: dict[str, Row], language: str) -> None:
    """Country, province, rural, border, island and two of them at once: the sums of ``communes.csv``."""
    provinces = sorted({row["province_code"] for row in communes.values()})
    chosen = range(-1, len(provinces)) if language == "vi" else (-1, 0, 9, 33)
    views = [(province, setting) for province in chosen for setting in SETTINGS]
    for (province, setting), shown in zip(views, country.evaluate(TILES, [views, language]), strict=True):
        rows = [
            row
            for row in communes.values()
            if (province < 0 or row["province_code"] == provinces[province])
            and (not setting or any(row[name] == "true" for name in SETTINGS[setting]))
        ]
        assert [expected_tile(name, rows, language, filtered=setting > 0) for name in TILES_OF] == shown


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("screen", [(1366, 768), (1366, 625), (390, 844)], ids=str)
def test_all_34_provinces_are_named(
    visit: Any, national_run: Path, national: Any, screen: tuple[int, int], language: str
) -> None:
    """The whole country as it opens: every province has its name, none over another, none covered or cut off."""
    visitor = visit(national_run / "map.html", f"#l={language}", width=screen[0], height=screen[1])
    names = set(national.analysis.communes["province_name"].astype(str))
    assert 34 == len(names)
    assert_all_named(visitor, names)


def test_province_pages_show_the_same_to_the_digit(
    chromium: Any, country: Any, national_run: Path, sample: list[Row], communes: dict[str, Row]
) -> None:
    """The cards of the same communes on pages of their provinces, and the headline, in one of two languages.

    A page takes more than a second to open, so a third of the provinces is drawn, and those that lack a file.
    """
    provinces = sorted({row["province_code"] for row in communes.values()})
    drawn = set(np.random.default_rng(SEED).choice(provinces, 12, replace=False).tolist()) | NOT_SUBMITTED
    with tab(chromium) as page:
        for number, code in enumerate(sorted(drawn & {row["province_code"] for row in sample})):
            opened(page, national_run / "maps" / f"{code}.html")
            rows = [row for row in sample if row["province_code"] == code]
            for language in ("vi", "en"):
                cards = page.evaluate(CARDS, [[row["code"] for row in rows], language])
                for row, card in zip(rows, cards, strict=True):
                    assert expected_card(row, language, communes.values()) == card
            whole, part = ([[at, setting] for setting in (0, 3)] for at in (provinces.index(code), -1))
            spoken = ("vi", "en")[number % 2]  # in turn, for the country takes its time
            assert country.evaluate(TILES, [whole, spoken]) == page.evaluate(TILES, [part, spoken])


# --- The files


def test_no_page_is_larger_than_its_budget(national_run: Path) -> None:
    """The country at most 5 MB, each of the 34 provinces at most 3 MB, and none had to leave anything out."""
    sizes = {path.name: path.stat().st_size for path in national_run.rglob("*.html")}
    assert 36 == len(sizes)
    assert sizes.pop("map.html") <= 5_000_000
    assert max(sizes.values()) <= 3_000_000
    reduced = re.compile(r'"reduced":\[[^\]]')
    assert [] == [
        path.name for path in national_run.rglob("*.html") if reduced.search(path.read_text(encoding="utf-8"))
    ]


def test_every_page_has_the_same_bytes_when_it_is_built_again(national_run: Path, tmp_path: Path) -> None:
    """All 36 pages, from the files of the run."""
    again = build_pages(read_map_data(national_run), tmp_path)
    assert 36 == len(again)
    assert [] == [
        path.name
        for path in again
        if path.read_bytes() != (national_run / path.relative_to(tmp_path)).read_bytes()
    ]
