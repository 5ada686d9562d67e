"""The ground of a run and the equal-area grid of one file measure the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn_communes
from blackspot.coverage.burn.spans import Spans
from blackspot.coverage.ground import Ground
from blackspot.coverage.plausibility.footprint import (
    CommunesOnGrid,
    Footprint,
    FootprintCoverage,
    grid_around,
)
from blackspot.coverage.plausibility.measure import MeasuredSubmission, ReferenceCountry
from blackspot.coverage.plausibility.sampled_ground import SampledCoverage, SampledGround
from blackspot.data.disk.hashing import InputFile
from blackspot.data.geodesy.area import area_km2
from blackspot.data.project.models import SubmissionSource
from blackspot.data.project.sections.where import WhereFilter
from blackspot.data.readers.facts import LayerFacts
from blackspot.data.submissions.reader import Submission, SubmissionFacts
from submission_files import three_provinces

if TYPE_CHECKING:
    from collections.abc import Sequence

LONLAT = pyproj.CRS(4326)
COMMUNES = three_provinces()
FRAME = COMMUNES.frame
GRID = Grid(LONLAT, Affine(0.01, 0.0, 105.0, 0.0, -0.01, 21.0), 300, 100, 40)
RUN = SampledGround(Ground(GRID, burn_communes(FRAME, GRID), None, np.ones(len(FRAME))), len(FRAME))


class Both(NamedTuple):
    """One file, measured in a run and by itself."""

    run: SampledCoverage
    alone: FootprintCoverage


def submission(*shapes: shapely.Geometry, sha256: str = "0" * 64) -> Submission:
    return Submission(
        operator="Sao Mai",
        service="5g",
        service_class="",
        environment="",
        basis="declared",
        vintage="",
        geometries=np.array(shapes, dtype=object),
        crs=LONLAT,
        extent_provinces=None,
        extent_geometries=None,
        source=InputFile("coverage", Path("/five.gpkg"), sha256, 1),
        facts=SubmissionFacts(LayerFacts(Path("/five.gpkg"))),
        features_read=len(shapes),
        feature_ids=np.arange(len(shapes)),
    )


def measured(*files: Sequence[shapely.Geometry]) -> list[Both]:
    """Measure files in both ways; those that are compared share their grid."""
    shapes = [np.array(file, dtype=object) for file in files]
    grid = grid_around(shapes, FRAME.total_bounds)
    communes = CommunesOnGrid.of(FRAME, grid)
    return [
        Both(RUN.measure(submission(*file)), FootprintCoverage(Footprint.of(shape, LONLAT, grid), communes))
        for file, shape in zip(files, shapes, strict=True)
    ]


def km2(shape: shapely.Geometry) -> float:
    return float(area_km2(np.array([shape], dtype=object))[0])


DISC = shapely.Point(106.4, 20.5).buffer(0.2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([shapely.box(105.1, 20.1, 105.6, 20.4)], [shapely.box(105.3, 20.2, 106.4, 20.7)]),
        ([DISC, shapely.box(105.9, 20.3, 106.3, 20.6)], [shapely.box(106.35, 20.1, 107.8, 20.9)]),
        ([shapely.box(105.1, 20.1, 105.2, 20.2)], [shapely.box(107.1, 20.1, 107.2, 20.2), DISC]),
    ],
)
def test_both_measure_the_same(one: list[shapely.Polygon], other: list[shapely.Polygon]) -> None:
    """All ground, that of each commune, of a box, outside of others, and what two files share."""
    first, second = measured(one, other)
    mine, theirs, outlines = shapely.union_all(one), shapely.union_all(other), FRAME.geometry.to_numpy()
    box = (105.5, 20.2, 106.5, 20.9)
    agreement = km2(mine & theirs) / km2(mine | theirs)
    for measure, compared in ((first.run, second.run), (first.alone, second.alone)):
        assert km2(mine) == pytest.approx(measure.area_km2, rel=2e-3)
        inside = [km2(mine & commune) for commune in outlines]
        assert inside == pytest.approx(measure.in_communes_km2.tolist(), rel=2e-3, abs=0.01)
        outside = [km2((mine - theirs) & commune) for commune in outlines]
        assert outside == pytest.approx(measure.outside_km2([compared]).tolist(), rel=2e-3, abs=0.01)
        assert km2(mine & shapely.box(*box)) == pytest.approx(measure.in_box_km2(box), rel=2e-3, abs=0.01)
        assert agreement == pytest.approx(measure.agreement(compared), abs=1e-3)
        assert [km2(commune) for commune in outlines] == pytest.approx(measure.commune_km2, rel=1e-3)
        reached = measure.reaches(np.ones(len(FRAME), dtype=np.bool_))
        assert [bool(people > 0) for people in inside] == reached.tolist()


def test_only_the_communes_asked_for_are_reached() -> None:
    """A commune nobody asks about is not answered for, whatever lies in it."""
    (both,) = measured([shapely.box(105.1, 20.1, 107.9, 20.2)])
    asked = np.array([False, True, False])
    for measure in both:
        assert asked.tolist() == measure.reaches(asked).tolist()


def test_ground_beyond_the_grid_of_a_run_counts() -> None:
    """Half of a file lies west of the communes, where a run burns nothing."""
    half, whole = shapely.box(105.0, 20.4, 105.5, 20.6), shapely.box(104.5, 20.4, 105.5, 20.6)
    inside, both = measured([half], [whole])
    assert 2 * inside.run.area_km2 == pytest.approx(both.run.area_km2, rel=2e-3)
    assert both.alone.area_km2 == pytest.approx(both.run.area_km2, rel=2e-3)
    assert inside.run.in_communes_km2.sum() == pytest.approx(both.run.in_communes_km2.sum(), rel=2e-3)


def test_a_sliver_between_the_lines_looked_at_reaches_its_commune() -> None:
    """A run looks at some lines only; whether a commune is left is asked of all of them."""
    fine = replace(GRID, sublines=400)
    ground = SampledGround(Ground(fine, burn_communes(FRAME, fine), None, np.ones(len(FRAME))), len(FRAME))
    sliver = Spans(*(np.array([number], dtype=np.int32) for number in (1, 4096, 8192)))  # line, from, to
    measure = SampledCoverage(ground, submission(), sliver, ground.sampled(sliver))
    assert [0.0, 0.0, 0.0] == measure.in_communes_km2.tolist()
    assert [True, False, False] == measure.reaches(np.ones(3, dtype=np.bool_)).tolist()


def test_rows_are_the_same_only_of_the_same_layer_and_filter() -> None:
    """One file may hold the coverage of several operators, in layers or by a column."""
    (both,) = measured([shapely.box(105.1, 20.1, 105.2, 20.2)])

    def of(sha256: str, **words: object) -> MeasuredSubmission[SampledCoverage]:
        source = SubmissionSource(operator="Sao Mai", service="5g", path=Path("/five.gpkg"), **words)
        return MeasuredSubmission(source, submission(sha256=sha256), both.run)

    kept = WhereFilter(column="owner", values=("Sao Mai",))
    first = of("1" * 64, layer="a", where=kept)
    assert first.has_rows_of(of("1" * 64, layer="a", where=kept))
    assert not first.has_rows_of(of("2" * 64, layer="a", where=kept))
    assert not first.has_rows_of(of("1" * 64, layer="b", where=kept))
    assert not first.has_rows_of(of("1" * 64, layer="a"))


def test_a_country_that_is_not_known_is_the_mainland() -> None:
    """Nobody gave communes: the box around the mainland stands for them."""
    assert (105.0, 20.0, 108.0, 21.0) == ReferenceCountry(COMMUNES).box
    assert (102.1, 8.5, 109.5, 23.4) == ReferenceCountry(COMMUNES, is_known=False).box
    assert [True, False, True] == ReferenceCountry(COMMUNES).in_provinces(frozenset({"01", "12"})).tolist()
