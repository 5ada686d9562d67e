"""Features with outlines that are not valid, and parts inside parts."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
import shapely

from blackspot.data.geodesy import outlines
from blackspot.data.geodesy.outlines import (
    CleanOutlines,
    PartsInParts,
    clean_outlines,
    parts_in_parts,
    valid_outlines,
)
from blackspot.data.geodesy.ring_ground import Tangled

BOW = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
TWICE = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (4, 0), (4, 4), (0, 4)])
LINE = shapely.Polygon([(0, 0), (5, 5), (0, 0)])
CHAOS = shapely.Polygon(np.random.default_rng(7).random((5000, 2)))


def array(*geometries: Any) -> np.ndarray:
    return np.array([*geometries, None], dtype=object)[:-1]


def test_only_what_the_even_odd_rule_misunderstands_is_replaced() -> None:
    """The same objects come back for valid outlines, figures of eight and rows without a shape."""
    square = shapely.box(0, 0, 3, 3)
    both = shapely.MultiPolygon([square, TWICE])
    given = array(square, BOW, TWICE, None, both, LINE)
    clean = clean_outlines(given)
    assert isinstance(clean, CleanOutlines)
    assert [True, True, False, True, False, True] == [
        one is other for one, other in zip(given, clean.geometries, strict=True)
    ]
    assert [16.0, 25.0] == shapely.area(clean.geometries[[2, 4]]).tolist()
    assert [False, True, True, False, True, True] == clean.crossed.tolist()
    assert [False, False, False, True, False, True] == clean.empty.tolist()
    assert [16.0, 16.0] == shapely.area(clean.doubtful).tolist()


def test_a_feature_that_means_no_ground_keeps_none() -> None:
    """Two holes that cover the shell together, each of them partly outside: even-odd would count what sticks out."""
    nothing = shapely.Polygon(
        [(0, 0), (4, 0), (4, 4), (0, 4)],
        [[(-1, -1), (2, -1), (2, 5), (-1, 5)], [(2, -1), (5, -1), (5, 5), (2, 5)]],
    )
    clean = clean_outlines(array(nothing, shapely.box(0, 0, 1, 1)))
    assert isinstance(clean, CleanOutlines)
    assert [True, False] == clean.empty.tolist()
    assert clean.geometries[0].is_empty


def test_valid_outlines_unite_parts() -> None:
    """A multipolygon whose parts overlap, and one with a figure of eight; the valid one is the same object."""
    square = shapely.box(0, 0, 3, 3)
    over = shapely.MultiPolygon([square, shapely.box(2, 0, 5, 3)])
    given = array(square, over, shapely.MultiPolygon([BOW, shapely.box(4, 4, 5, 5)]), LINE)
    valid = valid_outlines(given)
    assert isinstance(valid, CleanOutlines)
    assert valid.geometries[0] is square
    assert shapely.is_valid(valid.geometries).all()
    assert [9.0, 15.0, 1.5, 0.0] == shapely.area(valid.geometries).tolist()
    assert [False, False, False, True] == valid.empty.tolist()
    assert 0 == len(valid.doubtful)


def test_a_part_inside_a_part_is_doubtful_in_what_has_to_be_valid() -> None:
    """It belongs to the ground; a hole may have been meant."""
    inner = shapely.box(1, 1, 2, 2)
    valid = valid_outlines(array(BOW, shapely.MultiPolygon([shapely.box(0, 0, 3, 3), inner])))
    assert isinstance(valid, CleanOutlines)
    assert [0.5, 9.0] == shapely.area(valid.geometries).tolist()
    assert shapely.equals(inner, valid.doubtful).all()
    assert 1 == len(valid.doubtful)


@pytest.mark.parametrize("clean", [clean_outlines, valid_outlines])
def test_the_tangled_feature_is_named(clean: Any) -> None:
    """By its place among the features, not among the parts."""
    given = array(shapely.MultiPolygon([BOW, shapely.box(4, 4, 5, 5)]), shapely.box(0, 0, 1, 1), CHAOS)
    assert Tangled(2) == clean(given)


def test_parts_inside_parts() -> None:
    """Inside ground, not in a hole; the same part twice is no doubt; another feature's parts are none of its."""
    shell = shapely.box(0, 0, 10, 10)
    inner, outside = shapely.box(2, 2, 3, 3), shapely.box(20, 0, 21, 1)
    holed = shapely.Polygon(shell.exterior.coords, [shapely.box(1, 1, 5, 5).exterior.coords])
    given = array(
        inner,
        shapely.MultiPolygon([inner, shell, outside]),
        shapely.MultiPolygon([holed, inner]),
        shapely.MultiPolygon([shell, shell]),
        shapely.MultiPolygon([shell, shapely.box(8, 8, 12, 9)]),
        shell,
    )
    found = parts_in_parts(given)
    assert isinstance(found, PartsInParts)
    assert [1] == found.feature.tolist()
    assert shapely.equals(inner, found.part).all()


def test_many_parts_take_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred thousand in one feature; with too many on top of each other it is left."""
    west, south = (value.ravel() for value in np.meshgrid(np.arange(400.0), np.arange(250.0)))
    small = shapely.box(west, south, west + 0.5, south + 0.5)
    many = shapely.MultiPolygon([shapely.box(0.2, 0.2, 100, 100), *small.tolist()])
    begun = time.process_time()
    found = parts_in_parts(array(many))
    assert time.process_time() - begun < 20
    assert isinstance(found, PartsInParts)
    assert 99 * 99 == len(found.part)
    monkeypatch.setattr(outlines, "_MOST_BOXES", 100)
    assert Tangled(0) == parts_in_parts(array(many))
