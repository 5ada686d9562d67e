"""Communes: every one once, by code, with everything that was put right told and everything wrong refused."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import unicodedata
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely

from blackspot.data.country.communes import read_communes
from blackspot.data.findings.collector import Findings
from blackspot.data.geodesy.area import area_km2
from blackspot.data.project.models import CommunesSource, ProvincesSource
from blackspot.data.readers.facts import Refused
from commune_files import codes_of, read_back, refusal_of, three_communes

if TYPE_CHECKING:
    from pathlib import Path


def test_communes_are_sorted_by_code_with_all_their_columns(tmp_path: Path) -> None:
    """Text stays text, the index counts from 0, nothing has to be said about a good file."""
    communes, findings = read_back(three_communes(), tmp_path)
    assert communes is not None
    frame = communes.frame
    assert [] == codes_of(findings)
    assert ["00004", "00008", "31000"] == frame["code"].tolist()
    assert ["Ba Đình", "Ngọc Hà", "Vân Đồn"] == frame["name"].tolist()
    assert ["01", "01", "22"] == frame["province_code"].tolist()
    assert ["ward", "ward", "special_zone"] == frame["type"].tolist()
    expected = ["code", "name", "province_code", "province_name", "type", "area_km2", "geometry"]
    assert expected == list(frame.columns)
    assert [0, 1, 2] == frame.index.tolist()
    assert 4326 == frame.crs.to_epsg()
    assert 107.0 == frame.geometry.iloc[2].bounds[0]


def test_areas_are_those_of_the_ellipsoid(tmp_path: Path) -> None:
    """Within 0.01 % of the geodesic polygon; the plane at 21° N would be 7 % off."""
    communes, _ = read_back(three_communes(), tmp_path)
    assert communes is not None
    geod = pyproj.Geod(ellps="WGS84")
    expected = [abs(geod.geometry_area_perimeter(shape)[0]) / 1e6 for shape in communes.frame.geometry]
    assert expected == pytest.approx(communes.frame["area_km2"].tolist(), rel=1e-4)


@pytest.mark.parametrize("epsg", [3405, 9210, 32648, 3857])
def test_communes_in_another_system_come_out_in_degrees(tmp_path: Path, epsg: int) -> None:
    """VN-2000 in UTM and TM-3 lands within a metre of the truth, with the same area."""
    communes, findings = read_back(three_communes().to_crs(epsg), tmp_path)
    assert communes is not None
    assert not findings.errors
    truth = three_communes().sort_values("code", ignore_index=True)
    assert (
        max(shapely.hausdorff_distance(communes.frame.geometry.to_numpy(), truth.geometry.to_numpy())) < 1e-5
    )


def test_columns_are_called_as_the_project_says(tmp_path: Path) -> None:
    """Vietnamese column names, a province name, and types in Vietnamese in any case and form."""
    frame = three_communes(
        type=["Đặc khu", "PHƯỜNG", "xã"], province_name=["Quảng Ninh", "Hà Nội", "Hà Nội"]
    ).rename(columns={"code": "mã", "name": "tên", "type": "loại", "province_name": "tỉnh"})
    columns = {"code": "mã", "name": "tên", "type": "loại", "province_name": "tỉnh"}
    communes, findings = read_back(frame, tmp_path, columns=columns)
    assert communes is not None
    assert [] == codes_of(findings)
    assert ["ward", "commune", "special_zone"] == communes.frame["type"].tolist()
    assert ["Hà Nội", "Hà Nội", "Quảng Ninh"] == communes.frame["province_name"].tolist()


def test_the_project_says_what_other_types_mean(tmp_path: Path) -> None:
    """A word of the file is mapped; one that nobody explained is refused with an example of the cure."""
    frame = three_communes(type=["Township", "Ward", "township"])
    communes, _ = read_back(frame, tmp_path, types={"township": "commune"})
    assert communes is not None
    assert ["ward", "commune", "commune"] == communes.frame["type"].tolist()
    findings = refusal_of(frame, tmp_path)
    assert ["communes.unknown-type"] == codes_of(findings)
    assert "Township, township" in findings.items[0].message_en
    assert '"Township" = "commune"' in findings.items[0].cure_en
    assert ["communes.unknown-type"] == codes_of(
        refusal_of(three_communes(type=["ward", None, "ward"]), tmp_path)
    )


def test_types_come_from_the_names_where_there_is_no_column(tmp_path: Path) -> None:
    """The legal type stands before many names; the rest count as communes, with a warning."""
    frame = three_communes(name=["Đặc khu Vân Đồn", "Phường Ba Đình", "Ngọc Hà"])
    communes, findings = read_back(frame, tmp_path, columns={"type": ""})
    assert communes is not None
    assert ["ward", "commune", "special_zone"] == communes.frame["type"].tolist()
    assert ["communes.type-from-name"] == codes_of(findings)
    assert "2 communes" in findings.items[0].message_en


# -- codes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codes", [[31000, 4, 8], [31000.0, 4.0, 8.0]])
def test_lost_leading_zeros_are_put_back_with_a_warning(tmp_path: Path, codes: list[Any]) -> None:
    """As whole and as decimal numbers; the warning counts them."""
    communes, findings = read_back(three_communes(code=codes), tmp_path)
    assert communes is not None
    assert ["00004", "00008", "31000"] == communes.frame["code"].tolist()
    (finding,) = findings.items
    assert ("communes.codes-padded", "warning", 2) == (finding.code, finding.severity, finding.count)
    assert "00004, 00008" in finding.message_en


def test_province_codes_are_padded_too(tmp_path: Path) -> None:
    """1 is 01, told under its own column."""
    communes, findings = read_back(three_communes(province_code=[22, 1, 1]), tmp_path)
    assert communes is not None
    assert ["01", "01", "22"] == communes.frame["province_code"].tolist()
    assert [("communes.codes-padded", "province_code")] == [(f.code, f.column) for f in findings.items]


def test_two_communes_with_one_code_are_refused(tmp_path: Path) -> None:
    """Also when only the lost zeros made them look different."""
    findings = refusal_of(three_communes(code=["4", "00004", "00008"]), tmp_path)
    assert "communes.duplicate-code" in codes_of(findings)
    assert (
        "codes that stand more than once, with different names, provinces or types: 00004."
        == findings.errors[0].message_en
    )


@pytest.mark.parametrize(
    ("column", "values", "code"),
    [
        ("code", ["", "00004", "00008"], "communes.missing-code"),
        ("code", ["310000", "00004", "00008"], "communes.bad-code"),
        ("code", ["VN-1", "00004", "00008"], "communes.bad-code"),
        ("name", ["", "Ba Đình", "Ngọc Hà"], "communes.missing-name"),
        ("name", [" \u200b", "Ba Đình", "Ngọc Hà"], "communes.missing-name"),
        ("province_code", [None, "01", "01"], "communes.missing-province"),
        ("province_code", ["VN22", "01", "01"], "communes.bad-code"),
    ],
)
def test_a_row_without_a_usable_value_is_refused(
    tmp_path: Path, column: str, values: list[Any], code: str
) -> None:
    """The finding names the column, and the feature or the code."""
    findings = refusal_of(three_communes(**{column: values}), tmp_path)
    assert [(code, column, "xã.gpkg")] == [(f.code, f.column, f.file) for f in findings.items]


def test_all_problems_of_a_file_are_reported_together(tmp_path: Path) -> None:
    """One run tells everything: codes, names, provinces, types and outlines."""
    frame = three_communes(
        code=["00004", "00004", "123"],
        name=["", "a", "b"],
        province_code=["", "01", "01"],
        type=["x", "ward", "ward"],
    )
    frame.loc[2, "geometry"] = shapely.Polygon([(105, 21), (106, 21), (105, 21)])
    expected = {
        "communes.duplicate-code",
        "communes.missing-name",
        "communes.missing-province",
        "communes.unknown-type",
        "communes.not-an-area",
    }
    assert expected <= set(codes_of(refusal_of(frame, tmp_path)))


def test_missing_columns_are_named(tmp_path: Path) -> None:
    """All of them, with the columns that exist."""
    findings = refusal_of(three_communes(), tmp_path, columns={"code": "mã", "type": "loại"})
    assert [("column.missing", "loại"), ("column.missing", "mã")] == [
        (f.code, f.column) for f in findings.items
    ]
    assert "the columns are: code, name, province_code, type." in findings.items[0].message_en


# -- names -------------------------------------------------------------------------------------------------


def test_names_are_composed_and_cleaned_with_a_note(tmp_path: Path) -> None:
    """Combining accents, line breaks and hidden characters go; the note counts and lists the communes."""
    frame = three_communes(name=["Vân Đồn", "Ba\nĐình", unicodedata.normalize("NFD", "Ngọc Hà")])
    communes, findings = read_back(frame, tmp_path)
    assert communes is not None
    assert ["Ba Đình", "Ngọc Hà", "Vân Đồn"] == communes.frame["name"].tolist()
    assert [("communes.names-cleaned", "note", 2)] == [(f.code, f.severity, f.count) for f in findings.items]


def test_hostile_names_are_only_names(tmp_path: Path) -> None:
    """They come through as text; escaping is the business of whoever writes a page."""
    names = ["</script><script>x</script>", "${x}`", "=1+1"]
    communes, findings = read_back(three_communes(name=names), tmp_path)
    assert communes is not None
    assert [names[1], names[2], names[0]] == communes.frame["name"].tolist()
    assert [] == codes_of(findings)


# -- provinces ---------------------------------------------------------------------------------------------


def test_provinces_are_shown_by_code_where_nobody_names_them(tmp_path: Path) -> None:
    """That is no finding: the project file asked for nothing else."""
    communes, findings = read_back(three_communes(), tmp_path)
    assert communes is not None
    assert ["01", "01", "22"] == communes.frame["province_name"].tolist()
    assert [] == codes_of(findings)


@pytest.mark.parametrize("ending", [".csv", ".gpkg", ".xlsx"])
def test_names_of_provinces_come_from_a_table_or_a_layer(tmp_path: Path, ending: str) -> None:
    """And a name in the communes' own file does not count then."""
    names = pd.DataFrame({"code": ["01", "22"], "name": ["Hà Nội", "Quảng Ninh"]})
    path = tmp_path / f"tỉnh{ending}"
    if ending == ".csv":
        names.to_csv(path, index=False)
    elif ending == ".xlsx":
        names.to_excel(path, index=False)
    else:
        shapes = [shapely.box(105, 21, 106, 22), shapely.box(107, 21, 108, 22)]
        pyogrio.write_dataframe(geopandas.GeoDataFrame(names, geometry=shapes, crs=4326), path)
    frame = three_communes(province_name=["x", "y", "z"])
    provinces = ProvincesSource(path=path)
    communes, findings = read_back(frame, tmp_path, provinces, columns={"province_name": "province_name"})
    assert communes is not None
    assert [] == codes_of(findings)
    assert ["Hà Nội", "Hà Nội", "Quảng Ninh"] == communes.frame["province_name"].tolist()


def test_a_province_without_a_name_is_warned_about(tmp_path: Path) -> None:
    """Its code is shown; a province that no commune belongs to does not matter."""
    (tmp_path / "t.csv").write_text("code,name\n1,Hà Nội\n99,Nơi khác\n", encoding="utf-8")
    communes, findings = read_back(three_communes(), tmp_path, ProvincesSource(path=tmp_path / "t.csv"))
    assert communes is not None
    assert ["Hà Nội", "Hà Nội", "22"] == communes.frame["province_name"].tolist()
    assert ["communes.codes-padded", "provinces.missing-name"] == codes_of(findings)


def test_a_bad_list_of_provinces_is_refused_together_with_bad_communes(tmp_path: Path) -> None:
    """Both files are read before anything is given up."""
    (tmp_path / "t.csv").write_text("code,name\n01,Hà Nội\n1,Hà Nội\n123,x\n", encoding="utf-8")
    frame = three_communes()
    frame.loc[0, "geometry"] = None
    findings = refusal_of(frame, tmp_path, provinces=ProvincesSource(path=tmp_path / "t.csv"))
    assert {"provinces.duplicate-code", "communes.bad-code", "geometry.required"} == set(codes_of(findings))


def test_the_most_frequent_name_of_a_province_counts(tmp_path: Path) -> None:
    """A typing mistake in one commune does not make two provinces."""
    frame = three_communes(province_code=["01"] * 3, province_name=["Ha Noi", "Hà Nội", "Hà Nội"])
    communes, findings = read_back(frame, tmp_path, columns={"province_name": "province_name"})
    assert communes is not None
    assert {"Hà Nội"} == set(communes.frame["province_name"])
    assert ["provinces.several-names"] == codes_of(findings)


# -- real files --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_whole_country_is_read_without_a_finding(realdata: Path) -> None:
    """3,321 communes in full detail: 2,611 xã, 697 phường, 13 đặc khu, 34 provinces."""
    findings = Findings()
    communes = read_communes(
        CommunesSource(path=realdata / "vietnam/communes_2026-07_full.parquet"),
        ProvincesSource(path=realdata / "vietnam/provinces_2026-07_full.parquet"),
        findings,
    )
    assert not isinstance(communes, Refused)
    assert [] == codes_of(findings)
    frame = communes.frame
    assert {"commune": 2611, "ward": 697, "special_zone": 13} == frame["type"].value_counts().to_dict()
    assert (3321, 34) == (frame["code"].nunique(), frame["province_name"].nunique())
    assert {5} == set(frame["code"].str.len())
    assert 7_129_486 == shapely.get_num_coordinates(frame.geometry.to_numpy()).sum()
    stated = pd.read_parquet(
        realdata / "vietnam/communes_2026-07_full.parquet", columns=["code", "areaKm2"]
    ).set_index("code")["areaKm2"]
    assert np.median(frame["area_km2"] / stated.loc[frame["code"]].to_numpy()) == pytest.approx(1, abs=1e-3)


READING = """
import sys
from pathlib import Path
from blackspot.data.country.communes import read_communes
from blackspot.data.findings.collector import Findings
from blackspot.data.project.models import CommunesSource, ProvincesSource
read_communes(CommunesSource(path=sys.argv[1]), ProvincesSource(path=sys.argv[2]), Findings())
print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""


@pytest.mark.slow
def test_reading_the_whole_country_takes_bounded_memory(realdata: Path) -> None:
    """In a process of its own: others have read much before, and ``ru_maxrss`` is inherited from who starts it."""
    files = [realdata / f"vietnam/{name}_2026-07_full.parquet" for name in ("communes", "provinces")]
    done = subprocess.run([sys.executable, "-c", READING, *files], check=True, capture_output=True, text=True)
    assert int(done.stdout) < 1_500_000  # kB


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "count", "special_zones"), [("12_lai_chau", 38, 0), ("56_khanh_hoa", 65, 1)]
)
def test_a_province_as_published_is_read_from_its_folder(
    realdata: Path, tmp_path: Path, name: str, count: int, special_zones: int
) -> None:
    """One GeoJSON file per commune gives the same communes as the national file."""
    with tarfile.open(realdata / f"vietnam/original_geojson_{name}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    folder = tmp_path / name / "wards"
    for file in folder.iterdir():  # the publisher keeps the province in the name of the folder only
        content = json.loads(file.read_text(encoding="utf-8"))
        content["features"][0]["properties"]["province_code"] = name[:2]
        file.write_text(json.dumps(content), encoding="utf-8")
    findings = Findings()
    source = CommunesSource(path=folder, columns={"name": "fullName", "type": ""})
    communes = read_communes(source, None, findings)
    assert not isinstance(communes, Refused)
    assert ["communes.type-from-name"] == codes_of(findings)
    assert "the other 0 count" in findings.items[0].message_en
    expected = geopandas.read_parquet(
        realdata / "vietnam/communes_2026-07_full.parquet",
        columns=["code", "type", "geometry"],
        filters=[("province_code", "==", name[:2])],
    ).sort_values("code")
    assert count == len(communes.frame)
    assert special_zones == (communes.frame["type"] == "special_zone").sum()
    for column in ("code", "type"):
        assert expected[column].tolist() == communes.frame[column].tolist()
    areas = area_km2(expected.geometry.to_numpy())
    assert areas.tolist() == pytest.approx(communes.frame["area_km2"].tolist(), rel=1e-4)


def test_communes_from_before_the_reform_are_refused_by_their_codes(realdata: Path) -> None:
    """The census of 2009 has codes of seven digits, kept as decimal numbers: another kind of unit."""
    findings = Findings()
    columns = {"code": "commune_id", "name": "commune_vn", "province_code": "province_id", "type": ""}
    source = CommunesSource(path=realdata / "vietnam/communes_2009_census.parquet", columns=columns)
    assert isinstance(read_communes(source, None, findings), Refused)
    bad = [finding for finding in findings.errors if finding.code == "communes.bad-code"]
    assert ["commune_id", "province_id"] == [finding.column for finding in bad]
    assert "1010101" in bad[0].message_en
