"""Shapes, dates, senders, text and displacement: small cases worked out by hand."""

from __future__ import annotations

import datetime as dt
import unicodedata

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.displacement import find_shift
from blackspot.coverage.footprint import Footprint, equal_area_grid
from blackspot.coverage.people import people_per_commune
from blackspot.data.column_guess import guess_column, is_operational, service_of
from blackspot.data.findings import Findings
from blackspot.data.geodesic import area_km2
from blackspot.data.plausibility import Edges, check_dates, check_sender, newest_date, read_day
from blackspot.data.project_checks import CheckRules
from blackspot.data.vietnamese_text import (
    from_tcvn3,
    from_vni,
    from_windows_1258,
    name_key,
    plausible_share,
    readings,
)

LONLAT = pyproj.CRS(4326)


def _array(*shapes: shapely.Geometry) -> np.ndarray:
    return np.array(shapes, dtype=object)


# --- text ---


def test_old_encodings_are_read() -> None:
    """Names of communes as TCVN3, VNI and Windows-1258 bytes, shown as ISO-8859-1."""
    assert "Bảo Thắng" == from_tcvn3("B¶o Th¾ng")
    assert "Mường Khương" == from_tcvn3("M\xadêng Kh\xad¬ng")
    assert "chào các bạn" == from_vni("chaøo caùc baïn")
    assert "Mường Khương" == from_vni("Möôøng Khöông")
    encoded = unicodedata.normalize("NFC", "Đ\u00f4\u0300ng V\u0103n")
    assert "Đồng Văn" == encoded
    assert "Văn Hóa" == from_windows_1258("V\u0103n Ho\u0301a".encode("cp1258").decode("latin-1"))


def test_readings_stand_side_by_side_the_official_names_first() -> None:
    """Of all readings, the one that gives official names comes first, with how many it gave."""
    raw = ["§ång V¨n", "B¶o Th¾ng"]
    offered = readings(raw, ["Đồng Văn", "Bảo Thắng", "Bát Xát"])
    assert ("TCVN3", 2, ("Đồng Văn", "Bảo Thắng")) == (
        offered[0].encoding,
        offered[0].matches,
        offered[0].texts,
    )
    assert {"VNI", "Windows-1258"} <= {reading.encoding for reading in offered}
    utf8 = readings(["Đồng Văn".encode().decode("latin-1")], ["Đồng Văn"])
    assert "UTF-8" == utf8[0].encoding


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hòa Bình", "Hoà Bình", True),
        ("Xã Hòa Bình", "HÒA BÌNH", True),
        ("Ðồng Văn", "Đồng Văn", True),
        ("Hòa Bình", "Hóa Bình", False),
        ("Hòa Bình", "Hoa Bình", False),
    ],
)
def test_spellings_of_one_name(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a drawn case
    """Tone placement, case, the legal type and Eth do not make another name; a tone does."""
    assert same == (name_key(one) == name_key(other))


@given(st.text())
def test_names_in_any_form_have_one_key(name: str) -> None:
    """Composed or decomposed, a name is the same name."""
    assert name_key(unicodedata.normalize("NFC", name)) == name_key(unicodedata.normalize("NFD", name))


def test_what_is_written_in_syllables_is_plausible() -> None:
    """Bytes of an old font are no syllables."""
    assert plausible_share(["Phường Nghĩa Lộ", "Xã Khuôn Lùng"]) == 1.0
    assert plausible_share(["§ång V¨n"]) < 0.5


# --- columns ---


@pytest.mark.parametrize(
    ("columns", "meaning", "expected"),
    [
        (["Mã xã", "Tên xã"], "code", "Mã xã"),
        (["pop_api_2025_07"], "population", "pop_api_2025_07"),
        (["Kinh độ"], "longitude", "Kinh độ"),
        (["NHA_MANG"], "operator", "NHA_MANG"),
        (["abc"], "code", ""),
    ],
)
def test_columns_are_known_by_what_people_call_them(columns: list[str], meaning: str, expected: str) -> None:
    """English or Vietnamese, any case, with or without accents."""
    assert expected == guess_column(columns, meaning)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5G", "5g"),
        ("NR", "5g"),
        ("5G NSA", "5g"),
        ("LTE", "4g"),
        ("LTE-A", "4g"),
        ("FTTH", "fibre"),
        ("x", ""),
    ],
)
def test_technologies_however_they_are_spelt(text: str, expected: str) -> None:
    """Five spellings of two things."""
    assert expected == service_of(text)


def test_statuses() -> None:
    """Only what works today counts."""
    assert [True, True, False, False] == [
        is_operational(word) for word in ("Operational", "Đang hoạt động", "Planned", "<NA>")
    ]


def test_dates_are_read_as_in_viet_nam() -> None:
    """The day stands before the month; a day that does not exist is none."""
    assert dt.date(2026, 10, 31) == read_day("31/10/2026") == read_day("2026-10-31")
    assert read_day("31/06/2026") is None
    assert read_day("soon") is None
    assert dt.date(2026, 10, 31) == newest_date(pd.DataFrame({"Ngày": ["30/09/2026", "31/10/2026", None]}))


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (dt.date(2026, 11, 1), []),
        (dt.date(2026, 10, 30), ["plausibility.date-future"]),
        (dt.date(2027, 10, 31), ["plausibility.date-future"]),
        (dt.date(2027, 11, 1), ["plausibility.stale", "plausibility.date-future"]),
    ],
)
def test_dates_against_the_day_asked_for(asked: dt.date, codes: list[str]) -> None:
    """One year is not stale, a day more is; a day asked for that has not come yet is told, too."""
    findings = Findings()
    columns = pd.DataFrame({"vintage": ["2026-10-31"]})
    check_dates(columns, asked, dt.date(2026, 11, 25), CheckRules(), findings.about("x"))
    assert codes == [finding.code for finding in findings.items]


def test_the_sender_is_who_was_announced() -> None:
    """Accents and case do not make another operator; another name does."""
    columns = pd.DataFrame({"nha_mang": ["HAI DANG"], "tech": ["LTE"]})
    findings = Findings()
    check_sender(columns, "Hải Đăng", "4g", findings.about("x"))
    assert () == findings.items
    check_sender(columns, "Sao Mai", "5g", findings.about("x"))
    assert {"submission.other-operator", "submission.other-service"} == {item.code for item in findings.items}


# --- ground ---


@given(st.floats(9, 23), st.floats(103, 109), st.floats(0.01, 0.5))
def test_ground_counts_once_and_is_true_to_area(lat: float, lon: float, size: float) -> None:
    """A box and its copy cover what one box measures on the ellipsoid."""
    box = shapely.box(lon, lat, lon + size, lat + size)
    grid = equal_area_grid((lon - size, lat - size, lon + 2 * size, lat + 2 * size))
    ground = Footprint.of(_array(box, box), LONLAT, grid)
    assert area_km2(_array(box))[0] == pytest.approx(ground.area_km2, rel=1e-3)


def test_shared_ground_and_agreement() -> None:
    """Two boxes that share half of each agree by one third."""
    grid = equal_area_grid((105, 21, 105.3, 21.2))
    one = Footprint.of(_array(shapely.box(105.0, 21, 105.2, 21.2)), LONLAT, grid)
    other = Footprint.of(_array(shapely.box(105.1, 21, 105.3, 21.2)), LONLAT, grid)
    assert 1 / 3 == pytest.approx(one.agreement(other), rel=1e-3)
    assert one.area_km2 / 2 == pytest.approx(one.shared_km2(other.spans), rel=1e-3)
    nothing = Footprint.of(_array(shapely.box(0, 0, 1, 1)), LONLAT, grid)
    assert (0.0, 0.0) == (nothing.area_km2, nothing.agreement(nothing))


def _blobs(east_m: float = 0.0, north_m: float = 0.0) -> np.ndarray:
    """Uneven areas near Hà Nội, moved by metres."""
    angle = np.linspace(0, 2 * np.pi, 41)[:-1]
    shift = (east_m / 111_320 / np.cos(np.radians(21)), north_m / 110_750)
    shapes = []
    for number in range(12):
        x, y = 105 + 0.13 * (number % 4) + shift[0], 20.8 + 0.15 * (number // 4) + shift[1]
        radius = 0.03 * (1 + 0.4 * np.sin(3 * angle + number) + 0.1 * np.sin(8 * angle))
        shapes.append(
            shapely.Polygon(np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)]))
        )
    return _array(*shapes)


@pytest.mark.parametrize(
    ("east_m", "north_m", "cause"),
    [
        (192.0, -112.0, "VN-2000 / WGS 84"),
        (0.0, 697.0, "k = 0.9999 (TM-3) / 0.9996 (UTM)"),
        (-25_980.0, 0.0, "TM-3, 15 min"),
        (1500.0, 900.0, "?"),
    ],
)
def test_shifts_are_found_and_their_causes_named(east_m: float, north_m: float, cause: str) -> None:
    """The datum, the scale factor, a wrong meridian, and a shift nobody knows."""
    grid = equal_area_grid((104.4, 20.6, 105.8, 21.3))
    now, before = (Footprint.of(shapes, LONLAT, grid) for shapes in (_blobs(east_m, north_m), _blobs()))
    shift = find_shift(now, before)
    assert (east_m, north_m) == pytest.approx((shift.east_m, shift.north_m), abs=max(12.0, abs(east_m) / 200))
    assert 0.97 < shift.after
    assert cause == shift.cause


def test_a_delivery_that_did_not_move_has_no_shift() -> None:
    """The same ground agrees best where it is."""
    grid = equal_area_grid((104.4, 20.6, 105.8, 21.3))
    ground = Footprint.of(_blobs(), LONLAT, grid)
    shift = find_shift(ground, ground)
    assert (0.0, 0.0, 1.0, "?") == (shift.east_m, shift.north_m, shift.after, shift.cause)


def test_edges_are_measured_and_sampled_evenly() -> None:
    """A box of 0.1 degrees at the equator: four edges of 11.1 km, places along all of them."""
    edges = Edges.of(_array(shapely.box(105, 0, 105.1, 0.1)))
    assert 11_132 == pytest.approx(edges.typical_m(), rel=1e-3)
    places = edges.sample(400)
    sides = ((0, 105.0), (0, 105.1), (1, 0.0), (1, 0.1))
    assert all(100 == pytest.approx(np.isclose(places[:, axis], at).sum(), abs=2) for axis, at in sides)
    assert 0.0 == Edges.of(_array()).typical_m()


def test_edges_of_multipolygons_count_like_those_of_their_parts() -> None:
    """One feature of two boxes has the edges of two features of one box."""
    boxes = [shapely.box(105, 0, 105.1, 0.1), shapely.box(106, 0, 106.1, 0.1)]
    apart, together = Edges.of(_array(*boxes)), Edges.of(_array(shapely.MultiPolygon(boxes)))
    assert 8 == len(together.length_m)
    assert apart.length_m.tolist() == together.length_m.tolist()


class _Flat:
    """Ten people in each cell of 0.1 degrees."""

    crs, transform, width, height = LONLAT, Affine(0.1, 0, 105, 0, -0.1, 21), 10, 10

    def read(self, row0: int, rows: int, col0: int, cols: int) -> np.ndarray:
        row, col = np.mgrid[row0 : row0 + rows, col0 : col0 + cols]
        return np.where((row >= 0) & (row < 10) & (col >= 0) & (col < 10), 10.0, np.nan)


def test_people_of_communes_are_shares_of_cells() -> None:
    """Four whole cells have 40 people, half a cell 5, a commune outside nobody."""
    import geopandas  # noqa: PLC0415 - only here

    shapes = [
        shapely.box(105, 20.8, 105.2, 21),
        shapely.box(105.5, 20.5, 105.55, 20.6),
        shapely.box(110, 20, 111, 21),
    ]
    frame = geopandas.GeoDataFrame({"code": list("abc")}, geometry=shapes, crs=4326)
    assert [40, 5, 0] == pytest.approx(people_per_commune(frame, _Flat()).tolist(), abs=0.01)
