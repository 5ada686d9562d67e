"""Topology: every border once, and no shape lost."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from blackspot.maps.encoding.shapes import encode_topology
from blackspot.maps.encoding.topology import QUANTUM_PER_DEGREE, build_topology
from map_shapes import lattice
from page_decoder import decode_topology


def test_two_squares_share_one_arc() -> None:
    """Neighbours keep their border once: three arcs, used four times."""
    topology = build_topology(np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], dtype=object))
    assert topology.arcs == 3
    assert len(topology.arc_of) == 4
    used, times = np.unique(
        np.where(topology.arc_of < 0, ~topology.arc_of, topology.arc_of), return_counts=True
    )
    assert used.tolist() == [0, 1, 2]
    assert sorted(times.tolist()) == [1, 1, 2]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_topology_keeps_every_shape(seed: int) -> None:
    """Put together again, every shape is the original to a quantum."""
    shapes = lattice(seed)
    again = build_topology(shapes).polygons()
    for before, after in zip(shapes, again, strict=True):
        assert shapely.hausdorff_distance(before, after) < 1.5 / QUANTUM_PER_DEGREE
        assert before.symmetric_difference(shapely.make_valid(after)).area < 1e-5


def test_a_subset_is_the_same_shapes() -> None:
    """Some features of a topology, in another order, with only the arcs they need."""
    shapes = lattice(5)
    chosen = np.array([7, 3, 26])
    part = build_topology(shapes).subset(chosen)
    for before, after in zip(shapes[chosen], part.polygons(), strict=True):
        assert shapely.hausdorff_distance(before, after) < 1.5 / QUANTUM_PER_DEGREE
    assert part.arcs < build_topology(shapes).arcs


def test_areas_are_those_of_shapely() -> None:
    """Outer rings less holes, in square quanta."""
    shapes = lattice(6)
    expected = shapely.area(shapes) * QUANTUM_PER_DEGREE**2
    np.testing.assert_allclose(expected, build_topology(shapes).feature_area(), rtol=2e-3)


def test_no_part_is_lost_even_below_a_quantum() -> None:
    """An islet smaller than a metre becomes the smallest triangle there is; a hole of that size closes."""
    islet = shapely.box(5.0, 5.0, 5.000001, 5.000001)
    land = shapely.box(0, 0, 1, 1).difference(shapely.box(0.5, 0.5, 0.500001, 0.500001))
    topology = build_topology(
        np.array([shapely.MultiPolygon([shapely.box(2, 2, 3, 3), islet]), land], dtype=object)
    )
    assert np.diff(topology.feature_start).tolist() == [2, 1]
    assert topology.ring_area()[1] == 0.5


def test_nothing_at_all_has_a_topology() -> None:
    """No features, no arcs, no error."""
    empty = build_topology(np.zeros(0, dtype=object))
    assert (empty.arcs, empty.features) == (0, 0)
    assert decode_topology(encode_topology(empty)).features == 0
