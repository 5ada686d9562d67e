"""Coverage files become polygons with an account of what was left out, or are refused in a sentence."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.data.findings.collector import Findings
from blackspot.data.geodesy.area import area_km2
from blackspot.data.project.models import ExtentSource, SubmissionSource
from blackspot.data.project.sections.where import WhereFilter
from blackspot.data.readers.facts import Refused
from blackspot.data.submissions.reader import read_submission
from submission_files import CABLE, DISC, OPERATIONAL, PROVINCES, layer, read, refused, three_provinces, used

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.country.communes import Communes


@pytest.fixture(scope="module")
def country() -> Communes:
    return three_provinces()


def test_polygons_are_kept_as_they_are(tmp_path: Path, country: Communes) -> None:
    """Overlaps and duplicates stay; the engine unites them."""
    path = layer(tmp_path / "a.gpkg", [DISC, DISC, shapely.MultiPolygon([DISC])])
    submission = used(path, country, vintage=dt.date(2026, 10, 31), service_class="100", environment="indoor")
    assert (submission.operator, submission.service, submission.basis) == ("Sao Mai", "5g", "declared")
    assert (submission.service_class, submission.environment, submission.vintage) == (
        "100",
        "indoor",
        "2026-10-31",
    )
    assert (submission.features_read, len(submission.geometries)) == (3, 3)
    assert submission.crs.to_epsg() == 4326
    assert all(shapely.equals(shape, DISC) for shape in submission.geometries)
    assert (submission.extent_provinces, submission.extent_geometries) == (None, None)
    assert submission.source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (submission.source.role, submission.source.vintage) == ("coverage", "2026-10-31")


@pytest.mark.parametrize("ending", ["shp", "geojson", "fgb", "gpkg"])
def test_any_format_and_system(tmp_path: Path, country: Communes, ending: str) -> None:
    """VN-2000 / UTM stays in its own system; the place is right."""
    crs = 4326 if ending == "geojson" else 3405
    moved = geopandas.GeoSeries([DISC], crs=4326).to_crs(crs)
    submission = used(layer(tmp_path / f"a.{ending}", list(moved), crs), country)
    assert submission.crs.to_epsg() == crs
    back = geopandas.GeoSeries(submission.geometries, crs=submission.crs).to_crs(4326)
    assert area_km2(np.asarray(back, dtype=object))[0] == pytest.approx(
        area_km2(np.array([DISC]))[0], rel=1e-4
    )


def test_crossing_outlines_are_counted_and_kept(tmp_path: Path, country: Communes) -> None:
    """A bow tie is used, and the sentence says by which rule; overlapping parts are no fault."""
    bow = shapely.Polygon([(105.1, 20.1), (105.2, 20.2), (105.2, 20.1), (105.1, 20.2)])
    parts = shapely.MultiPolygon([DISC, shapely.affinity.translate(DISC, 0.05)])
    submission, findings = read(layer(tmp_path / "a.gpkg", [DISC, bow, parts]), country)
    assert submission is not None
    assert shapely.equals_exact(shapely.get_parts(submission.geometries[1])[0], bow)
    assert [(f.code, f.severity, f.count) for f in findings] == [("coverage.invalid-rings", "note", 1)]
    assert "0 m² would be decided otherwise by another rule" in findings[0].message_en
    assert "feature ids 2" in findings[0].message_en


def test_features_without_a_shape_are_counted(tmp_path: Path, country: Communes) -> None:
    """They are left out with a finding, never in silence."""
    submission, findings = read(layer(tmp_path / "a.gpkg", [DISC, None, shapely.Polygon()]), country)
    assert submission is not None
    assert len(submission.geometries) == 1
    assert [(finding.code, finding.count) for finding in findings] == [("geometry.missing", 2)]


def test_an_empty_layer(tmp_path: Path, country: Communes) -> None:
    """Nothing handed in is not "no coverage"."""
    path = tmp_path / "a.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    assert refused(path, country).code == "layer.no-features"


@pytest.mark.filterwarnings("ignore:'crs' was not provided:UserWarning")
def test_what_cannot_be_read(tmp_path: Path, country: Communes) -> None:
    """Missing files, missing systems and unknown formats come from the vector reader."""
    assert refused(tmp_path / "none.gpkg", country).code == "file.missing"
    assert refused(layer(tmp_path / "a.gpkg", [DISC], None), country).code == "crs.missing-degrees"
    (tmp_path / "b.gpkg").write_text("hello")
    assert refused(tmp_path / "b.gpkg", country).code == "file.unknown-format"


def test_lines_reach_their_service_distance(tmp_path: Path, country: Communes) -> None:
    """3 km to each side of a cable, in degrees, one area for each line."""
    submission = used(layer(tmp_path / "a.gpkg", [CABLE, CABLE]), country, buffer_m=3000.0, service="fibre")
    assert (submission.crs.to_epsg(), len(submission.geometries)) == (4326, 2)
    length = geopandas.GeoSeries([CABLE], crs=4326).to_crs(3405).length[0] / 1000
    assert area_km2(submission.geometries)[0] == pytest.approx(6 * length + 9 * np.pi, rel=2e-3)


def test_points_reach_all_round(tmp_path: Path, country: Communes) -> None:
    """A site in VN-2000 serves a disc of its radius."""
    site = geopandas.GeoSeries([shapely.Point(105.5, 20.5)], crs=4326).to_crs(3405)
    submission = used(layer(tmp_path / "a.gpkg", list(site), 3405), country, buffer_m=1500.0)
    assert area_km2(submission.geometries)[0] == pytest.approx(np.pi * 1.5**2, rel=2e-3)


def test_lines_need_a_distance(tmp_path: Path, country: Communes) -> None:
    """The sentence names the key to write."""
    finding = refused(layer(tmp_path / "a.gpkg", [CABLE, CABLE]), country)
    assert (finding.code, finding.count) == ("coverage.distance-missing", 2)
    assert "LineString" in finding.message_en
    assert "buffer_m" in finding.cure_en


def test_areas_have_none(tmp_path: Path, country: Communes) -> None:
    """A distance around an area would widen what an operator declared; a mixture is not guessed either."""
    assert (
        refused(layer(tmp_path / "a.gpkg", [DISC]), country, buffer_m=10.0).code
        == "coverage.distance-for-areas"
    )
    mixed = layer(tmp_path / "b.geojson", [DISC, CABLE])
    assert refused(mixed, country, buffer_m=10.0).code == "coverage.distance-for-areas"
    assert refused(mixed, country).code == "coverage.distance-missing"


def test_a_threshold_is_for_rasters(tmp_path: Path, country: Communes) -> None:
    """On polygons it would mean nothing, so it is a mistake."""
    assert (
        refused(layer(tmp_path / "a.gpkg", [DISC]), country, threshold=-110.0).code
        == "coverage.not-for-vectors"
    )


def test_only_operational_routes_count(tmp_path: Path, country: Communes) -> None:
    """What was left out is counted by value; the text <NA> is no missing value."""
    status = ["Operational", " Operational ", "Planned", "<NA>", None, "Planned", "operational"]
    path = layer(tmp_path / "a.gpkg", [CABLE] * 7, status=status)
    submission, findings = read(path, country, where=OPERATIONAL, buffer_m=100.0)
    assert submission is not None
    assert (submission.features_read, len(submission.geometries)) == (7, 2)
    assert [(f.code, f.severity, f.column, f.count) for f in findings] == [
        ("coverage.filtered", "note", "status", 5)
    ]
    assert "'Planned' 2, '' 1, '<NA>' 1, 'operational' 1" in findings[0].message_en


def test_nothing_left_out_nothing_said(tmp_path: Path, country: Communes) -> None:
    """A filter that keeps every row is silent."""
    path = layer(tmp_path / "a.gpkg", [CABLE], status=["Operational"])
    assert read(path, country, where=OPERATIONAL, buffer_m=100.0)[1] == []


def test_a_filter_that_keeps_nothing_lists_what_there_is(tmp_path: Path, country: Communes) -> None:
    """Mostly it is a matter of spelling."""
    path = layer(tmp_path / "a.gpkg", [CABLE] * 3, status=["operational", "operational", "planned"])
    finding = refused(path, country, where=OPERATIONAL, buffer_m=100.0)
    assert (finding.code, finding.column) == ("coverage.filter-keeps-nothing", "status")
    assert "'operational' 2, 'planned' 1" in finding.message_en


def test_a_filter_on_a_column_that_is_not_there(tmp_path: Path, country: Communes) -> None:
    """The columns there are are listed."""
    finding = refused(
        layer(tmp_path / "a.gpkg", [CABLE], state=["x"]), country, where=OPERATIONAL, buffer_m=9.0
    )
    assert (finding.code, finding.column) == ("column.missing", "status")
    assert "state" in finding.message_en


def test_numbers_are_compared_as_text(tmp_path: Path, country: Communes) -> None:
    """A whole number has no point, also in a column with gaps; further filters must hold as well."""
    path = layer(tmp_path / "a.gpkg", [DISC] * 4, tech=[5, 5, None, 4], year=[2.0, 2.5, 2.0, 2.0])
    only = WhereFilter(column="tech", values=("5",), also=(WhereFilter(column="year", values=("2", "3")),))
    submission, findings = read(path, country, where=only)
    assert submission is not None
    assert len(submission.geometries) == 1
    assert [finding.column for finding in findings] == ["tech", "year"]
    assert "'2.5' 1" in findings[1].message_en


@given(
    st.lists(st.sampled_from(["a", "b", "<NA>", ""]), min_size=1, max_size=12), st.sampled_from(["a", "b"])
)
@settings(max_examples=20)
def test_every_row_is_used_or_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, country: Communes, values: list[str], wanted: str
) -> None:
    """Rows used and rows left out add up to the rows read."""
    path = layer(tmp_path_factory.mktemp("rows") / "a.gpkg", [DISC] * len(values), status=values)
    submission, findings = read(path, country, where=WhereFilter(column="status", values=(wanted,)))
    left_out = sum(finding.count for finding in findings if finding.code == "coverage.filtered")
    if wanted in values:
        assert submission is not None
        assert len(submission.geometries) == values.count(wanted)
        assert len(values) == len(submission.geometries) + left_out
    else:
        assert submission is None


def test_all_of_it_elsewhere(tmp_path: Path, country: Communes) -> None:
    """The wrong file or the wrong system: refused, with the place it would be."""
    finding = refused(layer(tmp_path / "a.gpkg", [shapely.box(2, 48, 3, 49)] * 2), country)
    assert (finding.code, finding.count) == ("coverage.outside-country", 2)
    assert "48.00° N, 2.00° E" in finding.message_en


def test_some_of_it_elsewhere(tmp_path: Path, country: Communes) -> None:
    """Counted with a warning; the rest is used, and all of it is handed on."""
    submission, findings = read(layer(tmp_path / "a.gpkg", [DISC, shapely.box(110, 20, 111, 21)]), country)
    assert submission is not None
    assert len(submission.geometries) == 2
    assert [(f.code, f.severity, f.count) for f in findings] == [("coverage.partly-outside", "warning", 1)]


def test_the_same_mistake_twice_is_refused_twice(tmp_path: Path, country: Communes) -> None:
    """A file that two submissions name is judged each time, although it is reported once."""
    path = layer(tmp_path / "a.gpkg", [shapely.box(2, 48, 3, 49)])
    findings = Findings()
    for service in ("4g", "5g"):
        source = SubmissionSource(operator="A", service=service, path=path)
        assert isinstance(read_submission(source, country, findings), Refused)
    assert len(findings.errors) == 1


def test_extents_by_province(tmp_path: Path, country: Communes) -> None:
    """Named provinces, or all but the named ones."""
    path = layer(tmp_path / "a.gpkg", [DISC])
    assert used(path, country, extent=ExtentSource(provinces=("01",))).extent_provinces == {"01"}
    assert used(path, country, extent=ExtentSource(except_provinces=("12",))).extent_provinces == {"01", "04"}


@pytest.mark.parametrize("key", ["provinces", "except_provinces"])
def test_unknown_provinces(tmp_path: Path, country: Communes, key: str) -> None:
    """A code nobody has would silently widen or narrow what the file speaks for."""
    extent = ExtentSource(**{key: ("1", "12", "99")})
    finding = refused(layer(tmp_path / "a.gpkg", [DISC]), country, extent=extent)
    assert (finding.code, finding.count) == ("coverage.unknown-province", 2)
    assert "1, 99; there are: 01, 04, 12" in finding.message_en


def test_an_extent_of_nothing(tmp_path: Path, country: Communes) -> None:
    """Leaving out every province says nothing about anywhere."""
    extent = ExtentSource(except_provinces=tuple(PROVINCES))
    assert refused(layer(tmp_path / "a.gpkg", [DISC]), country, extent=extent).code == "coverage.empty-extent"


def test_an_extent_of_polygons(tmp_path: Path, country: Communes) -> None:
    """Polygons of any system come back in degrees; lines are no extent."""
    path = layer(tmp_path / "a.gpkg", [DISC])
    area = geopandas.GeoSeries([shapely.box(105, 20, 106, 21)], crs=4326)
    extent = ExtentSource(path=layer(tmp_path / "extent.gpkg", list(area.to_crs(3405)), 3405))
    submission = used(path, country, extent=extent)
    assert submission.extent_provinces is None
    assert submission.extent_geometries is not None
    np.testing.assert_allclose(
        area.total_bounds, shapely.total_bounds(submission.extent_geometries), atol=2e-3
    )
    submission, findings = read(path, country, extent=ExtentSource(path=layer(tmp_path / "l.gpkg", [CABLE])))
    assert submission is None
    assert [(finding.code, finding.file) for finding in findings] == [("geometry.wrong-type", "l.gpkg")]


def test_the_file_and_its_extent_are_both_looked_at(tmp_path: Path, country: Communes) -> None:
    """One report holds both problems."""
    submission, findings = read(
        layer(tmp_path / "a.gpkg", [CABLE]), country, extent=ExtentSource(provinces=("99",))
    )
    assert submission is None
    assert [f.code for f in findings] == ["coverage.distance-missing", "coverage.unknown-province"]
