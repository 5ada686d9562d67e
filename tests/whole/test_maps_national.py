"""The shapes of the whole country: nothing lost, areas kept, small enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely

from blackspot.maps.encoding.shapes import encode_topology
from blackspot.maps.encoding.simplify import simplified
from blackspot.maps.encoding.topology import QUANTUM_PER_DEGREE, build_topology
from page_decoder import decode_topology

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.encoding.topology import Topology

pytestmark = pytest.mark.slow

NATIONAL_TOLERANCE = 50


@pytest.fixture(scope="module")
def communes(realdata: Path) -> gpd.GeoDataFrame:
    """All communes in full detail."""
    return gpd.read_parquet(realdata / "vietnam" / "communes_2026-07_full.parquet")


@pytest.fixture(scope="module")
def full(communes: gpd.GeoDataFrame) -> Topology:
    """Their arcs."""
    return build_topology(communes.geometry.to_numpy())


@pytest.fixture(scope="module")
def national(full: Topology) -> Topology:
    """Their arcs as the national page has them."""
    return simplified(full, NATIONAL_TOLERANCE)


def test_every_commune_and_every_part_is_there(
    communes: gpd.GeoDataFrame, full: Topology, national: Topology
) -> None:
    """As many outer rings as parts, in full detail and simplified; each wider than a metre has ground."""
    parts = shapely.get_num_geometries(communes.geometry.to_numpy())
    for topology in (full, national):
        feature = np.repeat(np.arange(topology.features), np.diff(topology.feature_start))
        assert (
            parts.tolist() == np.bincount(feature[~topology.ring_is_hole], minlength=len(communes)).tolist()
        )
    ground = [topology.ring_area()[~topology.ring_is_hole] > 0 for topology in (full, national)]
    assert ground[0].tolist() == ground[1].tolist()
    assert (~ground[0]).sum() <= 1  # one sliver of the source is narrower than a quantum


def test_areas_are_kept(communes: gpd.GeoDataFrame, full: Topology, national: Topology) -> None:
    """Full detail to a few square metres; simplified within 0.5 % for communes over 5 km²."""
    true = shapely.area(communes.geometry.to_numpy()) * QUANTUM_PER_DEGREE**2
    assert np.abs(full.feature_area() / true - 1).max() < 1e-3
    large = communes["areaKm2"].to_numpy() > 5
    assert np.abs(national.feature_area() / true - 1)[large].max() < 0.005


def test_shapes_are_small_and_come_back(
    communes: gpd.GeoDataFrame, full: Topology, national: Topology
) -> None:
    """The national shapes take at most 1.3 MB in base64, a province's in full detail at most 0.8 MB."""
    coded = encode_topology(national)
    assert len(coded) * 4 / 3 < 1_300_000
    found = decode_topology(coded)
    assert (national.points == found.points).all()
    assert (national.arc_of == found.arc_of).all()
    codes = communes["province_code"].to_numpy()
    largest = max(
        len(encode_topology(full.subset(np.flatnonzero(codes == code)))) for code in np.unique(codes)
    )
    assert largest * 4 / 3 < 800_000
