"""From bytes to geometries that can be used: what is closed, flattened, taken apart, left out or refused."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

from blackspot.data.findings.collector import Findings
from blackspot.data.parsers.geometry import NamedGeometries, from_wkb, usable

if TYPE_CHECKING:
    from blackspot.data.readers.formats import Kind

SQUARE = shapely.box(0, 0, 1, 1)
OTHER = shapely.box(2, 0, 3, 1)
LINE = shapely.LineString([(0, 0), (1, 1)])
POINT = shapely.Point(5, 5)
ALL: tuple[Kind, ...] = ("polygon", "line", "point")


def objects(*values: object) -> np.ndarray[Any, Any]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def with_corner(x: float) -> shapely.Polygon:
    """A square of which one corner has such a coordinate."""
    corners = np.array([(0.0, 0.0), (1.0, 0.0), (x, 1.0), (0.0, 1.0), (0.0, 0.0)])
    with np.errstate(invalid="ignore"):  # shapely compares the ends
        return shapely.Polygon(shapely.linearrings(corners, handle_nan="allow"))


def use(
    *shapes: shapely.Geometry | None, kinds: tuple[Kind, ...] = ("polygon",), required: bool = False
) -> tuple[list[Any] | None, dict[str, int]]:
    """Give the geometries that are kept, and how often each code is said."""
    findings = Findings()
    named = NamedGeometries(objects(*shapes), objects(*map(str, range(len(shapes)))))
    found = usable(named, kinds, findings.about("a"), required=required)
    return None if found is None else list(found[0][found[1]]), {
        item.code: item.count for item in findings.items
    }


def test_an_open_ring_is_closed_and_told() -> None:
    """Three corners without the first again: the ring that was meant, listed by its name."""
    corners = [(0.0, 0.0), (4.0, 0.0), (4.0, 3.0)]
    ring = struct.pack("<BIII", 1, 3, 1, 3) + b"".join(struct.pack("<2d", *corner) for corner in corners)
    findings = Findings()
    found = from_wkb(objects(ring, shapely.to_wkb(SQUARE), None), objects("x", "y", "z"), findings.about("a"))
    assert 6.0 == shapely.area(found.geometry[0])
    assert [True, True] == [*shapely.equals(found.geometry[1:2], SQUARE).tolist(), found.geometry[2] is None]
    assert [found.geometry[0]] == list(found.closed)
    (told,) = findings.items
    assert ("geometry.closed", 1) == (told.code, told.count)
    assert "x" in told.message_en


def test_bytes_that_are_no_geometry_are_none() -> None:
    """They are counted as missing later, never in silence."""
    found = from_wkb(objects(b"\x01\x03", b"rubbish"), objects("x", "y"), Findings().about("a"))
    assert [None, None] == list(found.geometry)


def test_geometries_of_the_kind_are_kept_as_they_are() -> None:
    """Single or multiple, in their order."""
    both = shapely.MultiPolygon([SQUARE, OTHER])
    assert ([SQUARE, both], {}) == use(SQUARE, both)


def test_heights_are_dropped_and_counted() -> None:
    """The plane is what counts."""
    kept, codes = use(shapely.force_3d(SQUARE, 7.0), OTHER)
    assert kept is not None
    assert [SQUARE, OTHER] == kept
    assert not shapely.has_z(kept).any()
    assert {"geometry.flattened": 1} == codes


@pytest.mark.parametrize(
    ("parts", "kinds", "expected", "codes"),
    [
        ([SQUARE, OTHER], ("polygon",), shapely.MultiPolygon([SQUARE, OTHER]), {}),
        ([SQUARE, LINE], ("polygon",), shapely.MultiPolygon([SQUARE]), {"geometry.collection": 1}),
        ([LINE, POINT], ("polygon", "line"), shapely.MultiLineString([LINE]), {"geometry.collection": 1}),
        (
            [shapely.GeometryCollection([shapely.MultiPolygon([SQUARE]), OTHER])],
            ("polygon",),
            shapely.MultiPolygon([SQUARE, OTHER]),
            {},
        ),
        ([POINT], ALL, shapely.MultiPoint([POINT]), {}),
    ],
)
def test_collections_give_their_parts_of_the_first_kind(
    parts: list[shapely.Geometry], kinds: tuple[Kind, ...], expected: shapely.Geometry, codes: dict[str, int]
) -> None:
    """Nested ones too; what is lost on the way is told."""
    assert ([expected], codes) == use(shapely.GeometryCollection(parts), kinds=kinds)


@pytest.mark.parametrize(
    "nothing",
    [
        None,
        shapely.Polygon(),
        shapely.MultiPolygon([]),
        with_corner(math.nan),
        with_corner(math.inf),
    ],
)
def test_what_has_no_place_is_left_out_or_refused(nothing: shapely.Geometry | None) -> None:
    """Nothing, empty, or a corner that is no number: left out and counted, an error where each must have one."""
    assert ([SQUARE], {"geometry.missing": 1}) == use(SQUARE, nothing)
    assert (None, {"geometry.required": 1}) == use(SQUARE, nothing, required=True)
    assert (None, {"geometry.missing": 1, "layer.no-features": 1}) == use(nothing)


def test_other_kinds_are_refused() -> None:
    """A line among polygons is a mistake of the file, not something to leave out."""
    assert (None, {"geometry.wrong-type": 2}) == use(SQUARE, LINE, POINT)
    assert ([SQUARE, LINE, POINT], {}) == use(SQUARE, LINE, POINT, kinds=ALL)
