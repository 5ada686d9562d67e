"""Edges that move together, and the mean of what they cover."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from blackspot.coverage.certainty.shifts import EdgeShifts, expected_share

FIRST = [104.59815979003906, 9.330126762390137, 45.344364166259766]


def shifts(**changes: object) -> EdgeShifts:
    facts: dict[str, object] = {
        "names": ("Sao Mai 5g", "Hải Đăng 5g"),
        "common_sd_m": (500.0, 300.0),
        "local_sd_m": 250.0,
        "draws": 20_000,
        "seed": 57,
    }
    return EdgeShifts(**(facts | changes))  # type: ignore[arg-type]


def test_each_layer_has_its_standard_deviation() -> None:
    common = shifts().common_m()
    assert np.allclose([500.0, 300.0], common.std(axis=1), rtol=0.02)
    assert np.allclose(0.0, common.mean(axis=1), atol=15.0)
    assert pytest.approx(250.0, rel=0.02) == shifts().local_m(0, "00001").std()


def test_layers_and_communes_are_independent_of_each_other() -> None:
    common, drawn = shifts().common_m(), shifts()
    local = [drawn.local_m(0, "00001"), drawn.local_m(0, "00002"), drawn.local_m(1, "00001")]
    rows = np.stack([*common, *local])
    correlation = np.corrcoef(rows) - np.eye(len(rows))
    assert np.abs(correlation).max() < 0.03


def test_a_layer_moves_alike_whatever_other_layers_there_are() -> None:
    alone = shifts(names=("Hải Đăng 5g",), common_sd_m=(300.0,))
    assert np.array_equal(shifts().common_m()[1], alone.common_m()[0])
    assert np.array_equal(shifts().local_m(1, "00001"), alone.local_m(0, "00001"))


def test_the_seed_decides_and_nothing_else() -> None:
    assert np.array_equal(shifts().common_m(), shifts().common_m())
    assert not np.array_equal(shifts().common_m(), shifts(seed=58).common_m())


def test_the_first_draws_are_these() -> None:
    """PCG64 and the normal numbers of numpy are the same on every machine."""
    drawn = shifts(draws=3).common_m()[0]
    assert FIRST == drawn.tolist()


def test_without_scatter_nothing_moves() -> None:
    still = shifts(common_sd_m=(0.0, 0.0), local_sd_m=0.0)
    assert not still.common_m().any()
    assert not still.local_m(0, "00001").any()


def test_a_narrow_cell_is_covered_with_the_probability_of_the_normal_distribution() -> None:
    distance = np.array([-900.0, -200.0, 0.0, 150.0, 1200.0])
    assert np.allclose(ndtr(-distance / 500.0), expected_share(distance, np.full(5, 0.01), 500.0), atol=1e-6)


def test_a_wide_cell_is_covered_as_an_integral_says() -> None:
    shift = np.linspace(-8 * 300.0, 8 * 300.0, 200_001)
    density = np.exp(-0.5 * (shift / 300.0) ** 2)
    for distance in (-700.0, 100.0, 450.0):
        covered = np.clip(0.5 + (shift - distance) / 900.0, 0.0, 1.0)
        mean = float((covered * density).sum() / density.sum())
        assert pytest.approx(mean, abs=1e-6) == float(
            expected_share(np.array([distance]), np.array([900.0]), 300.0)[0]
        )
