"""Features that moved between two deliveries are found one by one."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pytest
import shapely

from blackspot.coverage.plausibility.moves import find_moves
from blackspot.pipeline import run as pipeline
from cases import check_made
from fixture_country import Writer
from fixture_gaps import write_moved
from small_country import NORTH, STEP, WEST, write_country, write_coverage

if TYPE_CHECKING:
    from pathlib import Path


def star(lon: float, lat: float, seed: int, corners: int = 24) -> shapely.Polygon:
    """An uneven area of about two kilometres."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = 0.01 * np.random.default_rng(seed).uniform(0.5, 1.5, corners)
    return shapely.Polygon(np.column_stack([lon + reach * np.cos(angle), lat + reach * np.sin(angle)]))


def moved(shape: shapely.Polygon, east: float, north: float) -> shapely.Polygon:
    return shapely.transform(shape, lambda at: at + np.array([east, north]))


def shapes(*found: shapely.Polygon) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.array(found, dtype=np.object_)


def test_a_feature_that_moved_has_a_distance_and_a_direction() -> None:
    """A fifth of a degree north at 21 degrees is 22.15 km; the others stay unnamed."""
    stars = [star(105 + 0.1 * at, 21, at) for at in range(5)]
    (move,) = find_moves(shapes(*stars[:3], moved(stars[3], 0, 0.2), stars[4]), shapes(*stars))
    assert 3 == move.feature
    assert 22.15 == pytest.approx(move.distance_km, abs=0.01)
    assert 0.0 == pytest.approx(move.azimuth_deg, abs=0.1)


def test_what_is_new_gone_or_alike_did_not_move() -> None:
    """A new shape, a shape that occurs twice, a rectangle, and a few cells of a grid are told nothing about."""
    stars = [star(105 + 0.1 * at, 21, at) for at in range(5)]
    assert [] == find_moves(shapes(*stars[:4], star(105.4, 21, 99)), shapes(*stars))
    assert [] == find_moves(shapes(*stars), shapes(*stars))
    twin = moved(stars[0], 0.05, 0.3)
    assert [] == find_moves(shapes(moved(stars[0], 0.2, 0), *stars[1:]), shapes(*stars, twin))
    square = shapely.box(105, 21, 105.01, 21.01)
    stairs = shapely.union_all(
        [shapely.box(105, 21 + at, 105.1 - at, 21.01 + at) for at in np.arange(8) / 100]
    )
    assert 17 < shapely.get_num_coordinates(stairs)
    for shape in (square, stairs):
        assert [] == find_moves(shapes(moved(shape, 0.2, 0)), shapes(shape))


@pytest.mark.slow
def test_a_hundred_thousand_features_take_seconds() -> None:
    """Half of them circles of one size, all of them somewhere else, and one that can be told."""
    circle = shapely.Point(105, 21).buffer(0.01)
    stars = [star(105 + 0.00001 * at, 10 + 0.0001 * at, at) for at in range(2000)]
    many = shapes(*(moved(circle, 0.0001 * at, 0.00001 * at) for at in range(98_000)), *stars)
    later = np.array(
        [*shapely.transform(many[:98_000], lambda at: at + np.array([0.0, 1.0])), *stars], dtype=object
    )
    later[-1] = moved(stars[-1], 0.2, 0.0)
    start = time.process_time()
    moves = find_moves(later, many)
    assert 60 > time.process_time() - start  # about 3 seconds on an idle machine
    assert [99_999] == [move.feature for move in moves]


def test_a_check_names_it(tmp_path: Path) -> None:
    """Id, distance and direction in both languages; compared with itself nothing is said."""
    write_moved(Writer(tmp_path))
    found = check_made(tmp_path, "coverage", "strayed.gpkg", previous="stood.gpkg").findings
    (told,) = [item for item in found if item.code == "plausibility.features-moved"]
    assert ("warning", 1) == (told.severity, told.count)
    assert "3: 20.8 km, 90°" in told.message_en
    assert "3: 20,8 km, 90°" in told.message_vi
    assert (
        "plausibility.features-moved"
        not in check_made(tmp_path, "coverage", "stood.gpkg", previous="stood.gpkg").codes
    )


def test_a_run_names_it(tmp_path: Path) -> None:
    """Compared with the version with which a run was published."""
    project = write_country(tmp_path)
    stars = [star(WEST + STEP * east, NORTH - STEP * 5, east) for east in (2, 6, 10)]
    write_coverage(tmp_path / "five.gpkg", *stars)
    assert "plausibility.features-moved" not in {
        item.code for item in pipeline.run(project, pages="none").findings
    }
    write_coverage(tmp_path / "five.gpkg", *stars[:2], moved(stars[2], 0.06, -0.05))
    (told,) = [
        item
        for item in pipeline.run(project, pages="none").findings
        if item.code == "plausibility.features-moved"
    ]
    assert "(feature ids 3)" in told.message_en
    assert "8.3 km" in told.message_en


def test_real_files_hold_no_feature_that_moved(realdata: Path) -> None:
    """Four layers of two operators, each against each other: thousands of shapes, none the same by chance."""
    names = ("saomai_5g.gpkg", "saomai_4g.gpkg", "haidang_4g.fgb", "haidang_5g.geojson")
    layers = [
        geopandas.read_file(realdata / "scenario" / name).to_crs(4326).geometry.to_numpy() for name in names
    ]
    assert [[]] * 12 == [find_moves(one, other) for one, other in itertools.permutations(layers, 2)]
