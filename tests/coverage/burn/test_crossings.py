"""Where edges cross the sub-lines, in batches of any size."""

from __future__ import annotations

import numpy as np
import pytest

from blackspot.coverage.burn import crossings as module
from blackspot.coverage.burn.crossings import climb_period_bits, part_spans
from blackspot.coverage.burn.polygons import burn
from blackspot.coverage.burn.rings import Carrier, rings_of
from blackspot.coverage.burn.spans import merge
from burn_plane import UTM48, at, box, cells_of, plane, polygons, same


@pytest.mark.parametrize("count", [1, 2, 12])
@pytest.mark.parametrize("width", [20, 2_000, 400_000])
def test_spans_of_parts_merge_as_if_taken_apart(count: int, width: int) -> None:
    """One part, several that overlap, wider than their sort keys allow, and beyond the grid: the same ground."""
    grid = plane(width=width)
    shapes = [box(shift - 1, shift % 7, shift + width / 2 + 0.3, shift % 7 + 14.2) for shift in range(count)]
    shapes[0] = at((0, 0), (width, 9), (width, 0), (0, 9))  # a bow tie
    rings = Carrier(UTM48, grid)(rings_of(polygons(*shapes)))
    found = list(part_spans(rings, grid))
    assert len(found) > 0
    for spans in found:
        apart = merge(spans.line, spans.x0, spans.x1)
        assert len(apart) > 0
        assert same(apart, spans.merged())


def test_crossings_are_sorted_in_batches_that_never_cut_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of any size, even smaller than one part, give the same spans."""
    grid = plane()
    shapes = polygons(*(box(0.3 * i, 0.2 * i, 0.3 * i + 5, 0.2 * i + 6) for i in range(40)))
    whole = burn(shapes, UTM48, grid)
    monkeypatch.setattr("blackspot.coverage.burn.crossings.MOST_CROSSINGS", 50)
    assert same(whole, burn(shapes, UTM48, grid))
    monkeypatch.setattr("blackspot.coverage.burn.crossings.MOST_CROSSINGS", 130)
    assert same(whole, burn(shapes, UTM48, grid))


@pytest.mark.parametrize(("sublines", "bits"), [(1, 14), (2, 13), (4, 12), (8, 11), (37, 9), (40, 9)])
def test_a_subline_climbs_one_distance_in_about_four(sublines: int, bits: int) -> None:
    """At four per row that is one cell, at forty an eighth of one."""
    assert bits == climb_period_bits(sublines)


@pytest.mark.parametrize("shift", [0.0, 1e-7, 0.5, 0.25])
def test_edges_without_slope_pass_their_jumps_whole(shift: float) -> None:
    """Edges that run exactly along a climb cross all lines at one place: before a jump or after it."""
    grid = plane()
    # in sheared coordinates such an edge is level: one cell to the right, a quarter of a cell up
    shape = at((2 + shift, 6), (10 + shift, 4), (10 + shift, 12), (2 + shift, 14))
    assert pytest.approx(64.0, rel=2e-3) == cells_of(burn(polygons(shape), UTM48, grid), grid)


@pytest.mark.parametrize("lines", [1, 300, 1 << 16, 1 << 17])
def test_keys_are_sorted_however_many_lines_there_are(lines: int) -> None:
    """With lines that fit a short number and with more; keys that stand twice stay."""
    rng = np.random.default_rng(lines)
    key = rng.integers(0, lines, 5000) << 20 | rng.integers(0, 50, 5000)
    expected = np.sort(key)
    module._sort(key, 20, lines - 1)
    assert expected.tolist() == key.tolist()
