"""Edges of outlines, measured and sampled."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from blackspot.data.submissions.shapes import Edges


def _array(*shapes: shapely.Geometry) -> np.ndarray:
    return np.array(shapes, dtype=object)


def test_edges_are_measured_and_sampled_evenly() -> None:
    """A box of 0.1 degrees at the equator: four edges of 11.1 km, places along all of them."""
    edges = Edges.of(_array(shapely.box(105, 0, 105.1, 0.1)))
    assert 11_132 == pytest.approx(edges.typical_m(), rel=1e-3)
    places = edges.sample(400)
    sides = ((0, 105.0), (0, 105.1), (1, 0.0), (1, 0.1))
    assert all(100 == pytest.approx(np.isclose(places[:, axis], at).sum(), abs=2) for axis, at in sides)
    assert 0.0 == Edges.of(_array()).typical_m()


def test_edges_of_multipolygons_count_like_those_of_their_parts() -> None:
    """One feature of two boxes has the edges of two features of one box."""
    boxes = [shapely.box(105, 0, 105.1, 0.1), shapely.box(106, 0, 106.1, 0.1)]
    apart, together = Edges.of(_array(*boxes)), Edges.of(_array(shapely.MultiPolygon(boxes)))
    assert 8 == len(together.length_m)
    assert apart.length_m.tolist() == together.length_m.tolist()
