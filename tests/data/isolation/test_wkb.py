"""Geometries that a reader sends: what breaks a parser is refused before GEOS sees it."""

from __future__ import annotations

import random
import struct

import pyarrow as pa
import pytest
import shapely

from blackspot.data.isolation.reply import BadReplyError
from blackspot.data.isolation.wkb import is_whole, parse_wkb

RING = [(0, 0), (4, 0), (4, 4), (0, 4)]
SHAPES = [
    shapely.Point(1, 2),
    shapely.MultiPoint([(1, 2), (3, 4)]),
    shapely.LineString(RING),
    shapely.MultiLineString([RING, [(5, 5), (6, 6)]]),
    shapely.Polygon(RING, [[(1, 1), (2, 1), (2, 2)]]),
    shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.Polygon(RING, [[(1, 1), (2, 1), (2, 2)]])]),
]
WKB = [shapely.to_wkb(shape, byte_order=1) for shape in SHAPES]


def _column(*rows: bytes) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(rows, type=pa.large_binary())])


def test_whole_geometries_come_back() -> None:
    """All kinds, also from a piece of a longer array, also none at all."""
    assert SHAPES == parse_wkb(_column(*WKB)).tolist()
    assert SHAPES[2:4] == parse_wkb(_column(*WKB).slice(2, 2)).tolist()
    assert [] == parse_wkb(pa.chunked_array([], type=pa.large_binary())).tolist()


@pytest.mark.parametrize("wkb", WKB)
def test_no_geometry_that_is_cut_or_longer_passes(wkb: bytes) -> None:
    """Every shorter piece and every tail is refused, before GEOS sees it."""
    assert is_whole(memoryview(wkb))
    for length in range(len(wkb)):
        assert not is_whole(memoryview(wkb[:length]))
    assert not is_whole(memoryview(wkb + b"\0"))


@pytest.mark.parametrize(
    "row",
    [
        shapely.to_wkb(shapely.Point(1, 2), byte_order=0),
        shapely.to_wkb(shapely.GeometryCollection([shapely.Point(1, 2)]), byte_order=1),
        shapely.to_wkb(shapely.Point(1, 2, 3), byte_order=1),
        struct.pack("<BII", 1, 3, 0xFFFFFFFF),
        struct.pack("<BIII", 1, 3, 1, 0xFFFFFFFF),
        struct.pack("<BIIBI", 1, 6, 1, 1, 6),
        struct.pack("<BIIBIdd", 1, 6, 1, 1, 1, 1.0, 2.0),
        b"",
    ],
)
def test_what_no_reader_of_ours_writes_is_refused(row: bytes) -> None:
    """Another byte order, collections, heights, counts without bytes, members of another kind, nothing."""
    with pytest.raises(BadReplyError):
        parse_wkb(_column(row))


def test_other_columns_are_refused() -> None:
    """Missing rows, and binary of another width."""
    with pytest.raises(BadReplyError):
        parse_wkb(pa.chunked_array([pa.array([WKB[0], None], type=pa.large_binary())]))
    with pytest.raises(BadReplyError):
        parse_wkb(pa.chunked_array([pa.array([WKB[0]], type=pa.binary())]))


def test_damaged_geometries_are_refused_or_harmless() -> None:
    """2,000 bytes changed at random: GEOS is only handed what it parses or refuses by itself."""
    chance = random.Random("wkb")  # noqa: S311 - the same every time
    refused = 0
    for _ in range(2000):
        row = bytearray(chance.choice(WKB))
        row[chance.randrange(len(row))] = chance.randrange(256)
        try:
            found = parse_wkb(_column(bytes(row)))
        except BadReplyError:
            refused += 1
        else:
            assert found[0].geom_type in {shape.geom_type for shape in SHAPES}
    assert 200 < refused < 1800
