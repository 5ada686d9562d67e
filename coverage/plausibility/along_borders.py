"""How much of an outline runs along the borders of communes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from ...data.geodesy.units import METRES_PER_DEGREE
from ...data.submissions.shapes import Edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SAMPLES = 4000  # points along the outline; a share of one half is known to one hundredth


def share_along_borders(
    shapes: NDArray[np.object_], communes: NDArray[np.object_], distance_m: float
) -> float:
    """Give the share of an outline that runs along commune borders.

    Parameters
    ----------
    shapes
        Polygons, EPSG:4326.
    communes
        Polygons of the communes, EPSG:4326.
    distance_m
        An outline this close to a border runs along it.

    Returns
    -------
    float
        0 to 1; 0 without an outline.
    """
    sampled = Edges.of(shapes).sample(_SAMPLES)
    if not len(sampled):
        return 0.0
    distance = distance_m / METRES_PER_DEGREE
    points = np.asarray(shapely.points(sampled), dtype=object)
    near = np.zeros(len(points), dtype=np.bool_)
    at, commune = shapely.STRtree(communes).query(shapely.buffer(points, distance, quad_segs=1))
    for one in np.unique(commune):
        border = shapely.boundary(communes[one])
        shapely.prepare(border)
        mine = at[commune == one]
        near[mine] |= shapely.dwithin(border, points[mine], distance)
    return float(near.mean())
