"""Outlines that are taken apart and built by ourselves are the ones that GEOS parses."""

from __future__ import annotations

import math
import struct

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.data.isolation.reply import BadReplyError
from blackspot.data.isolation.wkb import parse_wkb
from blackspot.data.isolation.wkb_outlines import are_plain, outlines

SQUARE = shapely.box(0, 0, 4, 4)
HOLED = shapely.Polygon(
    [(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (2, 1), (2, 2)], [(4, 4), (5, 4), (5, 5)]]
)
ROUND = shapely.Point(50, 50).buffer(3.0, quad_segs=64)  # 257 places
RINGED = shapely.difference(ROUND, shapely.Point(50, 50).buffer(1.0, quad_segs=64))
SEVERAL = shapely.MultiPolygon([RINGED, SQUARE, HOLED])


def _column(*rows: bytes | None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(rows, type=pa.large_binary())])


def _packed(*shapes: shapely.Geometry) -> pa.ChunkedArray:
    return _column(*(shapely.to_wkb(shape, byte_order=1) for shape in shapes))


def _polygon(*rings: list[tuple[float, float]]) -> bytes:
    """Write a polygon as it is, closed or not."""
    said = struct.pack("<BII", 1, 3, len(rings))
    for ring in rings:
        said += struct.pack("<I", len(ring)) + b"".join(struct.pack("<dd", *place) for place in ring)
    return said


@pytest.mark.parametrize(
    "shapes", [[SQUARE], [HOLED, SQUARE], [RINGED], [SEVERAL], [SQUARE, SEVERAL, RINGED, HOLED, SEVERAL]]
)
def test_built_outlines_are_those_that_geos_parses(shapes: list[shapely.Geometry]) -> None:
    """Holes, single and several parts, mixed: the same kinds, parts, rings and numbers, in the same order."""
    column = _packed(*shapes)
    built = np.concatenate([found.built() for _, found in outlines(column.chunk(0)) if found is not None])
    assert [shape.wkb for shape in shapes] == [shape.wkb for shape in built]
    assert are_plain(column)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(3, 200), min_size=1, max_size=8), st.integers(1, 3))
def test_long_outlines_come_back_as_they_were(corners: list[int], parts: int) -> None:
    """Rows of any number of places, so that some are built and some are parsed, give what was written."""
    shapes: list[shapely.Geometry] = []
    for number, count in enumerate(corners):
        turn = np.linspace(0, 2 * math.pi, count, endpoint=False)
        ring = np.column_stack([np.cos(turn), np.sin(turn)]) + 5.0 * number
        polygons = [shapely.Polygon(ring + 3.0 * part) for part in range(parts)]
        shapes.append(polygons[0] if parts == 1 else shapely.MultiPolygon(polygons))
    assert [shape.wkb for shape in shapes] == [shape.wkb for shape in parse_wkb(_packed(*shapes))]


def test_rows_of_more_than_one_block_keep_their_order() -> None:
    """Two megabytes of outlines are taken apart in several blocks."""
    shapes = [shapely.Point(number, 0).buffer(0.4, quad_segs=256) for number in range(128)]
    column = _packed(*shapes)
    blocks = list(outlines(column.chunk(0)))
    assert len(blocks) > 1
    assert [shape.wkb for shape in shapes] == [shape.wkb for shape in parse_wkb(column)]
    assert [shape.wkb for shape in shapes[100:]] == [shape.wkb for shape in parse_wkb(column.slice(100))]


@pytest.mark.parametrize(
    "row",
    [
        None,
        b"",
        shapely.to_wkb(shapely.Point(1, 2), byte_order=1),
        shapely.to_wkb(SQUARE, byte_order=0),
        shapely.to_wkb(SEVERAL, byte_order=0),
        shapely.to_wkb(shapely.force_3d(SQUARE), byte_order=1),
        shapely.to_wkb(SQUARE, byte_order=1)[:-1],
        shapely.to_wkb(SQUARE, byte_order=1) + b"\0",
        shapely.to_wkb(shapely.GeometryCollection([SQUARE]), byte_order=1),
        shapely.to_wkb(shapely.Polygon(), byte_order=1),
        shapely.to_wkb(shapely.MultiPolygon(), byte_order=1),
        struct.pack("<BII", 1, 6, 2) + shapely.to_wkb(SQUARE, byte_order=1) + _polygon(),
        _polygon([(0, 0), (4, 0), (4, 4), (0, 4)]),
        _polygon([(0, 0), (4, 0), (0, 0)]),
        _polygon([(0, 0), (4, 0), (4, 4), (0, 0)], []),
        _polygon([(0, 0), (4, 0), (4, math.nan), (0, 0)]),
        _polygon([(0, 0), (4, 0), (math.inf, 4), (0, 0)]),
        struct.pack("<BII", 1, 3, 0xFFFFFFFF),
        struct.pack("<BIII", 1, 3, 1, 0xFFFFFFFF),
        struct.pack("<BIIBI", 1, 6, 1, 1, 6),
    ],
)
def test_anything_to_say_is_left_to_those_who_say_it(row: bytes | None) -> None:
    """Missing, empty, open, short or endless rings, heights, tails, other kinds and orders are not plain."""
    plain = shapely.to_wkb(SQUARE, byte_order=1)
    assert are_plain(_column(plain, plain))
    assert not are_plain(_column(row))
    assert not are_plain(_column(plain, row, plain))


def test_an_open_ring_with_many_places_is_refused() -> None:
    """What a reader that was taken over calls plain is looked at again, and nobody closes its rings."""
    turn = np.linspace(0, 6, 300)
    ring = list(zip(np.cos(turn).tolist(), np.sin(turn).tolist(), strict=True))
    with pytest.raises(BadReplyError):
        parse_wkb(_column(_polygon(ring)))
