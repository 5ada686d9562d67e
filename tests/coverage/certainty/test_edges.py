"""Distances from cells to the edge of coverage, by hand and on a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.ndimage import distance_transform_edt

from blackspot.coverage.certainty import edges as module
from blackspot.coverage.certainty.edges import CellSize, signed_distance_m

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = CellSize(100.0, 100.0)


def measured(share: np.ndarray, known: np.ndarray | None = None, reach_m: float = 350.0) -> np.ndarray:
    everywhere = np.ones(share.shape, bool) if known is None else known
    return signed_distance_m(share, everywhere, SIZE, reach_m)


def test_a_straight_edge_is_measured_exactly_wherever_it_crosses_a_cell() -> None:
    """The edge lies at column 3 + x: cells to its left are covered."""
    for x in (0.0, 0.25, 0.5, 0.9):
        row = np.clip(3.0 + x - np.arange(8), 0.0, 1.0)
        share = np.tile(row, (5, 1))
        expected = (np.arange(8) + 0.5 - (3.0 + x)) * 100.0
        expected = np.where(np.abs(expected) > 400.0, np.copysign(np.inf, expected), expected)
        assert np.allclose(expected, measured(share)[2])


def test_cells_out_of_reach_are_decided() -> None:
    share = np.zeros((3, 20))
    share[:, :10] = 1.0
    distance = measured(share, reach_m=120.0)
    assert [-np.inf, -150.0, -50.0, 50.0, 150.0, np.inf] == distance[1, 7:13].tolist()


def test_a_circle_is_measured_closely() -> None:
    fine = (np.arange(60 * 16) + 0.5) / 16.0
    inside = np.hypot(*np.meshgrid(fine - 30.0, fine - 30.0)) < 18.3
    share = inside.reshape(60, 16, 60, 16).mean(axis=(1, 3))
    centre = np.arange(60) + 0.5 - 30.0
    true = (np.hypot(*np.meshgrid(centre, centre)) - 18.3) * 100.0
    distance = measured(share)
    near = np.isfinite(distance)
    assert np.array_equal(np.abs(true[~near]) > 300.0, np.ones(np.count_nonzero(~near), bool))
    assert np.abs(distance[near] - true[near]).mean() < 5.0
    assert np.abs(distance[near] - true[near]).max() < 20.0


def test_cells_are_as_long_and_wide_as_they_are() -> None:
    share = np.zeros((5, 5))
    share[:, :2] = 1.0
    distance = signed_distance_m(share, np.ones((5, 5), bool), CellSize(100.0, 64.0), 1000.0)
    assert pytest.approx([64.0 - 40.0, 128.0 - 40.0, 192.0 - 40.0]) == distance[2, 2:].tolist()


def test_coverage_that_ends_where_nothing_is_known_has_no_edge_there() -> None:
    share = np.zeros((5, 12))
    share[:, :6] = 1.0
    known = np.zeros((5, 12), bool)
    known[:, :6] = True
    assert np.isneginf(measured(share, known)[:, :6]).all()


def test_nothing_and_everything_covered_have_no_edge() -> None:
    assert np.isposinf(measured(np.zeros((4, 4)))).all()
    assert np.isneginf(measured(np.ones((4, 4)))).all()


@pytest.fixture
def small_tiles() -> Iterator[None]:
    """Let a window of a few dozen columns have several tiles and many blocks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_TILE", 16)
        patch.setattr(module, "_BLOCK", 4)
        yield


def measured_whole(share: np.ndarray, known: np.ndarray, size: CellSize, reach_m: float) -> np.ndarray:
    """Measure every cell of a window at once, near or not."""
    none, full = share <= 1 / 1024, share >= 1 - 1 / 1024
    distance = np.where(full, -np.inf, np.inf)
    distance[~none & ~full] = (0.5 - share[~none & ~full]) * size.width_m
    for cells, others, sign in (
        (none, ~none, 1.0),
        (none, share >= 0.5, 1.0),
        (full, ~full & known, -1.0),
        (full, (share < 0.5) & known, -1.0),
    ):
        if not others.any() or not cells.any():
            continue
        row, col = np.nonzero(cells)
        nearest = distance_transform_edt(~others, sampling=size, return_distances=False, return_indices=True)
        to_row, to_col = nearest[0][cells], nearest[1][cells]
        down, across = (to_row - row) * size.down, (to_col - col) * size.across
        metres = sign * np.sqrt(down * down + across * across) + (0.5 - share[to_row, to_col]) * size.width_m
        better = np.minimum if sign > 0 else np.maximum
        distance[cells] = better(distance[cells], metres)
    beyond = np.abs(distance) > reach_m + size.width_m / 2
    return np.where(beyond, np.copysign(np.inf, distance), distance).astype(np.float32)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(1, 20),
    cols=st.integers(1, 90),
    patchy=st.sampled_from([0.002, 0.02, 0.3]),
    across=st.sampled_from([100.0, 93.7]),
    reach_m=st.sampled_from([0.0, 90.0, 350.0, 1677.0, 1e7]),
)
@pytest.mark.usefixtures("small_tiles")
def test_tiles_give_what_the_whole_window_gives(
    seed: int, rows: int, cols: int, patchy: float, across: float, reach_m: float
) -> None:
    """To the last bit, also where many cells are equally near: their shares differ."""
    rng = np.random.default_rng(seed)
    share = np.where(rng.random((rows, cols)) < patchy, rng.integers(0, 5, (rows, cols)) / 4, 0.0)
    share[:, cols // 2 :] = np.where(share[:, cols // 2 :] > 0, share[:, cols // 2 :], rng.integers(0, 2))
    known = rng.random((rows, cols)) < 0.9
    size = CellSize(100.0, across)
    expected = measured_whole(share, known, size, reach_m)
    assert expected.tobytes() == signed_distance_m(share, known, size, reach_m).tobytes()
