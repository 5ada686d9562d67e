"""Sums in quanta, which are whole numbers."""

from __future__ import annotations

import numpy as np
import pytest

from blackspot.coverage.overlay.join import quanta_per_person, whole_quanta


@pytest.mark.parametrize("total", [0.0, 1e-300, 1e-9, 1.0, 3.3e6, 1e12])
def test_sums_in_quanta_are_exact(total: float) -> None:
    """All sub-lines together stay below 2^53 quanta, and a quantum is a tiny share of all people."""
    people = np.full((10, 10), total / 100)
    per_person = quanta_per_person(people, 40)
    quanta = whole_quanta(people, per_person)
    assert 40 * quanta.sum() < 2.0**53
    np.testing.assert_allclose(people, quanta / per_person, rtol=1e-10, atol=1e-30)
