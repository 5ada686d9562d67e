"""Where a verdict turns: everything covered, and the box of a country."""

from __future__ import annotations

import numpy as np
import pytest

from blackspot.coverage.plausibility.verdicts import Cover, main_box


def test_all_land_is_not_everything() -> None:
    """A country that fills a quarter of its box may be covered whole, and some ground beyond; its box may not."""
    box_4326 = (102.0, 8.0, 110.0, 23.0)
    all_km2 = 8 * 15 * 111.32 * 110.7 * float(np.cos(np.radians(15.6)))
    land_km2 = 0.25 * all_km2
    land = Cover(1.4 * land_km2, 1.3 * land_km2, land_km2, land_km2)
    # A tenth of the sea and the neighbours in the box; 0.35 of it in one that is 1.9 times as wide.
    assert 0.35 / 1.9 == pytest.approx(land.share_of_everything(box_4326), abs=0.01)
    box_ = Cover(all_km2, all_km2, land_km2, land_km2)
    assert 1.0 == pytest.approx(box_.share_of_everything(box_4326), abs=0.02)


def test_a_few_far_islands_do_not_widen_the_box() -> None:
    """One commune in two hundred may reach out on each side; of few communes none may."""
    near = np.tile([105.0, 20.0, 106.0, 21.0], (399, 1))
    far = np.array([[112.0, 7.0, 118.0, 8.0]])
    assert (105.0, 20.0, 106.0, 21.0) == main_box(np.vstack([near, far]))
    assert (105.0, 7.0, 118.0, 21.0) == main_box(np.vstack([near[:9], far]))
