"""Every row read is used, or listed with a reason: a messy file for each reader, and random ones."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Any

import geopandas
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blackspot.data.checking.request import CheckRequest
from blackspot.data.country.communes import Communes
from blackspot.data.country.lists import read_code_list, read_lines
from blackspot.data.country.provinces import read_province_names
from blackspot.data.country.totals import read_totals
from blackspot.data.disk import copying as staging
from blackspot.data.disk.hashing import Expected, input_file
from blackspot.data.findings.collector import Findings
from blackspot.data.project.models import ProvincesSource, SubmissionSource
from blackspot.data.project.population import TotalsColumns, TotalsSource
from blackspot.data.project.profile import CodeList
from blackspot.data.project.sections.values import VectorSource
from blackspot.data.project.sections.where import WhereFilter
from blackspot.data.readers.facts import Refused
from blackspot.data.submissions.reader import read_submission
from blackspot.pipeline.check import check

if TYPE_CHECKING:
    from pathlib import Path


TODAY = dt.date(2026, 11, 25)
REASONS = {  # codes whose rows are left out
    "geometry.missing",
    "coverage.filtered",
    "submission.rows-left-out",
    "totals.no-figure",
    "list.repeated-code",
    "provinces.row-left-out",
    "sites.missing-coordinate",
}
COMMUNES = Communes(
    geopandas.GeoDataFrame(
        {
            "code": [f"{at:05d}" for at in range(9)],
            "name": "X",
            "province_code": "01",
            "province_name": "",
        },
        geometry=[shapely.box(105 + at / 10, 20, 105.1 + at / 10, 21) for at in range(9)],
        crs=4326,
    )
)
SQUARE = shapely.box(105.01, 20.01, 105.02, 20.02)
BOW = shapely.Polygon([(105.1, 20.1), (105.2, 20.2), (105.2, 20.1), (105.1, 20.2)])


def _listed(findings: Findings) -> int:
    return sum(item.count for item in findings.items if item.code in REASONS)


def _layer(path: Path, shapes: list[Any], **columns: Any) -> Path:
    frame = geopandas.GeoDataFrame(columns | {"id": range(len(shapes))}, geometry=shapes, crs=4326)
    frame.to_file(path)
    return path


def _csv(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_messy_submission(tmp_path: Path) -> None:
    """Rows without a shape and of another status are left out; crossed and repeated ones are used."""
    shapes = [SQUARE, None, BOW, SQUARE, shapely.Polygon(), SQUARE]
    path = _layer(tmp_path / "x.gpkg", shapes, status=["on", "on", "on", "off", "on", None])
    findings = Findings()
    where = WhereFilter(column="status", values=("on",))
    source = SubmissionSource(operator="A", service="5g", path=path, where=where)
    submission = read_submission(source, COMMUNES, findings)
    assert not isinstance(submission, Refused)
    assert (6, 2, 4) == (submission.features_read, len(submission.geometries), _listed(findings))
    report = check(CheckRequest.of(path, "coverage"), today=TODAY)
    assert 6 == report.facts.rows


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([SQUARE, BOW, None, shapely.Polygon()]), st.sampled_from(["on", "off", "", None])
        ),
        min_size=1,
        max_size=20,
    )
)
def test_any_submission(tmp_path: Path, rows: list[tuple[Any, str | None]]) -> None:
    """Read is used and listed, whatever stands in the rows; a file without a usable row is refused with words."""
    path = tmp_path / "x.gpkg"
    path.unlink(missing_ok=True)
    _layer(path, [shape for shape, _ in rows], status=[status for _, status in rows])
    findings = Findings()
    where = WhereFilter(column="status", values=("on", "off"))
    source = SubmissionSource(operator="A", service="5g", path=path, where=where)
    submission = read_submission(source, COMMUNES, findings)
    assert len(rows) == submission.facts.coverage.rows
    if isinstance(submission, Refused):
        assert findings.errors
    else:
        assert len(rows) == len(submission.geometries) + _listed(findings)


def test_messy_totals(tmp_path: Path) -> None:
    """Rows without a figure are listed by their number; blank lines are no rows."""
    path = _csv(tmp_path / "x.csv", ["code,population", "00001,5", "00002,", "", "00003,1 234", "00004, "])
    findings = Findings()
    source = TotalsSource(path=path, columns=TotalsColumns())
    totals = read_totals(source, COMMUNES, findings)
    assert totals is not None
    assert (2, 2) == (len(totals.people), _listed(findings))
    (told,) = [item for item in findings.items if item.code == "totals.no-figure"]
    assert "rows 3, 6" in told.message_en
    assert 4 == check(CheckRequest.of(path, "table"), today=TODAY).facts.rows


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(st.sampled_from(["5", "", " ", "1.234.567", "0"]), min_size=1, max_size=9))
def test_any_totals(tmp_path: Path, people: list[str]) -> None:
    """Read is used and listed."""
    lines = [f"{at:05d},{text}" for at, text in enumerate(people)]
    path = _csv(tmp_path / "x.csv", ["code,population", *lines])
    findings = Findings()
    totals = read_totals(TotalsSource(path=path, columns=TotalsColumns()), COMMUNES, findings)
    if totals is None:
        assert findings.errors
    else:
        assert len(people) == len(totals.people) + _listed(findings)


def test_a_messy_list(tmp_path: Path) -> None:
    """Codes that stand again count once; the surplus rows are told."""
    path = _csv(tmp_path / "x.csv", ["code", "00001", "00002", "00001", "00001"])
    findings = Findings()
    codes = read_code_list(CodeList(path=path, column="code"), COMMUNES, findings)
    assert (2, 2) == (len(codes), _listed(findings))
    assert 4 == check(CheckRequest.of(path, "list"), today=TODAY).facts.rows


def test_messy_provinces(tmp_path: Path) -> None:
    """Rows without a code or a name are told."""
    path = _csv(tmp_path / "x.csv", ["code,name", "01,Hà Nội", "02,", ",Lào Cai", "04,Cao Bằng"])
    findings = Findings()
    names = read_province_names(ProvincesSource(path=path), findings)
    assert names is not None
    assert (4, 2, 2) == (names.facts.rows, len(names.names), _listed(findings))


def test_a_messy_border(tmp_path: Path) -> None:
    """A line without a shape is told."""
    line = shapely.LineString([(104, 22.5), (105, 23.2)])
    path = _layer(tmp_path / "x.gpkg", [line, None, line])
    findings = Findings()
    lines = read_lines(VectorSource(path=path), findings)
    assert (3, 2, 1) == (lines.facts.rows, len(lines.geometry), _listed(findings))
    assert 3 == check(CheckRequest.of(path, "border"), today=TODAY).facts.rows


def test_messy_sites(tmp_path: Path) -> None:
    """A site without coordinates is told, by its row."""
    path = _csv(tmp_path / "x.csv", ["site_id,longitude,latitude", "a,105.1,21", "b,,", "c,105.2,21"])
    report = check(CheckRequest.of(path, "sites"), today=TODAY)
    assert 3 == report.facts.rows
    assert [1] == [item.count for item in report.findings if item.code == "sites.missing-coordinate"]


def test_communes_are_used_whole_or_not_at_all(tmp_path: Path) -> None:
    """A commune without a shape is no row to leave out."""
    columns = {"code": ["00001", "00002"], "name": ["A", "B"], "province_code": "01", "type": "xã"}
    path = _layer(tmp_path / "x.gpkg", [SQUARE, None], **columns)
    report = check(CheckRequest.of(path, "communes"), today=TODAY)
    assert not report.used
    assert 2 == report.facts.rows


def test_a_submission_carries_the_hash_of_what_was_read(tmp_path: Path) -> None:
    """Of a Shapefile with its companions, as the run hashed it when it began."""
    path = _layer(tmp_path / "x.shp", [SQUARE])
    submission = read_submission(
        SubmissionSource(operator="A", service="5g", path=path), COMMUNES, Findings()
    )
    assert not isinstance(submission, Refused)
    assert input_file("coverage", path).sha256 == submission.source.sha256
    assert submission.source.sha256 == submission.facts.coverage.sha256


@pytest.mark.parametrize("kind", ["vector", "table", "folder"])
def test_a_file_that_changed_since_it_was_hashed_is_refused(tmp_path: Path, kind: str) -> None:
    """What was looked at when the run began is what must be read."""
    findings = Findings()
    if kind == "folder":
        path = tmp_path / "folder"
        path.mkdir()
        geopandas.GeoSeries([SQUARE], crs=4326).to_file(path / "a.geojson")
        changed = path / "a.geojson"
    elif kind == "vector":
        path = changed = _layer(tmp_path / "x.geojson", [SQUARE])
    else:
        path = changed = _csv(tmp_path / "x.csv", ["code,population", "00001,5"])
    expected = Expected.of([input_file("", path)])
    changed.write_text(changed.read_text() + " ")
    if kind == "table":
        source = TotalsSource(path=path, columns=TotalsColumns())
        assert read_totals(source, None, findings, expected) is None
    else:
        submitted = SubmissionSource(operator="A", service="5g", path=path)
        assert isinstance(read_submission(submitted, COMMUNES, findings, expected=expected), Refused)
    assert ["file.changed"] == [item.code for item in findings.errors]


def test_a_file_that_grows_while_it_is_copied_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size and time before and after the copy must agree."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"code,population\n" + b"00001,5\n" * 1000)
    monkeypatch.setattr(staging, "_CHUNK_BYTES", 100)
    real = os.fstat

    def grown(opened: int) -> os.stat_result:
        found = real(opened)
        if found.st_size == path.stat().st_size:
            with path.open("ab") as stream:
                stream.write(b"00002,6\n")
        return found

    monkeypatch.setattr(staging.os, "fstat", grown)
    findings = Findings()
    assert read_totals(TotalsSource(path=path, columns=TotalsColumns()), None, findings) is None
    assert ["file.changed"] == [item.code for item in findings.errors]
