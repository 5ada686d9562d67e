"""From checked inputs to people by state: hand-computed on a country of four square communes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from blackspot.coverage.analysis import Analysis, analyse
from blackspot.coverage.ground import lay_ground
from blackspot.data.country.communes import Communes
from blackspot.data.country.population import open_population
from blackspot.data.country.totals import OfficialTotals
from blackspot.data.disk.hashing import InputFile
from blackspot.data.findings.collector import Findings
from blackspot.data.project.models import Project
from blackspot.data.readers.facts import LayerFacts
from blackspot.data.reading import Inputs, Refusal
from blackspot.data.submissions.reader import Submission, SubmissionFacts

if TYPE_CHECKING:
    from collections.abc import Callable

WEST, SOUTH, STEP, CELLS = 106.0, 16.0, 0.01, 10
LONLAT = pyproj.CRS.from_epsg(4326)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Square in cells from the south-west corner of the country."""
    return shapely.box(
        *(
            base + STEP * cells
            for base, cells in zip((WEST, SOUTH) * 2, (west, south, east, north), strict=True)
        )
    )


def submission(operator: str, service: str, *shapes: shapely.Geometry, **changes: object) -> Submission:
    """Coverage handed in by an operator."""
    facts: dict[str, object] = {
        "operator": operator,
        "service": service,
        "service_class": "",
        "environment": "",
        "basis": "declared",
        "vintage": "2026-10-31",
        "geometries": np.array(shapes, dtype=object),
        "crs": LONLAT,
        "extent_provinces": None,
        "extent_geometries": None,
        "source": InputFile("coverage", Path("/made/in/the/test.gpkg"), "0" * 64, 1),
        "facts": SubmissionFacts(LayerFacts(Path("/made/in/the/test.gpkg"))),
        "features_read": len(shapes),
    }
    return Submission(**(facts | changes))  # type: ignore[arg-type]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Analysis]:
    """Analyse the country: ten people in every cell, communes 01 (SW), 02 (SE), 03 (NW), 04 (NE)."""

    def country(*submissions: Submission, **changes: object) -> Analysis:
        people = np.asarray(changes.get("people", np.full((CELLS, CELLS), 10.0)), dtype="float32")
        path = tmp_path / "people.tif"
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            width=CELLS,
            height=CELLS,
            count=1,
            dtype="float32",
            nodata=-1,
            crs="EPSG:4326",
            transform=from_origin(WEST, SOUTH + CELLS * STEP, STEP, STEP),
        ) as target:
            target.write(people, 1)
        project = Project.model_validate(
            {
                "communes": {"path": str(path)},
                "population": {"path": str(path), "edge_cells": "share"}
                | dict(changes.get("population", {})),
                "submissions": [
                    {"operator": item.operator, "service": item.service, "path": f"/{number}.gpkg"}
                    for number, item in enumerate(submissions)
                ],
                "profile": {"services": ["5g"], "mobile_service": "5g", "min_people": 1}
                | dict(changes.get("profile", {})),
            }
        )
        findings = Findings()
        raster = open_population(project.population, findings)
        findings.raise_if_errors()
        squares = [box(0, 0, 5, 5), box(5, 0, 10, 5), box(0, 5, 5, 10), box(5, 5, 10, 10)]
        squares += list(changes.get("more_communes", []))
        codes = [f"0000{number + 1}" for number in range(len(squares))]
        frame = gpd.GeoDataFrame(
            {
                "code": codes,
                "name": [f"Xã {code}" for code in codes],
                "province_code": (["01", "01", "02", "02"] + ["02"] * 9)[: len(codes)],
                "province_name": (["Một", "Một", "Hai", "Hai"] + ["Hai"] * 9)[: len(codes)],
                "type": "commune",
                "area_km2": 30.0,
            },
            geometry=squares,
            crs=LONLAT,
        )
        inputs = Inputs(
            communes=Communes(frame),
            population=raster,
            totals=changes.get("totals"),
            submissions=tuple(submissions),
            refused=tuple(changes.get("refused", ())),
            border_codes=None,
            island_codes=None,
            land_border=None,
            neighbours=None,
        )
        return analyse(inputs, lay_ground(inputs, project), project)

    return country


def test_people_are_covered_uncovered_or_without_data(run: Callable[..., Analysis]) -> None:
    """Half of the west is covered; nobody else is, and everybody is counted once."""
    communes = run(submission("Một", "5g", box(0, 0, 2.5, 10))).communes
    np.testing.assert_allclose([125, 0, 125, 0], communes["pop_covered_5g"], atol=1e-6)
    np.testing.assert_allclose([125, 250, 125, 250], communes["pop_uncovered_5g"], atol=1e-6)
    assert [0.0] * 4 == communes["pop_no_data_5g"].tolist()


def test_outside_the_extent_there_is_no_data(run: Callable[..., Analysis]) -> None:
    """An operator that left a province out does not make its people uncovered."""
    partial = submission("Một", "5g", box(0, 0, 10, 2), extent_provinces=frozenset({"01"}))
    communes = run(partial).communes
    np.testing.assert_allclose([100, 100, 0, 0], communes["pop_covered_5g"], atol=1e-6)
    np.testing.assert_allclose([150, 150, 0, 0], communes["pop_uncovered_5g"], atol=1e-6)
    np.testing.assert_allclose([0, 0, 250, 250], communes["pop_no_data_5g"], atol=1e-6)


def test_another_operator_covers_where_one_has_no_data(run: Callable[..., Analysis]) -> None:
    """Covered wins over no data, no data wins over uncovered."""
    partial = submission("Một", "5g", box(0, 0, 10, 2), extent_provinces=frozenset({"01"}))
    other = submission("Hai", "5g", box(0, 8, 10, 10))
    communes = run(partial, other).communes
    np.testing.assert_allclose([0, 0, 150, 150], communes["pop_no_data_5g"], atol=1e-6)
    np.testing.assert_allclose([100, 100, 100, 100], communes["pop_covered_5g"], atol=1e-6)


def test_a_refused_submission_is_no_data_not_zero_coverage(run: Callable[..., Analysis]) -> None:
    """Nothing usable from an operator leaves the uncovered people of the others without data."""
    communes = run(
        submission("Một", "5g", box(0, 0, 10, 5)), refused=[Refusal("Hai", "5g", "declared")]
    ).communes
    np.testing.assert_allclose([250, 250, 0, 0], communes["pop_covered_5g"], atol=1e-6)
    np.testing.assert_allclose([0, 0, 250, 250], communes["pop_no_data_5g"], atol=1e-6)
    assert [0.0] * 4 == communes["pop_uncovered_5g"].tolist()


def test_planned_coverage_does_not_count(run: Callable[..., Analysis]) -> None:
    """A planned layer covers nobody, a declared one of the same operator does."""
    planned = submission("Một", "5g", box(0, 0, 10, 10), basis="planned")
    communes = run(planned, submission("Một", "5g", box(0, 0, 10, 5))).communes
    np.testing.assert_allclose([250, 250, 0, 0], communes["pop_covered_5g"], atol=1e-6)


def test_operators_combine_by_rule(run: Callable[..., Analysis]) -> None:
    """Any, all, the largest single operator and the partial not-spot of two overlapping operators."""
    communes = run(
        submission("Một", "5g", box(0, 0, 3, 5)), submission("Hai", "5g", box(2, 0, 5, 5))
    ).communes
    first = communes.iloc[0]
    expected = {"": 250, "_mot": 150, "_hai": 150, "_max_operator": 150, "_all": 50}
    for suffix, people in expected.items():
        assert pytest.approx(people, abs=1e-6) == first[f"pop_covered_5g{suffix}"]
    assert pytest.approx(200, abs=1e-6) == first["pop_partial_not_spot_5g"]


def test_official_totals_scale_the_cells(run: Callable[..., Analysis]) -> None:
    """Calibrated people keep the covered share of the raster and add up to the official total."""
    totals = OfficialTotals({"00001": 1000.0, "00002": 0.0, "00003": 250.0}, "2025", "registry")
    analysis = run(
        submission("Một", "5g", box(0, 0, 1, 10)),
        totals=totals,
        population={"calibrate": "communes", "totals": {"path": "/totals.csv"}},
    )
    communes = analysis.communes
    np.testing.assert_allclose([1000, 0, 250, 250], communes["pop_total"], rtol=1e-12)
    np.testing.assert_allclose([200, 0, 50, 0], communes["pop_covered_5g"], atol=1e-6)
    assert ["raster_calibrated"] * 3 + ["raster"] == communes["pop_source"].tolist()
    spots = analysis.black_spots.set_index("code")
    assert pytest.approx(800, rel=1e-5) == spots.loc["00001", "pop"]
    assert "00002" not in spots.index


def test_official_totals_are_spread_where_the_raster_ends(run: Callable[..., Analysis]) -> None:
    """An archipelago beyond the raster is unknown from the raster and spread evenly from the registry."""
    islands = shapely.MultiPolygon([box(20, 2, 21, 3), box(22, 2, 23, 3)])
    coverage = submission("Một", "5g", box(20, 0, 21.5, 5))
    unknown = run(coverage, more_communes=[islands]).communes.iloc[4]
    assert np.isnan(unknown["pop_total"])
    assert np.isnan(unknown["pop_covered_5g"])
    assert "unknown" == unknown["pop_source"]
    spread = run(
        coverage,
        more_communes=[islands],
        totals=OfficialTotals({"00005": 153.0}, "2025", "registry"),
        population={"calibrate": "communes", "totals": {"path": "/totals.csv"}},
    )
    known = spread.communes.iloc[4]
    assert pytest.approx(153.0) == known["pop_total"]
    assert pytest.approx(76.5, rel=1e-6) == known["pop_covered_5g"]
    assert "official_spread_evenly" == known["pop_source"]
    assert pytest.approx(76.5, rel=1e-5) == spread.black_spots.set_index("code").loc["00005", "pop"]


def test_nobody_is_lost(run: Callable[..., Analysis]) -> None:
    """People of the raster are in a commune or outside all of them."""
    people = np.arange(100.0).reshape(CELLS, CELLS)
    figures = run(submission("Một", "5g", box(0, 0, 1, 1)), people=people).figures
    assert pytest.approx(people.sum()) == figures["people_raster"]
    assert pytest.approx(people.sum()) == figures["pop_total"] + figures["people_outside"]


@pytest.mark.parametrize("change", ["duplicated", "reversed", "split", "two files"])
def test_the_way_a_submission_is_cut_does_not_matter(run: Callable[..., Analysis], change: str) -> None:
    """Duplicating, reordering or splitting the features of a submission changes nothing."""
    shapes = [box(0.3, 0.2, 4.1, 7.7), box(3.3, 6.1, 8.8, 9.4), shapely.Point(106.07, 16.03).buffer(0.02)]
    halves = [piece for shape in shapes for piece in (shape & box(0, 0, 4, 10), shape & box(4, 0, 10, 10))]
    variants = {
        "duplicated": [submission("Một", "5g", *shapes, *shapes)],
        "reversed": [submission("Một", "5g", *(shape.reverse() for shape in reversed(shapes)))],
        "split": [submission("Một", "5g", *(piece for piece in halves if not piece.is_empty))],
        "two files": [submission("Một", "5g", shapes[0]), submission("Một", "5g", *shapes[1:])],
    }
    expected = run(submission("Một", "5g", *shapes)).communes
    actual = run(*variants[change]).communes
    tolerance = 0.02 if change == "split" else 1e-9  # a cut edge is kept to 1/4096 of a cell
    np.testing.assert_allclose(expected["pop_covered_5g"], actual["pop_covered_5g"], atol=tolerance)


@pytest.mark.parametrize("epsg", [3405, 32648, 3857, 9210])
def test_the_crs_of_a_submission_hardly_matters(run: Callable[..., Analysis], epsg: int) -> None:
    """Reprojecting an input moves shares by less than 0.1 points."""
    shapes = np.array([box(0.3, 0.2, 4.1, 7.7), shapely.Point(106.07, 16.03).buffer(0.02)], dtype=object)
    moved = gpd.GeoSeries(shapely.segmentize(shapes, 0.001), crs=LONLAT).to_crs(epsg)
    other = submission("Một", "5g", *moved.to_numpy(), crs=pyproj.CRS.from_epsg(epsg))
    expected = run(submission("Một", "5g", *shapes)).communes["covered_share_5g"]
    actual = run(other).communes["covered_share_5g"]
    np.testing.assert_allclose(expected, actual, atol=1e-3)
