"""Shapes, numbers and black spots come back from their bytes."""

from __future__ import annotations

import numpy as np

from blackspot.maps.encoding.shapes import NumberColumn, encode_numbers, encode_topology
from blackspot.maps.encoding.topology import build_topology
from map_shapes import lattice
from page_decoder import decode_numbers, decode_topology


def test_topology_comes_back_from_its_bytes() -> None:
    """Python's decoder gives the arrays that were encoded."""
    topology = build_topology(lattice(4))
    found = decode_topology(encode_topology(topology))
    for name in ("points", "arc_start", "arc_of", "ring_start", "feature_start"):
        assert getattr(topology, name).tolist() == getattr(found, name).tolist()


def test_numbers_come_back_with_their_unknowns() -> None:
    """NaN stays NaN, zero stays zero, the rest is right to half a unit."""
    columns = (NumberColumn("pop_total", 1000), NumberColumn("rank", 1))
    values = {
        "pop_total": np.array([0.0, 1234.5678, np.nan, 5e6]),
        "rank": np.array([1.0, np.nan, 3.0, 3321.0]),
    }
    found = decode_numbers(encode_numbers(columns, values), columns, 4)
    np.testing.assert_allclose(values["pop_total"], found["pop_total"], atol=0.0005)
    np.testing.assert_array_equal(values["rank"], found["rank"])
