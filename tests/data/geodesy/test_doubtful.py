"""Ground that an outline leaves in doubt."""

from __future__ import annotations

import numpy as np
import shapely

from blackspot.data.geodesy.doubtful import doubtful_ground


def test_doubtful_ground_is_what_an_outline_runs_around_twice() -> None:
    """Two squares in one ring overlap by 2 times 2; a bow tie leaves no doubt, and a hole is no doubt."""
    twice = shapely.Polygon(
        [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (-1, -1), (2, -1), (2, 2), (-1, 2), (-1, -1)]
    )
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    holed = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (3, 3), (3, 1), (1, 3)]])
    assert [4.0] == shapely.area(doubtful_ground(np.array([twice, bow, holed], dtype=object))).tolist()
