"""Polygons united: the ground stays, shared borders go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, box

from blackspot.data.exports.outlines.dissolve import dissolve
from blackspot.data.sample.write import write_sample

if TYPE_CHECKING:
    from pathlib import Path


def united(*shapes: Any) -> MultiPolygon:
    return dissolve(np.array(shapes, dtype=object))


def test_a_shared_border_is_gone() -> None:
    """Two squares are one rectangle, without a hole or a line inside."""
    whole = united(box(0, 0, 1, 1), box(1, 0, 2, 1))
    assert whole.equals(box(0, 0, 2, 1))
    assert (1, 0) == (len(whole.geoms), len(whole.geoms[0].interiors))


def test_islands_and_lakes_stay() -> None:
    """Ground that does not touch is a part of its own; what nobody has inside is a hole."""
    ring = box(0, 0, 3, 3).difference(box(1, 1, 2, 2))
    whole = united(ring, MultiPolygon([box(5, 5, 6, 6), box(7, 7, 8, 8)]))
    assert (3, 10.0) == (len(whole.geoms), whole.area)
    assert 1 == sum(len(part.interiors) for part in whole.geoms)


def test_a_hole_that_another_fills_is_gone() -> None:
    """A town inside a commune that surrounds it."""
    assert united(box(0, 0, 3, 3).difference(box(1, 1, 2, 2)), box(1, 1, 2, 2)).equals(box(0, 0, 3, 3))


def test_ground_of_two_counts_once() -> None:
    """Overlaps, the same polygon twice, and one inside another."""
    assert united(box(0, 0, 2, 1), box(1, 0, 3, 1)).equals(box(0, 0, 3, 1))
    assert united(box(0, 0, 1, 1), box(0, 0, 1, 1)).equals(box(0, 0, 1, 1))
    assert united(box(0, 0, 3, 3), box(1, 1, 2, 2)).equals(box(0, 0, 3, 3))


def test_a_border_with_more_vertices_on_one_side_is_gone_too() -> None:
    """As where one commune was drawn more finely than its neighbour."""
    fine = shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1, 0.75), (1, 0.25)])
    assert united(box(0, 0, 1, 1), fine).equals(box(0, 0, 2, 1))


def test_nothing_gives_nothing() -> None:
    """Neither no polygon nor empty ones are an error."""
    for shapes in ((), (None, MultiPolygon())):
        whole = united(*shapes)
        assert whole.is_empty
        assert "MultiPolygon" == whole.geom_type


CIRCLES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(1, 4)), min_size=1, max_size=6)


@given(CIRCLES)
def test_it_is_an_ordinary_union(circles: list[tuple[int, int, int]]) -> None:
    """Of whatever overlaps, touches or stands apart; valid, and the same bytes every time."""
    shapes = [Point(x, y).buffer(radius, quad_segs=3) for x, y, radius in circles]
    whole = united(*shapes)
    assert whole.is_valid
    assert shapely.union_all(shapes).symmetric_difference(whole).area == pytest.approx(0, abs=1e-12)
    assert united(*shapes).wkb == whole.wkb


def test_provinces_of_the_sample_are_as_large_as_their_communes(tmp_path: Path) -> None:
    """They overlap nowhere, so nothing is counted twice."""
    write_sample(tmp_path)
    communes = geopandas.read_file(tmp_path / "sample_communes.gpkg")
    shapes, codes = np.array(communes.geometry, dtype=object), communes["ma_tinh"].to_numpy()
    assert 3 == len(set(codes))
    for code in sorted(set(codes)):
        own = shapes[codes == code]
        whole = dissolve(own)
        assert whole.area == pytest.approx(shapely.area(own).sum(), rel=1e-12)
        assert whole.is_valid


@pytest.mark.slow
def test_real_provinces_are_what_an_ordinary_union_gives(realdata: Path) -> None:
    """Communes of two provinces whose borders overlap and gape, and that no union of coverages takes."""
    path = realdata / "vietnam" / "communes_2026-07_full.parquet"
    communes = geopandas.read_parquet(path, columns=["province_code", "geometry"])
    shapes, codes = np.array(communes.geometry, dtype=object), communes["province_code"].to_numpy()
    for code in ("04", "91"):
        own = shapes[codes == code]
        whole, wanted = dissolve(own), shapely.union_all(own)
        assert whole.is_valid
        assert whole.area == pytest.approx(wanted.area, rel=1e-12)
        assert whole.symmetric_difference(wanted).area == pytest.approx(0, abs=1e-12)
        assert shapely.area(own).sum() > whole.area
