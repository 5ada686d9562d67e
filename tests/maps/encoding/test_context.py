"""Surroundings as bytes: read back as they were, in whole pixels, and as many as have room."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from blackspot.maps.encoding.context import (
    WORLD_PX,
    MapFeatures,
    decode_context,
    encode_context,
    joined,
    to_pixels,
    whole_pixels,
    within,
)

PIXEL = st.integers(0, WORLD_PX)
FEATURE = st.tuples(
    st.integers(0, 7),
    st.one_of(st.just(""), st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)),
    st.lists(st.tuples(PIXEL, PIXEL), min_size=1, max_size=9),
)


def features(rows: list[tuple[int, str, list[tuple[int, int]]]]) -> MapFeatures:
    rows = sorted(rows, key=lambda row: row[0])
    counts = [len(points) for _, _, points in rows]
    return MapFeatures(
        np.array([kind for kind, _, _ in rows], dtype=np.int64),
        [name for _, name, _ in rows],
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.array([at for _, _, points in rows for at in points], dtype=np.int64).reshape(-1, 2),
    )


def plain(some: MapFeatures) -> tuple[list[int], list[str], list[int], list[list[int]]]:
    return some.kind.tolist(), some.name, some.start.tolist(), some.points.tolist()


@given(st.lists(FEATURE, max_size=30))
def test_features_are_read_back_as_they_were(rows: list[tuple[int, str, list[tuple[int, int]]]]) -> None:
    """Any kinds, names and places, none at all too; the same features give the same bytes."""
    some = features(rows)
    assert plain(some) == plain(decode_context(encode_context(some)))
    assert encode_context(some) == encode_context(some)


@given(st.lists(FEATURE, max_size=30), st.integers(0, 400))
def test_what_is_taken_has_room(rows: list[tuple[int, str, list[tuple[int, int]]]], room: int) -> None:
    """Never more bytes than allowed, of each kind the first ones, and the block holds just them."""
    some = features(rows)
    content, kept = within(some, room)
    assert len(content) <= max(room, len(encode_context(features([]))) if not rows else 0)
    assert plain(kept) == plain(decode_context(content) if content else features([]))
    for kind in range(8):
        names = [name for name, of in zip(some.name, some.kind, strict=True) if of == kind]
        taken = [name for name, of in zip(kept.name, kept.kind, strict=True) if of == kind]
        assert names[: len(taken)] == taken


def test_each_kind_gets_the_same_room_and_a_small_one_leaves_the_rest_to_others() -> None:
    """Ten posts stay whole beside 4,000 roads and 4,000 rivers, which then share equally."""
    rng = np.random.default_rng(3)

    def many(kind: int, count: int, points: int) -> list[tuple[int, str, list[tuple[int, int]]]]:
        starts = rng.integers(0, 100_000, (count, 1, 2))
        walks = starts + np.cumsum(rng.integers(-60, 60, (count, points, 2)), axis=1)
        return [(kind, "", [(int(x), int(y)) for x, y in np.abs(walk)]) for walk in walks]

    some = features(many(0, 4000, 9) + many(1, 4000, 9) + many(7, 10, 1))
    room = len(encode_context(some)) // 4
    content, kept = within(some, room)
    rivers, roads, *_, posts = np.bincount(kept.kind, minlength=8).tolist()
    assert 10 == posts
    assert rivers == pytest.approx(roads, abs=2)
    assert 0.9 * room < len(content) <= room


def test_pixels_are_those_of_the_finest_zoom() -> None:
    """The middle of the world, its north-western corner, and a place that Leaflet's own formula gives."""
    found = to_pixels(np.array([[0.0, 0.0], [-180.0, 85.05112878], [105.0, 21.0]]))
    half = WORLD_PX / 2
    assert [half, half] == pytest.approx(found[0])
    assert [0.0, 0.0] == pytest.approx(found[1], abs=700)
    y = np.log(np.tan(np.pi / 4 + np.radians(21.0) / 2))
    assert [(105.0 / 360 + 0.5) * WORLD_PX, half - y * WORLD_PX / (2 * np.pi)] == pytest.approx(found[2])


def test_lines_that_nobody_would_see_are_left_out_and_points_stay() -> None:
    """Points of one pixel are one point."""
    shapes = np.array(
        [
            shapely.LineString([(10, 10), (10.2, 10.3)]),
            shapely.LineString([(0.2, 0), (0.4, 0.1), (5, 5)]),
            shapely.Point(7, 8),
        ],
        dtype=object,
    )
    lines = whole_pixels(2, ["a", "b", "c"], shapes)
    assert ([2, 2], ["b", "c"], [0, 2, 3], [[0, 0], [5, 5], [7, 8]]) == plain(lines)


def test_kinds_are_joined_in_order() -> None:
    """Nothing at all is no features."""
    one, other = features([(0, "a", [(1, 2), (3, 4)])]), features([(4, "b", [(5, 6)])])
    assert ([0, 4], ["a", "b"], [0, 2, 3], [[1, 2], [3, 4], [5, 6]]) == plain(joined([one, other]))
    assert ([], [], [0], []) == plain(joined([]))
