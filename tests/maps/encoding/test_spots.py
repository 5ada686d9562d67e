"""Black spots of a page as bytes."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from blackspot.maps.encoding.shapes import encode_spots
from blackspot.maps.encoding.spots import SpotTable, spots_block
from page_decoder import decode_spots

CODES = np.array(["00001", "00004"], dtype=object)


def spots(**columns: Any) -> gpd.GeoDataFrame:
    """Three spots: two of the first commune, in one cluster, and one of the second."""
    given: dict[str, Any] = {
        "spot_id": ["00004-c", "00001-b", "00001-a"],
        "cluster_id": ["00004-c", "00001-a", "00001-a"],
        "code": ["00004", "00001", "00001"],
        "pop": [70.0, 60.0, 500.0],
        "area_km2": [1.0, 2.0, 20.0],
        "lon": [105.0, 106.0, 107.0],
        "lat": [20.0, 21.0, 22.0],
        "missing": ["5g", "5g,fibre", ""],
        "rank": [2, 3, 1],
    }
    shapes = [shapely.box(x, 20, x + 1, 21) for x in range(105, 108)]
    return gpd.GeoDataFrame(given | columns, geometry=shapes, crs=4326)


def test_order_ids_and_cluster() -> None:
    """By commune, most people first; the second spot of a cluster stands one place behind its first."""
    block = spots_block(SpotTable(spots()), CODES, outlines=False)
    found = decode_spots(block.content)
    assert ["a", "b", "c"] == block.ids
    assert [0, 0, 1] == found.commune.tolist()
    assert [5000, 600, 700] == found.numbers[0].tolist()
    assert [0, 1, 0] == found.numbers[6].tolist()
    assert [] == block.places


def test_distances_of_operators_stand_for_that_of_any() -> None:
    """The nearest of any is the least of theirs; without theirs it is kept itself. Nowhere is 0, else plus one."""
    columns = {
        "distance_to_4g_km": [1.0, 2.0, 3.0],
        "distance_to_5g_km": [0.0, 1.24, np.nan],
        "distance_to_5g_sao_mai_km": [0.0, 7.0, np.nan],
        "distance_to_5g_all_in_km": [9.0, 1.24, np.nan],
    }
    block = spots_block(SpotTable(spots(**columns)), CODES, outlines=False)
    assert [("4g", ""), ("5g", "sao_mai"), ("5g", "all_in")] == block.facts["distances"]
    numbers = decode_spots(block.content).numbers[9:]
    assert [[31, 21, 11], [0, 71, 1], [0, 13, 91]] == [column.tolist() for column in numbers]


def test_places_stand_once_each() -> None:
    """A spot without a place has number 0."""
    near = {"place_name": ["Bản B", "", "Bản B"], "place_distance_km": [0.0, np.nan, 1.26]}
    block = spots_block(SpotTable(spots(**near)), CODES, outlines=False)
    assert ["Bản B"] == block.places
    assert 1 == block.facts["places"]
    found = decode_spots(block.content)
    assert [[1, 0, 1], [14, 0, 1]] == [found.numbers[at].tolist() for at in (7, 8)]


def test_tables_of_before_can_be_shown() -> None:
    """A run that was published without clusters, places and operators: every spot is a cluster of its own."""
    block = spots_block(SpotTable(spots().drop(columns="cluster_id")), CODES, outlines=True)
    found = decode_spots(block.content)
    assert [0, 0, 0] == found.numbers[6].tolist()
    assert [] == block.facts["distances"]
    assert 9 == len(found.numbers)


def test_outlines_are_drawn_as_fine_as_asked() -> None:
    """A border with a corner every hundredth of a degree loses those that are within the tolerance."""
    shore = [(105 + at / 100, 20.5 + 0.001 * (at % 2)) for at in range(101)]
    fine = spots().set_geometry([shapely.Polygon([*shore, (106, 20), (105, 20)])] * 3, crs=4326)
    points = [
        len(
            decode_spots(
                spots_block(SpotTable(fine), CODES, outlines=True, tolerance_deg=tolerance).content
            ).points
        )
        for tolerance in (0, 0.01)
    ]
    assert [309, 12] == pytest.approx(points, abs=2)


def test_spots_of_other_communes_are_left_out() -> None:
    """A page of one province."""
    block = spots_block(SpotTable(spots()), CODES[1:], outlines=True)
    assert ["c"] == block.ids


def test_spots_come_back() -> None:
    """Outlines of one and of two parts with a hole, and one without an outline."""
    ring = shapely.box(0, 0, 0.03, 0.03).difference(shapely.box(0.01, 0.01, 0.02, 0.02))
    pair = shapely.MultiPolygon([shapely.box(1, 1, 1.01, 1.01), shapely.box(1.01, 1.01, 1.02, 1.02)])
    spots = decode_spots(
        encode_spots(
            np.array([ring, pair, None], dtype=object), np.array([2, 2, 5]), [np.array([10, 20, 30])]
        )
    )
    assert spots.commune.tolist() == [2, 2, 5]
    assert spots.numbers.tolist() == [[10, 20, 30]]
    assert spots.ring_start.tolist() == [0, 2, 4, 4]
    assert np.diff(spots.point_start).tolist() == [4, 4, 4, 4]
    assert set(map(tuple, spots.points[8:12].tolist())) == {
        (10000, 10000),
        (10000, 10100),
        (10100, 10100),
        (10100, 10000),
    }
