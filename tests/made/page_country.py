"""A small made-up country as the pages get it, the same with a hostile text in every field, and their pages.

The fixtures are taken into the ``conftest.py`` of the folders that use them.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from blackspot.maps.encoding.pixel_rows import coverage_rows
from blackspot.maps.pages.map_data import MapData, PreviousPeriod
from blackspot.maps.pages.page import build_pages

if TYPE_CHECKING:
    from pathlib import Path

SIDE = 8  # communes along a side of the mainland
OPERATORS = ("Sao Mai", "Hải Đăng")
SLUGS = {"Sao Mai": "sao_mai", "Hải Đăng": "hai_dang", "Cáp Biển": "cap_bien"}
PROVINCES = (("01", "Núi Cao"), ("02", "Đồng Bằng"), ("03", "Ven Biển"))
_FIRST = "Bảo Cẩm Chiềng Diễn Đông Gia Hưng Khánh Kim Lương Mường Nghĩa Phước Quảng Thạch Thủy Trường Vĩnh Xuân Yên"
_SECOND = "Châu Điền Giang Hải Hòa Khê Lạc Minh Nhân Phong Sơn Thắng Thịnh Tiến Trung Vân"


def _mainland(rng: np.random.Generator) -> list[Any]:
    """Cells of a grid whose inner corners are shifted: neighbours share their corners."""
    x, y = np.meshgrid(np.arange(SIDE + 1) * 0.1 + 105.0, np.arange(SIDE + 1) * 0.1 + 15.0)
    x[1:-1, 1:-1] += rng.uniform(-0.03, 0.03, (SIDE - 1, SIDE - 1))
    y[1:-1, 1:-1] += rng.uniform(-0.03, 0.03, (SIDE - 1, SIDE - 1))
    corners = np.stack([x, y], axis=-1)
    return [
        shapely.Polygon([corners[r, c], corners[r, c + 1], corners[r + 1, c + 1], corners[r + 1, c]])
        for r in range(SIDE)
        for c in range(SIDE)
    ]


def _islands() -> list[Any]:
    """Two special zones: one of many parts near the coast, one of specks far out."""
    near = shapely.MultiPolygon([shapely.Point(106.2 + 0.03 * k, 15.3).buffer(0.008) for k in range(6)])
    far = shapely.MultiPolygon(
        [shapely.Point(108.5 + 0.2 * k, 14.2 + 0.1 * k).buffer(0.0006) for k in range(4)]
    )
    return [near, far]


def make_country() -> MapData:
    """Make the country: 66 communes, the last without population, province 03 without 5G data of one operator."""
    rng = np.random.default_rng(11)
    shapes = [*_mainland(rng), *_islands()]
    n = len(shapes)
    province = np.array([PROVINCES[min(2, at // 22)][0] for at in range(n - 2)] + ["03", "03"])
    names = [f"Xã Hòa Bình {at}" if at % 3 else f"Phường Tân Thủy {at}" for at in range(n - 2)]
    frame = gpd.GeoDataFrame(
        {
            "code": [f"{at + 1:05d}" for at in range(n)],
            "name": [*names, "Đặc khu Cồn Nhỏ", "Đặc khu Trùng Khơi"],
            "province_code": province,
            "province_name": [dict(PROVINCES)[code] for code in province],
            "type": ["commune" if at % 3 else "ward" for at in range(n - 2)] + ["special_zone"] * 2,
            "is_rural": [at % 3 != 0 for at in range(n)],
            "is_rural_basis": "legal_type",
            "is_border": [at % SIDE == 0 for at in range(n)],
            "is_border_basis": ["land_border_distance" if at % SIDE == 0 else "none" for at in range(n)],
            "border_distance_km": rng.uniform(0, 80, n),
            "is_island": [at >= n - 2 for at in range(n)],
            "is_island_basis": ["not_connected_by_people" if at >= n - 2 else "none" for at in range(n)],
        },
        geometry=shapes,
        crs="EPSG:4326",
    )
    frame["area_km2"] = shapely.area(frame.geometry.to_numpy()) * 11_800
    return _finished(_with_people(frame, rng), rng)


def _with_people(frame: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    n = len(frame)
    people = rng.lognormal(8.5, 0.8, n)
    people[-1] = np.nan
    silent = (frame["province_code"] == "03").to_numpy()
    frame["pop_total"] = people
    frame["pop_source"] = ["raster"] * (n - 1) + ["none"]
    lacking = {}
    for service, level in (("5g", 0.6), ("fibre", 0.35)):
        share = np.clip(rng.normal(level, 0.3, n), 0, 1)
        unknown = np.where(silent, share, 0.0) if service == "5g" else np.zeros(n)
        lacking[service] = share - unknown
        frame[f"pop_covered_{service}"] = people * (1 - share)
        frame[f"pop_uncovered_{service}"] = people * lacking[service]
        frame[f"pop_no_data_{service}"] = people * unknown
        frame[f"covered_share_{service}"] = 1 - share
        frame[f"pop_covered_{service}_max_operator"] = people * (1 - share) * 0.9
        frame[f"pop_covered_{service}_all"] = people * (1 - share) * 0.4
        for at, name in enumerate(OPERATORS if service == "5g" else ("Cáp Biển",)):
            frame[f"pop_covered_{service}_{SLUGS[name]}"] = people * (1 - share) * (0.9 - 0.4 * at)
    frame["pop_partial_not_spot_5g"] = people * (1 - lacking["5g"]) * 0.2
    frame["pop_failing"] = people * lacking["5g"] * lacking["fibre"]
    frame["pop_double_gap"] = frame["pop_failing"]
    return frame


def _finished(frame: gpd.GeoDataFrame, rng: np.random.Generator) -> MapData:
    spots = _spots(frame, rng)
    counted = spots.groupby("code")["pop"].agg(["size", "sum"]).reindex(frame["code"])
    frame["black_spot_count"] = counted["size"].fillna(0).to_numpy(dtype=np.int64)
    frame["pop_in_black_spots"] = counted["sum"].fillna(0.0).to_numpy()
    frame["rank"] = frame["pop_failing"].rank(ascending=False, method="first").astype("Int64")
    frame["tier"] = pd.array([1 if flag else 2 for flag in frame["is_border"]], dtype="Int64")
    frame["reason_vi"] = [f"Thiếu cả 5G và cáp quang; {code}." for code in frame["code"]]
    frame["reason_en"] = [f"Neither 5G nor fibre; {code}." for code in frame["code"]]
    sums = [name for name in frame if name.startswith("pop_") and name != "pop_source"] + [
        "area_km2",
        "black_spot_count",
    ]
    provinces = (
        frame.drop(columns="geometry").groupby(["province_code", "province_name"])[sums].sum().reset_index()
    )
    before = pd.DataFrame(frame.drop(columns="geometry"))
    for name in ("pop_failing", "pop_uncovered_5g"):
        before[name] = np.minimum(before[name] * rng.uniform(0.8, 1.5, len(before)), before["pop_total"])
    return MapData(
        communes=frame,
        provinces=provinces,
        black_spots=spots,
        coverage=_coverage(frame),
        about=_about(),
        neighbours=gpd.GeoDataFrame(geometry=[shapely.box(103.0, 13.5, 104.99, 17.0)], crs="EPSG:4326"),
        previous=PreviousPeriod("4/2026", before, spots),
        former=make_former(),
    )


def make_former() -> pd.DataFrame:
    """Name two communes of before for each of today; both special zones were one ward, and one commune has its name still."""
    rng = np.random.default_rng(12)
    names = [f"{first} {second}" for first in _FIRST.split() for second in _SECOND.split()]
    count = SIDE * SIDE + 2
    drawn = rng.choice(names, 2 * count, replace=False).tolist()
    rows = [
        (
            f"{at // 2 + 1:05d}",
            f"{('Xã', 'Phường', 'Thị trấn')[at % 3]} {name}",
            f"Huyện {at % 5 + 1}, Tỉnh Cũ",
        )
        for at, name in enumerate(drawn)
    ]
    rows += [
        (code, "Phường Dương Đông", "Thành phố Phú Quốc, Tỉnh Kiên Giang") for code in ("00065", "00066")
    ]
    rows.append(("00002", "Xã Hoà Bình 1", ""))
    return pd.DataFrame(rows, columns=["code", "name", "place"])


def _spots(frame: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    owner = np.repeat(np.arange(SIDE * SIDE), rng.integers(0, 4, SIDE * SIDE))
    centre = shapely.get_coordinates(shapely.centroid(frame.geometry.to_numpy()[owner]))
    lon, lat = np.round(centre[:, 0] + rng.uniform(-0.02, 0.02, len(owner)), 3), np.round(centre[:, 1], 3)
    outline = shapely.union(
        shapely.box(lon - 0.004, lat - 0.004, lon + 0.004, lat + 0.004),
        shapely.box(lon, lat, lon + 0.008, lat + 0.008),
    )
    people = rng.uniform(60, 900, len(owner))
    far = rng.uniform(0.5, 30, (2, len(owner)))
    ids = [f"{frame['code'][row]}-w7g{at:04d}" for at, row in enumerate(owner)]
    return gpd.GeoDataFrame(
        {
            "spot_id": ids,
            "cluster_id": [
                ids[np.flatnonzero(owner == row)[0]] for row in owner
            ],  # one cluster in each commune
            "code": frame["code"].to_numpy()[owner],
            "pop": people,
            "area_km2": 1.7,
            "lon": lon,
            "lat": lat,
            "missing": ["5g,fibre" if at % 2 else "5g" for at in range(len(owner))],
            "distance_to_5g_km": far.min(axis=0),
            "distance_to_5g_hai_dang_km": far[0],
            "distance_to_5g_sao_mai_km": far[1],
            "distance_to_fibre_km": [np.nan if at % 5 == 0 else 3.25 for at in range(len(owner))],
            "place_name": ["" if at % 7 == 0 else f"Bản Nậm {at % 40}" for at in range(len(owner))],
            "place_distance_km": [np.nan if at % 7 == 0 else at / 10 for at in range(len(owner))],
            "rank": pd.array(np.argsort(np.argsort(-people)) + 1, dtype="Int64"),
        },
        geometry=outline,
        crs="EPSG:4326",
    )


def _coverage(frame: gpd.GeoDataFrame) -> tuple[Any, ...]:
    bounds, silent = frame.total_bounds, frame["code"][frame["province_code"] == "03"]
    areas = {
        ("Sao Mai", "5g"): shapely.box(105.0, 15.0, 105.4, 15.8),
        ("Hải Đăng", "5g"): shapely.Point(105.4, 15.3).buffer(0.25),
        ("Cáp Biển", "fibre"): shapely.box(105.2, 15.0, 105.8, 15.2),
    }
    return tuple(
        coverage_rows(
            np.array([area]),
            frame.crs,
            bounds=bounds,
            operator=operator,
            service=service,
            basis="declared",
            vintage="2026-10-31",
            no_data_codes=silent if operator == "Hải Đăng" else (),
        )
        for (operator, service), area in areas.items()
    )


def _about() -> dict[str, Any]:
    return {
        "title": {"vi": "Bản đồ thử", "en": "Test map"},
        "notice": {"vi": "DỮ LIỆU MẪU", "en": "SAMPLE DATA"},
        "period": "10/2026",
        "run": "000002-ab12cd",
        "services": ["5g", "fibre"],
        "operators": [{"name": name, "slug": slug} for name, slug in SLUGS.items()],
        "mobile_service": "5g",
        "fibre_service": "fibre",
        "profile": {
            "id": "thu",
            "version": "1",
            "digest": "ab" * 32,
            "services": ["5g", "fibre"],
            "gap": "all",
            "operator_rule": "any",
            "k": 1,
            "min_people": 50,
        },
        "population": {"source": "Lưới thử", "vintage": "2020", "edge_cells": "land", "calibrate": "none"},
        "inputs": [
            {"role": "communes", "file": "xa.gpkg", "vintage": "", "sha256": "cd" * 32},
            {
                "role": "coverage",
                "file": "saomai.gpkg",
                "vintage": "2026-10-31",
                "sha256": "ef" * 32,
                "operator": "Sao Mai",
                "service": "5g",
                "basis": "declared",
            },
        ],
        "findings": [
            {
                "severity": "warning",
                "message_vi": "Đã sửa 2 vòng.",
                "message_en": "2 rings repaired.",
                "count": 2,
            }
        ],
        "versions": {"blackspot": "0.1.0"},
        "limits": [{"vi": "Chỉ để thử.", "en": "For tests only."}],
    }


HOSTILE = (
    "{{cycler.__init__.__globals__.os.popen('touch pwned').read()}}",
    "{% An",
    "{# mất #}",
    "${window.pwned=1}",
    "`+(window.pwned=1)+`",
    "</script><script>window.pwned=1</script>",
    '<img src=x onerror="window.pwned=1">',
    "<!--<script>",
    '=HYPERLINK("http://example.org")',
    "__proto__",
    "constructor",
    "\u202egnàv gnaV\u202c",
    "]]>--><svg onload=window.pwned=1>",
    "<!--slot:tiles-->",
    "Ã" * 10_000,
)


def make_hostile() -> MapData:
    """Give the country with a hostile text in every text field of everything."""
    data = make_country()
    everywhere = (
        "<img src=x onerror=window.pwned=1>{{7*7}}</script><script>window.pwned=1</script>${window.pwned=1}"
    )
    communes = data.communes.copy()
    communes["name"] = [HOSTILE[at % len(HOSTILE)] for at in range(len(communes))]
    communes["province_name"] = [f"{everywhere} {code}" for code in communes["province_code"]]
    for name in (
        "reason_vi",
        "reason_en",
        "pop_source",
        "is_rural_basis",
        "is_border_basis",
        "is_island_basis",
    ):
        communes[name] = everywhere
    about = {
        **data.about,
        "title": {"vi": everywhere, "en": everywhere},
        "notice": {"vi": everywhere, "en": everywhere},
        "period": everywhere,
        "operators": [{"name": everywhere, "slug": "sao_mai"}, *data.about["operators"][1:]],
        "profile": {**data.about["profile"], "id": everywhere, "version": everywhere},
        "population": {
            "source": everywhere,
            "vintage": everywhere,
            "edge_cells": everywhere,
            "calibrate": everywhere,
        },
        "inputs": [
            {
                "role": everywhere,
                "file": everywhere,
                "vintage": everywhere,
                "sha256": everywhere,
                "operator": everywhere,
                "service": everywhere,
                "basis": everywhere,
            }
        ],
        "findings": [
            {"severity": everywhere, "message_vi": everywhere, "message_en": everywhere, "count": 3}
        ],
        "versions": {everywhere: everywhere, "__proto__": "x"},
        "limits": [{"vi": everywhere, "en": everywhere}],
    }
    spots = data.black_spots.copy()
    spots["spot_id"] = [f"{code}-{everywhere}" for code in spots["code"]]
    spots["place_name"] = everywhere
    coverage = tuple(
        replace(
            rows,
            operator=everywhere if rows.operator == "Sao Mai" else rows.operator,
            basis=everywhere,
            vintage=everywhere,
        )
        for rows in data.coverage
    )
    assert data.previous is not None
    previous = replace(data.previous, label=everywhere)
    assert data.former is not None
    former = data.former.assign(name=lambda rows: everywhere + " " + rows["name"], place=everywhere)
    return replace(
        data,
        communes=communes,
        black_spots=spots,
        about=about,
        coverage=coverage,
        previous=previous,
        former=former,
    )


def facts(path: Path) -> dict[str, Any]:
    """Take the facts of a page."""
    found = re.search(r'id="bs-meta">([^<]*)<', path.read_text(encoding="utf-8"))
    assert found
    result: dict[str, Any] = json.loads(found[1])
    return result


def block(path: Path, name: str) -> bytes:
    """Take the bytes of a block of a page, deflated as they stand there."""
    found = re.search(rf'id="{name}">([^<]*)<', path.read_text(encoding="utf-8"))
    assert found
    return base64.b64decode(found[1])


@pytest.fixture(scope="session")
def country() -> MapData:
    """The small country."""
    return make_country()


@pytest.fixture(scope="session")
def hostile() -> MapData:
    """The small country with hostile texts."""
    return make_hostile()


@pytest.fixture(scope="session")
def pages(country: MapData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all pages of the country."""
    folder = tmp_path_factory.mktemp("pages")
    build_pages(country, folder)
    return folder


@pytest.fixture(scope="session")
def hostile_texts() -> tuple[str, ...]:
    """Texts that try to run, to make elements, to end a block, to calculate, or to be too long."""
    return HOSTILE


@pytest.fixture(scope="session")
def hostile_page(hostile: MapData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile country's page."""
    folder = tmp_path_factory.mktemp("hostile")
    build_pages(hostile, folder, pages="national")
    return folder / "map.html"
