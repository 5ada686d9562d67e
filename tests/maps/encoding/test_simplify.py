"""Simplified shapes keep their area, their parts and their shared borders."""

from __future__ import annotations

import numpy as np
import pytest

from blackspot.maps.encoding.simplify import MOST_FEATURE_ERROR, simplified
from blackspot.maps.encoding.topology import build_topology
from map_shapes import lattice


@pytest.mark.parametrize("tolerance", [20.0, 60.0, 200.0])
def test_simplified_shapes_keep_area_parts_and_shared_borders(tolerance: float) -> None:
    """Fewer points; areas within the limit; every ring keeps ground; neighbours still share arcs."""
    topology = build_topology(lattice(7))
    coarse = simplified(topology, tolerance)
    assert len(coarse.points) < 0.95 * len(topology.points)
    error = np.abs(coarse.feature_area() - topology.feature_area()) / topology.feature_area()
    assert error.max() <= MOST_FEATURE_ERROR
    assert (coarse.ring_area() > 0.7 * topology.ring_area()).all()
    assert coarse.arc_of.tolist() == topology.arc_of.tolist()
    ends = np.stack([coarse.points[coarse.arc_start[:-1]], coarse.points[coarse.arc_start[1:] - 1]])
    assert (
        ends.tolist()
        == np.stack(
            [topology.points[topology.arc_start[:-1]], topology.points[topology.arc_start[1:] - 1]]
        ).tolist()
    )


def test_no_tolerance_changes_nothing() -> None:
    """Full detail is the topology itself."""
    topology = build_topology(lattice(8))
    assert simplified(topology, 0) is topology
