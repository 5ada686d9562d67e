"""The folder for the operator: it stands by itself, is inert, and is the same every time."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import TYPE_CHECKING, Any

import geopandas
import pytest
import shapely

from blackspot.data.checking.request import CheckFacts, CheckReport, CheckRequest
from blackspot.data.findings.collector import Findings
from blackspot.data.readers import table, vector
from blackspot.errors import Finding
from blackspot.maps.kit.write import FEATURES, SUMMARY, SUMMARY_EN, TABLE, write_kit
from blackspot.pipeline.check import check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TODAY = dt.date(2026, 11, 25)
HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>'


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """A coverage file with a bow tie, a feature abroad, and one that stands twice."""
    good = shapely.Polygon([(105, 21), (105.01, 21), (105.012, 21.01), (105, 21.01)])
    bow = shapely.Polygon([(105.1, 21), (105.11, 21.01), (105.11, 21), (105.1, 21.01)])
    abroad = shapely.box(2.3, 48.8, 2.31, 48.81)
    path = tmp_path / "5g.gpkg"
    geopandas.GeoDataFrame({"a": range(4)}, geometry=[good, bow, abroad, good], crs=4326).to_file(path)
    return path


def _kit(delivery: Path, folder: Path) -> CheckReport:
    return check(CheckRequest.of(delivery, "coverage", operator="Sao Mai", kit=folder), today=TODAY)


def test_the_kit_holds_summary_table_and_features(delivery: Path, tmp_path: Path) -> None:
    """Exactly four files; the features are those with something to say, in degrees."""
    report = _kit(delivery, tmp_path / "kit")
    assert {SUMMARY, SUMMARY_EN, TABLE, FEATURES} == {path.name for path in (tmp_path / "kit").iterdir()}
    assert tmp_path / "kit" == report.kit
    features = geopandas.read_file(tmp_path / "kit" / FEATURES)
    found = sorted(zip(features["code"], features["feature_id"], strict=True))
    assert [
        ("coverage.invalid-rings", "2"),
        ("coverage.partly-outside", "3"),
        ("plausibility.repeated-features", "4"),
    ] == found
    assert 4326 == features.crs.to_epsg()


def test_every_finding_stands_in_the_table_and_in_the_summary(delivery: Path, tmp_path: Path) -> None:
    """Nothing that was found is kept from the operator; the words are Vietnamese."""
    report = _kit(delivery, tmp_path / "kit")
    rows = list(csv.reader(io.StringIO((tmp_path / "kit" / TABLE).read_text(encoding="utf-8-sig"))))
    assert [finding.code for finding in report.findings] == [row[1] for row in rows[1:]]
    page = (tmp_path / "kit" / SUMMARY).read_text(encoding="utf-8")
    assert all(finding.code in page for finding in report.findings)
    assert "Tệp dùng được." in page
    assert "nhà mạng: Sao Mai" in page


def test_named_communes_are_drawn_where_they_lie(tmp_path: Path) -> None:
    """Communes that claim the same ground, and one that vanished from the coverage, come with their outlines."""
    squares = [shapely.box(105 + 0.1 * n, 21, 105.1 + 0.1 * n, 21.1) for n in range(3)]
    squares[1] = shapely.box(105.09, 21, 105.2, 21.1)
    frame = geopandas.GeoDataFrame(
        {"code": ["00001", "00002", "00003"], "name": ["A", "B", "C"], "province_code": ["01"] * 3},
        geometry=squares,
        crs=4326,
    )
    frame.to_file(tmp_path / "xa.gpkg")
    check(CheckRequest.of(tmp_path / "xa.gpkg", "communes", kit=tmp_path / "kit"), today=TODAY)
    features = geopandas.read_file(tmp_path / "kit" / FEATURES)
    found = features[features["code"] == "communes.boundary-overlap-large"]
    assert ["00001", "00002"] == sorted(found["feature_id"])
    assert [True] * 2 == list(found.geometry.geom_equals(frame.geometry[:2]))
    frame[:1].to_file(tmp_path / "now.gpkg")
    frame.iloc[[0, 2]].to_file(tmp_path / "before.gpkg")
    request = CheckRequest.of(
        tmp_path / "now.gpkg",
        "coverage",
        communes=tmp_path / "xa.gpkg",
        previous=tmp_path / "before.gpkg",
        kit=tmp_path / "kit2",
    )
    check(request, today=TODAY)
    features = geopandas.read_file(tmp_path / "kit2" / FEATURES)
    lost = features[features["code"] == "plausibility.commune-lost"]
    assert ["00003"] == list(lost["feature_id"])
    assert lost.geometry.iloc[0].equals(squares[2])


def test_sites_are_named_by_their_rows(tmp_path: Path) -> None:
    """A site abroad has its place; a row without coordinates is in the layer without one."""
    (tmp_path / "s.csv").write_text("longitude,latitude,name\n105,21,A\n2.3,48.8,B\n,,C\n", encoding="utf-8")
    check(CheckRequest.of(tmp_path / "s.csv", "sites", kit=tmp_path / "kit"), today=TODAY)
    features = geopandas.read_file(tmp_path / "kit" / FEATURES)
    found = dict(zip(features["code"], features.geometry, strict=True))
    assert (2.3, 48.8) == (found["sites.partly-outside"].x, found["sites.partly-outside"].y)
    assert found["sites.missing-coordinate"] is None
    page = (tmp_path / "kit" / SUMMARY_EN).read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert page.count("<svg") == 1


@pytest.mark.parametrize("kind", ["communes", "communes without a code", "sites", "table of sites"])
def test_a_file_is_read_once_for_check_and_kit(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One reading process decodes the file; the kit has the geometries all the same."""
    path = tmp_path / ("x.csv" if kind == "table of sites" else "x.gpkg")
    if kind == "table of sites":
        path.write_text("longitude,latitude\n105,21\n2.3,48.8\n", encoding="utf-8")
    elif kind == "sites":
        points = [shapely.Point(105, 21), shapely.Point(2.3, 48.8)]
        geopandas.GeoDataFrame({"a": range(2)}, geometry=points, crs=4326).to_file(path)
    else:
        squares = [shapely.box(105 + 0.09 * n, 21, 105.1 + 0.09 * n, 21.1) for n in range(2)]
        codes = ["00001", "00002" if kind == "communes" else None]
        columns = {"code": codes, "name": ["A", "B"], "province_code": ["01"] * 2}
        geopandas.GeoDataFrame(columns, geometry=squares, crs=4326).to_file(path)
    jobs: list[str] = []

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        return lambda job, *arguments: (jobs.append(job), real(job, *arguments))[1]

    for module in (vector, table):
        monkeypatch.setattr(module, "isolated", counted(module.isolated))  # type: ignore[attr-defined] # imported there
    check(
        CheckRequest.of(path, kind.split()[-1 if "table" in kind else 0], kit=tmp_path / "kit"), today=TODAY
    )
    assert ["table" if "table" in kind else "vector"] == [job for job in jobs if job != "names"]
    features = geopandas.read_file(tmp_path / "kit" / FEATURES)
    assert features.geometry.notna().any()


def test_the_same_check_writes_the_same_bytes(delivery: Path, tmp_path: Path) -> None:
    """No time and no random name is in any of the files."""
    for name in ("a", "b"):
        _kit(delivery, tmp_path / name)
    for name in (SUMMARY, SUMMARY_EN, TABLE, FEATURES):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_words_from_files_stay_words(tmp_path: Path) -> None:
    """A name can be neither a script in the page nor a formula in the table; the page loads nothing."""
    finding = Finding("a.b", "warning", HOSTILE, HOSTILE, file=HOSTILE)
    request = CheckRequest(path=tmp_path / "x.gpkg", kind="coverage", operator=HOSTILE)
    report = CheckReport(request=request, findings=(finding,), facts=CheckFacts(rows=1234))
    write_kit(tmp_path / "kit", report, None)
    page = (tmp_path / "kit" / SUMMARY).read_text(encoding="utf-8")
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert "1.234" in page
    table = (tmp_path / "kit" / TABLE).read_text(encoding="utf-8-sig")
    cells = next(row for row in csv.reader(io.StringIO(table)) if "a.b" in row)
    assert all(not cell.startswith("=") for cell in cells)


def test_a_file_that_cannot_be_read_still_gets_its_kit(tmp_path: Path) -> None:
    """The refusal in words, and no layer of features."""
    (tmp_path / "x.gpkg").write_bytes(b"nothing")
    report = check(CheckRequest.of(tmp_path / "x.gpkg", "coverage", kit=tmp_path / "kit"), today=TODAY)
    assert not report.used
    assert {SUMMARY, SUMMARY_EN, TABLE} == {path.name for path in (tmp_path / "kit").iterdir()}
    assert "chưa dùng được" in (tmp_path / "kit" / SUMMARY).read_text(encoding="utf-8")


def test_the_table_lists_what_the_words_leave_out(tmp_path: Path) -> None:
    """Words show ten of the features; the table names every one of them."""
    squares = [shapely.box(2.3 + n / 100, 48.8, 2.305 + n / 100, 48.805) for n in range(25)]
    inside = shapely.box(105, 21, 105.01, 21.01)
    path = tmp_path / "5g.gpkg"
    geopandas.GeoDataFrame({"a": range(26)}, geometry=[inside, *squares], crs=4326).to_file(path)
    _kit(path, tmp_path / "kit")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "kit" / TABLE).read_text(encoding="utf-8-sig"))))
    (row,) = [row for row in rows if row["ma"] == "coverage.partly-outside"]
    assert [str(number) for number in range(2, 27)] == row["danh_sach"].split("; ")


def test_a_long_list_goes_on_in_further_rows(tmp_path: Path) -> None:
    """No cell is longer than a spreadsheet keeps, and nothing of the list is lost."""
    findings = Findings()
    ids = [str(number) for number in range(20_000)]
    findings.about("x.gpkg").add("geometry.missing", count=len(ids), ids=ids)
    request = CheckRequest(path=tmp_path / "x.gpkg", kind="coverage")
    report = CheckReport(request=request, findings=findings.items, facts=CheckFacts())
    write_kit(tmp_path / "kit", report, None, named=findings.mentioned)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "kit" / TABLE).read_text(encoding="utf-8-sig"))))
    assert len(rows) > 1
    assert max(len(row["danh_sach"]) for row in rows) <= 32_767
    assert ids == [name for row in rows for name in row["danh_sach"].split("; ")]


def test_files_of_a_folder_have_their_place(tmp_path: Path) -> None:
    """In a folder of GeoJSON files a feature is called after its file, and is drawn where it lies."""
    folder = tmp_path / "xa"
    folder.mkdir()
    ring = [[105, 21], [105.1, 21], [105.1, 21.1], [105, 21.1]]  # not closed
    for name, coordinates in (("a", ring), ("b", [*ring, ring[0]])):
        properties = {"code": f"0000{'ab'.index(name) + 1}", "name": name, "province_code": "01"}
        shape = {"type": "Polygon", "coordinates": [coordinates]}
        feature = {"type": "Feature", "properties": properties, "geometry": shape}
        (folder / f"{name}.geojson").write_text(
            json.dumps({"type": "FeatureCollection", "features": [feature]})
        )
    check(CheckRequest.of(folder, "communes", kit=tmp_path / "kit"), today=TODAY)
    features = geopandas.read_file(tmp_path / "kit" / FEATURES)
    (closed,) = features[features["code"] == "geometry.closed"].itertuples()
    assert "a.geojson" == closed.feature_id
    assert closed.geometry.equals(shapely.box(105, 21, 105.1, 21.1))
