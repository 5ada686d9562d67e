"""What the outlines of a coverage file mean, and what is told and asked about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pytest
import shapely

from blackspot.data.country.communes import Communes
from blackspot.data.findings.collector import Findings
from blackspot.data.geodesy.area import area_km2
from blackspot.data.project.models import SubmissionSource
from blackspot.data.readers.facts import Refused
from blackspot.data.submissions.reader import read_submission
from ring_files import Ring, shapefile_of_rings, square
from submission_files import layer, read, refused

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def country() -> Communes:
    frame = geopandas.GeoDataFrame(
        {"code": ["00001"], "province_code": ["01"]}, geometry=[shapely.box(105, 20, 106, 21)], crs=4326
    )
    return Communes(frame)


SHELL = square(105.1, 20.1, 0.1)
TWICE = shapely.Polygon(SHELL + SHELL[1:])
OUTSIDE = shapely.Polygon(SHELL, [square(105.4, 20.4, 0.05)])
LINE = shapely.Polygon([(105, 20), (105.5, 20.5), (105, 20)])


def km2(*shapes: shapely.Geometry) -> float:
    return float(area_km2(np.array(shapes, dtype=object)).sum())


@pytest.mark.parametrize("shape", [TWICE, OUTSIDE], ids=["a ring twice", "a hole outside"])
@pytest.mark.parametrize("crs", [4326, 3405])
def test_what_is_meant_counts_and_what_is_doubtful_is_told(
    tmp_path: Path, country: Communes, shape: shapely.Polygon, crs: int
) -> None:
    """The ground of the shell, in any system; the finding says how much another rule decides otherwise."""
    moved = geopandas.GeoSeries([shape], crs=4326).to_crs(crs)
    submission, findings = read(layer(tmp_path / "a.gpkg", list(moved), crs), country)
    assert submission is not None
    ground = geopandas.GeoSeries(submission.geometries, crs=submission.crs).to_crs(4326)
    assert km2(shapely.Polygon(SHELL)) == pytest.approx(km2(*ground), rel=1e-4)
    finding = next(finding for finding in findings if finding.code == "coverage.invalid-rings")
    assert "note" == finding.severity
    doubtful = km2(*submission.facts.coverage.repaired)
    other = shapely.Polygon(SHELL if shape is TWICE else shape.interiors[0])
    assert km2(other) == pytest.approx(doubtful, rel=1e-4)
    assert f"{doubtful:.3f} km²" in finding.message_en


def test_nothing_but_lines_is_refused(tmp_path: Path, country: Communes) -> None:
    """0 km² is no coverage that anybody hands in; beside ground, such features are left out with their ids."""
    assert "coverage.no-ground" == refused(layer(tmp_path / "a.gpkg", [LINE, LINE]), country).code
    submission, findings = read(layer(tmp_path / "b.gpkg", [LINE, shapely.box(105, 20, 106, 21)]), country)
    assert submission is not None
    assert [2] == submission.feature_ids.tolist()
    told = {finding.code: finding for finding in findings}
    assert "(feature ids 1)" in told["coverage.features-without-ground"].message_en


def test_a_part_inside_a_part_is_told(tmp_path: Path, country: Communes) -> None:
    """In a format with shells and holes it counts, as the file says."""
    parts = shapely.MultiPolygon([shapely.Polygon(SHELL), shapely.box(105.12, 20.12, 105.15, 20.15)])
    submission, findings = read(layer(tmp_path / "a.gpkg", [parts]), country)
    assert submission is not None
    told = {finding.code: finding for finding in findings}
    assert "warning" == told["coverage.parts-inside-parts"].severity
    assert f"{km2(parts.geoms[1]):.3f} km²" in told["coverage.parts-inside-parts"].message_en


HOLE = square(105.12, 20.12, 0.03)


@pytest.mark.parametrize(
    "rings",
    [
        [SHELL[::-1], HOLE[::-1]],
        [SHELL, HOLE],
        [SHELL, HOLE[::-1], square(105.16, 20.16, 0.01, clockwise=True)],
        [SHELL[::-1], square(105.4, 20.4, 0.05)],
        [SHELL[::-1], square(105.18, 20.12, 0.03), square(105.4, 20.4, 0.05, clockwise=True)],
    ],
    ids=["both clockwise", "both not", "the wrong way", "a hole outside", "a hole across"],
)
@pytest.mark.filterwarnings("ignore:.*invalid winding order:RuntimeWarning")
def test_a_shapefile_that_contradicts_itself_is_asked_about(
    tmp_path: Path, country: Communes, rings: list[Ring]
) -> None:
    """Whether a ring is a hole only its direction says; accepted, it counts as covered."""
    path = shapefile_of_rings(tmp_path / "a.shp", rings)
    finding = refused(path, country)
    assert ("coverage.holes-or-parts", "ask") == (finding.code, finding.severity)
    assert ", 0 m²" not in finding.message_en
    findings = Findings(tmp_path, accept=["coverage.holes-or-parts"])
    source = SubmissionSource(operator="Sao Mai", service="5g", path=path)
    assert not isinstance(read_submission(source, country, findings), Refused)


@pytest.mark.parametrize(
    "rings",
    [[SHELL[::-1], HOLE], [SHELL, HOLE[::-1]], [SHELL, HOLE[::-1], square(105.4, 20.4, 0.05)]],
    ids=["as the format wants", "all the wrong way", "all the wrong way, and an island"],
)
def test_a_shapefile_that_is_wound_one_way_is_understood(
    tmp_path: Path, country: Communes, rings: list[Ring]
) -> None:
    """A hole is a hole, also where everything runs the wrong way round."""
    submission, _ = read(shapefile_of_rings(tmp_path / "a.shp", rings), country)
    assert submission is not None
    islands = [shapely.Polygon(ring) for ring in rings[2:]]
    expected = km2(shapely.Polygon(SHELL, [HOLE]), *islands)
    inside, outside = shapely.Point(105.13, 20.13), shapely.Point(105.11, 20.11)
    rings_of = shapely.get_rings(submission.geometries)
    assert not sum(shapely.contains(shapely.polygons(ring), inside) for ring in rings_of) % 2
    assert sum(shapely.contains(shapely.polygons(ring), outside) for ring in rings_of) % 2
    assert expected == pytest.approx(abs(km2(shapely.make_valid(submission.geometries[0]))))
